"""Say what was understood of a transcript, and what a collection holds, in JSON and in lines to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Final

from qa_bot.passages import cut_passages
from qa_bot.records import (
    CatalogueEntry,
    Exchange,
    Fact,
    Metadata,
    Passage,
    Report,
    Role,
    Span,
    Speaker,
    Transcript,
    Turn,
)
from qa_bot.reports import verbatim_lines
from qa_bot.text import line_spans, shortened

_EXCERPT_CHARS: Final = 60
_TITLE_CHARS: Final = 40
Json = dict[str, object]


def transcript_json(transcript: Transcript) -> Json:
    """Return what was understood of a transcript as JSON; start and end are character offsets."""
    text = transcript.text
    facts = _facts(transcript.metadata)
    return {
        "id": transcript.id,
        **{name: fact.value if fact else None for name, fact in facts},
        "derivations": {name: fact.derivation for name, fact in facts if fact},
        "layouts": [asdict(use) for use in transcript.layouts],
        "certainty": transcript.certainty,
        "speakers": [
            {**_speaker_json(casting.speaker), "derivation": casting.derivation}
            for casting in transcript.cast
        ],
        "header": [{"key": f.key, "value": f.value, **asdict(f.span)} for f in transcript.header],
        "narration": [_span_json(span, text) for span in transcript.narration],
        "marks": [_span_json(span, text) for span in transcript.marks],
        "turns": [_turn_json(turn, text) for turn in transcript.turns],
        "exchanges": [_exchange_json(exchange, transcript) for exchange in transcript.exchanges],
        "statements": [transcript.turns.index(turn) for turn in transcript.statements],
        "remarks": [asdict(remark) for remark in transcript.remarks],
    }


def transcript_lines(transcript: Transcript) -> Iterator[str]:
    """Yield what was understood of a transcript as lines to read."""
    for name, fact in _facts(transcript.metadata):
        yield f"{name:<10} {f'{fact.value} ({fact.derivation})' if fact else 'unknown'}"
    layouts = ", ".join(f"{use.layout} ({use.labels} labels)" for use in transcript.layouts)
    yield f"layout     {layouts or 'none recognised'}"
    yield f"certainty  {transcript.certainty:.2f} of 1"
    counts = f"{len(transcript.turns)} turns, {len(transcript.exchanges)} exchanges, "
    yield f"counts     {counts}{len(transcript.statements)} statements"
    yield ""
    turns = Counter(turn.speaker for turn in transcript.turns)
    for casting in transcript.cast:
        who = casting.speaker
        yield f"{turns[who]:>4} {who.role.value:<10} {_named(who)} ({casting.derivation})"
    yield ""
    for number, turn in enumerate(transcript.turns, start=1):
        speaker = f"{turn.role.value:<10} {turn.speaker}"
        yield f"{number:>4}  {speaker}: {shortened(turn.words.of(transcript.text), _EXCERPT_CHARS)}"
    for remark in transcript.remarks:
        yield f"remark: line {remark.line}, {remark.excerpt!r}: {remark.message}"


def catalogue_json(entries: Sequence[CatalogueEntry]) -> list[Json]:
    """Return the transcripts of a collection as JSON, in the order of their ids."""
    return [
        {**asdict(entry), "speakers": [_speaker_json(who) for who in entry.speakers]}
        for entry in entries
    ]


def catalogue_lines(entries: Sequence[CatalogueEntry]) -> Iterator[str]:
    """Yield a line for each transcript: id, date, counts, title, and the file it was read from."""
    width = max((len(entry.id) for entry in entries), default=0)
    for entry in entries:
        counts = f"{entry.exchanges:>3} exchanges {entry.passages:>4} passages"
        title = shortened(entry.title or "untitled", _TITLE_CHARS)
        yield f"{entry.id:<{width}}  {entry.date or 'no date':<10}  {counts}  {title}  {entry.place}"


def change_json(report: Report) -> Json:
    """Return what was done to a collection as JSON."""
    return asdict(report)


def change_lines(report: Report) -> Iterator[str]:
    """Yield what was done to a collection as lines to read."""
    for verb, ids in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
    ):
        yield from (f"{verb} {id}" for id in ids)
    for duplicate in report.duplicates:
        yield f"left out {duplicate.place}: its text is that of {duplicate.twin}"
    for pair in report.same_events:
        yield f"same event: {pair.id} and {pair.other} share {pair.share:.0%} of the sentences"
    counts = (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
    )
    yield f"{counts}{report.unchanged} unchanged; {report.embedded} passages embedded"


def link_lines(link: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what a link means with its context: each exchange whole, the linked passages marked ▶.

    `link` is `T`, `T#8` or `T#8.1`; the passages are those it means, at least one.
    """
    transcript = passages[0].transcript
    yield transcript.title or transcript.id
    told = (transcript.date.value if transcript.date else None, transcript.event, transcript.url)
    yield " · ".join(part for part in told if part)
    marked = {passage.id for passage in passages} if "." in link.partition("#")[2] else set()
    wanted = {passage.exchange.number if passage.exchange else 0 for passage in passages}
    grouped: dict[int, list[Passage]] = {number: [] for number in sorted(wanted)}
    for passage in cut_passages(transcript):
        number = passage.exchange.number if passage.exchange else 0
        if number in grouped:
            grouped[number].append(passage)
    for number, group in grouped.items():
        yield ""
        yield from _group_lines(f"{transcript.id}#{number}", group, marked)


