"""Work out what must be read, indexed and forgotten when the files of a collection changed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from qa_bot.duplicates import text_key
from qa_bot.errors import TranscriptError
from qa_bot.records import Transcript
from qa_bot.sources import SourceFile, as_text, assign_ids
from qa_bot.storage import Source, State

#: Read the transcript in a file, giving it an id.
Read = Callable[[Path, str], Transcript]
#: A source as it is now, and its transcript if it was read.
_Settled = tuple[Source, Transcript | None]
_WITH_TEXT: Final = (State.INDEXED, State.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Plan:
    """The sources as they are now, and the transcripts that must be indexed to match them."""

    sources: tuple[Source, ...]
    fresh: tuple[Transcript, ...]


def reconcile(
    before: Sequence[Source], files: Sequence[SourceFile], kept: Sequence[Source], read: Read
) -> Plan:
    """Compare the sources before with the files that are there now.

    Only files whose content was not seen before are read. A file that was indexed and can't be read
    now keeps its passages, until it can be read again or is gone. Of files with one text the one
    that is indexed already stays, or else the first is. Sources `kept` stay as they were.
    """
    known = {source.place: source for source in before}
    there = {file.place for file in files} | {source.place for source in kept}
    ids = assign_ids(files, {place: known[place].id for place in there if place in known})
    settled = [_settle(file, ids[file.place], known.get(file.place), read) for file in files]
    away = [source for source in kept if source.state is State.INDEXED]
    first = _first_of_each_text([*(source for source, _ in settled), *away], known)
    single = [_single(each, file, first, read) for each, file in zip(settled, files, strict=True)]
    return Plan(
        (*(source for source, _ in single), *kept),
        tuple(transcript for _, transcript in single if transcript),
    )


def is_settled(before: Sequence[Source], files: Sequence[SourceFile], kept: Sequence[Source]) -> bool:
    """Tell whether every file was seen as it is now, and no other file before."""
    known = {source.place: source for source in before}
    there = {file.place for file in files} | {source.place for source in kept}
    indexed = {source.id for source in before if source.state is State.INDEXED}
    return there == known.keys() and all(
        _is_done(known[file.place], file.key, indexed) for file in files
    )


def _is_done(source: Source, key: str, indexed: Container[str]) -> bool:
    """Tell whether nothing is to be done about a file: a duplicate needs its twin."""
    if _stays_out(source):
        return True
    return source.seen == key and (source.state is not State.DUPLICATE or source.twin in indexed)


def _stays_out(source: Source) -> bool:
    """Tell whether a file was removed by its own id, and not just as a copy of one that was."""
    return source.state is State.REMOVED and not source.twin


def forgotten(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return sources as if nothing of them had been read yet; ids and what a user removed stay."""
    return tuple(
        source if source.state is State.REMOVED else Source(source.place, source.id, State.UNREADABLE)
        for source in sources
    )


def _settle(file: SourceFile, id: str, before: Source | None, read: Read) -> _Settled:
    """Read a file unless it was removed itself or looks as it did before."""
    if before and (_stays_out(before) or before.seen == file.key):
        return before, None
    settled, transcript = _read(file, id, read)
    if not transcript and before and before.key:
        problem = f"{settled.problem}; what it held before is kept"
        return replace(before, seen=file.key, problem=problem), None
    return settled, transcript


def _read(file: SourceFile, id: str, read: Read) -> _Settled:
    try:
        transcript = read(file.path, id)
        text = text_key(transcript.text)
        msgspec.json.encode(transcript)  # what can't be written must not stop the others
    except (TranscriptError, UnicodeEncodeError) as error:
        halved = f"{file.path}: it holds half a character; open it and save it again"
        problem = as_text(halved if isinstance(error, UnicodeEncodeError) else str(error))
        return Source(file.place, id, State.UNREADABLE, seen=file.key, problem=problem), None
    silent = f"{file.path}: no official's words were recognised; see qa-bot parse"
    problem = "" if transcript.is_citable else as_text(silent)
    return Source(file.place, id, State.INDEXED, file.key, file.key, text, problem=problem), transcript


def _first_of_each_text(sources: Iterable[Source], known: Mapping[str, Source]) -> dict[str, Source]:
    first: dict[str, Source] = {}
    for source in sorted(sources, key=lambda source: not _was_indexed(source, known)):
        if source.state in _WITH_TEXT:
            first.setdefault(source.text, source)
    return first


def _was_indexed(source: Source, known: Mapping[str, Source]) -> bool:
    before = known.get(source.place)
    return bool(before and before.state is State.INDEXED and before.text == source.text)


def _single(settled: _Settled, file: SourceFile, first: Mapping[str, Source], read: Read) -> _Settled:
    """Leave out what repeats another source, and read a duplicate again whose twin is gone."""
    source = settled[0]
    if source.state not in _WITH_TEXT:
        return settled
    if first[source.text] != source:
        twin = first[source.text].id
        return replace(source, state=State.DUPLICATE, key="", twin=twin, problem=""), None
    return settled if source.state is State.INDEXED else _read(file, source.id, read)
