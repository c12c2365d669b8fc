"""Permanent links: to a passage, an exchange, a transcript, the list of them, and to nothing."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

from collections.abc import Callable

import pytest

from qa_bot.bot import QABot
from tests.web_visitor import (
    JAPAN,
    KOREA,
    PHONE,
    Visitor,
    address,  # noqa: F401 - fixtures
    browser,  # noqa: F401
    called,  # noqa: F401
    expect,
    needs_chromium,
    serving,  # noqa: F401
    visit,  # noqa: F401
)

ID = "2017-03-08-wangyi"
PANEL = "#qa-panel article"


def shown(visitor: Visitor) -> str | None:
    return str(visitor.page.locator(PANEL).get_attribute("data-link"))


@needs_chromium
@pytest.mark.parametrize("sign", ["#", "%23"])
def test_a_link_names_a_passage(
    visit: Callable[..., Visitor], address: str, bot: QABot, sign: str
) -> None:
    deep = max(bot.passages, key=lambda each: each.span.start - each.turn.label.start)
    visitor = visit(address + "?p=" + deep.id.replace("#", sign))
    expect(visitor.page.locator("#qa-mark")).to_have_text(deep.text)
    expect(visitor.page.locator("#qa-mark")).to_be_in_viewport()
    assert visitor.page.evaluate("scrollY") == 0


@needs_chromium
def test_a_link_names_an_exchange(visit: Callable[..., Visitor], address: str, bot: QABot) -> None:
    visitor = visit(f"{address}?p={ID}#8")
    expect(visitor.page.locator(PANEL)).to_have_attribute("data-link", f"{ID}#8")
    transcript = bot.transcript(ID)
    assert transcript
    exchange = transcript.exchanges[7]
    labels = [turn.label.of(transcript.text) for turn in (*exchange.questions, *exchange.answers)]
    assert visitor.page.locator("#qa-panel h3").all_text_contents() == labels
    expect(visitor.page.locator("#qa-panel mark")).to_have_count(0)


@needs_chromium
def test_a_link_names_a_transcript_and_its_outline_leads_on(
    visit: Callable[..., Visitor], address: str
) -> None:
    visitor = visit(f"{address}?p={ID}")
    outline = visitor.page.locator("#qa-panel .qa-outline a")
    expect(outline).to_have_count(22)
    visitor.ask(JAPAN)
    visitor.page.goto(f"{address}?p={ID}")
    expect(outline).to_have_count(22)
    outline.nth(4).click()
    expect(visitor.page.locator(PANEL)).to_have_attribute("data-link", f"{ID}#4")
    assert visitor.page.url.endswith(f"?p={ID}#4")
    visitor.page.go_back()
    expect(visitor.page.locator(PANEL)).to_have_attribute("data-link", ID)
    visitor.page.go_forward()
    expect(visitor.page.locator(PANEL)).to_have_attribute("data-link", f"{ID}#4")


@needs_chromium
def test_links_in_the_panel_are_readable_and_keep_the_conversation(
    visit: Callable[..., Visitor], address: str
) -> None:
    visitor = visit()
    visitor.ask(KOREA)
    expect(visitor.page.locator("#qa-mark")).to_be_visible()
    links = visitor.page.locator("#qa-panel a.qa-link")
    hrefs = links.evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    assert hrefs == [f"?p={ID}", f"?p={ID}#4", f"?p={ID}#4.1"]
    for number in (2, 1, 0):
        links.nth(number).click()
        expect(visitor.page.locator(PANEL)).to_have_attribute("data-link", hrefs[number][3:])
        assert visitor.page.locator("#qa-chat .user-row").all_inner_texts() == [KOREA]
        linked = visit(address + hrefs[number])
        expect(linked.page.locator(PANEL)).to_have_attribute("data-link", hrefs[number][3:])


@needs_chromium
@pytest.mark.parametrize(
    "link", ["nix", f"{ID}#99", f"{ID}#8.99", f"{ID}#08", f"{ID}#x", "<script>alert(1)</script>"]
)
def test_a_link_to_nothing_says_so(visit: Callable[..., Visitor], address: str, link: str) -> None:
    visitor = visit(f"{address}?p={link}")
    expect(visitor.page.locator("#qa-panel h2")).to_have_text("这个链接没有对应的原文")
    assert visitor.page.locator("#qa-panel code").text_content() == link
    visitor.page.locator("#qa-panel .qa-nothing a").click()
    expect(visitor.page.locator("#qa-panel .qa-outline li")).to_have_count(1)


@needs_chromium
def test_a_link_that_can_not_be_decoded_is_taken_as_it_stands(
    visit: Callable[..., Visitor], address: str
) -> None:
    visitor = visit(f"{address}?p={ID}#%E5%")
    expect(visitor.page.locator("#qa-panel code")).to_have_text(f"{ID}#%E5%")


@needs_chromium
def test_a_link_is_brought_into_sight_on_a_phone(visit: Callable[..., Visitor], address: str) -> None:
    visitor = visit(f"{address}?p={ID}#8.1", viewport=PHONE, has_touch=True)
    expect(visitor.page.locator("#qa-mark")).to_be_in_viewport()
    visitor.page.locator(".qa-back").click()
    expect(visitor.page.locator("#qa-box textarea")).to_be_in_viewport()
