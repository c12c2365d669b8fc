"""What programs may call: typed JSON in and out, and errors in words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import gradio as gr

from qa_bot.answering import MAX_QUESTION_CHARS
from qa_bot.bot import DEFAULT_K, MAX_CITATIONS
from qa_bot.errors import QABotError
from qa_bot.reports import answer_json, hit_json
from qa_bot.web.desk import Desk
from qa_bot.web.filtering import program_filters, strings

MOST_RESULTS: Final = 100
#: How many earlier questions a program may give.
MOST_EARLIER: Final = 50
_log: Final = logging.getLogger("qa_bot")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The endpoints of a page; Gradio passes on whatever JSON a program sends."""

    desk: Desk

    def ask(
        self,
        question: str,
        transcript: list[str] | None = None,
        event: list[str] | None = None,
        speaker: list[str] | None = None,
        outlet: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        k: int = MAX_CITATIONS,
        history: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question with at most k quotes of officials, each with its citation, or abstain.

        Transcript ids, parts of an event's, speaker's or outlet's name, and the first and last day,
        month or year keep it to some of the records. The history is the conversation's earlier
        questions, oldest first, each as its answer says it was understood.
        """
        fields = _fields(transcript, event, speaker, outlet, since, until)
        return _told(
            lambda: answer_json(
                self.desk.bot.ask(
                    _text("question", question),
                    _count(k),
                    program_filters(fields),
                    _earlier(history),
                )
            )
        )

    def search(
        self,
        query: str,
        transcript: list[str] | None = None,
        event: list[str] | None = None,
        speaker: list[str] | None = None,
        outlet: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        k: int = DEFAULT_K,
    ) -> list[dict[str, Any]]:
        """List the at most k passages that match a query best, best first, with their scores.

        The filters are those of ask.
        """
        fields = _fields(transcript, event, speaker, outlet, since, until)
        return _told(
            lambda: [
                hit_json(hit)
                for hit in self.desk.bot.search(
                    _text("query", query), _count(k), program_filters(fields)
                )
            ]
        )


def _fields(*values: object) -> dict[str, object]:
    names = ("transcript", "event", "speaker", "outlet", "since", "until")
    return dict(zip(names, values, strict=True))


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise QABotError(f"The {name} must be a string.")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_RESULTS:
        raise QABotError(f"k must be a whole number from 1 to {MOST_RESULTS}.")
    return value


def _earlier(history: object) -> tuple[str, ...]:
    questions = strings("history", history)
    if len(questions) > MOST_EARLIER:
        raise QABotError(f"history must hold at most {MOST_EARLIER} questions.")
    if any(len(question) > MAX_QUESTION_CHARS for question in questions):
        raise QABotError(f"A question in history must have at most {MAX_QUESTION_CHARS:,} characters.")
    return questions


def _told(work: Callable[[], _T]) -> _T:
    """Return what some work gives; a program is told what it did wrong, and no detail of ours."""
    try:
        return work()
    except QABotError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:
        _log.exception("a question could not be answered")
        said = "The question could not be answered: an error in qa_bot."
        raise gr.Error(said, print_exception=False) from error
