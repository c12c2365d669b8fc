"""Adapt a sentence-transformers model to transcripts of one's own and to what readers found right.

The journalists' questions with the official answers teach, and questions of readers with the
passages that answer them, in the files that `qa-bot evaluate questions` reads. A part of the
exchanges is held out, and tells whether the new model is better than the old one.
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
from sentence_transformers.util import cos_sim

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
from qa_bot.training.tuning import STATIC_RATE, TRANSFORMER_RATE, Tuning

_MEASURE: Final = "held-out_cosine_accuracy@1"


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
    last checkpoint. Raises `ModelError` when the model can't be loaded, and `TrainingDataError` when
    no question is left to teach or to measure with.
    """
    encoder = load_model(model or str(EMBEDDED_MODEL)).to(tuning.device)
    static = isinstance(encoder[0], StaticEmbedding)
    encoder.float()
    taught, held_out = split(lessons.answers, tuning)
    if not (taught and held_out):
        raise TrainingDataError(
            "too few questions to teach and to measure with; give another --held-out"
        )
    measure = _evaluator(held_out, lessons)
    before = _accuracy(measure, encoder)
    pairs = taught_pairs(taught, lessons, tuning)
    checkpoints = out / f"checkpoints-{_digest(encoder, pairs, tuning):08x}"
    _fit(encoder, pairs, checkpoints, tuning, static)
    after = _accuracy(measure, encoder)
    (encoder.half() if static else encoder).save(str(out), create_model_card=False)
    shutil.rmtree(checkpoints)
    return Gain(len(held_out), before, after)


def split(
    answers: Mapping[str, frozenset[str]], tuning: Tuning
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Part questions by the exchange that answers them into those that teach and those held out.

    Whole exchanges are held out, so that no answer is known from another question to it; a question
    to exchanges of both parts belongs to neither.
    """
    exchanges = sorted({_exchange(id) for ids in answers.values() for id in ids})
    random.Random(tuning.seed).shuffle(exchanges)
    out = frozenset(exchanges[: max(1, round(tuning.held_out * len(exchanges)))])
    taught: dict[str, list[str]] = {}
    held_out: dict[str, list[str]] = {}
    for query, ids in sorted(answers.items()):
        parts = {_exchange(id) in out for id in ids}
        if len(parts) == 1:
            (held_out if parts.pop() else taught)[query] = sorted(ids)
    return taught, held_out


def taught_pairs(taught: Mapping[str, Sequence[str]], lessons: Lessons, tuning: Tuning) -> list[Pair]:
    """Return each question once an epoch, with one of its passages after the other.

    A question stands in a batch once: another passage of its answer would pass for a wrong one.
    """
    return [
        Pair(query, lessons.passages[ids[epoch % len(ids)]])
        for epoch in range(tuning.epochs)
        for query, ids in taught.items()
    ]


def _transcripts(seeds: Path) -> Iterator[Transcript]:
    root = seeds.resolve()
    for path in files_below(root, root)[0]:
        yield read_source(path, name_of(path, root))


def _of_journalists(passages: Iterable[Passage]) -> Iterator[tuple[str, str]]:
    return ((passage.question, passage.id) for passage in passages if passage.question)


def _of_readers(questions: Iterable[Question]) -> Iterator[tuple[str, str]]:
    return ((each.text, id) for each in questions for id in sorted(each.source.relevant))


def _exchange(id: str) -> str:
    return id.rpartition(".")[0]


def _digest(encoder: SentenceTransformer, pairs: Sequence[Pair], tuning: Tuning) -> int:
    """Return a number that differs for another run, which must not go on from this one's checkpoints."""
    digest = zlib.crc32(repr((pairs, tuning)).encode())
    for weights in encoder.state_dict().values():
        digest = zlib.crc32(weights.detach().cpu().contiguous().numpy().tobytes(), digest)
    return digest


def _fit(
    encoder: SentenceTransformer, pairs: Sequence[Pair], folder: Path, tuning: Tuning, static: bool
) -> None:
    usual = STATIC_RATE if static else TRANSFORMER_RATE
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=1,  # the pairs are those of all epochs
        per_device_train_batch_size=tuning.batch_size,
        learning_rate=usual if tuning.learning_rate is None else tuning.learning_rate,
        warmup_steps=0.1,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        save_strategy="steps",
        save_steps=1 / (tuning.epochs + 1),
        save_total_limit=1,
        logging_strategy="no",
        report_to="none",
        seed=tuning.seed,
        use_cpu=tuning.device == "cpu",
    )
    columns = {"query": [each.query for each in pairs], "passage": [each.passage for each in pairs]}
    trainer = SentenceTransformerTrainer(
        encoder,
        arguments,
        train_dataset=Dataset.from_dict(columns),
        loss=MultipleNegativesRankingLoss(encoder),
    )
    trainer.train(resume_from_checkpoint=_last_checkpoint(folder))


def _last_checkpoint(folder: Path) -> str | None:
    """Return the last checkpoint that was written whole: the trainer's state is written last."""
    found = [each.parent for each in folder.glob("checkpoint-*/trainer_state.json")]
    return str(max(found, key=lambda each: int(each.name.rpartition("-")[2]))) if found else None


def _evaluator(
    held_out: Mapping[str, Sequence[str]], lessons: Lessons
) -> InformationRetrievalEvaluator:
    return InformationRetrievalEvaluator(
        {query: query for query in held_out},
        dict(lessons.passages),
        {query: set(ids) for query, ids in held_out.items()},
        accuracy_at_k=[1],
        name="held-out",
        score_functions={"cosine": cos_sim},
    )


def _accuracy(evaluator: InformationRetrievalEvaluator, encoder: SentenceTransformer) -> float:
    with torch.inference_mode():
        measures: dict[str, Any] = evaluator(encoder)
    return float(measures[_MEASURE])
