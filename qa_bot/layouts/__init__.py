"""The ways of writing who speaks, a file each; the reader looks for all of them in every document.

A layout is a function from a `Page` to the `Label`s it sees. It says where somebody may be named and
how much the signs around prove; whether the name is anybody's is not its business.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from qa_bot.layouts import (
    bracketed,
    headed,
    leading,
    own_line,
    period,
    question_answer,
    reported,
    running,
    set_off,
    tabular,
)
from qa_bot.layouts.label import Label, Sign
from qa_bot.page import Page

#: By name, the surest first: where two layouts see a label in one place, the first is believed.
LAYOUTS: Final[dict[str, Callable[[Page], Iterator[Label]]]] = {
    "tabular": tabular.find,
    "bracketed": bracketed.find,
    "headed": headed.find,
    "reported": reported.find,
    "period": period.find,
    "question-answer": question_answer.find,
    "own-line": own_line.find,
    "leading": leading.find,
    "running": running.find,
    "set-off": set_off.find,
}
_RANKS: Final = {name: rank for rank, name in enumerate(LAYOUTS)}


def find_labels(page: Page) -> list[Label]:
    """Return what any layout takes for a label, in order; those of several layouts may overlap."""
    return sorted(
        (label for find in LAYOUTS.values() for label in find(page)),
        key=lambda label: (label.span, _RANKS[label.layout]),
    )


def without_overlaps(labels: Sequence[Label], preferred: Collection[Label]) -> list[Label]:
    """Return the labels that share no character, the preferred ones first, then the surest layout."""
    kept: list[Label] = []
    for label in sorted(
        labels, key=lambda each: (each not in preferred, _RANKS[each.layout], each.span)
    ):
        at = bisect_left(kept, label.span.start, key=lambda each: each.span.start)
        if not any(_overlap(label, other) for other in kept[max(0, at - 1) : at + 1]):
            kept.insert(at, label)
    return kept


def _overlap(one: Label, other: Label) -> bool:
    """Tell whether two labels share a character, or one begins in a line right where the other ends."""
    first, second = sorted((one, other), key=lambda label: label.span)
    same_start = first.span.start == second.span.start
    within = second.sign is Sign.WITHIN and second.span.start == first.span.end
    return same_start or within or second.span.start < first.span.end
