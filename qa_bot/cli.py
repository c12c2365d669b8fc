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
from typing import TYPE_CHECKING, Final, TextIO

from qa_bot import reports, transcript_reports
from qa_bot.answering import filtered_out, not_found, refusal
from qa_bot.errors import QABotError
from qa_bot.filters import Filters
from qa_bot.records import Report

if TYPE_CHECKING:
    from qa_bot.bot import QABot

_EXAMPLES = """examples:
  qa-bot chat
  qa-bot ask 中方如何看待朝鲜半岛局势？
  qa-bot search 双暂停 -k 3 --json
  qa-bot ask 萨德问题的立场 --speaker 王毅 --since 2017
  qa-bot add my_transcripts speech.pdf https://www.example.org/briefing.html
  qa-bot list
  qa-bot show 2017-03-08-wangyi#8.1
  qa-bot parse seeds/2017-03-08-wangyi.txt
  qa-bot evaluate beir xquad_zh_zh --run run.trec
"""
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    It is 0, or 1 after an error, said on standard error, or 130 after an interruption. Wrong usage
    ends the process with 2.
    """
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a character gets its escape, not an error.
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(handlers=[_log_handler()], level=logging.WARNING)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has what it wanted.
        _discard_output()
    except (QABotError, UnicodeError, OSError) as error:
        _complain(_told(error))
        if isinstance(error, OSError):
            _discard_output()
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
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


def _told(error: Exception) -> str:
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
    hits = bot.search(query, options.k, filters)
    if not hits:
        excluded = filters and not bot.count(filters)
        reason = refusal(query) or (filtered_out(query).reason if excluded else not_found(query))
        _complain(reason)
    if options.json:
        _print_json([reports.hit_json(hit) for hit in hits])
    else:
        _print(reports.hit_lines(hits))


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

    bot = build_index(options.seeds, options.index, options.model)
    print(f"indexed {bot.count()} passages of {len(bot.catalogue())} transcripts")


def _parse(options: argparse.Namespace) -> None:
    from qa_bot.sources import read_source

    transcript = read_source(options.file)
    if options.json:
        _print_json(transcript_reports.transcript_json(transcript))
    else:
        _print(transcript_reports.transcript_lines(transcript))


def _evaluate(options: argparse.Namespace) -> None:
    from qa_bot.bot import retriever_of
    from qa_bot.evaluation import measure, read_beir, search_all, trec_lines
    from qa_bot.retrieval import Mode

    collection = read_beir(options.folder)
    retriever = retriever_of(collection.documents.values(), options.model)
    # Opened before the work, so that a wrong path is not found out after it.
    with _writable(options.run_file) as run_file:
        runs = {mode: search_all(retriever, collection, mode) for mode in Mode}
        run_file.writelines(trec_lines(runs[Mode.HYBRID], tag="qa_bot-hybrid"))
    measures = {mode.value: measure(run, collection.qrels) for mode, run in runs.items()}
    if options.json:
        counts = {"queries": len(collection.queries), "passages": len(collection.documents)}
        _print_json({**counts, **measures})
    else:
        _print(reports.measures_table(measures))


def _opened(options: argparse.Namespace) -> QABot:
    from qa_bot.bot import QABot

    return QABot.open(options.index, options.seeds, options.model)


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


def _writable(path: Path | None) -> TextIO:
    try:
        return open(path or os.devnull, "w", encoding="utf-8")
    except OSError as error:
        raise QABotError(f"{path}: can't be written ({error.strerror})") from error


def _print(lines: Iterable[str]) -> None:
    """Print lines so that nothing in them, which may come from any file, is obeyed by a terminal."""
    for line in lines:
        print(reports.one_line(line))


def _complain(problem: str) -> None:
    print(f"qa-bot: {reports.one_line(problem)}", file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qa-bot",
        description="Ask what officials really said: their own words, cited, or honest silence.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, run, summary, example, options in _COMMANDS:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}.".capitalize(),
            epilog=f"example: qa-bot {example}",
        )
        command.set_defaults(run=run)
        for add_options in options:
            add_options(command)
    return parser


def _chat_options(chat: argparse.ArgumentParser) -> None:
    chat.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine)"
    )
    chat.add_argument("--port", type=_port, help="port to listen on (default: a free one from 7860 on)")
    chat.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    chat.add_argument(
        "--allow-adding",
        action=argparse.BooleanOptionalAction,
        help="let visitors add transcripts (default: only where nobody but this machine can visit)",
    )


def _filter_options(asked: argparse.ArgumentParser) -> None:
    filters = asked.add_argument_group("filters", "each may be given several times, but for the dates")
    filters.add_argument("--transcript", action="append", metavar="ID", help="the id of a transcript")
    filters.add_argument("--event", action="append", help="part of the event's name or of the title")
    filters.add_argument("--speaker", action="append", help="part of the official's name or office")
    filters.add_argument("--outlet", action="append", help="part of the outlet's name that asked")
    filters.add_argument("--since", metavar="DATE", help="first day, month or year, such as 2017-03")
    filters.add_argument("--until", metavar="DATE", help="last day, month or year")


def _question_options(asked: argparse.ArgumentParser) -> None:
    asked.add_argument("question", nargs="+", help="the question, in any words")
    _filter_options(asked)


def _count_option(search: argparse.ArgumentParser) -> None:
    search.add_argument("-k", type=_positive, default=5, help="how many passages (default: 5)")


def _place_options(add: argparse.ArgumentParser) -> None:
    add.add_argument("places", nargs="+", metavar="PLACE", help="a file, a folder or an address")
    add.add_argument(
        "--allow-private", action="store_true", help="fetch from this machine and private networks too"
    )


def _ids_option(remove: argparse.ArgumentParser) -> None:
    remove.add_argument("ids", nargs="+", metavar="ID", help="a transcript's id, see qa-bot list")


def _link_option(show: argparse.ArgumentParser) -> None:
    show.add_argument("id", metavar="ID", help="a passage, an exchange (T#8) or a transcript (T)")


def _file_option(parse: argparse.ArgumentParser) -> None:
    parse.add_argument("file", type=Path, help="the transcript: text, web page, Word file or PDF")


def _evaluation_options(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("layout", choices=["beir"], help="the layout of the test collection")
    evaluate.add_argument("folder", type=Path, help="the folder of the test collection")
    evaluate.add_argument("--run", dest="run_file", type=Path, help="write the hybrid run, TREC format")


def _collection_options(opened: argparse.ArgumentParser) -> None:
    opened.add_argument(
        "--seeds", type=_folder, help="folder of transcripts (default: ./seeds, or the packaged one)"
    )
    opened.add_argument(
        "--index",
        type=_folder,
        help="folder of the index (default: one for each folder of transcripts)",
    )


def _model_option(embedding: argparse.ArgumentParser) -> None:
    embedding.add_argument("--model", help="a folder or a hub's name (default: the embedded model)")


def _json_option(printing: argparse.ArgumentParser) -> None:
    printing.add_argument("--json", action="store_true", help="print JSON")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number of at least 1")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("must be a number from 1 to 65535")
    return int(text)


def _folder(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    return text


_OPENING: Final = (_collection_options, _model_option)
_PRINTING: Final = (*_OPENING, _json_option)
#: Each command: its name, what runs it, a summary, an example, and what adds its options.
_COMMANDS: Final = (
    ("chat", _chat, "open the web chat", "chat --port 7860", (_chat_options, *_OPENING)),
    ("ask", _ask, "answer a question", "ask 什么是双暂停", (_question_options, *_PRINTING)),
    (
        "search",
        _search,
        "list the best passages",
        "search 萨德 -k 3 --json",
        (_count_option, _question_options, *_PRINTING),
    ),
    (
        "add",
        _add,
        "add files, folders and web pages",
        "add speech.pdf briefings/",
        (_place_options, *_PRINTING),
    ),
    (
        "remove",
        _remove,
        "leave transcripts out",
        "remove 2017-03-08-wangyi",
        (_ids_option, *_PRINTING),
    ),
    ("list", _list, "list the transcripts", "list --json", _PRINTING),
    (
        "show",
        _show,
        "show a passage in its context",
        "show 2017-03-08-wangyi#8.1",
        (_link_option, *_PRINTING),
    ),
    ("build", _build, "build the index anew", "build --seeds my_transcripts", _OPENING),
    (
        "parse",
        _parse,
        "show what is understood of a file",
        "parse a.txt",
        (_file_option, _json_option),
    ),
    (
        "evaluate",
        _evaluate,
        "measure retrieval",
        "evaluate beir DIR",
        (_evaluation_options, _model_option, _json_option),
    ),
)
