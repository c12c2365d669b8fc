"""Measure retrieval on a test collection in BEIR layout: each leg alone, and both together.

A BEIR folder (Thakur et al., 2021) holds `corpus.jsonl` and `queries.jsonl`, rows with `_id`,
`text` and in the corpus an optional `title`, and the judgements in `qrels.tsv` or
`qrels/test.tsv`: a header line, then query id, document id and relevance, tab separated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tqdm import tqdm

from qa_bot.errors import EvaluationError
from qa_bot.metrics import accuracy_at, ndcg_at, recall_at, reciprocal_rank_at
from qa_bot.retrieval import Mode, Retriever

DEPTH: Final = 100
_GRADE: Final = re.compile(r"-?[0-9]+")
Measure = Callable[[Sequence[str], Collection[str]], float]
MEASURES: Final[Mapping[str, Measure]] = {
    "accuracy@1": partial(accuracy_at, 1),
    "MRR@10": partial(reciprocal_rank_at, 10),
    "nDCG@10": partial(ndcg_at, 10),
    "recall@10": partial(recall_at, 10),
    "recall@100": partial(recall_at, 100),
}
#: The ranked (document id, score) pairs of each query.
Run = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class TestCollection:
    """Documents and queries by id, and for each query the ids of its relevant documents."""

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    qrels: Mapping[str, frozenset[str]]


def read_beir(folder: Path) -> TestCollection:
    """Read a BEIR folder; queries without a relevant document are left out.

    Raises `EvaluationError` naming the file and line that is missing or malformed.
    """
    documents = {row["_id"]: _document_text(row) for row in _rows(folder / "corpus.jsonl")}
    qrels = _read_qrels(folder)
    queries = {
        row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl") if row["_id"] in qrels
    }
    if not documents or not queries:
        raise EvaluationError(f"{folder}: no document, or no query with a relevant document")
    return TestCollection(documents, queries, qrels)


def search_all(retriever: Retriever, collection: TestCollection, mode: Mode) -> Run:
    """Search every query, `DEPTH` deep; the retriever's positions are in the documents' order."""
    ids = tuple(collection.documents)
    queries = tqdm(collection.queries.items(), desc=mode.value, unit="query", delay=1.0)
    return {
        id: [(ids[hit.position], hit.score) for hit in retriever.search(query, DEPTH, mode)]
        for id, query in queries
    }


def measure(run: Run, qrels: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Return the mean of every measure over the queries of a run, in [0, 1]."""
    rankings = {id: [document for document, _ in hits] for id, hits in run.items()}
    return {
        name: sum(of(ranking, qrels[id]) for id, ranking in rankings.items()) / len(rankings)
        for name, of in MEASURES.items()
    }


def trec_lines(run: Run, tag: str) -> Iterator[str]:
    """Yield a run in TREC's six columns: query id, Q0, document id, rank, score, tag.

    The columns are parted by blanks, so blanks inside an id become underscores.
    """
    for query, hits in run.items():
        for rank, (document, score) in enumerate(hits, start=1):
            yield f"{_column(query)} Q0 {_column(document)} {rank} {score:.6f} {tag}\n"


def _column(id: str) -> str:
    return "_".join(id.split())


def _document_text(row: Mapping[str, str]) -> str:
    return f"{row.get('title') or ''}\n{row['text']}".strip()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            if not (isinstance(row["_id"], str) and isinstance(row["text"], str)):
                raise TypeError("_id and text must be strings")
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{path}, line {number}: not a BEIR row ({error})") from error
        yield row


def _read_qrels(folder: Path) -> dict[str, frozenset[str]]:
    path = next((p for p in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if p.is_file()), None)
    if path is None:
        raise EvaluationError(f"{folder}: no qrels.tsv and no qrels/test.tsv")
    relevant: dict[str, set[str]] = {}
    for number, line in _lines(path):
        columns = line.rstrip("\r\n").split("\t")
        if number == 1 and not _GRADE.fullmatch(columns[-1]):
            continue
        if len(columns) != 3 or not _GRADE.fullmatch(columns[2]):
            raise EvaluationError(f"{path}, line {number}: needs query id, document id, relevance")
        if int(columns[2]) > 0:
            relevant.setdefault(columns[0], set()).add(columns[1])
    return {query: frozenset(documents) for query, documents in relevant.items()}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from ((n, line) for n, line in enumerate(file, start=1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: can't be read ({error})") from error
