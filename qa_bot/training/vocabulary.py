"""Make the tokenizer of a static embedding: a unigram model over whole Chinese and English words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from qa_bot.protocols import Segmenter

UNKNOWN: Final = "<unk>"
#: Longer words are left to be cut into the shorter ones they are made of.
MAX_HAN_WORD: Final = 4
_TOKEN_PATTERN: Final = r"[a-z]+|[0-9]+(?:\.[0-9]+)?|\p{Han}+"


def count_words(texts: Iterable[str], segment: Segmenter) -> tuple[Counter[str], Counter[str]]:
    """Count the Chinese words and the Latin or numeric words of `texts`."""
    han: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text in texts:
        for word in segment(text):
            if _is_han(word):
                han.update([word] if len(word) <= MAX_HAN_WORD else [])
                han.update(word)
            elif word.isascii() and word.isalnum():
                other[word.lower()] += 1
    return han, other


def make_tokenizer(han: Counter[str], other: Counter[str], han_size: int, other_size: int) -> Tokenizer:
    """Make a unigram tokenizer of the commonest words, which it cuts by maximum likelihood.

    Every single character seen stays in the vocabulary, so that no known script is unknown.
    """
    letters = Counter({character: 1 for character in "abcdefghijklmnopqrstuvwxyz0123456789."})
    words = _commonest(han, han_size) | _commonest(other, other_size) | _pieces(other) | letters
    total = sum(words.values())
    scores = [(word, math.log(count / total)) for word, count in words.most_common()]
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, -100.0), *scores], unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(
        Regex(_TOKEN_PATTERN), behavior="removed", invert=True
    )
    return tokenizer


def _commonest(counts: Counter[str], size: int) -> Counter[str]:
    return Counter(dict(counts.most_common(size)))


def _pieces(words: Counter[str], size: int = 2500) -> Counter[str]:
    """Count the two- to four-letter beginnings and ends that unknown Latin words are cut into."""
    pieces: Counter[str] = Counter()
    for word in words:
        if word.isalpha():
            for length in (2, 3, 4):
                pieces[word[:length]] += 1
                pieces[word[-length:]] += 1
    return _commonest(pieces, size)


def _is_han(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)
