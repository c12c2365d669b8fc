from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from qa_bot.asking import Answerer
from qa_bot.building import Workshop
from qa_bot.equipment import load_analysis, load_embedder
from qa_bot.errors import EvaluationError
from qa_bot.evaluation.questions import read_followups, read_questions
from qa_bot.evaluation.running import evaluate_questions
from qa_bot.evaluation.shelves import collected, groups, read_transcripts
from qa_bot.evaluation.variants import IN_USE, VARIANTS, Variant, arms
from qa_bot.lexicon import Lexicon, parse_lexicon
from qa_bot.query import Query
from qa_bot.records import Transcript
from qa_bot.retrieval import Mode, Ranked, Retriever
from qa_bot.sources import read_source
from tests.doubles import PairEmbedder

SHIPS = """2024年5月13日外交部发言人毛宁主持例行记者会

法新社记者：请问渔船相撞有何进展？

毛宁：双方正在核实此事，原因有待查明。

新华社记者：峰会何时举行？

毛宁：上海合作组织成员国元首理事会会议将于七月在阿斯塔纳举行。

中方期待会议取得圆满成功。
"""
STEEL = """2024年6月3日外交部发言人汪文斌主持例行记者会

路透社记者：中方如何看待钢铁关税？

汪文斌：贸易战没有赢家，加征钢铁关税损人害己。
"""
HEADER = "id\ttranscript\tkind\ttext\trelevant\tnote\n"
ROWS = (
    "q1\tships\town\t渔船相撞的原因查明了吗\t1.1\tx\n"
    "q2\tships\tshort\t中方期待会议\t2.2, 2.1\t\n"
    "q3\tsteel\town\t钢铁关税损人害己吗\t1.1\t\n"
    "q4\tsteel\tunanswerable\txyz\t\t\n"
)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds" / "2024"
    folder.mkdir(parents=True)
    (folder / "ships.txt").write_text(SHIPS, encoding="utf-8")
    (folder / "steel.txt").write_text(STEEL, encoding="utf-8")
    return tmp_path / "seeds"


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return Workshop(PairEmbedder(), load_analysis())


def written(folder: Path, content: str) -> Path:
    path = folder / "questions.tsv"
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_questions_are_read_by_the_names_of_their_columns(tmp_path: Path) -> None:
    moved = "kind\tnote\tid\ttext\trelevant\ttranscript\r\nown\t!\tq1\t 问 \t8.1,8.2\tt\r\n\r\n"
    (question,) = read_questions(written(tmp_path, "\ufeff" + moved))
    assert (question.id, question.kind, question.text) == ("q1", "own", "问")
    assert question.source.relevant == {"t#8.1", "t#8.2"}
    assert question.source.row.place == f"{tmp_path / 'questions.tsv'}, line 2"


def test_a_question_without_passages_has_no_answer(tmp_path: Path) -> None:
    assert read_questions(written(tmp_path, HEADER + ROWS))[3].source.relevant == frozenset()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"line 1: no column id, transcript, kind, text, relevant: : the first line names"),
        ("id\ttext\n", r"line 1: no column transcript, kind, relevant: id text: the first line"),
        (HEADER, r"no line below the one that names the columns"),
        (
            HEADER + "q1\tt\town\t问\n",
            r"line 2: 4 cells where the first line names 6 columns: q1 t own 问",
        ),
        (HEADER + "\nq1\tt\town\t \t1.1\t\n", r"line 3: nothing in column text: q1 t own 1.1: fill it"),
        (HEADER + "q1\tt\t\t问\t1.1\t\n", r"line 2: nothing in column kind"),
        (HEADER + "q1\tt\town\t问\t8\t\n", r"line 2: '8' are no passages: q1 t own 问 8: write their"),
        (HEADER + "q1\tt\town\t问\t8.1;8.2\t\n", r"line 2: '8.1;8.2' are no passages"),
        (HEADER + ROWS + ROWS[: ROWS.index("\n") + 1], r"line 6: the id q1 is that of line 2 too"),
    ],
)
def test_a_malformed_question_is_named(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message) as raised:
        read_questions(written(tmp_path, content))
    assert str(raised.value).startswith(str(tmp_path / "questions.tsv"))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "questions.tsv").write_bytes(b"id\xff\n")
    with pytest.raises(EvaluationError, match=r"questions\.tsv: can't be read .*; save it as UTF-8"):
        read_questions(tmp_path / "questions.tsv")
    with pytest.raises(EvaluationError, match=r"gone\.tsv: can't be read \(No such file"):
        read_questions(tmp_path / "gone.tsv")


