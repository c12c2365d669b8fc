"""Understand a transcript's text, and give it back: `parse_transcript` and its inverse `render`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import Final

from qa_bot.dates import find_date
from qa_bot.errors import TranscriptError
from qa_bot.labels import COLONS, begins_like_a_label, label_of, may_be_somebody, speakers_of
from qa_bot.records import Exchange, HeaderField, Remark, Role, Span, Speaker, Transcript, Turn
from qa_bot.text import line_spans, line_starts

_HEADER: Final = re.compile(r"(?P<key>[A-Za-z_]+):\s*(?P<value>.*)")
#: The keys of a header; any other `word:` at the top is speech or narration.
_HEADER_KEYS: Final = frozenset({"title", "url", "author", "date", "source", "content"})
#: A line wholly in brackets, such as （完） or （新华社记者 摄）, is the editor's and nobody's words.
_NOTE: Final = re.compile(r"（[^（）]*）|\([^()]*\)|【[^【】]*】|\[[^\[\]]*\]")
_EXCERPT_CHARS: Final = 30


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of one speaker below a label, or of narration (no speaker).

    The label is empty where a speaker goes on after a note in between.
    """

    speaker: Speaker | None
    label: Span
    lines: list[Span]


def parse_transcript(text: str, id: str = "transcript") -> Transcript:
    """Understand the text of one published event.

    The text is kept as it is. Lines above the first label are narration; a line that looks like a
    label and names nobody stays with the words around it and is reported in `remarks`.
    Raises `TranscriptError` when the text holds nothing but blanks.
    """
    lines = list(line_spans(text))
    if not lines:
        raise TranscriptError("the transcript is empty: it holds nothing but blanks")
    header = tuple(_header(text, lines))
    body = lines[len(header) :]
    labels = {line: label for line in body if (label := label_of(line.of(text)))}
    speakers = speakers_of(tuple(labels.values()))
    blocks = list(_blocks(text, body, labels, speakers))
    turns = _settled(tuple(_turns(blocks)))
    narration = tuple(sorted(line for block in blocks if not block.speaker for line in block.lines))
    exchanges, statements = pair(turns)
    stated = next((entry.value for entry in header if entry.key == "date"), None)
    before = (line.of(text) for line in narration if not turns or line.end <= turns[0].label.start)
    return Transcript(
        id=id,
        text=text,
        header=header,
        narration=narration,
        turns=turns,
        exchanges=exchanges,
        statements=statements,
        date=find_date(stated, before),
        remarks=tuple(_remarks(text, narration, labels, speakers, turns)),
    )


def render(transcript: Transcript) -> str:
    """Put header, narration and turns back together: `render(parse_transcript(text)) == text`.

    Only blanks may stand between them; raises `TranscriptError` when anything else would be lost.
    """
    text = transcript.text
    pieces = sorted(
        [
            *(entry.span for entry in transcript.header),
            *transcript.narration,
            *(turn.label for turn in transcript.turns),
            *(turn.words for turn in transcript.turns),
        ]
    )
    rendered, position = [], 0
    for piece in [*pieces, Span(len(text), len(text))]:
        gap = text[position : piece.start]
        if piece.start < position or gap.strip():
            where = bisect_right(line_starts(text), min(position, piece.start))
            raise TranscriptError(f"line {where}: {gap.strip()[:_EXCERPT_CHARS]!r} belongs to no turn")
        rendered += [gap, piece.of(text)]
        position = piece.end
    return "".join(rendered)


def pair(turns: tuple[Turn, ...]) -> tuple[tuple[Exchange, ...], tuple[Turn, ...]]:
    """Pair each question with the answers up to the next question.

    Returns the exchanges, and the official's statements that answer nobody. A journalist who is
    not answered makes no exchange. The moderator's turns belong to neither, and once a question
    is answered they end its exchange.
    """
    exchanges: list[Exchange] = []
    statements: list[Turn] = []
    question: Turn | None = None
    answered = False
    for turn in turns:
        if turn.role is Role.JOURNALIST:
            question, answered = turn, False
        elif turn.role is Role.MODERATOR and answered:
            question, answered = None, False
        elif turn.role is Role.OFFICIAL and question is None:
            statements.append(turn)
        elif turn.role is Role.OFFICIAL and question is not None:
            before = exchanges.pop() if answered else Exchange(len(exchanges) + 1, question, ())
            exchanges.append(replace(before, answers=(*before.answers, turn)))
            answered = True
    return tuple(exchanges), tuple(statements)


