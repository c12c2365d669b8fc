"""Drives the real page in a real Chromium, which can resolve no address outside this machine."""

from __future__ import annotations

import logging
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa_bot.answering import not_found
from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.records import Answer, Passage, Transcript
from qa_bot.reports import answer_json
from qa_bot.web.examples import example_questions
from qa_bot.web.page import CONCURRENCY, build_page, serve
from tests.conftest import REPOSITORY, SEED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog

driver = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
expect = driver.expect

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
LOCAL = "127.0.0.1"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
#: Only how long to wait for what must come; nothing is said about speed.
PATIENCE_MS = 60_000
NONSENSE = "红烧肉怎么做才不腻"
KOREA = "中方如何看待朝鲜半岛局势？"
JAPAN = "中日关系怎样才能改善？"

#: An element's own colour and that of the nearest ground that is not transparent.
COLOURS = """element => {
  const channels = (colour) => colour.match(/[0-9.]+/g).map(Number);
  let ground = element;
  while (channels(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  return [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(channels);
}"""

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


class Visitor:
    """A person at the page in a browser of their own; remembers all that the browser did."""

    def __init__(self, browser: Browser, address: str, **context: Any) -> None:  # noqa: ANN401
        options: dict[str, Any] = {"viewport": DESKTOP, "locale": "zh-CN", **context}
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.requests: list[str] = []
        self.alarms: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.alarms.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(address)
        expect(self.page.locator("#qa-send")).to_be_visible()

    def ask(self, question: str) -> None:
        asked = self.page.locator("#qa-chat .user-row").count()
        self.page.locator("#qa-box textarea").fill(question)
        self.page.locator("#qa-send").click()
        expect(self.page.locator("#qa-chat .qa-reply, #qa-chat .qa-notice")).to_have_count(asked + 1)

    def quotes(self) -> list[str]:
        return self.page.locator("blockquote").all_text_contents()

    def _dismiss(self, dialog: Dialog) -> None:
        self.alarms.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.alarms.append(message.text)


class Failing:
    """A bot that fails at its first question and answers the others."""

    transcripts: tuple[Transcript, ...] = ()

    def __init__(self) -> None:
        self.asked = 0

    def passage(self, id: str) -> Passage | None:
        return None

    def ask(self, question: str) -> Answer:
        self.asked += 1
        if self.asked == 1:
            raise RuntimeError("secret detail")
        return Answer(question, (), not_found(question))


