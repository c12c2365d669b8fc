"""What can be typed on the command line, as options of each command."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

_EXAMPLES: Final = """examples:
  qa-bot chat
  qa-bot ask 中方如何看待朝鲜半岛局势？
  qa-bot search 双暂停 -k 3 --explain
  qa-bot ask 萨德问题的立场 --speaker 王毅 --since 2017
  qa-bot add my_transcripts speech.pdf https://www.example.org/briefing.html
  qa-bot list
  qa-bot show 2017-03-08-wangyi#8.1
  qa-bot parse seeds/2017-03-08-wangyi.txt
  qa-bot evaluate beir xquad_zh_zh --run run.trec
  qa-bot evaluate questions questions.tsv --seeds transcripts --report report
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; `command` of what it parses names the one that was given."""
    parser = argparse.ArgumentParser(
        prog="qa-bot",
        description="Ask what officials really said: their own words, cited, or honest silence.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, summary, example, options in _COMMANDS:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}.".capitalize(),
            epilog=f"example: qa-bot {example}",
        )
        command.set_defaults(command=name)
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
    search.add_argument("-k", type=positive, default=5, help="how many passages (default: 5)")


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
    layouts = evaluate.add_subparsers(metavar="LAYOUT", required=True)
    for name, summary, example, options in _EVALUATIONS:
        layout = layouts.add_parser(
            name,
            help=summary,
            description=f"{summary}.".capitalize(),
            epilog=f"example: qa-bot evaluate {example}",
        )
        layout.set_defaults(command=f"evaluate {name}")
        for add_options in (*options, _report_option, _parts_options, _json_option):
            add_options(layout)


def _beir_options(beir: argparse.ArgumentParser) -> None:
    beir.add_argument(
        "folders", nargs="+", metavar="DIR", type=Path, help="the folder of a test collection"
    )
    beir.add_argument("--run", dest="run_file", type=Path, help="write the hybrid run, TREC format")
    beir.add_argument("--runs", metavar="DIR", type=Path, help="write a run of each leg into a folder")


def _asked_options(asked: argparse.ArgumentParser) -> None:
    asked.add_argument("file", type=Path, help="the questions, a row each, parted by tabs")
    asked.add_argument(
        "--seeds", type=_folder, required=True, help="folder of the transcripts they are asked of"
    )


def _together_option(questions: argparse.ArgumentParser) -> None:
    questions.add_argument(
        "--together", action="store_true", help="ask all transcripts at once, not each alone"
    )


def _report_option(evaluated: argparse.ArgumentParser) -> None:
    evaluated.add_argument(
        "--report", metavar="DIR", type=Path, help="write a report with plots into a folder"
    )


def _collection_options(opened: argparse.ArgumentParser) -> None:
    opened.add_argument(
        "--seeds", type=_folder, help="folder of transcripts (default: ./seeds, or the packaged one)"
    )
    opened.add_argument(
        "--index",
        type=_folder,
        help="folder of the index (default: one for each folder of transcripts)",
    )


def _parts_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--model", help="a folder or a hub's name (default: the embedded model)")
    made.add_argument(
        "--truncate-dim", type=positive, metavar="N", help="keep the model's first N dimensions"
    )
    made.add_argument(
        "--lexicon",
        dest="lexicons",
        action="append",
        metavar="FILE",
        help="names and wordings beside those of the package; may be given several times",
    )


def _reranker_option(asked: argparse.ArgumentParser) -> None:
    asked.add_argument("--reranker", help="a cross-encoder: a folder or a hub's name (default: none)")


def _explain_option(search: argparse.ArgumentParser) -> None:
    search.add_argument("--explain", action="store_true", help="tell why each passage was found")


def _json_option(printing: argparse.ArgumentParser) -> None:
    printing.add_argument("--json", action="store_true", help="print JSON")


def positive(text: str) -> int:
    """Return an option's value as a whole number; raises `ArgumentTypeError` below 1."""
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


_OPENING: Final = (_collection_options, _parts_options)
_PRINTING: Final = (*_OPENING, _json_option)
#: Each thing that is evaluated: its name, a summary, an example, what adds its options.
_EVALUATIONS: Final = (
    (
        "beir",
        "measure each leg and both on test collections in BEIR layout",
        "beir xquad_zh_zh --runs runs --report report",
        (_beir_options,),
    ),
    (
        "questions",
        "measure answers and silence on questions to transcripts",
        "questions questions.tsv --seeds transcripts --report report",
        (_asked_options, _together_option),
    ),
    (
        "followups",
        "measure questions that continue others",
        "followups followups.tsv --seeds transcripts",
        (_asked_options,),
    ),
)
#: Each command: its name, a summary, an example, and what adds its options.
_COMMANDS: Final = (
    ("chat", "open the web chat", "chat --port 7860", (_chat_options, _reranker_option, *_OPENING)),
    ("ask", "answer a question", "ask 什么是双暂停", (_question_options, _reranker_option, *_PRINTING)),
    (
        "search",
        "list the best passages",
        "search 萨德 -k 3 --json",
        (_count_option, _explain_option, _question_options, _reranker_option, *_PRINTING),
    ),
    (
        "add",
        "add files, folders and web pages",
        "add speech.pdf briefings/",
        (_place_options, *_PRINTING),
    ),
    (
        "remove",
        "leave transcripts out",
        "remove 2017-03-08-wangyi",
        (_ids_option, *_PRINTING),
    ),
    ("list", "list the transcripts", "list --json", _PRINTING),
    (
        "show",
        "show a passage in its context",
        "show 2017-03-08-wangyi#8.1",
        (_link_option, *_PRINTING),
    ),
    ("build", "build the index anew", "build --seeds my_transcripts", _OPENING),
    (
        "parse",
        "show what is understood of a file",
        "parse a.txt",
        (_file_option, _json_option),
    ),
    (
        "evaluate",
        "measure search, silence and conversation",
        "evaluate beir DIR",
        (_evaluation_options,),
    ),
)