def link_json(passages: Sequence[Passage]) -> list[Json]:
    """Return the passages that a link means as JSON, each with its question and its place."""
    return [
        {
            "passage_id": passage.id,
            **_span_json(passage.span, passage.transcript.text),
            "speaker": _speaker_json(passage.turn.speaker),
            "question": passage.question,
            "asker": str(passage.exchange.question.speaker) if passage.exchange else None,
            "title": passage.transcript.title,
            "date": passage.transcript.date.value if passage.transcript.date else None,
            "url": passage.transcript.url,
        }
        for passage in passages
    ]


def _group_lines(id: str, group: Sequence[Passage], marked: set[str]) -> Iterator[str]:
    """Yield an exchange, or the statements of a transcript, paragraph by paragraph."""
    yield f"## {id}"
    text, exchange = group[0].transcript.text, group[0].exchange
    for turn in exchange.questions if exchange else ():
        for line in line_spans(text, turn.words):
            yield f"  {turn.speaker}：{line.of(text)}"
    for passage in group:
        mark = "▶" if passage.id in marked else " "
        before = f"{mark} [{passage.id}] {passage.turn.speaker}："
        yield from verbatim_lines(before, passage.text)


def _facts(metadata: Metadata) -> list[tuple[str, Fact | None]]:
    return [(entry.name, getattr(metadata, entry.name)) for entry in fields(Metadata)]


def _named(speaker: Speaker) -> str:
    named = speaker.role in (Role.OFFICIAL, Role.MODERATOR) and speaker.office and speaker.name
    return f"{speaker.office} {speaker.name}" if named else str(speaker)


def _speaker_json(speaker: Speaker) -> Json:
    return {"speaker": str(speaker), **asdict(speaker), "role": speaker.role.value}


def _turn_json(turn: Turn, text: str) -> Json:
    return {
        **_speaker_json(turn.speaker),
        "label": _span_json(turn.label, text),
        **_span_json(turn.words, text),
    }


def _exchange_json(exchange: Exchange, transcript: Transcript) -> Json:
    """Return an exchange; `question`, `questions` and `answers` are positions in the list of turns."""
    asker = exchange.question.speaker
    return {
        "number": exchange.number,
        "asker": str(asker),
        "outlet": asker.outlet,
        "question": transcript.turns.index(exchange.question),
        "questions": [transcript.turns.index(turn) for turn in exchange.questions],
        "answers": [transcript.turns.index(turn) for turn in exchange.answers],
    }


def _span_json(span: Span, text: str) -> Json:
    return {**asdict(span), "text": span.of(text)}