class Meeting(Failing):
    """A bot that answers a question only while others are being asked."""

    def __init__(self, parties: int) -> None:
        self.barrier = threading.Barrier(parties, timeout=PATIENCE_MS / 1000)

    def ask(self, question: str) -> Answer:
        self.barrier.wait()
        return Answer(question, (), not_found(question))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """The contrast of two colours as WCAG 2 defines it; text needs 4.5."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Sequence[float]) -> float:
    parts = [value / 255 for value in colour[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.fixture(scope="module")
def called() -> Iterator[list[str]]:
    """The addresses to which this process, and so the server, opens connections."""
    hosts: list[str] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: tuple[str, int] | str) -> None:
        hosts.append(address[0] if isinstance(address, tuple) else LOCAL)
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", noted)
    yield hosts
    patch.undo()


@pytest.fixture(scope="module")
def serving(called: list[str]) -> Iterator[Callable[[QABot], str]]:
    """Serves a bot until the tests of this module are over."""
    pages = []

    def start(bot: QABot) -> str:
        pages.append(build_page(bot))
        return serve(pages[-1], LOCAL, free_port())

    yield start
    for page in pages:
        page.close(verbose=False)


@pytest.fixture(scope="module")
def address(serving: Callable[[QABot], str], bot: QABot) -> str:
    return serving(bot)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """Lets visitors in, and checks afterwards that nothing ran, failed or left the machine."""
    visitors: list[Visitor] = []

    def enter(address: str = address, **context: object) -> Visitor:
        visitors.append(Visitor(browser, address, **context))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.context.close()
        assert visitor.alarms == []
        assert {urlsplit(url).hostname for url in visitor.requests} == {LOCAL}


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
    assert [
        question for question in example_questions(bot.transcripts) if bot.ask(question).abstained
    ] == []


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
def test_an_address_can_name_a_passage(visit: Callable[..., Visitor], address: str, bot: QABot) -> None:
    deep = max(bot.passages, key=lambda each: each.span.start - each.turn.label.start)
    visitor = visit()
    visitor.ask(JAPAN)
    permanent = visitor.page.locator("#qa-panel dd a").first.get_attribute("href")
    assert permanent
    linked = visit(address + permanent)
    expect(linked.page.locator("#qa-mark")).to_have_text(visitor.quotes()[0])
    other = visit(address + f"?passage={deep.id}".replace("#", "%23"))
    expect(other.page.locator("#qa-mark")).to_have_text(deep.text)
    expect(other.page.locator("#qa-mark")).to_be_in_viewport()
    assert other.page.evaluate("scrollY") == 0
    unknown = visit(address + "?passage=<script>alert(1)</script>")
    expect(unknown.page.locator("#qa-panel mark")).to_have_count(0)


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
        *(".qa-header p", ".qa-loaded", ".qa-loaded li", "#qa-send", "#qa-clear", ".qa-example"),
        *(".user-row .md", ".qa-reason", ".qa-asked", ".qa-asker", ".qa-number", "blockquote"),
        *(".qa-credits", ".qa-credits a", ".qa-open", ".qa-current .qa-open", ".qa-notice-reason"),
        *(".qa-notice-hint", "#qa-panel h2", "#qa-panel dl", "#qa-panel h3", "#qa-panel dd a"),
        *(".qa-journalist p", ".qa-official p", "#qa-mark"),
    )
    ratios = {part: contrast(*visitor.page.locator(part).last.evaluate(COLOURS)) for part in parts}
    assert {part: ratio for part, ratio in ratios.items() if ratio < 4.5} == {}


@needs_chromium
def test_an_error_is_said_politely_and_logged_and_the_next_question_answered(
    visit: Callable[..., Visitor], serving: Callable[[Failing], str], caplog: pytest.LogCaptureFixture
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


def test_programs_find_one_endpoint_and_get_what_python_gets(address: str, bot: QABot) -> None:
    client = Client(address, verbose=False)
    endpoints = client.view_api(return_format="dict", print_info=False)
    assert list(endpoints["named_endpoints"]) == ["/ask"]
    assert endpoints["unnamed_endpoints"] == {}
    for question in (KOREA, NONSENSE):
        assert client.predict(question, api_name="/ask") == answer_json(bot.ask(question))
    with pytest.raises(AppError, match="must be a string"):
        client.predict(5, api_name="/ask")


def test_an_error_reaches_a_program_as_an_error(serving: Callable[[Failing], str]) -> None:
    client = Client(serving(Failing()), verbose=False)
    with pytest.raises(AppError, match="could not be answered"):
        client.predict(KOREA, api_name="/ask")
    assert client.predict(KOREA, api_name="/ask")["reason"] == not_found(KOREA)


def test_questions_are_answered_side_by_side(serving: Callable[[Meeting], str]) -> None:
    client = Client(serving(Meeting(CONCURRENCY)), verbose=False)
    jobs = [client.submit(KOREA, api_name="/ask") for _ in range(CONCURRENCY)]
    assert [job.result()["question"] for job in jobs] == [KOREA] * CONCURRENCY


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
    serving: Callable[[Failing], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{LOCAL}:{free_port()}")
    monkeypatch.setenv("no_proxy", "example.org")
    assert serving(Failing()).startswith(f"http://{LOCAL}:")


def test_the_server_calls_nobody_outside(address: str, called: list[str]) -> None:
    assert set(called) <= {LOCAL, "localhost"}
    assert called, "nothing was noted, so nothing was checked"
