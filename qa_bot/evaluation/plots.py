"""Draw figures with matplotlib, legible in greyscale: the one module that imports it.

It is imported only when something is drawn; it comes with the extra `evaluation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from qa_bot.errors import QABotError
from qa_bot.evaluation.figures import Cell, distinct
from qa_bot.evaluation.trials import Silence
from qa_bot.evidence import ENOUGH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR: Final = 0.8
_LOOKS: Final = (("0.5", ""), ("0.75", "//"), ("0.95", ".."), ("0.6", "xx"), ("0.85", "\\\\"))
_LINES: Final = (("0.0", "-"), ("0.35", "--"), ("0.55", ":"), ("0.2", "-."))


def require() -> None:
    """Raise `QABotError` when what draws is not installed, before any work is done for it."""
    _figure(1.0)


def draw_bars(path: Path, found: Sequence[Cell], measure: str, title: str) -> None:
    """Draw one measure in [0, 1] as grouped bars with its intervals: groups along, systems side by side."""
    chosen = [cell for cell in found if cell.measure == measure]
    groups, systems = distinct(chosen, "group"), distinct(chosen, "system")
    figure = _figure(max(5.0, 1.5 + 0.3 * len(groups) * (len(systems) + 1)))
    axes = figure.add_subplot()
    width = _BAR / len(systems)
    for number, (system, look) in enumerate(zip(systems, cycle(_LOOKS), strict=False)):
        offset = (number - (len(systems) - 1) / 2) * width
        _draw_system(
            axes, [cell for cell in chosen if cell.system == system], groups, offset, width, look
        )
    _tick(axes, groups, [cell for cell in chosen if cell.system == systems[0]])
    axes.set(title=title, ylabel=f"{measure}, with 95 % interval", ylim=(0, 1.02))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    _save(figure, path)


def draw_silences(path: Path, silences: Sequence[Silence], title: str) -> None:
    """Draw false refusals over false answers, a line for each sort of question without an answer.

    A dot marks the threshold in use.
    """
    figure = _figure(7.5)
    axes = figure.add_subplot()
    for silence, (grey, style) in zip(silences, cycle(_LINES), strict=False):
        curve, used = silence.strengths.curve(), silence.strengths.at(ENOUGH)
        xs, ys = [point.false_answers for point in curve], [point.false_refusals for point in curve]
        label = f"{silence.group} (n = {silence.counts[1]}, area {silence.area.value:.3f})"
        axes.plot(xs, ys, color=grey, linestyle=style, linewidth=1.8, label=label)
        axes.plot(used.false_answers, used.false_refusals, "o", color=grey, markersize=7)
    axes.plot([], [], "o", color="0.0", label=f"threshold in use ({ENOUGH:g})")
    axes.set(title=title, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    axes.set_xlabel("false answers: share answered of the questions without an answer")
    axes.set_ylabel("false refusals: share refused of those with one")
    axes.grid(color="0.9")
    axes.legend(loc="upper right", frameon=False)
    _save(figure, path)


def _draw_system(
    axes: Axes,
    found: Sequence[Cell],
    groups: Sequence[str],
    offset: float,
    width: float,
    look: tuple[str, str],
) -> None:
    places = [groups.index(cell.group) + offset for cell in found]
    means = np.array([cell.estimate.value for cell in found])
    below = means - [cell.estimate.low for cell in found]
    above = np.array([cell.estimate.high for cell in found]) - means
    # A percentile may lie a rounding error on the wrong side of the mean.
    reach = np.maximum([below, above], 0)
    grey, hatch = look
    shape: dict[str, Any] = {"hatch": hatch, "edgecolor": "black", "linewidth": 0.6}
    axes.bar(places, means, width, yerr=reach, capsize=2, color=grey, label=found[0].system, **shape)


def _tick(axes: Axes, groups: Sequence[str], found: Sequence[Cell]) -> None:
    counts = {cell.group: cell.count for cell in found}
    labels = [f"{group}\n(n = {counts[group]})" for group in groups]
    axes.set_xticks(range(len(groups)), labels, rotation=30, ha="right", rotation_mode="anchor")


def _figure(width: float) -> Figure:
    """Return an empty figure of some inches; raises `QABotError` where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise QABotError("a report needs matplotlib; run: pip install 'qa_bot[evaluation]'") from error
    return Figure(figsize=(width, 4.8), layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=150, format="png")