FOLLOWUPS = "id\ttranscript\thistory\ttext\trelevant\tinterpreted\n"


def test_follow_ups_are_read(tmp_path: Path) -> None:
    (found,) = read_followups(written(tmp_path, FOLLOWUPS + "f1\tt\t一？ || 二？\t那三呢\t1.1\t三？\n"))
    assert (found.history, found.text, found.interpreted) == (("一？", "二？"), "那三呢", "三？")
    assert found.source.relevant == {"t#1.1"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("f1\tt\t\t那三呢\t1.1\t三？\n", "line 2: nothing in column history"),
        (
            "f1\tt\t一 ||  || 二\t那三呢\t1.1\t三？\n",
            r"line 2: an empty question in history: .*part them|part",
        ),
        ("f1\tt\t一\t那三呢\t\t三？\n", "line 2: nothing in column relevant"),
        ("f1\tt\t一\t那三呢\t1.1\t\n", "line 2: nothing in column interpreted"),
    ],
)
def test_a_malformed_follow_up_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        read_followups(written(tmp_path, FOLLOWUPS + row))


def test_transcripts_are_found_below_the_folder(tmp_path: Path, seeds: Path) -> None:
    sources = [each.source for each in read_questions(written(tmp_path, HEADER + ROWS))]
    transcripts = read_transcripts(sources, seeds)
    assert list(transcripts) == ["ships", "steel"]
    assert transcripts["steel"].text == STEEL
    with_folder = ROWS.replace("\tsteel\t", "\t2024-steel\t")
    sources = [each.source for each in read_questions(written(tmp_path, HEADER + with_folder))]
    assert read_transcripts(sources, seeds)["2024-steel"].id == "2024-steel"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("q1\tshipz\town\t问\t1.1\t\n", r"line 2: no transcript shipz in .*: did you mean ships\?"),
        ("q1\tother\town\t问\t1.1\t\n", r"line 2: no transcript other in .*: put it there, or give"),
        ("q1\tships\town\t问\t2.3\t\n", r"line 2: no passage ships#2\.3: .*its last is ships#2\.2"),
    ],
)
def test_what_a_question_names_in_vain_is_told(
    tmp_path: Path, seeds: Path, row: str, message: str
) -> None:
    (question,) = read_questions(written(tmp_path, HEADER + row))
    with pytest.raises(EvaluationError, match=message):
        read_transcripts([question.source], seeds)


def test_two_files_of_one_name_are_told(tmp_path: Path, seeds: Path) -> None:
    (seeds / "ships.md").write_text(SHIPS, encoding="utf-8")
    sources = [each.source for each in read_questions(written(tmp_path, HEADER + ROWS))]
    with pytest.raises(EvaluationError, match=r"are both called ships: .*rename one"):
        read_transcripts(sources, seeds)
    with pytest.raises(EvaluationError, match="gone: no such folder"):
        read_transcripts(sources, tmp_path / "gone")


def test_transcripts_are_asked_alone_or_together() -> None:
    assert groups(["a", "b", "a"], together=False) == [["a"], ["b"]]
    assert groups(["a", "b", "a"], together=True) == [["a", "b"]]


class Preset:
    """Finds what it is given, whatever it is asked."""

    def search(self, query: Query, k: int, mode: Mode) -> tuple[Ranked, ...]:
        assert (k, mode) == (1_000, Mode.HYBRID)
        return (
            Ranked(3, 0.9, {"bm25": 0.8, "dense": 0.2}),
            Ranked(1, 0.8, {"bm25": 0.6, "dense": 0.8}),
            Ranked(0, 0.7, {"bm25": 0.8, "dense": 0.6}),
        )


def test_a_fixed_fusion_gives_the_legs_fixed_parts() -> None:
    retriever, query = cast(Retriever, Preset()), Query("问", (), ())
    ranked = Variant("equal", share=0.5).rank(retriever, query, 2)
    assert [(each.position, each.score) for each in ranked] == [(0, 0.7), (1, 0.7)]
    ranked = Variant("sparse", share=0.0).rank(retriever, query, 9)
    assert [each.position for each in ranked] == [0, 3, 1]


def asked(seeds: Path, workshop: Workshop, variant: Variant, question: str) -> tuple[str, ...]:
    transcript = read_source(seeds / "2024" / "ships.txt")
    with collected([transcript], workshop) as collection:
        return arms(collection, workshop, [variant])[0].ask(question).ranking


