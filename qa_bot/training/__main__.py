"""Train an embedding model: `train` makes the embedded one, `finetune` adapts any to your transcripts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import torch

from qa_bot.cli import INTERRUPTED, told
from qa_bot.errors import QABotError
from qa_bot.options import positive
from qa_bot.training.contrastive import Recipe
from qa_bot.training.scratch import Place, make_model
from qa_bot.training.tuning import STATIC_RATE, TRANSFORMER_RATE, Tuning

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_DEFAULT: Final = "(default: %(default)s)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; a mistake is told in a line, without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (QABotError, OSError) as error:
        print(told(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command goes on from the last checkpoint", file=sys.stderr)
        return INTERRUPTED
    return 0


def _train(options: argparse.Namespace) -> None:
    recipe = Recipe(steps=options.steps, seed=options.seed)
    make_model(Place(options.data, options.out, options.device), recipe)


def _finetune(options: argparse.Namespace) -> None:
    try:
        from qa_bot.training.finetuning import finetune, gather
    except ImportError as error:
        raise QABotError(
            "fine-tuning needs more packages; run: pip install 'qa_bot[training]'"
        ) from error
    tuning = Tuning(
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        held_out=options.held_out,
        seed=options.seed,
        device=options.device,
    )
    lessons = gather(options.seeds, options.feedback)
    print(f"{len(lessons.answers)} questions with an answer, {len(lessons.passages)} passages")
    gain = finetune(options.model, lessons, options.out, tuning)
    print(
        f"right at rank 1, of {gain.questions} held out: {gain.before:.3f} before, {gain.after:.3f} now"
    )
    print(f"saved in {options.out}; use it with --model {options.out}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa_bot.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_train(commands)
    _add_finetune(commands)
    return parser


def _add_train(commands: Commands) -> None:
    made = commands.add_parser(
        "train",
        help="make the embedded model from scratch",
        description="Make the embedded model from scratch. A run that was stopped goes on where it was.",
        epilog="example: python -m qa_bot.training train --data corpora --out qa_bot/model",
    )
    made.set_defaults(run=_train)
    made.add_argument("--data", type=Path, required=True, help="folder of the training corpora")
    made.add_argument("--out", type=Path, required=True, help="folder to save the model in")
    made.add_argument("--steps", type=positive, default=Recipe().steps, help=f"length {_DEFAULT}")
    _add_machine(made)


def _add_finetune(commands: Commands) -> None:
    tuned = commands.add_parser(
        "finetune",
        help="adapt any dense model to transcripts of your own",
        description="Adapt a model to your transcripts and to what readers found right. "
        "A run that was stopped goes on from its last checkpoint.",
        epilog="example: python -m qa_bot.training finetune --model intfloat/multilingual-e5-small "
        "--seeds transcripts --feedback questions.tsv --out tuned",
    )
    files = "questions with the passages that answer them, as `qa-bot evaluate questions` reads them"
    tuned.set_defaults(run=_finetune)
    tuned.add_argument("--model", help="a folder or a hub's name (default: the embedded model)")
    tuned.add_argument("--seeds", type=Path, required=True, help="folder of your transcripts")
    tuned.add_argument("--feedback", type=Path, action="append", default=[], metavar="FILE", help=files)
    tuned.add_argument("--out", type=Path, required=True, help="folder to save the model in")
    tuned.add_argument("--epochs", type=positive, default=Tuning().epochs, help=_DEFAULT)
    tuned.add_argument("--batch-size", type=positive, default=Tuning().batch_size, help=_DEFAULT)
    tuned.add_argument(
        "--learning-rate",
        type=_rate,
        help=f"(default: {TRANSFORMER_RATE:f} for a transformer, {STATIC_RATE:f} for a static model)",
    )
    tuned.add_argument(
        "--held-out",
        type=_part,
        default=Tuning().held_out,
        help=f"part of the exchanges whose questions measure and do not teach {_DEFAULT}",
    )
    _add_machine(tuned)


def _add_machine(parser: argparse.ArgumentParser) -> None:
    usual = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--seed", type=_seed, default=Recipe().seed, help=_DEFAULT)
    parser.add_argument("--device", type=_device, default=usual, help=f"cpu or cuda {_DEFAULT}")


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**32:
        raise argparse.ArgumentTypeError("must be a whole number from 0 to 4294967295")
    return int(text)


def _rate(text: str) -> float:
    return _between(text, 0.0, 10.0)


def _part(text: str) -> float:
    return _between(text, 0.0, 1.0)


def _between(text: str, low: float, high: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = low
    if not low < number < high:
        raise argparse.ArgumentTypeError(f"must be a number above {low:g} and below {high:g}")
    return number


def _device(text: str) -> str:
    if text not in ("cpu", "cuda"):
        raise argparse.ArgumentTypeError("must be cpu or cuda")
    if text == "cuda" and not torch.cuda.is_available():
        raise argparse.ArgumentTypeError("no GPU that torch can use is here; take cpu")
    return text


if __name__ == "__main__":
    raise SystemExit(main())
