"""Hold the bot in use, which whoever adds a transcript replaces by another."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from qa_bot.bot import QABot


class Desk:
    """The bot in use: take it once for each question, so that all of an answer comes from one."""

    def __init__(self, bot: QABot) -> None:
        """Begin with a bot."""
        self._first = self._bot = bot
        self._changing = Lock()

    @property
    def bot(self) -> QABot:
        """The bot in use at this moment."""
        return self._bot

    @property
    def changed(self) -> bool:
        """Whether the bot in use is another than at first."""
        return self._bot is not self._first

    def change(self, step: Callable[[QABot], QABot]) -> tuple[QABot, QABot]:
        """Put the bot that a step makes of the present one in use; return the one before and it.

        Steps run one after the other, so that none is lost. One that fails changes nothing.
        """
        with self._changing:
            before = self._bot
            self._bot = step(before)
            return before, self._bot