def test_without_the_fields_only_its_own_words_find_a_passage(seeds: Path, workshop: Workshop) -> None:
    whole, bare = Variant("a", Mode.BM25), Variant("b", Mode.BM25, fields=False)
    assert asked(seeds, workshop, whole, "渔船") == ("ships#1.1",)
    assert asked(seeds, workshop, bare, "渔船") == ()
    assert asked(seeds, workshop, bare, "查明") == ("ships#1.1",)


def test_without_the_lexicon_no_word_stands_for_another(seeds: Path, workshop: Workshop) -> None:
    analysis = workshop.analysis
    lexicon = Lexicon.of(parse_lexicon("vessels > 渔船", "mine.txt"), analysis.lexicon.stem)
    knowing = replace(workshop, analysis=replace(analysis, lexicon=lexicon))
    whole, bare = Variant("a", Mode.BM25), Variant("b", Mode.BM25, lexicon=False)
    assert asked(seeds, knowing, whole, "vessels") == ("ships#1.1",)
    assert asked(seeds, knowing, bare, "vessels") == ()


def test_what_cannot_be_asked_is_refused(seeds: Path, workshop: Workshop) -> None:
    with collected([read_source(seeds / "2024" / "ships.txt")], workshop) as collection:
        (arm,) = arms(collection, workshop, [IN_USE])
        for question in ("你好", "xyz"):
            found = arm.ask(question)
            assert (found.ranking, found.strength, found.refused) == ((), 0.0, True)


def test_the_variant_in_use_ranks_and_refuses_just_as_the_bot_does(seed: Transcript) -> None:
    """What is measured must be what is shipped."""
    workshop = Workshop(load_embedder(None), load_analysis())
    path = Path(__file__).parent / "quality" / "queries.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[::5]
    texts = [row["text"] for row in rows]
    assert len(texts) > 40
    with collected([seed], workshop) as collection:
        answerer = Answerer(collection, workshop)
        (arm,) = arms(collection, workshop, [IN_USE])
        found = [arm.ask(text) for text in texts]
        hits = [answerer.search(text, 10, None) for text in texts]
        answers = [answerer.ask(text, 3, None, ()) for text in texts]
    assert [each.ranking for each in found] == [tuple(h.passage.id for h in row) for row in hits]
    assert [each.refused for each in found] == [answer.abstained for answer in answers]
    assert {each.refused for each in found} == {True, False}


def test_a_file_of_questions_is_measured_and_reported(
    tmp_path: Path, seeds: Path, workshop: Workshop
) -> None:
    file, report = written(tmp_path, HEADER + ROWS), tmp_path / "report"
    findings = evaluate_questions(file, seeds, workshop, report=report)
    assert findings.json["questions"] == 4
    assert findings.json["with_an_answer"] == 3
    values = {
        (cell["group"], cell["system"], cell["measure"]): cell["estimate"]["value"]
        for cell in json.loads(json.dumps(findings.json["by_kind"]))
    }
    assert {system for _, system, _ in values} == {variant.name for variant in VARIANTS}
    assert values["all with an answer", "hybrid", "accuracy@1"] == 1.0
    assert values["unanswerable", "hybrid", "refused"] == 1.0
    text = (report / "report.md").read_text(encoding="utf-8")
    assert "| own                | 2 | 1.000 [1.000, 1.000] |" in text
    assert "![accuracy@1 by kind and leg](accuracy.png)" in text
    rows = (report / "questions.tsv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 4 * len(VARIANTS)
    assert rows[2].split("\t")[:6] == ["q2", "ships", "short", "hybrid", "ships#2.1,ships#2.2", "1"]
    for name in ("accuracy.png", "refused.png", "silence.png"):
        assert (report / name).read_bytes().startswith(b"\x89PNG")


def test_together_a_passage_of_another_transcript_is_wrong(
    tmp_path: Path, seeds: Path, workshop: Workshop
) -> None:
    file = written(
        tmp_path, HEADER + "q1\tships\town\t加征钢铁关税与渔船相撞\t1.1\t\n" + ROWS[ROWS.index("q3") :]
    )
    ranks = {}
    for together in (False, True):
        findings = evaluate_questions(file, seeds, workshop, together)
        row = next(row for row in findings.rows if (row[0], row[3]) == ("q1", "bm25"))
        ranks[together] = (row[5], row[-1])
    assert ranks == {False: ("1", "ships#1.1"), True: ("2", "steel#1.1,ships#1.1")}