def _header(text: str, lines: Iterable[Span]) -> Iterator[HeaderField]:
    """Yield the `key: value` lines at the top, `content:` being the last of them."""
    for line in lines:
        match = _HEADER.fullmatch(line.of(text))
        if not match or match["key"].lower() not in _HEADER_KEYS:
            return
        yield HeaderField(match["key"].lower(), match["value"].strip(), line)
        if match["key"].lower() == "content":
            return


def _blocks(
    text: str, body: Sequence[Span], labels: Mapping[Span, str], speakers: Mapping[str, Speaker]
) -> Iterator[_Block]:
    start = Span(0, 0)
    block = _Block(None, start, [])
    for line, following in zip_longest(body, body[1:]):
        words = line.of(text)
        if speaker := speakers.get(labels.get(line, "")):
            yield block
            block = _Block(speaker, line, [])
        elif _is_stray_label(words, speakers):
            yield block
            block = _Block(None, start, [line])
        elif _NOTE.fullmatch(words) and _may_split(
            block, following is None or labels.get(following) in speakers
        ):
            yield _Block(None, start, [line])
            if block.lines:
                yield block
                block = _Block(block.speaker, Span(line.end, line.end), [])
        else:
            block.lines.append(line)
    yield block


def _may_split(block: _Block, is_last: bool) -> bool:
    """Tell whether a note may part the words of a block: it may, but not a question in two."""
    asking = block.speaker is not None and block.speaker.role is Role.JOURNALIST
    return is_last or not (asking and block.lines)


def _is_stray_label(line: str, speakers: Mapping[str, Speaker]) -> bool:
    """Tell whether somebody unread begins to speak here, by a label of its own or within a line."""
    label = label_of(line)
    if label is not None:
        return label not in speakers and may_be_somebody(label)
    before, *after = re.split(f"[{COLONS}]", line, maxsplit=1)
    known = (before.strip() == speaker.name for speaker in speakers.values())
    return begins_like_a_label(line) or (bool(after) and any(known))


def _turns(blocks: Iterable[_Block]) -> Iterator[Turn]:
    for block in blocks:
        if block.speaker and (block.lines or len(block.label)):
            end = block.label.end
            words = Span(block.lines[0].start, block.lines[-1].end) if block.lines else Span(end, end)
            yield Turn(block.speaker, block.label, words)


def _settled(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Call an official whoever, of unknown office, speaks right after a question."""
    answering = {
        after.speaker
        for before, after in pairwise(turns)
        if before.role is Role.JOURNALIST and after.role is Role.UNKNOWN
    }
    return tuple(
        replace(turn, speaker=replace(turn.speaker, role=Role.OFFICIAL))
        if turn.speaker in answering
        else turn
        for turn in turns
    )


def _remarks(
    text: str,
    narration: Sequence[Span],
    labels: Mapping[Span, str],
    speakers: Mapping[str, Speaker],
    turns: Sequence[Turn],
) -> Iterator[Remark]:
    nobody = "looks like a label but names nobody known; kept with the words around it"
    stray = "a label that is not read yet; kept as narration with what follows it"
    strays = {line for line in narration if _is_stray_label(line.of(text), speakers)}
    found = [(line, stray) for line in strays]
    found += [
        (line, nobody) for line, label in labels.items() if label not in speakers and line not in strays
    ]
    found += [(turn.label, "a label with no words below it") for turn in turns if not len(turn.words)]
    unknown = "nobody says what this speaker is; not cited"
    found += [(turn.label, unknown) for turn in turns if turn.role is Role.UNKNOWN]
    starts = line_starts(text)
    for line, message in sorted(found):
        excerpt = line.of(text)[:_EXCERPT_CHARS]
        yield Remark(bisect_right(starts, line.start), excerpt, message)
    if not turns:
        yield Remark(1, text.strip()[:_EXCERPT_CHARS], "no speaker's label was recognised")
