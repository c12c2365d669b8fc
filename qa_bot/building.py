"""Build an index from transcripts, and load one: the content of a generation's files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from qa_bot import storage
from qa_bot.adapters.faiss_index import FaissIndex
from qa_bot.bm25 import K1, B, BM25Index
from qa_bot.errors import IndexFolderError
from qa_bot.parsing import parse_transcript
from qa_bot.passages import MAX_PASSAGE_CHARS, cut_passages
from qa_bot.protocols import Embedder
from qa_bot.records import Passage, Transcript
from qa_bot.retrieval import FIELD_WEIGHTS, FieldTexts, Retriever, field_vectors
from qa_bot.vectors import Vectors

_BATCH: Final = 256
SETTINGS: Final = json.dumps(
    {
        "max_passage_chars": MAX_PASSAGE_CHARS,
        "fields": dict(FIELD_WEIGHTS),
        "bm25": {"k1": K1, "b": B},
        "qa_bot": version("qa_bot"),
    }
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """How text becomes terms: `fold`, then `terms`; `name` changes whenever the terms would."""

    name: str
    fold: Callable[[str], str]
    terms: Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Transcripts ready to be searched: passage i stands at position i of the retriever."""

    transcripts: tuple[Transcript, ...]
    passages: tuple[Passage, ...]
    retriever: Retriever


def identity_of(corpus: str, embedder: Embedder, analysis: Analysis) -> storage.Identity:
    """Return what an index of this corpus, made with these parts, is known by."""
    return storage.Identity(corpus, embedder.fingerprint, analysis.name, SETTINGS)


def index_passages(
    documents: Sequence[FieldTexts], embedder: Embedder, analysis: Analysis
) -> Retriever:
    """Index documents given as the texts of their fields; `FIELD_WEIGHTS` names the fields."""
    texts = dict.fromkeys(text for row in documents for field in row.values() for text in field)
    folded = {text: analysis.fold(text) for text in texts}
    # A bar appears only when it takes longer than a second.
    bar = tqdm(texts, desc="segmenting", unit="text", delay=1.0)
    terms = {text: analysis.terms(folded[text]) for text in bar}
    bm25 = BM25Index.build(
        [
            {name: [term for text in field for term in terms[text]] for name, field in row.items()}
            for row in documents
        ],
        FIELD_WEIGHTS,
    )
    rows = [{name: tuple(folded[t] for t in field) for name, field in row.items()} for row in documents]
    vectors = FaissIndex.build(_embed(rows, embedder))
    return Retriever(bm25, vectors, embedder, analysis.fold, analysis.terms)


def write_index(
    index: Path,
    transcripts: Sequence[Transcript],
    identity: storage.Identity,
    origin: storage.Origin,
    embedder: Embedder,
    analysis: Analysis,
) -> storage.Generation:
    """Build an index of transcripts and put it in use in the folder `index`."""
    passages = _cut(transcripts)
    retriever = index_passages(fields_of(passages), embedder, analysis)

    def write(folder: Path) -> None:
        _write_rows(folder / storage.TRANSCRIPTS, ({"id": t.id, "text": t.text} for t in transcripts))
        _write_rows(folder / storage.PASSAGES, map(_row, passages))
        retriever.bm25.save(folder / storage.BM25)
        retriever.vectors.save(folder / storage.VECTORS)

    def describe(files: dict[str, str]) -> storage.Manifest:
        counts = (len(transcripts), len(passages))
        return storage.Manifest(storage.FORMAT, identity, origin, *counts, files)

    return storage.publish(index, write, describe)


def load_index(generation: storage.Generation, embedder: Embedder, analysis: Analysis) -> Collection:
    """Load a generation for searching.

    The transcripts are understood again from their exact texts, and the passages compared with
    those that were indexed. Raises `IndexFolderError` when they differ, as they do when another
    version of the reader made the index.
    """
    folder = generation.folder
    rows = _read_rows(folder / storage.TRANSCRIPTS)
    transcripts = tuple(parse_transcript(row["text"], id=row["id"]) for row in rows)
    passages = _cut(transcripts)
    if [_row(passage) for passage in passages] != _read_rows(folder / storage.PASSAGES):
        raise IndexFolderError(f"{folder}: its passages were cut by another version")
    retriever = Retriever(
        BM25Index.load(folder / storage.BM25),
        FaissIndex.load(folder / storage.VECTORS),
        embedder,
        analysis.fold,
        analysis.terms,
    )
    return Collection(transcripts, passages, retriever)


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
        }
        for passage in passages
    ]


def _answer_id(passage: Passage) -> str:
    return passage.id.rpartition(".")[0]


def _cut(transcripts: Iterable[Transcript]) -> tuple[Passage, ...]:
    return tuple(passage for transcript in transcripts for passage in cut_passages(transcript))


def _embed(folded: Sequence[FieldTexts], embedder: Embedder) -> Vectors:
    """Embed in batches, with a progress bar when it takes longer than a second."""
    batches: list[Vectors] = []
    with tqdm(total=len(folded), desc="embedding", unit="passage", delay=1.0) as bar:
        for start in range(0, len(folded), _BATCH):
            batches.append(field_vectors(embedder, folded[start : start + _BATCH]))
            bar.update(len(batches[-1]))
    return np.concatenate(batches) if batches else field_vectors(embedder, [])


def _row(passage: Passage) -> dict[str, object]:
    return {"id": passage.id, **asdict(passage.span)}


def _write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]
