"""Metadata that a person writes beside or above a transcript."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

import yaml

from qa_bot.errors import TranscriptError
from qa_bot.kinds import SUFFIXES
from qa_bot.records import Document, Fact, Metadata, Role, Span, Speaker

_ENDINGS: Final = (".meta.yaml", ".meta.yml", ".meta.json")
_MAX_CHARS: Final = 100_000
_SPEAKERS: Final = "speakers"
_KEYS: Final = tuple(entry.name for entry in fields(Metadata))
_ALL_KEYS: Final = (*_KEYS, _SPEAKERS)
_SPEAKER_KEYS: Final = tuple(entry.name for entry in fields(Speaker))
_ROLES: Final = tuple(role.value for role in Role)
_FRONT_MATTER: Final = re.compile(r"---[ \t]*\r?\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z)", re.DOTALL)
_KNOWN_LINE: Final = re.compile(rf"^({'|'.join(_ALL_KEYS)})[ \t]*:", re.MULTILINE)
#: What an escape such as \\ud83d leaves when the character's other half is not joined to it.
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_DATE: Final = re.compile(r"(\d{4}|XXXX)(?:-(\d{2})(?:-(\d{2}))?)?")
_FORMS: Final = {
    "date": (_DATE, "YYYY-MM-DD, YYYY-MM, YYYY or XXXX-MM-DD"),
    "url": (re.compile(r"https?://\S+"), "an address that begins with http:// or https://"),
    "language": (
        re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
        "a language tag such as zh-Hans or en",
    ),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states of a transcript: metadata, and whom its labels mean."""

    metadata: Metadata = field(default_factory=Metadata)
    speakers: Mapping[str, Speaker] = field(default_factory=dict)


def is_sidecar(path: Path) -> bool:
    """Return whether a file holds metadata of another file."""
    return path.name.lower().endswith(_ENDINGS)


def sidecar_of(path: Path) -> Path | None:
    """Return the file with the metadata of a transcript, if there is one.

    For `a.txt` that is `a.txt.meta.yaml`, or else `a.meta.yaml`. Raises `TranscriptError` when there
    is more than one, or when the second could as well be that of another transcript, such as `a.md`.
    """
    own = _only(path, path.name)
    if own:
        return own
    shared = _only(path, path.stem)
    other = _namesake(path) if shared else None
    if shared and other:
        raise TranscriptError(
            f"{shared.name} may be of {path.name} or of {other.name}; "
            f"name it after the whole name of one, such as {path.name}{_ENDINGS[0]}"
        )
    return shared


def _only(path: Path, name: str) -> Path | None:
    found = [side for ending in _ENDINGS if (side := path.with_name(name + ending)).is_file()]
    if len(found) > 1:
        names = " and ".join(side.name for side in found)
        raise TranscriptError(f"{names} both state its metadata; keep one")
    return found[0] if found else None


def _namesake(path: Path) -> Path | None:
    """Return another transcript beside a file that has its name but for the ending."""
    endings = [ending for ending in SUFFIXES if ending != path.suffix.lower()]
    names = [path.stem, *(path.stem + form for each in endings for form in (each, each.upper()))]
    beside = (path.with_name(name) for name in names if Path(name).suffix.lower() in SUFFIXES)
    return next((each for each in beside if each.is_file()), None)


def with_sidecar(document: Document, path: Path) -> Document:
    """Return the document of a file with what its sidecar states, which counts before all else.

    Raises `TranscriptError`, naming the sidecar and the key, when it can't be read.
    """
    sidecar = sidecar_of(path)
    if sidecar is None:
        return document
    try:
        source = sidecar.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriptError(f"{sidecar.name}: can't be read; save it as UTF-8") from error
    return _overridden(document, statement_of(source, sidecar.name, f"sidecar {sidecar.name}"))


def with_front_matter(document: Document) -> Document:
    """Return a document with what the block between `---` lines at its top states.

    A block that states nothing known is text like any other, and keys that are not known are
    another tool's. Raises `TranscriptError`, naming the key, when something in the block can't be
    read.
    """
    block = _FRONT_MATTER.match(document.text)
    if block is None or not _KNOWN_LINE.search(block[1] or ""):
        return document
    stated = statement_of(block[1], "front matter", "front matter", may_hold_more=True)
    return replace(_overridden(document, stated), front_matter=Span(block.start(), block.end()))


