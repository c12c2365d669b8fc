"""Names typed wrong: what stands in a question a letter or two off a name that is known.

A false alarm is worse than a miss. So a stretch is corrected only where no ordinary word holds the
wrong letter, where that letter sounds like the right one or all of it is as foreign as the name, and
where the names of one thing are near and no other's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property
from itertools import pairwise
from typing import Final

from qa_bot.records import Span
from qa_bot.terms import is_han
from qa_bot.vocabulary import FOREIGN

#: How many letters a name has that is recognised when it is typed wrong.
_HAN_LETTERS: Final = range(3, 17)
_LATIN_LETTERS: Final = range(5, 21)
#: From so many letters on, two of them may be wrong.
_LONG_HAN: Final = 6
_LONG_LATIN: Final = 9
#: A character less rare than this by itself, such as 是 or 会, is hardly what was typed for another.
_COMMON: Final = 2.2
#: So far apart in GB 2312's order two characters may stand to sound alike.
_SOUND_DISTANCE: Final = 14
#: What stands in no name by itself.
_PARTICLES: Final = frozenset("的了吗呢吧是在被把将就请怎")
#: Countries by one character: of 中英 and 中印, neither is the other typed wrong.
_COUNTRIES: Final = frozenset("中美英法德俄日韩朝印澳加巴意西")
_DOTS: Final = "·•・‧"
_UNDOTTED: Final = {ord(dot): None for dot in _DOTS}
_LATIN: Final = re.compile(r"[^\W\d_\u3400-\u9fff]+")
_ENDINGS: Final = ("s", "es", "d", "ed", "r", "er", "ing", "ly", "al", "ist", "ism", "ian", "n")


class Kind(str, Enum):
    """What happened to a letter."""

    WRONG = "wrong"
    SWAPPED = "swapped with the next"
    DOUBLED = "written twice"
    EXTRA = "too many"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Slip:
    """One letter typed wrong: where it stands in what was said, and the letters that were meant there."""

    kind: Kind
    at: int
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of a text, what it says, and the known name that it seems to mean."""

    span: Span
    said: str
    meant: str


class _Hold(IntEnum):
    """How firmly a word holds a character: not at all, as a rare word, or as an ordinary one."""

    FREE = 0
    RARE = 1
    FAST = 2


@dataclass(frozen=True, slots=True)
class _Cell:
    """A Han character and its place in the text.

    `bound` to the one before, no name begins with it; `telling`, it may have been typed for another.
    """

    letter: str
    at: int
    hold: _Hold
    bound: bool
    telling: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """A stretch read as the name of a thing; the smaller the cost, the likelier."""

    correction: Correction
    thing: int
    cost: int


def slips(said: str, meant: str, most: int, at: int = 0) -> tuple[Slip, ...] | None:
    """Return the fewest slips that turn `meant` into `said`, or None if more than `most` are needed.

    Counted from letter `at` of `said` on. This is the optimal string alignment distance.

    >>> slips("朝鲜半到", "朝鲜半岛", 1)
    (Slip(kind=<Kind.WRONG: 'wrong'>, at=3, meant='岛'),)
    """
    while at < len(said) and meant and said[at] == meant[0]:
        at, meant = at + 1, meant[1:]
    if at == len(said) and not meant:
        return ()
    if not most or abs(len(said) - at - len(meant)) > most:
        return None
    ways = [
        (slip, *rest)
        for slip, then, still in _first_slips(said, meant, at)
        if (rest := slips(said, still, most - 1, then)) is not None
    ]
    return min(ways, key=len, default=None)


def _first_slips(said: str, meant: str, at: int) -> Iterator[tuple[Slip, int, str]]:
    """Yield what may have happened at a letter, and from where on the rest is to be compared."""
    here = said[at : at + 1]
    if len(meant) > 1 and said[at : at + 2] == meant[1::-1]:
        yield Slip(Kind.SWAPPED, at, meant[:2]), at + 2, meant[2:]
    if here and meant:
        yield Slip(Kind.WRONG, at, meant[0]), at + 1, meant[1:]
    if here:
        doubled = at > 0 and here == said[at - 1]
        yield Slip(Kind.DOUBLED if doubled else Kind.EXTRA, at), at + 1, meant
    if meant:
        yield Slip(Kind.MISSING, at, meant[0]), at, meant[1:]


def sounds_alike(one: str, other: str) -> bool:
    """Tell whether two characters are among the commonest 3,755 and sound much the same.

    GB 2312 (1980) lists those, its first level, in the order of their pinyin, so that 近 stands by 进.

    >>> sounds_alike("进", "近"), sounds_alike("孙", "森")
    (True, False)
    """
    first, second = _sound(one), _sound(other)
    return first is not None and second is not None and abs(first - second) <= _SOUND_DISTANCE


def _sound(character: str) -> int | None:
    """Return the place of a character in the order of sounds, or None for one that has none."""
    code = character.encode("gb2312", "ignore")
    if len(code) != 2 or not 0xB0 <= code[0] <= 0xD7:
        return None
    return (code[0] - 0xB0) * 94 + code[1] - 0xA1


