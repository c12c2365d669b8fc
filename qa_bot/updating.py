"""Bring an index up to date with its sources: only what changed is read, cut and embedded."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from tqdm import tqdm

from qa_bot import segments, storage
from qa_bot.building import Piece, Workshop, add_segments, joined, without
from qa_bot.collection import Part
from qa_bot.errors import IndexFolderError, QABotError, SeedsError
from qa_bot.reconciling import Plan, forgotten, is_settled, reconcile
from qa_bot.records import Duplicate, Report, Transcript
from qa_bot.segments import Segment
from qa_bot.sources import SourceFile, path_of, place_of, read_source, survey
from qa_bot.storage import Identity, Manifest, Origin, SegmentRow, Source, State

_log: Final = logging.getLogger("qa_bot")


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked of an index beside looking at its sources again.

    `added` are folders and files to watch from now on, `removed` the ids of transcripts to leave
    out. `anew` has everything indexed again.
    """

    added: tuple[Path, ...] = ()
    removed: tuple[str, ...] = ()
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """An index in use: its manifest, its opened segments, what was done, and whether it was written."""

    manifest: Manifest
    pieces: tuple[Piece, ...]
    report: Report
    written: bool


@dataclass(frozen=True, slots=True)
class _Base:
    """What a change starts from; without pieces everything is indexed."""

    manifest: Manifest | None = None
    places: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class _Watched:
    """The files that are there, and the sources and folders that are out of reach."""

    files: tuple[SourceFile, ...]
    kept: tuple[Source, ...]
    missing: tuple[str, ...]


def open_index(index: Path, origin: Origin, workshop: Workshop) -> Opened:
    """Open an index as it is where its sources did not change, or else bring it up to date first.

    `origin` tells seeds and model; the places that were added are the index's own.
    """
    try:
        opened = _unchanged(index, origin, workshop)
    except IndexFolderError:
        opened = None  # told when it is mended
    return opened or update_index(index, origin, workshop, Change())


def update_index(
    index: Path,
    origin: Origin,
    workshop: Workshop,
    change: Change,
    opened: Mapping[str, Segment] | None = None,
) -> Opened:
    """Bring an index up to date and put it in use, under its lock.

    Segments that are `opened`, by name, are not opened again. Raises `SeedsError` when no
    transcript is left and nobody removed one, and `QABotError` for an unknown id.
    """
    with storage.writing(index):
        base = _base(index, workshop.identity, change.anew, opened or {})
        wanted = replace(origin, places=_places(index, base, change))
        before = _asked(index, base.sources, change)
        watched = _watch(index, wanted, before)
        with tqdm(desc="reading", unit="file", delay=1.0) as bar:
            plan = reconcile(before, watched.files, watched.kept, partial(_read, bar))
        _demand_transcripts(index, wanted, plan.sources)
        pieces, done = _made(index, base.pieces, plan, workshop)
        rows = tuple(piece.row for piece in pieces)
        manifest = Manifest(storage.FORMAT, workshop.identity, wanted, plan.sources, rows)
        if manifest != base.manifest:
            storage.publish(index, manifest)
        told = _told(index, plan.sources, watched)
        report = replace(done, duplicates=told.duplicates, problems=told.problems)
        return Opened(manifest, pieces, report, manifest != base.manifest)


def _unchanged(index: Path, origin: Origin, workshop: Workshop) -> Opened | None:
    """Open an index if it is what an update would make; raises `IndexFolderError` for a damaged one."""
    current = _current(index, workshop.identity)
    # Another name of the same model does not matter: the identity knows its vectors.
    if not current or current.origin.seeds != origin.seeds:
        return None
    watched = _watch(index, current.origin, current.sources)
    if not is_settled(current.sources, watched.files, watched.kept):
        return None
    pieces = tuple(_piece(index, row, {}) for row in current.segments)
    told = _told(index, current.sources, watched)
    return Opened(current, pieces, replace(told, unchanged=len(_ids(pieces))), False)


def _current(index: Path, identity: Identity) -> Manifest | None:
    """Return the manifest in use, if its segments are what would be made now."""
    manifest = storage.open_current(index)
    return manifest if manifest and manifest.identity == identity else None


def _piece(index: Path, row: SegmentRow, opened: Mapping[str, Segment]) -> Piece:
    """Open a segment, checking its files unless it is open already."""
    segment = opened.get(row.name)
    if segment is None:
        storage.check_segment(index, row)
        segment = segments.load(storage.segment_folder(index, row.name))
    return Piece(row.files, Part(segment, frozenset(row.dead)))