def statement_of(source: str, name: str, derivation: str, *, may_hold_more: bool = False) -> Statement:
    """Return what some YAML, or JSON where the name says so, states of a transcript.

    Raises `TranscriptError` naming the source and the key for wrong types and bad values, and for
    unknown keys unless it may hold more.
    """
    try:
        loaded = _loaded(source, is_json=name.lower().endswith(".json"))
        if may_hold_more and isinstance(loaded, dict):
            loaded = {key: value for key, value in loaded.items() if key in _ALL_KEYS}
        entries = _mapping(loaded, "the whole")
        _check_keys(entries, _ALL_KEYS, "")
        facts = {
            key: Fact(_text(key, value), derivation)
            for key, value in entries.items()
            if key != _SPEAKERS and value is not None
        }
        return Statement(Metadata(**facts), _speakers(entries.get(_SPEAKERS)))
    except TranscriptError as error:
        raise TranscriptError(f"{name}: {error}") from error


def _overridden(document: Document, stated: Statement) -> Document:
    facts = {key: fact for key in _KEYS if (fact := getattr(stated.metadata, key))}
    return replace(
        document,
        stated=replace(document.stated, **facts),
        speakers={**document.speakers, **stated.speakers},
    )


class _Loader(yaml.SafeLoader):
    """Plain YAML: no tags, no aliases, no key twice, and dates as they are written."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases, which can blow up a small file."""
        if self.check_event(yaml.AliasEvent):
            raise TranscriptError("aliases (*name) are not allowed; write the value out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """Refuse a key that stands twice."""
        keys = [key.value for key, _ in node.value]
        _check_twice(keys)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _loaded(source: str, *, is_json: bool) -> object:
    if len(source) > _MAX_CHARS:
        raise TranscriptError("more than metadata can be; is it the right file?")
    try:
        if is_json:
            return json.loads(source, object_pairs_hook=_unique)
        return yaml.load(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TranscriptError(f"line {line} is no YAML ({error.problem})") from error
    except json.JSONDecodeError as error:
        raise TranscriptError(f"line {error.lineno} is no JSON ({error.msg})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise TranscriptError("it can't be read; write one `key: value` a line") from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    _check_twice([key for key, _ in pairs])
    return dict(pairs)


def _check_twice(keys: Iterable[object]) -> None:
    counts = Counter(key for key in keys if isinstance(key, str))
    twice = next((key for key, count in counts.items() if count > 1), None)
    if twice is not None:
        raise TranscriptError(f"the key {twice} stands twice; keep one")


def _mapping(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TranscriptError(f"{what} must be a mapping of `key: value` lines")
    for key in value:
        if not isinstance(key, str):
            raise TranscriptError(f"the key {key!r} is read as {type(key).__name__}; put it in quotes")
        _check_characters("a key", key)
    return value


def _check_characters(what: str, text: str) -> None:
    if _SURROGATE.search(text):
        raise TranscriptError(f"{what} holds half a character; write the character itself")


def _check_keys(entries: Mapping[str, object], allowed: tuple[str, ...], place: str) -> None:
    unknown = next((key for key in entries if key not in allowed), None)
    if unknown is not None:
        raise TranscriptError(f"unknown key {place}{unknown}; allowed are {', '.join(allowed)}")


def _text(key: str, value: object) -> str:
    """Return a value as text, checked against the form that its key asks for."""
    _check_characters(key, str(value))
    form, wanted = _FORMS.get(key, (None, "text"))
    if key == "date":
        text = _date_text(value)
    elif isinstance(value, str):
        text = value.strip()
    else:
        raise TranscriptError(f"{key} is read as {type(value).__name__}, not as text; put it in quotes")
    if not text or "\n" in text or (form and not form.fullmatch(text)):
        raise TranscriptError(f"{key} is {str(value)!r}; give {wanted}{'' if form else ' in one line'}")
    return text


def _date_text(value: object) -> str:
    """Return a date as text, or nothing for what is no date."""
    match = _DATE.fullmatch(str(value).strip())
    if match is None:
        return ""
    year, month, day = match.groups()
    if year == "XXXX" and day is None:
        return ""
    try:
        # A year that isn't known may be a leap year.
        datetime.date(2000 if year == "XXXX" else int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return match[0]


def _speakers(value: object) -> dict[str, Speaker]:
    entries = {} if value is None else _mapping(value, _SPEAKERS)
    return {label: _speaker(label, entry) for label, entry in entries.items()}


def _speaker(label: str, value: object) -> Speaker:
    place = f"{_SPEAKERS}.{label}"
    entries = _mapping(value, place)
    _check_keys(entries, _SPEAKER_KEYS, f"{place}.")
    role = entries.get("role")
    if role not in _ROLES:
        raise TranscriptError(f"{place}.role is {role!r}; allowed are {', '.join(_ROLES)}")
    known = {key: value for key, value in entries.items() if key != "role" and value is not None}
    return Speaker(Role(role), **{key: _text(f"{place}.{key}", value) for key, value in known.items()})
