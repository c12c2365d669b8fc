"""One collection out of the living transcripts of some segments, searched by position, looked up by id."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from qa_bot.adapters.joined_index import JoinedIndex
from qa_bot.analysis import Analysis
from qa_bot.bm25 import BM25Index
from qa_bot.duplicates import official_sentences, same_events
from qa_bot.filters import Filters, admits_asker, admits_speaker, admits_transcript
from qa_bot.late import JoinedBags
from qa_bot.protocols import Embedder
from qa_bot.records import CatalogueEntry, Passage, SameEvent, Span, Speaker, Transcript
from qa_bot.retrieval import FIELD_WEIGHTS, Retriever
from qa_bot.segments import PASSAGE_ROW, PassageTable, Segment
from qa_bot.storage import SegmentRow
from qa_bot.vectors import Flags, Positions

_KEPT_TRANSCRIPTS: Final = 64
_KEPT_FILTERS: Final = 32
_KEPT_NAMES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in use, the checksums of its files, and the ids in it that no longer count."""

    segment: Segment
    files: dict[str, str]
    dead: frozenset[str] = frozenset()

    @property
    def row(self) -> SegmentRow:
        """How a manifest lists it."""
        return SegmentRow(self.segment.name, self.files, tuple(sorted(self.dead)))

    @property
    def living(self) -> tuple[CatalogueEntry, ...]:
        """The entries of the transcripts in it that still count."""
        return tuple(entry for entry in self.segment.entries if entry.id not in self.dead)


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a living transcript is kept: the number of its part, and its own number there."""

    part: int
    number: int
    entry: CatalogueEntry


class Collection:
    """The living passages of some parts in one order: by transcript id, then as they stand.

    The order hangs on nothing else, so that a collection that grew ranks what scores alike just as
    one that was built at once. A collection never changes.
    """

    def __init__(
        self, parts: Sequence[Part], places: Mapping[str, str], embedder: Embedder, analysis: Analysis
    ) -> None:
        """Join parts; `places` tells for a transcript's id which file it was read from."""
        homes = _living(parts)
        firsts = [0, *accumulate(home.entry.passages for home in homes)]
        self.entries = tuple(replace(h.entry, place=places.get(h.entry.id, "")) for h in homes)
        self.parts = tuple(parts)
        self._homes = {home.entry.id: home for home in homes}
        self._ranges = {h.entry.id: range(*firsts[n : n + 2]) for n, h in enumerate(homes)}
        positions = _positions(parts, homes, firsts)
        self._table = _table(parts, homes, positions)
        self.retriever = _retriever(parts, positions, embedder, analysis)
        self._transcript = lru_cache(_KEPT_TRANSCRIPTS)(self._read)
        self._allowed = lru_cache(_KEPT_FILTERS)(self._work_out)
        self._fold = lru_cache(_KEPT_NAMES)(analysis.fold)

    def __len__(self) -> int:
        """The number of passages."""
        return len(self._table)

    @cached_property
    def officials(self) -> frozenset[Speaker]:
        """All who speak in any passage."""
        pairs = np.unique(np.stack([self._table["transcript"], self._table["speaker"]]), axis=1)
        return frozenset(self.entries[n].speakers[speaker] for n, speaker in pairs.T.tolist())

    def transcript(self, id: str) -> Transcript | None:
        """Return the transcript with an id, or None."""
        return self._transcript(id) if id in self._homes else None

    def passage_at(self, position: int) -> Passage:
        """Return the passage at a position."""
        number, exchange, part, turn, start, end, _, _ = self._table[position].tolist()
        transcript = self._transcript(self.entries[number].id)
        return Passage(
            id=f"{transcript.id}#{exchange}.{part}",
            transcript=transcript,
            turn=transcript.turns[turn],
            exchange=next((each for each in transcript.exchanges if each.number == exchange), None),
            span=Span(start, end),
        )

    def find(self, link: str) -> tuple[Passage, ...]:
        """Return the passages of a transcript `T`, of an exchange `T#8`, or the one passage `T#8.1`.

        Statements stand under exchange 0. Nothing is found for a link to nothing.
        """
        id, _, below = link.partition("#")
        return tuple(
            self.passage_at(position)
            for position in self._ranges.get(id, ())
            if below in ("", *_below(self._table[position]))
        )

    def same_events(self, ids: Container[str]) -> tuple[SameEvent, ...]:
        """Return which of some transcripts are of one event with another of the same date."""
        by_date: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.date:
                by_date.setdefault(entry.date, []).append(entry.id)
        found: list[SameEvent] = []
        for group in by_date.values():
            changed = {id for id in group if id in ids}
            if changed and len(group) > 1:
                found += same_events({id: official_sentences(self._read(id)) for id in group}, changed)
        return tuple(found)

    def allowed(self, filters: Filters | None) -> Flags | None:
        """Return which positions pass the filters, or None when there is none."""
        return self._allowed(filters) if filters else None

    def count(self, filters: Filters | None) -> int:
        """Return how many passages pass the filters."""
        allowed = self.allowed(filters)
        return len(self) if allowed is None else int(allowed.sum())

    def _read(self, id: str) -> Transcript:
        home = self._homes[id]
        return self.parts[home.part].segment.transcript(home.number)

    def _work_out(self, filters: Filters) -> Flags:
        admitted = [admits_transcript(filters, entry, self._fold) for entry in self.entries]
        flags: Flags = np.array(admitted, dtype=np.bool_)[self._table["transcript"]]
        if filters.speaker:
            flags &= self._by("speaker", lambda who: admits_speaker(filters, who, self._fold))
        if filters.outlet:
            flags &= self._by("asker", lambda who: admits_asker(filters, who, self._fold))
        return flags

    def _by(self, column: str, admits: Callable[[Speaker | None], bool]) -> Flags:
        """Return which positions have somebody, or nobody, in a column that is admitted."""
        people = [(*entry.speakers, None) for entry in self.entries]
        ends = np.array([*accumulate(map(len, people))], dtype=np.int64)
        flags = np.array([admits(who) for group in people for who in group], dtype=np.bool_)
        transcripts, numbers = self._table["transcript"], self._table[column]
        starts = ends - [len(group) for group in people]
        # -1 is the nobody at a group's end.
        by_row: Flags = flags[
            np.where(numbers < 0, ends[transcripts] - 1, starts[transcripts] + numbers)
        ]
        return by_row


