"""Show in the source panel what a link means: a passage in its place, an exchange, a transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from qa_bot.dates import readable_date
from qa_bot.records import (
    CatalogueEntry,
    Exchange,
    Fact,
    Passage,
    Role,
    Span,
    Speaker,
    Transcript,
    Turn,
)
from qa_bot.text import line_spans, shortened
from qa_bot.web.markup import (
    LIST_LINK,
    date_html,
    escaped,
    facts_html,
    inward_html,
    joined,
    outward_html,
    role_word,
)
from qa_bot.web.wording import in_chinese

MARK_ID: Final = "qa-mark"
NOT_AN_ANSWER: Final = "开场或主动发言"
_STATEMENTS: Final = "0"
_MAX_LISTED_CHARS: Final = 90
_LANGUAGES: Final = {"zh-Hans": "简体中文", "zh-Hant": "繁体中文", "en": "英文"}


class Shelf(Protocol):
    """What the panel needs of a bot."""

    def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """Return what is known of each transcript."""

    def transcript(self, id: str) -> Transcript | None:
        """Return the transcript with an id, or None."""

    def passage(self, id: str) -> Passage | None:
        """Return the passage with an id, or None."""


def linked_html(shelf: Shelf, link: str) -> str:
    """Return what a link means: a transcript `T`, an exchange `T#8`, a passage `T#8.1`, or nothing."""
    if link == LIST_LINK:
        return catalogue_html(shelf.catalogue())
    id, _, below = link.partition("#")
    if "." in below:
        passage = shelf.passage(link)
        return source_html(passage) if passage else nothing_html(link)
    transcript = shelf.transcript(id)
    if transcript is None:
        return nothing_html(link)
    return _part_html(transcript, below) if below else transcript_html(transcript)


def source_html(passage: Passage) -> str:
    """Return the whole exchange in which a passage stands, with the passage marked."""
    transcript, exchange = passage.transcript, passage.exchange
    turns = (*exchange.questions, *exchange.answers) if exchange else (passage.turn,)
    facts = [
        ("引文位置", f"字符 {passage.span.start}–{passage.span.end}"),
        ("引文编号", inward_html(passage.id, passage.id)),
    ]
    header = _header_html(transcript, passage.id.rpartition(".")[0], exchange, facts)
    return _article_html(passage.id, header + _turns_html(transcript, turns, passage.span))


def exchange_html(transcript: Transcript, exchange: Exchange) -> str:
    """Return one exchange as a whole."""
    link = f"{transcript.id}#{exchange.number}"
    header = _header_html(transcript, link, exchange, [("问答编号", inward_html(link, link))])
    turns = (*exchange.questions, *exchange.answers)
    return _article_html(link, header + _turns_html(transcript, turns))


def transcript_html(transcript: Transcript) -> str:
    """Return what is known of a transcript, and an outline of its questions."""
    outline = "".join(f"<li>{row}</li>" for row in _outline(transcript))
    title = escaped(transcript.title or transcript.id)
    header = (
        f'<header class="qa-source-header"><h2>{title}</h2>'
        f'<p class="qa-place">{joined(_counts(transcript))}</p>'
        f"{facts_html(_metadata(transcript))}</header>"
    )
    body = f'<h3 class="qa-outline-head">问答目录</h3><ul class="qa-outline">{outline}</ul>'
    return _article_html(transcript.id, header + (body if outline else ""))


def catalogue_html(entries: Sequence[CatalogueEntry]) -> str:
    """Return a list of all transcripts that are loaded, each with its link."""
    rows = "".join(f"<li>{entry_html(entry)}</li>" for entry in entries)
    return _article_html(
        LIST_LINK,
        '<header class="qa-source-header"><h2>已载入的记录</h2>'
        f'<p class="qa-place">共 {len(entries)} 份</p></header><ul class="qa-outline">{rows}</ul>',
    )


def entry_html(entry: CatalogueEntry) -> str:
    """Return one line on a transcript: its title with its link, its date and its size."""
    facts = [f'<span class="qa-title">{inward_html(entry.id, entry.title or entry.id)}</span>']
    if entry.date:
        facts.append(date_html(entry.date))
    return joined([*facts, f"{entry.exchanges} 组问答"])


def nothing_html(link: str) -> str:
    """Return the words for a link behind which nothing stands."""
    return _article_html(
        link,
        '<header class="qa-source-header"><h2>这个链接没有对应的原文</h2></header>'
        f'<p class="qa-nothing">已载入的记录里没有 <code>{escaped(shortened(link, 120))}</code>。'
        "它可能已被移除，或者链接不完整。</p>"
        f'<p class="qa-nothing">{inward_html(LIST_LINK, "查看已载入的记录")}</p>',
    )


def empty_source_html() -> str:
    """Return what stands in the source panel as long as no citation is shown."""
    return (
        '<div class="qa-empty" lang="zh-CN"><p>原文</p><p>有了回答，这里会显示引文所在的整组问答，'
        "引文会标出来。点任意引文下的“查看原文”即可切换。</p></div>"
    )


def speaker_html(speaker: Speaker) -> str:
    """Return a speaker with the office, as far as the source says."""
    name = speaker.name or speaker.office or str(speaker)
    office = f" {escaped(speaker.office)}" if speaker.name and speaker.office else ""
    return f"{escaped(name)}{office}（{role_word(speaker)}）"


def fact_html(fact: Fact) -> str:
    """Return a fact with how it was found out."""
    return (
        f'{escaped(fact.value)}<span class="qa-derived">{escaped(in_chinese(fact.derivation))}</span>'
    )


def date_fact_html(fact: Fact) -> str:
    """Return a date with how it was found out."""
    return fact_html(Fact(readable_date(fact.value) or fact.value, fact.derivation))


def _part_html(transcript: Transcript, number: str) -> str:
    if number == _STATEMENTS and transcript.statements:
        link = f"{transcript.id}#{_STATEMENTS}"
        header = _header_html(transcript, link, None, [("编号", inward_html(link, link))])
        return _article_html(link, header + _turns_html(transcript, transcript.statements))
    exchanges = (each for each in transcript.exchanges if str(each.number) == number)
    exchange = next(exchanges, None)
    if exchange is None:
        return nothing_html(f"{transcript.id}#{number}")
    return exchange_html(transcript, exchange)


def _article_html(link: str, body: str) -> str:
    return (
        f'<article class="qa-source" data-link="{escaped(link)}" tabindex="-1" lang="zh-CN">'
        f'<button type="button" class="qa-back">返回回答</button>{body}</article>'
    )


def _header_html(
    transcript: Transcript, link: str, exchange: Exchange | None, facts: list[tuple[str, str]]
) -> str:
    """Return the head of a stretch of a transcript; `link` is that of the exchange."""
    place = f"第 {exchange.number} 组问答" if exchange else NOT_AN_ANSWER
    date = [date_html(transcript.date.value)] if transcript.date else []
    if transcript.url:
        facts = [*facts, ("发布网址", outward_html(transcript.url, transcript.url))]
    title = inward_html(transcript.id, transcript.title or transcript.id)
    return (
        f'<header class="qa-source-header"><h2>{title}</h2>'
        f'<p class="qa-place">{joined([*date, inward_html(link, place)])}</p>'
        f"{facts_html(facts)}</header>"
    )


def _counts(transcript: Transcript) -> list[str]:
    counts = [(len(transcript.exchanges), "组问答"), (len(transcript.statements), "段主动发言")]
    return [f"{count} {what}" for count, what in counts if count] or ["没有认出发言"]


def _metadata(transcript: Transcript) -> Iterator[tuple[str, str]]:
    known = transcript.metadata
    if known.date:
        yield "日期", date_fact_html(known.date)
    for name, fact in (("场合", known.event), ("地点", known.venue), ("发布者", known.publisher)):
        if fact:
            yield name, fact_html(fact)
    if known.language:
        words = [_LANGUAGES.get(code, code) for code in known.language.value.split(", ")]
        yield "语言", escaped("、".join(words))
    if known.licence:
        yield "许可", fact_html(known.licence)
    if known.url:
        yield "网址", outward_html(known.url.value, known.url.value)
    yield from people_facts(transcript)
    yield "记录编号", inward_html(transcript.id, transcript.id)


def people_facts(transcript: Transcript) -> Iterator[tuple[str, str]]:
    """Yield who speaks: the officials and others by name, the journalists by their outlets."""
    speakers = list(dict.fromkeys(turn.speaker for turn in transcript.turns))
    named = [speaker_html(who) for who in speakers if who.role is not Role.JOURNALIST]
    asking = [who.outlet or str(who) for who in speakers if who.role is Role.JOURNALIST]
    if named:
        yield "发言人", "<br>".join(named)
    if asking:
        yield "提问媒体", escaped("、".join(dict.fromkeys(asking)))


def _outline(transcript: Transcript) -> Iterator[str]:
    """Yield a line of HTML for the statements and for each question."""
    if transcript.statements:
        yield inward_html(f"{transcript.id}#{_STATEMENTS}", NOT_AN_ANSWER)
    for exchange in transcript.exchanges:
        words = shortened(exchange.question.words.of(transcript.text), _MAX_LISTED_CHARS)
        asker = f'<span class="qa-asker">{escaped(str(exchange.question.speaker))}</span>'
        number = f'<span class="qa-number">{exchange.number}</span>'
        yield number + asker + inward_html(f"{transcript.id}#{exchange.number}", words or "（无文字）")


def _turns_html(transcript: Transcript, turns: Sequence[Turn], marked: Span | None = None) -> str:
    nowhere = marked or Span(0, 0)
    return "".join(_turn_html(transcript.text, turn, nowhere) for turn in turns)


def _turn_html(text: str, turn: Turn, marked: Span) -> str:
    kind = "qa-journalist" if turn.role is Role.JOURNALIST else "qa-official"
    paragraphs = "".join(
        f"<p>{_marked_html(text, line, marked)}</p>" for line in line_spans(text, turn.words)
    )
    # A speaker who goes on after a note has no label of their own.
    label = f"<h3>{escaped(turn.label.of(text))}</h3>" if len(turn.label) else ""
    return f'<section class="qa-turn {kind}">{label}{paragraphs}</section>'


def _marked_html(text: str, line: Span, marked: Span) -> str:
    """Return one line with the part of it that lies in `marked` highlighted."""
    start, end = max(line.start, marked.start), min(line.end, marked.end)
    if start >= end:
        return escaped(line.of(text))
    before, inside, after = text[line.start : start], text[start:end], text[end : line.end]
    return f'{escaped(before)}<mark id="{MARK_ID}">{escaped(inside)}</mark>{escaped(after)}'
