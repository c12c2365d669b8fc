"""Training on tiny corpora: what teaches, that it teaches, that it can be stopped and repeated."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from qa_bot.adapters.opencc_folding import fold
from qa_bot.adapters.static_embedder import StaticEmbedder
from qa_bot.errors import TrainingDataError
from qa_bot.evaluation.questions import read_questions
from qa_bot.training import authored, contrastive, scratch
from qa_bot.training.__main__ import main
from qa_bot.training.authored import concept_pairs, everyday_pairs, lexicon_pairs
from qa_bot.training.bags import Bags, PairSet
from qa_bot.training.contrastive import Checkpoint, Recipe, Trained, initial_weights, train
from qa_bot.training.corpora import AUTHORED, MIXTURE, Source, read_pairs
from qa_bot.training.pairs import Pair
from qa_bot.training.scratch import Place, make_model
from qa_bot.training.vocabulary import Words, count_words, make_tokenizer
from tests.conftest import REPOSITORY

TINY = Recipe(dimension=16, kept=16, shorter=(8,), batch_size=8, word_dropout=0.1, steps=30, seed=5)
WORDS = ("经济 贸易 外交 军事 教育 医疗 环境 农业 科技 文化 体育 能源".split(), "abcdefghijkl")


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def pairs_of(folder: Path, kind: str, path: str) -> list[Pair]:
    return list(read_pairs(folder, Source(path, kind, 1.0, "ours"), random.Random(1)))


# what teaches


def test_a_question_and_its_passage_are_a_pair_in_simplified_characters(tmp_path: Path) -> None:
    write_rows(tmp_path / "qa.gz", [{"q": "誰來開會？", "p": "部長來開會。", "src": "ours"}])
    assert pairs_of(tmp_path, "query_passage", "qa.gz") == [Pair("谁来开会?", "部长来开会。")]


def test_rows_for_non_commercial_research_do_not_teach(tmp_path: Path) -> None:
    write_rows(tmp_path / "qa.gz", [{"q": "谁？", "p": "部长。", "src": "c3"}])
    assert pairs_of(tmp_path, "query_passage", "qa.gz") == []


def test_a_headline_is_paired_with_the_beginning_and_with_a_window(tmp_path: Path) -> None:
    body = "".join(chr(0x4E00 + i) for i in range(400))
    write_rows(tmp_path / "t.gz", [{"q": "题", "p": body}])
    beginning, window = pairs_of(tmp_path, "title_body", "t.gz")
    assert len(beginning.passage) == len(window.passage) == 320
    assert fold(body).startswith(beginning.passage)
    assert window.passage in fold(body)


def test_english_is_paired_with_the_simplified_chinese(tmp_path: Path) -> None:
    write_rows(tmp_path / "p.gz", [{"zh": "貿易", "zh_hans": "贸易", "en": "Trade"}])
    assert pairs_of(tmp_path, "parallel", "p.gz") == [Pair("trade", "贸易")]


def test_a_sentence_is_paired_with_what_stands_around_it(tmp_path: Path) -> None:
    sentences = [f"第{'一二三四五六'[i]}句话{chr(0x4E00 + i) * 3}" for i in range(6)]
    with gzip.open(tmp_path / "news.gz", "wt", encoding="utf-8") as file:
        file.write("。".join(sentences) + "\n")
    pairs = pairs_of(tmp_path, "inverse_cloze", "news.gz")
    assert len(pairs) == 3
    for pair in pairs:
        around = pair.passage.split("。")
        assert pair.query in sentences
        assert set(around) <= set(sentences)
        assert len(around) >= 2


@pytest.mark.parametrize("row", ['{"q": "谁？"}', "[1]", '{"q": "谁？", "p": null}', "not json"])
def test_a_malformed_row_is_named_by_file_and_line(tmp_path: Path, row: str) -> None:
    with gzip.open(tmp_path / "qa.gz", "wt", encoding="utf-8") as file:
        file.write('{"q": "谁？", "p": "部长。"}\n' + row + "\n")
    with pytest.raises(TrainingDataError, match=r"qa\.gz, line 2: no row that teaches"):
        pairs_of(tmp_path, "query_passage", "qa.gz")


def test_a_damaged_or_empty_corpus_is_named(tmp_path: Path) -> None:
    write_rows(tmp_path / "qa.gz", [{"q": f"谁{i}？", "p": "部长。"} for i in range(99)])
    whole = (tmp_path / "qa.gz").read_bytes()
    for content, message in ((whole[:-20], "after line"), (b"text", "beginning"), (b"", "empty")):
        (tmp_path / "qa.gz").write_bytes(content)
        with pytest.raises(TrainingDataError, match=rf"qa\.gz.*{message}"):
            pairs_of(tmp_path, "query_passage", "qa.gz")


def test_a_question_to_such_a_row_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(tmp_path / "t.gz", [{"q": "a", "p": "甲", "src": "c3"}])
    (tmp_path / "everyday.tsv").write_text("file\tline\tstart\tend\tquestion\nt.gz\t1\t0\t1\t谁\n")
    monkeypatch.setattr(authored, "FOLDER", tmp_path)
    with pytest.raises(TrainingDataError, match="asks of a row of c3"):
        list(everyday_pairs(tmp_path))


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"qa\.gz: training file not found"):
        pairs_of(tmp_path, "query_passage", "qa.gz")


# what the project wrote itself


def test_an_everyday_question_is_paired_with_the_characters_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "t.gz", [{"q": "a", "p": "甲"}, {"q": "b", "p": "稳定就业。保障民生。"}])
    with gzip.open(tmp_path / "news.gz", "wt", encoding="utf-8") as file:
        file.write("第一行\u2028物价平稳\n")
    rows = [
        "file\tline\tstart\tend\tquestion",
        "t.gz\t2\t0\t5\t好找工作吗",
        "news.gz\t1\t4\t8\t菜贵不贵",
    ]
    (tmp_path / "everyday.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(authored, "FOLDER", tmp_path)
    assert list(everyday_pairs(tmp_path)) == [
        Pair("好找工作吗", "稳定就业。"),
        Pair("菜贵不贵", "物价平稳"),
    ]


def test_every_twentieth_line_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(tmp_path / "t.gz", [{"q": "题", "p": f"第{i}行"} for i in range(1, 41)])
    rows = [f"t.gz\t{i}\t0\t{len(f'第{i}行')}\t问{i}" for i in range(1, 41)]
    text = "\n".join(["file\tline\tstart\tend\tquestion", *rows]) + "\n"
    (tmp_path / "everyday.tsv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(authored, "FOLDER", tmp_path)
    held_out = list(everyday_pairs(tmp_path, held_out=True))
    assert held_out == [Pair("问20", "第20行"), Pair("问40", "第40行")]
    assert len(list(everyday_pairs(tmp_path))) == 38


def test_a_passage_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(tmp_path / "t.gz", [{"q": "a", "p": "甲"}])
    (tmp_path / "everyday.tsv").write_text("file\tline\tstart\tend\tquestion\nt.gz\t2\t0\t1\t谁\n")
    monkeypatch.setattr(authored, "FOLDER", tmp_path)
    with pytest.raises(TrainingDataError, match=r"t\.gz, line 2: not there"):
        list(everyday_pairs(tmp_path))
    (tmp_path / "everyday.tsv").write_text("file\tline\tstart\tend\tquestion\nt.gz\t1\t0\t2\t谁\n")
    with pytest.raises(
        TrainingDataError, match=r"t\.gz, line 1: 1 characters, but .* names those to 2"
    ):
        list(everyday_pairs(tmp_path))


def everyday_rows() -> list[list[str]]:
    text = (authored.FOLDER / authored.EVERYDAY).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def test_every_everyday_question_names_a_stretch_of_a_public_corpus() -> None:
    header, *rows = everyday_rows()
    assert header == ["file", "line", "start", "end", "question"]
    files = {source.path for source in MIXTURE if source not in AUTHORED}
    for file, line, start, end, question in rows:
        assert file in files
        assert int(line) >= 1
        assert 0 <= int(start) < int(end) <= int(start) + 260
        assert question == " ".join(question.split()) != ""
    assert len({tuple(row) for row in rows}) == len(rows)


def test_no_question_that_measures_teaches() -> None:
    taught = {fold(row[4]) for row in everyday_rows()[1:]}
    for file in ("dev", "report"):
        asked = read_questions(REPOSITORY / "benchmarks" / "questions" / f"{file}.tsv")
        assert taught.isdisjoint(fold(question.text) for question in asked)


def test_a_concept_is_three_lists_of_words() -> None:
    lines = (authored.FOLDER / authored.CONCEPTS).read_text(encoding="utf-8").splitlines()
    lists = [line.split(" | ") for line in lines]
    assert all(len(three) == 3 and all(map(str.strip, three)) for three in lists)
    assert len({three[1] for three in lists}) == len(lists) > 1000


def test_a_few_words_of_each_two_lists_are_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "concepts.txt").write_text("打工 饭碗 | 就业 | jobs work\n", encoding="utf-8")
    monkeypatch.setattr(authored, "FOLDER", tmp_path)
    pairs = list(concept_pairs(random.Random(2)))
    assert len(pairs) == 12
    assert {pair.topic for pair in pairs} == {"打工 饭碗 | 就业 | jobs work"}
    words = [({*pair.query.split()}, {*pair.passage.split()}) for pair in pairs]
    assert all(said <= {"打工", "饭碗"} and official == {"就业"} for said, official in words[:4])
    assert all(said <= {"打工", "饭碗"} and english <= {"jobs", "work"} for said, english in words[4:8])
    assert all(official == {"就业"} for official, _ in words[8:])


def test_the_lexicon_pairs_names_of_one_thing() -> None:
    pairs = set(lexicon_pairs(random.Random(3)))
    assert any({"联合国", "UN"} == {pair.query, pair.passage} for pair in pairs)
    assert all(pair.query != pair.passage for pair in pairs)


# that it teaches


def toy_pairs() -> list[PairSet]:
    """Topic i in one vocabulary (token i + 1) with topic i in another (token i + 13), and noise."""
    rng = np.random.default_rng(0)
    topics = rng.integers(0, 12, 400)
    noise = rng.integers(25, 40, (400, 2, 2))
    queries = [np.array([topic + 1, *row[0]]) for topic, row in zip(topics, noise, strict=True)]
    passages = [np.array([*row[1], topic + 13]) for topic, row in zip(topics, noise, strict=True)]
    return [PairSet("toy", 1.0, bags(queries), bags(passages), topics.astype(np.int64))]


def bags(texts: list[np.ndarray[tuple[int], np.dtype[np.int64]]]) -> Bags:
    ids = np.concatenate(texts).astype(np.int32)
    return Bags(ids, np.cumsum([0, *map(len, texts)]))


def run(folder: Path, recipe: Recipe = TINY, every: int = 10) -> Trained:
    counts = toy_pairs()[0].counts(40).astype(np.float64)
    checkpoint = Checkpoint(folder / "checkpoint.pt", every)
    return train(toy_pairs(), initial_weights(counts, recipe), recipe, checkpoint)


@pytest.mark.parametrize("dimensions", [8, 16])
def test_each_topic_finds_its_partner_in_the_other_vocabulary(tmp_path: Path, dimensions: int) -> None:
    trained = run(tmp_path, replace(TINY, steps=150))
    vectors = trained.weights[:, :dimensions]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (unit[1:13] @ unit[13:25].T).argmax(axis=1).tolist() == list(range(12))


def test_the_same_recipe_gives_the_same_weights(tmp_path: Path) -> None:
    one, other = (run(make_folder(tmp_path / name)) for name in ("one", "other"))
    np.testing.assert_array_equal(one.weights, other.weights)


def test_a_stopped_run_ends_with_the_weights_of_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(make_folder(tmp_path / "whole"))
    set_rate = contrastive._set_rate

    def stop_at_25(optimizer: torch.optim.Optimizer, recipe: Recipe, step: int) -> None:
        if step == 25:
            raise KeyboardInterrupt
        set_rate(optimizer, recipe, step)

    with monkeypatch.context() as patch:
        patch.setattr(contrastive, "_set_rate", stop_at_25)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    resumed = run(tmp_path)
    np.testing.assert_array_equal(resumed.weights, whole.weights)
    assert resumed.losses == whole.losses


def make_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_checkpoint_of_another_recipe_or_other_data_is_not_taken_up(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(TrainingDataError, match=r"checkpoint\.pt: a checkpoint of another recipe"):
        run(tmp_path, replace(TINY, seed=6))
    [pairs] = toy_pairs()
    other = [replace(pairs, keys=pairs.keys + 1)]
    initial = initial_weights(pairs.counts(40).astype(np.float64), TINY)
    with pytest.raises(TrainingDataError, match=r"checkpoint\.pt: a checkpoint of another recipe"):
        train(other, initial, TINY, Checkpoint(tmp_path / "checkpoint.pt"))


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    for content in (b"abc", b""):
        (tmp_path / "checkpoint.pt").write_bytes(content)
        with pytest.raises(TrainingDataError, match=r"checkpoint\.pt: damaged"):
            run(tmp_path)


def test_the_loss_is_that_of_the_paper_on_an_example_by_hand() -> None:
    queries, passages = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[3.0, 0.0], [1.0, 1.0]])
    # Cosines: (1, 1/√2) and (0, 1/√2); temperature 0.5 doubles them.
    a = math.sqrt(2)
    rows = -(2 - math.log(math.exp(2) + math.exp(a))) - (a - math.log(1 + math.exp(a)))
    columns = -(2 - math.log(math.exp(2) + 1)) - (a - math.log(2 * math.exp(a)))
    none = torch.zeros(2, 2, dtype=torch.bool)
    loss = contrastive._info_nce(queries, passages, none, 0.5).item()
    assert loss == pytest.approx((rows / 2 + columns / 2) / 2, abs=1e-6)


def test_the_principal_axes_keep_inner_products_as_far_as_they_can() -> None:
    rng = np.random.default_rng(1)
    weights = (rng.standard_normal((50, 6)) * [1, 9, 3, 0, 5, 0]).astype(np.float32)
    turned = contrastive.principal(weights, 6)
    np.testing.assert_allclose(turned @ turned.T, weights @ weights.T, atol=1e-3)
    lengths = np.linalg.norm(turned, axis=0)
    assert (np.diff(lengths) <= 1e-6).all()
    np.testing.assert_allclose(turned[:, :4], contrastive.principal(weights, 4), atol=1e-5)
    np.testing.assert_allclose(turned[:, 4:], 0, atol=1e-4)


def test_a_repeated_passage_is_no_wrong_answer() -> None:
    repeated = contrastive._repeated(np.array([7, 8, 7]))
    assert repeated.tolist() == [[False, False, True], [False, False, False], [True, False, False]]


def test_dropout_leaves_out_tokens_but_no_text() -> None:
    texts = bags([np.array([1, 2, 3]), np.array([4]), np.array([5, 6])])
    rng = np.random.default_rng(0)
    ids, starts = texts.pick(np.array([2, 0]), 0.0, rng)
    assert ids.tolist() == [5, 6, 1, 2, 3]
    assert starts.tolist() == [0, 2]
    ids, starts = texts.pick(np.array([0, 1, 2]), 1.0, rng)
    assert ids.tolist() == [3, 4, 6]
    assert starts.tolist() == [0, 1, 2]


# the whole of it


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model made of a hundred rows by the command's own function."""
    folder = tmp_path_factory.mktemp("training")
    rng = random.Random(4)
    chinese, english = WORDS
    rows = []
    for _ in range(100):
        chosen = rng.sample(range(12), 3)
        rows.append(
            {
                "zh": "、".join(chinese[i] for i in chosen),
                "en": " ".join(english[i] * 3 for i in chosen),
            }
        )
    write_rows(folder / "pairs.gz", rows)
    sources = (Source("pairs.gz", "parallel", 1.0, "ours"),)
    make_model(Place(folder, folder / "model", "cpu"), TINY, sources)
    return folder / "model"


