"""What a visitor can do at the page: ask under filters, open a source, look at the filters."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from qa_bot.bot import MAX_CITATIONS, QABot
from qa_bot.errors import QABotError
from qa_bot.filters import Filters
from qa_bot.results import Answer, Outcome
from qa_bot.web import rendering
from qa_bot.web.desk import Desk
from qa_bot.web.filtering import (
    choices_of,
    named_transcripts,
    problem_html,
    scope_words,
    sign_html,
    visitor_filters,
)
from qa_bot.web.panel import empty_source_html, linked_html

_log: Final = logging.getLogger("qa_bot")

Message = dict[str, Any]
#: What the six filter fields hold, in the order of `Filters`.
Held = Sequence[Any]
#: A conversation's questions as they were understood, oldest first.
Earlier = tuple[str, ...]
#: Longer ago than this, nothing is continued.
_MOST_EARLIER: Final = 50
NO_FILTERS: Final[tuple[object, ...]] = ([], [], [], [], "", "")


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversations at a desk: each is given with its question and returned with the answer.

    Nothing of them is kept here, so visitors can't see each other.
    """

    desk: Desk
    allow_adding: bool = False

    def reply(
        self,
        question: str,
        chat: list[Message],
        earlier: Earlier,
        *held: Any,  # noqa: ANN401 - as Gradio sends it
    ) -> tuple[str, list[Message], str, Earlier]:
        """Return an empty box, the chat with the question answered, the first source, and what was asked."""
        said, source, asked = self._answered(question, earlier, held)
        turn = [_message("user", rendering.question_html(question)), _message("assistant", said)]
        return "", [*chat, *turn], source, asked

    def opened(self, event: gr.EventData) -> str:
        """Return the source panel for the link that was followed."""
        return linked_html(self.desk.bot, str(event.link))

    def cleared(self) -> tuple[str, list[Message], str, Earlier]:
        """Return the page as it was at first, with nothing asked; filters stay."""
        return "", [], empty_source_html(), ()

    def head(self) -> object:
        """Return the head of the page, where transcripts came since the page was built."""
        return self.head_html() if self.desk.changed else gr.skip()

    def head_html(self) -> str:
        """Return the head of the page for the bot in use."""
        return rendering.header_html(self.desk.bot.catalogue(), self.allow_adding)

    def choices(self) -> tuple[object, ...]:
        """Return what can be chosen in the filters that have choices."""
        choices = choices_of(self.desk.bot.catalogue())
        lists = (choices.transcript, choices.event, choices.speaker, choices.outlet)
        return tuple(gr.update(choices=list(each)) for each in lists)

    def sign(self, *held: Any) -> str:  # noqa: ANN401 - as Gradio sends it
        """Return the sign that filters are on, or what is wrong with them."""
        bot = self.desk.bot
        try:
            filters = _filters(bot, held)
            return sign_html(_scope(bot, filters), bot.count(filters) if filters else 0)
        except QABotError as error:
            return problem_html(str(error))

    def unfiltered(self) -> tuple[object, ...]:
        """Return empty filters and no sign."""
        return (*NO_FILTERS, "")

    def _answered(self, question: str, earlier: Earlier, held: Held) -> tuple[str, str, Earlier]:
        """Return what is said to a question, the first source, and what was asked; failures are said too."""
        bot = self.desk.bot
        try:
            filters = _filters(bot, held)
        except QABotError as error:
            return rendering.misfiltered_html(str(error)), empty_source_html(), earlier
        try:
            answer = bot.ask(question, MAX_CITATIONS, filters, earlier)
            said = rendering.reply_html(answer, _scope(bot, filters))
            return said, _first_source(bot, answer), _continued(earlier, answer)
        except Exception:
            _log.exception("a question could not be answered")
            return rendering.failure_html(), empty_source_html(), earlier


def _continued(earlier: Earlier, answer: Answer) -> Earlier:
    """Return what was asked so far, with this question where it was searched for."""
    if answer.outcome not in (Outcome.ANSWERED, Outcome.NOT_FOUND):
        return earlier
    return (*earlier, answer.understood)[-_MOST_EARLIER:]


def _first_source(bot: QABot, answer: Answer) -> str:
    groups = rendering.reading_order(answer.citations)
    return linked_html(bot, groups[0][0].passage_id) if groups else empty_source_html()


def _filters(bot: QABot, held: Held) -> Filters:
    transcripts, *others = held
    named = named_transcripts(transcripts, bot.catalogue()) if transcripts else ()
    return visitor_filters(named, *others)


def _scope(bot: QABot, filters: Filters) -> str:
    wanted = set(filters.transcript)
    entries = bot.catalogue() if wanted else ()
    return scope_words(filters, {e.id: e.title or e.id for e in entries if e.id in wanted})


def _message(role: str, html: str) -> Message:
    return {"role": role, "content": html}
