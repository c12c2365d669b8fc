"""Find in a text what it says of a person by name: 政務委員唐鳳, 唐鳳政委, 唐政委, 耿爽主持例行记者会."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.naming import is_person
from qa_bot.records import Role, Speaker
from qa_bot.vocabulary import NOT_NAMES, OFFICE, RANK, SURNAMES

_BREAK: Final = r"\s，。、；：:“”‘’（）()！？《》"
#: What stands before an office and is no part of it.
_LEAD: Final = re.compile(
    r"^(?:以下是|以下为|以下為|记者会由|会议由|由|我们要|我們要|我们|我們|邀请到了?|有请|欢迎|感谢|介绍|请|先请|先請|請|謝謝|訪問|访问|采访|採訪|访|专访|專訪|对话|對話|聯同|联同|偕|上午|下午|今日|今天|和|与|同|及|以及)+(?=[\u4e00-\u9fff]{2,})"
)
#: What ends in front of an office: signs, days and verbs; none of them stands in one.
_BEFORE_OFFICE: Final = re.compile(
    r"[,;|>】》—]|\d[日号號]|的|(?:有请|请来|邀请到?|请到|请|专访|專訪|来到|现在|今天|由|是)[了过過]?"
    r"|(?:采访|採訪|访问|訪問)[了过過]|(?:记者|記者)(?:采访|採訪|访问|訪問)"
)
#: 主任歐陽嘉敏聯同民防總指揮部行動組組長: another official stands in front.
_COLLEAGUE: Final = re.compile(
    rf"(?:{OFFICE})(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?:聯同|联同|偕同?|以及|及|和|与|與|\s)\s*(?=\S)"
)
_HOST: Final = re.compile(
    rf"(?P<office>[^{_BREAK}]{{0,24}}?(?:{OFFICE}))\s*(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?:{RANK})?"
    r"(?=主持|举行|舉行|答|就|在|同|会见|會見|今日|今天|今|聯同|联同|偕|做客|接受|做|出席|回答|应询|應詢|将|於|于|於|召开|与|联合|聯合|共同|一道|介绍|介紹|通报|作|等|[\s，。、：:（(]|$)"
)
_WORD_EN: Final = r"[A-ZÀ-Þ][\w'’-]{1,24}"
_HOST_EN: Final = re.compile(
    r"(?P<office>(?:Deputy |Foreign |Ministry |Department |MFA |Defense |Commerce |National |Permanent )*"
    r"(?:Spokes(?:person|man|woman)|(?:Prime )?Minister|Premier|(?:Vice )?President|Chancellor|Secretary|Ambassador|Director(?:-General)?|Commissioner)"
    rf"(?: (?:for|of) {_WORD_EN}(?:,? (?:{_WORD_EN}|and|&))*?)?)\s+"
    rf"(?:(?:Dr|Mr|Mrs|Ms|Miss)\.? )?(?P<name>{_WORD_EN}(?: {_WORD_EN}){{0,3}}?)"
    r"(?=['’]s\b|\s+(?:and|in|with|to|following|after|holds?|held|hosts?|hosted|answers?|on|at|gives?|gave|takes?|meets?)\b|[,.]|$)"
)
_NAME_FIRST_EN: Final = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w'’-]{1,24}(?: [A-ZÀ-Þ][\w'’.-]{1,24}){1,2}), (?P<office>(?:Deputy |Associate |Chief )*(?:Spokes(?:person|man|woman)|Press Secretary))"
)
#: Words that a headline in capitals would not begin with a capital otherwise.
_SMALL: Final = re.compile(r"\b(?:For|Of|And|In|With|To|On|At|After|Following|Holds?|Held|By|The)\b")
#: How many characters beside a name may hold the office.
_NEAR: Final = 30
_OFFICE_BEFORE: Final = re.compile(rf"(?P<office>[^{_BREAK}]{{0,24}}(?:{OFFICE}))\s*$")
_OFFICE_BEHIND: Final = re.compile(rf"\s*(?P<office>(?:副|代)?(?:{OFFICE}))(?![\u4e00-\u9fff]*[:：])")
_OFFICE_BETWEEN: Final = re.compile(rf"(?P<surname>[\u4e00-\u9fff])(?P<office>(?:副|代)?(?:{OFFICE}))$")


def hosts_of(line: str) -> Iterator[Speaker]:
    """Yield the officials whom a title or an opening line names with their office.

    Whoever is said to 主持 is a moderator, who may be the one who answers as well.

    >>> [(host.name, host.office) for host in hosts_of("2017年2月17日外交部发言人耿爽主持例行记者会")]
    [('耿爽', '外交部发言人')]
    """
    told = re.sub(r"\d{4}年\s*\d{1,2}月\s*\d{1,2}[日号]|\d{1,2}月\d{1,2}[日号]", "，", line)
    for match in _HOST.finditer(told):
        role = Role.MODERATOR if told[match.end() :].startswith("主持") else Role.OFFICIAL
        # 高峰 is a word, and the name of a spokesman once somebody introduces him.
        if is_person(match["name"]) or (match["name"] in NOT_NAMES and match["name"][0] in SURNAMES):
            yield Speaker(role, name=match["name"], office=_office(match["office"]))
    for pattern in (_HOST_EN, _NAME_FIRST_EN):
        for match in pattern.finditer(_mixed(line)):
            office, name = (line[slice(*match.span(part))] for part in ("office", "name"))
            yield Speaker(Role.OFFICIAL, name=name, office=office.strip())


def _mixed(line: str) -> str:
    """Return a headline in capitals as it would be written otherwise, and any other line as it is."""
    if not (line.isupper() and line.isascii()):
        return line
    return _SMALL.sub(lambda match: match[0].lower(), line.title())


def introduction(name: str, text: str) -> str | None:
    """Return the office with which a text names a person, or None.

    >>> introduction("唐鳳", "我們要訪問政務委員唐鳳"), introduction("何全德", "國發會管考處何處長全德")
    ('政務委員', '處長')
    """
    if len(name) < 2:
        return None
    for start in _places(name, text):
        before = _OFFICE_BEFORE.search(text[max(0, start - _NEAR) : start])
        behind = _OFFICE_BEHIND.match(text[start + len(name) : start + len(name) + _NEAR])
        if before or behind:
            return _office(before["office"]) if before else behind["office"] if behind else None
    return _parted(name, text) if len(name) <= 3 and name[0] in SURNAMES else None


def _parted(name: str, text: str) -> str | None:
    """Return the office that stands between the surname and the given name: 何處長全德."""
    for start in _places(name[1:], text):
        match = _OFFICE_BETWEEN.search(text[max(0, start - _NEAR) : start])
        if match and match["surname"] == name[0]:
            return match["office"]
    return None


def _places(words: str, text: str) -> Iterator[int]:
    """Yield where some words stand in a text."""
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def addressed(name: str, text: str, rivals: frozenset[str]) -> str | None:
    """Return the office by which a text addresses a person by surname, such as 唐政委 for 唐鳳.

    None where another speaker bears the same surname.
    """
    alone = not any(rival != name and rival[:1] == name[:1] for rival in rivals)
    if not (alone and len(name) in (2, 3) and name[0] in SURNAMES):
        return None
    match = re.search(
        rf"(?<![\u4e00-\u9fff]){name[0]}(?P<office>(?:副|代)?(?:{OFFICE}))|(?<=[及和與与請请由])"
        + rf"{name[0]}(?P<other>(?:副|代)?(?:{OFFICE}))",
        text,
    )
    return (match["office"] or match["other"]) if match else None


def _office(text: str) -> str:
    """Return an office without the words that lead up to it."""
    alone = _BEFORE_OFFICE.split(text)[-1].strip() or text
    colleagues = [match.end() for match in _COLLEAGUE.finditer(alone) if is_person(match["name"])]
    return _LEAD.sub("", alone[colleagues[-1] :] if colleagues else alone)
