"""Say what was found about questions on transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Final

from qa_bot.evaluation import plots
from qa_bot.evaluation.findings import (
    BOOTSTRAP,
    INTERVALS,
    Findings,
    Json,
    Plot,
    bars,
    cells_json,
    rank_of,
)
from qa_bot.evaluation.tables import groups_table, silences_table, systems_table
from qa_bot.evaluation.trials import RANKING, REFUSED, Silence, Summary, Trial, summarise
from qa_bot.evaluation.variants import IN_USE, LEGS
from qa_bot.evidence import ENOUGH

_VARIANTS: Final = (
    "Accuracy and reciprocal rank are of the ranking of questions with an answer, whether they are refused "
    "or not. bm25 and dense rank by one leg alone, which is the ranking without the other; no lexicon lets "
    "no word stand for another; no fields finds a passage by its own words alone; fixed fusion gives both "
    "legs equal parts. Silence is judged by the same rule for every variant, on the best hits of its "
    "ranking."
)
_ERRORS: Final = (
    "False refusals are the share of the questions with an answer that are refused, false answers that of "
    "the questions without one that are answered. The area is that under the curve of the one over the "
    "other for every threshold: 0 is best, 0.5 is chance, and 1 minus it is the area under the ROC curve."
)
_TOGETHER: Final = (
    "Questions were judged on their own transcript only: where another one answers too, showing it counts "
    "as wrong."
)


def question_findings(trial: Trial, together: bool) -> Findings:
    """Return the findings of questions on transcripts, asked of each alone or of all together."""
    summary = summarise(trial)
    how = "all transcripts together" if together else "each transcript alone"
    return Findings(
        title=f"Questions on transcripts, {how}",
        json=_json(trial, summary, together),
        lines=tuple(_lines(summary)),
        notes=(_VARIANTS, _ERRORS, *([_TOGETHER] if together else ()), INTERVALS),
        plots=tuple(_plots(summary)),
        rows=tuple(_rows(trial)),
    )


def _json(trial: Trial, summary: Summary, together: bool) -> Json:
    return {
        "questions": len(trial.questions),
        "with_an_answer": int(trial.answerable.sum()),
        "together": together,
        "threshold": ENOUGH,
        "bootstrap": BOOTSTRAP,
        "by_kind": cells_json(summary.by_kind),
        "by_transcript": cells_json(summary.by_transcript),
        "differences": cells_json(summary.against),
        "silence": [_silence_json(silence) for silence in summary.silences],
    }


def _silence_json(silence: Silence) -> Json:
    return {
        "system": silence.system,
        "group": silence.group,
        "counts": silence.counts,
        "false_refusals": asdict(silence.false_refusals),
        "false_answers": asdict(silence.false_answers),
        "area": asdict(silence.area),
    }


def _lines(summary: Summary) -> Iterator[str]:
    for measure in (*RANKING, REFUSED):
        yield from _section(measure, groups_table(summary.by_kind, measure, "kind"))
    against = f"Measures minus those of {IN_USE.name}, all questions with an answer"
    yield from _section(against, systems_table(summary.against, "difference"))
    yield from _section(f"Silence below {ENOUGH:g}", silences_table(summary.silences))
    legs = [cell for cell in summary.by_transcript if cell.system in LEGS]
    for measure in ("accuracy@1", REFUSED):
        yield from _section(f"{measure} by transcript", groups_table(legs, measure, "transcript"))


def _section(heading: str, table: Iterator[str]) -> Iterator[str]:
    """Yield a table under its heading, or nothing for a table without rows."""
    lines = list(table)
    if len(lines) > 2:
        yield from (f"## {heading}", "", *lines, "")


def _plots(summary: Summary) -> Iterator[Plot]:
    legs = [cell for cell in summary.by_kind if cell.system in LEGS]
    for name, measure in (("accuracy.png", "accuracy@1"), ("refused.png", REFUSED)):
        if any(cell.measure == measure for cell in legs):
            yield bars(name, legs, measure, f"{measure} by kind and leg")
    silences = [silence for silence in summary.silences if silence.system == IN_USE.name]
    if silences:
        title = "Both errors of silence, by threshold"
        yield Plot("silence.png", title, partial(plots.draw_silences, silences=silences, title=title))


def _rows(trial: Trial) -> Iterator[tuple[str, ...]]:
    yield ("id", "transcript", "kind", "variant", "relevant", "rank", "strength", "refused", "found")
    for name, asked in trial.asked.items():
        for question, came in zip(trial.questions, asked, strict=True):
            relevant = question.source.relevant
            yield (
                question.id,
                question.source.transcript,
                question.kind,
                name,
                ",".join(sorted(relevant)),
                rank_of(came.ranking, relevant),
                f"{came.strength:.6f}",
                str(int(came.refused)),
                ",".join(came.ranking),
            )
