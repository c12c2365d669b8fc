"""Ask what officials really said: their own words, with citations, or honest silence.

Importing this package loads no heavy library; the first call to `ask`, `search` or `build_index`
does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from qa_bot.errors import (
    EvaluationError,
    FetchError,
    IndexFolderError,
    LexiconError,
    ModelError,
    QABotError,
    SeedsError,
    TranscriptError,
)
from qa_bot.filters import Filters
from qa_bot.records import (
    CatalogueEntry,
    Document,
    Exchange,
    Fact,
    Metadata,
    Passage,
    Report,
    Role,
    Span,
    Speaker,
    Transcript,
    Turn,
)
from qa_bot.results import Answer, Citation, Explained, Hit, Outcome, Reason, Topic

if TYPE_CHECKING:
    from qa_bot.bot import QABot, ask, build_index, search
    from qa_bot.documents import read_document
    from qa_bot.parsing import parse_document, parse_transcript, render

__all__ = (
    "Answer",
    "CatalogueEntry",
    "Citation",
    "Document",
    "EvaluationError",
    "Exchange",
    "Explained",
    "Fact",
    "FetchError",
    "Filters",
    "Hit",
    "IndexFolderError",
    "LexiconError",
    "Metadata",
    "ModelError",
    "Outcome",
    "Passage",
    "QABot",
    "QABotError",
    "Reason",
    "Report",
    "Role",
    "SeedsError",
    "Span",
    "Speaker",
    "Topic",
    "Transcript",
    "TranscriptError",
    "Turn",
    "ask",
    "build_index",
    "parse_document",
    "parse_transcript",
    "read_document",
    "render",
    "search",
)

#: Where the names live that are loaded when they are first used.
_HOMES: Final = {
    **dict.fromkeys(("QABot", "ask", "build_index", "search"), "qa_bot.bot"),
    **dict.fromkeys(("parse_document", "parse_transcript", "render"), "qa_bot.parsing"),
    "read_document": "qa_bot.documents",
}


def __dir__() -> list[str]:
    """Return the public names, those that are not loaded yet too."""
    return sorted(__all__)


def __getattr__(name: str) -> object:
    """Load the names that take their time when they are first used."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
