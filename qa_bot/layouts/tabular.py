"""`| 15:02 | 丁一诺 | 谢谢。… |`: a live blog as a table, a row for each time somebody speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import Label, Sign
from qa_bot.page import Page
from qa_bot.records import Span

_ROW: Final = re.compile(
    r"\|(?:[\d\s:：.-]*\|)?\s*(?P<name>[^|\n]{0,40}?)\s*\|\s*(?=[^|\s][^|]{3,}\|?$)"
)
_HEAD: Final = re.compile(
    r"\|.*(?:发言|發言|人物|姓名|Speaker).*\|.*(?:内容|內容|文字|实录|Text).*", re.IGNORECASE
)
#: No head of a table is longer; longer rows would take their time.
_MAX_HEAD_CHARS: Final = 100
_DITTO: Final = frozenset('〃″"”同')


def find(page: Page) -> Iterator[Label]:
    """Yield the cell of the speaker in each row below a head that says there is one."""
    begun, before = False, ""
    for line in page.lines:
        words = line.span.of(page.text)
        match = _ROW.match(words)
        if len(words) <= _MAX_HEAD_CHARS and _HEAD.fullmatch(words):
            begun = True
        elif begun and match:
            before = before if match["name"] in _DITTO else match["name"]
            yield Label(
                Span(line.span.start, line.span.start + match.end()),
                before or "现场",
                "tabular",
                Sign.MARKED,
            )
