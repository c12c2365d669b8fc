"""The tables of words hold each word once."""

from __future__ import annotations

from collections import Counter

import pytest

from qa_bot import vocabulary


@pytest.mark.parametrize("table", ["_OFFICES", "_OUTLETS", "_SURNAMES"])
def test_no_table_holds_a_word_twice(table: str) -> None:
    words = getattr(vocabulary, table)
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_surnames_are_characters_and_offices_are_words() -> None:
    assert all(len(surname) == 1 for surname in vocabulary.SURNAMES)
    assert all(1 < len(office) <= 8 for office in vocabulary._OFFICES)
