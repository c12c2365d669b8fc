"""Find the files of a collection, tell whether they changed, and read transcripts from them."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Final

from qa_bot.documents import document_in, errors_naming
from qa_bot.errors import TranscriptError
from qa_bot.kinds import SUFFIXES
from qa_bot.records import Transcript
from qa_bot.sidecars import is_sidecar, sidecar_of
from qa_bot.storage import added_folder, file_hash

#: Files that tell of a folder and are no transcript in it.
_ABOUT: Final = frozenset({"readme", "licence", "license", "changelog"})


_NOT_THERE: Final = (FileNotFoundError, NotADirectoryError)
#: A link that leads to itself, and a name that no file can have.
_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENAMETOOLONG})


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


@dataclass(frozen=True, slots=True)
class Survey:
    """The files that are there, and the places of the folders that can't be looked into."""

    files: tuple[SourceFile, ...]
    closed: tuple[str, ...]


def survey(roots: Iterable[Path], index: Path) -> Survey:
    """Find the files below some folders, and those roots that are files, each of them once.

    They stand in the order of the roots, and in a folder those that lie higher first.
    """
    found: dict[Path, SourceFile] = {}
    closed: dict[Path, None] = {}
    inside = index.resolve()
    for root in map(Path.resolve, roots):
        below, unread = ([root], []) if _is_file(root) else files_below(root, inside)
        closed.update(dict.fromkeys(unread))
        for path in below:
            if path not in found:
                place = place_of(path, inside)
                found[path] = SourceFile(path, place, name_of(path, root), key_of(path))
    return Survey(tuple(found.values()), tuple(place_of(path, inside) for path in closed))


def files_below(root: Path, index: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder and its sub-folders that may be transcripts.

    Hidden files and folders, sidecars, files of other kinds, those that tell of the folder, such as
    README.md, links to folders, and the folder of an index within it are left out; but for sidecars
    and hidden ones nothing is in the folder of what was added. Both paths must be resolved. The
    second list holds the folders that are there and can't be looked into.
    """
    paths: list[Path] = []
    errors: list[OSError] = []
    admits = _is_shown if root == added_folder(index) else _may_be_transcript
    for folder, below, names in os.walk(root, onerror=errors.append):
        here = Path(folder)
        below[:] = [name for name in below if not name.startswith(".") and here / name != index]
        paths += [here / name for name in names if admits(Path(name))]
    closed = [Path(error.filename) for error in errors if not isinstance(error, _NOT_THERE)]
    paths.sort(key=lambda path: (len(path.parts), path))
    return [path for path in paths if _is_file(path)], closed


def _may_be_transcript(name: Path) -> bool:
    suffix, stem = name.suffix.lower(), name.stem.lower()
    return _is_shown(name) and suffix in SUFFIXES and stem not in _ABOUT


def _is_shown(name: Path) -> bool:
    return not (name.name.startswith(".") or is_sidecar(name))


def _is_file(path: Path) -> bool:
    """Tell whether a path is a file, or may be one: what can't be looked at is told when it is read."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return not isinstance(error, _NOT_THERE) and error.errno not in _NO_FILE


def is_gone(path: Path) -> bool:
    """Tell whether nothing is at a path; what can't be looked at may be there."""
    try:
        path.stat()
    except OSError as error:
        return isinstance(error, _NOT_THERE)
    return False


def place_of(path: Path, index: Path) -> str:
    """Return a resolved path from that of an index's folder, so that both may be moved together."""
    try:
        return as_text(Path(os.path.relpath(path, index)).as_posix())
    except ValueError:  # another drive
        return as_text(path.as_posix())


def path_of(place: str, index: Path) -> Path:
    """Return the resolved path that `place_of` made a place of, from the same index's."""
    return Path(os.path.normpath(index / place))


def is_below(place: str, folder: str, index: Path) -> bool:
    """Tell whether a place lies in the folder of another, both from one index's resolved path."""
    path, above = (os.path.normpath(os.path.join(index, each)) for each in (place, folder))
    return path != above and path.startswith(os.path.join(above, ""))


def name_of(path: Path, root: Path) -> str:
    """Return the id that a file gets: its path below its root without the ending, on one line.

    It hangs on no other file, so that links to its passages last. `#` and blanks become hyphens,
    as do the signs between folders: `2017/王毅.txt` is `2017-王毅`.
    """
    below = path.relative_to(root) if path != root else Path(path.name)
    return re.sub(r"[#\s]+", "-", as_text("-".join([*below.parts[:-1], below.stem])))


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
            ids[file.place] = unused(file.name, taken.__contains__)
            taken.add(ids[file.place])
    return ids


def unused(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name, or where it is taken the first free one of `name-2`, `name-3` and so on."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if not is_taken(each))


def as_text(name: str) -> str:
    """Return a file name as text that can be written, whatever bytes it was made of."""
    return name.encode("utf-8", "backslashreplace").decode()


def read_source(path: Path, id: str | None = None) -> Transcript:
    """Read one transcript; its id, if none is given, is the file's name without the ending.

    Raises `TranscriptError`, naming the file, when it is missing, empty, binary or undecodable.
    """
    # Imported only where something is read: its patterns take long to compile, and a collection
    # that did not change is searched without them.
    from qa_bot import parsing

    with errors_naming(path):
        return parsing.parse_document(document_in(path), id or name_of(path, path))
