"""Questions in bold or as headings, answers in plain type, and no label anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import COLONS, Label, Sign
from qa_bot.page import Line, Page
from qa_bot.records import Span

_QUESTION: Final = re.compile(r".{6,}[？?][”」』]?(?:谢谢[。！]?)?$|.*[？?].*[。？?！]$", re.DOTALL)
_ENOUGH: Final = 2
_ANSWERED: Final = re.compile(rf"答\s*[{COLONS}]")
_ASKED: Final = re.compile(rf"(?:记者|記者)?[问問]\s*[{COLONS}]")
QUESTION: Final = "问"
ANSWER: Final = "答"


def find(page: Page) -> Iterator[Label]:
    """Yield an empty label where a question begins that nothing but its place or type shows.

    Either several paragraphs are set off and end in a question mark, and plain type answers; or
    what stands right before each 答： asks, and nothing else does.
    """
    said = [page.words(line) for line in page.lines]
    if (
        sum(
            line.set_off and bool(_QUESTION.match(words))
            for line, words in zip(page.lines, said, strict=True)
        )
        >= _ENOUGH
    ):
        yield from _by_type(page)
    elif sum(map(bool, map(_ANSWERED.match, said))) >= _ENOUGH and not any(map(_ASKED.match, said)):
        for line, words, after in zip(page.lines, said, said[1:], strict=False):
            if _ANSWERED.match(after) and re.search("[？?]", words):
                yield _implied(line, QUESTION)


def _by_type(page: Page) -> Iterator[Label]:
    """Yield a label wherever the type turns to a question, and where it turns back."""
    before: str | None = None
    for line in page.lines:
        asks = line.set_off and bool(_QUESTION.match(page.words(line)))
        kind = QUESTION if asks else ANSWER
        if not len(line.core) or (before is None and not asks):
            continue
        if kind != before and not (line.set_off and not asks):
            yield _implied(line, kind)
            before = kind


def _implied(line: Line, kind: str) -> Label:
    start = line.core.start
    return Label(Span(line.span.start, start), kind, "set-off", Sign.IMPLIED)
