from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from qa_bot.errors import QABotError
from qa_bot.filters import Filters
from qa_bot.records import CatalogueEntry, Role, Speaker
from qa_bot.web.filtering import (
    choices_of,
    named_transcripts,
    problem_html,
    program_filters,
    scope_words,
    sign_html,
    visitor_filters,
)

ENTRY = CatalogueEntry(
    id="2017-03-08-wangyi",
    title="外长答问",
    event="记者会",
    date="2017-03-08",
    url=None,
    publisher=None,
    speakers=(
        Speaker(Role.OFFICIAL, "王毅", "外交部部长"),
        Speaker(Role.MODERATOR, "何绍仁"),
        Speaker(Role.JOURNALIST, outlet="路透社"),
        Speaker(Role.OFFICIAL),
    ),
    exchanges=1,
    passages=1,
    characters=9,
)
OTHER = replace(ENTRY, id="b", title=None, event=None, date=None, speakers=ENTRY.speakers[2:3])


def test_choices_are_names_by_how_often_they_come() -> None:
    third = replace(OTHER, id="c", speakers=(Speaker(Role.JOURNALIST, outlet="新华社"),))
    choices = choices_of([third, ENTRY, OTHER])
    assert choices.transcript == (
        ("c", "c"),
        ("外长答问（2017年3月8日）", "2017-03-08-wangyi"),
        ("b", "b"),
    )
    assert choices.event == (("记者会", "记者会"),)
    assert choices.speaker == (("王毅", "王毅"),)
    assert choices.outlet == (("路透社", "路透社"), ("新华社", "新华社"))


def test_of_very_many_names_the_most_common_are_listed() -> None:
    entries = [replace(ENTRY, id=str(number), event=f"会 {number}") for number in range(1000)]
    choices = choices_of(entries)
    assert len(choices.transcript) == 1000
    assert len(choices.event) == 300


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("", None),
        ("  ", None),
        (None, None),
        ("2017", "2017"),
        ("2017年", "2017"),
        (" 2017-03 ", "2017-03"),
        ("2017年3月", "2017-03"),
        ("2017/3/8", "2017-03-08"),
        ("2017.03.08", "2017-03-08"),
        ("２０１７年３月８日", "2017-03-08"),
    ],
)
def test_a_date_may_be_written_in_any_usual_way(typed: str | None, date: str | None) -> None:
    filters = visitor_filters([], None, [" "], ["路透"], typed, typed)
    assert filters == Filters(outlet=("路透",), since=date, until=date)


@pytest.mark.parametrize("typed", ["昨天", "2017-13", "2017-03-32", "17", "2017-", "<b>", "8 March"])
def test_a_date_that_is_none_is_told(typed: str) -> None:
    with pytest.raises(QABotError, match=r"起始日期“.*”不是日期，请写成 2017"):
        visitor_filters([], [], [], [], typed, "")
    with pytest.raises(QABotError, match="截止日期“"):
        visitor_filters([], [], [], [], "", typed)


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [
        ("2017", "2017-03", True),
        ("2017-05", "2017", True),
        ("2017", "2016", False),
        ("2017-05", "2017-04-30", False),
        ("2017-03-08", "2017-03-08", True),
    ],
)
def test_days_that_run_backwards_are_told(since: str, until: str, fits: bool) -> None:
    if fits:
        assert visitor_filters([], [], [], [], since, until)
    else:
        with pytest.raises(QABotError, match=rf"起始日期（{since}）晚于截止日期（{until}）"):
            visitor_filters([], [], [], [], since, until)


def test_part_of_a_title_or_id_names_transcripts() -> None:
    entries = [ENTRY, OTHER]
    for texts, ids in (
        (["2017-03-08-wangyi"], (ENTRY.id,)),
        (["答问"], (ENTRY.id,)),
        (["WANGYI", "b"], (ENTRY.id, "b")),
        (["没有", " "], ("没有",)),
        (None, ()),
    ):
        assert named_transcripts(texts, entries) == ids


NOTHING = dict.fromkeys(("transcript", "event", "speaker", "outlet", "since", "until"))


@pytest.mark.parametrize(
    ("given", "filters"),
    [
        ({}, Filters()),
        ({"transcript": ["a", "b"]}, Filters(transcript=("a", "b"))),
        ({"speaker": [], "since": "2017"}, Filters(since="2017")),
    ],
)
def test_a_program_gives_filters_as_json(given: dict[str, Any], filters: Filters) -> None:
    assert program_filters({**NOTHING, **given}) == filters


@pytest.mark.parametrize(
    "given", [{"event": {}}, {"event": "x"}, {"outlet": [None]}, {"until": ["2017"]}]
)
def test_json_of_another_kind_is_told(given: dict[str, Any]) -> None:
    with pytest.raises(QABotError, match=f"^{next(iter(given))} must be"):
        program_filters({**NOTHING, **given})


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), ""),
        (Filters(transcript=("a", "x")), "记录 甲、x"),
        (Filters(outlet=("一", "二", "三")), "媒体 一、二等 3 项"),
        (Filters(event=("会",), until="2017-03"), "场合 会 · 至2017年3月"),
        (Filters(since="2017", until="2018"), "2017年起至2018年"),
    ],
)
def test_filters_are_said_in_words(filters: Filters, words: str) -> None:
    assert scope_words(filters, {"a": "甲"}) == words


def test_the_sign_is_there_only_while_something_is_filtered() -> None:
    assert sign_html("", 0) == ""
    assert "可查 3 段原话" in sign_html("媒体 &lt;", 3)
    assert "&amp;lt;" in sign_html("媒体 &lt;", 3)
    assert "qa-sign-none" in sign_html("媒体 x", 0)
    assert "&lt;b&gt;" in problem_html("<b>")
