from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa_bot
from qa_bot import storage
from qa_bot.adapters.exact_index import ExactIndex
from qa_bot.bot import QABot
from qa_bot.building import Workshop, index_passages
from qa_bot.equipment import load_analysis
from qa_bot.errors import IndexFolderError, ModelError, SeedsError
from qa_bot.places import EMBEDDED_MODEL, default_index, default_seeds
from qa_bot.results import Citation
from qa_bot.retrieval import Mode, field_vectors
from qa_bot.segments import fields_of
from tests.conftest import SEED
from tests.doubles import PairEmbedder

SECOND = """外交部部长王毅：
各位好。
新华社记者：
请介绍火星探测合作。
王毅：
火星探测是全人类的事业，中方愿同各国分享火星土壤样本。
"""


def is_verbatim(citation: Citation, bot: QABot) -> bool:
    [transcript] = [t for t in bot.transcripts if t.id == citation.transcript_id]
    return transcript.text[citation.start : citation.end] == citation.quote


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    shutil.copy(SEED, folder)
    return folder


def generations(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "generations").iterdir())


def test_a_question_is_answered_with_verbatim_cited_quotes(bot: QABot) -> None:
    answer = bot.ask("中方如何看待朝鲜半岛局势？")
    assert not answer.abstained
    best = answer.citations[0]
    assert best.passage_id.startswith("2017-03-08-wangyi#4.")
    assert best.speaker == "王毅"
    assert best.office == "外交部部长"
    assert best.asker == "路透社记者"
    assert best.outlet == "路透社"
    assert best.question is not None
    assert best.question.startswith("朝鲜半岛形势异常紧张")
    assert best.title == "外交部就中国外交政策和对外关系答问"
    assert best.date == "2017-03-08"
    assert best.url is not None
    assert all(is_verbatim(citation, bot) for citation in answer.citations)
    scores = [citation.score for citation in answer.citations]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "question",
    ["红烧肉怎么做才不腻？", "明天上海会下雨吗", "how do I fix a flat bicycle tyre", "世界杯谁夺冠了"],
)
def test_a_question_without_an_answer_gets_silence(bot: QABot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.abstained
    assert answer.citations == ()
    assert answer.reason in ("在这些记录中没有找到相关回答。", "Not found in these transcripts.")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "问题是空的，请输入一个问题。"),
        (" \n\t　", "问题是空的，请输入一个问题。"),
        ("？！……", "问题里没有文字，请用一句话提问。"),
        ("😀🎉", "问题里没有文字，请用一句话提问。"),
        ("你好", "你好。请提一个具体的问题，我来找官方的原话。"),
        ("您好，谢谢！", "不客气。还想知道什么，直接问就好。"),
        (
            "Hello, who are you?",
            "I am qa_bot and do one thing: I look in the transcripts loaded here for an official's own "
            "words on your question, and quote them word for word with their source. What they do not "
            "say, I do not say. Please ask a question.",
        ),
        ("萨" * 10_000, "问题太长：10000 字，最多 2000 字。请缩短后再问。"),
        ("a" * 10_000, "The question is too long: 10000 characters, at most 2000."),
    ],
)
def test_a_question_that_can_t_be_asked_is_told_why(bot: QABot, question: str, reason: str) -> None:
    answer = bot.ask(question)
    assert (answer.abstained, answer.reason) == (True, reason)
    assert bot.search(question) == ()


