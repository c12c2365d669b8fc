"""The late leg against values worked out by hand, and bags that grow as if gathered at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.late import Bags, Ids, JoinedBags, WordTable, max_sim

#: Four words: 0 and 1 stand at right angles, 2 lies 0.6 along 0 and 0.8 along 1, 3 is opposite to 0.
VECTORS = np.array([[1, 0], [0, 2], [0.6, 0.8], [-1, 0]], dtype=np.float32)
WEIGHTS = np.array([1, 3, 1, 1], dtype=np.float32)
BAGS = st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=5)


def ids(*words: int) -> Ids:
    return np.array(words, dtype=np.int32)


def table() -> WordTable:
    """Takes a text for the numbers of its words."""
    return WordTable(lambda texts: [ids(*map(int, text.split())) for text in texts], VECTORS, WEIGHTS)


def test_each_word_of_the_question_counts_its_nearest_by_its_weight() -> None:
    # Word 0 weighs 1, word 1 weighs 3. Passage [2]: 0.6 and 0.8, so (0.6 + 3 * 0.8) / 4 = 0.75.
    # Passage [0, 3]: word 0 is there, word 1 stands at right angles to both: 1 / 4.
    # Passage [3]: word 0 is opposite, which counts as nothing; a passage without words likewise.
    scores = max_sim(table(), "0 1", [ids(2), ids(0, 3), ids(3), ids(), ids(0, 1)])
    assert scores.tolist() == pytest.approx([0.75, 0.25, 0.0, 0.0, 1.0], abs=1e-5)


def test_a_question_without_words_finds_nothing() -> None:
    assert max_sim(table(), "", [ids(0)]).tolist() == [0.0]
    assert max_sim(table(), "0", []).tolist() == []


def test_a_passage_scores_alike_whatever_stands_beside_it() -> None:
    alone = max_sim(table(), "0 1 2", [ids(2, 3)])
    beside = max_sim(table(), "0 1 2", [ids(0), ids(2, 3), ids(1, 3)])
    assert alone[0] == beside[1]


@given(BAGS, BAGS, st.lists(st.booleans(), min_size=10, max_size=10))
def test_joined_bags_are_those_gathered_at_once(
    first: list[list[int]], second: list[list[int]], flags: list[bool]
) -> None:
    kept = [np.array(flags[: len(first)], bool), np.array(flags[5 : 5 + len(second)], bool)]
    parts = [Bags.of(ids(*words) for words in texts) for texts in (first, second)]
    joined = Bags.join(parts, kept)
    living = np.concatenate(kept)
    chosen = [words for words, stays in zip([*first, *second], living, strict=True) if stays]
    fresh = Bags.of(ids(*words) for words in chosen)
    assert joined.ids.tolist() == fresh.ids.tolist()
    assert joined.starts.tolist() == fresh.starts.tolist()
    rows = np.where(living, np.cumsum(living) - 1, -1).astype(np.int64)
    seen = JoinedBags(parts, np.split(rows, [len(first)]))
    assert [seen.at(n).tolist() for n in range(len(chosen))] == [
        fresh.at(n).tolist() for n in range(len(fresh))
    ]


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    bags = Bags.of([ids(3, 1, 1), ids()])
    bags.save(tmp_path)
    loaded = Bags.load(tmp_path)
    assert (loaded.ids.tolist(), loaded.starts.tolist()) == ([1, 3], [0, 2, 2])