class Speller:
    """Knows names, and finds in a question what was meant for one of them."""

    def __init__(
        self,
        things: Iterable[Sequence[str]],
        known: Callable[[str], bool],
        rarity: Callable[[str], float],
    ) -> None:
        """Know the names of things: for each thing all its names, in simplified characters.

        `known` tells whether a word is in a dictionary, a Latin one in lower case; `rarity` how much
        a word tells, the most where it is not in one. Names are indexed when a question needs them.
        """
        self._things = things
        self._known = known
        self._rarity = rarity

    def corrections(self, words: Sequence[str]) -> tuple[Correction, ...]:
        """Return what was typed wrong in a text that is cut into words, in its order.

        Spans are of the joined words.
        """
        text = "".join(words)
        agreed = _agreed([*self._han(words, text), *self._latin(text)])
        corrections = (each.correction for each in agreed if each.cost)
        return tuple(sorted(corrections, key=lambda each: each.span))

    @cached_property
    def _forms(self) -> dict[str, tuple[str, int]]:
        """Each name as it is compared, with how it is written and the number of its thing."""
        return {
            name.lower() if name.isascii() else name.translate(_UNDOTTED): (name, number)
            for number, names in enumerate(self._things)
            for name in names
        }

    @cached_property
    def _latin_words(self) -> frozenset[str]:
        """Every Latin word that stands in a name."""
        return frozenset(_LATIN.findall("\n".join(self._forms).lower()))

    @cached_property
    def _by_clue(self) -> dict[str, tuple[str, ...]]:
        """The names that may be meant, by what is left of them after a slip."""
        index: dict[str, tuple[str, ...]] = {}
        for form, (name, _) in self._forms.items():
            if _may_be_meant(form, name):
                for clue in _clues(form):
                    index[clue] = (*index.get(clue, ()), form)
        return index

    def _near(self, said: str) -> Iterator[tuple[str, tuple[Slip, ...]]]:
        """Yield the names that may be meant by a stretch, each with what happened to it."""
        letters = set(said)
        for form in {form for clue in _sought(said) for form in self._by_clue.get(clue, ())}:
            most = _most(form)
            # Most names that share a clue differ in more letters; counting those takes no time.
            if len(letters.symmetric_difference(form)) <= 2 * most:
                found = slips(said, form, most)
                if found:
                    yield form, found

    def _han(self, words: Sequence[str], text: str) -> Iterator[_Reading]:
        for run in self._runs(words):
            for cells, alone in _stretches(run):
                said = "".join(cell.letter for cell in cells)
                span = Span(cells[0].at, cells[-1].at + 1)
                for form, found in self._meant(said, cells, alone):
                    name, thing = self._forms[form]
                    # What a dot parts, as in 嘉·比尔, is no name without one.
                    if len(span) == len(said) or name != form:
                        correction = Correction(span, span.of(text), name)
                        yield _Reading(correction, thing, _cost(said, found))

    def _meant(
        self, said: str, cells: Sequence[_Cell], alone: bool
    ) -> Iterator[tuple[str, tuple[Slip, ...]]]:
        """Yield the names that a stretch is likely to mean: itself if it is one, none if it is a word."""
        if said in self._forms:
            yield said, ()
        elif not self._known(said):
            for form, found in self._near(said):
                if all(_is_likely(slip, form, cells, alone) for slip in found):
                    yield form, found

    def _runs(self, words: Sequence[str]) -> Iterator[list[_Cell]]:
        """Yield the runs of Han characters between marks and particles, dots inside names left out."""
        run: list[_Cell] = []
        at, dotted = 0, False
        for word in words:
            if is_han(word) and word not in _PARTICLES:
                run += self._cells(word, at, dotted)
            elif word not in _DOTS:
                yield run
                run = []
            dotted = word in _DOTS
            at += len(word)
        yield run

    def _cells(self, word: str, at: int, dotted: bool) -> Iterator[_Cell]:
        hold = self._hold(word)
        for n, letter in enumerate(word):
            telling = hold < _Hold.FAST and self._rarity(letter) >= _COMMON
            yield _Cell(letter, at + n, hold, hold > _Hold.FREE if n else dotted, telling)

    def _hold(self, word: str) -> _Hold:
        if len(word) == 1 or not self._is_han_word(word):
            return _Hold.FREE
        rare = word not in self._forms and self._rarity(word) >= self._rarity("")
        return _Hold.RARE if rare else _Hold.FAST

    def _is_han_word(self, word: str) -> bool:
        return self._known(word) or word in self._forms

    def _latin(self, text: str) -> Iterator[_Reading]:
        for match in _LATIN.finditer(text):
            said = match[0]
            # Who writes some words with capitals writes a name so.
            a_name = said[0].isupper() or text.islower()
            if a_name and len(said) in _LATIN_LETTERS and not self._is_latin_word(said.lower()):
                for form, found in self._near(said.lower()):
                    if form[0] == said[0].lower():
                        name, thing = self._forms[form]
                        yield _Reading(Correction(Span(*match.span()), said, name), thing, len(found))

    def _is_latin_word(self, word: str) -> bool:
        """Tell whether a word is an ordinary one or stands in a name, with an ending or without."""
        bare = [
            word[: -len(end)]
            for end in _ENDINGS
            # The second s of Marcoss is no ending.
            if word.endswith(end) and not word.endswith(end[0] + end)
        ]
        forms = (word, *bare, *(each + "e" for each in bare))
        return any(each in self._latin_words or self._known(each) for each in forms)