def _base(index: Path, identity: Identity, anew: bool, opened: Mapping[str, Segment]) -> _Base:
    try:
        current = None if anew else _current(index, identity)
        if current:
            pieces = tuple(_piece(index, row, opened) for row in current.segments)
            return _Base(current, current.origin.places, current.sources, pieces)
    except IndexFolderError as error:
        _log.warning("%s; building the index anew", error)
    traces = storage.last_traces(index)
    return _Base(None, traces.origin.places, forgotten(traces.sources)) if traces else _Base()


def _places(index: Path, base: _Base, change: Change) -> tuple[str, ...]:
    """Return the places to watch beside the seeds: single files that are gone or removed no longer."""
    inside, added = index.resolve(), storage.added_folder(index.resolve())
    paths = (path.resolve() for path in change.added)
    new = [place_of(path, inside) for path in paths if not path.is_relative_to(added)]
    removed = {source.place for source in base.sources if source.id in change.removed}
    held = [
        place
        for place in base.places
        if (index / place).exists() or any(_is_below(source.place, place) for source in base.sources)
    ]
    return tuple(dict.fromkeys(place for place in (*held, *new) if place not in removed))


def _asked(index: Path, sources: Iterable[Source], change: Change) -> tuple[Source, ...]:
    """Return the sources with those marked that a user removes, and those freed that one adds again."""
    sources = tuple(sources)
    unknown = set(change.removed) - {source.id for source in sources}
    if unknown:
        raise QABotError(f"no transcript {min(unknown)!r} in this collection; see qa-bot list")
    added = [place_of(path.resolve(), index.resolve()) for path in change.added]
    return tuple(_marked(source, added, change.removed) for source in sources)


def _marked(source: Source, added: Collection[str], removed: Collection[str]) -> Source:
    if source.id in removed or source.twin in removed:
        return Source(source.place, source.id, State.REMOVED)
    again = any(source.place == place or _is_below(source.place, place) for place in added)
    if source.state is State.REMOVED and again:
        return Source(source.place, source.id, State.UNREADABLE)
    return source


def _watch(index: Path, origin: Origin, sources: Iterable[Source]) -> _Watched:
    places = (origin.seeds, *origin.places)
    missing = tuple(place for place in places if not (index / place).exists())
    kept = tuple(s for s in sources if any(_is_below(s.place, place) for place in missing))
    roots = [index / place for place in places if place not in missing]
    return _Watched(survey([*roots, storage.added_folder(index)], index), kept, missing)


def _read(bar: tqdm[NoReturn], path: Path, id: str) -> Transcript:
    bar.update()
    return read_source(path, id)


def _is_below(place: str, folder: str) -> bool:
    return place.startswith(f"{folder}/")


def _demand_transcripts(index: Path, origin: Origin, sources: Iterable[Source]) -> None:
    if any(source.state in (State.INDEXED, State.REMOVED) for source in sources):
        return
    folder = (index / origin.seeds).resolve()
    if not folder.is_dir():
        raise SeedsError(f"{folder}: no such folder; give the folder of your transcripts with --seeds")
    found = "; ".join(source.problem for source in sources) or "it holds no file that can be one"
    raise SeedsError(f"{folder}: no transcript to index ({found})")


def _made(
    index: Path, pieces: Collection[Piece], plan: Plan, workshop: Workshop
) -> tuple[tuple[Piece, ...], Report]:
    """Index what is new and join what is small; tell what was done."""
    before = _ids(pieces)
    fresh = {transcript.id for transcript in plan.fresh}
    indexed = {source.id for source in plan.sources if source.state is State.INDEXED}
    new = add_segments(index, plan.fresh, workshop)
    left = without(pieces, (before - indexed) | fresh)
    report = Report(
        added=tuple(sorted(fresh - before)),
        changed=tuple(sorted(fresh & before)),
        removed=tuple(sorted(before - indexed)),
        unchanged=len((before & indexed) - fresh),
        embedded=sum(entry.passages for piece in new for entry in piece.living),
    )
    return joined(index, (*left, *new)), report


def _ids(pieces: Iterable[Piece]) -> set[str]:
    return {entry.id for piece in pieces for entry in piece.living}


def _told(index: Path, sources: Iterable[Source], watched: _Watched) -> Report:
    """Return what is to be said of the sources as they are, whatever was done."""
    inside = index.resolve()
    indexed = [source for source in watched.kept if source.state is State.INDEXED]
    missing = [
        f"{path_of(place, inside)}: out of reach; what it held is "
        + (
            "kept"
            if any(_is_below(source.place, place) for source in indexed)
            else "left out until it is back"
        )
        for place in watched.missing
    ]
    return Report(
        duplicates=tuple(
            Duplicate(str(path_of(s.place, inside)), s.twin)
            for s in sources
            if s.state is State.DUPLICATE
        ),
        problems=(*missing, *(source.problem for source in sources if source.problem)),
    )
