"""Turn a document's text into the terms that the sparse leg counts: words, pairs, and names.

A term of one kind never equals one of another: pairs and names carry a mark that no word has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from qa_bot.lexicon import Lexicon, Name, is_word
from qa_bot.protocols import Segmenter

#: A run of Han characters.
HAN: Final = re.compile(r"[\u3400-\u9fff]+")
#: English words that every question and every passage has, and that tell nothing of either.
STOP_WORDS: Final = frozenset(
    """
    a about after again all also am an and any are as at be because been before being between but by can could
    did do does doing done down during each else ever far few for from further get give given go going got
    had has have having he her here hers him his how i if in into is it its itself just kind let like
    made make many may me might more most much must my no nor not of off on once one only or other our
    out over own please put said same say says see she should so some such take tell than that the
    their theirs them then there these they this those though through to too under until up upon us
    very was we were what when where whether which while who whom whose why will with would yet you
    your s t re ve ll d m
    """.split()
)
_PAIR_MARK: Final = "\u2040"
_NAME_MARK: Final = "\u2041"


def index_terms(
    text: str, segment: Segmenter, subwords: Callable[[str], list[str]], lexicon: Lexicon
) -> list[str]:
    """Return the terms of a document: its words, the words in them, its character pairs, its names.

    Words are precise and pairs forgive a wrong cut (一带一路 → 一带|一路); counting both is right more
    often than either alone. A name's term is the same for all its forms.
    """
    words = segment(text)
    terms = [word_term(word, lexicon.stem) for word in words if is_word(word)]
    terms += [shorter for word in words for shorter in subwords(word.lower())]
    terms += [pair for run in HAN.findall(text) for pair in pairs_of(run)]
    return terms + name_terms(words, subwords, lexicon)


def word_term(word: str, stem: Callable[[str], str]) -> str:
    """Return the term of a word: lower case, and without its inflection where it is Latin."""
    return word.lower() if HAN.match(word) else stem(word.lower())


def pairs_of(run: str) -> list[str]:
    """Return the terms of the neighbouring characters of a run of Han characters."""
    return [_PAIR_MARK + run[i : i + 2] for i in range(len(run) - 1)]


def name_term(name: Name) -> str:
    """Return the term of a name, whichever of its forms stands in a text."""
    return _NAME_MARK + name.forms[0].lower()


def name_terms(
    words: Sequence[str], subwords: Callable[[str], list[str]], lexicon: Lexicon
) -> list[str]:
    """Return the terms of the names in a document, those inside a longer word included."""
    entries = [entry for found in lexicon.find(words) for entry in found.entries]
    inside = (lexicon.name(part) for word in words for part in subwords(word.lower()))
    return [name_term(each) for each in (*entries, *inside) if isinstance(each, Name)]


def is_han(text: str) -> bool:
    """Tell whether a text holds nothing but Han characters."""
    return bool(HAN.fullmatch(text))
