"""Questions on transcripts with the passages that answer them, and questions that continue others.

Both are read from tab-separated files. Questions have the columns `id`, `transcript`, `kind`, `text`
and `relevant`: the numbers of the passages of that transcript that answer, such as `8.1,8.2`, or
nothing where it holds no answer. Follow-ups have `id`, `transcript`, `history` (earlier questions,
oldest first, parted by ` || `), `text`, `relevant`, and `interpreted`: the whole question meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa_bot.evaluation.rows import Row, read_rows

QUESTION_COLUMNS: Final = ("id", "transcript", "kind", "text", "relevant")
FOLLOWUP_COLUMNS: Final = ("id", "transcript", "history", "text", "relevant", "interpreted")
_TURN: Final = " || "
_NUMBERS: Final = re.compile(r"[0-9]+\.[0-9]+(?:,[0-9]+\.[0-9]+)*")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a question was written down, the transcript it is asked of, and what answers it there.

    `relevant` holds ids such as `2017-03-08-wangyi#8.1`, or nothing where nothing answers.
    """

    row: Row
    transcript: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its kind."""

    id: str
    kind: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that continues others, and the same question with all that they left unsaid."""

    id: str
    history: tuple[str, ...]
    text: str
    interpreted: str
    source: Source


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a file of questions; raises `EvaluationError` naming the line that is malformed."""
    return tuple(
        Question(row.filled("id"), row.filled("kind"), row.filled("text"), _source(row))
        for row in read_rows(path, QUESTION_COLUMNS)
    )


def read_followups(path: Path) -> tuple[FollowUp, ...]:
    """Read a file of follow-ups; raises `EvaluationError` naming the line that is malformed."""
    return tuple(map(_followup, read_rows(path, FOLLOWUP_COLUMNS)))


def _followup(row: Row) -> FollowUp:
    history = tuple(row.filled("history").split(_TURN))
    if not all(map(str.strip, history)):
        raise row.error("an empty question in history", f"part the questions by '{_TURN}'")
    row.filled("relevant")
    return FollowUp(
        row.filled("id"), history, row.filled("text"), row.filled("interpreted"), _source(row)
    )


def _source(row: Row) -> Source:
    transcript, numbers = row.filled("transcript"), row.cells["relevant"].replace(" ", "")
    if numbers and not _NUMBERS.fullmatch(numbers):
        raise row.error(f"'{numbers}' are no passages", "write their numbers such as 8.1,8.2, or none")
    found = numbers.split(",") if numbers else ()
    return Source(row, transcript, frozenset(f"{transcript}#{number}" for number in found))
