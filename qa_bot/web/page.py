"""The page in Gradio: what is on it, and where it is served."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any, Final

import gradio as gr
from gradio.events import api

from qa_bot.bot import QABot
from qa_bot.documents import MAX_FILE_BYTES
from qa_bot.errors import QABotError
from qa_bot.web import rendering
from qa_bot.web.add_form import add_form
from qa_bot.web.desk import Desk
from qa_bot.web.endpoints import Endpoints
from qa_bot.web.examples import example_questions
from qa_bot.web.filter_row import FilterRow, filter_row
from qa_bot.web.panel import empty_source_html
from qa_bot.web.talk import Talk

#: How many questions are answered side by side; Gradio's own default is one.
CONCURRENCY: Final = 16
#: Without adding, the page takes no files, but Gradio's address for them stands open.
_NO_UPLOAD_BYTES: Final = 1024
#: Uploads are removed as soon as they are read; this is for those of visitors who left.
_UPLOADS_KEPT_SECONDS: Final = 3600
_HERE: Final = Path(__file__).parent
_SANS: Final = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONO: Final = ("ui-monospace", "Consolas", "monospace")
_PRIVATE: Final[dict[str, Any]] = {"api_visibility": "private"}


def build_page(bot: QABot, allow_adding: bool = False) -> gr.Blocks:
    """Return the page on which visitors put questions to a bot; `serve` puts it on a port.

    Only where adding is allowed can visitors add transcripts, to be found by all others.
    """
    desk = Desk(bot)
    talk = Talk(desk, allow_adding)
    kept = _UPLOADS_KEPT_SECONDS
    page = gr.Blocks(
        title="qa_bot",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(kept, kept) if allow_adding else None,
    )
    with page, gr.Column(elem_id="qa-page"):
        head = gr.HTML(talk.head_html(), elem_id="qa-head", apply_default_css=False)
        with gr.Row(elem_id="qa-main", equal_height=True):
            with gr.Column(scale=3, min_width=320, elem_id="qa-talk"):
                chat, earlier = _chat(), gr.State(())
                filters = filter_row(talk)
                box, send, clear = _question_row()
                examples = _example_row(bot)
            with gr.Column(scale=2, min_width=320, elem_id="qa-side"):
                panel = _panel()
                if allow_adding:
                    add_form(talk, head)
        conversation = (box, chat, panel, earlier)
        _connect(talk, conversation, filters, (send, *examples))
        clear.click(talk.cleared, outputs=[*conversation], **_PRIVATE)
        page.load(talk.head, outputs=head, show_progress="hidden", **_PRIVATE)
        endpoints = Endpoints(desk)
        api(endpoints.ask, api_name="ask")
        api(endpoints.search, api_name="search")
    page.queue(default_concurrency_limit=CONCURRENCY)
    return page


def serve(
    page: gr.Blocks,
    host: str,
    port: int | None,
    open_browser: bool = False,
    max_upload_bytes: int = _NO_UPLOAD_BYTES,
) -> str:
    """Serve a page in the background and return its address; `page.close()` ends it.

    Without a port, the first free one from 7860 on is taken. Raises `QABotError` when there is
    no such port or address.
    """
    _keep_off_proxies(host)
    try:
        # Gradio would try a hundred ports of a host that does not exist.
        socket.getaddrinfo(host, None)
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            theme=_theme(),
            css_paths=_HERE / "style.css",
            share=False,
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            footer_links=[],
            max_file_size=max_upload_bytes,
            prevent_thread_lock=True,
            quiet=True,
        )
    except OSError as error:
        place = f"{host}:{port}" if port else f"{host}, ports from 7860 on"
        raise QABotError(f"{place}: can't listen there; choose a free port or another host") from error
    return address


def open_page(
    bot: QABot,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = False,
    allow_adding: bool | None = None,
) -> tuple[gr.Blocks, str]:
    """Serve the page for a bot in the background; return it, and its address.

    Unless said otherwise, visitors may add transcripts only where all of them are on this machine.
    """
    adding = is_loopback(host) if allow_adding is None else allow_adding
    page = build_page(bot, adding)
    limit = MAX_FILE_BYTES if adding else _NO_UPLOAD_BYTES
    return page, serve(page, host, port, open_browser, limit)


def launch(
    bot: QABot,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = False,
    allow_adding: bool | None = None,
) -> None:
    """Serve the page until it is interrupted, and say on standard output where it is; see `open_page`."""
    page, address = open_page(bot, host, port, open_browser, allow_adding)
    print(f"qa_bot: {address}  (Ctrl+C stops it)", flush=True)  # noqa: T201 - the one thing to know
    page.block_thread()


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server that listens on a host.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    # A scope, as in fe80::1%eth0, is no part of the address.
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return bool(host) and all(address.is_loopback for address in addresses)


def _chat() -> gr.Chatbot:
    # Every message is HTML that we made and escaped; the sanitiser stands behind it all the same.
    return gr.Chatbot(
        elem_id="qa-chat",
        show_label=False,
        container=False,
        height=None,
        autoscroll=False,
        buttons=[],
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        placeholder=rendering.welcome_html(),
    )


def _question_row() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="qa-ask", equal_height=True):
        box = gr.Textbox(
            elem_id="qa-box",
            label="问题",
            show_label=False,
            container=False,
            placeholder="想问什么？",
            lines=1,
            max_lines=4,
            scale=1,
            min_width=120,
            autofocus=True,
        )
        send = gr.Button("提问", variant="primary", elem_id="qa-send", scale=0, min_width=72)
        clear = gr.Button("清空", elem_id="qa-clear", scale=0, min_width=72)
    return box, send, clear


def _example_row(bot: QABot) -> tuple[gr.Button, ...]:
    ids = [entry.id for entry in bot.catalogue()]
    with gr.Row(elem_id="qa-examples"):
        return tuple(
            gr.Button(question, size="sm", scale=0, min_width=0, elem_classes="qa-example")
            for question in example_questions(ids, bot.transcript)
        )


def _panel() -> gr.HTML:
    script = (_HERE / "script.js").read_text(encoding="utf-8")
    return gr.HTML(empty_source_html(), elem_id="qa-panel", js_on_load=script, apply_default_css=False)


def _connect(
    talk: Talk,
    conversation: tuple[gr.Textbox, gr.Chatbot, gr.HTML, gr.State],
    filters: FilterRow,
    buttons: tuple[gr.Button, ...],
) -> None:
    """Let the box and the buttons ask, and the page's script open links and clear the filters.

    The first button sends what is in the box; the others ask the question written on them.
    """
    box, chat, panel, earlier = conversation
    send, *examples = buttons
    asking = [(box.submit, box), (send.click, box), *((each.click, each) for each in examples)]
    for event, question in asking:
        inputs = [question, chat, earlier, *filters.fields]
        event(talk.reply, inputs, [*conversation], show_progress_on=chat, **_PRIVATE)
    quiet = {"show_progress": "hidden", "trigger_mode": "always_last", **_PRIVATE}
    panel.open(talk.opened, outputs=panel, **quiet)
    panel.unfilter(talk.unfiltered, outputs=[*filters.fields, filters.sign], **quiet)


def _theme() -> gr.themes.Base:
    # Plain names are fonts of the visitor's machine; Gradio's own defaults are files it serves.
    return gr.themes.Base(
        primary_hue="teal", secondary_hue="teal", neutral_hue="stone", font=_SANS, font_mono=_MONO
    )


def _keep_off_proxies(host: str) -> None:
    """Let Gradio's check of its own server stay on this machine where a proxy is configured."""
    kept = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    names = [*kept.split(","), "127.0.0.1", "localhost", host]
    os.environ["no_proxy"] = ",".join(dict.fromkeys(name for name in names if name))
