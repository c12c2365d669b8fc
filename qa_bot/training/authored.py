"""Pairs from what the project wrote itself: everyday questions, concepts, and the lexicon.

The words in which people ask are not those in which officials answer, and no public corpus at hand
joins the two. `everyday.tsv` has questions in everyday words, Chinese and English, to passages of
the training corpora, named by file, line and characters (the passages themselves are not in the
package). `concepts.txt` has one concept a line: everyday words, official words and English ones,
parted by ` | `.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

from qa_bot.errors import TrainingDataError
from qa_bot.lexicon import Name, parse_lexicon
from qa_bot.places import EMBEDDED_LEXICONS
from qa_bot.training.pairs import NON_COMMERCIAL, Pair

FOLDER: Final = Path(__file__).parent
EVERYDAY: Final = "everyday.tsv"
CONCEPTS: Final = "concepts.txt"
_HELD_OUT_EVERY: Final = 20
_MAX_FORMS: Final = 5
_DRAWS: Final = 4
_MAX_WORDS: Final = 3


def everyday_pairs(corpora: Path, held_out: bool = False) -> Iterator[Pair]:
    """Yield the everyday questions that teach, or those held out, with their passages.

    The passages are read from the folder `corpora`; those of every twentieth line are held out, to
    tell what a model makes of questions that it was not taught. Raises `TrainingDataError` where a
    passage is not in its file.
    """
    with (FOLDER / EVERYDAY).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_file: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if (int(row["line"]) % _HELD_OUT_EVERY == 0) == held_out:
            by_file[row["file"]].append(row)
    for name, asked in by_file.items():
        texts = _texts(corpora / name, {int(row["line"]) for row in asked})
        for row in asked:
            text, start, end = texts[int(row["line"])], int(row["start"]), int(row["end"])
            if end > len(text):
                raise TrainingDataError(
                    f"{corpora / name}, line {row['line']}: {len(text)} characters, "
                    f"but {EVERYDAY} names those to {end}; is it another edition of the corpus?"
                )
            yield Pair(row["question"], text[start:end])


def require(path: Path) -> None:
    """Raise `TrainingDataError` unless a corpus is there."""
    if not path.is_file():
        raise TrainingDataError(f"{path}: training file not found; give its folder with --data")


def _texts(path: Path, wanted: set[int]) -> dict[int, str]:
    """Return some lines of a corpus by their number, 1 being the first: the passage of each."""
    require(path)
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        found = {number: line for number, line in enumerate(lines, start=1) if number in wanted}
    if missing := wanted - found.keys():
        raise TrainingDataError(f"{path}, line {min(missing)}: not there, but {EVERYDAY} names it")
    return {number: _text_of(line) for number, line in found.items()}


def _text_of(line: str) -> str:
    if not line.startswith("{"):
        return line.replace("\u2028", "\n")
    row = json.loads(line)
    if row.get("src") in NON_COMMERCIAL:
        raise TrainingDataError(f"{EVERYDAY} asks of a row of {row['src']}, which may not teach")
    return str(row.get("zh") or row["p"])


def concept_pairs(rng: random.Random) -> Iterator[Pair]:
    """Yield a few words of one list of a concept with a few of another, several times for each two lists.

    So few that each of them must carry the meaning.
    """
    for line in (FOLDER / CONCEPTS).read_text(encoding="utf-8").splitlines():
        lists = [words.split() for words in line.split(" | ")]
        for one, other in combinations(lists, 2):
            drawn = (Pair(_some(one, rng), _some(other, rng), line) for _ in range(_DRAWS))
            yield from (pair for pair in drawn if pair.query != pair.passage)


def _some(words: Sequence[str], rng: random.Random) -> str:
    return " ".join(rng.sample(words, min(len(words), rng.randint(1, _MAX_WORDS))))


def lexicon_pairs(rng: random.Random) -> Iterator[Pair]:
    """Yield the package's lexicon: two names of one thing, or an everyday word and its official ones."""
    for file in sorted(EMBEDDED_LEXICONS.glob("*.txt")):
        for entry in parse_lexicon(file.read_text(encoding="utf-8"), str(file)):
            if isinstance(entry, Name):
                forms = rng.sample(entry.forms, min(_MAX_FORMS, len(entry.forms)))
                yield from (Pair(one, other, str(entry)) for one, other in combinations(forms, 2))
            else:
                yield Pair(entry.said, " ".join(entry.official))
