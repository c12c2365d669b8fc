"""Adapt a sentence-transformers model to transcripts of one's own and to what readers found right.

The journalists' questions with the official answers teach, and questions of readers with the
passages that answer them, in the files that `qa-bot evaluate questions` reads. A part of all
questions is held out, and tells whether the new model is better than the old one.
"""

from __future__ import annotations

import random
import shutil
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import BatchSamplers
from sentence_transformers.sentence_transformer.evaluation import InformationRetrievalEvaluator
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding

from qa_bot.adapters.opencc_folding import fold
from qa_bot.adapters.sentence_embedder import load_model
from qa_bot.errors import TrainingDataError
from qa_bot.evaluation.questions import Question, read_questions
from qa_bot.evaluation.shelves import read_transcripts
from qa_bot.passages import cut_passages
from qa_bot.places import EMBEDDED_MODEL
from qa_bot.records import Passage, Transcript
from qa_bot.sources import files_below, name_of, read_source
from qa_bot.training.pairs import Pair

#: The peak rates that suit the two kinds of models; word vectors move slowly under small ones.
STATIC_RATE: Final = 1e-3
TRANSFORMER_RATE: Final = 2e-5
_MEASURE: Final = "held-out_cosine_accuracy@1"


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a model is adapted; `learning_rate` None is the usual one of the model's kind."""

    epochs: int = 3
    batch_size: int = 32
    learning_rate: float | None = None
    held_out: float = 0.1
    seed: int = 17
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Lessons:
    """Questions with the ids of the passages that answer them, and the passages by id."""

    answers: Mapping[str, frozenset[str]]
    passages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gain:
    """accuracy@1 on the questions held out, of the model as it was and as it became, in [0, 1]."""

    questions: int
    before: float
    after: float


def gather(seeds: Path, feedback: Sequence[Path]) -> Lessons:
    """Read the lessons: every transcript in a folder, and files of readers' questions to them.

    Raises `TrainingDataError` when there are fewer than ten questions with an answer, and
    `EvaluationError` naming the line of a file that is malformed.
    """
    asked = [question for file in feedback for question in read_questions(file)]
    named = read_transcripts([question.source for question in asked], seeds)
    transcripts = {**{each.id: each for each in _transcripts(seeds)}, **named}
    passages = {passage.id: passage for each in transcripts.values() for passage in cut_passages(each)}
    answers: dict[str, set[str]] = defaultdict(set)
    for query, id in (*_of_journalists(passages.values()), *_of_readers(asked)):
        answers[fold(query)].add(id)
    if len(answers) < 10:
        raise TrainingDataError(
            f"{seeds}: only {len(answers)} questions with an answer; give more transcripts with --seeds, "
            "or questions of readers with --feedback"
        )
    return Lessons(
        {query: frozenset(ids) for query, ids in answers.items()},
        {id: fold(passage.text) for id, passage in passages.items()},
    )


def finetune(model: str | None, lessons: Lessons, out: Path, tuning: Tuning) -> Gain:
    """Adapt a model (a folder, a hub's name, or None for the embedded one) and save it in `out`.

    MultipleNegativesRankingLoss (Henderson et al., 2017). A run that was stopped goes on from its
    last whole epoch. Raises `ModelError` when the model can't be loaded.
    """
    encoder = load_model(model or str(EMBEDDED_MODEL)).to(tuning.device)
    static = isinstance(encoder[0], StaticEmbedding)
    encoder.float()
    taught, held_out = _split(lessons.answers, tuning)
    measure = _evaluator(held_out, lessons)
    before = _accuracy(measure, encoder)
    pairs = _pairs(taught, lessons)
    checkpoints = out / f"checkpoints-{_digest(model, pairs, tuning):08x}"
    _fit(encoder, Dataset.from_list([pair._asdict() for pair in pairs]), checkpoints, tuning, static)
    after = _accuracy(measure, encoder)
    shutil.rmtree(checkpoints)
    (encoder.half() if static else encoder).save(str(out), create_model_card=False)
    return Gain(len(held_out), before, after)


def _transcripts(seeds: Path) -> Iterator[Transcript]:
    root = seeds.resolve()
    for path in files_below(root, root)[0]:
        yield read_source(path, name_of(path, root))


def _of_journalists(passages: Iterable[Passage]) -> Iterator[tuple[str, str]]:
    return ((passage.question, passage.id) for passage in passages if passage.question)


def _of_readers(questions: Iterable[Question]) -> Iterator[tuple[str, str]]:
    return ((each.text, id) for each in questions for id in sorted(each.source.relevant))


def _split(answers: Mapping[str, frozenset[str]], tuning: Tuning) -> tuple[list[str], list[str]]:
    queries = sorted(answers)
    random.Random(tuning.seed).shuffle(queries)
    held_out = max(1, round(tuning.held_out * len(queries)))
    return queries[held_out:], queries[:held_out]


def _pairs(queries: Sequence[str], lessons: Lessons) -> list[Pair]:
    answers = lessons.answers
    return [Pair(query, lessons.passages[id]) for query in queries for id in sorted(answers[query])]


def _digest(model: str | None, pairs: Sequence[Pair], tuning: Tuning) -> int:
    """Return a number that differs for another run, which must not go on from this one's checkpoints."""
    return zlib.crc32(repr((model, pairs, tuning)).encode())


def _fit(
    encoder: SentenceTransformer, pairs: Dataset, folder: Path, tuning: Tuning, static: bool
) -> None:
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=tuning.epochs,
        per_device_train_batch_size=tuning.batch_size,
        learning_rate=tuning.learning_rate or (STATIC_RATE if static else TRANSFORMER_RATE),
        warmup_steps=0.1,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        save_strategy="epoch",
        save_total_limit=1,
        logging_strategy="no",
        report_to="none",
        seed=tuning.seed,
        use_cpu=tuning.device == "cpu",
    )
    trainer = SentenceTransformerTrainer(
        encoder, arguments, train_dataset=pairs, loss=MultipleNegativesRankingLoss(encoder)
    )
    trainer.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")))


def _evaluator(queries: Sequence[str], lessons: Lessons) -> InformationRetrievalEvaluator:
    return InformationRetrievalEvaluator(
        {query: query for query in queries},
        dict(lessons.passages),
        {query: set(lessons.answers[query]) for query in queries},
        accuracy_at_k=[1],
        name="held-out",
    )


def _accuracy(evaluator: InformationRetrievalEvaluator, encoder: SentenceTransformer) -> float:
    with torch.inference_mode():
        measures: dict[str, Any] = evaluator(encoder)
    return float(measures[_MEASURE])
