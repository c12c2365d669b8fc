"""Tell when two files hold one text, and when two transcripts are of one event."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from qa_bot.records import Role, SameEvent, Transcript
from qa_bot.text import line_spans, sentence_spans

#: Shorter sentences, such as 谢谢。, are said at every event.
_LEAST_CHARS: Final = 10
#: At or above this share of the shorter one's sentences, two transcripts of one date are one event.
_LARGE_SHARE: Final = 0.5
#: What more transcripts than this say is a formula, and tells no two of them apart.
_MOST_HOLDERS: Final = 20


def text_key(text: str) -> str:
    """Return a hash of a text that blanks and line ends do not change.

    Raises UnicodeEncodeError for what is no text: half of a surrogate pair.
    """
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def official_sentences(transcript: Transcript) -> frozenset[str]:
    """Return the sentences of a transcript's officials, without blanks, leaving out the short ones."""
    text = transcript.text
    sentences = (
        "".join(sentence.of(text).split())
        for turn in transcript.turns
        if turn.role is Role.OFFICIAL
        for line in line_spans(text, turn.words)
        for sentence in sentence_spans(text, line)
    )
    return frozenset(sentence for sentence in sentences if len(sentence) >= _LEAST_CHARS)


def same_events(
    sentences: Mapping[str, frozenset[str]], changed: Collection[str]
) -> Iterator[SameEvent]:
    """Yield the pairs, among transcripts of one date, that share most of their official sentences.

    Only pairs with a changed transcript are looked for; `sentences` holds each transcript's by id.
    """
    holders: dict[str, list[str]] = defaultdict(list)
    for id, said in sorted(sentences.items()):
        for sentence in said:
            holders[sentence].append(id)
    for id in sorted(changed):
        shared = Counter(
            other
            for sentence in sentences[id]
            if len(holders[sentence]) <= _MOST_HOLDERS
            for other in holders[sentence]
            if other != id and (other not in changed or other > id)
        )
        for other, count in sorted(shared.items()):
            share = count / min(len(sentences[id]), len(sentences[other]))
            if share >= _LARGE_SHARE:
                yield SameEvent(id, other, share)
