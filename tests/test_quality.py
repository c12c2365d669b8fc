"""The gate: retrieval and silence on the first transcript may get better, never worse.

`floors.json` pins, for each kind of question, the share answered by the right passage at rank 1 and
in the first 3, and the share of questions refused; and the hash of the questions themselves, so that
figures and questions cannot drift apart.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa_bot.bot import QABot
from qa_bot.metrics import accuracy_at

FOLDER = Path(__file__).parent / "quality"
SILENT = {"unanswerable", "near"}
#: Half of one question of the largest kind: a floor is met or missed by whole questions.
EPSILON = 0.004


@dataclass(frozen=True)
class Question:
    id: str
    kind: str
    split: str
    text: str


def read_questions() -> list[Question]:
    with (FOLDER / "queries.tsv").open(encoding="utf-8", newline="") as file:
        return [Question(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_relevant() -> dict[str, set[str]]:
    relevant = defaultdict(set)
    with (FOLDER / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["score"] == "2":
                relevant[row["query-id"]].add(row["corpus-id"])
    return relevant


def measure(bot: QABot) -> dict[str, dict[str, float]]:
    relevant = read_relevant()
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for question in read_questions():
        kind = values[question.kind]
        kind["refused"].append(float(bot.ask(question.text).abstained))
        if question.kind not in SILENT:
            ranking = [hit.passage.id for hit in bot.search(question.text, 3)]
            kind["accuracy@1"].append(accuracy_at(1, ranking, relevant[question.id]))
            kind["accuracy@3"].append(accuracy_at(3, ranking, relevant[question.id]))
    return {
        kind: {name: sum(column) / len(column) for name, column in sorted(columns.items())}
        for kind, columns in sorted(values.items())
    }


def questions_hash() -> str:
    files = [FOLDER / "queries.tsv", FOLDER / "qrels.tsv"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@pytest.fixture(scope="module")
def measured(bot: QABot) -> dict[str, dict[str, float]]:
    return measure(bot)


FLOORS = json.loads((FOLDER / "floors.json").read_text(encoding="utf-8"))


def test_the_floors_were_measured_on_these_questions() -> None:
    assert FLOORS["questions"] == questions_hash()
    questions = read_questions()
    assert len(questions) == FLOORS["count"]
    assert sum(question.kind not in SILENT for question in questions) >= 60
    assert sum(question.kind in SILENT for question in questions) >= 20


def test_every_judgement_names_a_question_and_a_passage(bot: QABot) -> None:
    known = {question.id for question in read_questions()}
    for question, passages in read_relevant().items():
        assert question in known
        assert all(bot.passage(passage) for passage in passages)


@pytest.mark.parametrize("kind", sorted(FLOORS["at_least"]))
def test_no_figure_falls_below_its_floor(kind: str, measured: dict[str, dict[str, float]]) -> None:
    for name, floor in FLOORS["at_least"][kind].items():
        assert measured[kind][name] >= floor - EPSILON, f"{kind} {name}"


@pytest.mark.parametrize("kind", sorted(FLOORS["at_most"]))
def test_no_more_answerable_questions_are_refused(
    kind: str, measured: dict[str, dict[str, float]]
) -> None:
    for name, ceiling in FLOORS["at_most"][kind].items():
        assert measured[kind][name] <= ceiling + EPSILON, f"{kind} {name}"
