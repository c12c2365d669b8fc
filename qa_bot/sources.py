"""Find the files of a collection, tell whether they changed, and read transcripts from them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Final

from qa_bot.documents import SUFFIXES, read_document
from qa_bot.errors import TranscriptError
from qa_bot.records import Transcript
from qa_bot.sidecars import is_sidecar, sidecar_of
from qa_bot.storage import file_hash

#: Files that tell of a folder and are no transcript in it.
_ABOUT: Final = frozenset({"readme", "licence", "license", "changelog"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that is watched: `place` is its path from the folder of the index.

    `name` is the id that it gets unless another has it. `key` is a hash of its bytes and of its
    sidecars'.
    """

    path: Path
    place: str
    name: str
    key: str


def survey(roots: Iterable[Path], index: Path) -> tuple[SourceFile, ...]:
    """Return the files below some folders, and those roots that are files, each of them once.

    They stand in the order of the roots, and in a folder those that lie higher first.
    """
    found: dict[Path, SourceFile] = {}
    inside = index.resolve()
    for root in map(Path.resolve, roots):
        for path in [root] if root.is_file() else files_below(root, inside):
            if path not in found:
                place = place_of(path, inside)
                found[path] = SourceFile(path, place, name_of(path, root), key_of(path))
    return tuple(found.values())


def files_below(root: Path, index: Path) -> Iterator[Path]:
    """Yield the files of a folder and its sub-folders that may be transcripts.

    Hidden files and folders, sidecars, files of other kinds, those that tell of the folder, such as
    README.md, and the folder of an index within it are left out. Both paths must be resolved.
    """
    paths: list[Path] = []
    for folder, below, names in os.walk(root):
        here = Path(folder)
        below[:] = [name for name in below if not name.startswith(".") and here / name != index]
        paths += [here / name for name in names if _may_be_transcript(name)]
    yield from (p for p in sorted(paths, key=lambda p: (len(p.parts), p)) if p.is_file())


def _may_be_transcript(name: str) -> bool:
    path = Path(name)
    about = path.stem.lower() in _ABOUT or is_sidecar(path) or name.startswith(".")
    return path.suffix.lower() in SUFFIXES and not about


def place_of(path: Path, index: Path) -> str:
    """Return a resolved path from that of an index's folder, so that both may be moved together."""
    try:
        return _as_text(Path(os.path.relpath(path, index)).as_posix())
    except ValueError:  # another drive
        return _as_text(path.as_posix())


def path_of(place: str, index: Path) -> Path:
    """Return the resolved path that `place_of` made a place of, from the same index's."""
    return Path(os.path.normpath(index / place))


def name_of(path: Path, root: Path) -> str:
    """Return the id that a file gets: its path below its root without the ending, on one line.

    It hangs on no other file, so that links to its passages last. `#` and blanks become hyphens,
    as do the signs between folders: `2017/王毅.txt` is `2017-王毅`.
    """
    below = path.relative_to(root) if path != root else Path(path.name)
    return re.sub(r"[#\s]+", "-", _as_text("-".join([*below.parts[:-1], below.stem])))


def key_of(path: Path) -> str:
    """Return a hash that changes when a file's bytes or its sidecar's do, or either can't be read."""
    digest = hashlib.sha256()
    try:
        beside = sidecar_of(path)
        for each in (path, beside) if beside else (path,):
            digest.update(file_hash(each).encode())
    except (OSError, TranscriptError) as error:
        digest.update(str(error).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def assign_ids(files: Sequence[SourceFile], known: Mapping[str, str]) -> dict[str, str]:
    """Return the id of each file by its place: the one it is known by, or its name.

    Where the name is another's already, a number is set behind it.
    """
    ids = {file.place: known[file.place] for file in files if file.place in known}
    taken = set(known.values())
    for file in files:
        if file.place not in ids:
            numbered = (f"{file.name}-{number}" for number in count(2))
            ids[file.place] = next(id for id in chain([file.name], numbered) if id not in taken)
            taken.add(ids[file.place])
    return ids


def _as_text(name: str) -> str:
    """Return a file name as text that can be written, whatever bytes it was made of."""
    return name.encode("utf-8", "backslashreplace").decode()


def read_source(path: Path, id: str | None = None) -> Transcript:
    """Read one transcript; its id, if none is given, is the file's name without the ending.

    Raises `TranscriptError`, naming the file, when it is missing, empty, binary or undecodable.
    """
    # Imported only where something is read: its patterns take long to compile, and a collection
    # that did not change is searched without them.
    from qa_bot.parsing import parse_document

    try:
        if path.exists() and not path.is_file():
            raise TranscriptError(f"{path}: not a file")
        return parse_document(read_document(path), id or name_of(path, path))
    except OSError as error:
        raise TranscriptError(f"{path}: can't be read ({error.strerror})") from error
    except TranscriptError as error:
        if str(error).startswith(str(path)):
            raise
        raise TranscriptError(f"{path}: {error}") from error
