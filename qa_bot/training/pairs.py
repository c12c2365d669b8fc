"""The pairs that teach: two texts whose vectors should lie close together."""

from __future__ import annotations

from typing import Final, NamedTuple

#: Rows of these sources, for non-commercial research only, never reach shipped weights.
NON_COMMERCIAL: Final = frozenset({"c3"})


class Pair(NamedTuple):
    """A query and a passage, or two languages, or two ways of saying one thing.

    Pairs of one `topic` are no wrong answers to each other; without one, only equal passages are not.
    """

    query: str
    passage: str
    topic: str = ""
