from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from qa_bot import asking
from qa_bot.analysis import Analysis
from qa_bot.building import Workshop
from qa_bot.equipment import load_analysis
from qa_bot.evaluation.followups import Conversation, Followed, figures
from qa_bot.evaluation.questions import FollowUp, Source
from qa_bot.evaluation.rows import Row
from qa_bot.evaluation.running import evaluate_followups
from tests.doubles import PairEmbedder

BRIEFING = """2024年5月13日外交部发言人毛宁主持例行记者会

法新社记者：请问渔船相撞有何进展？

毛宁：双方正在核实此事，原因有待查明。

路透社记者：中方如何看待钢铁关税？

毛宁：贸易战没有赢家，加征钢铁关税损人害己。
"""
FILE = (
    "id\ttranscript\thistory\ttext\trelevant\tinterpreted\n"
    "f1\tbriefing\t你好 || 钢铁关税\t赢家\t2.1\t钢铁关税谁是赢家\n"
    "f2\tbriefing\t渔船相撞\tzzz\t1.1\t渔船相撞的原因查明了吗\n"
)


def joined(question: str, history: Sequence[str], analysis: Analysis) -> str:
    """Put the question asked last before another, in a way that shows what was given."""
    return "，".join([*history[-1:], question])


def followup(id: str) -> FollowUp:
    return FollowUp(id, ("一",), "二", "三", Source(Row("f, line 2", {}), "t", frozenset({"t#1.1"})))


RIGHT = Followed("一二", ("t#1.1", "t#2.1"), ("t#1.1",))
SECOND = Followed("一二", ("t#2.1", "t#1.1"), ("t#2.1", "t#1.1"))
REFUSED = Followed("二", ("t#1.1",), ())


def test_each_way_of_asking_has_its_figures() -> None:
    ways = {
        "resolved": (RIGHT, SECOND),
        "interpreted": (RIGHT, RIGHT),
        "raw": (REFUSED, SECOND),
    }
    means, against = figures(Conversation((followup("1"), followup("2")), ways))
    found = {(cell.system, cell.measure): cell.estimate.value for cell in means}
    assert found == {
        ("resolved", "accuracy@1"): 0.5,
        ("resolved", "accuracy@3"): 1.0,
        ("resolved", "cited@1"): 0.5,
        ("resolved", "refused"): 0.0,
        ("interpreted", "accuracy@1"): 1.0,
        ("interpreted", "accuracy@3"): 1.0,
        ("interpreted", "cited@1"): 1.0,
        ("interpreted", "refused"): 0.0,
        ("raw", "accuracy@1"): 0.5,
        ("raw", "accuracy@3"): 1.0,
        ("raw", "cited@1"): 0.0,
        ("raw", "refused"): 0.5,
    }
    gained = {(cell.system, cell.measure): cell.estimate.value for cell in against}
    assert gained["resolved - raw", "cited@1"] == 0.5
    assert gained["resolved - interpreted", "accuracy@1"] == -0.5


def test_conversations_are_walked_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "resolve", joined)
    (tmp_path / "briefing.txt").write_text(BRIEFING, encoding="utf-8")
    file, report = tmp_path / "followups.tsv", tmp_path / "report"
    file.write_text(FILE, encoding="utf-8")
    workshop = Workshop(PairEmbedder(), load_analysis())
    findings = evaluate_followups(file, tmp_path, workshop, report)
    # 你好 is small talk: nothing is understood of it, and it stands as it was said.
    assert [row[:3] for row in findings.rows[1:]] == [
        ("f1", "resolved", "你好，钢铁关税，赢家"),
        ("f2", "resolved", "渔船相撞，zzz"),
        ("f1", "interpreted", "钢铁关税谁是赢家"),
        ("f2", "interpreted", "渔船相撞的原因查明了吗"),
        ("f1", "raw", "赢家"),
        ("f2", "raw", "zzz"),
    ]
    ranks = [row[4] for row in findings.rows[1:]]
    assert ranks == ["1", "1", "1", "1", "1", ""]
    assert findings.rows[6][-1] == ""
    text = (report / "report.md").read_text(encoding="utf-8")
    assert "| raw         | 0.500 [0.000, 1.000] |" in text
    assert "- `briefing`: sha256 " in text
    assert (report / "accuracy.png").read_bytes().startswith(b"\x89PNG")
