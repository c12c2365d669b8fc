"""Replies in HTML: the question as it was understood, the marks in quotes, and topics on silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa_bot.records import Span
from qa_bot.results import Answer, Outcome, Topic
from qa_bot.web.markup import permanent_link
from qa_bot.web.rendering import reply_html
from tests.web_reading import CITATION, HOSTILE, OUR_TAGS, Reader, answered

TOPIC = Topic(
    "2017-03-08-wangyi#9", "对今年的中韩关系有何展望？", "韩联社记者", "外交部答问", "2017-03-08"
)
SILENT = Answer("房价会涨吗", (), "没有找到。", understood="房价会涨吗", topics=(TOPIC,))
UNDERSTOOD = "萨德问题，那朝鲜呢？"


def marked(quote: str, start: int, end: int) -> Reader:
    citation = replace(CITATION, quote=quote, end=CITATION.start + len(quote), marked=Span(start, end))
    return Reader(reply_html(answered(citation)))


@pytest.mark.parametrize(
    ("start", "end", "bold"),
    [
        (100, 106, ["和平仍有希望"]),
        (102, 104, ["仍有"]),
        (106, 107, ["。"]),
        (100, 107, []),
        (103, 103, []),
        (0, 50, []),
        (90, 102, ["和平"]),
        (105, 900, ["望。"]),
    ],
)
def test_what_answers_is_bold_where_it_is_not_the_whole_quote(
    start: int, end: int, bold: list[str]
) -> None:
    page = marked("和平仍有希望。", start, end)
    assert page.texts("strong", "qa-marked") == bold
    assert page.texts("blockquote") == ["和平仍有希望。"]


@pytest.mark.parametrize("end", range(1, len(HOSTILE)))
def test_a_marked_quote_stays_as_it_was_said(end: int) -> None:
    quote = HOSTILE + "\n\t 第二行\u3000\r\n😀"
    page = marked(quote, 100 + end - 1, 100 + end)
    assert page.texts("blockquote") == [quote]
    assert page.texts("strong") == [quote[end - 1 : end]]


def test_a_question_that_was_completed_is_shown_with_a_button_to_correct_it() -> None:
    answer = replace(answered(CITATION), question="那朝鲜呢？", understood=UNDERSTOOD)
    page = Reader(reply_html(answer))
    assert page.texts("p", "qa-understood") == [f"理解为：{UNDERSTOOD}修改：把这句话放进提问框"]
    assert page.attributes("button")[0] == {
        "type": "button",
        "class": "qa-correct",
        "value": UNDERSTOOD,
    }
    html = reply_html(answer)
    assert html.index("qa-understood") < html.index("blockquote")
    silent = Reader(reply_html(replace(SILENT, question="那房价呢？", understood="中国的房价呢？")))
    assert silent.texts("span", "qa-understood-words") == ["中国的房价呢？"]


@pytest.mark.parametrize("understood", ["", "那朝鲜呢？", " 那朝鲜呢？\n"])
def test_a_question_that_was_taken_as_typed_is_not_shown_again(understood: str) -> None:
    answer = replace(answered(CITATION), question="那朝鲜呢？", understood=understood)
    assert Reader(reply_html(answer)).texts("p", "qa-understood") == []


def test_an_english_question_is_met_in_english() -> None:
    asked = "And house prices?"
    answer = replace(SILENT, question=asked, understood="China: And house prices?", reason="Not found.")
    page = Reader(reply_html(answer))
    assert page.texts("p", "qa-understood") == [
        "Understood as: China: And house prices?Edit: put this question into the question box"
    ]
    assert page.texts("p", "qa-topics-head") == ["Nearest topics in these transcripts (not an answer)"]
    assert page.texts("p", "qa-notice-hint") == [
        "This only quotes the loaded transcripts, and writes no answer of its own."
    ]
    langs = [each["lang"] for tag in ("p", "div") for each in page.attributes(tag) if "lang" in each]
    assert langs == ["en", "en", "en"]


def test_silence_tells_the_nearest_topics_and_calls_them_no_answer() -> None:
    page = Reader(reply_html(SILENT))
    assert page.texts("p", "qa-topics-head") == ["这些记录里相近的话题（不是回答）"]
    assert page.texts("li") == ["对今年的中韩关系有何展望？ 韩联社记者 · 2017年3月8日"]
    assert page.attributes("a") == [{"class": "qa-link", "href": "?p=2017-03-08-wangyi#9"}]
    assert {"blockquote", "figure", "ol", "strong"}.isdisjoint(page.tags())
    assert page.texts("span", "qa-number") == []
    assert not set('“”「」"') & set("".join(page.texts("div", "qa-topics")))


def test_what_is_not_known_of_a_topic_is_left_out_and_long_questions_are_shortened() -> None:
    bare = replace(TOPIC, question="问" * 200, asker=None, date=None, title=None)
    page = Reader(reply_html(replace(SILENT, topics=(bare, replace(bare, asker="某报记者")))))
    assert page.texts("li") == ["问" * 59 + "…", "问" * 59 + "… 某报记者"]


def test_topics_are_shown_only_where_nothing_was_found() -> None:
    found = replace(answered(CITATION), topics=(TOPIC,))
    for answer in (
        found,
        replace(SILENT, silence=Outcome.NOT_ASKED),
        replace(SILENT, silence=Outcome.FILTERED_OUT),
        replace(SILENT, topics=()),
    ):
        page = Reader(reply_html(answer))
        assert page.texts("div", "qa-topics") == []
        assert page.texts("li") == []


def test_topics_stand_below_what_is_said_of_the_filters() -> None:
    page = Reader(reply_html(SILENT, "媒体 路透"))
    assert page.texts("p", "qa-notice-hint") == ["只在筛选范围内查找过：媒体 路透。"]
    assert page.texts("button") == ["清除筛选条件"]
    assert len(page.texts("li")) == 1


def test_nothing_hostile_becomes_markup() -> None:
    topic = Topic(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    silent = replace(SILENT, question="?", understood=HOSTILE, topics=(topic,), reason=HOSTILE)
    found = replace(answered(CITATION), understood=HOSTILE)
    for page in (Reader(reply_html(silent)), Reader(reply_html(found))):
        assert page.tags() <= OUR_TAGS
        assert page.attributes("button")[0]["value"] == HOSTILE
        assert page.texts("span", "qa-understood-words") == [HOSTILE]
        names = [name for _, attributes, _ in page.elements for name in attributes]
        assert not [name for name in names if name.startswith("on")]
    assert [link["href"] for link in Reader(reply_html(silent)).attributes("a")] == [
        permanent_link(HOSTILE)
    ]
