"""Ask questions by every variant, and sum up what came: by kind, by transcript, and in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np

from qa_bot.building import Workshop
from qa_bot.evaluation.abstention import Strengths
from qa_bot.evaluation.figures import Cell, Columns, Measure, cells, differences, picked, values
from qa_bot.evaluation.intervals import Estimate, estimates
from qa_bot.evaluation.questions import Question
from qa_bot.evaluation.shelves import collected, groups
from qa_bot.evaluation.variants import IN_USE, Asked, arms
from qa_bot.evidence import ENOUGH
from qa_bot.metrics import accuracy_at, reciprocal_rank_at
from qa_bot.progress import progress
from qa_bot.records import Transcript
from qa_bot.vectors import Flags

RANKING: Final[Mapping[str, Measure]] = {
    "accuracy@1": partial(accuracy_at, 1),
    "accuracy@3": partial(accuracy_at, 3),
    "MRR@10": partial(reciprocal_rank_at, 10),
}
REFUSED: Final = "refused"
ANSWERABLE: Final = "all with an answer"
UNANSWERABLE: Final = "all without an answer"


@dataclass(frozen=True)
class Trial:
    """What every variant made of some questions, by the variant's name, in the questions' order."""

    questions: tuple[Question, ...]
    asked: Mapping[str, tuple[Asked, ...]]

    @cached_property
    def answerable(self) -> Flags:
        """Which questions have an answer, shape (questions,)."""
        return np.array([bool(each.source.relevant) for each in self.questions], dtype=np.bool_)

    @cached_property
    def ranked(self) -> Columns:
        """The measures of every variant's rankings, in [0, 1]; nothing is right without an answer."""
        relevant = [question.source.relevant for question in self.questions]
        return {
            (name, measure): column
            for name, asked in self.asked.items()
            for measure, column in values(RANKING, [a.ranking for a in asked], relevant).items()
        }

    @cached_property
    def refused(self) -> Columns:
        """Which questions every variant refuses, 1 or 0."""
        return {
            (name, REFUSED): np.array([each.refused for each in asked], dtype=np.float64)
            for name, asked in self.asked.items()
        }


@dataclass(frozen=True, slots=True)
class Silence:
    """Both errors of a variant's silence, for all questions with an answer and some without.

    `group` names those without, `counts` is how many there are of both sorts. The shares are those at
    the threshold in use, in [0, 1], 0 being best.
    """

    system: str
    group: str
    counts: tuple[int, int]
    area: Estimate
    false_refusals: Estimate
    false_answers: Estimate
    strengths: Strengths


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a trial; `against` are every variant's measures minus those of the one in use."""

    by_kind: tuple[Cell, ...]
    by_transcript: tuple[Cell, ...]
    against: tuple[Cell, ...]
    silences: tuple[Silence, ...]


def ask_all(
    questions: Sequence[Question],
    transcripts: Mapping[str, Transcript],
    workshop: Workshop,
    together: bool,
) -> Trial:
    """Ask every question by every variant: of its transcript alone, or of all transcripts together."""
    asked: dict[str, dict[str, Asked]] = {}
    with progress(total=len(questions), desc="asking", unit="question") as bar:
        for ids in groups(transcripts, together):
            chosen = [each for each in questions if each.source.transcript in ids]
            with collected([transcripts[id] for id in ids], workshop) as collection:
                for arm in arms(collection, workshop):
                    answers = asked.setdefault(arm.variant.name, {})
                    answers.update({each.id: arm.ask(each.text) for each in chosen})
            bar.update(len(chosen))
    in_order = {name: tuple(of[each.id] for each in questions) for name, of in asked.items()}
    return Trial(tuple(questions), in_order)


def summarise(trial: Trial) -> Summary:
    """Sum up a trial; a group without questions, or without any that a measure is for, has no figure."""
    transcripts = [question.source.transcript for question in trial.questions]
    others = [name for name in trial.asked if name != IN_USE.name]
    right = picked(trial.ranked, trial.answerable)
    return Summary(
        by_kind=tuple(cell for group in _kinds(trial) for cell in _figures(trial, *group)),
        by_transcript=tuple(cell for group in _parted(transcripts) for cell in _figures(trial, *group)),
        against=differences(ANSWERABLE, right, [(other, IN_USE.name) for other in others]),
        silences=tuple(_silences(trial)),
    )


def _figures(trial: Trial, group: str, flags: Flags) -> tuple[Cell, ...]:
    ranked = cells(group, picked(trial.ranked, flags & trial.answerable))
    return (*ranked, *cells(group, picked(trial.refused, flags)))


def _kinds(trial: Trial) -> Iterator[tuple[str, Flags]]:
    """Yield the kinds of questions in their order, then those with an answer and those without."""
    yield from _parted([question.kind for question in trial.questions])
    yield ANSWERABLE, trial.answerable
    yield UNANSWERABLE, ~trial.answerable


def _parted(names: Sequence[str]) -> Iterator[tuple[str, Flags]]:
    """Yield each name with flags for where it stands."""
    array = np.array(names)
    for name in dict.fromkeys(names):
        yield name, array == name


def _silences(trial: Trial) -> Iterator[Silence]:
    """Yield the errors of silence of each variant: for all without an answer, then for their kinds."""
    groups = [(name, flags & ~trial.answerable) for name, flags in _kinds(trial) if name != ANSWERABLE]
    groups = [(name, flags) for name, flags in (groups[-1], *groups[:-1]) if flags.any()]
    if not trial.answerable.any():
        return
    for system, asked in trial.asked.items():
        strengths = np.array([each.strength for each in asked], dtype=np.float64)
        for group, flags in groups:
            yield _silence(system, group, Strengths(strengths[trial.answerable], strengths[flags]))


def _silence(system: str, group: str, strengths: Strengths) -> Silence:
    refused = (strengths.answerable < ENOUGH).astype(np.float64)
    answered = (strengths.unanswerable >= ENOUGH).astype(np.float64)
    return Silence(
        system,
        group,
        (len(refused), len(answered)),
        strengths.area(),
        estimates(refused[:, None])[0],
        estimates(answered[:, None])[0],
        strengths,
    )
