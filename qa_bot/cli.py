"""The command line: parse arguments, call one function, print what it returns."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO

from qa_bot import reports
from qa_bot.answering import not_found, refusal
from qa_bot.errors import QABotError
from qa_bot.sources import read_source

_EXAMPLES = """examples:
  qa-bot chat
  qa-bot ask 中方如何看待朝鲜半岛局势？
  qa-bot search 双暂停 -k 3 --json
  qa-bot build --seeds my_transcripts --index my_index
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
    logging.basicConfig(format="qa-bot: %(message)s", level=logging.WARNING)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has what it wanted.
        _discard_output()
    except (QABotError, UnicodeError, OSError) as error:
        print(f"qa-bot: {_told(error)}", file=sys.stderr)
        if isinstance(error, OSError):
            _discard_output()
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


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
    from qa_bot.bot import QABot
    from qa_bot.web.page import launch

    bot = QABot.open(options.index, options.seeds, options.model)
    launch(bot, host=options.host, port=options.port, open_browser=not options.no_browser)


def _ask(options: argparse.Namespace) -> None:
    from qa_bot.bot import QABot

    answer = QABot.open(options.index, options.seeds, options.model).ask(" ".join(options.question))
    if options.json:
        _print_json(reports.answer_json(answer))
    else:
        _print(reports.answer_lines(answer))


def _search(options: argparse.Namespace) -> None:
    from qa_bot.bot import QABot

    bot = QABot.open(options.index, options.seeds, options.model)
    query = " ".join(options.question)
    hits = bot.search(query, options.k)
    if not hits:
        print(f"qa-bot: {refusal(query) or not_found(query)}", file=sys.stderr)
    if options.json:
        _print_json([reports.hit_json(hit) for hit in hits])
    else:
        _print(reports.hit_lines(hits))


def _build(options: argparse.Namespace) -> None:
    from qa_bot.bot import build_index

    bot = build_index(options.seeds, options.index, options.model)
    print(f"indexed {len(bot.passages)} passages of {len(bot.transcripts)} transcripts")


def _parse(options: argparse.Namespace) -> None:
    transcript = read_source(options.file)
    if options.json:
        _print_json(reports.transcript_json(transcript))
    else:
        _print(reports.transcript_lines(transcript))


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


def _writable(path: Path | None) -> TextIO:
    try:
        return open(path or os.devnull, "w", encoding="utf-8")
    except OSError as error:
        raise QABotError(f"{path}: can't be written ({error.strerror})") from error


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


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
    chat = _command(commands, "chat", _chat, "open the web chat", "chat --port 7860")
    ask = _command(commands, "ask", _ask, "answer a question", "ask 什么是双暂停")
    search = _command(commands, "search", _search, "list the best passages", "search 萨德 -k 3 --json")
    build = _command(commands, "build", _build, "build the index anew", "build --seeds my_transcripts")
    parse = _command(commands, "parse", _parse, "show what is understood of a file", "parse a.txt")
    evaluate = _command(commands, "evaluate", _evaluate, "measure retrieval", "evaluate beir DIR")
    chat.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine)"
    )
    chat.add_argument("--port", type=_port, help="port to listen on (default: a free one from 7860 on)")
    chat.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    search.add_argument("-k", type=_positive, default=5, help="how many passages (default: 5)")
    parse.add_argument("file", type=Path, help="the transcript")
    evaluate.add_argument("layout", choices=["beir"], help="the layout of the test collection")
    evaluate.add_argument("folder", type=Path, help="the folder of the test collection")
    evaluate.add_argument("--run", dest="run_file", type=Path, help="write the hybrid run, TREC format")
    for asked in (ask, search):
        asked.add_argument("question", nargs="+", help="the question, in any words")
    for opened in (chat, ask, search, build):
        opened.add_argument(
            "--seeds", help="folder of transcripts (default: ./seeds, or the packaged one)"
        )
        opened.add_argument(
            "--index", help="folder of the index (default: one for each folder of transcripts)"
        )
    for embedding in (chat, ask, search, build, evaluate):
        embedding.add_argument("--model", help="a folder or a hub's name (default: the embedded model)")
    for printing in (ask, search, parse, evaluate):
        printing.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], None],
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=summary, description=f"{summary}.".capitalize(), epilog=f"example: qa-bot {example}"
    )
    parser.set_defaults(run=run)
    return parser


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
