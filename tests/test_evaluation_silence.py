from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from qa_bot.evaluation.abstention import Point, Strengths
from qa_bot.evaluation.questions import Question, Source
from qa_bot.evaluation.rows import Row
from qa_bot.evaluation.trials import Trial, summarise
from qa_bot.evaluation.variants import Asked


def strengths(answerable: list[float], unanswerable: list[float]) -> Strengths:
    return Strengths(np.array(answerable), np.array(unanswerable))


def test_the_curve_goes_from_nothing_refused_to_everything() -> None:
    found = strengths([0.9, 0.6, 0.4, 0.8], [0.1, 0.6]).curve()
    assert found == (
        Point(0.1, 0.0, 1.0),
        Point(0.4, 0.0, 0.5),
        Point(0.6, 0.25, 0.5),
        Point(0.8, 0.5, 0.0),
        Point(0.9, 0.75, 0.0),
        Point(float("inf"), 1.0, 0.0),
    )


def test_evidence_at_the_threshold_is_answered() -> None:
    assert strengths([0.5, 0.4], [0.5, 0.4]).at(0.5) == Point(0.5, 0.5, 0.5)


def test_the_area_is_the_chance_that_the_wrong_one_is_stronger() -> None:
    # Of eight pairs one is won by the question without an answer (0.6 over 0.4), and one is a tie.
    assert strengths([0.9, 0.6, 0.4, 0.8], [0.1, 0.6]).area().value == 1.5 / 8


def test_the_area_is_that_under_the_curve() -> None:
    generator = np.random.default_rng(1)
    found = Strengths(generator.integers(9, size=40) / 10, generator.integers(7, size=30) / 10)
    points = found.curve()
    trapezoids = [
        (left.false_answers - right.false_answers) * (left.false_refusals + right.false_refusals) / 2
        for left, right in pairwise(points)
    ]
    assert found.area().value == pytest.approx(sum(trapezoids))


def test_the_area_of_two_that_are_always_apart_is_sure_and_one_of_chance_is_not() -> None:
    apart = strengths([0.9, 0.8], [0.1, 0.2]).area()
    assert (apart.value, apart.low, apart.high) == (0.0, 0.0, 0.0)
    # The variance of a Mann-Whitney share of 0.5 is about (m + n + 1) / (12 m n).
    same = np.linspace(0, 1, 400)
    chance = Strengths(same, same).area()
    error = (801 / (12 * 400 * 400)) ** 0.5
    assert chance.value == 0.5
    assert chance.low == pytest.approx(0.5 - 1.96 * error, abs=0.006)
    assert chance.high == pytest.approx(0.5 + 1.96 * error, abs=0.006)


def question(id: str, kind: str, *relevant: str) -> Question:
    return Question(id, kind, "问", Source(Row(f"f, line {id}", {}), "t", frozenset(relevant)))


QUESTIONS = (
    question("1", "own", "t#1.1"),
    question("2", "own", "t#2.1"),
    question("3", "fact", "t#1.1"),
    question("4", "unanswerable"),
    question("5", "near"),
    question("6", "near"),
)
ASKED = {
    "hybrid": (
        Asked(("t#1.1",), 0.9),
        Asked(("t#1.1", "t#2.1"), 0.7),
        Asked(("t#9.9", "t#8.8", "t#7.7", "t#1.1"), 0.3),
        Asked(("t#1.1",), 0.2),
        Asked(("t#1.1",), 0.8),
        Asked((), 0.0),
    ),
    "bm25": tuple(Asked((), 0.0) for _ in QUESTIONS),
}


def test_a_trial_is_summed_up_by_kind() -> None:
    found = {
        (cell.group, cell.measure): (cell.count, cell.estimate.value)
        for cell in summarise(Trial(QUESTIONS, ASKED)).by_kind
        if cell.system == "hybrid"
    }
    assert found == {
        ("own", "accuracy@1"): (2, 0.5),
        ("own", "accuracy@3"): (2, 1.0),
        ("own", "MRR@10"): (2, 0.75),
        ("own", "refused"): (2, 0.0),
        ("fact", "accuracy@1"): (1, 0.0),
        ("fact", "accuracy@3"): (1, 0.0),
        ("fact", "MRR@10"): (1, 0.25),
        ("fact", "refused"): (1, 1.0),
        ("unanswerable", "refused"): (1, 1.0),
        ("near", "refused"): (2, 0.5),
        ("all with an answer", "accuracy@1"): (3, 1 / 3),
        ("all with an answer", "accuracy@3"): (3, 2 / 3),
        ("all with an answer", "MRR@10"): (3, pytest.approx((1 + 1 / 2 + 1 / 4) / 3)),
        ("all with an answer", "refused"): (3, 1 / 3),
        ("all without an answer", "refused"): (3, 2 / 3),
    }


def test_variants_are_compared_with_the_one_in_use() -> None:
    against = summarise(Trial(QUESTIONS, ASKED)).against
    assert [(cell.system, cell.measure) for cell in against][:2] == [
        ("bm25 - hybrid", "accuracy@1"),
        ("bm25 - hybrid", "accuracy@3"),
    ]
    assert against[0].estimate.value == pytest.approx(-1 / 3)


def test_unanswerable_and_near_questions_are_told_apart() -> None:
    silences = summarise(Trial(QUESTIONS, ASKED)).silences
    found = {
        each.group: (each.counts, each.false_refusals.value, each.false_answers.value, each.area.value)
        for each in silences
        if each.system == "hybrid"
    }
    # Evidence with an answer 0.9, 0.7, 0.3; unanswerable 0.2; near 0.8 (over two of three) and 0.
    assert found == {
        "all without an answer": ((3, 3), 1 / 3, 1 / 3, pytest.approx(2 / 9)),
        "unanswerable": ((3, 1), 1 / 3, 0.0, 0.0),
        "near": ((3, 2), 1 / 3, 0.5, pytest.approx(2 / 6)),
    }


def test_without_questions_of_either_sort_there_is_no_curve() -> None:
    assert summarise(Trial(QUESTIONS[:2], {"hybrid": ASKED["hybrid"][:2]})).silences == ()
    nothing = summarise(Trial(QUESTIONS[3:], {"hybrid": ASKED["hybrid"][3:]}))
    assert (nothing.silences, nothing.against) == ((), ())
