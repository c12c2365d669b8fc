"""What a layout reports: a place where somebody may be named as the speaker of what follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from qa_bot.records import Span

#: The colon and the characters that look like it.
COLONS: Final = ":：︰﹕∶"
MAX_NAME_CHARS: Final = 40
#: A name in front of a colon: no sentence ends in it and nothing is quoted in it.
NAME: Final = rf"[^\s（(\[）)。！？；，,;!?…“”\"「」『』{COLONS}][^。！？；，;!?…“”\"「」『』{COLONS}\n]{{0,{MAX_NAME_CHARS - 1}}}?"
#: What ends a label: bold marks and blanks around a colon that is no part of 10:37 or of http://.
COLON: Final = rf"\s*\**\s*[{COLONS}](?!//)\s*(?:\*\*(?!\*))?"
LEADING: Final = re.compile(rf"(?P<name>{NAME}){COLON}")


class Sign(Enum):
    """How much the signs of the layout prove by themselves that somebody is named."""

    MARKED = "marked"  #: brackets or a heading, which nothing but a label is given here
    ALONE = "alone"  #: a line of its own
    LEADING = "leading"  #: the beginning of a line
    WITHIN = "within"  #: the middle of a line
    IMPLIED = "implied"  #: no name at all: the typography or the order tells


@dataclass(frozen=True, slots=True)
class Label:
    """A place where somebody may be named; the words follow it.

    `span` holds the name with all its marks. `name` is what it says, empty where nothing is said;
    `role` then tells which label is meant: 问 or 答.
    """

    span: Span
    name: str
    layout: str
    sign: Sign
