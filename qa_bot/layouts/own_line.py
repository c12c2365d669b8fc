"""`外交部部长王毅：` on a line of its own, the words on the lines below; a colon may lack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.layouts.label import COLON, NAME, Label, Sign
from qa_bot.naming import is_person, named, seen
from qa_bot.page import Line, Page
from qa_bot.records import Role

_LABEL: Final = re.compile(rf"(?P<name>{NAME}){COLON}")
_NO_COLON: Final = re.compile(r"[^。！？，；!?：:|]{1,40}")
#: So many lines must name a journalist before a line without a colon is a label.
_ENOUGH: Final = 2


def find(page: Page) -> Iterator[Label]:
    """Yield lines that are a name and a colon.

    Where several lines name a journalist and have no colon, other names need none either; likewise
    where several names stand before the time at which they spoke.
    """
    bare = frozenset(line for line in page.lines if _NO_COLON.fullmatch(page.words(line)))
    journalists = [line for line in bare if _is_journalist(page.words(line))]
    timed = frozenset(line for line in bare if line.stamped)
    for line in page.lines:
        words = page.words(line)
        match = _LABEL.fullmatch(words)
        if match:
            yield Label(line.span, match["name"].strip(), "own-line", Sign.ALONE)
        elif line in timed and len(timed) > _ENOUGH:
            yield Label(line.span, words, "own-line", Sign.MARKED)
        elif len(journalists) >= _ENOUGH and line in bare and _is_somebody(line, words):
            yield Label(line.span, words, "own-line", Sign.ALONE)


def _is_journalist(words: str) -> bool:
    speaker = named(words) if len(words) <= 24 else None
    return (
        speaker is not None and speaker.role is Role.JOURNALIST and bool(re.search("记者|記者", words))
    )


def _is_somebody(line: Line, words: str) -> bool:
    return not line.heading and (named(words) is not None or is_person(seen(words)))
