"""Read off a label who speaks: a journalist by outlet, the moderator, an official by office and name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import Final

from qa_bot.records import Role, Speaker
from qa_bot.vocabulary import (
    COMPOUND_SURNAMES,
    FOREIGN,
    MODERATOR,
    NOT_NAMES,
    OFFICE,
    RANK,
    REPORTER,
    SURNAMES,
    TELLING,
    TIBETAN,
    VERB,
    answers,
    asks,
    is_outlet,
    moderates,
)

#: Marks that no reader sees and that come along when text is copied from a page.
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
_GIVEN: Final = rf"[{_HAN}]{{2,6}}|[{_HAN}]{{1,12}}(?:[·•‧・][{_HAN}]{{1,12}})+|[A-Z][A-Za-z'’. -]+"
_JOURNALIST: Final = re.compile(
    rf"(?P<outlet>.*?)\s*(?:特派|驻[^记記]{{1,6}})?(?:{REPORTER})\s*"
    rf"(?:[一二三四五六七八九十\dA-Z]|提问|提問|追问|追問|再问|问|問|(?P<name>{_GIVEN}))?"
)
_FOLLOWING_UP: Final = re.compile(r"(?P<outlet>.+?)\s*(?:追问|追問|提问|提問|问|問)")
_MODERATOR: Final = re.compile(rf"(?:(?P<office>.*?)[、,，\s]*)?(?:{MODERATOR})\s*(?P<name>{_GIVEN})?")
_OFFICIAL: Final = re.compile(
    rf"(?P<office>.*(?:{OFFICE}))(?:兼[^ ]*(?:{OFFICE}))?\s*(?P<name>{_GIVEN})(?:\s*(?:{RANK}))?"
)
#: 主持人 国新办新闻局副局长 金若辰: what somebody does here stands before the office.
_HOSTING: Final = re.compile(rf"^(?:{MODERATOR})\s+")
_OFFICE_ALONE: Final = re.compile(rf"[^。，：\s]{{0,20}}(?:{OFFICE})")
#: 曾次長煥章: the office stands between surname and given name.
_PARTED: Final = re.compile(
    rf"(?P<surname>[{_HAN}])(?P<office>(?:副|代)?(?:{OFFICE}))(?P<given>[{_HAN}]{{1,2}})"
)
_INSTITUTION: Final = re.compile(
    rf"[{_HAN}]{{2,18}}(?:局|委|委员会|委員會|部|厅|廳|署|院|办|办公室|支队|总队|中心|集团|公司|处|處|指挥部|组)"
)
_NOT_A_NAMES_END: Final = re.compile("[部委局院署省市国區县縣会會副]$")
_RANKED: Final = re.compile(rf"(?P<name>.{{2,10}}?)\s*(?:{RANK})")
_BRACKETED: Final = re.compile(
    r"(?P<outer>[^（()）]+?)\s*[（(](?P<inner>[^（()）]+)[）)]\s*(?P<rest>[^（()）]*)"
)
_OFFICE_IN: Final = re.compile(rf"^.*(?:{OFFICE})|^.*Spokes(?:person|man|woman)", re.IGNORECASE)
_BY_NICKNAME: Final = re.compile(
    r"(?:网友|網友|网民|網民|观众|觀眾|读者|讀者)\s*[“「\"][^”」\"]{1,12}[”」\"]"
)
#: 發言人報告, 游部長答, 谷维 又说: who speaks, and that it is done.
_SPEAKING: Final = re.compile(
    r"(?P<who>.{2,30}?)(?:\s*(?:报告|報告|答|答复|答覆|回答|补充|補充|说明|說明|回应|回應|致词|致詞)|\s+(?:又|再|接着|也)?(?:问|問|说|說|答|回答|补充))"
)
_TITLE_EN: Final = (
    r"(?i:Mr|Mrs|Ms|Miss|Dr|Sir|The|Permanent|President|Vice|Prime|Premier|Minister|Secretary|Under|Spokes(?:person|man|woman)|"
    r"Ambassador|Director|General|Commissioner|Chief|Executive|Chair(?:man|person)?|Governor|Senator|Admiral|Administrator|Deputy|Assistant|"
    r"Foreign|Ministry|State|Councilor|Member|Chancellor|King|Queen|Mayor|Speaker|Treasurer|Attorney|Controller|Finance|Defence|Defense|Environment|Health)"
)
_OFFICIAL_EN: Final = re.compile(
    rf"(?P<office>(?:{_TITLE_EN}\.?[ -])*(?:{_TITLE_EN}\.?)(?: (?:for|of) [A-Z][\w ,]+)?)(?:,? (?P<name>[A-Z][\w'’.-]{{0,24}}(?: [A-Z][\w'’.-]{{0,24}}){{0,3}}))?"
)
_HONORIFIC: Final = re.compile(r"(?:Mr|Mrs|Ms|Miss|MR|MS|MRS)\.?")
_PERSON_EN: Final = re.compile(
    r"[A-ZÀ-Þ][\w'’.-]{0,24}(?:,? (?:[A-ZÀ-Þ][\w'’.-]{0,24}|de|da|van|von|bin|al|el|of|the)){0,4}"
)


@lru_cache(maxsize=65_536)
def seen(name: str) -> str:
    """Return a label as a reader sees it: no invisible marks, and names set wide drawn together.

    >>> seen("主持人　胡 凯 红\u200b")
    '主持人 胡凯红'
    """
    plain = (
        unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).replace("(", "（").replace(")", "）")
    )
    clean = " ".join(plain.strip("*_ \t[]【】〔〕").split())
    if re.fullmatch(r"(?:.* )?(?:[\u4e00-\u9fff] ){1,2}[\u4e00-\u9fff]", clean):
        head, *letters = re.split(r" (?=(?:[\u4e00-\u9fff] ?){2,3}$)", clean, maxsplit=1)
        clean = f"{head} {letters[0].replace(' ', '')}" if letters else head.replace(" ", "")
    spoken = _SPEAKING.fullmatch(clean)
    return spoken["who"].strip() if spoken and not answers(clean) else clean


@lru_cache(maxsize=65_536)
def named(label: str) -> Speaker | None:
    """Return the speaker that a label names by itself, or None.

    >>> named("外交部副部长 马朝旭")
    Speaker(role=<Role.OFFICIAL: 'official'>, name='马朝旭', office='外交部副部长', outlet=None)
    >>> named("记者（新华社）").outlet, named("答").role.value, named("第一") is None
    ('新华社', 'official', True)
    """
    label = seen(label)
    if not label:
        return None
    if asks(label):
        return Speaker(Role.JOURNALIST)
    if answers(label):
        office = _OFFICE_IN.search(label)
        return Speaker(Role.OFFICIAL, office=office[0] if office else None)
    if moderates(label):
        return Speaker(Role.MODERATOR)
    if match := _BRACKETED.fullmatch(label):
        return _bracketed(match["outer"].strip(), match["inner"].strip(), match["rest"].strip())
    if _BY_NICKNAME.fullmatch(label):
        return Speaker(Role.JOURNALIST, outlet=label)
    return (
        _journalist(label) or _moderator(label) or _official(label) or _outlet(label) or _english(label)
    )


def is_person(name: str) -> bool:
    """Tell whether a text can be a person's name: it has a surname or sounds like a foreign one.

    >>> [name for name in ("王毅", "欧阳修远", "马克龙", "洛桑江村", "时间", "指出", "和平发展") if is_person(name)]
    ['王毅', '欧阳修远', '马克龙', '洛桑江村']
    """
    if VERB.search(name) or name in NOT_NAMES or not name:
        return False
    chinese = name[0] in SURNAMES and 2 <= len(name) <= 3
    compound = name[:2] in COMPOUND_SURNAMES and 3 <= len(name) <= 4
    foreign = len(name) > 2 and FOREIGN.issuperset(name)
    dotted = bool(re.fullmatch(rf"[{_HAN}]{{1,12}}(?:[·•‧・][{_HAN}]{{1,12}})+", name))
    han = bool(re.fullmatch(rf"[{_HAN}·•‧・]+", name))
    return (han and (chinese or compound or foreign or bool(TIBETAN.fullmatch(name)))) or dotted


def is_office(text: str) -> bool:
    """Tell whether a text is an office, or a surname and an office, and no sentence.

    >>> [text for text in ("行政長官", "賴副主計長", "财政部部长", "队长说") if is_office(text)]
    ['行政長官', '賴副主計長', '财政部部长']
    """
    rest = re.sub("[发發]言人", "", text)
    return bool(_OFFICE_ALONE.fullmatch(text)) and not VERB.search(rest) and not TELLING.search(rest)


def is_institution(text: str) -> bool:
    """Tell whether a text is an institution that may answer in its officials' place.

    >>> [text for text in ("市城管局", "市公安局交警支队", "问题", "大局") if is_institution(text)]
    ['市城管局', '市公安局交警支队']
    """
    return bool(_INSTITUTION.fullmatch(text)) and not VERB.search(text)


def is_english_name(name: str) -> bool:
    """Tell whether a text is written as an English personal name or title is.

    >>> is_english_name("Audrey Tang"), is_english_name("MR PRICE"), is_english_name("First of all")
    (True, True, False)
    """
    return (
        not re.search(rf"[{_HAN}]", name)
        and bool(_PERSON_EN.fullmatch(name.replace("’", "'")))
        and len(name) > 1
    )


def _bracketed(outer: str, inner: str, rest: str) -> Speaker | None:
    """Read 张三（外交部副部长）, 记者（新华社）, 主持人（张三） and 新华社记者（李四）."""
    if rest:
        return named(outer + rest)
    said, told = named(outer), named(inner)
    return _explained(outer, inner, told) if said is None else _completed(said, inner, told)


def _explained(outer: str, inner: str, told: Speaker | None) -> Speaker | None:
    """Return the speaker where only the brackets say what somebody is."""
    if not (is_person(outer) or is_english_name(outer)):
        return told if told and told.outlet else None
    if told and told.role is Role.JOURNALIST:
        return Speaker(Role.JOURNALIST, name=outer, outlet=told.outlet)
    if told:
        return replace(told, name=outer)
    role = Role.OFFICIAL if is_office(inner) else Role.UNKNOWN
    return Speaker(role, name=outer, office=inner)


def _completed(said: Speaker, inner: str, told: Speaker | None) -> Speaker:
    """Return the speaker whom a label names, with what the brackets add."""
    if (
        said.role is Role.JOURNALIST
        and not said.outlet
        and (is_outlet(inner) or (told and told.outlet))
    ):
        return replace(said, outlet=told.outlet if told and told.outlet else inner)
    if said.name is None and (is_person(inner) or (is_english_name(inner) and " " in inner)):
        return replace(said, name=inner)
    if said.office is None and said.role is not Role.JOURNALIST and is_office(inner):
        return replace(said, office=inner)
    return said


def _journalist(label: str) -> Speaker | None:
    match = _JOURNALIST.fullmatch(label)
    if not match:
        match = _FOLLOWING_UP.fullmatch(label)
        return _outlet(match["outlet"].strip()) if match else None
    outlet = _unquoted((match["outlet"] or "").strip("（( 、"))
    if TELLING.search(outlet) or not _may_be_name(match["name"]) or len(outlet) > 30:
        return None
    return Speaker(Role.JOURNALIST, name=match["name"], outlet=outlet or None)


def _moderator(label: str) -> Speaker | None:
    match = _MODERATOR.fullmatch(label)
    if not match or not _may_be_name(match["name"]):
        return None
    office = (match["office"] or "").strip()
    if TELLING.search(office):
        return None
    if is_person(office) and not match["name"]:
        return Speaker(Role.MODERATOR, name=office)
    return Speaker(Role.MODERATOR, name=match["name"], office=office or None)


def _official(label: str) -> Speaker | None:
    match = _PARTED.fullmatch(label)
    if match and is_person(match["surname"] + match["given"]) and match["surname"] in SURNAMES:
        return Speaker(Role.OFFICIAL, match["surname"] + match["given"], match["office"])
    match = _OFFICIAL.fullmatch(label)
    if match and is_person(match["name"]):
        office = _HOSTING.sub("", match["office"].strip())
        role = Role.OFFICIAL if office == match["office"].strip() else Role.MODERATOR
        return Speaker(role, name=match["name"], office=office)
    return _name_first(label)


def _name_first(label: str) -> Speaker | None:
    """Read 李克强总理, 羅展鵬代局長 and 马朝旭 外交部副部长."""
    dotted = re.match(rf"[{_HAN}]{{1,12}}(?:[·•‧・][{_HAN}]{{1,12}})+(?=[\s、，,])", label)
    for length in (len(dotted[0]) if dotted else 0, 3, 2, 4, 5):
        name, rest = label[:length], label[length:]
        office = rest.strip("、，, ")
        # Without a blank, what follows must be an office alone: 日本外务省部长 names nobody.
        pattern = rf"(?:副|代)?(?:{OFFICE})" if rest == office else rf".*(?:{OFFICE})"
        if is_person(name) and not _NOT_A_NAMES_END.search(name) and re.fullmatch(pattern, office):
            return Speaker(Role.OFFICIAL, name=name, office=office)
    return None


def _outlet(label: str) -> Speaker | None:
    quoted = re.fullmatch(r"《[^《》]{2,14}》", label)
    return Speaker(Role.JOURNALIST, outlet=_unquoted(label)) if quoted or is_outlet(label) else None


def _unquoted(outlet: str) -> str:
    """Return the name of an outlet without the marks that stand around all of it."""
    return outlet[1:-1] if re.fullmatch(r"[《〈「][^《》〈〉「」]*[》〉」]", outlet) else outlet


def _english(label: str) -> Speaker | None:
    match = _OFFICIAL_EN.fullmatch(label)
    if not match:
        office, _, name = label.rpartition(", ")
        titled = re.match(rf"(?:{_TITLE_EN})\b", office)
        return Speaker(Role.OFFICIAL, name, office) if titled and is_english_name(name) else None
    office, name = match["office"], match["name"]
    if name and _HONORIFIC.fullmatch(office):
        return Speaker(Role.UNKNOWN, name=f"{office} {name}")
    if office.casefold() in {"the", "mr", "ms", "mrs", "dr"}:
        return None
    # MODERATOR and the like were read before; THE PRESIDENT names an office and no person.
    return Speaker(Role.OFFICIAL, name=name, office=office)


def _may_be_name(text: str | None) -> bool:
    return text is None or is_person(text) or is_english_name(text)
