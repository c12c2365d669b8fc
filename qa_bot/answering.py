"""Turn hits into an answer: the official's own words with their citations, or honest silence."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from qa_bot.evidence import ENOUGH, Evidence
from qa_bot.records import Passage
from qa_bot.results import Answer, Citation, Hit, Outcome, Topic
from qa_bot.smalltalk import small_talk
from qa_bot.terms import HAN

MAX_QUESTION_CHARS: Final = 2000
#: A further passage is cited only when its score is at least this part of the best one's.
_WORTH_CITING: Final = 0.6


def refusal(question: str) -> str | None:
    """Return why a question can't be asked at all, in words, or None when it can.

    Raises TypeError for anything but a str.
    """
    if not isinstance(question, str):
        raise TypeError(f"a question must be a str, not {type(question).__name__}")
    if not question.strip():
        return "问题是空的，请输入一个问题。"
    if len(question) > MAX_QUESTION_CHARS:
        return (
            f"问题太长：{len(question)} 字，最多 {MAX_QUESTION_CHARS} 字。请缩短后再问。"
            if HAN.search(question)
            else f"The question is too long: {len(question)} characters, at most {MAX_QUESTION_CHARS}."
        )
    if not any(character.isalnum() for character in question):
        return "问题里没有文字，请用一句话提问。"
    return small_talk(unicodedata.normalize("NFKC", question))


def answer(question: str, hits: Sequence[Hit], evidence: Evidence) -> Answer:
    """Answer with the hits worth citing, or abstain when the evidence is not enough."""
    if not hits or evidence.strength < ENOUGH:
        return Answer(question, (), not_found(question))
    floor = _WORTH_CITING * hits[0].score
    citations = tuple(cite(hit) for hit in hits if hit.score >= floor)
    return Answer(question, citations, _found(question, len(citations)))


def cite(hit: Hit) -> Citation:
    """Return a hit's passage as a citation: its words, and every label as the source gives it."""
    passage = hit.passage
    transcript = passage.transcript
    asker = passage.exchange.question.speaker if passage.exchange else None
    return Citation(
        passage_id=passage.id,
        transcript_id=transcript.id,
        quote=passage.text,
        start=passage.span.start,
        end=passage.span.end,
        speaker=str(passage.turn.speaker),
        office=passage.turn.speaker.office,
        question=passage.question,
        asker=str(asker) if asker else None,
        outlet=asker.outlet if asker else None,
        title=transcript.title,
        url=transcript.url,
        date=transcript.date.value if transcript.date else None,
        score=hit.score,
        marked=hit.marked,
    )


def topic(passage: Passage) -> Topic | None:
    """Return the exchange of a passage as a topic, or None for words that answer nobody."""
    if passage.exchange is None or passage.question is None:
        return None
    asker = passage.exchange.question.speaker
    transcript = passage.transcript
    return Topic(
        link=passage.id.rpartition(".")[0],
        question=passage.question,
        asker=str(asker) or None,
        title=transcript.title,
        date=transcript.date.value if transcript.date else None,
    )


def not_asked(question: str, reason: str) -> Answer:
    """Return the answer to what is no question to the transcripts."""
    return Answer(question, (), reason, Outcome.NOT_ASKED)


def filtered_out(question: str) -> Answer:
    """Return the answer to a question whose filters leave no passage to search."""
    reason = (
        "没有符合筛选条件的记录，请放宽条件后再问。"
        if HAN.search(question)
        else "No transcript passes the filters; please widen them."
    )
    return Answer(question, (), reason, Outcome.FILTERED_OUT)


def hidden_by_filters(question: str) -> Answer:
    """Return the answer to a question that only passages which the filters leave out would answer."""
    hint = (
        "筛选范围之外有相关内容，可放宽条件后再问。"
        if HAN.search(question)
        else " Outside the filters there is something; widen them to see it."
    )
    return Answer(question, (), not_found(question) + hint)


def not_found(question: str) -> str:
    """Return the words that say the transcripts hold no answer, in the question's language."""
    if HAN.search(question):
        return "在这些记录中没有找到相关回答。"
    return "Not found in these transcripts."


def _found(question: str, count: int) -> str:
    if HAN.search(question):
        return f"找到 {count} 段官方原话。"
    return f"Found {count} official passage{'s' if count > 1 else ''}."
