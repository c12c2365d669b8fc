"""Describe an event from what stands around the speech: title, event, date, venue and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Final

from qa_bot.dates import EVENT, SESSION, find_date
from qa_bot.furniture import is_furniture, is_note
from qa_bot.header import KEYS, header_key
from qa_bot.page import Page
from qa_bot.records import Fact, HeaderField, Metadata, Span
from qa_bot.text import is_latin

_MAX_TITLE_CHARS: Final = 90
_MAX_LATIN_TITLE_CHARS: Final = 160
_HEAD_LINES: Final = 6
#: What tells of the event stands at the beginning of a paragraph.
_MAX_TOLD_CHARS: Final = 300
#: The nouns with which the name of an event ends.
_EVENT_NAME: Final = re.compile(
    r"(?P<event>[^，。：:；（）()【】!?！？]*?(?:例行)?(?:新闻发布会|新聞發布會|发布会|发布會|吹风会|记者招待会|记者会|記者會|见面会|通气会|座谈会|記者茶敘|茶敘|媒體茶敘|说明会|說明會|专访|專訪|访谈|訪談|訪問|採訪|"
    r"(?:Regular |Daily |Joint )*(?:Press|News) (?:Conference|Briefing|Availability)|Interview(?: with [A-Z][\w ]+)?))",
    re.IGNORECASE,
)
_LEADING_DATE: Final = re.compile(
    r"^\W*(?:(?:19|20)\d{2}(?:年|[-./])\s*\d{1,2}(?:月|[-./])(?:\s*\d{1,2}[日号號]?)?|\d{1,2}月\d{1,2}[日号號])(?:[（(]?星期.[）)]?)?(?:上午|下午|晚)?(?:\d{1,2}[时時点點:]\d{0,2}分?)?[\s，,—-]*"
)
_VENUE: Final = re.compile(
    r"在(?P<venue>[^，。在、]{2,24}?(?:厅|廳|中心|大楼|大樓|会堂|會堂|宾馆|饭店|酒店|会议室|會議室|总部|總部|馆|館|礼堂|礼宾楼|国宾馆))(?:三楼.{2,6}厅|[^，。]{0,10}厅)?(?=举行|召开|舉行|召開|举办|会见|同|就|与|，|内|裡|里)"
)
#: When the page was published, on a line of its own.
_PUBLISHED: Final = re.compile(
    r"\W*(?:(?:发布|发稿|發布|發稿)?(?:时间|日期|時間)[：:])?\s*(?P<date>(?:19|20)\d{2}(?:年|[-/.])\s*\d{1,2}(?:月|[-/.])\s*\d{1,2}[日号號]?)(?!\d).{0,40}"
)
_DATE_ALONE: Final = re.compile(
    r"\W*(?:(?:19|20)\d{2}年\s*\d{1,2}月\s*\d{1,2}[日号號]|[A-Z][A-Za-z]+ \d{1,2}, (?:19|20)\d{2}"
    r"|\d{1,2} [A-Z][A-Za-z]+ (?:19|20)\d{2})\W*(?:星期.\W*)?"
)
#: 首页 > 发言人 > 例行记者会: where a page stands on its site; and the name of a part of a site.
_NO_TITLE: Final = re.compile(
    r"\s(?:>{1,2}|»|›|/|－|→)\s.*\s(?:>{1,2}|»|›|/|－|→)\s|^(?:briefing room|remarks|speeches|transcript|newsroom|press releases?)$",
    re.IGNORECASE,
)
#: The text itself says that it tells of the day on which it appeared.
_SAME_DAY: Final = re.compile(r"今日|今天|图文直播|现场直播|直播实录|\btoday\b", re.IGNORECASE)
#: Where a page lies, and under which licence: source: https://… (CC0-1.0)
_ADDRESS: Final = re.compile(r"(?P<url>https?://\S+)(?:\s+[（(](?P<licence>[A-Z][\w .-]{1,40})[）)])?")
_LATIN: Final = re.compile(r"[A-Za-z]{2,}")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
#: Characters that simplified writing never uses, and those that traditional writing never does.
_TRADITIONAL: Final = re.compile(
    r"[們這說國時對會個為過還問題來與發關長經點現後實學業應當電員將從種動報場連體區總處務權認議論]"
)
_SIMPLIFIED: Final = re.compile(
    r"[们这说国时对会个为过还问题来与发关长经点现后实学业应当电员将从种动报场连体区总处务权认议论]"
)


def describe(
    page: Page, header: Sequence[HeaderField], narration: Sequence[Span], stated: Metadata
) -> Metadata:
    """Return what is known of the event; what the file states beside the text comes first.

    `narration` is what stands above the first turn.
    """
    title = title_of(page, header, narration)
    told = (span.of(page.text)[:_MAX_TOLD_CHARS] for span in narration)
    above = [*([title.value] if title else []), *told]
    source = _header_fact(header, "publisher")
    address = _ADDRESS.match(source.value) if source else None
    if source and address:
        source = replace(source, value=address["url"])
    found = Metadata(
        title=title,
        event=_header_fact(header, "event") or _event(above, title),
        date=_date(page, header, above),
        venue=_header_fact(header, "venue") or _venue(above),
        url=_header_fact(header, "url") or (source if address else None),
        publisher=_header_fact(header, "publisher") if not address else None,
        language=_header_fact(header, "language") or _language(page.text),
        licence=_header_fact(header, "licence") or _licence_beside(source, address),
    )
    overriding = {
        entry.name: value for entry in fields(Metadata) if (value := getattr(stated, entry.name))
    }
    return replace(found, **overriding)


def _licence_beside(source: Fact | None, address: re.Match[str] | None) -> Fact | None:
    """Return the licence that stands in brackets behind an address."""
    licence = address["licence"] if address else None
    return Fact(licence, source.derivation) if source and licence else None


def title_of(page: Page, header: Sequence[HeaderField], above: Sequence[Span]) -> Fact | None:
    """Return the title: the header's, or the line that heads the page.

    `above` is the narration above the first turn. Among its first lines, the one that names a session
    with journalists is the title, or else the very first.
    """
    if stated := _header_fact(header, "title"):
        return stated
    starts = {span.start for span in above}
    heads = [page.words(line) for line in page.lines[:_HEAD_LINES] if line.core.start in starts]
    titles = [words for words in heads if _is_title(words)]
    first = titles[:1] if titles and heads and titles[0] == heads[0] else []
    named = [words for words in titles if SESSION.search(words)] or first
    return Fact(named[0], "heads the page") if named else None


def _is_title(words: str) -> bool:
    if not words or is_note(words) or is_furniture(words) or _NO_TITLE.search(words):
        return False
    most = _MAX_LATIN_TITLE_CHARS if is_latin(words) else _MAX_TITLE_CHARS
    return len(words) <= most and not re.search(r"[。！；]$", words) and not header_key(words)


def _header_fact(header: Sequence[HeaderField], name: str) -> Fact | None:
    """Return the first value of the header's lines that state one thing, unless it is blank."""
    return next(
        (
            Fact(field.value, f"the header's line {field.key}")
            for field in header
            if KEYS.get(field.key) == name and field.value
        ),
        None,
    )


