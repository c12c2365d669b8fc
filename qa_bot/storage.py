"""Keep an index on disk: parts that never change, generations that list them, one pointer to the latest.

    index/
    ├── CURRENT                     the name of the generation in use, replaced last
    ├── generations/<name>/
    │   └── manifest.json           the sources, the segments, and the SHA-256 of every file of them
    ├── segments/<name>/            transcripts understood, cut and indexed: see `qa_bot.segments`
    └── added/                      originals that were downloaded or uploaded: never deleted here

A change writes new segments and a new generation that shares the others, and then moves the pointer,
so a failed or killed change leaves the last good generation in use. The generation that was in use
before is kept, with its segments, for readers that are just opening it. A lock, released when its
process ends, lets one writer at a time in.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock

from qa_bot.errors import IndexFolderError

FORMAT: Final = 3
MANIFEST: Final = "manifest.json"
_POINTER: Final = "CURRENT"
_GENERATIONS: Final = "generations"
_SEGMENTS: Final = "segments"
_ADDED: Final = "added"
_LOCK: Final = ".lock"
_PREFIX: Final = "gen-"
_SEGMENT_PREFIX: Final = "seg-"


@dataclass(frozen=True, slots=True)
class Identity:
    """All that decides how a transcript is indexed: when any of it changes, all are indexed anew."""

    embedder: str
    analysis: str
    settings: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the parts of an index come from, to open it again in the same way.

    `seeds` is the folder of transcripts and `places` are the folders and files that were added to
    it, all relative to the folder of the index, so that they may be moved together; `model` is a
    folder, a hub's name, or None for the embedded model, `truncate_dim` the number of its first
    dimensions that are kept, None for all; `lexicons` are files beside those of the package.
    """

    seeds: str
    model: str | None
    places: tuple[str, ...] = ()
    lexicons: tuple[str, ...] = ()
    truncate_dim: int | None = None


class State(str, Enum):
    """What became of a file: `REMOVED` are those that a user took out of a folder that is watched."""

    INDEXED = "indexed"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the collection: `place`, relative to the folder of the index, keeps its `id`.

    `key` is a hash of the bytes that are indexed, empty when none are; `seen` of those that were
    last looked at, which differs where a file was damaged after it had been indexed. `text` is a
    hash of the text without blanks. `twin` is the id of the transcript that a duplicate repeats, or
    repeated when that was removed: then it is out only until it holds something else.
    """

    place: str
    id: str
    state: State
    key: str = ""
    seen: str = ""
    text: str = ""
    twin: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment in use: the SHA-256 of its files, and the ids in it that no longer count."""

    name: str
    files: dict[str, str]
    dead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds, and what it was built from and by."""

    format: int
    identity: Identity
    origin: Origin
    sources: tuple[Source, ...]
    segments: tuple[SegmentRow, ...]


@dataclass(frozen=True, slots=True)
class Traces:
    """So much of a manifest of any format as is needed to build the same index again."""

    format: int
    origin: Origin
    sources: tuple[Source, ...] = ()


def segment_folder(index: Path, name: str) -> Path:
    """Return where a segment lies."""
    return index / _SEGMENTS / name


def added_folder(index: Path) -> Path:
    """Return where downloads and uploads lie."""
    return index / _ADDED


def open_current(index: Path) -> Manifest | None:
    """Return the manifest of the generation in use, or None when there is none.

    Raises `IndexFolderError` naming the file that is missing, damaged or of another version.
    """
    pointer = index / _POINTER
    if not pointer.exists():
        return None
    try:
        return _read_manifest(index / _GENERATIONS / _read_pointer(pointer) / MANIFEST)
    except OSError as error:
        raise IndexFolderError(f"{error.filename or pointer}: missing or unreadable") from error


def check_segment(index: Path, row: SegmentRow) -> None:
    """Compare every file of a segment with its checksum; raises `IndexFolderError` naming the first bad."""
    folder = segment_folder(index, row.name)
    try:
        for name, expected in row.files.items():
            if file_hash(folder / name) != expected:
                raise IndexFolderError(
                    f"{folder / name}: damaged, its checksum differs from the manifest's"
                )
    except OSError as error:
        raise IndexFolderError(f"{error.filename or folder}: missing or unreadable") from error


def last_traces(index: Path) -> Traces | None:
    """Return where the newest index in a folder came from, be it damaged, if that can be read."""
    manifests = sorted(index.glob(f"{_GENERATIONS}/{_PREFIX}*/{MANIFEST}"), key=_modified, reverse=True)
    for path in manifests:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Traces)
        except (OSError, ValueError, msgspec.MsgspecError):
            continue
    return None


@contextlib.contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the lock of an index; raises `IndexFolderError` for any file that can't be written inside."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / _LOCK):
            yield
    except OSError as error:
        raise IndexFolderError(
            f"{index}: the index can't be written ({error.strerror or error}); "
            "give another folder with --index"
        ) from error


def write_segment(index: Path, write: Callable[[Path], None]) -> SegmentRow:
    """Write a new segment, by a function that fills an empty folder; the lock must be held."""
    folder = _new_folder(index / _SEGMENTS, _SEGMENT_PREFIX)
    try:
        write(folder)
        return SegmentRow(
            folder.name, {path.name: file_hash(path) for path in sorted(folder.iterdir())}
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def publish(index: Path, manifest: Manifest) -> None:
    """Put a new generation in use and remove what no generation needs; the lock must be held."""
    generations = index / _GENERATIONS
    before = _pointed_to(index)
    folder = _new_folder(generations, _PREFIX)
    try:
        row = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_whole(folder / MANIFEST, row)
        write_whole(index / _POINTER, folder.name.encode())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _remove_all_but({folder.name, before}, generations, _PREFIX)
    kept = {row.name for row in manifest.segments} | _segments_of(generations / (before or folder.name))
    _remove_all_but(kept, index / _SEGMENTS, _SEGMENT_PREFIX)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it holds either its old content or the new, whatever happens."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _read_pointer(path: Path) -> str:
    name = path.read_bytes().decode("ascii", "replace").strip()
    if not name.removeprefix(_PREFIX).replace("_", "").isalnum():
        raise IndexFolderError(f"{path}: damaged, it names no generation")
    return name


def _read_manifest(path: Path) -> Manifest:
    content = path.read_bytes()
    try:
        found = msgspec.json.decode(content)["format"]
        if found != FORMAT:
            raise IndexFolderError(f"{path}: index format {found}, this version reads {FORMAT}")
        return msgspec.json.decode(content, type=Manifest)
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise IndexFolderError(f"{path}: missing or damaged") from error


def _segments_of(generation: Path) -> set[str]:
    try:
        return {row.name for row in _read_manifest(generation / MANIFEST).segments}
    except (OSError, IndexFolderError):
        return set()


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _pointed_to(index: Path) -> str | None:
    try:
        return _read_pointer(index / _POINTER)
    except (OSError, IndexFolderError):
        return None


def _new_folder(parent: Path, prefix: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))


def _remove_all_but(kept: Collection[str | None], parent: Path, prefix: str) -> None:
    """Remove what is no longer used and what killed writers left; what can't be removed now stays."""
    for folder in parent.glob(f"{prefix}*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
