from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from qa_bot.dates import readable_date
from qa_bot.passages import cut_passages
from qa_bot.records import Transcript
from qa_bot.results import Answer, Outcome
from qa_bot.text import shortened
from qa_bot.web.markup import escaped
from qa_bot.web.panel import (
    catalogue_html,
    empty_source_html,
    exchange_html,
    nothing_html,
    source_html,
    transcript_html,
)
from qa_bot.web.rendering import (
    failure_html,
    header_html,
    misfiltered_html,
    question_html,
    reading_order,
    reply_html,
    welcome_html,
)
from tests.web_reading import (
    CITATION,
    HOSTILE,
    OUR_TAGS,
    Reader,
    answered,
    entry_of,
    hostile_transcript,
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一带一路", "一带一路"),
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("&lt;", "&amp;lt;"),
        ("a\tb\r\nc", "a&#9;b&#13;&#10;c"),
        ("a\x00b\x1bc\ud800d", "a\ufffdb\ufffdc\ufffdd"),
        ("😀", "😀"),
    ],
)
def test_escaped_text_shows_as_it_stands(text: str, html: str) -> None:
    assert escaped(text) == html


@pytest.mark.parametrize(
    ("text", "most", "line"),
    [("短", 3, "短"), ("一二三", 3, "一二三"), ("一二三四", 3, "一二…"), ("一\n 二", 9, "一 二")],
)
def test_shortened_text_is_one_line(text: str, most: int, line: str) -> None:
    assert shortened(text, most) == line


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2017-03-08", "2017年3月8日"),
        ("XXXX-03-08", "3月8日"),
        ("2017-11", "2017年11月"),
        ("2017", "2017年"),
        ("2017-12-XX", "2017年12月"),
    ],
)
def test_only_the_known_parts_of_a_date_are_said(value: str, said: str) -> None:
    assert readable_date(value) == said


def test_citations_are_grouped_by_exchange_best_first_and_inside_it_by_place() -> None:
    ranked = [
        replace(CITATION, passage_id=id, start=start)
        for id, start in [
            ("t#16.2", 900),
            ("t#3.3", 300),
            ("t#16.1", 800),
            ("t#3.10", 350),
            ("t#3.1", 250),
        ]
    ]
    order = [[cited.passage_id for cited in group] for group in reading_order(ranked)]
    assert order == [["t#16.1", "t#16.2"], ["t#3.1", "t#3.3", "t#3.10"]]


def test_exchanges_of_two_transcripts_stay_apart() -> None:
    ranked = [replace(CITATION, passage_id=id) for id in ("a#4.1", "b#4.1")]
    assert [len(group) for group in reading_order(ranked)] == [1, 1]


def test_quotes_are_numbered_from_top_to_bottom() -> None:
    first = replace(CITATION, passage_id="t#4.2", start=200, quote="乙")
    other = replace(
        CITATION, passage_id="t#9.1", start=900, quote="丙", question="另一问？", asker="新华社记者"
    )
    before = replace(CITATION, passage_id="t#4.1", start=100, quote="甲")
    page = Reader(reply_html(answered(first, other, before)))
    assert page.texts("blockquote") == ["甲", "乙", "丙"]
    assert page.texts("span", "qa-number") == ["[1]", "[2]", "[3]"]
    assert [button["value"] for button in page.attributes("button")] == ["t#4.1", "t#4.2", "t#9.1"]
    assert page.texts("p", "qa-asked") == [
        "路透社记者中国是否认为半岛会发生战争？",
        "新华社记者另一问？",
    ]
    assert page.texts("p", "qa-reason") == ["找到 3 段官方原话。"]


def test_a_quote_says_who_said_it_to_whom_where_and_when() -> None:
    page = Reader(reply_html(answered(CITATION)))
    said = "外交部部长 王毅 · 答 路透社记者 问 · 《外交部答问》 · 2017年3月8日 · 原文链接"
    assert page.texts("span", "qa-credits") == [said]
    assert page.texts("button") == ["查看原文：引文 1"]


def test_what_the_source_does_not_say_is_left_out() -> None:
    bare = replace(
        CITATION,
        office=None,
        question=None,
        asker=None,
        outlet=None,
        title=None,
        url=None,
        date="XXXX-03-08",
    )
    page = Reader(reply_html(answered(bare)))
    assert page.texts("span", "qa-credits") == ["王毅 · 开场或主动发言 · 3月8日"]
    assert page.texts("p", "qa-asked") == []


def test_a_long_question_of_a_journalist_is_shortened() -> None:
    page = Reader(reply_html(answered(replace(CITATION, question="问" * 200))))
    assert page.texts("p", "qa-asked") == ["路透社记者" + "问" * 79 + "…"]


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "https://example.org/?a=1&b=2", "HTTPS://example.org"]
)
def test_a_web_address_becomes_a_link_that_gives_nothing_away(url: str) -> None:
    page = Reader(reply_html(answered(replace(CITATION, url=url))))
    assert page.attributes("a") == [{"href": url, "target": "_blank", "rel": "noopener noreferrer"}]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " https://example.org",
        "data:text/html,x",
        "//example.org",
        "ftp://a",
        "x",
    ],
)
def test_any_other_address_is_text(url: str) -> None:
    page = Reader(reply_html(answered(replace(CITATION, url=url))))
    assert page.attributes("a") == []
    assert page.texts("span", "qa-credits")[0].endswith(f" · {url}")


