"""Make, join and open segments: transcripts understood, cut into passages and indexed by both legs.

A segment is a folder that never changes. `transcripts.jsonl` holds a transcript a line, read only
when one is shown; `catalogue.json` what is told of each without that; `passages.npy` where each
passage stands; five arrays the counts of terms; `vectors.faiss` the vectors; two arrays the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from qa_bot.adapters.faiss_index import FaissIndex
from qa_bot.analysis import Analysis
from qa_bot.bm25 import Fields, Postings
from qa_bot.errors import IndexFolderError
from qa_bot.late import Bags, WordTable
from qa_bot.passages import cut_passages, event_text, speaker_text
from qa_bot.progress import progress
from qa_bot.protocols import Embedder
from qa_bot.records import CatalogueEntry, Passage, Transcript
from qa_bot.retrieval import FIELD_WEIGHTS, FieldTexts, field_vectors
from qa_bot.vectors import Flags, Vectors

_TRANSCRIPTS: Final = "transcripts.jsonl"
_OFFSETS: Final = "offsets.npy"
_CATALOGUE: Final = "catalogue.json"
_PASSAGES: Final = "passages.npy"
_VECTORS: Final = "vectors.faiss"
_BATCH: Final = 256
_COLUMNS: Final = ("transcript", "exchange", "part", "turn", "start", "end", "speaker", "asker")
#: A passage: the number of its transcript; its exchange and part as in its id; the number of its
#: turn; its span; who speaks and who asked, as numbers among the transcript's speakers, or -1.
PASSAGE_ROW: Final = np.dtype([(name, np.int32) for name in _COLUMNS])
_TRANSCRIPT: Final = msgspec.json.Decoder(Transcript)
PassageTable = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Segment:
    """An opened segment: entry i of the catalogue is about transcript i."""

    name: str
    texts: npt.NDArray[np.uint8]
    entries: tuple[CatalogueEntry, ...]
    offsets: npt.NDArray[np.int64]
    passages: PassageTable
    postings: Postings
    vectors: FaissIndex
    words: Bags

    def transcript(self, number: int) -> Transcript:
        """Read one transcript."""
        return _TRANSCRIPT.decode(self.line(number))

    def line(self, number: int) -> bytes:
        """Return the line that holds one transcript."""
        start, end = self.offsets[number : number + 2].tolist()
        return self.texts[start:end].tobytes()


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is known of some documents for each leg: row i is about document i."""

    postings: Postings
    vectors: Vectors
    words: Bags


def write(
    folder: Path, transcripts: Sequence[Transcript], embedder: Embedder, analysis: Analysis
) -> None:
    """Fill a folder with a segment of some transcripts."""
    cut = [cut_passages(transcript) for transcript in transcripts]
    entries = [entry_of(each, len(passages)) for each, passages in zip(transcripts, cut, strict=True)]
    rows = [
        _row(number, entries[number], passage)
        for number, passages in enumerate(cut)
        for passage in passages
    ]
    indexed = index(map(fields_of, cut), embedder, analysis)
    _save_texts(folder, [msgspec.json.encode(each) + b"\n" for each in transcripts], entries)
    _save_arrays(folder, np.array(rows, dtype=PASSAGE_ROW), indexed)


def join(folder: Path, parts: Sequence[Segment], dead: Sequence[frozenset[str]]) -> None:
    """Fill a folder with the living transcripts of some segments; nothing is read or embedded anew."""
    lines: list[bytes] = []
    entries: list[CatalogueEntry] = []
    tables: list[PassageTable] = []
    flags: list[Flags] = []
    for segment, gone in zip(parts, dead, strict=True):
        living = np.array([entry.id not in gone for entry in segment.entries], dtype=np.bool_)
        numbers = np.cumsum(living) - 1 + len(entries)
        flags.append(living[segment.passages["transcript"]])
        table = np.array(segment.passages[flags[-1]])
        table["transcript"] = numbers[table["transcript"]]
        tables.append(table)
        lines += [segment.line(number) for number in np.flatnonzero(living).tolist()]
        entries += [segment.entries[number] for number in np.flatnonzero(living).tolist()]
    vectors = [
        segment.vectors.vectors(np.flatnonzero(kept))
        for segment, kept in zip(parts, flags, strict=True)
    ]
    _save_texts(folder, lines, entries)
    postings = Postings.join([segment.postings for segment in parts], flags)
    words = Bags.join([segment.words for segment in parts], flags)
    _save_arrays(folder, np.concatenate(tables), Indexed(postings, np.concatenate(vectors), words))


def load(folder: Path) -> Segment:
    """Open a segment; raises `IndexFolderError` when a file of it can't be read."""
    try:
        return Segment(
            folder.name,
            # Mapped, so that it can be read even when another process has removed the segment.
            np.memmap(folder / _TRANSCRIPTS, dtype=np.uint8, mode="r"),
            msgspec.json.decode((folder / _CATALOGUE).read_bytes(), type=tuple[CatalogueEntry, ...]),
            np.load(folder / _OFFSETS),
            np.load(folder / _PASSAGES, mmap_mode="r"),
            Postings.load(folder),
            FaissIndex.load(folder / _VECTORS),
            Bags.load(folder),
        )
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise IndexFolderError(f"{folder}: missing or damaged ({error})") from error


