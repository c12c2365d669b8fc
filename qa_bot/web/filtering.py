"""Turn what a visitor or a program gives into filters, and filters into words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.dates import readable_date
from qa_bot.errors import QABotError
from qa_bot.filters import Filters
from qa_bot.records import CatalogueEntry, Role
from qa_bot.text import shortened
from qa_bot.web.markup import escaped

_MAX_NAME_CHARS: Final = 40
_SHOWN_NAMES: Final = 2
#: Rarer names are not listed, but found when they are typed.
_MOST_NAMES: Final = 300
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in each filter: what is shown, and the value it stands for."""

    transcript: tuple[Choice, ...]
    event: tuple[Choice, ...]
    speaker: tuple[Choice, ...]
    outlet: tuple[Choice, ...]


def choices_of(entries: Sequence[CatalogueEntry]) -> Choices:
    """Return the choices that a collection gives: transcripts in order, names by how often they come."""
    return Choices(
        transcript=tuple((_transcript_name(entry), entry.id) for entry in entries),
        event=_by_frequency(entry.event for entry in entries if entry.event),
        speaker=_by_frequency(
            who.name or who.office or ""
            for entry in entries
            for who in entry.speakers
            if who.role is Role.OFFICIAL and (who.name or who.office)
        ),
        outlet=_by_frequency(outlet for entry in entries for outlet in entry.outlets),
    )


def visitor_filters(
    transcript: Sequence[str] | None,
    event: Sequence[str] | None,
    speaker: Sequence[str] | None,
    outlet: Sequence[str] | None,
    since: str | None,
    until: str | None,
) -> Filters:
    """Return the filters that the fields of the page hold; raises `QABotError`, in Chinese."""
    first, last = _date("起始日期", since), _date("截止日期", until)
    if first and last and first[: len(last)] > last[: len(first)]:
        raise QABotError(f"起始日期（{first}）晚于截止日期（{last}）。")
    named = (transcript, event, speaker, outlet)
    lists = [tuple(text for text in each or () if text.strip()) for each in named]
    return Filters(lists[0], lists[1], lists[2], lists[3], since=first, until=last)


def named_transcripts(
    texts: Sequence[str] | None, entries: Sequence[CatalogueEntry]
) -> tuple[str, ...]:
    """Return transcript ids: those among the texts, and those whose titles or ids another text is in.

    A text that is in none stands for itself, so that it is seen to exclude everything.
    """
    ids = {entry.id for entry in entries}
    return tuple(dict.fromkeys(id for text in texts or () for id in _named(text.strip(), ids, entries)))


def program_filters(fields: Mapping[str, object]) -> Filters:
    """Return the filters that a program gives as JSON; raises `QABotError`, in English."""
    lists = ("transcript", "event", "speaker", "outlet")
    texts = {name: strings(name, fields[name]) for name in lists}
    dates = {name: fields[name] for name in ("since", "until")}
    for name, date in dates.items():
        if date is not None and not isinstance(date, str):
            raise QABotError(f"{name} must be a string such as 2017, 2017-03 or 2017-03-08, or null.")
    since, until = (str(date) if date is not None else None for date in dates.values())
    return Filters(**texts, since=since, until=until)


def strings(name: str, value: object) -> tuple[str, ...]:
    """Return the strings that a program gives as a JSON list; raises `QABotError`, in English."""
    texts = [] if value is None else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise QABotError(f"{name} must be a list of strings, or null.")
    return tuple(texts)


def scope_words(filters: Filters, titles: Mapping[str, str]) -> str:
    """Return filters in words, transcripts by their titles; nothing where nothing is filtered.

    >>> scope_words(Filters(speaker=("王毅",), since="2017-03"), {})
    '发言人 王毅 · 2017年3月起'
    """
    lists = {
        "记录": [titles.get(id, id) for id in filters.transcript],
        "场合": filters.event,
        "发言人": filters.speaker,
        "媒体": filters.outlet,
    }
    parts = [f"{what} {_listed(names)}" for what, names in lists.items() if names]
    since = f"{readable_date(filters.since)}起" if filters.since else ""
    until = f"至{readable_date(filters.until)}" if filters.until else ""
    return " · ".join([*parts, *([since + until] if since or until else [])])


def sign_html(scope: str, passages: int) -> str:
    """Return the sign that filters are on, or nothing where nothing is filtered."""
    if not scope:
        return ""
    left = f"可查 {passages} 段原话" if passages else "没有符合条件的记录"
    kind = "" if passages else " qa-sign-none"
    return (
        f'<p class="qa-sign{kind}" lang="zh-CN"><span><b>筛选中</b> {escaped(scope)} '
        f'<span class="qa-left">{left}</span></span>'
        '<button type="button" class="qa-unfilter">清除</button></p>'
    )


def problem_html(problem: str) -> str:
    """Return the words for a filter that can't be used."""
    return (
        f'<p class="qa-sign qa-sign-wrong" lang="zh-CN"><span>{escaped(problem)}</span>'
        '<button type="button" class="qa-unfilter">清除</button></p>'
    )


def _named(text: str, ids: Container[str], entries: Sequence[CatalogueEntry]) -> Sequence[str]:
    if not text or text in ids:
        return (text,) if text else ()
    part = text.casefold()
    found = [e.id for e in entries if part in (e.title or "").casefold() or part in e.id.casefold()]
    return found or (text,)


def _transcript_name(entry: CatalogueEntry) -> str:
    title = shortened(entry.title or entry.id, _MAX_NAME_CHARS)
    return f"{title}（{readable_date(entry.date)}）" if entry.date else title


def _by_frequency(names: Iterable[str]) -> tuple[Choice, ...]:
    return tuple((name, name) for name, _ in Counter(names).most_common(_MOST_NAMES))


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(shortened(name, _MAX_NAME_CHARS) for name in names[:_SHOWN_NAMES])
    return shown if len(names) <= _SHOWN_NAMES else f"{shown}等 {len(names)} 项"


def _date(name: str, value: str | None) -> str | None:
    """Return a date as filters want it, from any of the ways people write one."""
    text = unicodedata.normalize("NFKC", value or "").strip().replace(" ", "")
    if not text:
        return None
    match = _DATE.fullmatch(text)
    date = "-".join(part.zfill(2) for part in match.groups() if part) if match else text
    try:
        return Filters(since=date).since
    except QABotError as error:
        said = shortened(text, _MAX_NAME_CHARS)
        raise QABotError(f"{name}“{said}”不是日期，请写成 2017、2017-03 或 2017-03-08。") from error
