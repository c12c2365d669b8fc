from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.building import Workshop, index_passages
from qa_bot.retrieval import Mode, Retriever, _best
from tests.doubles import PLAIN, PairEmbedder

TEXTS = st.lists(
    st.lists(st.sampled_from("萨德 半岛 南海 火星".split()), min_size=1, max_size=4).map(" ".join),
    min_size=1,
    max_size=12,
)


def retriever(texts: list[str]) -> Retriever:
    return index_passages([{"passage": (text,)} for text in texts], Workshop(PairEmbedder(), PLAIN))


@given(st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.5]), max_size=40), st.integers(1, 50))
def test_the_best_are_the_largest_and_of_equal_ones_the_first(values: list[float], depth: int) -> None:
    order = sorted(range(len(values)), key=lambda position: (-values[position], position))
    expected = sorted(position for position in order[:depth] if values[position] > 0)
    assert _best(np.array(values, dtype=np.float32), depth).tolist() == expected


@given(TEXTS, st.data())
def test_a_filtered_search_is_the_whole_search_without_the_others(
    texts: list[str], data: st.DataObject
) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    allowed = np.array(flags, dtype=np.bool_)
    built = retriever(texts)
    for mode in Mode:
        every = built.search(PLAIN.query("萨德 半岛"), 50, mode)
        some = built.search(PLAIN.query("萨德 半岛"), 50, mode, allowed)
        assert some == tuple(found for found in every if allowed[found.position])
        assert built.search(PLAIN.query("萨德 半岛"), 2, mode, allowed) == some[:2]


def test_equal_passages_score_alike_wherever_they_stand() -> None:
    found = retriever(["萨德 半岛"] * 7 + ["火星"]).search(PLAIN.query("萨德"), 10)
    assert [each.position for each in found] == list(range(7))
    assert len({each.score for each in found}) == 1
