"""Pasted quotes: how much of one stands in a passage, and the exact stretch in the original."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.adapters.opencc_folding import fold as opencc_fold
from qa_bot.pasting import Folding, is_pasted, is_quoted, quoted_share, quoted_span
from qa_bot.records import Span

FOLD = Folding(opencc_fold)
PASSAGE = (
    "为应对半岛的危机，中方的建议是，作为第一步，朝鲜暂停核导活动，美韩也暂停大规模军演，"
    "通过“双暂停”摆脱目前的安全困境，使各方重新回到谈判桌前来。"
)
WHOLE = Span(0, len(PASSAGE))
NEXT = "之后，按照双轨并行思路，将实现半岛无核化和建立半岛和平机制结合起来。"
ENGLISH = (
    "As a first step, the DPRK may suspend its nuclear and missile activities in exchange for a halt."
)


@pytest.mark.parametrize(
    "pasted",
    [
        "朝鲜暂停核导活动，美韩也暂停大规模军演",
        "“朝鲜暂停核导活动,美韩也暂停大规模军演。”",
        "朝鲜暂停核导活动\r\n  美韩也暂停\n大规模军演",
        "朝鮮暫停核導活動，美韓也暫停大規模軍演",
        "朝 鲜 暂 停 核 导 活 动 美 韩 也 暂 停",
        "通过双暂停摆脱目前的安全困境",
        PASSAGE,
    ],
)
def test_a_verbatim_quote_counts_whole_however_it_is_written(pasted: str) -> None:
    assert quoted_share(pasted, PASSAGE, FOLD) == 1
    assert is_quoted(pasted, PASSAGE, FOLD)


def test_full_width_letters_and_digits_are_the_same() -> None:
    assert (
        quoted_share("中方支持安理会第２３７１号决议ＤＰＲＫ", "中方支持安理会第2371号决议DPRK。", FOLD)
        == 1
    )


@pytest.mark.parametrize("sign", ["……", "…", "......", "\n[…]\n"])
def test_what_is_left_out_in_the_middle_hides_nothing(sign: str) -> None:
    pasted = f"为应对半岛的危机，中方的建议是{sign}使各方重新回到谈判桌前来"
    assert quoted_share(pasted, PASSAGE, FOLD) == 1
    # All but the full stop at the end.
    assert quoted_span(pasted, PASSAGE, WHOLE, FOLD) == Span(0, len(PASSAGE) - 1)


def test_a_run_that_reaches_into_what_follows_is_counted_once() -> None:
    # Both what is left out and what follows begin with 中方一贯.
    passage = "半岛问题由来已久中方一贯主张对话。中方一贯致力于实现半岛无核化目标。"
    assert quoted_share("半岛问题由来已久……中方一贯致力于实现半岛无核化目标", passage, FOLD) == 1


def test_a_quote_over_two_passages_has_its_share_in_each() -> None:
    pasted = "使各方重新回到谈判桌前来。之后，按照双轨并行思路"
    assert quoted_share(pasted, PASSAGE, FOLD) == 12 / 22
    assert quoted_share(pasted, NEXT, FOLD) == 10 / 22
    assert quoted_share(pasted, f"{PASSAGE}\n\n{NEXT}", FOLD) == 1


def test_runs_count_only_in_their_order() -> None:
    swapped = "美韩也暂停大规模军演，朝鲜暂停核导活动"
    assert quoted_share(swapped, PASSAGE, FOLD) == 10 / 18


def test_short_runs_do_not_count() -> None:
    # 大规模军演 and 安全困境 are shorter than eight characters.
    assert quoted_share("请问大规模军演和安全困境是什么意思", PASSAGE, FOLD) == 0
    assert quoted_share("Will they suspend its nuclear tests", ENGLISH, FOLD) == 0
    assert quoted_share("the DPRK may suspend its nuclear and missile", ENGLISH, FOLD) == 1


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("区域全面经济伙伴关系协定进展", "区域全面经济伙伴关系协定已经签署。"),
        ("全面与进步跨太平洋伙伴关系协定何时生效", "中国申请加入全面与进步跨太平洋伙伴关系协定。"),
        (
            "Regional Comprehensive Economic Partnership progress",
            "The Regional Comprehensive Economic Partnership is signed.",
        ),
        ("萨德", "萨德"),
        ("", PASSAGE),
        ("？！……", PASSAGE),
    ],
)
def test_a_question_that_shares_a_long_name_is_no_quote(question: str, passage: str) -> None:
    assert not is_quoted(question, passage, FOLD)


def test_a_long_quote_may_have_a_letter_wrong() -> None:
    pasted = PASSAGE.replace("摆脱", "摆拖")
    assert quoted_share(pasted, PASSAGE, FOLD) == 62 / 63
    assert is_quoted(pasted, PASSAGE, FOLD)


def test_twelve_letters_may_be_a_quote() -> None:
    assert [is_pasted("一" * 11 + "，"), is_pasted("一" * 12)] == [False, True]


def test_the_span_is_that_of_the_original() -> None:
    text = "主持人：下一个。\n王毅：朝鮮，暫停「核導」活動㎏。完。"
    span = quoted_span("朝鲜暂停核导活动KG", text, Span(9, len(text)), FOLD)
    assert span is not None
    assert span.of(text) == "朝鮮，暫停「核導」活動㎏"


def test_nothing_is_found_outside_the_span() -> None:
    assert quoted_span("朝鲜暂停核导活动", PASSAGE, Span(0, 20), FOLD) is None
    assert quoted_span("？", PASSAGE, WHOLE, FOLD) is None


TEXTS = st.text(st.sampled_from("中方一贯主张和平国國aB 9０，。“”…\n㎏é"), min_size=12, max_size=80)


@given(TEXTS, st.data())
def test_any_slice_counts_whole_whatever_punctuation_is_dropped(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 12))
    piece = text[start : data.draw(st.integers(start + 12, len(text)))]
    kept = data.draw(st.lists(st.booleans(), min_size=len(piece), max_size=len(piece)))
    pasted = "".join(
        c for c, keep in zip(piece, kept, strict=True) if keep or c.isalnum() or FOLD[ord(c)]
    )
    letters = pasted.translate(FOLD)
    assert quoted_share(pasted, text, FOLD) == (1 if letters else 0)
    span = quoted_span(pasted, text, Span(0, len(text)), FOLD)
    assert (span.of(text).translate(FOLD) if span else "") == letters


@given(TEXTS, TEXTS)
def test_a_share_is_a_share(pasted: str, passage: str) -> None:
    share = quoted_share(pasted, passage, FOLD)
    assert 0 <= share <= 1
    assert (quoted_span(pasted, passage, Span(0, len(passage)), FOLD) is None) == (share == 0)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_compared(pasted: str, passage: str) -> None:
    assert 0 <= quoted_share(pasted, passage, FOLD) <= 1


def test_repetition_costs_no_time() -> None:
    start = time.process_time()
    assert quoted_share("哈" * 500 + "呵", "哈" * 3000, FOLD) > 0.9
    assert time.process_time() - start < 1