def test_what_is_saved_loads_with_sentence_transformers_and_without_it(model: Path) -> None:
    texts = ["经济与贸易", "aaa bbb"]
    theirs = SentenceTransformer(str(model), device="cpu").encode(texts, normalize_embeddings=True)
    ours = StaticEmbedder(model, "tiny").encode_document(texts)
    assert ours.shape == (2, 16)
    np.testing.assert_allclose(ours, np.asarray(theirs, dtype=np.float32), atol=2e-3)


def test_what_made_the_weights_is_written_beside_them(model: Path) -> None:
    report = json.loads((model / "training.json").read_text(encoding="utf-8"))
    assert report["recipe"]["steps"] == 30
    assert report["sources"][0]["pairs"] == 100
    assert report["final_loss"].keys() == {"pairs.gz"}
    assert not (model / "checkpoint.pt").exists()


def test_the_words_of_the_data_are_words_of_the_model(model: Path) -> None:
    tokens = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert {"经济", "贸易", "aaa"} <= {token for token, _ in tokens}


def test_words_of_the_projects_own_are_kept_whatever_their_rank() -> None:
    public = Words(Counter({"经济": 9, "贸易": 8}), Counter({"trade": 5}))
    own = Words(Counter({"饭碗": 2, "炒鱿鱼": 1}), Counter({"dole": 2}))
    tokens = set(make_tokenizer(public, own).get_vocab())
    assert {"经济", "贸易", "trade", "饭碗", "dole"} <= tokens
    assert "炒鱿鱼" not in tokens


