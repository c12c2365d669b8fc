"""Measure whom the reader takes each character of a transcript to be said by, against gold files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_bot.documents import read_document
from qa_bot.parsing import parse_document
from qa_bot.records import Role, Transcript, Turn

#: A time stamp at the end of a line is no word, whatever the gold file counts it to.
_STAMP = re.compile(r"\[\d\d:\d\d\]")
Gold = dict[str, Any]


@dataclass(frozen=True)
class Score:
    """Characters with the right speaker and role, of all; exchanges with another's answer; missed ones."""

    files: int = 0
    right: int = 0
    characters: int = 0
    exchanges: int = 0
    mispaired: int = 0
    unpaired: int = 0
    dates: int = 0
    titles: int = 0

    @property
    def share(self) -> float:
        """The share of characters with the right speaker and role."""
        return self.right / self.characters

    def __add__(self, other: Score) -> Score:
        names = self.__dataclass_fields__
        return Score(**{name: getattr(self, name) + getattr(other, name) for name in names})


def gold_files(folder: Path) -> list[Path]:
    """Return the transcripts of a folder that have a gold file beside them."""
    return sorted(path for path in folder.iterdir() if path.suffix != ".json")


def measured(path: Path) -> Score:
    """Compare what is read from one transcript with its gold file."""
    gold: Gold = json.loads(path.with_suffix(".gold.json").read_text(encoding="utf-8"))
    transcript = parse_document(read_document(path), path.stem)
    owners = _owners(transcript)
    stamps = {i for match in _STAMP.finditer(transcript.text) for i in range(*match.span())}
    right = characters = position = 0
    turns: list[int | None] = []
    for segment in gold["segments"]:
        start = transcript.text.index(segment["quote"], position)
        position = start + len(segment["quote"])
        places = [
            i for i in range(start, position) if not transcript.text[i].isspace() and i not in stamps
        ]
        characters += len(places)
        right += sum(_agrees(owners.get(i), segment, transcript) for i in places)
        turns.append(next((owners[i] for i in places if i in owners), None))
    mispaired, unpaired = _pairing(transcript, gold, turns)
    date = transcript.date.value if transcript.date else None
    return Score(
        1, right, characters, len(gold["exchanges"]), mispaired, unpaired,
        date == gold["date"], transcript.title == gold["title"],
    )  # fmt: skip


def _owners(transcript: Transcript) -> dict[int, int]:
    """Return for each character of anybody's words the number of the turn."""
    return {
        position: number
        for number, turn in enumerate(transcript.turns)
        for position in range(turn.words.start, turn.words.end)
    }


def _agrees(number: int | None, segment: Gold, transcript: Transcript) -> bool:
    if segment["role"] == "narration" or number is None:
        return segment["role"] == "narration" and number is None
    turn = transcript.turns[number]
    return turn.role.value == segment["role"] and _same(_name(turn), segment["speaker"], turn.role)


def _name(turn: Turn) -> str:
    speaker = turn.speaker
    return (speaker.outlet if turn.role is Role.JOURNALIST else speaker.name or speaker.outlet) or ""


def _same(name: str, gold: str, role: Role) -> bool:
    """Tell whether two names mean one speaker: part of each other, or one English surname."""
    if not name or not gold:
        return name == gold or role is Role.MODERATOR
    surname = name.isascii() and name.split()[-1].casefold() == gold.split()[-1].casefold()
    return name in gold or gold in name or surname


def _pairing(transcript: Transcript, gold: Gold, turns: list[int | None]) -> tuple[int, int]:
    """Count exchanges that hold an answer to another question, and those that are not found."""
    number = {turn: n for n, turn in enumerate(transcript.turns)}
    expected = {
        turns[each["question"]]: {turns[a] for a in each["answers"]} for each in gold["exchanges"]
    }
    found = {number[each.question]: {number[a] for a in each.answers} for each in transcript.exchanges}
    mispaired = sum(
        bool(answers - expected.get(question, set())) for question, answers in found.items()
    )
    missed = (question for question, answers in expected.items() if answers - {None})
    unpaired = sum(not (found.get(q, set()) & expected[q]) for q in missed if q is not None)
    return mispaired, unpaired
