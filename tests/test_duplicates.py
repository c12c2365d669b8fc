from __future__ import annotations

import pytest

from qa_bot.duplicates import official_sentences, same_events, text_key
from qa_bot.parsing import parse_transcript
from qa_bot.records import SameEvent

LONG = "中方一贯主张以和平方式解决半岛核问题。"


def test_blanks_and_line_ends_do_not_make_another_text() -> None:
    assert text_key("王毅：\r\n  好。") == text_key("王毅：好。\n")
    assert text_key("王毅：好。") != text_key("王毅：不好。")


def test_only_long_sentences_of_officials_are_compared() -> None:
    text = f"新华社记者：\n请介绍一下中方在半岛核问题上的立场？\n外交部部长王毅：\n谢谢。{LONG}\n"
    assert official_sentences(parse_transcript(text)) == {LONG}


def sentences(*numbers: int) -> frozenset[str]:
    return frozenset(f"第{number}句话说得很长很长很长。" for number in numbers)


def test_transcripts_that_share_most_of_the_shorter_one_are_one_event() -> None:
    said = {"a": sentences(1, 2, 3, 4, 5, 6), "b": sentences(1, 2, 9), "c": sentences(1, 7, 8)}
    [found] = same_events(said, {"a"})
    assert (found.id, found.other) == ("a", "b")
    assert found.share == pytest.approx(2 / 3)
    assert list(same_events(said, {"c"})) == []


def test_each_pair_is_told_once() -> None:
    said = {"a": sentences(1, 2), "b": sentences(1, 2)}
    assert list(same_events(said, {"a", "b"})) == [SameEvent("a", "b", 1.0)]
    assert list(same_events(said, {"b"})) == [SameEvent("b", "a", 1.0)]


def test_what_everybody_says_makes_no_event() -> None:
    said = {f"t{number}": sentences(1) for number in range(21)}
    assert list(same_events(said, {"t3"})) == []
