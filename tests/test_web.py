"""The page as visitors meet it: asking, sources, small screens, and what the server does."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from gradio_client import Client

from qa_bot.answering import not_found
from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.records import Transcript
from qa_bot.web.examples import EXAMPLE_COUNT, example_questions
from qa_bot.web.page import build_page, serve
from tests.conftest import REPOSITORY, SEED
from tests.web_visitor import (
    COLOURS,
    JAPAN,
    KOREA,
    LOCAL,
    NONSENSE,
    PHONE,
    Failing,
    Visitor,
    address,  # noqa: F401 - fixtures
    browser,  # noqa: F401
    called,  # noqa: F401
    contrast,
    expect,
    free_port,
    needs_chromium,
    serving,  # noqa: F401
    visit,  # noqa: F401
)


@needs_chromium
def test_an_example_is_answered_verbatim_and_its_source_shown(
    visit: Callable[..., Visitor], bot: QABot, seed: Transcript
) -> None:
    visitor = visit()
    visitor.page.get_by_role("button", name=KOREA).click()
    expect(visitor.page.locator("blockquote").first).to_be_visible()
    quotes = visitor.quotes()
    assert sorted(quotes) == sorted(cited.quote for cited in bot.ask(KOREA).citations)
    assert [quote for quote in quotes if quote not in seed.text] == []
    assert visitor.page.locator(".qa-number").all_text_contents() == [
        f"[{number}]" for number in range(1, len(quotes) + 1)
    ]
    expect(visitor.page.locator("#qa-mark")).to_have_text(quotes[0])


def test_every_example_finds_something(bot: QABot) -> None:
    ids = [entry.id for entry in bot.catalogue()]
    questions = example_questions(ids, bot.transcript)
    assert len(questions) == EXAMPLE_COUNT
    assert [question for question in questions if bot.ask(question).abstained] == []


@needs_chromium
def test_each_citation_opens_its_place_in_the_transcript(
    visit: Callable[..., Visitor], seed: Transcript
) -> None:
    visitor = visit()
    visitor.ask(KOREA)
    for number, quote in reversed(list(enumerate(visitor.quotes()))):
        visitor.page.locator(".qa-open").nth(number).click()
        mark = visitor.page.locator("#qa-panel #qa-mark")
        expect(mark).to_have_text(quote)
        expect(mark).to_be_in_viewport()
        assert mark.text_content() == quote
        start = seed.text.index(quote)
        expect(visitor.page.locator("#qa-panel dd").first).to_have_text(
            f"字符 {start}–{start + len(quote)}"
        )
        expect(visitor.page.locator(".qa-citation").nth(number)).to_have_class("qa-citation qa-current")
        expect(visitor.page.locator(".qa-current")).to_have_count(1)


@needs_chromium
def test_a_source_opens_and_closes_by_keyboard(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.ask(KOREA)
    last = visitor.page.locator(".qa-open").last
    last.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".qa-source")).to_be_focused()
    expect(visitor.page.locator("#qa-mark")).to_have_text(visitor.quotes()[-1])
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.locator(".qa-back")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(last).to_be_focused()


@needs_chromium
def test_nonsense_is_told_so_without_a_quote(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.ask(NONSENSE)
    expect(visitor.page.locator(".qa-notice-reason")).to_have_text(not_found(NONSENSE))
    expect(visitor.page.locator(".qa-notice")).to_be_visible()
    assert visitor.quotes() == []
    expect(visitor.page.locator("#qa-panel mark")).to_have_count(0)


@needs_chromium
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"'><svg onload=alert(1)>",
        "**粗** [链接](javascript:alert(1)) `码` $$x^2$$",
        "&lt;b&gt; &amp;",
        "{{7*7}} ${alert(1)} %%%LATEX_BLOCK_0%%%",
        "<think>想</think>",
        "第一行\n\t第二行",
        "😀👍🏽",
    ],
)
def test_whatever_is_typed_shows_as_text(visit: Callable[..., Visitor], text: str) -> None:
    visitor = visit()
    visitor.ask(text)
    shown = visitor.page.locator("#qa-chat .user-row .md")
    expect(shown).to_be_visible()
    assert shown.text_content() == text
    assert shown.locator("*").count() == 0


@needs_chromium
@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("", "（空白）"),
        ("？！……", "？！……"),
        ("啊" * 10_000, "啊" * 600 + "…（共 10000 字）"),
        ("\x07\x1b", "\ufffd\ufffd"),
    ],
)
def test_what_can_not_be_asked_gets_a_notice(
    visit: Callable[..., Visitor], bot: QABot, question: str, shown: str
) -> None:
    visitor = visit()
    visitor.ask(question)
    assert visitor.page.locator("#qa-chat .user-row .md").text_content() == shown
    assert visitor.page.locator(".qa-notice-reason").text_content() == bot.ask(question).reason


@needs_chromium
def test_a_conversation_goes_on_and_can_be_cleared(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    for question in (KOREA, NONSENSE, JAPAN):
        visitor.ask(question)
    assert visitor.page.locator("#qa-chat .user-row").all_inner_texts() == [KOREA, NONSENSE, JAPAN]
    assert visitor.page.locator("#qa-box textarea").input_value() == ""
    visitor.page.locator(".qa-open").first.click()
    expect(visitor.page.locator("#qa-mark")).to_have_text(visitor.quotes()[0])
    visitor.page.get_by_role("button", name="清空", exact=True).click()
    expect(visitor.page.locator("#qa-chat .user-row")).to_have_count(0)
    expect(visitor.page.locator(".qa-welcome")).to_be_visible()
    expect(visitor.page.locator("#qa-panel mark")).to_have_count(0)
    visitor.ask(JAPAN)
    assert visitor.page.locator("#qa-chat .user-row").all_inner_texts() == [JAPAN]


@needs_chromium
def test_visitors_do_not_see_each_other(visit: Callable[..., Visitor]) -> None:
    one, other = visit(), visit()
    one.ask(KOREA)
    other.ask(JAPAN)
    one.page.locator(".qa-open").last.click()
    expect(one.page.locator("#qa-mark")).to_have_text(one.quotes()[-1])
    assert one.page.locator("#qa-chat .user-row").all_inner_texts() == [KOREA]
    assert other.page.locator("#qa-chat .user-row").all_inner_texts() == [JAPAN]
    assert other.page.locator("#qa-mark").text_content() == other.quotes()[0]


@needs_chromium
def test_a_phone_shows_everything_in_its_width(visit: Callable[..., Visitor]) -> None:
    visitor = visit(viewport=PHONE, has_touch=True)
    visitor.ask(KOREA)
    expect(visitor.page.locator("#qa-mark")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    # What is cut off makes no page wider, so each part is measured too.
    for part in ("#qa-head", "#qa-chat", "blockquote", ".qa-open", "#qa-ask", "#qa-clear", "#qa-mark"):
        box = visitor.page.locator(part).last.bounding_box()
        assert box
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= PHONE["width"], part
    visitor.page.locator(".qa-open").last.click()
    expect(visitor.page.locator("#qa-mark")).to_be_in_viewport()
    expect(visitor.page.locator(".qa-back")).to_be_in_viewport()
    visitor.page.locator(".qa-back").click()
    expect(visitor.page.locator(".qa-open").last).to_be_in_viewport()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit: Callable[..., Visitor], scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    visitor.ask(NONSENSE)
    visitor.ask(KOREA)
    parts = (
        *(".qa-header p", ".qa-loaded", ".qa-loaded a", "#qa-send", "#qa-clear", ".qa-example"),
        *(".user-row .md", ".qa-reason", ".qa-asked", ".qa-asker", ".qa-number", "blockquote"),
        *(".qa-credits", ".qa-credits a", ".qa-open", ".qa-current .qa-open", ".qa-notice-reason"),
        *(".qa-notice-hint", "#qa-panel h2", "#qa-panel dl", "#qa-panel h3", "#qa-panel dd a"),
        *(".qa-journalist p", ".qa-official p", "#qa-mark"),
    )
    ratios = {part: contrast(*visitor.page.locator(part).last.evaluate(COLOURS)) for part in parts}
    assert {part: ratio for part, ratio in ratios.items() if ratio < 4.5} == {}


@needs_chromium
def test_an_error_is_said_politely_and_logged_and_the_next_question_answered(
    visit: Callable[..., Visitor], serving: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    visitor = visit(serving(Failing()))
    visitor.ask(KOREA)
    expect(visitor.page.locator(".qa-notice-reason")).to_have_text("抱歉，这次没能查找：程序出错了。")
    assert "secret" not in visitor.page.content()
    assert [(record.levelno, record.exc_info is not None) for record in caplog.records] == [
        (logging.ERROR, True)
    ]
    visitor.ask(KOREA)
    expect(visitor.page.locator(".qa-notice-reason").last).to_have_text(not_found(KOREA))


def test_the_command_serves_the_page_until_it_is_interrupted(tmp_path: Path) -> None:
    arguments = ("chat", "--no-browser", "--port", str(free_port()), "--index", str(tmp_path))
    command = [sys.executable, "-m", "qa_bot", *arguments, "--seeds", str(SEED.parent)]
    # A test run in the background ignores interrupts, and its children would inherit that.
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, preexec_fn=listen
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        answered = Client(line.split()[1], verbose=False).predict(NONSENSE, api_name="/ask")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    assert answered["abstained"] is True
    assert process.returncode == 0


def test_a_host_that_does_not_exist_is_told(bot: QABot) -> None:
    with pytest.raises(QABotError, match=r"256\.1\.1\.1:7999: can't listen there"):
        serve(build_page(bot), "256.1.1.1", 7999)


def test_a_port_in_use_is_told(bot: QABot) -> None:
    with socket.socket() as taken:
        taken.bind((LOCAL, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(QABotError, match=f"{LOCAL}:{port}: can't listen there"):
            serve(build_page(bot), LOCAL, port)


def test_a_configured_proxy_is_not_asked(
    serving: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{LOCAL}:{free_port()}")
    monkeypatch.setenv("no_proxy", "example.org")
    assert serving(Failing()).startswith(f"http://{LOCAL}:")


def test_the_server_calls_nobody_outside(address: str, called: list[str]) -> None:
    assert set(called) <= {LOCAL, "localhost"}
    assert called, "nothing was noted, so nothing was checked"