def _may_be_meant(form: str, name: str) -> bool:
    """Tell whether a name is recognised when typed wrong: in Han characters, or one Latin word."""
    if form.isascii():
        return len(form) in _LATIN_LETTERS and form.isalpha() and name.istitle()
    return len(form) in _HAN_LETTERS and is_han(form)


def _most(form: str) -> int:
    """Return how many letters of a name may be typed wrong."""
    return 2 if len(form) >= (_LONG_LATIN if form.isascii() else _LONG_HAN) else 1


def _without_one(text: str) -> set[str]:
    return {text[:at] + text[at + 1 :] for at in range(len(text))}


def _clues(form: str) -> set[str]:
    """Return what finds a name again: all of it but a letter (Garbe's SymSpell, 2012), or each third.

    One slip leaves all but a letter as it was; of a long name, two leave a third.
    """
    if _most(form) == 1:
        return {form, *_without_one(form)}
    bounds = [len(form) * third // 3 for third in range(4)]
    return {form[start:end] for start, end in pairwise(bounds)}


def _sought(said: str) -> set[str]:
    """Return the clues to the names that may be meant by a stretch."""
    short, long = (_LONG_LATIN, 3) if said.isascii() else (_LONG_HAN, 2)
    clues = {said, *_without_one(said)} if len(said) <= short else set()
    sizes = range(max(long, (len(said) - 2) // 3), -(-(len(said) + 2) // 3) + 1)
    if len(said) >= 3 * long - 2:
        clues |= {said[n : n + size] for size in sizes for n in range(len(said) - size + 1)}
    return clues


def _stretches(run: Sequence[_Cell]) -> Iterator[tuple[Sequence[_Cell], bool]]:
    """Yield what may be a name in a run: what cuts no word and holds a telling character.

    With it goes whether it stands alone: without a telling character next to it.
    """
    telling = [cell.telling for cell in run]
    edges = [n for n, cell in enumerate(run) if not cell.bound] + [len(run)]
    for n, start in enumerate(edges):
        for end in edges[n + 1 : n + _HAN_LETTERS.stop]:
            if end - start in _HAN_LETTERS and any(telling[start:end]):
                beside = telling[max(start - 1, 0) : start] + telling[end : end + 1]
                yield run[start:end], not any(beside)


def _is_likely(slip: Slip, form: str, cells: Sequence[_Cell], alone: bool) -> bool:
    """Tell whether a slip in Han characters is likelier than that something else is meant."""
    at, short = slip.at, len(form) == _HAN_LETTERS[0]
    holds = [cell.hold for cell in cells]
    if slip.kind is Kind.MISSING:
        return 0 < at < len(cells) and not short and not any(holds[at - 1 : at + 1])
    if slip.kind is Kind.WRONG and holds[at] < _Hold.FAST:
        return _is_likely_wrong(slip, form, cells, alone)
    if slip.kind is Kind.SWAPPED:
        return _Hold.FAST not in (holds if short else holds[at : at + 2])
    return slip.kind is Kind.DOUBLED and holds[at] < _Hold.FAST and at < len(cells) - 1


def _is_likely_wrong(slip: Slip, form: str, cells: Sequence[_Cell], alone: bool) -> bool:
    said = cells[slip.at].letter
    if sounds_alike(said, slip.meant):
        return any(cell.telling for cell in cells) and not _COUNTRIES.issuperset((said, slip.meant))
    foreign = FOREIGN.issuperset(form) and not any(cell.hold for cell in cells)
    return foreign and alone and cells[slip.at].telling


def _cost(said: str, found: Sequence[Slip]) -> int:
    """Return how much speaks against some slips in Han characters: twice as much where sounds differ."""
    wrong = [slip for slip in found if slip.kind is Kind.WRONG]
    return len(found) + sum(not sounds_alike(said[slip.at], slip.meant) for slip in wrong)


def _agreed(readings: Sequence[_Reading]) -> Iterator[_Reading]:
    """Yield the likeliest readings without overlaps, none where two things are as likely.

    A name that stands there as it is costs nothing, so that nothing else is made of a part of it.
    """
    ordered = sorted(readings, key=lambda each: (each.cost, -len(each.correction.said), *_order(each)))
    taken: list[_Reading] = []
    for each in ordered:
        if all(_apart(each.correction.span, other.correction.span) for other in taken):
            taken.append(each)
    for each in taken:
        if not any(_rivals(each, other) for other in ordered):
            yield each


def _order(reading: _Reading) -> tuple[Span, str]:
    return reading.correction.span, reading.correction.meant


def _rivals(one: _Reading, other: _Reading) -> bool:
    """Tell whether two readings take a stretch for different things, and one is as likely as the other."""
    alike = one.correction.span == other.correction.span and one.cost == other.cost
    return alike and one.thing != other.thing


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start
