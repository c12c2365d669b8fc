from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from qa_bot.parsing import parse_transcript
from qa_bot.passages import cut_passages
from qa_bot.records import Answer, Citation, EventDate, Passage, Transcript, Turn
from qa_bot.text import line_spans, shortened
from qa_bot.web.examples import example_questions
from qa_bot.web.rendering import (
    MARK_ID,
    empty_source_html,
    escaped,
    failure_html,
    header_html,
    question_html,
    readable_date,
    reading_order,
    reply_html,
    source_html,
    welcome_html,
)

HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;</p></blockquote><script>alert(1)</script>"
OUR_TAGS = {
    *(
        "a",
        "article",
        "blockquote",
        "button",
        "details",
        "div",
        "dd",
        "dl",
        "dt",
        "figcaption",
        "figure",
    ),
    *("h1", "h2", "h3", "header", "li", "mark", "p", "section", "span", "summary", "ul"),
}
VOID_TAGS = {"img", "br", "hr", "input", "link", "meta"}

CITATION = Citation(
    passage_id="2017-03-08-wangyi#4.1",
    transcript_id="2017-03-08-wangyi",
    quote="和平仍有希望。",
    start=100,
    end=107,
    speaker="王毅",
    office="外交部部长",
    question="中国是否认为半岛会发生战争？",
    asker="路透社记者",
    outlet="路透社",
    title="外交部答问",
    url="https://example.org/a?b=1&c=2",
    date="2017-03-08",
    score=0.9,
)


class Reader(HTMLParser):
    """Reads HTML as a browser would show it: each element's tag, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert self._open == [], "an element is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pieces: list[str] = []
        self.elements.append((tag, dict(attrs), pieces))
        if tag not in VOID_TAGS:
            self._open.append((tag, pieces))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for _, pieces in self._open:
            pieces.append(data)

    def texts(self, tag: str, kind: str | None = None) -> list[str]:
        return [
            "".join(pieces)
            for name, attrs, pieces in self._all(tag)
            if kind in (None, attrs.get("class"))
        ]

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs, _ in self._all(tag)]

    def tags(self) -> set[str]:
        return {tag for tag, _, _ in self.elements}

    def _all(self, tag: str) -> list[tuple[str, dict[str, str | None], list[str]]]:
        return [element for element in self.elements if element[0] == tag]


def answered(*citations: Citation) -> Answer:
    return Answer("问", citations, f"找到 {len(citations)} 段官方原话。")


def hostile_transcript() -> Transcript:
    text = (
        f"title: {HOSTILE}\nurl: javascript:alert(1)\n\n3月8日上午举行记者会。\n"
        f"外交部部长王毅：\n各位好。{HOSTILE}\n新华社记者：\n{HOSTILE}对吗？\n"
        f"王毅：\n{HOSTILE}\n第二段 & 完。\n"
    )
    return parse_transcript(text, id='a"b<c>')


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
        header_html([transcript] * 5),
        *map(source_html, passages),
    ]
    for page in map(Reader, pages):
        assert page.tags() <= OUR_TAGS
        attributes = [name for _, attrs, _ in page.elements for name in attrs]
        assert not [name for name in attributes if name.startswith("on")]


def test_hostile_words_are_quoted_to_the_letter() -> None:
    page = Reader(reply_html(answered(replace(CITATION, quote=HOSTILE))))
    assert page.texts("blockquote") == [HOSTILE]


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
    assert page.attributes("a")[0]["href"] == "?passage=2017-03-08-wangyi%234.1"
    assert page.attributes("article")[0]["data-passage"] == "2017-03-08-wangyi#4.1"


def test_an_opening_is_shown_without_a_journalist(seed: Transcript) -> None:
    opening = cut_passages(seed)[0]
    page = Reader(source_html(opening))
    assert page.texts("h3") == ["外交部部长王毅："]
    assert page.texts("p", "qa-place") == ["2017年3月8日 · 开场或主动发言"]


def test_the_head_lists_the_transcripts(seed: Transcript) -> None:
    undated = replace(seed, date=None)
    monthly = replace(seed, date=EventDate("XXXX-03-08", "day stated"))
    page = Reader(header_html([seed, undated, monthly]))
    title = "外交部就中国外交政策和对外关系答问"
    assert page.texts("li") == [
        f"{title} · 2017年3月8日 · 21 组问答",
        f"{title} · 21 组问答",
        f"{title} · 3月8日 · 21 组问答",
    ]
    assert page.texts("summary") == []


def test_many_transcripts_are_folded_away(seed: Transcript) -> None:
    page = Reader(header_html([seed] * 4))
    assert page.texts("summary") == ["已载入 4 份记录"]
    assert len(page.texts("li")) == 4


def test_the_fixed_parts_are_well_formed() -> None:
    assert "mark" not in Reader(empty_source_html()).tags()
    assert Reader(welcome_html()).texts("h2") == ["问一句，读原话"]


def test_the_examples_are_those_written_for_the_transcript(seed: Transcript) -> None:
    assert example_questions([seed]) == (
        "中方如何看待朝鲜半岛局势？",
        "“一带一路”高峰论坛希望取得哪些成果？",
        "对蒂勒森国务卿印象如何？",
        "中国公民在海外遇到困难怎么办？",
        "中日关系怎样才能改善？",
    )


def test_another_transcript_gives_its_journalists_short_questions(seed: Transcript) -> None:
    other = parse_transcript(
        "甲社记者：\n您好。中欧关系的前景如何？谢谢。\n外交部部长王毅：\n很好。\n乙社记者：\n短？\n王毅：\n好。\n",
        id="other",
    )
    assert example_questions([other]) == ("中欧关系的前景如何？",)
    assert example_questions([other, seed])[0] == "中方如何看待朝鲜半岛局势？"
    assert len(example_questions([replace(seed, id="renamed")])) == 5


def _turns(passage: Passage) -> list[Turn]:
    return (
        [passage.exchange.question, *passage.exchange.answers] if passage.exchange else [passage.turn]
    )
