"""Adapting a model to transcripts: what teaches, what is held out, and that it changes the vectors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
import torch
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from transformers import BertModel

from qa_bot.adapters.opencc_folding import fold
from qa_bot.equipment import load_embedder
from qa_bot.errors import EvaluationError, TrainingDataError
from qa_bot.passages import cut_passages
from qa_bot.records import Transcript
from qa_bot.training import finetuning
from qa_bot.training.__main__ import main
from qa_bot.training.finetuning import Lessons, finetune, gather, split, taught_pairs
from qa_bot.training.tuning import Tuning
from tests.conftest import SEED
from tests.test_embedders import save_bare, tiny_config

Features: TypeAlias = dict[str, torch.Tensor]

QUICK = Tuning(epochs=1, batch_size=8, held_out=0.2)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return gather(SEED.parent, [])


def test_journalists_questions_teach_with_the_passages_of_their_answers(
    lessons: Lessons, seed: Transcript
) -> None:
    passages = cut_passages(seed)
    assert lessons.passages == {passage.id: fold(passage.text) for passage in passages}
    asked = {fold(passage.question) for passage in passages if passage.question}
    assert lessons.answers.keys() == asked
    first = next(passage for passage in passages if passage.question)
    assert first.id in lessons.answers[fold(first.question or "")]


def test_questions_of_readers_teach_too(tmp_path: Path) -> None:
    feedback = tmp_path / "feedback.tsv"
    row = "f1\t2017-03-08-wangyi\tfeedback\t朝核怎麼辦\t4.1,4.2"
    feedback.write_text(f"id\ttranscript\tkind\ttext\trelevant\n{row}\n", encoding="utf-8")
    answers = gather(SEED.parent, [feedback]).answers
    assert answers["朝核怎么办"] == {"2017-03-08-wangyi#4.1", "2017-03-08-wangyi#4.2"}


def test_a_malformed_row_of_feedback_is_named(tmp_path: Path) -> None:
    feedback = tmp_path / "feedback.tsv"
    feedback.write_text("id\ttranscript\tkind\ttext\trelevant\nf1\tnobody\tx\ty\t1.1\n")
    with pytest.raises(EvaluationError, match=r"line 2.*no transcript nobody"):
        gather(SEED.parent, [feedback])


def test_too_few_questions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("问：谁来？\n\n答：部长来。\n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match="only 1 questions with an answer"):
        gather(tmp_path, [])


def test_no_exchange_both_teaches_and_measures() -> None:
    answers = {f"q{i}": frozenset({f"t#{i // 2}.{i % 2 + 1}"}) for i in range(40)}
    both = {"both": frozenset(f"t#{i}.1" for i in range(20))}
    taught, held_out = split({**answers, **both}, Tuning(held_out=0.2))
    assert len(held_out) == 8
    assert len(taught) == 32
    exchanges = [{ids[0].rpartition(".")[0] for ids in part.values()} for part in (taught, held_out)]
    assert exchanges[0].isdisjoint(exchanges[1])


def test_each_epoch_asks_each_question_once_with_its_next_passage() -> None:
    lessons = Lessons({}, {"t#1.1": "甲", "t#1.2": "乙", "t#2.1": "丙"})
    taught = {"一": ["t#1.1", "t#1.2"], "二": ["t#2.1"]}
    pairs = taught_pairs(taught, lessons, Tuning(epochs=3))
    assert [(pair.query, pair.passage) for pair in pairs] == [
        ("一", "甲"), ("二", "丙"), ("一", "乙"), ("二", "丙"), ("一", "甲"), ("二", "丙"),
    ]  # fmt: skip


def test_a_batch_holds_many_questions_with_one_passage_each(
    tmp_path: Path, lessons: Lessons, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = []

    class Spy(MultipleNegativesRankingLoss):
        def forward(self, sentence_features: Iterable[Features], labels: torch.Tensor) -> torch.Tensor:
            columns = list(sentence_features)
            shapes.append((len(columns), len(columns[0]["offsets"])))
            return super().forward(columns, labels)

    monkeypatch.setattr(finetuning, "MultipleNegativesRankingLoss", Spy)
    finetune(None, lessons, tmp_path / "tuned", QUICK)
    assert {columns for columns, _ in shapes} == {2}
    assert max(size for _, size in shapes) == 8


def test_a_stopped_run_goes_on_from_its_checkpoint(
    tmp_path: Path, lessons: Lessons, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuning = replace(QUICK, epochs=4)
    calls = []

    class Stops(MultipleNegativesRankingLoss):
        def forward(self, sentence_features: Iterable[Features], labels: torch.Tensor) -> torch.Tensor:
            calls.append(1)
            if len(calls) == 5:
                raise KeyboardInterrupt
            return super().forward(sentence_features, labels)

    with monkeypatch.context() as patch:
        patch.setattr(finetuning, "MultipleNegativesRankingLoss", Stops)
        with pytest.raises(KeyboardInterrupt):
            finetune(None, lessons, tmp_path / "stopped", tuning)
    assert list((tmp_path / "stopped").glob("checkpoints-*/checkpoint-*"))
    finetune(None, lessons, tmp_path / "stopped", tuning)
    finetune(None, lessons, tmp_path / "whole", tuning)
    texts = list(lessons.passages.values())[:5]
    stopped, whole = (
        load_embedder(str(tmp_path / name)).encode_document(texts) for name in ("stopped", "whole")
    )
    np.testing.assert_array_equal(stopped, whole)


def test_the_embedded_model_learns_and_can_be_asked_with(tmp_path: Path, lessons: Lessons) -> None:
    gain = finetune(None, lessons, tmp_path / "tuned", QUICK)
    _, held_out = split(lessons.answers, QUICK)
    assert gain.questions == len(held_out)
    assert gain.before > 0
    taught, _ = split(lessons.answers, QUICK)
    query, ids = next(iter(taught.items()))
    text = lessons.passages[ids[0]]
    before, after = (
        load_embedder(name).encode_query([query]) @ load_embedder(name).encode_document([text]).T
        for name in (None, str(tmp_path / "tuned"))
    )
    assert after > before
    assert not list((tmp_path / "tuned").glob("checkpoints*"))


def test_the_same_seed_gives_the_same_model(tmp_path: Path, lessons: Lessons) -> None:
    texts = list(lessons.passages.values())[:5]
    vectors = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        finetune(None, lessons, tmp_path / name, replace(QUICK, seed=seed))
        vectors.append(load_embedder(str(tmp_path / name)).encode_document(texts))
    np.testing.assert_array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


def test_a_transformer_learns_too(tmp_path: Path, lessons: Lessons) -> None:
    bare = save_bare(BertModel(tiny_config()), tmp_path / "bare")
    finetune(bare, lessons, tmp_path / "tuned", replace(QUICK, learning_rate=0.01))
    texts = ["王毅：", "外交部长"]
    before, after = (
        load_embedder(str(name)).encode_query(texts) for name in (bare, tmp_path / "tuned")
    )
    assert before.shape == after.shape
    assert not np.allclose(before, after)


def test_the_command_tells_what_it_gained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tuned"
    arguments = ["--seeds", str(SEED.parent), "--out", str(out), "--epochs", "1", "--device", "cpu"]
    assert main(["finetune", *arguments]) == 0
    printed = capsys.readouterr().out
    assert "questions with an answer" in printed
    assert re.search(r"right at rank 1, of [1-9] held out: [01]\.\d+ before, [01]\.\d+ now", printed)
    assert f"use it with --model {out}" in printed


def test_a_model_that_is_not_there_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    arguments = ["--seeds", str(SEED.parent), "--out", str(tmp_path / "out"), "--model", str(empty)]
    assert main(["finetune", *arguments]) == 1
    assert "no sentence-transformers model" in capsys.readouterr().err
