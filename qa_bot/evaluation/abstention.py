"""The two errors of silence, and how one is traded for the other by the threshold of the evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa_bot.evaluation.intervals import Estimate, Values, resamples, spread


@dataclass(frozen=True, slots=True)
class Point:
    """What happens when evidence below `threshold` is refused; both shares in [0, 1], 0 is best.

    `false_refusals` is the share of the questions with an answer that are refused, `false_answers`
    that of the questions without one that are answered.
    """

    threshold: float
    false_refusals: float
    false_answers: float


@dataclass(frozen=True, slots=True)
class Strengths:
    """The strengths of the evidence for questions with an answer, and for questions without one."""

    answerable: Values
    unanswerable: Values

    def at(self, threshold: float) -> Point:
        """Return both errors at a threshold."""
        return Point(
            threshold,
            float((self.answerable < threshold).mean()),
            float((self.unanswerable >= threshold).mean()),
        )

    def curve(self) -> tuple[Point, ...]:
        """Return the errors at every threshold that changes them, from none refused to all."""
        thresholds = np.unique(np.concatenate([self.answerable, self.unanswerable]))
        return tuple(self.at(float(threshold)) for threshold in (*thresholds, np.inf))

    def area(self) -> Estimate:
        """Return the area under false refusals over false answers: 0 is best, 0.5 is chance.

        It is the probability that a question without an answer has the stronger evidence of two, ties
        counting half, which is 1 minus the area under the ROC curve (Hanley & McNeil 1982). The two
        sorts of question are resampled apart.
        """
        stronger = self.unanswerable[:, None] - self.answerable[None, :]
        wrong = (np.sign(stronger) + 1) / 2
        drawn = resamples(*wrong.shape)
        blocks = [((none @ wrong) * some).sum(axis=1) / wrong.size for none, some in drawn]
        (area,) = spread(wrong.mean().reshape(1), np.concatenate(blocks)[:, None])
        return area
