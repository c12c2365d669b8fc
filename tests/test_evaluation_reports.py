from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

from qa_bot.cli import main
from qa_bot.errors import QABotError
from qa_bot.evaluation import plots
from qa_bot.evaluation.figures import Cell
from qa_bot.evaluation.intervals import Estimate
from qa_bot.evaluation.tables import groups_table, systems_table

PACKAGE = Path(plots.__file__).parent
BRIEFING = "2024年6月3日外交部发言人汪文斌主持例行记者会\n\n路透社记者：关税？\n\n汪文斌：加征钢铁关税损人害己。\n"
QUESTIONS = (
    "id\ttranscript\tkind\ttext\trelevant\nq1\tsteel\town\t钢铁关税\t1.1\nq2\tsteel\tnear\t红烧肉\t\n"
)


def cell(group: str, system: str, value: float) -> Cell:
    return Cell(group, system, "m", 7, Estimate(value, value - 0.25, value + 0.25))


CELLS = [cell("a|b", "x", 0.5), cell("a|b", "y", 0.25), cell("c", "x", 0.75)]


def test_a_table_has_a_row_for_each_group_and_a_column_for_each_system() -> None:
    assert list(groups_table(CELLS, "m", "kind")) == [
        r"| kind | n |                    x |                    y |",
        r"|------|--:|---------------------:|---------------------:|",
        r"| a\|b | 7 | 0.500 [0.250, 0.750] | 0.250 [0.000, 0.500] |",
        r"| c    | 7 | 0.750 [0.500, 1.000] |                    – |",
    ]


def test_a_table_has_a_row_for_each_system() -> None:
    assert list(systems_table(CELLS[:2], "leg")) == [
        "| leg |                    m |",
        "|-----|---------------------:|",
        "| x   | 0.500 [0.250, 0.750] |",
        "| y   | 0.250 [0.000, 0.500] |",
    ]


def test_bars_stand_where_their_groups_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    drawn: list[Figure] = []
    monkeypatch.setattr(plots, "_save", lambda figure, path: drawn.append(figure))
    plots.draw_bars(tmp_path / "a.png", CELLS, "m", "A title")
    (axes,) = drawn[0].axes
    bars = [(round(bar.get_x() + bar.get_width() / 2, 6), bar.get_height()) for bar in axes.patches]  # type: ignore[attr-defined]
    assert bars == [(-0.2, 0.5), (0.8, 0.75), (0.2, 0.25)]
    assert (axes.get_title(), axes.get_ylabel()) == ("A title", "m, with 95 % interval")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a|b\n(n = 7)", "c\n(n = 7)"]


def test_a_missing_extra_is_told_of_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(QABotError, match=r"run: pip install 'qa_bot\[evaluation\]'"):
        plots.require()
    (tmp_path / "q.tsv").write_text(QUESTIONS, encoding="utf-8")
    (tmp_path / "steel.txt").write_text(BRIEFING, encoding="utf-8")
    where = [str(tmp_path / "q.tsv"), "--seeds", str(tmp_path)]
    assert main(["evaluate", "questions", *where, "--report", str(tmp_path / "report")]) == 1
    assert not (tmp_path / "report").exists()


def test_only_the_plots_import_what_draws_and_nothing_else_is_heavy() -> None:
    heavy = {"matplotlib", "torch", "faiss", "jieba", "sentence_transformers", "gradio", "httpx"}
    found = {
        (path.name, name.split(".")[0])
        for path in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if name.split(".")[0] in heavy
    }
    assert found == {("plots.py", "matplotlib")}


def test_the_command_prints_tables_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.tsv").write_text(QUESTIONS, encoding="utf-8")
    (tmp_path / "steel.txt").write_text(BRIEFING, encoding="utf-8")
    where = [str(tmp_path / "q.tsv"), "--seeds", str(tmp_path)]
    assert main(["evaluate", "questions", *where]) == 0
    out = capsys.readouterr().out
    assert out.startswith("## accuracy@1\n\n| kind ")
    assert "| own                | 1 | 1.000 [1.000, 1.000] |" in out
    assert main(["evaluate", "questions", *where, "--together", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["questions"], found["together"]) == (2, True)
    assert found["silence"][0]["counts"] == [1, 1]


def test_a_mistake_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.tsv").write_text(QUESTIONS.replace("1.1", "1.9"), encoding="utf-8")
    (tmp_path / "steel.txt").write_text(BRIEFING, encoding="utf-8")
    assert main(["evaluate", "questions", str(tmp_path / "q.tsv"), "--seeds", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "q.tsv, line 2: no passage steel#1.9: q1 steel own 钢铁关税 1.9: qa-bot parse" in err


@pytest.mark.parametrize("layout", ["beir", "questions", "followups"])
def test_every_layout_has_help_with_an_example(capsys: pytest.CaptureFixture[str], layout: str) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["evaluate", layout, "--help"])
    assert exit_info.value.code == 0
    assert f"example: qa-bot evaluate {layout}" in capsys.readouterr().out
