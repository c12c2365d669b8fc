"""Conversations on the page: follow-ups, how they were understood, marks, and topics on silence."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from qa_bot.bot import QABot
from qa_bot.filters import Filters
from qa_bot.records import CatalogueEntry, Passage, Span, Transcript
from qa_bot.results import Answer, Citation
from qa_bot.text import sentence_spans
from tests.web_visitor import (
    COLOURS,
    KOREA,
    NONSENSE,
    PHONE,
    THAAD,
    THEN_KOREA,
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

PANEL = "#qa-panel article"
HOSTILE = "\"'><img src=x onerror=alert(1)>&amp;<script>alert(1)</script>"


class Marking:
    """Answers as a bot does, with the second sentence of each quote marked."""

    def __init__(self, bot: QABot) -> None:
        self.bot = bot

    def catalogue(self) -> tuple[CatalogueEntry, ...]:
        return self.bot.catalogue()

    def transcript(self, id: str) -> Transcript | None:
        return self.bot.transcript(id)

    def passage(self, id: str) -> Passage | None:
        return self.bot.passage(id)

    def ask(
        self,
        question: str,
        k: int = 3,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        answer = self.bot.ask(question, k, filters, history)
        return replace(answer, citations=tuple(map(second_marked, answer.citations)))


class Joining(Marking):
    """Understands every question as all that were asked, one after the other."""

    def ask(
        self,
        question: str,
        k: int = 3,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        answer = self.bot.ask(question, k, filters)
        return replace(answer, understood="".join([*history[-1:], question]))


def second_marked(citation: Citation) -> Citation:
    second = sentence_spans(citation.quote, Span(0, len(citation.quote)))[1]
    place = Span(citation.start + second.start, citation.start + second.end)
    return replace(citation, marked=place)


def understood(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".qa-understood-words").all_text_contents()


@needs_chromium
def test_a_follow_up_is_answered_and_says_how_it_was_understood(
    visit: Callable[..., Visitor], bot: QABot
) -> None:
    visitor = visit()
    visitor.ask(THAAD)
    assert understood(visitor) == []
    visitor.ask(THEN_KOREA)
    answer = bot.ask(THEN_KOREA, history=[THAAD])
    assert answer.citations
    assert understood(visitor) == [answer.understood]
    assert answer.understood != THEN_KOREA
    assert visitor.page.locator(".user-row").all_inner_texts() == [THAAD, THEN_KOREA]
    expect(visitor.page.locator(".qa-understood")).to_contain_text("理解为：")
    quotes = visitor.page.locator(".bot-row").last.locator("blockquote").all_text_contents()
    assert sorted(quotes) == sorted(cited.quote for cited in answer.citations)


@needs_chromium
def test_a_wrong_understanding_is_corrected_by_keyboard(
    visit: Callable[..., Visitor], bot: QABot
) -> None:
    visitor = visit()
    visitor.ask(THAAD)
    visitor.ask(THEN_KOREA)
    completed = bot.ask(THEN_KOREA, history=[THAAD]).understood
    box = visitor.page.locator("#qa-box textarea")
    correct = visitor.page.locator("#qa-chat").get_by_role("button", name="修改")
    assert correct.text_content() == "修改：把这句话放进提问框"
    correct.focus()
    visitor.page.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_value(completed)
    visitor.page.keyboard.type("核")
    expect(box).to_have_value(f"{completed}核")
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.type(KOREA)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#qa-chat .user-row")).to_have_count(3)
    assert visitor.page.locator("#qa-chat .user-row").all_inner_texts()[2] == KOREA


@needs_chromium
def test_what_is_put_into_the_box_is_what_is_asked(visit: Callable[..., Visitor], bot: QABot) -> None:
    visitor = visit(viewport=PHONE, has_touch=True)
    visitor.ask(THAAD)
    visitor.ask(THEN_KOREA)
    visitor.page.locator(".qa-correct").tap()
    expect(visitor.page.locator("#qa-box textarea")).to_be_in_viewport()
    visitor.page.locator("#qa-send").click()
    expect(visitor.page.locator("#qa-chat .qa-reply")).to_have_count(3)
    asked = visitor.page.locator("#qa-chat .user-row").all_inner_texts()
    assert asked[2] == bot.ask(THEN_KOREA, history=[THAAD]).understood


@needs_chromium
def test_clearing_ends_the_conversation(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.ask(THAAD)
    visitor.page.get_by_role("button", name="清空", exact=True).click()
    expect(visitor.page.locator("#qa-chat .user-row")).to_have_count(0)
    visitor.ask(THEN_KOREA)
    assert understood(visitor) == []


@needs_chromium
def test_a_visitor_does_not_continue_what_another_asked(visit: Callable[..., Visitor]) -> None:
    one, other = visit(), visit()
    one.ask(THAAD)
    other.ask(THEN_KOREA)
    assert understood(other) == []
    one.ask(THEN_KOREA)
    assert len(understood(one)) == 1
    one.page.reload()
    expect(one.page.locator("#qa-send")).to_be_visible()
    one.ask(THEN_KOREA)
    assert understood(one) == []


@needs_chromium
def test_small_talk_does_not_interrupt_a_conversation(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    for said in (THAAD, "谢谢", "", THEN_KOREA):
        visitor.ask(said)
    assert len(understood(visitor)) == 1


@needs_chromium
@pytest.mark.parametrize("first", [THAAD, NONSENSE + HOSTILE])
def test_a_hostile_follow_up_shows_as_text(
    visit: Callable[..., Visitor], serving: Callable[..., str], bot: QABot, first: str
) -> None:
    visitor = visit(serving(Joining(bot)))
    visitor.ask(first)
    visitor.ask(HOSTILE)
    assert understood(visitor) == [first + HOSTILE]
    assert visitor.page.locator("#qa-chat img, #qa-chat script").count() == 0
    visitor.page.locator(".qa-correct").click()
    expect(visitor.page.locator("#qa-box textarea")).to_have_value(first + HOSTILE)


@needs_chromium
def test_a_hostile_question_is_completed_as_text(visit: Callable[..., Visitor], bot: QABot) -> None:
    first = "<img src=x onerror=alert(1)>" + THAAD
    completed = bot.ask(THEN_KOREA, history=[first]).understood
    assert completed.startswith("<img src=x onerror=alert(1)>")
    visitor = visit()
    visitor.ask(first)
    visitor.ask(THEN_KOREA)
    assert understood(visitor) == [completed]
    assert visitor.page.locator("#qa-chat img").count() == 0


@needs_chromium
def test_marks_are_bold_and_quotes_are_copied_to_the_letter(
    visit: Callable[..., Visitor], serving: Callable[..., str], bot: QABot
) -> None:
    visitor = visit(serving(Marking(bot)))
    visitor.ask(KOREA)
    told = {cited.quote: second_marked(cited) for cited in bot.ask(KOREA).citations}
    quotes = visitor.page.locator("blockquote").all()
    assert len(quotes) == len(told)
    for quote in quotes:
        text = quote.text_content() or ""
        start, marked = told[text].start, told[text].marked
        bold = quote.locator("strong.qa-marked")
        assert bold.text_content() == text[marked.start - start : marked.end - start]
        weights = [each.evaluate("each => getComputedStyle(each).fontWeight") for each in (quote, bold)]
        assert weights == ["400", "700"]
        quote.evaluate("each => getSelection().selectAllChildren(each)")
        assert visitor.page.evaluate("getSelection().toString()") == text


@needs_chromium
def test_topics_are_shown_on_silence_and_open_beside_it(
    visit: Callable[..., Visitor], bot: QABot
) -> None:
    visitor = visit()
    visitor.ask(NONSENSE)
    links = visitor.page.locator(".qa-notice .qa-topics a.qa-link")
    topics = bot.ask(NONSENSE).topics
    assert links.evaluate_all("all => all.map((each) => each.getAttribute('href'))") == [
        f"?p={topic.link}" for topic in topics
    ]
    for number, topic in enumerate(topics):
        shown = (links.nth(number).text_content() or "").removesuffix("…")
        assert topic.question.startswith(shown)
        links.nth(number).focus()
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(PANEL)).to_have_attribute("data-link", topic.link)
        expect(visitor.page.locator(PANEL)).to_be_focused()
        expect(visitor.page.locator("#qa-chat .user-row")).to_have_count(1)
        visitor.page.locator(".qa-back").click()
        expect(links.nth(number)).to_be_focused()
    assert len(visitor.context.pages) == 1


@needs_chromium
def test_topics_are_not_shown_beside_an_answer(visit: Callable[..., Visitor], bot: QABot) -> None:
    assert bot.ask(KOREA).topics
    visitor = visit()
    visitor.ask(KOREA)
    expect(visitor.page.locator(".qa-topics")).to_have_count(0)


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_stands_out_from_its_ground_and_fits_a_phone(
    visit: Callable[..., Visitor], serving: Callable[..., str], bot: QABot, scheme: str
) -> None:
    visitor = visit(serving(Marking(bot)), color_scheme=scheme, viewport=PHONE)
    for question in (THAAD, THEN_KOREA, "那红烧肉呢？"):
        visitor.ask(question)
    parts = (
        *(".qa-understood", ".qa-understood-words", ".qa-correct", ".qa-marked"),
        *(".qa-topics-head", ".qa-topics a", ".qa-topic-source"),
    )
    ratios = {part: contrast(*visitor.page.locator(part).last.evaluate(COLOURS)) for part in parts}
    assert {part: ratio for part, ratio in ratios.items() if ratio < 4.5} == {}
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for part in parts:
        box = visitor.page.locator(part).last.bounding_box()
        assert box
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= PHONE["width"], part
