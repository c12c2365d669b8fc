"""A visitor at the real page in a real Chromium, which can resolve no address outside this machine."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from qa_bot.answering import not_found
from qa_bot.bot import QABot
from qa_bot.filters import Filters
from qa_bot.records import CatalogueEntry, Passage, Transcript
from qa_bot.results import Answer
from qa_bot.web.page import open_page

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
THAAD = "萨德问题中方什么立场？"
THEN_KOREA = "那朝鲜呢？"

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

    def filter(self, name: str, text: str) -> None:
        """Type into one of the lists of the unfolded filters."""
        field = self.page.locator(f"#qa-filter-{name} input")
        field.fill(text)
        field.press("Enter")
        field.press("Escape")

    def unfold(self) -> None:
        self.page.get_by_role("button", name="筛选").first.click()
        expect(self.page.locator("#qa-filter-since")).to_be_visible()

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

    def __init__(self) -> None:
        self.asked = 0

    def passage(self, id: str) -> Passage | None:
        return None

    def catalogue(self) -> tuple[CatalogueEntry, ...]:
        return ()

    def transcript(self, id: str) -> Transcript | None:
        return None

    def ask(
        self,
        question: str,
        k: int = 3,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        self.asked += 1
        if self.asked == 1:
            raise RuntimeError("secret detail")
        return Answer(question, (), not_found(question))


class Meeting(Failing):
    """A bot that answers a question only while others are being asked."""

    def __init__(self, parties: int) -> None:
        self.barrier = threading.Barrier(parties, timeout=PATIENCE_MS / 1000)

    def ask(
        self,
        question: str,
        k: int = 3,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
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
def serving(called: list[str]) -> Iterator[Callable[..., str]]:
    """Serves a bot until the tests of this module are over."""
    pages = []

    def start(bot: QABot, allow_adding: bool = False) -> str:
        page, address = open_page(bot, LOCAL, free_port(), allow_adding=allow_adding)
        pages.append(page)
        return address

    yield start
    for page in pages:
        page.close(verbose=False)


@pytest.fixture(scope="module")
def address(serving: Callable[..., str], bot: QABot) -> str:
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
        assert visitor.alarms == [], visitor.alarms
        hosts = {urlsplit(url).hostname for url in visitor.requests}
        assert hosts == {LOCAL}, hosts
