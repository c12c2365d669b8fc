"""Make the tokenizer of a static embedding: a unigram model over whole Chinese and English words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from qa_bot.protocols import Segmenter

UNKNOWN: Final = "<unk>"
HAN_WORDS: Final = 35_000
OTHER_WORDS: Final = 10_000
#: How often a word of the project's own sources must occur in them to be kept whatever its rank.
OWN_TIMES: Final = 2
#: Longer words are left to be cut into the shorter ones they are made of.
MAX_HAN_WORD: Final = 4
_TOKEN_PATTERN: Final = r"[a-z]+|[0-9]+(?:\.[0-9]+)?|\p{Han}+"


@dataclass(frozen=True, slots=True)
class Words:
    """How often words occur: Chinese ones with their characters, and Latin or numeric ones."""

    han: Counter[str]
    other: Counter[str]


def count_words(texts: Iterable[str], segment: Segmenter) -> Words:
    """Count the words of `texts`."""
    han: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text in texts:
        for word in segment(text):
            if _is_han(word):
                whole = 1 < len(word) <= MAX_HAN_WORD
                han.update([word, *word] if whole else word)
            elif word.isascii() and word.isalnum():
                other[word.lower()] += 1
    return Words(han, other)


def make_tokenizer(public: Words, own: Words) -> Tokenizer:
    """Make a unigram tokenizer of the commonest words, which it cuts by maximum likelihood.

    The words of the project's own sources are kept beside the commonest `HAN_WORDS` and `OTHER_WORDS`
    of the public ones, every single letter or digit too.
    """
    letters = Counter({character: 1 for character in "abcdefghijklmnopqrstuvwxyz0123456789."})
    words = _commonest(public.han, HAN_WORDS) | _commonest(public.other, OTHER_WORDS)
    words |= _repeated(own.han) | _repeated(own.other) | _pieces(public.other) | letters
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


def _repeated(counts: Counter[str]) -> Counter[str]:
    return Counter({word: count for word, count in counts.items() if count >= OWN_TIMES})


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
