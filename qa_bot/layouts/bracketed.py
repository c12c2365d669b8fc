"""`[李克强]:……[10:37]`, `【主持人】……`: live blogs put the speaker's name into brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import COLONS, Label, Sign
from qa_bot.page import Page
from qa_bot.records import Span

_LABEL: Final = re.compile(
    rf"[\[［【〔〖](?P<name>[^\[\]［］【】〔〕〖〗\n]{{1,40}})[\]］】〕〗]\s*[{COLONS}]?\s*"
)
_BEHIND: Final = re.compile(r"[。！？!?…”」）)\s摄]$")
#: [笑声], 【图片】: what happens in the room, or what the page shows.
_NOTE: Final = re.compile(
    r".*(?:笑|掌声|掌聲|鼓掌|图|圖|照片|视频|視頻|音频|音|字体|字號|字号|打印|关闭|關閉|收藏|纠错|下载|沉默|摄|攝|更多|详细|原标题|摘要|导读|编辑|責編|责编|laughter|applause|crosstalk|inaudible|sic|video|photo).*|[\d\s:：./年月日-]+|.*[。！？，]",
    re.IGNORECASE,
)


#: In a line that holds so many, labels stand behind sentences too.
_ENOUGH: Final = 3


def find(page: Page) -> Iterator[Label]:
    """Yield the names in brackets at the beginnings of lines, and in lines that hold many of them."""
    for line in page.lines:
        words = page.words(line)
        found = [match for match in _LABEL.finditer(words) if not _NOTE.fullmatch(match["name"])]
        running = [
            match for match in found if match.start() == 0 or _BEHIND.search(words[: match.start()])
        ]
        for match in running if len(running) >= _ENOUGH else found:
            if match.start() == 0 or len(running) >= _ENOUGH:
                start = line.core.start + match.start() if match.start() else line.span.start
                span = Span(start, line.core.start + match.end())
                yield Label(span, match["name"], "bracketed", Sign.MARKED)
