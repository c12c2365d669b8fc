"""Find the day of an event in what stands above the first turn, without guessing a year."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from qa_bot.records import Fact

_FULL: Final = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?:\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号號]|[-./]\d{1,2}[-./]\d{1,2}(?!\d))"
)
_MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)
_MONTH: Final = "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS)
_FULL_EN: Final = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{_MONTH}),?\s+(?P<year2>(?:19|20)\d{{2}}))\b",
    re.IGNORECASE,
)
#: Years of the Republic of China (Taiwan) count from 1912.
_MINGUO: Final = re.compile(
    r"(?:中華)?(?:民國)?\s*(?P<year>\d{2,3})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
)
_MONTH_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]")
_YEAR_MONTH: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月(?!\s*\d)")
_SESSION: Final = re.compile(
    r"(?<![省市区县会])(?:第?([一二三四五六七八九十]+)届)全国(?:人大|人民代表大会)第?([一二三四五])次会议"
)
#: What a line that tells of the event speaks of.
EVENT: Final = re.compile(
    r"记者会|發布會|发布会|招待会|吹风会|见面会|座谈会|通气会|举行|召开|主持|答记者问|回答.{0,8}提问|文字实录|图文直播|"
    r"記者會|記者会|招待會|茶敘|座談會|舉行|召開|說明會|答記者問|专访|專訪|访谈|訪談|採訪|采访|訪問|致詞|"
    r"press (?:conference|briefing|availability)|briefing|interview|remarks|news conference|Q&A",
    re.IGNORECASE,
)
#: A line that names a session with journalists, be it only in its title.
SESSION: Final = re.compile(
    r"记者会|记者招待会|發布會|发布会|吹风会|见面会|通气会|记者見面|会见.{0,8}记者|會見.{0,4}(?:傳媒|媒體|記者)|答.{0,8}记者问|答.{0,8}記者問|答問|答问|在线作答|集中答问|文字实录|图文直播|"
    r"记者会|記者會|茶敘|說明會|答記者問|专访|專訪|访谈|訪談|採訪|采访|訪問|接受.{0,8}访|"
    r"press (?:conference|briefing|availability)|briefing|interview|remarks|news conference|Q&A",
    re.IGNORECASE,
)
#: A line that tells of another day than the event's.
_OTHER_DAY: Final = re.compile(r"去年|前年|此前|以来|曾|公元前|政协|主题")
#: What a session is about, or the name of a document: its day is not the session's.
_SUBJECT: Final = re.compile(
    r"《[^》]*》|(?:就|关于|關於|围绕)[^，。]{2,80}?(?=答|回答|举行|接受|发表|主持|$)"
    r"|\b(?:of|since|from|after) [A-Z][a-z]+\.? \d{1,2},? \d{4}"
)
#: 新华社北京3月9日电: when the report was wired, not when the event was.
_DATELINE: Final = re.compile(r"^.{0,20}?\d{1,2}月\d{1,2}日(?:电|讯|電)")
#: The congresses whose years are known to follow the rule; the next ones have yet to meet.
_RULED: Final = range(5, 15)
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def find_date(stated: str | None, narration: Iterable[str]) -> Fact | None:
    """Return the date of the event, or None when the source supports none.

    `stated` is the value of a date line of the header. Otherwise the lines of `narration` decide
    that speak of the event and name a day, if they all name the same one. A day without a year is
    completed only from the session of the National People's Congress named in the same line, see
    `session_year`, or from a year and the same month stated in another such line.
    """
    if stated:
        found = {_dated(day, "the header's date line") for day in _days(stated)}
        return _only(found) or _minguo(stated) or _only(set(_month_days(stated, stated)))
    told = [line for line in map(_of_event, narration) if line]
    dates: set[Fact | None] = set()
    for line in told:
        dates |= {_dated(day, f"stated in the text: {day}") for day in _days(line)}
        republic = _minguo(line) if "民國" in line else None
        dates |= {republic} if republic else set(_month_days(_FULL.sub("", line), line))
    partial = _only(_without_doubles(dates))
    return _completed(partial, told) if partial and partial.value.startswith("X") else partial


def session_year(congress: int, session: int) -> int:
    """Return the year in which a session of a National People's Congress was held.

    A congress sits for five years and meets once a year (Constitution of the PRC, articles 60
    and 61); since the fifth, first convened in 1978, the sessions have followed that rhythm.
    Raises ValueError for a congress before the fifth or a session outside 1 to 5.

    >>> session_year(12, 5)
    2017
    """
    if congress < 5 or not 1 <= session <= 5:
        raise ValueError(f"no rule for session {session} of congress {congress}")
    return 1978 + 5 * (congress - 5) + session - 1


def _of_event(line: str) -> str | None:
    """Return a line that speaks of the event, without its dateline; None for any other."""
    # 就2016年7月12日南海仲裁案…答记者问 and 《2019年1月1日起施行的…》 tell of another day.
    told = _SUBJECT.sub("", _DATELINE.sub("", line))
    return told if EVENT.search(told) and not _OTHER_DAY.search(told) else None


def _only(dates: set[Fact | None]) -> Fact | None:
    """Return the date that all agree on; one that is no date of the calendar agrees with none."""
    values = {date.value if date else None for date in dates}
    return next(iter(dates)) if len(values) == 1 else None


def _without_doubles(dates: set[Fact | None]) -> set[Fact | None]:
    """Leave out a day without a year where the same day stands with one."""
    full = {date.value[4:] for date in dates if date and not date.value.startswith("X")}
    return {d for d in dates if d is None or not d.value.startswith("X") or d.value[4:] not in full}


def _completed(date: Fact, lines: Iterable[str]) -> Fact:
    """Return a day with the year that the event's lines state for its month, if they state one."""
    found = {match.groups() for line in lines for match in _YEAR_MONTH.finditer(line)}
    years = {year for year, month in found if int(month) == int(date.value[5:7])}
    if len(found) != 1 or len(years) != 1:
        return date
    [year] = years
    stated = f"{date.derivation.removesuffix('; no year given')}; year and month stated beside it"
    return replace(date, value=year + date.value[4:], derivation=stated)


