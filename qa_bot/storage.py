"""Keep built indexes on disk: whole generations that never change, and one pointer to the latest.

    index/
    ├── CURRENT                 the name of the generation in use, replaced last
    └── generations/<name>/
        ├── manifest.json       what it was built from, and the SHA-256 of every other file
        ├── transcripts.jsonl   the transcripts' exact texts
        ├── passages.jsonl      where each passage stands
        ├── bm25.npz            the sparse index
        └── vectors.faiss       the dense index

A build writes a new folder and then moves the pointer, so a failed or killed build leaves the last
good generation in use. The generation that was in use before is kept for readers that are just
opening it. A lock, released when its process ends, lets one builder at a time in.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

from qa_bot.errors import IndexFolderError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
TRANSCRIPTS: Final = "transcripts.jsonl"
PASSAGES: Final = "passages.jsonl"
BM25: Final = "bm25.npz"
VECTORS: Final = "vectors.faiss"
_POINTER: Final = "CURRENT"
_GENERATIONS: Final = "generations"
_LOCK: Final = ".lock"
_PREFIX: Final = "gen-"


@dataclass(frozen=True, slots=True)
class Identity:
    """All that decides the content of an index: when any of it changes, the index is rebuilt."""

    corpus: str
    embedder: str
    analysis: str
    settings: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the parts of an index came from, to open it again in the same way.

    `seeds` is relative to the folder of the index, so that both may be moved together; `model` is
    a folder, a hub's name, or None for the embedded model.
    """

    seeds: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and by; `files` maps each file to its SHA-256."""

    format: int
    identity: Identity
    origin: Origin
    transcripts: int
    passages: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Generation:
    """A checked generation on disk."""

    folder: Path
    manifest: Manifest


def open_current(index: Path) -> Generation | None:
    """Return the generation in use after checking every file of it, or None when there is none.

    Raises `IndexFolderError` naming the file that is missing, damaged or of another version.
    """
    pointer = index / _POINTER
    if not pointer.exists():
        return None
    try:
        folder = index / _GENERATIONS / _read_pointer(pointer)
        manifest = _read_manifest(folder / MANIFEST)
        for name, expected in manifest.files.items():
            if file_hash(folder / name) != expected:
                raise IndexFolderError(
                    f"{folder / name}: damaged, its checksum differs from the manifest's"
                )
    except OSError as error:
        raise IndexFolderError(f"{error.filename or pointer}: missing or unreadable") from error
    return Generation(folder, manifest)


def last_origin(index: Path) -> Origin | None:
    """Return where the newest index in a folder came from, be it damaged, if that can be read."""
    manifests = sorted(index.glob(f"{_GENERATIONS}/{_PREFIX}*/{MANIFEST}"), key=_modified, reverse=True)
    for path in manifests:
        try:
            return _read_manifest(path).origin
        except IndexFolderError:
            continue
    return None


def publish(
    index: Path, write: Callable[[Path], None], describe: Callable[[dict[str, str]], Manifest]
) -> Generation:
    """Write a new generation and put it in use; builders of one index wait for each other.

    `write` fills an empty folder; `describe` makes the manifest from the checksums of its files.
    Raises `IndexFolderError` when the folder can't be written; the old index is then untouched.
    """
    try:
        generations = index / _GENERATIONS
        generations.mkdir(parents=True, exist_ok=True)
        with FileLock(index / _LOCK):
            before = _pointed_to(index)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=generations))
            try:
                write(folder)
                manifest = describe({path.name: file_hash(path) for path in sorted(folder.iterdir())})
                _write_text(
                    folder / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
                )
                _write_text(index / _POINTER, folder.name)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            _remove_all_but({folder.name, before}, generations)
    except OSError as error:
        raise IndexFolderError(
            f"{index}: the index can't be written ({error.strerror or error}); "
            "give another folder with --index"
        ) from error
    return Generation(folder, manifest)


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
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["format"] != FORMAT:
            raise IndexFolderError(f"{path}: index format {row['format']}, this version reads {FORMAT}")
        parts = {"identity": Identity(**row["identity"]), "origin": Origin(**row["origin"])}
        manifest = Manifest(**{**row, **parts})
        texts = [manifest.origin.seeds, manifest.origin.model or "", *manifest.files.values()]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("not a text")
        return manifest
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexFolderError(f"{path}: missing or damaged") from error


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


def _write_text(path: Path, text: str) -> None:
    """Write a file so that it holds either its old text or the new one, whatever happens."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _remove_all_but(kept: Collection[str | None], generations: Path) -> None:
    """Remove older generations and what killed builds left; what can't be removed now stays."""
    for folder in generations.glob(f"{_PREFIX}*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
