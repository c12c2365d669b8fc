"""Say what was found on test collections in BEIR layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from qa_bot.evaluation.beir import TestCollection, figures
from qa_bot.evaluation.figures import Cell, Columns
from qa_bot.evaluation.findings import BOOTSTRAP, INTERVALS, Findings, Json, bars
from qa_bot.evaluation.tables import means_table, systems_table


def beir_findings(sets: Mapping[str, tuple[TestCollection, Columns]]) -> Findings:
    """Return the findings on some sets by name: the JSON of one alone, or of several by name."""
    found = {name: figures(name, columns) for name, (_, columns) in sets.items()}
    json = {name: _json(sets[name][0], *cells) for name, cells in found.items()}
    means = [cell for cells, _ in found.values() for cell in cells]
    return Findings(
        title="Test collections",
        json=next(iter(json.values())) if len(json) == 1 else {"sets": json},
        lines=tuple(_lines(found)),
        notes=(INTERVALS,),
        plots=(bars("accuracy.png", means, "accuracy@1", "accuracy@1 by set and leg"),),
    )


def _json(collection: TestCollection, means: Sequence[Cell], against: Sequence[Cell]) -> Json:
    legs: dict[str, dict[str, float]] = {}
    intervals: dict[str, dict[str, list[float]]] = {}
    for cell in means:
        legs.setdefault(cell.system, {})[cell.measure] = cell.estimate.value
        bounds = [cell.estimate.low, cell.estimate.high]
        intervals.setdefault(cell.system, {})[cell.measure] = bounds
    differences = {cell.measure: asdict(cell.estimate) for cell in against}
    return {
        "queries": len(collection.queries),
        "passages": len(collection.documents),
        **legs,
        "intervals": intervals,
        "differences": {against[0].system: differences},
        "bootstrap": BOOTSTRAP,
    }


def _lines(found: Mapping[str, tuple[Sequence[Cell], Sequence[Cell]]]) -> Iterator[str]:
    for name, (means, against) in found.items():
        if len(found) > 1:
            yield from (f"## {name}", "")
        yield from (*means_table(means), "")
        yield from (*systems_table([*means, *against], "95 % intervals"), "")
