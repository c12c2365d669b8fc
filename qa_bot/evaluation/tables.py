"""Say figures as Markdown tables whose columns are aligned, so that they read well in a terminal too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from qa_bot.evaluation.figures import Cell, distinct
from qa_bot.evaluation.trials import Silence

_NOTHING: Final = "–"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    r"""Yield a table whose first column is aligned to the left and whose others to the right.

    >>> print(*table(["leg", "MRR"], [["bm25", "0.5"]]), sep="\n")
    | leg  | MRR |
    |------|----:|
    | bm25 | 0.5 |
    """
    shown = [[cell.replace("|", "\\|") for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = [_line(row, widths) for row in shown]
    rules = ["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]
    yield from chain(lines[:1], [f"|{'|'.join(rules)}|"], lines[1:])


def means_table(found: Sequence[Cell]) -> Iterator[str]:
    """Yield the means of one group, four digits each: a row for each system, a column for each measure."""
    yield from _by_system(found, "leg", lambda cell: f"{cell.estimate.value:.4f}")


def systems_table(found: Sequence[Cell], head: str) -> Iterator[str]:
    """Yield the means of one group with their intervals: a row for each system."""
    yield from _by_system(found, head, lambda cell: str(cell.estimate))


def groups_table(found: Sequence[Cell], measure: str, head: str) -> Iterator[str]:
    """Yield one measure with its intervals: a row for each group, a column for each system."""
    chosen = [cell for cell in found if cell.measure == measure]
    systems = distinct(chosen, "system")
    rows = []
    for group in distinct(chosen, "group"):
        of = {cell.system: cell for cell in chosen if cell.group == group}
        count = str(next(iter(of.values())).count)
        rows.append([group, count, *(_shown(of.get(system)) for system in systems)])
    yield from table([head, "n", *systems], rows)


def silences_table(silences: Sequence[Silence]) -> Iterator[str]:
    """Yield both errors of silence: a row for each variant and sort of question without an answer."""
    header = ["variant", "without an answer", "n with", "n without"]
    header += ["false refusals", "false answers", "area"]
    yield from table(header, [_silence_row(silence) for silence in silences])


def _silence_row(silence: Silence) -> list[str]:
    errors = (silence.false_refusals, silence.false_answers, silence.area)
    return [silence.system, silence.group, *map(str, silence.counts), *map(str, errors)]


def _by_system(found: Sequence[Cell], head: str, shown: Callable[[Cell], str]) -> Iterator[str]:
    of = {(cell.system, cell.measure): shown(cell) for cell in found}
    measures = distinct(found, "measure")
    rows = [
        [system, *(of.get((system, measure), _NOTHING) for measure in measures)]
        for system in distinct(found, "system")
    ]
    yield from table([head, *measures], rows)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = cells
    right = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
    return f"| {' | '.join((first.ljust(widths[0]), *right))} |"


def _shown(cell: Cell | None) -> str:
    return str(cell.estimate) if cell else _NOTHING
