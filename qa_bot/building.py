"""Build what an index is made of: segments of new transcripts, and larger ones out of small ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from qa_bot import segments, storage
from qa_bot.adapters.faiss_index import FaissIndex
from qa_bot.bm25 import K1, B, BM25Index
from qa_bot.collection import Part
from qa_bot.joining import MOST_CHARACTERS, to_join
from qa_bot.passages import MAX_PASSAGE_CHARS
from qa_bot.protocols import Embedder
from qa_bot.records import CatalogueEntry, Transcript
from qa_bot.retrieval import FIELD_WEIGHTS, FieldTexts, Retriever
from qa_bot.segments import Analysis
from qa_bot.storage import Identity, SegmentRow

_PACKAGE: Final = Path(__file__).parent
#: Parts of the package that decide nothing of what is indexed, or are known by a hash of their own.
_ELSEWHERE: Final = frozenset({"web", "training", "model", "seeds", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Workshop:
    """What an index is made with."""

    embedder: Embedder
    analysis: Analysis

    @property
    def identity(self) -> Identity:
        """What changes whenever an index made with these parts would."""
        return Identity(self.embedder.fingerprint, self.analysis.name, _settings())


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment on disk, opened, with the checksums of its files."""

    files: dict[str, str]
    part: Part

    @property
    def row(self) -> SegmentRow:
        """How a manifest lists it."""
        return SegmentRow(self.part.segment.name, self.files, tuple(sorted(self.part.dead)))

    @property
    def living(self) -> tuple[CatalogueEntry, ...]:
        """The entries of the transcripts in it that still count."""
        return tuple(e for e in self.part.segment.entries if e.id not in self.part.dead)


def index_passages(documents: Sequence[FieldTexts], workshop: Workshop) -> Retriever:
    """Index documents, given as the texts of their fields, in memory; document i is at position i."""
    embedder, analysis = workshop.embedder, workshop.analysis
    postings, vectors = segments.index(([document] for document in documents), embedder, analysis)
    positions = np.arange(len(documents))
    bm25 = BM25Index.over([postings], [positions], tuple(FIELD_WEIGHTS.values()))
    return Retriever(bm25, FaissIndex.build(vectors), embedder, analysis.fold, analysis.terms)


def add_segments(
    index: Path, transcripts: Sequence[Transcript], workshop: Workshop
) -> tuple[Piece, ...]:
    """Write segments of new transcripts; the lock of the index must be held."""
    return tuple(
        _piece(
            index,
            partial(
                segments.write,
                transcripts=batch,
                embedder=workshop.embedder,
                analysis=workshop.analysis,
            ),
        )
        for batch in _batches(transcripts)
    )


def without(pieces: Iterable[Piece], stale: Collection[str]) -> tuple[Piece, ...]:
    """Return pieces in which some transcripts no longer count, leaving out those that are then empty."""
    left = []
    for piece in pieces:
        held = {entry.id for entry in piece.part.segment.entries}
        dead = piece.part.dead | (held & set(stale))
        if dead != held:
            left.append(replace(piece, part=replace(piece.part, dead=dead)))
    return tuple(left)


def joined(index: Path, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join small segments until they are few; see `to_join`. The lock of the index must be held."""
    left = list(pieces)
    while chosen := to_join(
        [_size(piece.living) for piece in left], [_size(p.part.segment.entries) for p in left]
    ):
        parts = [left[number].part for number in chosen]
        write = partial(
            segments.join, parts=[part.segment for part in parts], dead=[part.dead for part in parts]
        )
        rest = [piece for number, piece in enumerate(left) if number not in chosen]
        left = [*rest, _piece(index, write)]
    return tuple(left)


def _piece(index: Path, write: Callable[[Path], None]) -> Piece:
    row = storage.write_segment(index, write)
    return Piece(row.files, Part(segments.load(storage.segment_folder(index, row.name))))


def _size(entries: Iterable[CatalogueEntry]) -> int:
    return sum(entry.characters for entry in entries)


def _batches(transcripts: Iterable[Transcript]) -> Iterator[list[Transcript]]:
    """Yield transcripts in batches of at most `MOST_CHARACTERS`, a longer one in a batch of its own."""
    batch: list[Transcript] = []
    size = 0
    for transcript in transcripts:
        if batch and size + len(transcript.text) > MOST_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(transcript)
        size += len(transcript.text)
    if batch:
        yield batch


@cache
def _settings() -> str:
    """Return all in this package that decides what is indexed.

    Its code is part of it, so that a checkout never serves what an older reader understood.
    """
    files = (path for path in sorted(_PACKAGE.rglob("*")) if path.is_file())
    sources = [path for path in files if not _ELSEWHERE.intersection(path.relative_to(_PACKAGE).parts)]
    return json.dumps(
        {
            "max_passage_chars": MAX_PASSAGE_CHARS,
            "fields": dict(FIELD_WEIGHTS),
            "bm25": {"k1": K1, "b": B},
            "qa_bot": version("qa_bot"),
            "code": sha256(b"".join(path.read_bytes() for path in sources)).hexdigest(),
        }
    )
