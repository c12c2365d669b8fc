"""The command line: parse arguments, call one function, print what it returns."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa_bot import reports, transcript_reports
from qa_bot.answering import filtered_out, not_found, refusal
from qa_bot.errors import QABotError
from qa_bot.filters import Filters
from qa_bot.options import build_parser
from qa_bot.records import Report

if TYPE_CHECKING:
    from qa_bot.bot import QABot
    from qa_bot.building import Workshop
    from qa_bot.evaluation.findings import Findings

#: The exit code after an interruption.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    It is 0, or 1 after an error, said on standard error, or 130 after an interruption. Wrong usage
    ends the process with 2.
    """
    options = build_parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a character gets its escape, not an error.
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(handlers=[_log_handler()], level=logging.WARNING)
    try:
        _RUN[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has what it wanted.
        _discard_output()
    except (QABotError, UnicodeError, OSError) as error:
        _complain(told(error))
        if isinstance(error, OSError):
            _discard_output()
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


class _Formatter(logging.Formatter):
    """Formats a warning as `_complain` does, and a traceback line by line."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message on one line."""
        return reports.one_line(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the message, and what was raised, without what a terminal would obey."""
        return "\n".join(map(reports.one_line, super().format(record).split("\n")))


def _log_handler() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter("qa-bot: %(message)s"))
    return handler


def told(error: Exception) -> str:
    """Return an error in words; what no part foresaw, such as a full disk behind the output, too."""
    if isinstance(error, UnicodeError):
        return "a file name or an argument is not valid text here; rename it"
    if isinstance(error, OSError):
        return f"{error.filename or 'output'}: {error.strerror or error}"
    return str(error)


def _discard_output() -> None:
    """Let the interpreter find nothing to complain of when it flushes at its end."""
    with contextlib.suppress(OSError, ValueError):  # output that is no file needs nothing
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _chat(options: argparse.Namespace) -> None:
    from qa_bot.web.page import launch

    launch(
        _opened(options),
        host=options.host,
        port=options.port,
        open_browser=not options.no_browser,
        allow_adding=options.allow_adding,
    )


def _ask(options: argparse.Namespace) -> None:
    answer = _opened(options).ask(" ".join(options.question), filters=_filters(options))
    if options.json:
        _print_json(reports.answer_json(answer))
    else:
        _print(reports.answer_lines(answer))


def _search(options: argparse.Namespace) -> None:
    bot, filters = _opened(options), _filters(options)
    query = " ".join(options.question)
    found = bot.explain(query, options.k, filters)
    if not found:
        excluded = filters and not bot.count(filters)
        reason = refusal(query) or (filtered_out(query).reason if excluded else not_found(query))
        _complain(reason)
    if options.json:
        shown = ((each.hit, each.reasons if options.explain else None) for each in found)
        _print_json([reports.hit_json(*each) for each in shown])
    else:
        _print(reports.hit_lines(found, explain=options.explain))


def _add(options: argparse.Namespace) -> None:
    bot = _opened(options).add(options.places, allow_private=options.allow_private)
    _print_change(bot.report, options.json)
    for problem in bot.report.problems:
        if problem not in bot.failed:
            _complain(problem)
    if bot.failed:
        *others, last = bot.failed
        for problem in others:
            _complain(problem)
        raise QABotError(last)


def _remove(options: argparse.Namespace) -> None:
    _print_change(_opened(options).remove(options.ids).report, options.json)


def _list(options: argparse.Namespace) -> None:
    entries = _opened(options).catalogue()
    if options.json:
        _print_json(transcript_reports.catalogue_json(entries))
    else:
        _print(transcript_reports.catalogue_lines(entries))


def _show(options: argparse.Namespace) -> None:
    passages = _opened(options).find(options.id)
    if not passages:
        raise QABotError(f"{options.id}: no such passage, exchange or transcript; see qa-bot list")
    if options.json:
        _print_json(transcript_reports.link_json(passages))
    else:
        _print(transcript_reports.link_lines(options.id, passages))


def _build(options: argparse.Namespace) -> None:
    from qa_bot.bot import build_index

    bot = build_index(
        options.seeds,
        options.index,
        options.model,
        lexicons=options.lexicons,
        truncate_dim=options.truncate_dim,
    )
    print(f"indexed {bot.count()} passages of {len(bot.catalogue())} transcripts")


def _parse(options: argparse.Namespace) -> None:
    from qa_bot.sources import read_source

    transcript = read_source(options.file)
    if options.json:
        _print_json(transcript_reports.transcript_json(transcript))
    else:
        _print(transcript_reports.transcript_lines(transcript))


def _evaluate_beir(options: argparse.Namespace) -> None:
    from qa_bot.evaluation.running import evaluate_beir

    outputs = (options.run_file, options.runs, options.report)
    _print_findings(evaluate_beir(options.folders, _workshop(options), *outputs), options.json)


def _evaluate_questions(options: argparse.Namespace) -> None:
    from qa_bot.evaluation.running import evaluate_questions

    asked = (options.file, Path(options.seeds), _workshop(options))
    _print_findings(evaluate_questions(*asked, options.together, options.report), options.json)


def _evaluate_followups(options: argparse.Namespace) -> None:
    from qa_bot.evaluation.running import evaluate_followups

    asked = (options.file, Path(options.seeds), _workshop(options))
    _print_findings(evaluate_followups(*asked, options.report), options.json)


def _workshop(options: argparse.Namespace) -> Workshop:
    from qa_bot.building import Workshop
    from qa_bot.equipment import load_analysis, load_embedder

    lexicons = [Path(file) for file in options.lexicons or ()]
    return Workshop(load_embedder(options.model, options.truncate_dim), load_analysis(lexicons))


def _print_findings(findings: Findings, as_json: bool) -> None:
    if as_json:
        _print_json(findings.json)
    else:
        _print(findings.lines)


def _opened(options: argparse.Namespace) -> QABot:
    from qa_bot.bot import QABot

    return QABot.open(
        options.index,
        options.seeds,
        options.model,
        lexicons=options.lexicons,
        truncate_dim=options.truncate_dim,
        reranker=getattr(options, "reranker", None),
    )


def _filters(options: argparse.Namespace) -> Filters | None:
    names = ("transcript", "event", "speaker", "outlet")
    texts = {name: tuple(getattr(options, name) or ()) for name in names}
    filters = Filters(**texts, since=options.since, until=options.until)
    return filters if filters != Filters() else None


def _print_change(report: Report, as_json: bool) -> None:
    if as_json:
        _print_json(transcript_reports.change_json(report))
    else:
        _print(transcript_reports.change_lines(report))


def _print(lines: Iterable[str]) -> None:
    """Print lines so that nothing in them, which may come from any file, is obeyed by a terminal."""
    for line in lines:
        print(reports.one_line(line))


def _complain(problem: str) -> None:
    print(f"qa-bot: {reports.one_line(problem)}", file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


#: What runs each command.
_RUN: Final = {
    "chat": _chat,
    "ask": _ask,
    "search": _search,
    "add": _add,
    "remove": _remove,
    "list": _list,
    "show": _show,
    "build": _build,
    "parse": _parse,
    "evaluate beir": _evaluate_beir,
    "evaluate questions": _evaluate_questions,
    "evaluate followups": _evaluate_followups,
}