def test_an_abstention_gives_its_reason_and_no_quote() -> None:
    page = Reader(reply_html(Answer("红烧肉怎么做", (), "在这些记录中没有找到相关回答。")))
    assert page.texts("p", "qa-notice-reason") == ["在这些记录中没有找到相关回答。"]
    assert {"blockquote", "figure", "button", "a"}.isdisjoint(page.tags())


def test_a_failure_is_said_without_its_details() -> None:
    assert Reader(failure_html()).texts("p", "qa-notice-reason") == ["抱歉，这次没能查找：程序出错了。"]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("**粗** `code`", "**粗** `code`"),
        ("  \n ", "（空白）"),
        ("", "（空白）"),
        ("啊" * 10_000, "啊" * 600 + "…（共 10000 字）"),
    ],
)
def test_a_question_is_shown_as_text(question: str, shown: str) -> None:
    assert question_html(question) == shown


def test_nothing_hostile_becomes_markup() -> None:
    hostile: dict[str, Any] = {
        name: HOSTILE
        for name in ("passage_id", "quote", "speaker", "office", "question", "asker", "title")
    }
    transcript = hostile_transcript()
    passages = cut_passages(transcript)
    assert len(passages) == 3
    pages = [
        reply_html(answered(replace(CITATION, **hostile, url=HOSTILE, date=HOSTILE))),
        reply_html(Answer(HOSTILE, (), HOSTILE)),
        reply_html(Answer(HOSTILE, (), HOSTILE, Outcome.FILTERED_OUT), HOSTILE),
        reply_html(answered(CITATION), HOSTILE),
        misfiltered_html(HOSTILE),
        header_html([entry_of(transcript)], allow_adding=True),
        header_html([entry_of(transcript)] * 5),
        catalogue_html([entry_of(transcript)] * 5),
        transcript_html(transcript),
        nothing_html(HOSTILE),
        *(exchange_html(transcript, exchange) for exchange in transcript.exchanges),
        *map(source_html, passages),
    ]
    for page in map(Reader, pages):
        assert page.tags() <= OUR_TAGS
        attributes = [name for _, attrs, _ in page.elements for name in attrs]
        assert not [name for name in attributes if name.startswith("on")]


def test_hostile_words_are_quoted_to_the_letter() -> None:
    page = Reader(reply_html(answered(replace(CITATION, quote=HOSTILE))))
    assert page.texts("blockquote") == [HOSTILE]


def test_filters_that_leave_nothing_look_unlike_nothing_found() -> None:
    out = Reader(reply_html(Answer("问", (), "没有符合的记录。", Outcome.FILTERED_OUT), "媒体 路透"))
    assert out.attributes("div")[0]["class"] == "qa-notice qa-filtered-out"
    assert out.texts("button") == ["清除筛选条件"]
    within = Reader(reply_html(Answer("问", (), "没有找到。"), "媒体 路透"))
    assert within.attributes("div")[0]["class"] == "qa-notice"
    assert within.texts("p", "qa-notice-hint") == ["只在筛选范围内查找过：媒体 路透。"]
    assert within.texts("button") == ["清除筛选条件"]
    empty = Reader(reply_html(Answer("", (), "问题是空的。", Outcome.NOT_ASKED), "媒体 路透"))
    assert empty.texts("button") == []


def test_the_head_tells_of_the_one_transcript(seed: Transcript) -> None:
    entry = entry_of(seed)
    title = "外交部就中国外交政策和对外关系答问"
    for each, said in (
        (entry, f"{title} · 2017年3月8日 · 21 组问答"),
        (replace(entry, date=None), f"{title} · 21 组问答"),
        (replace(entry, date="XXXX-03-08", title=None), f"{seed.id} · 3月8日 · 21 组问答"),
    ):
        assert Reader(header_html([each])).texts("div", "qa-loaded") == [f"已载入 {said}"]


def test_many_transcripts_are_a_link_to_their_list(seed: Transcript) -> None:
    page = Reader(header_html([entry_of(seed)] * 1000))
    assert page.texts("div", "qa-loaded") == ["已载入 1000 份记录"]
    assert page.attributes("a") == [{"class": "qa-link", "href": "?p=/"}]
    assert len(Reader(catalogue_html([entry_of(seed)] * 1000)).texts("li")) == 1000


def test_adding_is_offered_only_where_it_is_allowed(seed: Transcript) -> None:
    assert Reader(header_html([entry_of(seed)], allow_adding=True)).texts("button") == ["添加记录"]
    assert Reader(header_html([entry_of(seed)])).texts("button") == []


def test_the_fixed_parts_are_well_formed() -> None:
    assert "mark" not in Reader(empty_source_html()).tags()
    assert Reader(welcome_html()).texts("h2") == ["问一句，读原话"]