@settings(max_examples=80)
@given(st.text(max_size=60))
def test_no_question_crashes_and_every_quote_is_verbatim(bot: QABot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.reason
    assert all(is_verbatim(citation, bot) for citation in answer.citations)
    hits = bot.search(question, 3)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(0 < hit.score <= 1 for hit in hits)


@pytest.mark.parametrize(
    "question", ["\ud800萨德", "萨德\x00\x1b[31m", "<script>alert(1)</script>萨德", "a AND (萨德"]
)
def test_odd_characters_are_only_characters(bot: QABot, question: str) -> None:
    assert bot.search(question, 1)[0].passage.id == "2017-03-08-wangyi#9.2"


def test_traditional_characters_find_the_same_and_quotes_stay_as_published(bot: QABot) -> None:
    simplified = bot.search("怎样发展中国和菲律宾的关系", 5)
    traditional = bot.search("怎樣發展中國和菲律賓的關係", 5)
    assert [hit.passage.id for hit in traditional] == [hit.passage.id for hit in simplified]
    assert [hit.score for hit in traditional] == pytest.approx([hit.score for hit in simplified])


def test_hits_keep_the_score_of_each_leg(bot: QABot) -> None:
    hits = bot.search("双暂停", k=5)
    assert hits[0].passage.id == "2017-03-08-wangyi#4.2"
    assert set(hits[0].scores) == {"bm25", "dense", "late"}
    assert all(0 <= score <= 1 for hit in hits for score in hit.scores.values())


@pytest.mark.parametrize("question", [None, b"abc", 5, ["萨德"]])
def test_only_text_can_be_asked(bot: QABot, question: object) -> None:
    with pytest.raises(TypeError, match="a question must be a str"):
        bot.ask(question)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a question must be a str"):
        bot.search(question)  # type: ignore[arg-type]


def test_whether_it_answers_does_not_hang_on_how_many_citations_are_wanted(bot: QABot) -> None:
    for question in ("王毅妇女节说了什么", "什么是双暂停", "红烧肉怎么做"):
        assert bot.ask(question, 1).abstained == bot.ask(question, 5).abstained
    with pytest.raises(ValueError, match="k must be at least 1, not 0"):
        bot.ask("萨德", 0)


@pytest.mark.parametrize("k", [0, -1])
def test_no_hit_is_asked_for_no_hit_is_given(bot: QABot, k: int) -> None:
    assert bot.search("萨德", k) == ()


def test_more_hits_than_passages_are_not_invented(bot: QABot) -> None:
    hits = bot.search("中国外交", 10_000)
    assert 0 < len(hits) <= len(bot.passages)
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_the_opening_words_are_cited_without_a_question(bot: QABot) -> None:
    best = bot.ask("部长在妇女节对女记者说了什么祝福？").citations[0]
    assert best.passage_id == "2017-03-08-wangyi#0.1"
    assert (best.question, best.asker, best.outlet) == (None, None, None)


def test_a_passage_is_found_by_its_id(bot: QABot) -> None:
    passage = bot.passage("2017-03-08-wangyi#9.2")
    assert passage is not None
    assert "萨德" in passage.text
    assert bot.passage("2017-03-08-wangyi#99.1") is None


def test_threads_may_share_a_bot(bot: QABot) -> None:
    questions = ["萨德", "金砖国家", "南海行为准则", "领事保护"] * 8
    expected = [bot.search(question, 3) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: bot.search(question, 3), questions)) == expected


