"""Choose questions that a visitor can try at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from qa_bot.records import Transcript
from qa_bot.text import sentence_spans

EXAMPLE_COUNT: Final = 5
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


def example_questions(transcripts: Sequence[Transcript], count: int = EXAMPLE_COUNT) -> tuple[str, ...]:
    """Return at most `count` questions: those written for a transcript, then its journalists' own."""
    chosen = [question for transcript in transcripts for question in _CHOSEN.get(transcript.id, ())]
    asked = [question for transcript in transcripts for question in _short_questions(transcript)]
    return tuple(dict.fromkeys([*chosen, *asked]))[:count]


def _short_questions(transcript: Transcript) -> Iterator[str]:
    """Yield the first short sentence of each journalist that ends in a question mark."""
    for exchange in transcript.exchanges:
        spans = sentence_spans(transcript.text, exchange.question.words)
        sentences = (span.of(transcript.text).strip() for span in spans)
        if found := next(filter(_is_short_question, sentences), None):
            yield found


def _is_short_question(sentence: str) -> bool:
    return sentence.endswith(("？", "?")) and _SHORTEST <= len(sentence) <= _LONGEST
