"""Say records in JSON and in readable lines, for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from qa_bot.answering import cite
from qa_bot.records import Answer, Citation, Exchange, Hit, Span, Transcript, Turn
from qa_bot.text import shortened

_EXCERPT_CHARS: Final = 60
Json = dict[str, object]


def answer_json(answer: Answer) -> Json:
    """Return an answer as JSON: question, abstained, reason and the citations, best first."""
    return {
        "question": answer.question,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "citations": [asdict(citation) for citation in answer.citations],
    }


def hit_json(hit: Hit) -> Json:
    """Return a hit as JSON: its rank and scores, and its passage as a citation."""
    return {"rank": hit.rank, "scores": dict(hit.scores), **asdict(cite(hit))}


def transcript_json(transcript: Transcript) -> Json:
    """Return what was understood of a transcript as JSON; start and end are character offsets."""
    text = transcript.text
    date = transcript.date
    return {
        "id": transcript.id,
        "title": transcript.title,
        "url": transcript.url,
        "author": transcript.author,
        "date": date.value if date else None,
        "date_derivation": date.derivation if date else None,
        "header": [{"key": f.key, "value": f.value, **asdict(f.span)} for f in transcript.header],
        "narration": [_span_json(span, text) for span in transcript.narration],
        "turns": [_turn_json(turn, text) for turn in transcript.turns],
        "exchanges": [_exchange_json(exchange, transcript) for exchange in transcript.exchanges],
        "statements": [transcript.turns.index(turn) for turn in transcript.statements],
        "remarks": [asdict(remark) for remark in transcript.remarks],
    }


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer as lines to read: each quote, and below it who said it, to whom and where."""
    yield answer.reason
    for number, citation in enumerate(answer.citations, start=1):
        yield ""
        yield f"[{number}] {citation.quote}"
        yield from _source_lines(citation)


def hit_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """Yield hits as lines to read: rank, score and each leg's, then the passage and its source."""
    for hit in hits:
        legs = " ".join(f"{leg} {score:.3f}" for leg, score in hit.scores.items())
        yield f"{hit.rank}. {hit.score:.3f} ({legs})  {hit.passage.id}"
        yield f"    {hit.passage.text}"
        yield from _source_lines(cite(hit))
        yield ""


def transcript_lines(transcript: Transcript) -> Iterator[str]:
    """Yield what was understood of a transcript as lines to read."""
    date = transcript.date
    yield f"title      {transcript.title or 'unknown'}"
    yield f"url        {transcript.url or 'unknown'}"
    yield f"author     {transcript.author or 'unknown'}"
    yield f"date       {f'{date.value} ({date.derivation})' if date else 'unknown'}"
    yield f"turns      {len(transcript.turns)}"
    yield f"exchanges  {len(transcript.exchanges)}"
    yield f"statements {len(transcript.statements)}"
    yield f"narration  {len(transcript.narration)} lines"
    yield ""
    for number, turn in enumerate(transcript.turns, start=1):
        speaker = f"{turn.role.value:<10} {turn.speaker}"
        yield f"{number:>4}  {speaker}: {shortened(turn.words.of(transcript.text), _EXCERPT_CHARS)}"
    for remark in transcript.remarks:
        yield f"remark: line {remark.line}, {remark.excerpt!r}: {remark.message}"


def measures_table(measures: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield measures as a Markdown table, a row for each leg."""
    names = list(next(iter(measures.values())))
    yield f"| {'leg':<6} | {' | '.join(names)} |"
    yield f"|{'-' * 8}|{'|'.join('-' * (len(name) + 1) + ':' for name in names)}|"
    for leg, values in measures.items():
        cells = " | ".join(f"{values[name]:>{len(name)}.4f}" for name in names)
        yield f"| {leg:<6} | {cells} |"


def _source_lines(citation: Citation) -> Iterator[str]:
    office = citation.office or ""
    asked = f"，答{citation.asker}问" if citation.asker else ""
    where = "，".join(part for part in (citation.title, citation.date) if part)
    yield f"    —— {office}{citation.speaker}{asked}" + (f"，{where}" if where else "")
    if citation.question:
        yield f"    问：{shortened(citation.question, _EXCERPT_CHARS)}"
    place = f"{citation.passage_id}，字符 {citation.start}–{citation.end}"
    yield f"    {place}" + (f"，{citation.url}" if citation.url else "")


def _turn_json(turn: Turn, text: str) -> Json:
    speaker = turn.speaker
    return {
        "speaker": str(speaker),
        "role": turn.role.value,
        "office": speaker.office,
        "outlet": speaker.outlet,
        "label": _span_json(turn.label, text),
        **_span_json(turn.words, text),
    }


def _exchange_json(exchange: Exchange, transcript: Transcript) -> Json:
    """Return an exchange; `question` and `answers` are positions in the list of turns."""
    asker = exchange.question.speaker
    return {
        "number": exchange.number,
        "asker": str(asker),
        "outlet": asker.outlet,
        "question": transcript.turns.index(exchange.question),
        "answers": [transcript.turns.index(turn) for turn in exchange.answers],
    }


def _span_json(span: Span, text: str) -> Json:
    return {**asdict(span), "text": span.of(text)}
