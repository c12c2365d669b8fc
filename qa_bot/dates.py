"""Find the day of an event in what stands above the first turn, without guessing a year."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Final

from qa_bot.records import EventDate

_FULL: Final = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?:年\s*\d{1,2}月\s*\d{1,2}[日号]|[-./]\d{1,2}[-./]\d{1,2}(?!\d))"
)
_MONTH_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_SESSION: Final = re.compile(
    r"(?<![省市区县会])(?:第?([一二三四五六七八九十]+)届)全国(?:人大|人民代表大会)第?([一二三四五])次会议"
)
_EVENT: Final = re.compile(r"记者会|发布会|招待会|吹风会|见面会|座谈会|举行|召开|主持")
#: A line that tells of another day than the event's.
_OTHER_DAY: Final = re.compile(r"去年|前年|此前|以来|曾|公元前|政协|主题")
#: 新华社北京3月9日电: when the report was wired, not when the event was.
_DATELINE: Final = re.compile(r"^.{0,20}?\d{1,2}月\d{1,2}日(?:电|讯)")
#: The congresses whose years are known to follow the rule; the next ones have yet to meet.
_RULED: Final = range(5, 15)
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def find_date(stated: str | None, narration: Iterable[str]) -> EventDate | None:
    """Return the date of the event, or None when the source supports none.

    `stated` is the value of a `date:` header line. Otherwise the lines of `narration` decide that
    speak of the event and name a day, if they all name the same one. A day without a year is
    completed only from the session of the National People's Congress named in the same line, see
    `session_year`.
    """
    if stated:
        return _only({_dated(match, "the header's date line") for match in _FULL.findall(stated)})
    found: set[EventDate | None] = set()
    for line in narration:
        told = _DATELINE.sub("", line)
        if _EVENT.search(told) and not _OTHER_DAY.search(told):
            found |= {_dated(match, f"stated in the text: {match}") for match in _FULL.findall(told)}
            days = _MONTH_DAY.finditer(_FULL.sub("", told))
            found |= {_month_day(match, told) for match in days}
    return _only(found)


def _only(dates: set[EventDate | None]) -> EventDate | None:
    """Return the date that all agree on; one that is no date of the calendar agrees with none."""
    values = {date.value if date else None for date in dates}
    return next(iter(dates)) if len(values) == 1 else None


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


def _dated(text: str, derivation: str) -> EventDate | None:
    year, month, day = map(int, re.findall(r"\d+", text))
    value = _iso(year, month, day)
    return EventDate(value, derivation) if value else None


def _month_day(match: re.Match[str], line: str) -> EventDate | None:
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
        return EventDate(value, rule) if value else None
    # 2000 is a leap year: 29 February passes.
    if not _iso(2000, month, day):
        return None
    return EventDate(f"XXXX-{month:02}-{day:02}", f"stated in the text: {match[0]}; no year given")


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