def _date(page: Page, header: Sequence[HeaderField], above: Sequence[str]) -> Fact | None:
    """Return the day of the event; `above` are the title and the lines above the first turn."""
    stated = _header_fact(header, "date")
    named, headed = find_date(None, above[:1]), find_date(stated.value, ()) if stated else None
    if headed and named and "X" not in named.value + headed.value and headed.value != named.value:
        return None
    told = headed or find_date(None, above)
    if told is None and any(_SAME_DAY.search(line) for line in above):
        lines = [page.words(line) for line in page.lines if not line.heading]
        days = {match["date"] for line in lines if (match := _PUBLISHED.fullmatch(line))}
        return (
            _day(days.pop(), "the page's own date; the text tells of that day")
            if len(days) == 1
            else None
        )
    alone = [line for line in above if _DATE_ALONE.fullmatch(line)]
    return told or (_day(alone[0], f"stated in the text: {alone[0]}") if len(alone) == 1 else None)


def _day(stated: str, derivation: str) -> Fact | None:
    found = find_date(stated, ())
    return Fact(found.value, derivation) if found else None


def _event(above: Sequence[str], title: Fact | None) -> Fact | None:
    """Return the event in the source's own words: a stretch of the title, or of an opening line."""
    for line in above[:8]:
        match = _EVENT_NAME.search(_LEADING_DATE.sub("", line)) if EVENT.search(line) else None
        if match and len(match["event"].strip()) > 2:
            where = "the title" if title and line == title.value else "the text"
            return Fact(match["event"].strip(" ·-—#"), f"named in {where}")
    return None


def _venue(above: Sequence[str]) -> Fact | None:
    for line in above[:8]:
        match = _VENUE.search(line)
        if match:
            return Fact(match["venue"], "named in the text")
    return None


def _language(text: str) -> Fact | None:
    """Return the language of a text by its script: zh-Hans, zh-Hant, en, or both with the larger first."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    traditional, simplified = len(_TRADITIONAL.findall(text)), len(_SIMPLIFIED.findall(text))
    chinese = "zh-Hant" if traditional > simplified else "zh-Hans"
    if han == latin == 0:
        return None
    if han > 4 * latin:
        return Fact(chinese, "the script of the text")
    return Fact("en" if latin > 4 * han else f"{chinese}, en", "the script of the text")
