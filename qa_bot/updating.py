"""Bring an index up to date with its sources: only what changed is read, cut and embedded."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from tqdm import tqdm

from qa_bot import storage
from qa_bot.building import Workshop, add_segments, joined, opened, without
from qa_bot.collection import Part
from qa_bot.errors import IndexFolderError, QABotError, SeedsError
from qa_bot.progress import progress
from qa_bot.reconciling import Plan, forgotten, is_settled, reconcile
from qa_bot.records import Duplicate, Report, Transcript
from qa_bot.segments import Segment
from qa_bot.sources import SourceFile, is_below, is_gone, path_of, place_of, read_source, survey
from qa_bot.storage import Identity, Manifest, Origin, Source, State

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
    """An index in use: its manifest, its opened segments, what was done, and whether it was written.

    `failed` holds the problems of those of the places just added of which nothing is indexed.
    """

    manifest: Manifest
    parts: tuple[Part, ...]
    report: Report
    written: bool
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Last:
    """The generation in use, and whether an update would make the same."""

    opened: Opened
    is_settled: bool


@dataclass(frozen=True, slots=True)
class _Base:
    """What a change starts from; without parts everything is indexed."""

    manifest: Manifest | None = None
    places: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class _Watched:
    """The files that are there, and the sources and folders that are out of reach."""

    files: tuple[SourceFile, ...]
    kept: tuple[Source, ...]
    missing: tuple[str, ...]


def open_index(index: Path, origin: Origin, workshop: Workshop) -> Opened:
    """Open an index as it is where its sources did not change, or else bring it up to date first.

    `origin` tells seeds and model; the places that were added are the index's own. What can't be
    brought up to date is opened as it was last, if that is sound, with a problem that says so.
    """
    last = _last(index, origin, workshop)
    if last and last.is_settled:
        return last.opened
    try:
        known = {part.segment.name: part.segment for part in last.opened.parts} if last else {}
        return update_index(index, origin, workshop, Change(), known)
    except IndexFolderError as error:
        if last is None:
            raise
        problem = f"{error}; what was indexed before answers"
        _log.warning("%s", problem)
        report = last.opened.report
        return replace(last.opened, report=replace(report, problems=(problem, *report.problems)))


def update_index(
    index: Path,
    origin: Origin,
    workshop: Workshop,
    change: Change,
    known: Mapping[str, Segment] | None = None,
) -> Opened:
    """Bring an index up to date and put it in use, under its lock.

    Segments that are `known`, by name, are not opened again. Raises `SeedsError` when no
    transcript is left and nobody removed one, and `QABotError` for an unknown id.
    """
    with storage.writing(index):
        base = _base(index, workshop.identity, change.anew, known or {})
        before = _asked(index, base.sources, change)
        wanted = replace(origin, places=_places(index, origin, base.places, before, change))
        watched = _watch(index, wanted, before)
        with progress(desc="reading", unit="file") as bar:
            plan = reconcile(before, watched.files, watched.kept, partial(_read, bar))
        _demand_transcripts(index, wanted, plan.sources)
        parts, done = _made(index, base.parts, plan, workshop)
        rows = tuple(part.row for part in parts)
        manifest = Manifest(storage.FORMAT, workshop.identity, wanted, plan.sources, rows)
        if manifest != base.manifest:
            storage.publish(index, manifest)
        told = _told(index, plan.sources, watched)
        report = replace(done, duplicates=told.duplicates, problems=told.problems)
        failed = _failed(index, plan.sources, change.added)
        return Opened(manifest, parts, report, manifest != base.manifest, failed)


def _last(index: Path, origin: Origin, workshop: Workshop) -> _Last | None:
    """Open the generation in use, if it is sound and of the same seeds and model."""
    try:
        current = _current(index, workshop.identity)
        # Another name of the same model does not matter: the identity knows its vectors.
        if not current or current.origin.seeds != origin.seeds:
            return None
        parts = tuple(opened(index, row, {}) for row in current.segments)
    except IndexFolderError:
        return None  # told when it is mended
    watched = _watch(index, current.origin, current.sources)
    report = replace(_told(index, current.sources, watched), unchanged=len(_ids(parts)))
    settled = is_settled(current.sources, watched.files, watched.kept)
    return _Last(Opened(current, parts, report, False), settled)


def _current(index: Path, identity: Identity) -> Manifest | None:
    """Return the manifest in use, if its segments are what would be made now."""
    manifest = storage.open_current(index)
    return manifest if manifest and manifest.identity == identity else None


def _base(index: Path, identity: Identity, anew: bool, known: Mapping[str, Segment]) -> _Base:
    try:
        current = None if anew else _current(index, identity)
        if current:
            parts = tuple(opened(index, row, known) for row in current.segments)
            return _Base(current, current.origin.places, current.sources, parts)
    except IndexFolderError as error:
        _log.warning("%s; building the index anew", error)
    traces = storage.last_traces(index)
    return _Base(None, traces.origin.places, forgotten(traces.sources)) if traces else _Base()


def _places(
    index: Path, origin: Origin, watched: Iterable[str], sources: Iterable[Source], change: Change
) -> tuple[str, ...]:
    """Return the places to watch beside the seeds: those that were deleted or removed no longer."""
    inside, added = index.resolve(), storage.added_folder(index.resolve())
    paths = (path.resolve() for path in change.added)
    new = [place_of(path, inside) for path in paths if not path.is_relative_to(added)]
    removed = {s.place for s in sources if s.id in change.removed}
    alive = [source.place for source in sources if source.state is not State.REMOVED]
    places = dict.fromkeys(place for place in (*watched, *new) if place not in removed)
    missing = _missing((origin.seeds, *places), alive, inside)
    return tuple(
        place
        for place in places
        if place not in missing
        or (missing[place] and any(_holds(place, each, inside) for each in alive))
    )


def _missing(places: Collection[str], files: Collection[str], inside: Path) -> dict[str, bool]:
    """Return the places that are not there, with whether they may be back; the others were deleted.

    Below a folder that is watched and there, what is not there was deleted. So was a single file
    whose folder is there. Anything else may lie on a disk that is not plugged in.
    """
    paths = {place: path_of(place, inside) for place in places}
    folders = [path for path in paths.values() if os.path.isdir(path)]

    def may_be_back(place: str, path: Path) -> bool:
        deleted = any(path.is_relative_to(folder) for folder in folders) or (
            place in files and os.path.isdir(path.parent)
        )
        return not (is_gone(path) and deleted)

    return {
        place: may_be_back(place, path) for place, path in paths.items() if not os.path.exists(path)
    }


def _asked(index: Path, sources: Iterable[Source], change: Change) -> tuple[Source, ...]:
    """Return the sources with those marked that a user removes, and those freed that one adds again."""
    sources = tuple(sources)
    unknown = set(change.removed) - {source.id for source in sources}
    if unknown:
        raise QABotError(f"no transcript {min(unknown)!r} in this collection; see qa-bot list")
    inside = index.resolve()
    added = [place_of(path.resolve(), inside) for path in change.added]
    return tuple(_marked(source, added, change.removed, inside) for source in sources)


def _marked(source: Source, added: Collection[str], removed: Collection[str], inside: Path) -> Source:
    if source.id in removed:
        return Source(source.place, source.id, State.REMOVED)
    if source.twin in removed:
        return replace(source, state=State.REMOVED)
    is_removed = source.state is State.REMOVED
    if is_removed and any(_holds(place, source.place, inside) for place in added):
        return Source(source.place, source.id, State.UNREADABLE)
    return source


def _watch(index: Path, origin: Origin, sources: Iterable[Source]) -> _Watched:
    inside = index.resolve()
    sources = tuple(sources)
    places = (origin.seeds, *origin.places)
    missing = _missing(places, {source.place for source in sources}, inside)
    roots = [path_of(place, inside) for place in places if place not in missing]
    found = survey([*roots, storage.added_folder(inside)], inside)
    away = (*(place for place, back in missing.items() if back), *found.closed)
    there = {file.place for file in found.files}
    kept = tuple(
        source
        for source in sources
        if source.place not in there and any(_holds(place, source.place, inside) for place in away)
    )
    return _Watched(found.files, kept, away)


def _read(bar: tqdm[NoReturn], path: Path, id: str) -> Transcript:
    bar.update()
    return read_source(path, id)


def _holds(folder: str, place: str, inside: Path) -> bool:
    """Tell whether a place is another or lies in its folder."""
    return place == folder or is_below(place, folder, inside)


def _demand_transcripts(index: Path, origin: Origin, sources: Iterable[Source]) -> None:
    if any(source.state in (State.INDEXED, State.REMOVED) for source in sources):
        return
    folder = (index / origin.seeds).resolve()
    if not os.path.isdir(folder):
        raise SeedsError(f"{folder}: no such folder; give the folder of your transcripts with --seeds")
    found = "; ".join(source.problem for source in sources) or "it holds no file that can be one"
    raise SeedsError(f"{folder}: no transcript to index ({found})")


def _made(
    index: Path, parts: Collection[Part], plan: Plan, workshop: Workshop
) -> tuple[tuple[Part, ...], Report]:
    """Index what is new and join what is small; tell what was done."""
    before = _ids(parts)
    fresh = {transcript.id for transcript in plan.fresh}
    indexed = {source.id for source in plan.sources if source.state is State.INDEXED}
    new = add_segments(index, plan.fresh, workshop)
    left = without(parts, (before - indexed) | fresh)
    report = Report(
        added=tuple(sorted(fresh - before)),
        changed=tuple(sorted(fresh & before)),
        removed=tuple(sorted(before - indexed)),
        unchanged=len((before & indexed) - fresh),
        embedded=sum(entry.passages for part in new for entry in part.living),
    )
    return joined(index, (*left, *new)), report


def _ids(parts: Iterable[Part]) -> set[str]:
    return {entry.id for part in parts for entry in part.living}


def _failed(index: Path, sources: Iterable[Source], added: Iterable[Path]) -> tuple[str, ...]:
    """Return the problems of those places just added of which nothing is indexed."""
    inside = index.resolve()
    failed: dict[str, None] = {}
    for place in {place_of(path.resolve(), inside): None for path in added}:
        held = [source for source in sources if _holds(place, source.place, inside)]
        if not any(source.state in (State.INDEXED, State.DUPLICATE) for source in held):
            failed.update(dict.fromkeys(source.problem for source in held if source.problem))
    return tuple(failed)


def _told(index: Path, sources: Iterable[Source], watched: _Watched) -> Report:
    """Return what is to be said of the sources as they are, whatever was done."""
    inside = index.resolve()
    indexed = [source for source in watched.kept if source.state is State.INDEXED]
    missing = [
        f"{path_of(place, inside)}: out of reach; what it held is "
        + (
            "kept"
            if any(_holds(place, source.place, inside) for source in indexed)
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
