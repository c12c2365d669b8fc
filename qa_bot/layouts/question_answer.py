"""`问：……` and `答：……`, `Q:` and `A:`: what is done is said, and nobody is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import COLON, NAME, Label, Sign
from qa_bot.naming import seen
from qa_bot.page import Line, Page
from qa_bot.records import Span
from qa_bot.vocabulary import answers, asks

_NUMERAL: Final = (
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)])\s*"
)
_WITH_COLON: Final = re.compile(rf"(?:{_NUMERAL})?(?P<name>{NAME}){COLON}")
_IN_BRACKETS: Final = re.compile(r"[（(\[【](?P<name>[^（）()\[\]【】]{1,6})[）)\]】]\s*")
#: `Q    Thank you.`: a wide blank stands for the colon.
_WITH_BLANK: Final = re.compile(
    r"(?P<name>Q|A|Ｑ|Ａ|问|答|問|记者问|記者問)(?:\.|\s?　|\t|[ \u00a0]{2,})\s*"
)
#: `Q Thank you, sir.`: pages often leave one blank of it; a sentence begins behind it.
_Q_ALONE: Final = re.compile(r"(?P<name>Q) (?=[A-Z“\"(\[][^:]{8})")
#: `（《华尔街日报》）问：……`
_OUTLET_ASKS: Final = re.compile(rf"[（(](?P<name>[^（）()]{{2,16}})[）)]\s*[问問]{COLON}")
_NUMBERED: Final = re.compile(r"(?P<name>[QA]\d{1,2})\s*[.．、 　]\s*")
#: 问 alone on its line, the words below it.
_ALONE: Final = re.compile(r"(?P<name>[^\s。！？，：:]{1,4}|Question|Answer)")
#: A and B in front of two paragraphs are two options, and no answer.
_OPTION: Final = re.compile(r"[BＢ]\s*[:：.、]")
_ENOUGH: Final = 2


def find(page: Page) -> Iterator[Label]:
    """Yield the labels that ask or answer at the beginnings of lines."""
    said = [page.words(line) for line in page.lines]
    blank = sum(bool(_WITH_BLANK.match(words)) for words in said) >= _ENOUGH
    bare = [seen(words) for words in said if _ALONE.fullmatch(words)]
    alone = any(map(asks, bare)) and any(map(answers, bare))
    for line, words, following in zip(page.lines, said, [*said[1:], ""], strict=True):
        match = _WITH_COLON.match(words) or _IN_BRACKETS.match(words) or _NUMBERED.match(words)
        match = match or _Q_ALONE.match(words)
        if match is None and blank:
            match = _WITH_BLANK.match(words)
        if match is None and alone:
            match = _ALONE.fullmatch(words)
        option = match and seen(match["name"]) == "A" and _OPTION.match(following)
        if outlet := _OUTLET_ASKS.match(words):
            yield _label(line, outlet, f"{outlet['name']}记者")
        elif match and not option and _asks_or_answers(match["name"].strip()):
            yield _label(line, match, match["name"].strip())


def _asks_or_answers(name: str) -> bool:
    """Tell whether a label asks or answers, outlets in brackets behind it left out: Q2（财新）."""
    plain = re.sub(r"[（(].*", "", seen(name)).strip()
    return asks(plain) or answers(plain)


def _label(line: Line, match: re.Match[str], name: str) -> Label:
    span = Span(line.span.start, line.core.start + match.end())
    return Label(span, name, "question-answer", Sign.LEADING)
