"""Adapting a model to transcripts: what teaches, what is held out, and that it changes the vectors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from transformers import BertModel

from qa_bot.adapters.opencc_folding import fold
from qa_bot.equipment import load_embedder
from qa_bot.errors import EvaluationError, TrainingDataError
from qa_bot.passages import cut_passages
from qa_bot.records import Transcript
from qa_bot.training.__main__ import main
from qa_bot.training.finetuning import Lessons, Tuning, finetune, gather
from tests.conftest import SEED
from tests.test_embedders import save_bare, tiny_config

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


def test_the_embedded_model_learns_and_can_be_asked_with(tmp_path: Path, lessons: Lessons) -> None:
    gain = finetune(None, lessons, tmp_path / "tuned", QUICK)
    assert gain.questions == round(0.2 * len(lessons.answers))
    assert {gain.before * gain.questions, gain.after * gain.questions} <= set(range(20))
    query, ids = next(iter(lessons.answers.items()))
    text = lessons.passages[min(ids)]
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
    assert "right at rank 1, of 2 held out: " in printed
    assert f"use it with --model {out}" in printed


def test_a_model_that_is_not_there_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    arguments = ["--seeds", str(SEED.parent), "--out", str(tmp_path / "out"), "--model", str(empty)]
    assert main(["finetune", *arguments]) == 1
    assert "no sentence-transformers model" in capsys.readouterr().err
