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
_PLAIN: Final = rf"[^。！？；，;!?…“”\"「」『』{COLONS}\n]"
#: 网友“阳光”: a name within the name.
_QUOTED: Final = r"“[^“”\n]{1,12}”|「[^「」\n]{1,12}」|\"[^\"\n]{1,12}\""
#: A name in front of a colon: no sentence ends in it, and no more is quoted in it than a name.
NAME: Final = rf"(?![\s（(\[）)，,]){_PLAIN}(?:{_PLAIN}|{_QUOTED}){{0,{MAX_NAME_CHARS - 1}}}?"
#: What ends a label: bold marks and blanks around a colon that is no part of 10:37 or of http://.
COLON: Final = rf"[\s*]{{0,8}}[{COLONS}](?!//)\s{{0,8}}(?:\*\*(?!\*))?"
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

    `span` holds the name with all its marks, and may be empty where the typography alone tells; `name`
    is then 问 or 答, as if that stood there.
    """

    span: Span
    name: str
    layout: str
    sign: Sign
