"""Build what an index is made of: segments of new transcripts, and larger ones out of small ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from qa_bot import segments, storage
from qa_bot.adapters.faiss_index import FaissIndex
from qa_bot.analysis import Analysis
from qa_bot.bm25 import K1, B, BM25Index
from qa_bot.collection import Part
from qa_bot.joining import MOST_CHARACTERS, to_join
from qa_bot.passages import MAX_PASSAGE_CHARS
from qa_bot.protocols import Embedder
from qa_bot.records import CatalogueEntry, Transcript
from qa_bot.retrieval import FIELD_WEIGHTS, FieldTexts, Retriever
from qa_bot.segments import Segment
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


def index_passages(documents: Sequence[FieldTexts], workshop: Workshop) -> Retriever:
    """Index documents, given as the texts of their fields, in memory; document i is at position i."""
    embedder, analysis = workshop.embedder, workshop.analysis
    indexed = segments.index(([document] for document in documents), embedder, analysis)
    positions = np.arange(len(documents))
    bm25 = BM25Index.over([indexed.postings], [positions], tuple(FIELD_WEIGHTS.values()))
    vectors = FaissIndex.build(indexed.vectors)
    return Retriever(bm25, vectors, indexed.words, embedder, analysis)


def add_segments(
    index: Path, transcripts: Sequence[Transcript], workshop: Workshop
) -> tuple[Part, ...]:
    """Write segments of new transcripts; the lock of the index must be held."""
    write = partial(segments.write, embedder=workshop.embedder, analysis=workshop.analysis)
    return tuple(_written(index, partial(write, transcripts=batch)) for batch in _batches(transcripts))


def opened(index: Path, row: SegmentRow, known: Mapping[str, Segment]) -> Part:
    """Open a segment, checking its files unless it is known, which is to say open, already."""
    segment = known.get(row.name)
    if segment is None:
        storage.check_segment(index, row)
        segment = segments.load(storage.segment_folder(index, row.name))
    return Part(segment, row.files, frozenset(row.dead))


def without(parts: Iterable[Part], stale: Collection[str]) -> tuple[Part, ...]:
    """Return parts in which some transcripts no longer count, leaving out those that are then empty."""
    left = []
    for part in parts:
        held = {entry.id for entry in part.segment.entries}
        dead = part.dead | (held & set(stale))
        if dead != held:
            left.append(replace(part, dead=dead))
    return tuple(left)


def joined(index: Path, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Join small segments until they are few; see `to_join`. The lock of the index must be held."""
    left = list(parts)
    while numbers := to_join(
        [_size(part.living) for part in left], [_size(part.segment.entries) for part in left]
    ):
        chosen = [left[number] for number in numbers]
        write = partial(
            segments.join,
            parts=[part.segment for part in chosen],
            dead=[part.dead for part in chosen],
        )
        rest = [part for number, part in enumerate(left) if number not in numbers]
        left = [*rest, _written(index, write)]
    return tuple(left)


def _written(index: Path, write: Callable[[Path], None]) -> Part:
    row = storage.write_segment(index, write)
    return Part(segments.load(storage.segment_folder(index, row.name)), row.files)


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
