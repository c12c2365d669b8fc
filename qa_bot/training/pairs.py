"""The pairs that teach: two texts whose vectors should lie close together."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """A query and a passage, or two languages, or two ways of saying one thing.

    Pairs of one `topic` are no wrong answers to each other; without one, only equal passages are not.
    """

    query: str
    passage: str
    topic: str = ""
