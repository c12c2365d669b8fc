"""Figures in long form: one cell for each group of queries, system and measure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa_bot.evaluation.intervals import Estimate, Values, estimates
from qa_bot.vectors import Flags

#: A measure of a ranking against the relevant ids.
Measure = Callable[[Sequence[str], Collection[str]], float]
#: The value of each query, by system and measure; all of one length and order.
Columns = Mapping[tuple[str, str], Values]


@dataclass(frozen=True, slots=True)
class Cell:
    """The mean of a measure over the `count` queries of a group, for one system."""

    group: str
    system: str
    measure: str
    count: int
    estimate: Estimate


def values(
    measures: Mapping[str, Measure],
    rankings: Sequence[Sequence[str]],
    relevant: Sequence[Collection[str]],
) -> dict[str, Values]:
    """Return every measure of each ranking, shape (queries,)."""
    pairs = list(zip(rankings, relevant, strict=True))
    return {
        name: np.array([of(ranking, right) for ranking, right in pairs], dtype=np.float64)
        for name, of in measures.items()
    }


def picked(columns: Columns, flags: Flags) -> Columns:
    """Return the values of those queries that are flagged, shape (queries,)."""
    return {key: column[flags] for key, column in columns.items()}


def cells(group: str, columns: Columns) -> tuple[Cell, ...]:
    """Average every column over its queries; none for a group without queries."""
    count = len(next(iter(columns.values()), ()))
    if not count:
        return ()
    found = estimates(np.stack(list(columns.values()), axis=1))
    return tuple(
        Cell(group, system, measure, count, estimate)
        for (system, measure), estimate in zip(columns, found, strict=True)
    )


def differences(group: str, columns: Columns, pairs: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    """Average for each pair of systems the first one's values minus the second one's, query by query."""
    measures = dict.fromkeys(measure for _, measure in columns)
    between = {
        (minus(first, second), measure): columns[first, measure] - columns[second, measure]
        for first, second in pairs
        for measure in measures
    }
    return cells(group, between)


def minus(first: str, second: str) -> str:
    """Return what a difference is called."""
    return f"{first} - {second}"


def distinct(found: Sequence[Cell], axis: str) -> list[str]:
    """Return the groups, systems or measures of some cells in the order of their first one."""
    return list(dict.fromkeys(getattr(cell, axis) for cell in found))
