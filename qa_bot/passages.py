"""Cut an official's words into passages: paragraphs, and the long ones at sentence ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qa_bot.dates import readable_date
from qa_bot.records import Exchange, Passage, Span, Speaker, Transcript, Turn
from qa_bot.text import line_spans, sentence_spans, trimmed

#: A paragraph of more characters is cut. Most models read about 500 Chinese characters at once.
MAX_PASSAGE_CHARS: Final = 500


def cut_passages(transcript: Transcript, max_chars: int = MAX_PASSAGE_CHARS) -> tuple[Passage, ...]:
    """Cut the statements and the answers of a transcript, in the order of its exchanges.

    The passages of a turn share no character and hold every character of it that is not blank.
    Their ids are readable and stay while the text does: `<transcript>#<exchange>.<part>`, parts
    counting from 1 and statements standing under exchange 0.
    """
    passages: list[Passage] = []
    for exchange, turns in _groups(transcript):
        spans = [(turn, span) for turn in turns for span in cut_turn(transcript.text, turn, max_chars)]
        number = exchange.number if exchange else 0
        passages += [
            Passage(f"{transcript.id}#{number}.{part}", transcript, turn, exchange, span)
            for part, (turn, span) in enumerate(spans, start=1)
        ]
    return tuple(passages)


def event_text(transcript: Transcript) -> str:
    """Return title, event and date of a transcript as one text, the date the Chinese way too."""
    date = transcript.date.value if transcript.date else ""
    parts = (transcript.title, transcript.event, date, readable_date(date))
    return " ".join(part for part in parts if part)


def speaker_text(speaker: Speaker) -> str:
    """Return the office and the name of a speaker as one text."""
    return " ".join(part for part in (speaker.office, speaker.name) if part)


def cut_turn(text: str, turn: Turn, max_chars: int) -> Iterator[Span]:
    """Yield the passages of one turn as spans, in order."""
    for paragraph in line_spans(text, turn.words):
        yield from _cut_paragraph(text, paragraph, max_chars)


def _groups(transcript: Transcript) -> Iterator[tuple[Exchange | None, tuple[Turn, ...]]]:
    yield None, transcript.statements
    for exchange in transcript.exchanges:
        yield exchange, exchange.answers


def _cut_paragraph(text: str, paragraph: Span, max_chars: int) -> Iterator[Span]:
    """Cut into the fewest parts that fit, of about equal length; one over-long sentence stays whole."""
    if len(paragraph) <= max_chars:
        yield paragraph
        return
    target = len(paragraph) / -(-len(paragraph) // max_chars)
    start = end = paragraph.start
    for sentence in sentence_spans(text, paragraph):
        too_long = sentence.end - start > max_chars
        past_target = (sentence.start + sentence.end) / 2 - start > target
        if sentence.start > start and (too_long or past_target):
            yield trimmed(text, Span(start, end))
            start = sentence.start
        end = sentence.end
    yield trimmed(text, Span(start, end))
