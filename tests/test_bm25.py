from __future__ import annotations

import math
import tempfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.bm25 import BM25Index, Fields, Group, Postings

WORDS = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8)
DOCUMENTS = st.lists(WORDS, min_size=1, max_size=6)
TWO_FIELDS = st.lists(st.fixed_dictionaries({"passage": WORDS, "question": WORDS}), max_size=6)
NAMES = ("passage", "question")


def index(*documents: str) -> BM25Index:
    return over([{"passage": text.split()} for text in documents])


def over(documents: list[Fields], weights: tuple[float, ...] = (1.0,)) -> BM25Index:
    postings = Postings.build(documents, NAMES[: len(weights)])
    return BM25Index.over([postings], [np.arange(len(documents))], weights)


def groups(*terms: str) -> list[Group]:
    return [Group((term,)) for term in terms]


def test_scores_equal_those_worked_out_by_hand() -> None:
    # Three documents of 2, 4 and 3 terms: mean length 3, k1 = 1.2, b = 0.5.
    # 萨德 stands in two of three: idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.470004.
    # Document 0: norm 0.5 + 0.5 * 2/3 = 0.833333, tf 1/0.833333 = 1.2:
    #   0.470004 * 1.2 * 2.2 / (1.2 + 1.2) = 0.517004.
    # Document 1: norm 0.5 + 0.5 * 4/3 = 1.166667, tf 2/1.166667 = 1.714286:
    #   0.470004 * 1.714286 * 2.2 / (1.714286 + 1.2) = 0.608240.
    scores = index("萨德 系统", "萨德 萨德 部署 韩国", "半岛 无核化 谈判").match(groups("萨德")).scores
    assert scores.tolist() == pytest.approx([0.517004, 0.608240, 0.0], abs=1e-6)


def test_fields_add_their_weighted_frequencies() -> None:
    # One document with 萨德 once in each of two fields of mean length 1: tf = 1 + 0.5 = 1.5.
    # idf = ln(1 + 0.5 / 1.5) = 0.287682; score = 0.287682 * 1.5 * 2.2 / (1.5 + 1.2) = 0.351611.
    both = over([{"passage": ["萨德"], "question": ["萨德"]}], (1.0, 0.5))
    assert both.match(groups("萨德")).scores.tolist() == pytest.approx([0.351611], abs=1e-6)


def test_a_field_without_a_weight_is_an_error() -> None:
    with pytest.raises(KeyError, match="answer"):
        Postings.build([{"answer": ["萨德"]}], NAMES)


def test_a_repeated_query_term_counts_twice() -> None:
    one = index("萨德 系统", "半岛")
    twice, once = one.match(groups("萨德", "萨德")), one.match(groups("萨德"))
    assert twice.scores[0] == pytest.approx(2 * once.scores[0])
    assert twice.most.sum() == pytest.approx(2 * once.most.sum())


@given(DOCUMENTS, WORDS)
def test_scores_equal_the_formula_written_out_plainly(
    documents: list[list[str]], query: list[str]
) -> None:
    built = over([{"passage": words} for words in documents])
    filled = [len(words) for words in documents if words]
    mean = max(1.0, sum(filled) / len(filled)) if filled else 1.0
    expected = []
    for words in documents:
        score = 0.0
        for term in query:
            containing = sum(term in other for other in documents)
            if containing:
                idf = math.log(1 + (len(documents) - containing + 0.5) / (containing + 0.5))
                tf = words.count(term) / (0.5 + 0.5 * len(words) / mean)
                score += idf * tf * 2.2 / (tf + 1.2)
        expected.append(score)
    assert built.match(groups(*query)).scores.tolist() == pytest.approx(expected, abs=1e-5)


@given(DOCUMENTS, WORDS)
def test_no_score_exceeds_the_ceiling(documents: list[list[str]], query: list[str]) -> None:
    match = over([{"passage": words} for words in documents]).match(groups(*query))
    assert match.scores.max() <= match.most.sum() + 1e-4


def test_which_groups_are_held() -> None:
    one = index("萨德 系统")
    assert one.match(groups("萨德", "天气")).held.tolist() == [True, False]
    assert one.match([]).held.tolist() == []
    assert index("").match(groups("萨德")).held.tolist() == [False]


def test_a_group_counts_as_one_term() -> None:
    # 萨德 and 反导 are written as one word in the second index: every figure must be the same.
    apart = index("萨德 反导 部署", "反导 韩国", "半岛 谈判")
    alike = index("萨德 萨德 部署", "萨德 韩国", "半岛 谈判")
    both = apart.match([Group(("萨德", "反导"), 0.5)])
    assert both.scores.tolist() == pytest.approx((alike.match(groups("萨德")).scores / 2).tolist())
    assert both.most.tolist() == pytest.approx((alike.match(groups("萨德")).most / 2).tolist())


def test_what_each_group_adds_makes_the_score() -> None:
    match = index("萨德 部署 韩国", "萨德 半岛").match(groups("萨德", "韩国", "天气"))
    added = match.at(0)
    assert added[2] == 0
    assert added[1] > added[0] > 0
    assert added.sum() == pytest.approx(match.scores[0])


@given(TWO_FIELDS, TWO_FIELDS, st.data(), WORDS)
def test_parts_score_as_one_index_of_their_living_documents(
    first: list[Fields], second: list[Fields], data: st.DataObject, query: list[str]
) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=16, max_size=16))
    kept = [np.array(flags[: len(first)], bool), np.array(flags[8 : 8 + len(second)], bool)]
    parts = [Postings.build(first, NAMES), Postings.build(second, NAMES)]
    living = np.concatenate(kept)
    rows = np.where(living, np.cumsum(living) - 1, -1)
    grown = BM25Index.over(parts, np.split(rows, [len(first)]), (1.0, 0.8)).match(groups(*query))
    chosen = [document for document, stays in zip([*first, *second], living, strict=True) if stays]
    fresh = over(chosen, (1.0, 0.8)).match(groups(*query))
    assert grown.scores.tolist() == fresh.scores.tolist()
    assert grown.most.tolist() == fresh.most.tolist()
    assert grown.held.tolist() == fresh.held.tolist()
    joined, built = Postings.join(parts, kept), Postings.build(chosen, NAMES)
    assert all(np.array_equal(getattr(joined, f.name), getattr(built, f.name)) for f in fields(built))


def test_frequent_terms_are_counted_in_full() -> None:
    [count] = Postings.build([{"passage": ["萨德"] * 70_000}], NAMES).counts.tolist()
    assert count == [70_000, 0]


@given(st.lists(WORDS, max_size=6))
def test_what_is_saved_is_loaded(documents: list[list[str]]) -> None:
    built = Postings.build([{"passage": words} for words in documents], NAMES)
    with tempfile.TemporaryDirectory() as folder:
        built.save(Path(folder))
        loaded = Postings.load(Path(folder))
        for each in fields(built):
            assert np.array_equal(getattr(loaded, each.name), getattr(built, each.name))
