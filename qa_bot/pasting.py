"""Find a quote that somebody pasted: how much of it stands in a passage, and exactly where.

Only letters and digits are compared, each folded by itself, so that neither punctuation, blanks and
line ends nor traditional characters hide a quote, and every letter knows where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from qa_bot.records import Span

#: What is shorter is asked, not pasted.
_LEAST_PASTED: Final = 12
#: What share of a long paste must stand in a passage; a short one must stand there as a whole, for
#: of a short question a name may be most.
_LEAST_SHARE: Final = 0.8
_LONG_PASTE: Final = 24.0
#: How much a common run weighs at least: eight Han characters, or four Latin words of five letters.
_LEAST_RUN: Final = 8.0
_LATIN_LETTER: Final = 0.4
_FIRST_CJK: Final = "\u2e80"
#: Runs are found by so many letters in a row, at so many places of the paste at most.
_SEED: Final = 8
_MOST_PLACES: Final = 8
_KEPT: Final = 4


class Folding(dict[int, str]):
    """How each character is compared, by its code point: folded, and empty if no letter or digit.

    A table for `str.translate` that fills as characters come up.
    """

    def __init__(self, fold: Callable[[str], str]) -> None:
        """Fold by a function that writes text in simplified characters, half width and lower case."""
        self._fold = fold
        # A paste is compared with one passage after another.
        self.letters = lru_cache(_KEPT)(self._letters)

    def _letters(self, text: str) -> str:
        """Return the letters and digits of a text as they are compared."""
        return text.translate(self)

    def __missing__(self, code: int) -> str:
        folded = "".join(filter(str.isalnum, self._fold(chr(code))))
        self[code] = folded
        return folded


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters that stand in a paste from `here` on and in a passage from `there` on."""

    here: int
    there: int
    size: int


def is_pasted(text: str) -> bool:
    """Tell whether a text is long enough to be a quote: whether it has 12 letters or digits.

    >>> is_pasted("萨德问题怎么看？"), is_pasted("朝鲜暂停核导活动，美韩也暂停大规模军演")
    (False, True)
    """
    return sum(map(str.isalnum, text)) >= _LEAST_PASTED


def is_quoted(pasted: str, passage: str, fold: Folding) -> bool:
    """Tell whether a pasted text is a quote from a passage, and not a question that shares a name."""
    short = _weight(fold.letters(pasted)) < _LONG_PASTE
    return is_pasted(pasted) and quoted_share(pasted, passage, fold) >= (1 if short else _LEAST_SHARE)


def quoted_share(pasted: str, passage: str, fold: Folding) -> float:
    """Return what share of a pasted text's letters stands in a passage, in order, from 0 to 1.

    Only runs of at least 8 Han characters or some 4 Latin words count, or the text as a whole.

    >>> fold = Folding(str.lower)
    >>> quoted_share("“朝鲜暂停核导活动”", "作为第一步，朝鲜暂停核、导活动。", fold)
    1.0
    """
    letters = fold.letters(pasted)
    return sum(run.size for run in _common(letters, fold.letters(passage))) / max(len(letters), 1)


def quoted_span(pasted: str, text: str, within: Span, fold: Folding) -> Span | None:
    """Return the stretch of `text` that was pasted, sought within a span, or None.

    From the first letter that stands in both to the last, whatever a paste leaves out between.

    >>> text = "作为第一步，朝鲜暂停核导活动。"
    >>> found = quoted_span("朝鲜，暂停核导活动", text, Span(0, len(text)), Folding(str.lower))
    >>> found, found.of(text)
    (Span(start=6, end=14), '朝鲜暂停核导活动')
    """
    folded = [(letter, at) for at in range(within.start, within.end) for letter in fold[ord(text[at])]]
    runs = _common(fold.letters(pasted), "".join(letter for letter, _ in folded))
    if not runs:
        return None
    first, last = min(run.there for run in runs), max(run.there + run.size for run in runs)
    return Span(folded[first][1], folded[last - 1][1] + 1)


def _common(letters: str, passage: str) -> Sequence[_Run]:
    """Return the long runs that two texts have in common, none before another in one text only."""
    whole = passage.find(letters)
    if whole >= 0:
        return (_Run(0, whole, len(letters)),) if letters else ()
    runs = _runs(letters, passage)
    long = [run for run in runs if _weight(letters[run.here : run.here + run.size]) >= _LEAST_RUN]
    kept: list[_Run] = []
    for run in sorted(long, key=lambda run: (-run.size, run.here, run.there)):
        for other in kept:
            run = _beside(run, other)
        if run.size > 0:
            kept.append(run)
    return kept


def _runs(letters: str, passage: str) -> Iterator[_Run]:
    """Yield the runs of at least a seed that can't be made longer."""
    places = _seeds(letters)
    done: dict[int, int] = {}
    for there in range(len(passage) - _SEED + 1):
        for here in places.get(passage[there : there + _SEED], ()):
            if done.get(there - here, 0) <= there:
                size = _SEED + _shared(letters, here + _SEED, passage, there + _SEED)
                done[there - here] = there + size
                yield _Run(here, there, size)


@lru_cache(_KEPT)
def _seeds(letters: str) -> Mapping[str, Sequence[int]]:
    """Return where each seed stands in a text."""
    places: dict[str, list[int]] = {}
    for at in range(len(letters) - _SEED + 1):
        found = places.setdefault(letters[at : at + _SEED], [])
        if len(found) < _MOST_PLACES:
            found.append(at)
    return places


def _shared(one: str, at: int, other: str, there: int) -> int:
    """Return how many letters two texts share from some places on."""
    most = min(len(one) - at, len(other) - there)
    return next((n for n in range(most) if one[at + n] != other[there + n]), most)


def _beside(run: _Run, other: _Run) -> _Run:
    """Return what is left of a run before or behind another, in both texts; of size 0 if nothing is.

    What a paste leaves out may begin as what follows, so that runs overlap.
    """
    if run.here >= other.here:
        cut = max(other.here + other.size - run.here, other.there + other.size - run.there, 0)
        return _Run(run.here + cut, run.there + cut, max(run.size - cut, 0))
    cut = max(run.here + run.size - other.here, run.there + run.size - other.there, 0)
    return replace(run, size=max(run.size - cut, 0))


def _weight(letters: str) -> float:
    """Return the length of a text in Han characters, to which Latin letters are made equal."""
    return sum(1 if letter >= _FIRST_CJK else _LATIN_LETTER for letter in letters)
