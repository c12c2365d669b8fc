from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa_bot.adapters import web_fetch
from qa_bot.adapters.web_fetch import Fetched
from qa_bot.cli import main
from qa_bot.records import Span, Transcript
from qa_bot.reports import answer_lines
from qa_bot.results import Answer, Citation
from tests.conftest import SEED

SEEDS = str(SEED.parent)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("index"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_ask_prints_the_quote_and_its_source(capsys: pytest.CaptureFixture[str], index: str) -> None:
    code, out, err = run(capsys, "ask", "什么是双暂停？", "--seeds", SEEDS, "--index", index)
    assert (code, err) == (0, "")
    assert "[1] 为应对半岛的危机，中方的建议是" in out
    assert "—— 外交部部长王毅，答路透社记者问，外交部就中国外交政策和对外关系答问，2017-03-08" in out
    assert "2017-03-08-wangyi#4.2，字符 3388–3613" in out


def test_ask_says_when_nothing_is_found(capsys: pytest.CaptureFixture[str], index: str) -> None:
    code, out, _ = run(capsys, "ask", "红烧肉怎么做", "--seeds", SEEDS, "--index", index)
    assert code == 0
    silence, hint, *topics = out.splitlines()
    assert (silence, hint) == ("在这些记录中没有找到相关回答。", "相近的话题（不是回答）：")
    assert len(topics) == 3
    assert all("2017-03-08-wangyi#" in topic for topic in topics)


def test_ask_gives_json(capsys: pytest.CaptureFixture[str], index: str, seed: Transcript) -> None:
    _, out, _ = run(capsys, "ask", "什么是双暂停？", "--json", "--seeds", SEEDS, "--index", index)
    answer = json.loads(out)
    assert answer["abstained"] is False
    best = answer["citations"][0]
    assert seed.text[best["start"] : best["end"]] == best["quote"]


def test_search_gives_json_rows(
    capsys: pytest.CaptureFixture[str], index: str, seed: Transcript
) -> None:
    _, out, _ = run(capsys, "search", "萨德", "-k", "3", "--json", "--seeds", SEEDS, "--index", index)
    rows = json.loads(out)
    assert [row["rank"] for row in rows] == [1, 2, 3]
    named = {"rank", "score", "passage_id", "quote", "speaker", "question", "asker", "title", "url",
             "date", "start", "end"}  # fmt: skip
    assert named <= set(rows[0])
    assert rows[0]["passage_id"] == "2017-03-08-wangyi#9.2"
    assert all(seed.text[row["start"] : row["end"]] == row["quote"] for row in rows)


def test_parse_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "parse", str(SEED), "--json")
    understood = json.loads(out)
    assert {"title", "url", "date", "turns", "exchanges"} <= set(understood)
    assert (len(understood["turns"]), len(understood["exchanges"])) == (45, 21)
    assert {"speaker", "role", "start", "end", "text"} <= set(understood["turns"][0])


def test_parse_prints_what_was_understood(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "parse", str(SEED))
    assert "layout     own-line (45 labels)\ncertainty  1.00 of 1\n" in out
    assert "counts     45 turns, 21 exchanges, 1 statements\n" in out
    assert "  22 official   外交部部长 王毅 (the label says so)\n" in out
    assert "venue      梅地亚中心 (named in the text)\n" in out
    assert "   3  journalist 新华社记者: 外长您好。" in out


def test_build_says_how_much_was_indexed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "build", "--seeds", SEEDS, "--index", str(tmp_path / "index"))
    assert (code, out) == (0, "indexed 51 passages of 1 transcripts\n")


BRIEFING = "2024年5月13日外交部发言人沈若兰主持例行记者会\n\n法新社记者：电动自行车反补贴调查有何回应？\n\n沈若兰：中方坚决反对保护主义。\n"


