"""Train an embedding model: `train` makes the embedded one, `finetune` adapts any to your transcripts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import torch

from qa_bot.errors import QABotError
from qa_bot.training.contrastive import Recipe
from qa_bot.training.finetuning import STATIC_RATE, TRANSFORMER_RATE, Tuning, finetune, gather
from qa_bot.training.scratch import Place, make_model

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; a user's mistake is told in a line, without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except QABotError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train(options: argparse.Namespace) -> None:
    recipe = Recipe(steps=options.steps, seed=options.seed)
    make_model(Place(options.data, options.out, options.device), recipe)


def _finetune(options: argparse.Namespace) -> None:
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
    made.add_argument("--steps", type=int, default=Recipe().steps, help="length (default: %(default)s)")
    made.add_argument("--seed", type=int, default=Recipe().seed, help="(default: %(default)s)")
    _add_device(made)


def _add_finetune(commands: Commands) -> None:
    tuned = commands.add_parser(
        "finetune",
        help="adapt any dense model to transcripts of your own",
        description="Adapt a model to your transcripts and to what readers found right. "
        "A run that was stopped goes on from its last epoch.",
        epilog="example: python -m qa_bot.training finetune --model intfloat/multilingual-e5-small "
        "--seeds transcripts --feedback questions.tsv --out tuned",
    )
    usual, files = Tuning(), "files of questions as `qa-bot evaluate questions` reads them"
    tuned.set_defaults(run=_finetune)
    tuned.add_argument("--model", help="a folder or a hub's name (default: the embedded model)")
    tuned.add_argument("--seeds", type=Path, required=True, help="folder of your transcripts")
    tuned.add_argument("--feedback", type=Path, action="append", default=[], metavar="FILE", help=files)
    tuned.add_argument("--out", type=Path, required=True, help="folder to save the model in")
    tuned.add_argument("--epochs", type=int, default=usual.epochs, help="(default: %(default)s)")
    tuned.add_argument(
        "--batch-size", type=int, default=usual.batch_size, help="(default: %(default)s)"
    )
    tuned.add_argument(
        "--learning-rate",
        type=float,
        help=f"(default: {TRANSFORMER_RATE}, for a static model {STATIC_RATE})",
    )
    tuned.add_argument(
        "--held-out",
        type=float,
        default=usual.held_out,
        help="part of the questions that measures and does not teach (default: %(default)s)",
    )
    tuned.add_argument("--seed", type=int, default=usual.seed, help="(default: %(default)s)")
    _add_device(tuned)


def _add_device(parser: argparse.ArgumentParser) -> None:
    usual = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", default=usual, help="cpu or cuda (default: %(default)s)")


if __name__ == "__main__":
    raise SystemExit(main())
