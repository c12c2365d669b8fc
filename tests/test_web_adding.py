"""Adding a transcript at the page: preview, confirmation, refusals, and where it is not offered."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest
from gradio_client import Client

from qa_bot.adapters import web_fetch
from qa_bot.bot import QABot
from qa_bot.documents import MAX_FILE_BYTES
from qa_bot.web.page import is_loopback, open_page
from tests.conftest import SEED
from tests.web_visitor import (
    COLOURS,
    LOCAL,
    PHONE,
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

TITLE = "<img src=x onerror=alert(1)>海关总署新闻发布会${alert(1)}{{7*7}}"
QUESTION = "钛合金出口管制会不会继续？"
ANSWER = "钛合金属于两用物项，依法实施许可管理，符合规定的出口都会予以许可。"
BRIEFING = f"""title: {TITLE}
url: javascript:alert(1)

2024年5月6日上午，海关总署举行新闻发布会。
主持人李明：
各位记者，大家好。
新华社记者：
请问如何看待跨境电商的出口形势？<script>alert(1)</script>
海关总署副署长赵远航：
跨境电商出口保持两位数增长。我们将继续推动海外仓建设。
路透社记者：
{QUESTION}
赵远航：
{ANSWER}
"""
PAGE = BRIEFING.replace("钛合金", "石墨").replace("<", "&lt;").replace("\n", "</p>\n<p>")


@pytest.fixture
def adding(serving: Callable[..., str], tmp_path: Path) -> str:
    """The address of a page of its own, with the first transcript, that can be added to."""
    bot = QABot.open(index=tmp_path / "index", seeds=SEED.parent)
    return serving(bot, allow_adding=True)


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a web page with a transcript, on this machine."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = f"<html><body><p>{PAGE}</p></body></html>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((LOCAL, 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{LOCAL}:{server.server_port}/briefing.html"
    server.shutdown()
    server.server_close()


def choose(visitor: Visitor, name: str, content: bytes) -> None:
    visitor.page.locator("#qa-file input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )


def paste(visitor: Visitor, url: str) -> None:
    visitor.page.get_by_label("或者粘贴网址").fill(url)
    visitor.page.get_by_role("button", name="读取").click()


def entering(visit: Callable[..., Visitor], address: str, **context: object) -> Visitor:
    visitor = visit(address, **context)
    visitor.page.get_by_role("button", name="添加记录").click()
    expect(visitor.page.get_by_role("heading", name="添加记录")).to_be_focused()
    return visitor


@needs_chromium
def test_a_file_is_previewed_added_and_quoted_to_all(
    visit: Callable[..., Visitor], adding: str
) -> None:
    earlier = visit(adding)
    visitor = entering(visit, adding)
    choose(visitor, "briefing.txt", BRIEFING.encode())
    preview = visitor.page.locator(".qa-preview")
    expect(preview).to_be_focused()
    assert preview.locator("h3").text_content() == TITLE
    said = preview.inner_text()
    for part in (
        "2024年5月6日",
        "赵远航 海关总署副署长（官员）",
        "新华社、路透社",
        "标签独占一行 5 处",
        ANSWER,
    ):
        assert part in said
    assert Client(adding, verbose=False).predict(QUESTION, api_name="/ask")["abstained"]
    visitor.page.get_by_role("button", name="加入记录").click()
    expect(visitor.page.locator("#qa-preview .qa-done")).to_contain_text("已加入")
    expect(visitor.page.locator("#qa-head")).to_contain_text("已载入 2 份记录")
    for each in (visitor, earlier, visit(adding)):
        each.ask(QUESTION)
        assert ANSWER in each.quotes()
    visitor.page.locator(".qa-done a").click()
    expect(visitor.page.locator("#qa-panel h2")).to_have_text(TITLE)
    late = visit(adding)
    expect(late.page.locator("#qa-head")).to_contain_text("已载入 2 份记录")
    late.unfold()
    late.page.get_by_role("combobox", name="发言人").click()
    expect(late.page.get_by_role("option", name="赵远航")).to_be_visible()


@needs_chromium
def test_a_preview_that_is_cancelled_adds_nothing(visit: Callable[..., Visitor], adding: str) -> None:
    visitor = entering(visit, adding)
    choose(visitor, "briefing.txt", BRIEFING.encode())
    visitor.page.get_by_role("button", name="取消").click()
    expect(visitor.page.locator(".qa-preview")).to_have_count(0)
    expect(visitor.page.locator("#qa-confirm")).to_have_count(0)
    expect(visitor.page.locator("#qa-file")).to_be_visible()
    visitor.ask(QUESTION)
    assert visitor.quotes() == []
    visitor.page.get_by_role("button", name="关闭").click()
    expect(visitor.page.get_by_role("button", name="添加记录")).to_be_focused()
    expect(visitor.page.locator("#qa-panel")).to_be_visible()


@needs_chromium
def test_a_duplicate_is_told_and_its_twin_shown(visit: Callable[..., Visitor], adding: str) -> None:
    visitor = entering(visit, adding)
    for _ in range(2):  # the second time, the very file lies there already
        choose(visitor, "again.txt", SEED.read_bytes())
        visitor.page.get_by_role("button", name="加入记录").click()
        notice = visitor.page.locator("#qa-preview .qa-notice")
        expect(notice).to_contain_text("已经有了，没有重复加入")
        expect(notice.locator("a")).to_have_attribute("href", "?p=2017-03-08-wangyi")
    visitor.page.reload()
    expect(visitor.page.locator("#qa-head")).to_contain_text("21 组问答")


@needs_chromium
def test_what_can_not_be_read_is_told_in_words_and_the_page_goes_on(
    visit: Callable[..., Visitor], adding: str
) -> None:
    visitor = entering(visit, adding)
    notice = visitor.page.locator("#qa-preview .qa-notice").last
    for name, content, said in (
        ("huge.txt", b"a" * (MAX_FILE_BYTES + 1), "文件太大，没有读取。"),
        ("empty.txt", b"", "文件是空的。"),
        ("program.exe", b"MZ", "不读这种文件"),
        ("zeros.txt", b"\x00\x01\x02", "不是文本文件"),
        ("no.pdf", "并非 PDF".encode(), "内容却不是 PDF"),
        ("<b>.txt", b" ", "文件是空的。"),
        ("plain.txt", "只是一段文字，没有人说话。".encode(), "没有认出官员的发言，不能加入。"),
    ):
        choose(visitor, name, content)
        expect(notice).to_contain_text(said)
        expect(visitor.page.locator("#qa-confirm")).to_have_count(0)
    for url, said in (
        (f"http://{LOCAL}:{free_port()}/a", "127.0.0.1 不是公网地址"),
        ("http://192.168.1.1/", "192.168.1.1 不是公网地址"),
        ("file:///etc/passwd", "不是网址"),
        ("", "不是网址"),
    ):
        paste(visitor, url)
        expect(notice).to_contain_text(said)
    visitor.ask("中日关系怎样才能改善？")
    assert visitor.quotes()


@needs_chromium
def test_a_page_is_fetched_previewed_and_added(
    visit: Callable[..., Visitor], adding: str, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = web_fetch.fetch
    monkeypatch.setattr(web_fetch, "fetch", lambda url, **_: fetch(url, allow_private=True))
    visitor = entering(visit, adding)
    paste(visitor, site)
    expect(visitor.page.locator(".qa-preview .qa-place a")).to_have_attribute("href", site)
    visitor.page.get_by_role("button", name="加入记录").click()
    expect(visitor.page.locator("#qa-preview .qa-done")).to_contain_text("已加入")
    visitor.ask(QUESTION.replace("钛合金", "石墨"))
    assert ANSWER.replace("钛合金", "石墨") in visitor.quotes()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_stands_out_from_its_ground_and_fits_a_phone(
    visit: Callable[..., Visitor], adding: str, scheme: str
) -> None:
    visitor = entering(visit, adding, color_scheme=scheme, viewport=PHONE, has_touch=True)
    expect(visitor.page.locator("#qa-file")).to_be_in_viewport()
    choose(visitor, "briefing.txt", BRIEFING.encode())
    expect(visitor.page.locator(".qa-preview")).to_be_in_viewport()
    parts = (
        *(".qa-add-head h2", ".qa-add-head p", ".qa-add-close", ".qa-preview h3", ".qa-preview dd"),
        *(".qa-preview dt", ".qa-preview .qa-derived", ".qa-counts", ".qa-asks", ".qa-said"),
        *("#qa-confirm", "#qa-cancel", ".qa-add-open"),
    )
    ratios = {part: contrast(*visitor.page.locator(part).last.evaluate(COLOURS)) for part in parts}
    assert {part: ratio for part, ratio in ratios.items() if ratio < 4.5} == {}
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for part in (".qa-add-open", ".qa-add-close", "#qa-preview", "#qa-confirm", "#qa-cancel"):
        box = visitor.page.locator(part).last.bounding_box()
        assert box
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= PHONE["width"], part


def test_only_loopback_hosts_let_visitors_add_unless_told(bot: QABot) -> None:
    for host, allowed, offered in (
        ("127.0.0.1", None, True),
        ("127.0.0.1", False, False),
        ("0.0.0.0", None, False),
        ("0.0.0.0", True, True),
    ):
        page, address = open_page(bot, host, free_port(), allow_adding=allowed)
        local = f"http://{LOCAL}:{urlsplit(address).port}"
        config = httpx.get(f"{local}/config").json()
        ids = {part["props"].get("elem_id") for part in config["components"]}
        assert ({"qa-add", "qa-file", "qa-url", "qa-confirm"} <= ids) is offered, host
        assert (">添加记录<" in str(config)) is offered
        small = httpx.post(f"{local}/gradio_api/upload", files={"files": ("a.txt", b"a" * 2000)})
        assert (small.status_code == 200) is offered
        assert list(_named_endpoints(local)) == ["/ask", "/search"]
        page.close(verbose=False)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("8.8.8.8", False),
        ("", False),
        ("no such host", False),
    ],
)
def test_a_loopback_host_is_known(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_path_that_was_not_uploaded_is_neither_read_nor_removed(adding: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(BRIEFING, encoding="utf-8")
    config = httpx.get(f"{adding}config").json()
    upload = next(
        each["id"]
        for each in config["dependencies"]
        if any(event == "upload" for _, event in each["targets"])
    )
    outside = os.path.relpath(secret, Path.cwd())
    for path in (str(secret), outside, "/etc/passwd"):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        body = {"fn_index": upload, "data": [file, None], "session_hash": "s"}
        httpx.post(f"{adding}gradio_api/queue/join", json=body)
        said = httpx.get(f"{adding}gradio_api/queue/data?session_hash=s", timeout=60).text
        assert '"success":false' in said
        assert "海关总署" not in said
    assert secret.exists()


def _named_endpoints(address: str) -> dict[str, object]:
    told = Client(address, verbose=False).view_api(return_format="dict", print_info=False)
    assert told["unnamed_endpoints"] == {}
    return dict(told["named_endpoints"])
