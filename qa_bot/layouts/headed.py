"""`### 唐鳳：`: the speaker's name is a heading, and the words stand below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import COLONS, Label, Sign
from qa_bot.naming import named
from qa_bot.page import Page
from qa_bot.records import Span

_LABEL: Final = re.compile(rf"(?P<name>[^。！？，；!?{COLONS}]{{1,40}})\s*(?P<colon>[{COLONS}])?")


def find(page: Page) -> Iterator[Label]:
    """Yield headings that end in a colon, and the others where their words recur as a heading."""
    headings = [(line, _LABEL.fullmatch(page.words(line))) for line in page.lines if line.heading]
    names = [match["name"].strip() for _, match in headings if match]
    for line, match in headings:
        name = match["name"].strip() if match else ""
        if match and (match["colon"] or names.count(name) > 1 or named(name)):
            span = Span(line.span.start, line.span.end)
            yield Label(span, name, "headed", Sign.MARKED)
