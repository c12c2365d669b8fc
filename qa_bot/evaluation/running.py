"""Run an evaluation from its files to its findings, and lay down runs and reports."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from qa_bot.building import Workshop, index_passages
from qa_bot.errors import EvaluationError
from qa_bot.evaluation.beir import (
    Run,
    TestCollection,
    files_of,
    measure,
    read_beir,
    search_all,
    trec_lines,
)
from qa_bot.evaluation.beir_findings import beir_findings
from qa_bot.evaluation.findings import Findings, make_folder, write_report
from qa_bot.evaluation.followup_findings import followup_findings
from qa_bot.evaluation.followups import ask_followups
from qa_bot.evaluation.question_findings import question_findings
from qa_bot.evaluation.questions import read_followups, read_questions
from qa_bot.evaluation.shelves import read_transcripts
from qa_bot.evaluation.trials import ask_all
from qa_bot.records import Transcript
from qa_bot.retrieval import Mode
from qa_bot.storage import file_hash


def evaluate_beir(
    folders: Sequence[Path],
    workshop: Workshop,
    run: Path | None = None,
    runs: Path | None = None,
    report: Path | None = None,
) -> Findings:
    """Measure each leg and both on test collections.

    `run` is the file of the hybrid's TREC run, for one collection; `runs` a folder for a run of every
    leg, in a folder of its own for each of several collections; `report` a folder for a report.
    """
    collections = _read_sets(folders)
    if run and len(collections) > 1:
        raise EvaluationError("--run writes the run of one set; give --runs DIR for several")
    # Made before the work, so that a wrong path is not found out after it.
    _prepare(run, runs, report)
    sets = {}
    for name, (_, collection) in collections.items():
        found = _search(collection, workshop)
        if run:
            _write_run(run, found, Mode.HYBRID.value)
        if runs:
            _write_runs(runs / name if len(collections) > 1 else runs, found)
        sets[name] = (collection, measure(found, collection.qrels))
    findings = beir_findings(sets)
    if report:
        inputs = [path for folder, _ in collections.values() for path in files_of(folder)]
        write_report(report, findings, _file_hashes(inputs), workshop)
    return findings


def evaluate_questions(
    file: Path, seeds: Path, workshop: Workshop, together: bool = False, report: Path | None = None
) -> Findings:
    """Measure answers and silence on a file of questions, by every variant; see `read_questions`."""
    questions = read_questions(file)
    transcripts = read_transcripts([each.source for each in questions], seeds)
    _prepare(report=report)
    findings = question_findings(ask_all(questions, transcripts, workshop, together), together)
    if report:
        write_report(report, findings, _hashes(file, transcripts), workshop)
    return findings


def evaluate_followups(
    file: Path, seeds: Path, workshop: Workshop, report: Path | None = None
) -> Findings:
    """Measure questions that continue others, from their file; see `read_followups`."""
    followups = read_followups(file)
    transcripts = read_transcripts([each.source for each in followups], seeds)
    _prepare(report=report)
    findings = followup_findings(ask_followups(followups, transcripts, workshop))
    if report:
        write_report(report, findings, _hashes(file, transcripts), workshop)
    return findings


def _read_sets(folders: Sequence[Path]) -> dict[str, tuple[Path, TestCollection]]:
    """Read test collections by the names of their folders."""
    sets: dict[str, tuple[Path, TestCollection]] = {}
    for folder in folders:
        name = folder.resolve().name
        if name in sets:
            raise EvaluationError(f"{folder}: {sets[name][0]} is called {name} too; rename one")
        sets[name] = (folder, read_beir(folder))
    return sets


def _prepare(run: Path | None = None, runs: Path | None = None, report: Path | None = None) -> None:
    if report:
        make_folder(report)
    if runs:
        runs.mkdir(parents=True, exist_ok=True)
    if run:
        run.write_bytes(b"")


def _search(collection: TestCollection, workshop: Workshop) -> dict[str, Run]:
    retriever = index_passages(
        [{"passage": (text,)} for text in collection.documents.values()], workshop
    )
    return {mode.value: search_all(retriever, collection, mode) for mode in Mode}


def _write_runs(folder: Path, found: Mapping[str, Run]) -> None:
    folder.mkdir(exist_ok=True)
    for leg in found:
        _write_run(folder / f"{leg}.trec", found, leg)


def _write_run(path: Path, found: Mapping[str, Run], leg: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(trec_lines(found[leg], tag=f"qa_bot-{leg}"))


def _hashes(file: Path, transcripts: Mapping[str, Transcript]) -> dict[str, str]:
    texts = {id: each.text.encode("utf-8", "surrogatepass") for id, each in transcripts.items()}
    hashes = {id: hashlib.sha256(text).hexdigest() for id, text in texts.items()}
    return {**_file_hashes([file]), **hashes}


def _file_hashes(paths: Iterable[Path]) -> dict[str, str]:
    return {f"{path.parent.name}/{path.name}": file_hash(path) for path in paths}
