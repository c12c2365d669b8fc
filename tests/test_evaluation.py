from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa_bot.building import Workshop
from qa_bot.equipment import load_analysis
from qa_bot.errors import EvaluationError
from qa_bot.evaluation.beir import figures, measure, read_beir, trec_lines
from qa_bot.evaluation.running import evaluate_beir
from qa_bot.metrics import accuracy_at, ndcg_at, recall_at, reciprocal_rank_at
from tests.doubles import PairEmbedder

CORPUS = '{"_id": "d1", "text": "萨德系统"}\n{"_id": "d 2", "title": "题", "text": "半岛"}\n'
QUERIES = '{"_id": "q1", "text": "萨德"}\n{"_id": "q2", "text": "没有答案"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td 2\t0\n"


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(CORPUS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_a_beir_folder_is_read(beir: Path) -> None:
    collection = read_beir(beir)
    assert collection.documents == {"d1": "萨德系统", "d 2": "题\n半岛"}
    assert collection.queries == {"q1": "萨德"}
    assert collection.qrels == {"q1": frozenset({"d1"})}


def test_qrels_may_lie_in_a_folder_of_their_own(beir: Path) -> None:
    (beir / "qrels").mkdir()
    (beir / "qrels.tsv").rename(beir / "qrels" / "test.tsv")
    assert read_beir(beir).qrels == {"q1": frozenset({"d1"})}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", "{", r"corpus\.jsonl, line 1: not a BEIR row .*: \{$"),
        ("corpus.jsonl", CORPUS + "[1]\n", r"corpus\.jsonl, line 3: not a BEIR row"),
        ("queries.jsonl", '{"_id": 1, "text": "x"}', r"queries\.jsonl, line 1: .*must be strings"),
        ("queries.jsonl", '{"_id": "q1"}', r"queries\.jsonl, line 1: not a BEIR row"),
        ("qrels.tsv", QRELS + "q1 d1 1\n", r"qrels\.tsv, line 4: needs query id.*: q1 d1 1$"),
        ("corpus.jsonl", "", "no document"),
    ],
)
def test_a_malformed_row_is_named(beir: Path, name: str, content: str, message: str) -> None:
    (beir / name).write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_beir(beir)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"corpus\.jsonl: can't be read"):
        read_beir(tmp_path)


def test_a_run_has_six_columns() -> None:
    run = {"q1": [("d1", 0.5), ("d 2", 0.25)]}
    assert list(trec_lines(run, "tag")) == [
        "q1 Q0 d1 1 0.500000 tag\n",
        "q1 Q0 d_2 2 0.250000 tag\n",
    ]


RUNS = {
    "bm25": {"q1": [("a", 0.9), ("b", 0.8)], "q2": [("a", 0.9), ("b", 0.8)], "q3": []},
    "hybrid": {"q1": [("a", 0.9)], "q2": [("b", 0.9)], "q3": [("b", 0.9)]},
}
JUDGED = {"q1": frozenset({"a"}), "q2": frozenset({"b"}), "q3": frozenset({"a"})}


def test_measures_are_known_for_each_query() -> None:
    columns = measure(RUNS, JUDGED)
    assert columns["bm25", "accuracy@1"].tolist() == [1.0, 0.0, 0.0]
    assert columns["bm25", "MRR@10"].tolist() == [1.0, 0.5, 0.0]
    assert columns["bm25", "nDCG@10"].tolist() == pytest.approx([1.0, 0.63092975, 0.0])
    assert columns["bm25", "recall@100"].tolist() == [1.0, 1.0, 0.0]
    assert columns["hybrid", "accuracy@1"].tolist() == [1.0, 1.0, 0.0]