def test_an_index_is_reused_until_its_sources_change(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    QABot.open(index, seeds)
    first = generations(index)
    assert QABot.open(index, seeds).transcripts[0].id == "2017-03-08-wangyi"
    assert generations(index) == first
    (seeds / "mars.txt").write_text(SECOND, encoding="utf-8")
    reopened = QABot.open(index)
    assert [t.id for t in reopened.transcripts] == ["2017-03-08-wangyi", "mars"]
    assert reopened.ask("火星土壤样本怎么分享？").citations[0].passage_id == "mars#1.1"
    (seeds / "mars.txt").unlink()
    assert len(QABot.open(index).transcripts) == 1


def test_an_index_is_reopened_as_it_was_built(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    model = tmp_path / "model"
    shutil.copytree(EMBEDDED_MODEL, model)
    qa_bot.build_index(seeds=seeds, index=index, model=str(model))
    built = generations(index)
    QABot.open(index=index)
    assert generations(index) == built
    QABot.open(index=index, model=str(EMBEDDED_MODEL))
    assert generations(index) == built, "the same files under another name are the same model"


def test_an_index_and_its_seeds_may_be_moved_together(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    QABot.open("index", "seeds")
    (tmp_path / "moved").mkdir()
    for name in ("seeds", "index"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    index = tmp_path / "moved" / "index"
    built = generations(index)
    QABot.open(index)
    assert generations(index) == built
    (tmp_path / "moved" / "seeds" / "mars.txt").write_text(SECOND, encoding="utf-8")
    assert len(QABot.open(index).transcripts) == 2


def test_another_model_rebuilds_the_index(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    QABot.open(index, seeds)
    built = generations(index)
    model = tmp_path / "model"
    shutil.copytree(EMBEDDED_MODEL, model)
    (model / "config_sentence_transformers.json").write_text("{}", encoding="utf-8")
    QABot.open(index, seeds, str(model))
    assert generations(index) != built


@pytest.mark.parametrize(
    "name",
    ["CURRENT", "manifest.json", "transcripts.jsonl", "passages.npy", "counts.npy", "vectors.faiss"],
)
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_index_is_rebuilt_and_the_seeds_stay(
    seeds: Path, tmp_path: Path, name: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    index = tmp_path / "index"
    expected = QABot.open(index, seeds).search("萨德", 3)
    before = {path.name: path.read_bytes() for path in seeds.iterdir()}
    [path] = [path for path in index.rglob(name) if path.is_file()]
    content = path.read_bytes()
    if damage == "remove":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    assert QABot.open(index, seeds).search("萨德", 3) == expected
    if (name, damage) != ("CURRENT", "remove"):
        assert "building the index anew" in caplog.text
    assert {path.name: path.read_bytes() for path in seeds.iterdir()} == before


@pytest.mark.parametrize("name", ["CURRENT", "counts.npy"])
def test_a_damaged_index_is_rebuilt_from_the_transcripts_it_was_built_from(
    tmp_path: Path, name: str
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "mars.txt").write_text(SECOND, encoding="utf-8")
    QABot.open(tmp_path / "index", mine)
    [path] = (tmp_path / "index").rglob(name)
    path.unlink()
    assert [t.id for t in QABot.open(tmp_path / "index").transcripts] == ["mars"]


def test_an_index_of_another_version_is_rebuilt(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    QABot.open(index, seeds)
    [manifest] = index.rglob(storage.MANIFEST)
    row = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**row, "format": 0}), encoding="utf-8")
    assert QABot.open(index, seeds).search("萨德", 1)[0].passage.id == "2017-03-08-wangyi#9.2"


def test_an_index_outlives_the_seeds_it_was_built_from(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    QABot.open(index, seeds)
    shutil.rmtree(seeds)
    assert len(QABot.open(index).transcripts) == 1
    with pytest.raises(SeedsError, match="no such folder"):
        QABot.open(index, seeds)


def test_a_bad_file_is_left_out_with_a_warning(
    seeds: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (seeds / "broken.txt").write_bytes(b"\x00\x01")
    assert len(QABot.open(tmp_path / "index", seeds).transcripts) == 1
    assert "holds control characters" in caplog.text
    assert "broken.txt" in caplog.text


def test_a_model_that_is_nowhere_is_explained(seeds: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'no/such-model' is neither a folder nor cached here"):
        QABot.open(tmp_path / "index", seeds, "no/such-model")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="no sentence-transformers model"):
        QABot.open(tmp_path / "index", seeds, str(tmp_path / "empty"))


def test_an_index_that_can_t_be_written_is_explained(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IndexFolderError, match="can't be written"):
        QABot.open(tmp_path / "file", seeds)


def test_defaults_follow_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_BOT_SEEDS", raising=False)
    monkeypatch.delenv("QA_BOT_INDEX", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_seeds().name == "seeds"
    assert default_seeds().is_dir(), "the published transcript is there wherever one stands"
    packaged, other = default_index(default_seeds()), default_index(tmp_path / "other")
    assert packaged.parent == other.parent == tmp_path / "data" / "qa_bot" / "indexes"
    assert packaged != other
    (tmp_path / "seeds").mkdir()
    assert (default_seeds(), default_index(default_seeds())) == (Path("seeds"), Path("index"))
    monkeypatch.setenv("QA_BOT_SEEDS", "/elsewhere/seeds")
    monkeypatch.setenv("QA_BOT_INDEX", "/elsewhere/index")
    assert default_seeds() == Path("/elsewhere/seeds")
    assert default_index(default_seeds()) == Path("/elsewhere/index")


def test_a_passage_is_found_by_its_words_its_question_and_the_rest_of_its_answer(bot: QABot) -> None:
    fields = dict(zip([passage.id for passage in bot.passages], fields_of(bot.passages), strict=True))
    two = fields["2017-03-08-wangyi#9.2"]
    assert two["passage"][0].startswith("目前影响中韩关系的最大问题")
    assert two["question"][0].startswith("当前中韩关系复杂敏感")
    assert [text[:8] for text in two["exchange"]] == ["我发现大家中文说"]
    assert fields["2017-03-08-wangyi#0.1"]["question"] == ()


def test_an_empty_document_is_indexed_and_never_found() -> None:
    retriever = index_passages(
        [{"passage": ("",)}, {"passage": ("萨德",)}], Workshop(PairEmbedder(), load_analysis())
    )
    assert [found.position for found in retriever.search(retriever.analysis.query("萨德"), 5)] == [1]


def test_hybrid_scores_are_those_of_an_exact_reference(bot: QABot) -> None:
    embedder = PairEmbedder()
    fields = fields_of(bot.passages)
    retriever = index_passages(fields, Workshop(embedder, load_analysis()))
    simplify = retriever.analysis.simplify
    simplified = [{n: tuple(map(simplify, t)) for n, t in row.items()} for row in fields]
    exact = ExactIndex(field_vectors(embedder, simplified))
    query = retriever.analysis.query("萨德反导系统")
    cosines = exact.search(embedder.encode_query([query.text])[0], len(fields))
    expected = dict(zip(cosines[0].tolist(), np.clip(cosines[1], 0, 1).tolist(), strict=True))
    for found in retriever.search(query, 10, Mode.HYBRID):
        assert found.scores["dense"] == pytest.approx(expected[found.position], abs=1e-5)
        [parts] = retriever.explain(query, [found])
        assert sum(parts.groups) == pytest.approx(parts.legs["bm25"], abs=1e-5)
        share = parts.legs["dense"] / found.scores["dense"]
        assert 0.2 <= share <= 0.5
        fused = (1 - share) * found.scores["bm25"] + share * found.scores["dense"]
        assert found.score == pytest.approx(fused, abs=1e-5)
