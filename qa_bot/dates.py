"""Find the day of an event in what stands above the first turn, without guessing a year."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Final

from qa_bot.records import EventDate

_FULL: Final = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)\s*[日号]?")
_MONTH_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_SESSION: Final = re.compile(
    r"(?:第?([一二三四五六七八九十]+)届)全国(?:人大|人民代表大会)第?([一二三四五])次会议"
)
#: 新华社北京3月9日电: when the report was wired, not when the event was.
_DATELINE: Final = re.compile(r"^.{0,20}?\d{1,2}月\d{1,2}日(?:电|讯)")
_EVENT: Final = re.compile(r"记者会|发布会|招待会|吹风会|见面会|座谈会|举行|召开|主持")
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def find_date(stated: str | None, narration: Iterable[str]) -> EventDate | None:
    """Return the date of the event, or None when the source supports none.

    `stated` is the value of a `date:` header line. Otherwise the first line of `narration` that
    speaks of the event and names a day decides. A day without a year is completed only from the
    session of the National People's Congress named in the same line, see `session_year`.
    """
    if stated and (match := _FULL.search(stated)):
        return _full_date(match, "the header's date line")
    for line in narration:
        told = _DATELINE.sub("", line)
        days = {match[0] for match in _MONTH_DAY.finditer(told)} | set(_FULL.findall(told))
        if not _EVENT.search(told) or not days:
            continue
        if match := _FULL.search(told):
            only = len({found.groups() for found in _FULL.finditer(told)}) == 1
            others = _MONTH_DAY.search(_FULL.sub("", told))
            return _full_date(match, f"stated in the text: {match[0]}") if only and not others else None
        match = _MONTH_DAY.search(told)
        return _month_day(match, told) if match and len(days) == 1 else None
    return None


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


def _full_date(match: re.Match[str], derivation: str) -> EventDate | None:
    value = _iso(int(match[1]), int(match[2]), int(match[3]))
    return EventDate(value, derivation) if value else None


def _month_day(match: re.Match[str], line: str) -> EventDate | None:
    month, day = int(match[1]), int(match[2])
    session = _SESSION.search(line)
    congress = _number(session[1]) if session else 0
    if session and congress >= 5:
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