def test_measures_are_averaged_over_queries_and_the_hybrid_compared_with_bm25() -> None:
    means, against = figures("set", measure(RUNS, JUDGED))
    found = {(cell.system, cell.measure): cell.estimate.value for cell in means}
    assert found["bm25", "accuracy@1"] == pytest.approx(1 / 3)
    assert found["bm25", "MRR@10"] == pytest.approx(1 / 2)
    assert found["hybrid", "recall@10"] == pytest.approx(2 / 3)
    assert {cell.count for cell in means} == {3}
    gain = next(cell for cell in against if cell.measure == "accuracy@1")
    assert gain.system == "hybrid - bm25"
    # The one query that differs is drawn 0 to 3 times of 3; three times in 1 of 27 draws, over 2.5 %.
    assert (gain.estimate.low, gain.estimate.high) == (0.0, 1.0)
    assert gain.estimate.value == pytest.approx(1 / 3)


def test_every_leg_has_a_run_and_the_report_its_files(beir: Path, tmp_path: Path) -> None:
    workshop = Workshop(PairEmbedder(), load_analysis())
    run, runs, report = tmp_path / "run.trec", tmp_path / "runs", tmp_path / "report"
    findings = evaluate_beir([beir], workshop, run, runs, report)
    assert sorted(path.name for path in runs.iterdir()) == ["bm25.trec", "dense.trec", "hybrid.trec"]
    assert (runs / "hybrid.trec").read_bytes() == run.read_bytes()
    line = (runs / "bm25.trec").read_text(encoding="utf-8").split()
    assert (line[:4], line[5]) == (["q1", "Q0", "d1", "1"], "qa_bot-bm25")
    assert (report / "accuracy.png").read_bytes().startswith(b"\x89PNG")
    text = (report / "report.md").read_text(encoding="utf-8")
    assert "\n".join(findings.lines) in text
    assert "- model: pairs" in text
    assert findings.json["intervals"]["hybrid"]["accuracy@1"] == [1.0, 1.0]  # type: ignore[index]


def test_several_sets_are_measured_in_one_go(beir: Path, tmp_path: Path) -> None:
    workshop = Workshop(PairEmbedder(), load_analysis())
    sets = [tmp_path / "one", tmp_path / "two"]
    for folder in sets:
        folder.mkdir()
        for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"):
            (folder / name).write_bytes((beir / name).read_bytes())
    findings = evaluate_beir(sets, workshop, runs=tmp_path / "runs")
    assert list(findings.json["sets"]) == ["one", "two"]  # type: ignore[call-overload]
    assert "## two" in findings.lines
    assert (tmp_path / "runs" / "two" / "dense.trec").is_file()
    with pytest.raises(EvaluationError, match="give --runs DIR for several"):
        evaluate_beir(sets, workshop, run=tmp_path / "run.trec")
    with pytest.raises(EvaluationError, match="is called one too; rename one"):
        evaluate_beir([sets[0], sets[0]], workshop)


# The ranking d1..d5 with d1, d3 and d9 relevant: a worked example of graded textbooks' kind.
RANKING, RELEVANT = ["d1", "d2", "d3", "d4", "d5"], {"d1", "d3", "d9"}


@pytest.mark.parametrize(
    ("of", "k", "expected"),
    [
        (accuracy_at, 1, 1.0),
        (recall_at, 1, 1 / 3),
        (recall_at, 5, 2 / 3),
        (reciprocal_rank_at, 10, 1.0),
        # DCG = 1 + 1/2 = 1.5; ideal = 1 + 1/log2(3) + 1/2 = 2.130930
        (ndcg_at, 5, 1.5 / 2.130930),
        (ndcg_at, 1, 1.0),
    ],
)
def test_measures_equal_those_worked_out_by_hand(
    of: Callable[..., float], k: int, expected: float
) -> None:
    assert of(k, RANKING, RELEVANT) == pytest.approx(expected, abs=1e-6)


def test_json_rows_may_hold_any_other_field(beir: Path) -> None:
    row = {"_id": "d3", "text": "三", "metadata": {"a": 1}}
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    assert read_beir(beir).documents["d3"] == "三"
