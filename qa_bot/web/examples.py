"""Choose questions that a visitor can try at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from qa_bot.records import Transcript
from qa_bot.text import sentence_spans

EXAMPLE_COUNT: Final = 5
#: How many transcripts are opened at most, so that a large collection keeps nobody waiting.
_MOST_READ: Final = 12
_SHORTEST: Final = 8
_LONGEST: Final = 36
_CHOSEN: Final[Mapping[str, tuple[str, ...]]] = {
    "2017-03-08-wangyi": (
        "中方如何看待朝鲜半岛局势？",
        "“一带一路”高峰论坛希望取得哪些成果？",
        "对蒂勒森国务卿印象如何？",
        "中国公民在海外遇到困难怎么办？",
        "中日关系怎样才能改善？",
    )
}


def example_questions(
    ids: Sequence[str], read: Callable[[str], Transcript | None], count: int = EXAMPLE_COUNT
) -> tuple[str, ...]:
    """Return at most `count` questions: those written for a transcript, then its journalists' own.

    Transcripts are named by their ids, and read only as far as questions are still wanted.
    """
    chosen = [question for id in ids for question in _CHOSEN.get(id, ())]
    found: dict[str, None] = {}
    for question in _all(chosen, ids, read):
        found[question] = None
        if len(found) == count:
            break
    return tuple(found)


def _all(
    chosen: Sequence[str], ids: Sequence[str], read: Callable[[str], Transcript | None]
) -> Iterator[str]:
    yield from chosen
    for transcript in map(read, ids[:_MOST_READ]):
        if transcript:
            yield from _short_questions(transcript)


def _short_questions(transcript: Transcript) -> Iterator[str]:
    """Yield the first short sentence of each journalist that ends in a question mark."""
    for exchange in transcript.exchanges:
        spans = sentence_spans(transcript.text, exchange.question.words)
        sentences = (span.of(transcript.text).strip() for span in spans)
        if found := next(filter(_is_short_question, sentences), None):
            yield found


def _is_short_question(sentence: str) -> bool:
    return sentence.endswith(("？", "?")) and _SHORTEST <= len(sentence) <= _LONGEST
