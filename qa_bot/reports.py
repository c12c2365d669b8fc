"""Say answers, hits and measures in JSON and in readable lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from qa_bot.answering import cite
from qa_bot.records import Answer, Citation, Hit
from qa_bot.text import shortened

_EXCERPT_CHARS: Final = 60
Json = dict[str, object]
_LINE_END: Final = re.compile(r"\r\n|[\r\n]")
_LINE_ENDS: Final = re.compile(r"[\r\n\x0b\x0c\x85]+")
#: What a terminal obeys rather than shows: control characters, and those that turn the reading order.
_OBEYED: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")


def one_line(text: str) -> str:
    r"""Return a text as a terminal may show it: on one line, what it would obey replaced by U+FFFD.

    >>> one_line("a\x1b[2J\u202eb\r\nc")
    'a\ufffd[2J\ufffdb c'
    """
    return _OBEYED.sub("\ufffd", _LINE_ENDS.sub(" ", text))


def verbatim_lines(before: str, text: str) -> Iterator[str]:
    """Yield the lines of a text as they are, with something before the first."""
    first, *others = _LINE_END.split(text)
    yield f"{one_line(before)}{first}"
    yield from others


def answer_json(answer: Answer) -> Json:
    """Return an answer as JSON: question, abstained, outcome, reason and the citations, best first."""
    return {
        "question": answer.question,
        "abstained": answer.abstained,
        "outcome": answer.outcome.value,
        "reason": answer.reason,
        "citations": [asdict(citation) for citation in answer.citations],
    }


def hit_json(hit: Hit) -> Json:
    """Return a hit as JSON: its rank and scores, and its passage as a citation."""
    return {"rank": hit.rank, "scores": dict(hit.scores), **asdict(cite(hit))}


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer as lines to read: each quote, and below it who said it, to whom and where."""
    yield answer.reason
    for number, citation in enumerate(answer.citations, start=1):
        yield ""
        yield from verbatim_lines(f"[{number}] ", citation.quote)
        yield from _source_lines(citation)


def hit_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """Yield hits as lines to read: rank, score and each leg's, then the passage and its source."""
    for hit in hits:
        legs = " ".join(f"{leg} {score:.3f}" for leg, score in hit.scores.items())
        yield f"{hit.rank}. {hit.score:.3f} ({legs})  {hit.passage.id}"
        yield from verbatim_lines("    ", hit.passage.text)
        yield from _source_lines(cite(hit))
        yield ""


def measures_table(measures: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield measures as a Markdown table, a row for each leg."""
    names = list(next(iter(measures.values())))
    yield f"| {'leg':<6} | {' | '.join(names)} |"
    yield f"|{'-' * 8}|{'|'.join('-' * (len(name) + 1) + ':' for name in names)}|"
    for leg, values in measures.items():
        cells = " | ".join(f"{values[name]:>{len(name)}.4f}" for name in names)
        yield f"| {leg:<6} | {cells} |"


def _source_lines(citation: Citation) -> Iterator[str]:
    asked = f"，答{citation.asker}问" if citation.asker else ""
    where = "，".join(part for part in (citation.title, citation.date) if part)
    yield f"    —— {_credited(citation)}{asked}" + (f"，{where}" if where else "")
    if citation.question:
        yield f"    问：{shortened(citation.question, _EXCERPT_CHARS)}"
    place = f"{citation.passage_id}，字符 {citation.start}–{citation.end}"
    yield f"    {place}" + (f"，{citation.url}" if citation.url else "")


def _credited(citation: Citation) -> str:
    """Return the office and the name as the language joins them: Latin letters with a blank."""
    office, name = citation.office or "", citation.speaker
    is_latin = _LATIN.match(office[-1:]) or _LATIN.match(name[:1])
    return f"{office} {name}" if office and is_latin else f"{office}{name}"