def _living(parts: Sequence[Part]) -> list[_Home]:
    homes = (
        _Home(number, at, entry)
        for number, part in enumerate(parts)
        for at, entry in enumerate(part.segment.entries)
        if entry.id not in part.dead
    )
    return sorted(homes, key=lambda home: home.entry.id)


def _positions(parts: Sequence[Part], homes: Sequence[_Home], firsts: Sequence[int]) -> list[Positions]:
    """Return for each part where its passages stand in the collection, -1 for nowhere."""
    begins = [np.full(len(part.segment.entries), -1, dtype=np.int64) for part in parts]
    for home, first in zip(homes, firsts, strict=False):
        begins[home.part][home.number] = first
    positions = []
    for part, begin in zip(parts, begins, strict=True):
        transcripts = np.asarray(part.segment.passages["transcript"])
        # A transcript's passages stand together, so a passage is as far from the first as here.
        within = np.arange(len(transcripts)) - np.searchsorted(transcripts, transcripts)
        there = begin[transcripts]
        positions.append(np.where(there < 0, -1, there + within))
    return positions


def _table(
    parts: Sequence[Part], homes: Sequence[_Home], positions: Sequence[Positions]
) -> PassageTable:
    """Return the passages of all parts in their order, with the numbers of the collection's entries."""
    numbers = [np.zeros(len(part.segment.entries), dtype=np.int32) for part in parts]
    for number, home in enumerate(homes):
        numbers[home.part][home.number] = number
    table = np.zeros(sum(home.entry.passages for home in homes), dtype=PASSAGE_ROW)
    for part, rows, renumbered in zip(parts, positions, numbers, strict=True):
        living = np.array(part.segment.passages[rows >= 0])
        living["transcript"] = renumbered[living["transcript"]]
        table[rows[rows >= 0]] = living
    return table


def _retriever(
    parts: Sequence[Part], positions: Sequence[Positions], embedder: Embedder, analysis: Analysis
) -> Retriever:
    postings = [part.segment.postings for part in parts]
    vectors = [part.segment.vectors for part in parts]
    return Retriever(
        BM25Index.over(postings, positions, tuple(FIELD_WEIGHTS.values())),
        JoinedIndex(vectors, positions),
        JoinedBags([part.segment.words for part in parts], positions),
        embedder,
        analysis,
    )


def _below(row: npt.NDArray[np.void]) -> tuple[str, str]:
    """Return what may stand behind the # of a link to a passage: its exchange, or itself."""
    return str(row["exchange"]), f"{row['exchange']}.{row['part']}"
