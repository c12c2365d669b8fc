from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.bm25 import BM25Index

ONE_FIELD = {"passage": 1.0}
WORDS = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8)


def index(*documents: str) -> BM25Index:
    return BM25Index.build([{"passage": text.split()} for text in documents], ONE_FIELD)


def test_scores_equal_those_worked_out_by_hand() -> None:
    # Three documents of 2, 4 and 3 terms: mean length 3, k1 = 1.2, b = 0.5.
    # 萨德 stands in two of three: idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.470004.
    # Document 0: norm 0.5 + 0.5 * 2/3 = 0.833333, tf 1/0.833333 = 1.2:
    #   0.470004 * 1.2 * 2.2 / (1.2 + 1.2) = 0.517004.
    # Document 1: norm 0.5 + 0.5 * 4/3 = 1.166667, tf 2/1.166667 = 1.714286:
    #   0.470004 * 1.714286 * 2.2 / (1.714286 + 1.2) = 0.608240.
    scores = index("萨德 系统", "萨德 萨德 部署 韩国", "半岛 无核化 谈判").scores(["萨德"])
    assert scores.tolist() == pytest.approx([0.517004, 0.608240, 0.0], abs=1e-5)


def test_fields_add_their_weighted_frequencies() -> None:
    # One document with 萨德 once in each of two fields of mean length 1: tf = 1 + 0.5 = 1.5.
    # idf = ln(1 + 0.5 / 1.5) = 0.287682; score = 0.287682 * 1.5 * 2.2 / (1.5 + 1.2) = 0.351611.
    document = {"passage": ["萨德"], "question": ["萨德"]}
    fields = BM25Index.build([document], {"passage": 1.0, "question": 0.5})
    assert fields.scores(["萨德"]).tolist() == pytest.approx([0.351611], abs=1e-5)


def test_a_repeated_query_term_counts_twice() -> None:
    one = index("萨德 系统", "半岛")
    assert one.scores(["萨德", "萨德"])[0] == pytest.approx(2 * one.scores(["萨德"])[0])


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_scores_equal_the_formula_written_out_plainly(
    documents: list[list[str]], query: list[str]
) -> None:
    built = BM25Index.build([{"passage": words} for words in documents], ONE_FIELD)
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
    assert built.scores(query).tolist() == pytest.approx(expected, abs=1e-4)


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_no_score_exceeds_the_ceiling(documents: list[list[str]], query: list[str]) -> None:
    built = BM25Index.build([{"passage": words} for words in documents], ONE_FIELD)
    assert built.scores(query).max() <= built.ceiling(query) + 1e-4


def test_the_share_of_known_terms() -> None:
    one = index("萨德 系统")
    assert one.known(["萨德", "萨德", "天气"]) == 0.5
    assert one.known([]) == 0.0


@given(st.lists(WORDS, max_size=6), WORDS)
def test_what_is_saved_is_loaded(documents: list[list[str]], query: list[str]) -> None:
    import tempfile

    built = BM25Index.build([{"passage": words} for words in documents], ONE_FIELD)
    with tempfile.TemporaryDirectory() as folder:
        built.save(Path(folder) / "bm25.npz")
        loaded = BM25Index.load(Path(folder) / "bm25.npz")
    assert np.array_equal(loaded.scores(query), built.scores(query))
    assert loaded.numbers == built.numbers
    assert loaded.ceiling(query) == built.ceiling(query)
