"""Feed mutated transcripts to the reader, by hand: python -m tests.fuzz.fuzz_reader --inputs 20000.

Nothing may be raised but `TranscriptError` for a blank text, no character may get lost, no mark may
hold a word, and none may take ten seconds. What fails is printed with the number that makes it again.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from qa_bot.errors import TranscriptError
from qa_bot.parsing import parse_transcript, render
from tests.attribution import gold_files

LAYOUTS: Final = Path(__file__).parent.parent / "data" / "layouts"
SECONDS: Final = 10.0
SIGNS: Final = "：:？。“”「」（）()[]【】#*_|问答QA记者王毅\n\r\t 　0123456789-—\u200b\ufeff\u2028\x0b"
#: A time stamp holds 年, 月 and 日, an English one AM; nothing else that is a letter is a mark.
WORD: Final = re.compile(r"[^\W\d_年月日]")


@cache
def texts() -> list[str]:
    folders = sorted(path for path in LAYOUTS.iterdir() if path.is_dir())
    paths = [path for folder in folders for path in gold_files(folder)]
    return [path.read_bytes().decode("utf-8-sig") for path in paths]


@cache
def lines() -> list[str]:
    return [line for text in texts() for line in text.splitlines() if line.strip()]


def shuffled(chance: random.Random) -> str:
    return "\n".join(chance.choice(lines()) for _ in range(chance.randrange(1, 14)))


def changed(chance: random.Random) -> str:
    letters = list(chance.choice(texts())[:900])
    for _ in range(chance.randrange(1, 30)):
        letters[chance.randrange(len(letters))] = chance.choice(SIGNS)
    return "".join(letters)


def scattered(chance: random.Random) -> str:
    return "".join(chance.choice(SIGNS) for _ in range(chance.randrange(1, 120)))


def spliced(chance: random.Random) -> str:
    one, other = chance.choice(texts()), chance.choice(texts())
    start, end = chance.randrange(len(one)), chance.randrange(len(other))
    return one[start : start + 500] + other[end : end + 500]


def repeated(chance: random.Random) -> str:
    return chance.choice([chance.choice(SIGNS), chance.choice(lines())]) * chance.randrange(1, 400)


MUTATIONS: Final[tuple[Callable[[random.Random], str], ...]] = (
    shuffled, changed, scattered, spliced, repeated,
)  # fmt: skip


def made(number: int) -> str:
    """Return the input with a number, always the same."""
    chance = random.Random(number)
    return MUTATIONS[number % len(MUTATIONS)](chance)


def fault(text: str) -> str | None:
    """Return what is wrong with how the reader took a text, or None."""
    begun = time.perf_counter()
    try:
        transcript = parse_transcript(text)
        if render(transcript) != text:
            return "render gives another text"
        wordy = [mark.of(text) for mark in transcript.marks if WORD.search(mark.of(text))]
        if wordy:
            return f"a mark holds words: {wordy[0][:40]!r}"
    except TranscriptError as error:
        return str(error) if text.strip() else None
    except Exception as error:  # whatever it is, it is what is looked for
        return f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - begun
    return f"took {seconds:.1f} s" if seconds > SECONDS else None


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    options = parser.parse_args()
    failed = 0
    for number in range(options.first, options.first + options.inputs):
        if found := fault(made(number)):
            failed += 1
            print(f"{number}: {found}", flush=True)
    print(f"{options.inputs} inputs, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
