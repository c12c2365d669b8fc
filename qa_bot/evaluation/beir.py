"""Read a test collection in BEIR layout, search it by each leg and both, and measure the rankings.

A BEIR folder (Thakur et al., 2021) holds `corpus.jsonl` and `queries.jsonl`, rows with `_id`,
`text` and in the corpus an optional `title`, and the judgements in `qrels.tsv` or
`qrels/test.tsv`: a header line, then query id, document id and relevance, tab separated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from qa_bot.errors import EvaluationError
from qa_bot.evaluation.figures import Cell, Columns, Measure, cells, differences, values
from qa_bot.evaluation.rows import numbered_lines
from qa_bot.metrics import accuracy_at, ndcg_at, recall_at, reciprocal_rank_at
from qa_bot.progress import progress
from qa_bot.retrieval import Mode, Retriever
from qa_bot.text import shortened

DEPTH: Final = 100
_EXCERPT_CHARS: Final = 60
_GRADE: Final = re.compile(r"-?[0-9]+")
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
    _, asked, judged = files_of(folder)
    qrels = _read_qrels(judged)
    queries = {row["_id"]: row["text"] for row in _rows(asked) if row["_id"] in qrels}
    if not documents or not queries:
        raise EvaluationError(
            f"{folder}: no document, or no query with a relevant document; do the ids in qrels.tsv "
            "equal those in queries.jsonl?"
        )
    return TestCollection(documents, queries, qrels)


def files_of(folder: Path) -> tuple[Path, ...]:
    """Return the three files of a BEIR folder; raises `EvaluationError` when it has no judgements."""
    places = (folder / "qrels.tsv", folder / "qrels" / "test.tsv")
    judgements = next((path for path in places if path.is_file()), None)
    if judgements is None:
        raise EvaluationError(f"{folder}: no qrels.tsv and no qrels/test.tsv")
    return folder / "corpus.jsonl", folder / "queries.jsonl", judgements


def search_all(retriever: Retriever, collection: TestCollection, mode: Mode) -> Run:
    """Search every query, `DEPTH` deep; the retriever's positions are in the documents' order."""
    ids = tuple(collection.documents)
    queries = progress(collection.queries.items(), desc=mode.value, unit="query")
    return {
        id: [
            (ids[hit.position], hit.score)
            for hit in retriever.search(retriever.analysis.query(query), DEPTH, mode)
        ]
        for id, query in queries
    }


def measure(runs: Mapping[str, Run], qrels: Mapping[str, frozenset[str]]) -> Columns:
    """Return every measure of each leg's run by query, in the order of the first run's queries."""
    ids = list(next(iter(runs.values())))
    relevant = [qrels[id] for id in ids]
    ranked = {leg: [[document for document, _ in run[id]] for id in ids] for leg, run in runs.items()}
    return {
        (leg, name): column
        for leg, rankings in ranked.items()
        for name, column in values(MEASURES, rankings, relevant).items()
    }


def figures(name: str, columns: Columns) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Return the means of a set's measures, and what the hybrid has more than the sparse leg."""
    pair = (Mode.HYBRID.value, Mode.BM25.value)
    return cells(name, columns), differences(name, columns, [pair])


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
    for number, line in numbered_lines(path):
        try:
            row = json.loads(line)
            if not (isinstance(row["_id"], str) and isinstance(row["text"], str)):
                raise TypeError("_id and text must be strings")
        except (ValueError, KeyError, TypeError) as error:
            shown = shortened(line, _EXCERPT_CHARS)
            raise EvaluationError(
                f"{path}, line {number}: not a BEIR row ({error}): {shown}"
            ) from error
        yield row


def _read_qrels(path: Path) -> dict[str, frozenset[str]]:
    relevant: dict[str, set[str]] = {}
    for number, line in numbered_lines(path):
        columns = line.rstrip("\r\n").split("\t")
        if number == 1 and not _GRADE.fullmatch(columns[-1]):
            continue
        if len(columns) != 3 or not _GRADE.fullmatch(columns[2]):
            raise EvaluationError(
                f"{path}, line {number}: needs query id, document id, relevance, parted by tabs: "
                f"{shortened(line, _EXCERPT_CHARS)}"
            )
        if int(columns[2]) > 0:
            relevant.setdefault(columns[0], set()).add(columns[1])
    return {query: frozenset(documents) for query, documents in relevant.items()}
