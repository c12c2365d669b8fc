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
from qa_bot.records import Answer
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
NO_FILTERS: Final[tuple[object, ...]] = ([], [], [], [], "", "")


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversations at a desk; nothing of them is kept, so visitors can't see each other."""

    desk: Desk
    allow_adding: bool = False

    def reply(
        self,
        question: str,
        history: list[Message],
        *held: Any,  # noqa: ANN401 - as Gradio sends it
    ) -> tuple[str, list[Message], str]:
        """Return an empty box, the chat with the question answered, and the first source."""
        said, source = self._answered(question, held)
        asked = rendering.question_html(question)
        return "", [*history, _message("user", asked), _message("assistant", said)], source

    def opened(self, event: gr.EventData) -> str:
        """Return the source panel for the link that was followed."""
        return linked_html(self.desk.bot, str(event.link))

    def cleared(self) -> tuple[str, list[Message], str]:
        """Return the page as it was at first; filters stay."""
        return "", [], empty_source_html()

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

    def _answered(self, question: str, held: Held) -> tuple[str, str]:
        """Return what is said to a question, and the first source; whatever fails is said too."""
        bot = self.desk.bot
        try:
            filters = _filters(bot, held)
        except QABotError as error:
            return rendering.misfiltered_html(str(error)), empty_source_html()
        try:
            answer = bot.ask(question, MAX_CITATIONS, filters)
            return rendering.reply_html(answer, _scope(bot, filters)), _first_source(bot, answer)
        except Exception:
            _log.exception("a question could not be answered")
            return rendering.failure_html(), empty_source_html()


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
