"""Decide which segments are joined, so that there are never many and no change takes long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

#: No larger segment is made or joined, but for one that holds a single longer transcript.
MOST_CHARACTERS: Final = 2_000_000
_JOINED_AT: Final = 4


def to_join(living: Sequence[int], whole: Sequence[int]) -> tuple[int, ...]:
    """Return which segments to join into one now, none when they are well as they are.

    Sizes are in characters: of what still counts, and of all. A segment of which less than half
    counts is written again alone. Otherwise four of about one size, within a factor of four, are
    joined, so that n transcripts that were added one by one lie in O(log n) segments and each was
    written O(log n) times.

    >>> to_join([600, 700, 800, 900], [600, 700, 800, 900]), to_join([10, 90], [100, 90])
    ((0, 1, 2, 3), (0,))
    """
    for number, (counting, all_of_it) in enumerate(zip(living, whole, strict=True)):
        if 2 * counting < all_of_it:
            return (number,)
    tiers: dict[int, list[int]] = defaultdict(list)
    for number, size in enumerate(living):
        tiers[size.bit_length() // 2].append(number)
    for _, tier in sorted(tiers.items()):
        if len(tier) >= _JOINED_AT and sum(living[number] for number in tier) <= MOST_CHARACTERS:
            return tuple(tier)
    return ()
