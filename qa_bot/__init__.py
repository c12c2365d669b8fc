"""Ask what officials really said: their own words, with citations, or honest silence.

Importing this package loads no heavy library; the first call to `ask`, `search` or `build_index`
does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from qa_bot.errors import (
    EvaluationError,
    IndexFolderError,
    ModelError,
    QABotError,
    SeedsError,
    TranscriptError,
)
from qa_bot.parsing import parse_transcript, render
from qa_bot.records import (
    Answer,
    Citation,
    Exchange,
    Hit,
    Passage,
    Role,
    Span,
    Speaker,
    Transcript,
    Turn,
)

if TYPE_CHECKING:
    from qa_bot.bot import QABot, ask, build_index, search

__all__ = (
    "Answer",
    "Citation",
    "EvaluationError",
    "Exchange",
    "Hit",
    "IndexFolderError",
    "ModelError",
    "Passage",
    "QABot",
    "QABotError",
    "Role",
    "SeedsError",
    "Span",
    "Speaker",
    "Transcript",
    "TranscriptError",
    "Turn",
    "ask",
    "build_index",
    "parse_transcript",
    "render",
    "search",
)

_IN_BOT: Final = frozenset({"QABot", "ask", "build_index", "search"})


def __dir__() -> list[str]:
    """Return the public names, those that are not loaded yet too."""
    return sorted(__all__)


def __getattr__(name: str) -> object:
    """Load the names that need heavy libraries when they are first used."""
    if name in _IN_BOT:
        return getattr(import_module("qa_bot.bot"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
