"""Leave out of a question whom it is put to: 王毅怎么看萨德 asks about 萨德.

Where one official gives every answer, that name and office tell passages apart no more than 请问 does,
and only draw a dense query towards every mention of diplomacy or ministers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from qa_bot.records import Speaker

#: Offices that are spoken of by a short form as well: the long form's end, and the short form.
_SHORT_TITLES: Final = {
    "外交部部长": ("外交部长", "外长"),
    "国务院总理": ("总理",),
    "发言人": ("发言人",),
}
_TITLE: Final = re.compile(r"(?:副?(?:部长|总理|主席|主任|局长|司长|发言人|委员长|国务委员))$")


def addresses(speaker: Speaker) -> tuple[str, ...]:
    """Return the ways in which a question may name an official, longest first.

    >>> from qa_bot.records import Role
    >>> addresses(Speaker(Role.OFFICIAL, name="王毅", office="外交部部长"))
    ('外交部部长王毅', '外交部部长', '外交部长', '王外长', '王部长', '外长', '王毅', '部长')
    """
    name, office = speaker.name or "", speaker.office or ""
    titles = {
        short for end, shorts in _SHORT_TITLES.items() if office.endswith(end) for short in shorts
    }
    titles |= {match[0] for match in [_TITLE.search(office)] if match}
    by_surname = {name[0] + title for title in titles if name and len(title) == 2}
    named = {office + name, office, name} | titles | by_surname
    return tuple(sorted((way for way in named if len(way) > 1), key=lambda way: (-len(way), way)))


def without_addressee(question: str, officials: Collection[Speaker]) -> str:
    """Return a question without the name and office of the one official who gives all answers.

    An office right behind another character stays, for it is somebody else's (日本外长, G20外长会). A
    question that would have no letter left, or to a collection with several officials, is left
    as it is.
    """
    if len({official.name for official in officials}) != 1:
        return question
    names = {official.name for official in officials if official.name}
    ways = sorted({way for official in officials for way in addresses(official)}, key=len, reverse=True)
    if not ways:
        return question
    free = "|".join(re.escape(way) for way in ways if any(name in way for name in names))
    bound = "|".join(re.escape(way) for way in ways)
    pattern = rf"(?:{free})|(?<!\w)(?:{bound})|(?<=请问)(?:{bound})|(?<=中国)(?:{bound})"
    rest = re.sub(pattern, " ", question) if free else question
    return rest if any(character.isalnum() for character in rest) else question