def test_a_collection_is_added_to_listed_shown_and_shortened(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    where = ("--seeds", SEEDS, "--index", str(tmp_path / "index"))
    file = tmp_path / "briefing.txt"
    file.write_text(BRIEFING, encoding="utf-8")
    code, out, err = run(capsys, "add", str(file), *where)
    assert (code, err) == (0, "")
    assert out == "added briefing\n1 added, 0 changed, 0 removed, 1 unchanged; 1 passages embedded\n"
    _, out, _ = run(capsys, "list", *where)
    rows = out.splitlines()
    assert [row.split()[0] for row in rows] == ["2017-03-08-wangyi", "briefing"]
    assert (
        "2024-05-13    1 exchanges    1 passages  2024年5月13日外交部发言人沈若兰主持例行记者会"
        in rows[1]
    )
    _, out, _ = run(capsys, "show", "briefing#1.1", *where)
    assert (
        "  法新社记者：电动自行车反补贴调查有何回应？\n▶ [briefing#1.1] 沈若兰：中方坚决反对保护主义。\n"
        in out
    )
    _, out, _ = run(capsys, "remove", "briefing", "--json", *where)
    assert json.loads(out)["removed"] == ["briefing"]
    assert json.loads(run(capsys, "list", "--json", *where)[1])[0]["id"] == "2017-03-08-wangyi"


def test_a_transcript_is_shown_whole_and_an_exchange_alone(
    capsys: pytest.CaptureFixture[str], index: str, seed: Transcript
) -> None:
    where = ("--seeds", SEEDS, "--index", index)
    _, whole, _ = run(capsys, "show", "2017-03-08-wangyi", *where)
    assert whole.count("\n## 2017-03-08-wangyi#") == 22
    _, exchange, _ = run(capsys, "show", "2017-03-08-wangyi#8", *where)
    assert exchange.count("\n## ") == 1
    rows = json.loads(run(capsys, "show", "2017-03-08-wangyi#8", "--json", *where)[1])
    assert all(seed.text[row["start"] : row["end"]] == row["text"] for row in rows)
    assert {row["asker"] for row in rows} == {"美国有线电视新闻网记者"}


def test_filters_keep_an_answer_to_what_they_name(
    capsys: pytest.CaptureFixture[str], index: str
) -> None:
    ask = ("ask", "什么是双暂停？", "--seeds", SEEDS, "--index", index)
    _, out, _ = run(capsys, *ask, "--speaker", "王毅", "--since", "2017", "--until", "2017-03-08")
    assert "[1] 为应对半岛的危机" in out
    _, out, _ = run(capsys, *ask, "--speaker", "李克强")
    assert out == "没有符合筛选条件的记录，请放宽条件后再问。\n"
    _, out, _ = run(capsys, *ask, "--outlet", "新华社")
    assert out == "在这些记录中没有找到相关回答。筛选范围之外有相关内容，可放宽条件后再问。\n"
    _, out, err = run(capsys, "search", "双暂停", "--until", "2016", "--seeds", SEEDS, "--index", index)
    assert (out, err) == ("", "qa-bot: 没有符合筛选条件的记录，请放宽条件后再问。\n")


def test_a_file_without_speech_is_added_and_told_of(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("今天天气很好。\n", encoding="utf-8")
    _, out, err = run(
        capsys, "add", str(tmp_path / "notes.txt"), "--seeds", SEEDS, "--index", str(tmp_path / "index")
    )
    assert "added notes" in out
    assert "notes.txt: no official's words were recognised" in err


def test_only_what_is_named_decides_whether_adding_failed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, content in {"seeds/good.txt": BRIEFING.encode(), "seeds/bad.txt": b"\x00\x01"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "other.txt").write_text(BRIEFING.replace("反对", "欢迎"), encoding="utf-8")
    (tmp_path / "worse.txt").write_bytes(b"\x00\x01")
    where = ("--seeds", str(tmp_path / "seeds"), "--index", str(tmp_path / "index"))
    for _ in range(2):
        code, _, err = run(capsys, "add", str(tmp_path / "other.txt"), *where)
        assert code == 0
        assert "bad.txt: not a text file" in err
    code, out, err = run(capsys, "add", str(tmp_path / "seeds"), *where)
    assert (code, out) == (0, "0 added, 0 changed, 0 removed, 2 unchanged; 0 passages embedded\n")
    code, _, err = run(capsys, "add", str(tmp_path / "worse.txt"), str(tmp_path / "other.txt"), *where)
    assert code == 1
    assert "worse.txt: not a text file" in err
    assert err.count("bad.txt") == 1


OBEYED = "\x1b\x9b\x08\u202e\u2066"


def test_no_file_commands_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    seeds, name = tmp_path / "seeds", "a\n\x1b[2J\u202eb"
    seeds.mkdir()
    (seeds / f"{name}.txt").write_text(BRIEFING.replace("反对", "反\u202e对\u2066"), encoding="utf-8")
    who = {"role": "official", "name": f"沈{OBEYED}若兰", "office": f"外交部{OBEYED}发言人"}
    stated = {"title": f"例行{OBEYED}记者会", "speakers": {"沈若兰": who}}
    (seeds / f"{name}.meta.json").write_text(json.dumps(stated), encoding="utf-8")
    where = ("--seeds", str(seeds), "--index", str(tmp_path / "index"))
    asked, id = "电动自行车反补贴", "a-\x1b[2J\u202eb"
    told: list[str] = []
    for command in (("list",), ("ask", asked), ("search", asked), ("show", id), ("remove", id)):
        code, out, err = run(capsys, *command, *where)
        told.append(out + err)
        assert code == 0
    told += run(capsys, "parse", str(seeds / f"{name}.txt"))[1:]
    assert not set(OBEYED) & set("".join(told))
    assert told[0].endswith("seeds/a \ufffd[2J\ufffdb.txt\n"), "a file is on one line"
    assert "中方坚决反\ufffd对\ufffd保护主义。" in told[1]
    _, out, _ = run(capsys, "parse", str(seeds / f"{name}.txt"), "--json")
    assert json.loads(out)["title"] == stated["title"], "JSON keeps every character"


def test_what_is_warned_of_commands_no_terminal_either(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(BRIEFING, encoding="utf-8")
    (tmp_path / "bad\n\x1b[2J\u202e.txt").write_bytes(b"\x00")
    where = ("--seeds", str(tmp_path), "--index", str(tmp_path / "index"))
    command = [sys.executable, "-m", "qa_bot", "list", *where]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "bad \ufffd[2J\ufffd.txt: not a text file" in done.stderr
    assert "\x1b" not in done.stderr


def test_a_quote_keeps_its_lines_and_a_credit_its_blank(capsys: pytest.CaptureFixture[str]) -> None:
    quote = "One.\r\n\tTwo\u2028 three."
    citation = Citation("t#1.1", "t", quote, 0, len(quote), "BIDEN", "PRESIDENT", None, None, None,
                        "A\nB", None, None, 1.0, Span(0, 4))  # fmt: skip
    lines = list(answer_lines(Answer("q", (citation,), "Found:")))
    assert lines[2:5] == ["[1] One.", "\tTwo\u2028 three.", "    —— PRESIDENT BIDEN，A\nB"]
    wang = replace(citation, office="外交部部长", speaker="王毅", title=None)
    assert "    —— 外交部部长王毅" in answer_lines(Answer("q", (wang,), "Found:"))


def test_a_page_that_says_nothing_now_is_told_of_and_what_was_kept_stays(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = [BRIEFING, "请先登录。", "请先登录。"]
    monkeypatch.setattr(
        web_fetch,
        "fetch",
        lambda url, **_: Fetched(served.pop(0).encode(), "text/plain", url, "page.txt"),
    )
    (tmp_path / "notes.txt").write_text(BRIEFING.replace("反对", "欢迎"), encoding="utf-8")
    where = ("--seeds", SEEDS, "--index", str(tmp_path / "index"))
    assert run(capsys, "add", "https://example.org/a", *where)[0] == 0
    for others in ((), (str(tmp_path / "notes.txt"),)):
        code, _, err = run(capsys, "add", "https://example.org/a", *others, *where)
        assert code == 1
        assert err.count("qa-bot: https://example.org/a: no official's words are recognised") == 1
    listed = json.loads(run(capsys, "list", "--json", *where)[1])
    assert "https://example.org/a" in [entry["url"] for entry in listed]


def test_evaluate_writes_measures_and_a_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "a", "text": "中国反对部署萨德"}\n{"_id": "b", "text": "金砖国家合作"}\n',
        encoding="utf-8",
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "萨德"}\n', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q\ta\t1\n", encoding="utf-8")
    run_file = tmp_path / "run.trec"
    code, out, _ = run(capsys, "evaluate", "beir", str(tmp_path), "--run", str(run_file), "--json")
    assert code == 0
    report = json.loads(out)
    assert (report["queries"], report["passages"]) == (1, 2)
    assert report["bm25"]["accuracy@1"] == report["hybrid"]["accuracy@1"] == 1.0
    assert set(report["dense"]) == {"accuracy@1", "MRR@10", "nDCG@10", "recall@10", "recall@100"}
    assert run_file.read_text(encoding="utf-8").startswith("q Q0 a 1 0.")
    _, table, _ = run(capsys, "evaluate", "beir", str(tmp_path))
    assert "| hybrid |     1.0000 |" in table


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["parse", "gone.txt"], "gone.txt: can't be read (No such file or directory)"),
        (["ask", "萨德", "--seeds", "gone"], "gone: no such folder"),
        (["evaluate", "beir", "gone"], "corpus.jsonl: can't be read"),
        (["show", "gone#1", "--seeds", SEEDS], "gone#1: no such passage, exchange or transcript"),
        (
            ["remove", "gone", "--seeds", SEEDS],
            "no transcript 'gone' in this collection; see qa-bot list",
        ),
        (["add", "gone.txt", "--seeds", SEEDS], "gone.txt: no such file or folder"),
        (["ask", "萨德", "--since", "2017-13", "--seeds", SEEDS], "2017-13"),
    ],
)
def test_an_error_is_one_line_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], message: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("qa-bot: ")
    assert message in err
    assert err.count("\n") <= 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["ask"],
        ["search", "x", "-k", "0"],
        ["list", "--seeds", ""],
        ["list", "--index", ""],
    ],
)
def test_wrong_usage_shows_how(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments)
    assert exit_info.value.code == 2
    assert "usage: qa-bot" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["chat", "ask", "search", "add", "remove", "list", "show", "build", "parse", "evaluate"]
)
def test_every_command_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main([command, "--help"])
    assert exit_info.value.code == 0
    assert f"example: qa-bot {command}" in capsys.readouterr().out
