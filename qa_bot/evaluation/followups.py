"""Ask questions that continue others: resolved by the conversation, in full, and as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qa_bot.asking import Answerer
from qa_bot.building import Workshop
from qa_bot.evaluation.figures import Cell, Columns, Measure, cells, differences, values
from qa_bot.evaluation.questions import FollowUp
from qa_bot.evaluation.shelves import collected, groups
from qa_bot.evaluation.trials import RANKING, REFUSED
from qa_bot.evaluation.variants import DEPTH
from qa_bot.records import Transcript

RESOLVED: Final = "resolved"
INTERPRETED: Final = "interpreted"
RAW: Final = "raw"
GROUP: Final = "follow-ups"
#: Whether the first citation is right; a question that is refused has none.
CITED: Final = "cited@1"
_CITATIONS: Final = 3
_MEASURES: Final[Mapping[str, Measure]] = {name: RANKING[name] for name in ("accuracy@1", "accuracy@3")}


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a question: what was understood, the ids of passages found, and of those cited."""

    understood: str
    ranking: tuple[str, ...]
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What came of follow-ups in their order, by the way they were asked.

    `RESOLVED` asks them as the bot is asked in a conversation, `INTERPRETED` as a person wrote them out
    (the ceiling), `RAW` as they are (the floor).
    """

    followups: tuple[FollowUp, ...]
    followed: Mapping[str, tuple[Followed, ...]]


def ask_followups(
    followups: Sequence[FollowUp], transcripts: Mapping[str, Transcript], workshop: Workshop
) -> Conversation:
    """Ask each follow-up of its transcript alone, in all three ways."""
    followed: dict[str, dict[str, Followed]] = {RESOLVED: {}, INTERPRETED: {}, RAW: {}}
    for (id,) in groups(transcripts, together=False):
        with collected([transcripts[id]], workshop) as collection:
            answerer = Answerer(collection, workshop)
            for each in (each for each in followups if each.source.transcript == id):
                history = walked(answerer, each.history)
                followed[RESOLVED][each.id] = _ask(answerer, each.text, history)
                followed[INTERPRETED][each.id] = _ask(answerer, each.interpreted, ())
                followed[RAW][each.id] = _ask(answerer, each.text, ())
    in_order = {way: tuple(of[each.id] for each in followups) for way, of in followed.items()}
    return Conversation(tuple(followups), in_order)


def walked(answerer: Answerer, history: Sequence[str]) -> tuple[str, ...]:
    """Return earlier questions as they were understood, each from those before it."""
    understood: tuple[str, ...] = ()
    for question in history:
        understood += (answerer.ask(question, 1, None, understood).understood or question,)
    return understood


def figures(conversation: Conversation) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Return the means of each way of asking, and what resolving has more than floor and ceiling."""
    columns = _columns(conversation)
    pairs = [(RESOLVED, RAW), (RESOLVED, INTERPRETED)]
    return cells(GROUP, columns), differences(GROUP, columns, pairs)


def _columns(conversation: Conversation) -> Columns:
    relevant = [followup.source.relevant for followup in conversation.followups]
    columns = {}
    for way, followed in conversation.followed.items():
        for name, column in values(_MEASURES, [each.ranking for each in followed], relevant).items():
            columns[way, name] = column
        first = values({CITED: RANKING["accuracy@1"]}, [each.cited for each in followed], relevant)
        columns[way, CITED] = first[CITED]
        columns[way, REFUSED] = np.array([not each.cited for each in followed], dtype=np.float64)
    return columns


def _ask(answerer: Answerer, question: str, history: Sequence[str]) -> Followed:
    answer = answerer.ask(question, _CITATIONS, None, history)
    understood = answer.understood or question
    return Followed(
        understood,
        tuple(hit.passage.id for hit in answerer.search(understood, DEPTH, None)),
        tuple(citation.passage_id for citation in answer.citations),
    )