def test_words_and_their_characters_are_counted_once_each() -> None:
    words = count_words(["打工的 US"], lambda text: ["打工", "的", " ", "US"])
    assert words.han == {"打工": 1, "打": 1, "工": 1, "的": 1}
    assert words.other == {"us": 1}


def test_held_out_questions_are_asked_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chinese, _ = WORDS
    passages = [f"{chinese[i % 12]}{chinese[(i + 5) % 12]}" for i in range(60)]
    write_rows(tmp_path / "t.gz", [{"q": each, "p": each} for each in passages])
    rows = [f"t.gz\t{i + 1}\t0\t4\t{passages[i]}" for i in range(60)]
    text = "\n".join(["file\tline\tstart\tend\tquestion", *rows]) + "\n"
    (tmp_path / "everyday.tsv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(authored, "FOLDER", tmp_path)
    place = Place(tmp_path, tmp_path / "model", "cpu")
    make_model(place, TINY, (Source("everyday.tsv", "everyday", 1.0, "ours"),))
    report = json.loads((tmp_path / "model" / "training.json").read_text(encoding="utf-8"))
    assert report["sources"][0]["pairs"] == 57
    assert report["held_out"] == {"questions": 3, "passages": 3, "accuracy@1": 1.0, "accuracy@3": 1.0}


def test_the_checkpoint_stays_until_the_model_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "p.gz", [{"zh": "贸易", "en": "trade"}, {"zh": "外交", "en": "diplomacy"}])
    sources = (Source("p.gz", "parallel", 1.0, "ours"),)
    place, recipe = Place(tmp_path, tmp_path / "model", "cpu"), replace(TINY, steps=250)
    with monkeypatch.context() as patch:
        patch.setattr(scratch, "_save", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            make_model(place, recipe, sources)
    assert (tmp_path / "model" / "checkpoint.pt").exists()
    make_model(place, recipe, sources)
    assert (tmp_path / "model" / "model.safetensors").exists()
    assert not (tmp_path / "model" / "checkpoint.pt").exists()


def test_a_mistake_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", str(tmp_path), "--out", str(tmp_path / "model")]) == 1
    error = capsys.readouterr().err
    assert "training file not found; give its folder with --data" in error


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--steps", "0"], "a whole number of at least 1"),
        (["--seed", "-1"], "a whole number from 0"),
        (["--device", "abacus"], "must be cpu or cuda"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    option: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--data", "x", "--out", "y", *option])
    assert message in capsys.readouterr().err
