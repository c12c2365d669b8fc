"""What an evaluation found, ready to be printed, written as JSON, or laid down as a report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Final

from qa_bot.building import Workshop
from qa_bot.evaluation import plots
from qa_bot.evaluation.figures import Cell
from qa_bot.evaluation.intervals import CONFIDENCE, RESAMPLES, SEED

Json = dict[str, object]
BOOTSTRAP: Final[Json] = {"resamples": RESAMPLES, "seed": SEED, "confidence": CONFIDENCE}
INTERVALS: Final = (
    f"In brackets: 95 % percentile intervals of {RESAMPLES} paired bootstrap resamples of the questions "
    f"(Efron & Tibshirani 1993), seed {SEED}. They tell how far a figure would vary with other questions "
    "like these, not with other transcripts. A difference whose interval holds 0 may be chance; among "
    "many differences some exclude 0 by chance. A share of 0 or 1 has an interval without width: of n "
    "questions that are all alike, up to a share of 3/n may still be otherwise."
)


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of a report: its file's name, what it shows, and what draws it into a file."""

    name: str
    caption: str
    draw: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: as JSON, and for people as lines of Markdown, notes, plots and tables.

    `rows` holds what came of each single question: the names of columns, then a row each.
    """

    title: str
    json: Json
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    plots: tuple[Plot, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def bars(name: str, found: Sequence[Cell], measure: str, title: str) -> Plot:
    """Return a plot of one measure as grouped bars."""
    return Plot(name, title, partial(plots.draw_bars, found=found, measure=measure, title=title))


def rank_of(ranking: Sequence[str], relevant: Collection[str]) -> str:
    """Return the rank, from 1 on, of the first right passage, or nothing where none was found."""
    return next((str(rank) for rank, id in enumerate(ranking, start=1) if id in relevant), "")


def cells_json(found: Sequence[Cell]) -> list[Json]:
    """Return cells as JSON."""
    return [asdict(cell) for cell in found]


def make_folder(folder: Path) -> None:
    """Make the folder of a report; raises `QABotError` when what draws plots is not installed."""
    plots.require()
    folder.mkdir(parents=True, exist_ok=True)


def write_report(
    folder: Path, findings: Findings, inputs: Mapping[str, str], workshop: Workshop
) -> None:
    """Write `report.md`, its plots, and `questions.tsv` with what came of each question.

    `inputs` are the hashes of the texts that the findings hang on, by name.
    """
    for plot in findings.plots:
        plot.draw(folder / plot.name)
    report = "\n".join(_report_lines(findings, inputs, workshop)) + "\n"
    (folder / "report.md").write_text(report, encoding="utf-8", newline="\n")
    if findings.rows:
        rows = "".join("\t".join(row) + "\n" for row in findings.rows)
        (folder / "questions.tsv").write_text(rows, encoding="utf-8", newline="\n")


def _report_lines(findings: Findings, inputs: Mapping[str, str], workshop: Workshop) -> Iterator[str]:
    yield from (f"# {findings.title}", "", *findings.lines)
    for plot in findings.plots:
        yield from ("", f"![{plot.caption}]({plot.name})")
    yield from ("", "## How to read it")
    for note in findings.notes:
        yield from ("", note)
    yield from ("", "## What was measured", "")
    yield from _provenance(inputs, workshop)


def _provenance(inputs: Mapping[str, str], workshop: Workshop) -> Iterator[str]:
    """Yield all that decides the figures: texts by their hashes, model, analysis and settings."""
    for name, digest in inputs.items():
        yield f"- `{name}`: sha256 {digest}"
    yield f"- model: {workshop.embedder.fingerprint}"
    yield f"- analysis: {workshop.analysis.name}"
    yield f"- settings: `{workshop.identity.settings}`"
