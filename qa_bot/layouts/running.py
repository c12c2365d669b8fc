"""`总台央视记者：……毛宁：……法新社记者：……`: a whole session on one line, labels between sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import COLON, NAME, Label, Sign
from qa_bot.page import Line, Page
from qa_bot.records import Span
from qa_bot.text import inside_quotation

#: A label may stand behind the end of a sentence, or behind the title that opens the line.
_LABEL: Final = re.compile(rf"(?<=[。！？!?…；”」』）)\s.])(?P<name>{NAME}){COLON}")
_BEHIND: Final = re.compile(r"[。！？!?…”」』）)]\s*$|[.]\s+$|[\u4e00-\u9fff)\d][.]$|\s$")


def find(page: Page) -> Iterator[Label]:
    """Yield names before colons in the middle of lines, outside quotations."""
    for line in page.lines:
        yield from _find_in(page, line)


def _find_in(page: Page, line: Line) -> Iterator[Label]:
    words = page.words(line)
    matches = list(_matches(words))
    quoted = inside_quotation(words) if matches else []
    for match in matches:
        start = match.start() + _last_sentence(match["name"])
        if start and not quoted[start - 1]:
            name = words[start : match.end("name")].strip()
            span = Span(line.core.start + start, line.core.start + match.end())
            yield Label(span, name, "running", Sign.WITHIN)


def _last_sentence(name: str) -> int:
    """Return where the last sentence begins in what stands before a colon, half-width stops counted."""
    ends = [match.end() for match in re.finditer(r"[\u4e00-\u9fff)\"”]\.\s*", name)]
    return ends[-1] if ends else 0


def _matches(words: str) -> Iterator[re.Match[str]]:
    """Yield the matches, each as short as the sentence ends before it allow."""
    position = 0
    while match := _LABEL.search(words, position):
        if _BEHIND.search(words[: match.start()][-4:]):
            yield match
        position = match.end() if match.end() > position else position + 1
