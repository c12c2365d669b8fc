"""`Q. When?` and `The President. Every morning.`: a full stop stands for the colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import Label, Sign
from qa_bot.naming import named
from qa_bot.page import Page
from qa_bot.records import Span

_LABEL: Final = re.compile(
    r"(?P<name>(?:The )?[A-Z][\w'’-]{0,24}(?: [A-Z][\w'’-]{0,24}){0,3})\.\s+(?=\S)"
)
_ENOUGH: Final = 2


def find(page: Page) -> Iterator[Label]:
    """Yield titles and names before a full stop, where several questions are marked so."""
    said = [page.words(line) for line in page.lines]
    if sum(words.startswith("Q. ") for words in said) < _ENOUGH:
        return
    for line, words in zip(page.lines, said, strict=True):
        match = _LABEL.match(words)
        if match and (match["name"] == "Q" or named(match["name"])):
            span = Span(line.span.start, line.core.start + match.end())
            yield Label(span, match["name"], "period", Sign.MARKED)
