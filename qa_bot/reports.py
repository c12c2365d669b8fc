"""Say answers and hits in JSON and in readable lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from qa_bot.answering import cite
from qa_bot.results import Answer, Citation, Explained, Hit, Outcome, Reason
from qa_bot.terms import HAN
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
    """Return an answer as JSON: how it ended and why, the citations, best first, and nearest topics."""
    return {
        "question": answer.question,
        "understood": answer.understood,
        "abstained": answer.abstained,
        "outcome": answer.outcome.value,
        "reason": answer.reason,
        "citations": [asdict(citation) for citation in answer.citations],
        "topics": [asdict(topic) for topic in answer.topics],
    }


def hit_json(hit: Hit, reasons: Sequence[Reason] | None = None) -> Json:
    """Return a hit as JSON: its rank and scores, its passage as a citation, and why where that is given."""
    why = {} if reasons is None else {"reasons": [asdict(reason) for reason in reasons]}
    return {"rank": hit.rank, "scores": dict(hit.scores), **asdict(cite(hit)), **why}


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer as lines to read: each quote, and below it who said it, to whom and where."""
    if answer.understood and answer.understood != answer.question:
        yield (
            f"理解为：{answer.understood}"
            if HAN.search(answer.question)
            else f"Understood as: {answer.understood}"
        )
    yield answer.reason
    if answer.outcome is Outcome.NOT_FOUND and answer.topics:
        yield from _topic_lines(answer)
    for number, citation in enumerate(answer.citations, start=1):
        yield ""
        yield from verbatim_lines(f"[{number}] ", citation.quote)
        yield from _source_lines(citation)


def hit_lines(found: Sequence[Explained], *, explain: bool = False) -> Iterator[str]:
    """Yield hits as lines to read: rank, score and each leg's, the passage, its source, and why."""
    for explained in found:
        hit = explained.hit
        legs = " ".join(f"{leg} {score:.3f}" for leg, score in hit.scores.items())
        yield f"{hit.rank}. {hit.score:.3f} ({legs})  {hit.passage.id}"
        yield from verbatim_lines("    ", hit.passage.text)
        yield from _source_lines(cite(hit))
        if explain:
            yield from map(_reason_line, explained.reasons)
        yield ""


def _reason_line(reason: Reason) -> str:
    """Return a part of a score: its size and leg, the words it is for, and the entry that says so."""
    said = f"  {reason.said}" if reason.said else ""
    entry = f"  [{shortened(reason.entry, _EXCERPT_CHARS)}]" if reason.entry else ""
    return f"    {reason.score:.3f} {reason.leg}{said}{entry}"


def _topic_lines(answer: Answer) -> Iterator[str]:
    """Yield what the transcripts do hold, plainly not as an answer."""
    yield (
        "相近的话题（不是回答）：" if HAN.search(answer.question) else "Nearest topics (not an answer):"
    )
    for topic in answer.topics:
        asker = f"{topic.asker}：" if topic.asker else ""
        yield f"    {asker}{shortened(topic.question, _EXCERPT_CHARS)}  {topic.link}"


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
