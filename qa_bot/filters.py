"""Keep a search to some transcripts, events, speakers, outlets or days."""

from __future__ import annotations

import datetime
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Final

from qa_bot.errors import QABotError
from qa_bot.records import CatalogueEntry, Speaker

Fold = Callable[[str], str]
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
#: A date as far as an event's is known: the parts that are digits, from the year on.
_KNOWN: Final = re.compile(r"\d{4}(?:-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a passage must be or come from; each field's texts are alternatives, and all fields bind.

    `transcript` holds ids. `event`, `speaker` and `outlet` hold parts of names, found whatever
    the case, width or script: `event` in the event and the title, `speaker` in the official's name
    and office or in both, the office first, `outlet` in the outlet whose journalist asked. `since` and
    `until` are days, months or years, both included and kept in half width; a transcript whose date
    is not known well enough to tell is left out.

    Raises `QABotError` for what is no date of the calendar, for a first day later than the last and
    for a blank text, `TypeError` for a text that is not in a tuple.
    """

    transcript: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for name in ("transcript", "event", "speaker", "outlet"):
            texts = getattr(self, name)
            if not isinstance(texts, tuple):
                raise TypeError(f"{name} must be a tuple of texts, not {type(texts).__name__}")
            if not all(text.strip() for text in texts):
                raise QABotError(f"{name}: a filter must not be blank")
        for name, date in (("since", self.since), ("until", self.until)):
            if date is not None:
                object.__setattr__(self, name, _date(name, date))
        if self.since and self.until and _known_alike(self.since, self.until, operator.gt):
            raise QABotError(
                f"since: {self.since} is later than until, {self.until}; nothing lies between them"
            )

    def __bool__(self) -> bool:
        """Whether anything is asked for at all."""
        return any(getattr(self, field.name) for field in fields(self))


def admits_transcript(filters: Filters, entry: CatalogueEntry, fold: Fold) -> bool:
    """Tell whether a transcript passes the filters of id, event and date."""
    named = not filters.transcript or entry.id in filters.transcript
    return (
        named
        and _within(filters, entry.date)
        and _found(filters.event, (entry.event, entry.title), fold)
    )


def admits_speaker(filters: Filters, speaker: Speaker | None, fold: Fold) -> bool:
    """Tell whether a passage of this speaker passes the filter of speakers."""
    return _found(filters.speaker, _names(speaker) if speaker else (), fold)


def admits_asker(filters: Filters, asker: Speaker | None, fold: Fold) -> bool:
    """Tell whether an answer to this speaker, or to nobody, passes the filter of outlets."""
    return _found(filters.outlet, (asker.outlet,) if asker else (), fold)


def _names(speaker: Speaker) -> tuple[str | None, ...]:
    """Return what a speaker may be called: by name, by office, or by both with or without a blank."""
    if not (speaker.name and speaker.office):
        return (speaker.name, speaker.office)
    both = (f"{speaker.office}{speaker.name}", f"{speaker.office} {speaker.name}")
    return (speaker.name, speaker.office, *both)


def _found(wanted: tuple[str, ...], names: Iterable[str | None], fold: Fold) -> bool:
    if not wanted:
        return True
    folded = [fold(name) for name in names if name]
    return any(fold(" ".join(part.split())) in name for part in wanted for name in folded)


def _date(name: str, text: str) -> str:
    """Return a date in half width; raises `QABotError` for what is none."""
    date = unicodedata.normalize("NFKC", text)
    if not _is_date(date):
        raise QABotError(f"{name}: {text!r} is no date; give YYYY, YYYY-MM or YYYY-MM-DD")
    return date


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    try:
        return bool(match and datetime.date(*(int(part or 1) for part in match.groups())))
    except ValueError:
        return False


def _within(filters: Filters, date: str | None) -> bool:
    """Compare as far as both dates are given; what can't be told is not within."""
    if filters.since is None and filters.until is None:
        return True
    match = _KNOWN.match(date or "")
    if not match:
        return False
    return _reaches(match[0], filters.since, 1) and _reaches(match[0], filters.until, -1)


def _reaches(date: str, bound: str | None, direction: int) -> bool:
    if bound is None:
        return True
    if _known_alike(date, bound, operator.eq):
        # 2017 may lie before 2017-03 or after it.
        return len(date) >= len(bound)
    return _known_alike(date, bound, operator.gt if direction > 0 else operator.lt)


def _known_alike(one: str, other: str, compare: Callable[[str, str], bool]) -> bool:
    """Compare two dates as far as both are given."""
    return compare(one[: len(other)], other[: len(one)])
