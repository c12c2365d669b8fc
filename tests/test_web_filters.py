"""The filters on the page: they bind the visitor's own questions, and are seen while they do."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

from collections.abc import Callable

import pytest

from qa_bot.bot import QABot
from qa_bot.filters import Filters
from tests.web_visitor import (
    COLOURS,
    JAPAN,
    KOREA,
    NONSENSE,
    PHONE,
    Visitor,
    address,  # noqa: F401 - fixtures
    browser,  # noqa: F401
    called,  # noqa: F401
    contrast,
    expect,
    needs_chromium,
    serving,  # noqa: F401
    visit,  # noqa: F401
)


@needs_chromium
def test_filters_bind_the_questions_of_one_visitor_and_are_seen(
    visit: Callable[..., Visitor], bot: QABot
) -> None:
    one, other = visit(), visit()
    one.unfold()
    one.filter("outlet", "路透")
    expect(one.page.locator(".qa-sign")).to_contain_text("筛选中 媒体 路透 可查 3 段原话")
    one.ask(KOREA)
    assert sorted(one.quotes()) == sorted(
        cited.quote for cited in bot.ask(KOREA, filters=Filters(outlet=("路透",))).citations
    )
    assert one.page.locator(".qa-scope").text_content() == "筛选范围：媒体 路透"
    other.ask(KOREA)
    expect(other.page.locator(".qa-scope")).to_have_count(0)
    expect(other.page.locator(".qa-sign")).to_have_count(0)


@needs_chromium
def test_filters_that_leave_nothing_look_unlike_nothing_found_and_can_be_cleared(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    visitor.ask(NONSENSE)
    expect(visitor.page.locator("#qa-chat .qa-filtered-out")).to_have_count(0)
    visitor.unfold()
    since = visitor.page.locator("#qa-filter-since textarea, #qa-filter-since input")
    since.fill("2018年")
    since.blur()
    expect(visitor.page.locator(".qa-sign-none")).to_contain_text("2018年起 没有符合条件的记录")
    visitor.ask(JAPAN)
    notice = visitor.page.locator("#qa-chat .qa-filtered-out")
    expect(notice).to_contain_text("没有符合筛选条件的记录")
    notice.get_by_role("button", name="清除筛选条件").click()
    expect(visitor.page.locator(".qa-sign")).to_have_count(0)
    expect(since).to_have_value("")
    expect(visitor.page.locator("#qa-box textarea")).to_be_focused()
    visitor.ask(JAPAN)
    assert visitor.quotes()


@needs_chromium
def test_a_date_that_is_none_is_told_at_once_and_asks_nothing(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.unfold()
    until = visitor.page.locator("#qa-filter-until textarea, #qa-filter-until input")
    until.fill("2017-13<b>")
    until.blur()
    said = "截止日期“2017-13<b>”不是日期，请写成 2017、2017-03 或 2017-03-08。"
    expect(visitor.page.locator(".qa-sign-wrong > span")).to_have_text(said)
    visitor.ask(KOREA)
    assert visitor.quotes() == []
    expect(visitor.page.locator("#qa-chat .qa-notice-reason")).to_have_text(said)


@needs_chromium
def test_a_speaker_is_filtered_by_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    fold = visitor.page.get_by_role("button", name="筛选").first
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.focus()
    visitor.page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    visitor.page.get_by_role("combobox", name="发言人").focus()
    expect(visitor.page.get_by_role("option", name="王毅")).to_be_visible()
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".qa-sign")).to_contain_text("发言人 王毅")


@needs_chromium
def test_part_of_a_title_finds_its_transcript(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.unfold()
    visitor.filter("transcript", "外交政策")
    expect(visitor.page.locator(".qa-sign")).to_contain_text("记录 外交部就中国外交政策和对外关系答问")
    visitor.filter("transcript", "没有这一份")
    visitor.ask(KOREA)
    assert visitor.quotes()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_filters_stand_out_from_their_ground_and_fit_a_phone(
    visit: Callable[..., Visitor], scheme: str
) -> None:
    visitor = visit(color_scheme=scheme, viewport=PHONE)
    visitor.unfold()
    visitor.filter("speaker", "王毅")
    expect(visitor.page.locator(".qa-sign")).to_be_visible()
    parts = (
        *(".qa-sign b", ".qa-sign > span", ".qa-left", ".qa-sign .qa-unfilter", "#qa-filter-hint p"),
        *("#qa-filters > button", "#qa-filter-event [data-testid=block-info]", ".token"),
    )
    ratios = {part: contrast(*visitor.page.locator(part).last.evaluate(COLOURS)) for part in parts}
    assert {part: ratio for part, ratio in ratios.items() if ratio < 4.5} == {}
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for part in ("#qa-filter-speaker", "#qa-filter-until", ".qa-sign", ".qa-unfilter"):
        box = visitor.page.locator(part).last.bounding_box()
        assert box
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= PHONE["width"], part
