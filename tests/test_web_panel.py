from __future__ import annotations

from dataclasses import replace

import pytest

from qa_bot.parsing import parse_transcript
from qa_bot.passages import cut_passages
from qa_bot.records import Passage, Transcript, Turn
from qa_bot.text import line_spans
from qa_bot.web.markup import permanent_link
from qa_bot.web.panel import (
    MARK_ID,
    exchange_html,
    linked_html,
    source_html,
    transcript_html,
)
from tests.web_reading import Reader, Shelf


def test_exactly_the_quote_is_marked_inside_the_whole_exchange(seed: Transcript) -> None:
    for passage in cut_passages(seed):
        page = Reader(source_html(passage))
        assert page.texts("mark") == [passage.text]
        assert page.attributes("mark") == [{"id": MARK_ID}]
        assert page.texts("h3") == [turn.label.of(seed.text) for turn in _turns(passage)]
        words = [
            line.of(seed.text) for turn in _turns(passage) for line in line_spans(seed.text, turn.words)
        ]
        assert [text for text in page.texts("p") if text in words] == words


def test_the_quote_is_marked_at_its_place_and_not_at_its_first_occurrence() -> None:
    text = "甲社记者：\n对吗？\n外交部部长王毅：\n是的。\n然后，\n是的。\n"
    last = cut_passages(parse_transcript(text, id="t"))[-1]
    assert "<p>是的。</p><p>然后，</p>" in source_html(last)
    assert source_html(last).endswith(f'<p><mark id="{MARK_ID}">是的。</mark></p></section></article>')


def test_the_source_says_where_the_quote_stands(seed: Transcript) -> None:
    passage = next(passage for passage in cut_passages(seed) if passage.id == "2017-03-08-wangyi#4.1")
    page = Reader(source_html(passage))
    assert page.texts("h2") == ["外交部就中国外交政策和对外关系答问"]
    assert page.texts("p", "qa-place") == ["2017年3月8日 · 第 4 组问答"]
    assert page.texts("dt") == ["引文位置", "引文编号", "发布网址"]
    place = f"字符 {passage.span.start}–{passage.span.end}"
    assert page.texts("dd") == [place, "2017-03-08-wangyi#4.1", seed.url]
    assert [link["href"] for link in page.attributes("a")] == [
        "?p=2017-03-08-wangyi",
        "?p=2017-03-08-wangyi#4",
        "?p=2017-03-08-wangyi#4.1",
        seed.url,
    ]
    assert page.attributes("article")[0]["data-link"] == "2017-03-08-wangyi#4.1"


def test_an_opening_is_shown_without_a_journalist(seed: Transcript) -> None:
    opening = cut_passages(seed)[0]
    page = Reader(source_html(opening))
    assert page.texts("h3") == ["外交部部长王毅："]
    assert page.texts("p", "qa-place") == ["2017年3月8日 · 开场或主动发言"]


def test_an_exchange_is_shown_whole(seed: Transcript) -> None:
    exchange = seed.exchanges[3]
    page = Reader(exchange_html(seed, exchange))
    turns = [*exchange.questions, *exchange.answers]
    assert page.texts("h3") == [turn.label.of(seed.text) for turn in turns]
    assert page.texts("dt") == ["问答编号", "发布网址"]
    assert page.texts("mark") == []


def test_a_question_that_was_interrupted_is_shown_with_both_its_turns(seed: Transcript) -> None:
    first, other = seed.exchanges[:2]
    goes_on = replace(
        other.question, label=replace(other.question.label, end=other.question.label.start)
    )
    joined = replace(first, questions=(first.question, goes_on))
    page = Reader(exchange_html(seed, joined))
    assert page.texts("h3") == [turn.label.of(seed.text) for turn in (first.question, *first.answers)]
    assert [line.of(seed.text) for line in line_spans(seed.text, goes_on.words)] == [
        text for text in page.texts("p") if text in other.question.words.of(seed.text)
    ]


def test_a_transcript_shows_what_is_known_and_an_outline(seed: Transcript) -> None:
    page = Reader(transcript_html(seed))
    assert page.texts("p", "qa-place") == ["21 组问答 · 1 段主动发言"]
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert list(facts) == [
        *("日期", "场合", "地点", "发布者", "语言", "网址", "发言人", "提问媒体", "记录编号"),
    ]
    assert facts["日期"].startswith("2017年3月8日正文写明3月8日；年份由“十二届全国人大五次会议”推定")
    assert facts["语言"] == "简体中文"
    assert "王毅 外交部部长（官员）" in facts["发言人"]
    assert facts["提问媒体"].startswith("新华社、美国全国广播公司、人民日报、路透社")
    links = [link["href"] for link in page.attributes("a") if link.get("class") == "qa-link"]
    assert links == [f"?p={seed.id}", *(f"?p={seed.id}#{number}" for number in range(22))]
    assert len(page.texts("li")) == 22


def test_what_is_not_known_of_a_transcript_is_left_out() -> None:
    page = Reader(transcript_html(parse_transcript("没有人说话。\n", id="t")))
    assert page.texts("p", "qa-place") == ["没有认出发言"]
    assert page.texts("h2") == ["没有人说话。"] or page.texts("h2") == ["t"]
    assert "发言人" not in page.texts("dt")
    assert page.texts("li") == []


@pytest.mark.parametrize(
    ("link", "head"),
    [
        ("2017-03-08-wangyi", "21 组问答 · 1 段主动发言"),
        ("2017-03-08-wangyi#8", "2017年3月8日 · 第 8 组问答"),
        ("2017-03-08-wangyi#8.1", "2017年3月8日 · 第 8 组问答"),
        ("2017-03-08-wangyi#0", "2017年3月8日 · 开场或主动发言"),
        ("2017-03-08-wangyi#0.1", "2017年3月8日 · 开场或主动发言"),
        ("/", "共 1 份"),
    ],
)
def test_a_link_is_shown_as_what_it_means(seed: Transcript, link: str, head: str) -> None:
    page = Reader(linked_html(Shelf(seed), link))
    assert page.texts("p", "qa-place") == [head]
    assert page.attributes("article")[0]["data-link"] == link


@pytest.mark.parametrize("link", ["", "x", "2017-03-08-wangyi#22", "2017-03-08-wangyi#1.99", "x#0"])
def test_a_link_to_nothing_is_told_so(seed: Transcript, link: str) -> None:
    page = Reader(linked_html(Shelf(seed), link))
    assert page.texts("h2") == ["这个链接没有对应的原文"]
    assert page.texts("code") == [link]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("2017-03-08-wangyi#8.1", "?p=2017-03-08-wangyi#8.1"),
        ("王毅_2017#8", "?p=王毅_2017#8"),
        ("a&b+c%d=e?f", "?p=a%26b%2Bc%25d%3De%3Ff"),
        ("\ud800", "?p=%3F"),
    ],
)
def test_a_permanent_link_is_readable_and_means_nothing_else(link: str, address: str) -> None:
    assert permanent_link(link) == address


def _turns(passage: Passage) -> list[Turn]:
    return (
        [*passage.exchange.questions, *passage.exchange.answers] if passage.exchange else [passage.turn]
    )