def _days(line: str) -> Iterator[str]:
    """Yield the full dates that a line states, as they stand there."""
    yield from _FULL.findall(line)
    yield from (match[0] for match in _FULL_EN.finditer(line))


def _minguo(line: str) -> Fact | None:
    """Return a day in a year of the Republic of China, whose first was 1912."""
    match = _MINGUO.search(line)
    value = _iso(1911 + int(match["year"]), int(match["month"]), int(match["day"])) if match else None
    return Fact(value, f"{match[0].strip()}, counted from 1912") if match and value else None


def _dated(text: str, derivation: str) -> Fact | None:
    if match := _FULL_EN.fullmatch(text):
        month_name = (match["month"] or match["month2"])[:3].lower()
        month = next(n for n, name in enumerate(_MONTHS, start=1) if name.startswith(month_name))
        year, day = int(match["year"] or match["year2"]), int(match["day"] or match["day2"])
    else:
        year, month, day = map(int, re.findall(r"\d+", text))
    value = _iso(year, month, day)
    return Fact(value, derivation) if value else None


def _month_days(part: str, line: str) -> Iterator[Fact | None]:
    """Yield the days without a year in `part`, completed by the session that `line` names."""
    for match in _MONTH_DAY.finditer(_FULL.sub("", part)):
        yield _month_day(match, line)


def _month_day(match: re.Match[str], line: str) -> Fact | None:
    month, day = int(match[1]), int(match[2])
    session = _SESSION.search(line)
    congress = _number(session[1]) if session else 0
    if session and congress in _RULED:
        year = session_year(congress, _number(session[2]))
        rule = (
            f"day stated in the text: {match[0]}; year from {session[0]}: a congress sits five years "
            f"from 1978 on and meets once a year, so this session was that of {year}"
        )
        value = _iso(year, month, day)
        return Fact(value, rule) if value else None
    # 2000 is a leap year: 29 February passes.
    if not _iso(2000, month, day):
        return None
    return Fact(f"XXXX-{month:02}-{day:02}", f"stated in the text: {match[0]}; no year given")


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _number(numeral: str) -> int:
    """Return the value of a Chinese numeral below one hundred, such as 十二."""
    tens, ten, ones = numeral.rpartition("十")
    value = (_DIGITS.get(tens, 1) if ten else 0) * 10
    return value + (_DIGITS[ones] if ones else 0)


def readable_date(value: str) -> str:
    """Return a date in EDTF the Chinese way, leaving out the parts that are unknown.

    >>> readable_date("2017-03-08"), readable_date("XXXX-03-08")
    ('2017年3月8日', '3月8日')
    """
    parts = zip(value.split("-"), "年月日", strict=False)
    return "".join(f"{int(part)}{unit}" for part, unit in parts if part.isdecimal())
