from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.records import Span
from qa_bot.text import line_spans, line_starts, sentence_spans, trimmed

ALPHABET = "中国a. 。！？；…“”「」《》（）\n\r,，：1"
TEXTS = st.text(alphabet=ALPHABET, max_size=80)


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一。二！三？四", ["一。", "二！", "三？", "四"]),
        ("他说：“我们要对话。不要对抗。”大家同意。", ["他说：“我们要对话。不要对抗。”", "大家同意。"]),
        ("《战争。与和平》好看。真的。", ["《战争。与和平》好看。", "真的。"]),
        ("真的吗？！是的……好。", ["真的吗？！", "是的……", "好。"]),
        ("Hello there. We agree. 3.5 is fine.", ["Hello there. ", "We agree. ", "3.5 is fine."]),
        ("没有句号", ["没有句号"]),
        ("「甲。乙」丙。丁", ["「甲。乙」丙。", "丁"]),
        ("没有关上的“引号。后面。还有", ["没有关上的“引号。", "后面。", "还有"]),
        ("（见第1条。）好。", ["（见第1条。）", "好。"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(TEXTS)
def test_sentences_partition_the_paragraph(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert all(sentences(text))


@given(TEXTS)
def test_lines_hold_every_character_that_is_not_blank(text: str) -> None:
    lines = [span.of(text) for span in line_spans(text)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line and line == line.strip() for line in lines)


def test_all_three_line_ends_are_understood() -> None:
    text = "一\r\n二\r三\n\n四"
    assert [span.of(text) for span in line_spans(text)] == ["一", "二", "三", "四"]
    starts = line_starts(text)
    assert [bisect_right(starts, text.index(char)) for char in "一二三四"] == [1, 2, 3, 5]


def test_trimming_a_blank_span_leaves_an_empty_one() -> None:
    assert trimmed("a   b", Span(1, 4)) == Span(1, 1)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_an_impossible_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Span(start, end)
