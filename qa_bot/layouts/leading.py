"""`毛宁：中方注意到……`: the name stands at the beginning of the paragraph that it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import LEADING, Label, Sign
from qa_bot.page import Page
from qa_bot.records import Span

_LETTERS: Final = frozenset("ABQＡＢＱ")


def find(page: Page) -> Iterator[Label]:
    """Yield what stands before the first colon of a line, with words behind it."""
    for line in page.lines:
        match = LEADING.match(page.words(line))
        # Q and A are the question-answer layout's, which tells them from options.
        if match and match.end() < len(line.core) and match["name"] not in _LETTERS:
            span = Span(line.span.start, line.core.start + match.end())
            yield Label(span, match["name"].strip(), "leading", Sign.LEADING)
