"""Say what was found about questions that continue others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qa_bot.evaluation.findings import BOOTSTRAP, INTERVALS, Findings, bars, cells_json, rank_of
from qa_bot.evaluation.followups import Conversation, figures
from qa_bot.evaluation.tables import systems_table

_WAYS: Final = (
    "Resolved is what the bot understands in the conversation; interpreted, the whole question as a person "
    "wrote it out, is the ceiling; raw, without the conversation, the floor. Accuracy is of the ranking; "
    "cited@1 tells whether the first citation is right, a refused question having none."
)


def followup_findings(conversation: Conversation) -> Findings:
    """Return the findings of questions that continue others."""
    means, against = figures(conversation)
    title = "Questions that continue others"
    return Findings(
        title=title,
        json={
            "followups": len(conversation.followups),
            "bootstrap": BOOTSTRAP,
            "figures": cells_json(means),
            "differences": cells_json(against),
        },
        lines=(*systems_table(means, "asked"), "", *systems_table(against, "difference"), ""),
        notes=(_WAYS, INTERVALS),
        plots=(bars("accuracy.png", means, "accuracy@1", f"{title}: accuracy@1"),),
        rows=tuple(_rows(conversation)),
    )


def _rows(conversation: Conversation) -> Iterator[tuple[str, ...]]:
    yield ("id", "asked", "understood", "relevant", "rank", "found", "cited")
    for way, followed in conversation.followed.items():
        for question, came in zip(conversation.followups, followed, strict=True):
            relevant = question.source.relevant
            yield (
                question.id,
                way,
                " ".join(came.understood.split()),
                ",".join(sorted(relevant)),
                rank_of(came.ranking, relevant),
                ",".join(came.ranking),
                ",".join(came.cited),
            )
