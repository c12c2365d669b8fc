"""Names that mean the same, and everyday words with their official counterparts, read from plain text.

A file holds one entry a line; see `parse_lexicon`. What it knows joins a query and a passage that
name one thing in two ways. It never decides what is shown: a quote stays as it was published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.errors import LexiconError
from qa_bot.text import shortened

_SAME: Final = " | "
_OFFICIAL: Final = " > "
_EXCERPT_CHARS: Final = 60
#: The longest run of words that is looked up.
MAX_WORDS: Final = 8
#: Abbreviations that are also words of every English question, and count only in capitals.
_ONLY_IN_CAPITALS: Final = frozenset(
    {"us", "who", "it", "is", "in", "am", "pm", "so", "no", "do", "he"}
)
_PIECES: Final = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Name:
    """One thing with all its names, the full official one first.

    `kind` is what the things of its file have in common, such as `people`.
    """

    forms: tuple[str, ...]
    kind: str = ""

    def __str__(self) -> str:
        """The entry as it is written in a file."""
        return _SAME.join(self.forms)


@dataclass(frozen=True, slots=True)
class Wording:
    """What people say, and the words that officials use for it, the nearest first."""

    said: str
    official: tuple[str, ...]

    def __str__(self) -> str:
        """The entry as it is written in a file."""
        return f"{self.said}{_OFFICIAL}{_SAME.join(self.official)}"


Entry = Name | Wording


@dataclass(frozen=True, slots=True)
class Found:
    """Entries that words `first` to `last` (exclusive) of a text stand for."""

    first: int
    last: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The entries of some files, looked up by the words of a text.

    `names` and `wordings` are known by their keys: see `key_of`.
    """

    names: Mapping[str, Name]
    wordings: Mapping[str, Wording]
    stem: Callable[[str], str]

    @classmethod
    def of(cls, entries: Iterable[Entry], stem: Callable[[str], str]) -> Lexicon:
        """Index entries; of two that share a form, the later one has it.

        So that a file of one's own may say otherwise than the one in the package.
        """
        names: dict[str, Name] = {}
        wordings: dict[str, Wording] = {}
        for entry in entries:
            if isinstance(entry, Name):
                names.update({key_of(pieces_of(form), stem): entry for form in entry.forms})
            else:
                wordings[key_of(pieces_of(entry.said), stem)] = entry
        return cls(names, wordings, stem)

    def name(self, form: str) -> Name | None:
        """Return the entry that has a form, or None."""
        return self.names.get(key_of(pieces_of(form), self.stem))

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield what runs of words stand for, the longest at each place, without overlap.

        A word without a letter or digit, such as a hyphen or blank, may stand inside a run; any
        other mark ends it.
        """
        first = 0
        while first < len(words):
            found = self._longest(words, first)
            if found:
                yield found
            first = found.last if found else first + 1

    def _longest(self, words: Sequence[str], first: int) -> Found | None:
        pieces: list[str] = []
        longest = None
        for last in range(first, len(words)):
            word = words[last]
            if is_word(word):
                pieces.append(word)
                longest = self._at(pieces, first, last + 1) or longest
            elif not pieces or word.strip(" -–·•'’."):
                break
            if len(pieces) == MAX_WORDS:
                break
        return longest

    def _at(self, pieces: Sequence[str], first: int, last: int) -> Found | None:
        key = key_of(pieces, self.stem)
        if key in _ONLY_IN_CAPITALS and not pieces[0].isupper():
            return None
        entries = [each for each in (self.names.get(key), self.wordings.get(key)) if each]
        return Found(first, last, tuple(entries)) if entries else None


def parse_lexicon(text: str, place: str, kind: str = "") -> list[Entry]:
    """Read the entries of a file; `place` names it in errors, and `kind` what its names are names of.

    A line is `full name | other name | English name`, all meaning the same; or `what people say >
    official word | another`, which widens a query one way; or blank; or a comment after `#`. Raises
    `LexiconError` with line and excerpt for anything else, and for a form that two lines claim.

    >>> parse_lexicon("上海合作组织 | 上合组织 | SCO", "mine.txt")
    [Name(forms=('上海合作组织', '上合组织', 'SCO'), kind='')]
    """
    entries: list[Entry] = []
    claimed: dict[tuple[type, str], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = _entry(line.strip(), f"{place}, line {number}", kind)
        for form in entry.forms if isinstance(entry, Name) else (entry.said,):
            other = claimed.setdefault((type(entry), form.lower()), number)
            if other != number:
                raise LexiconError(f"{place}, line {number}: {form} is already in line {other}")
        entries.append(entry)
    return entries


def forms_of(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield every form that stands in some entries, what people say and official words included."""
    for entry in entries:
        yield from entry.forms if isinstance(entry, Name) else (entry.said, *entry.official)


def key_of(words: Sequence[str], stem: Callable[[str], str]) -> str:
    """Return what forms that differ in case, inflection or hyphens have in common.

    >>> key_of(["South", "China", "Seas"], lambda word: word.rstrip("s")), key_of(["东风", "41"], str)
    ('south china sea', '东风 41')
    """
    key = ""
    for word in words:
        piece = word.lower() if _HAN.match(word) else stem(word.lower())
        gap = " " if key and not (_HAN.match(piece) and _HAN.match(key[-1])) else ""
        key += gap + piece
    return key


def pieces_of(form: str) -> list[str]:
    """Return the runs of Han characters and the Latin words and numbers of a form.

    >>> pieces_of("F-35战机")
    ['F', '35', '战机']
    """
    return _PIECES.findall(form)


def is_word(text: str) -> bool:
    """Tell whether a text holds a letter or a digit."""
    return any(character.isalnum() for character in text)


def _entry(line: str, place: str, kind: str) -> Entry:
    said, sign, official = line.partition(_OFFICIAL)
    forms = tuple((official if sign else line).split(_SAME))
    if any(not form.strip() or not pieces_of(form) for form in (said, *forms)):
        raise LexiconError(f"{place}: an empty form: {shortened(line, _EXCERPT_CHARS)}")
    if any("|" in form or ">" in form for form in forms):
        hint = "set a blank before and after | and >, and no second >"
        raise LexiconError(f"{place}: {shortened(line, _EXCERPT_CHARS)}: {hint}")
    if sign:
        return Wording(said.strip(), forms)
    if len(forms) < 2:
        hint = "needs a second form behind ' | ' or an official word behind ' > '"
        raise LexiconError(f"{place}: {shortened(line, _EXCERPT_CHARS)}: {hint}")
    return Name(forms, kind)
