"""Lines, paragraphs and sentences of a text as spans, so that nothing loses its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from qa_bot.records import Span

#: What ends a line, in Unicode too.
_ENDS: Final = "\r\n\x0b\x0c\x85\u2028\u2029"
_LINE: Final = re.compile(f"[^{_ENDS}]+")
_OPENING: Final = dict(zip("“‘「『《〈（(", "”’」』》〉）)", strict=True))
_CLOSING: Final = frozenset(_OPENING.values())
_ENDING: Final = frozenset("。！？!?…；;")
_CLAUSE_END: Final = re.compile(r"[，；：]|[,;:](?=\s)|——|—(?!—)|--")


def trimmed(text: str, span: Span) -> Span:
    """Return `span` without the blanks at its ends; an empty span at its start if all is blank."""
    piece = span.of(text)
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip())) if piece.strip() else Span(span.start, span.start)


def line_spans(text: str, within: Span | None = None) -> Iterator[Span]:
    r"""Yield the lines that are not blank, trimmed, in order; `\n`, `\r`, and Unicode's others end one."""
    bounds = Span(0, len(text)) if within is None else within
    for match in _LINE.finditer(text, bounds.start, bounds.end):
        line = trimmed(text, Span(*match.span()))
        if len(line):
            yield line


def shortened(text: str, most: int) -> str:
    """Return `text` on one line, cut to `most` characters with … at the end when it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def line_starts(text: str) -> list[int]:
    """Return where each line begins, so that `bisect_right(starts, position)` is its number from 1."""
    return [0, *(match.end() for match in re.finditer(f"\r\n|[{_ENDS}]", text))]


def sentence_spans(text: str, paragraph: Span) -> list[Span]:
    """Cut a paragraph into sentences that partition it, blanks going to the sentence before.

    A sentence ends behind 。！？… or ； and the quotation marks that close on it, or behind a
    Latin full stop and a blank; never inside 《》“”「」 or brackets. A mark that is never
    closed is ignored.
    """
    ends = [0, *_sentence_ends(paragraph.of(text))]
    return [Span(paragraph.start + start, paragraph.start + end) for start, end in pairwise(ends)]


def clause_spans(text: str, sentence: Span) -> list[Span]:
    """Cut a sentence into clauses that partition it, blanks and marks going to the clause before.

    A clause ends behind ，；： or a dash, or behind a Latin comma, semicolon or colon and a blank;
    never inside 《》“”「」 or brackets.
    """
    piece = sentence.of(text)
    inside = inside_quotation(piece)
    cuts = [
        match.end() + len(piece[match.end() :]) - len(piece[match.end() :].lstrip())
        for match in _CLAUSE_END.finditer(piece)
        if not inside[match.start()]
    ]
    ends = sorted({0, *cuts, len(piece)})
    return [Span(sentence.start + start, sentence.start + end) for start, end in pairwise(ends)]


def _sentence_ends(piece: str) -> list[int]:
    inside = inside_quotation(piece)
    ends: list[int] = []
    for position in range(len(piece)):
        if inside[position] or position + 1 == len(piece) or not _ends_here(piece, position):
            continue
        following = piece[position + 1]
        if following in _ENDING or following in _CLOSING or following.isspace():
            continue
        ends.append(position + 1)
    return [*ends, len(piece)] if piece else []


def _ends_here(piece: str, position: int) -> bool:
    """Tell whether a sentence ends with this character, marks and blanks behind it included."""
    behind = position
    while behind >= 0 and (piece[behind] in _CLOSING or piece[behind].isspace()):
        behind -= 1
    if behind < 0:
        return False
    latin_stop = piece[behind] == "." and piece[position].isspace()
    return piece[behind] in _ENDING or latin_stop


def inside_quotation(piece: str) -> list[bool]:
    """Tell of each character whether it stands in a quotation or in brackets, the opening mark included.

    A mark that is never closed opens nothing.
    """
    inside = [False] * len(piece)
    open_marks: list[tuple[str, int]] = []
    for position, character in enumerate(piece):
        if character in _OPENING:
            open_marks.append((_OPENING[character], position))
        elif any(mark == character for mark, _ in open_marks):
            while open_marks[-1][0] != character:
                open_marks.pop()
            start = open_marks.pop()[1]
            inside[start:position] = [True] * (position - start)
    return inside


def is_latin(words: str) -> bool:
    """Tell whether a text is rather in Latin letters than in Chinese characters.

    >>> is_latin("What is your comment on 一带一路?"), is_latin("中方对GDP有何评论？")
    (True, False)
    """
    latin = sum(character.isascii() and character.isalpha() for character in words)
    return latin > 3 * sum("\u3400" <= character <= "\u9fff" for character in words)


def width(words: str) -> float:
    """Return how wide a text is: a Chinese character counts 1, any other half of that.

    >>> width("中国 and")
    4.0
    """
    return sum(1.0 if "\u3400" <= character <= "\u9fff" else 0.5 for character in words)
