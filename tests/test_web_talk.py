"""A conversation's earlier questions: which of them are passed on, and that none is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest

from qa_bot.bot import QABot
from qa_bot.filters import Filters
from qa_bot.results import Answer, Outcome
from qa_bot.web.desk import Desk
from qa_bot.web.talk import NO_FILTERS, Talk
from tests.web_reading import CITATION
from tests.web_visitor import Failing


class Noting(Failing):
    """Understands every question as itself in brackets, ends it as told, and notes each history."""

    def __init__(self, outcome: Outcome = Outcome.NOT_FOUND) -> None:
        self.outcome = outcome
        self.histories: list[tuple[str, ...]] = []

    def ask(
        self,
        question: str,
        k: int = 3,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        self.histories.append(tuple(history))
        cited = (CITATION,) if self.outcome is Outcome.ANSWERED else ()
        return Answer(question, cited, "", self.outcome, understood=f"[{question}]")


def talk_with(bot: Failing) -> Talk:
    return Talk(Desk(cast(QABot, bot)))


def asked(talk: Talk, *questions: str, held: Sequence[Any] = NO_FILTERS) -> tuple[str, ...]:
    """Ask one question after the other, as a page does, and return what is remembered."""
    _, chat, _, earlier = talk.cleared()
    for question in questions:
        _, chat, _, earlier = talk.reply(question, chat, earlier, *held)
    return earlier


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.NOT_FOUND])
def test_questions_are_remembered_as_they_were_understood(outcome: Outcome) -> None:
    bot = Noting(outcome)
    assert asked(talk_with(bot), "一", "二", "三") == ("[一]", "[二]", "[三]")
    assert bot.histories == [(), ("[一]",), ("[一]", "[二]")]


@pytest.mark.parametrize("outcome", [Outcome.NOT_ASKED, Outcome.FILTERED_OUT])
def test_what_was_not_searched_for_is_not_remembered(outcome: Outcome) -> None:
    bot = Noting(outcome)
    assert asked(talk_with(bot), "你好", "谢谢") == ()
    assert bot.histories == [(), ()]


def test_what_failed_or_had_wrong_filters_is_not_remembered() -> None:
    assert asked(talk_with(Failing()), "一") == ()
    bot = Noting()
    wrong = (*NO_FILTERS[:4], "昨天", "")
    assert asked(talk_with(bot), "一", held=wrong) == ()
    assert bot.histories == []


def test_only_the_last_fifty_questions_are_remembered() -> None:
    remembered = asked(talk_with(Noting()), *map(str, range(60)))
    assert remembered == tuple(f"[{number}]" for number in range(10, 60))


def test_a_talk_keeps_no_conversation() -> None:
    bot = Noting()
    talk = talk_with(bot)
    asked(talk, "一")
    asked(talk, "二")
    assert bot.histories == [(), ()]
    assert talk.cleared() == ("", [], talk.cleared()[2], ())