def index(groups: Iterable[Sequence[FieldTexts]], embedder: Embedder, analysis: Analysis) -> Indexed:
    """Count the terms and embed the fields of documents given in groups that share their texts."""
    simplified = [_simplified(group, analysis.simplify) for group in groups]
    analysis.terms("")  # Loads its dictionary, which is no progress.
    bar = progress(simplified, desc="segmenting", unit="transcript")
    counted = (fields for group in bar for fields in _terms(group, analysis.terms))
    postings = Postings.build(counted, tuple(FIELD_WEIGHTS))
    documents = [document for group in simplified for document in group]
    return Indexed(postings, _embed(documents, embedder), _bags(documents, embedder.words))


def fields_of(passages: Sequence[Passage]) -> list[FieldTexts]:
    """Return for each passage the texts under which it is found; see `FIELD_WEIGHTS`."""
    answers: dict[str, list[str]] = {}
    for passage in passages:
        answers.setdefault(_answer_id(passage), []).append(passage.text)
    return [
        {
            "passage": (passage.text,),
            "question": (passage.question,) if passage.question else (),
            "exchange": tuple(text for text in answers[_answer_id(passage)] if text != passage.text)
            if passage.exchange
            else (),
            "event": (event_text(passage.transcript),),
            "speaker": (speaker_text(passage.turn.speaker),),
        }
        for passage in passages
    ]


def entry_of(transcript: Transcript, passages: int) -> CatalogueEntry:
    """Return what the catalogue tells of a transcript."""
    return CatalogueEntry(
        id=transcript.id,
        title=transcript.title,
        event=transcript.event,
        date=transcript.date.value if transcript.date else None,
        url=transcript.url,
        publisher=transcript.publisher,
        speakers=tuple(dict.fromkeys(turn.speaker for turn in transcript.turns)),
        exchanges=len(transcript.exchanges),
        passages=passages,
        characters=len(transcript.text),
    )


def _row(number: int, entry: CatalogueEntry, passage: Passage) -> tuple[int, ...]:
    exchange, _, part = passage.id.rpartition("#")[2].partition(".")
    asker = passage.exchange.question.speaker if passage.exchange else None
    return (
        number,
        int(exchange),
        int(part),
        passage.transcript.turns.index(passage.turn),
        passage.span.start,
        passage.span.end,
        entry.speakers.index(passage.turn.speaker),
        entry.speakers.index(asker) if asker else -1,
    )


def _answer_id(passage: Passage) -> str:
    return passage.id.rpartition(".")[0]


def _simplified(group: Sequence[FieldTexts], simplify: Callable[[str], str]) -> list[FieldTexts]:
    texts = {text: simplify(text) for row in group for field in row.values() for text in field}
    return [
        {name: tuple(texts[text] for text in field) for name, field in row.items()} for row in group
    ]


def _terms(group: Sequence[FieldTexts], analyse: Callable[[str], list[str]]) -> Iterator[Fields]:
    terms = {text: analyse(text) for row in group for field in row.values() for text in field}
    for row in group:
        yield {name: [term for text in field for term in terms[text]] for name, field in row.items()}


def _embed(documents: Sequence[FieldTexts], embedder: Embedder) -> Vectors:
    """Embed in batches, with a progress bar when it takes long."""
    batches: list[Vectors] = []
    with progress(total=len(documents), desc="embedding", unit="passage") as bar:
        for start in range(0, len(documents), _BATCH):
            batches.append(field_vectors(embedder, documents[start : start + _BATCH]))
            bar.update(len(batches[-1]))
    return np.concatenate(batches) if batches else field_vectors(embedder, [])


def _save_texts(folder: Path, lines: Sequence[bytes], entries: Sequence[CatalogueEntry]) -> None:
    (folder / _TRANSCRIPTS).write_bytes(b"".join(lines))
    np.save(folder / _OFFSETS, np.array([0, *accumulate(map(len, lines))], dtype=np.int64))
    (folder / _CATALOGUE).write_bytes(msgspec.json.encode(entries))


def _bags(documents: Sequence[FieldTexts], table: WordTable | None) -> Bags:
    """Return the words of each document's own text, none where the model knows no words."""
    texts = ["\n".join(document["passage"]) for document in documents]
    return Bags.of(table.ids(texts) if table else [np.zeros(0, np.int32)] * len(texts))


def _save_arrays(folder: Path, passages: PassageTable, indexed: Indexed) -> None:
    np.save(folder / _PASSAGES, passages)
    indexed.postings.save(folder)
    FaissIndex.build(indexed.vectors).save(folder / _VECTORS)
    indexed.words.save(folder)
