"""The page in Gradio: what is on it, and what happens when a visitor asks or opens a source."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gradio as gr
from gradio.events import api

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.records import Answer
from qa_bot.reports import answer_json
from qa_bot.web import rendering
from qa_bot.web.examples import example_questions

#: How many questions are answered side by side; Gradio's own default is one.
CONCURRENCY: Final = 16
#: The page takes no files, but Gradio's address for them stands open.
_MAX_UPLOAD_BYTES: Final = 1024
_HERE: Final = Path(__file__).parent
_SANS: Final = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONO: Final = ("ui-monospace", "Consolas", "monospace")
_log: Final = logging.getLogger("qa_bot")

Message = dict[str, Any]


def build_page(bot: QABot) -> gr.Blocks:
    """Return the page on which visitors put questions to a bot; `serve` puts it on a port."""
    visit = _Visit(bot)
    page = gr.Blocks(title="qa_bot", analytics_enabled=False, fill_width=True)
    with page, gr.Column(elem_id="qa-page"):
        gr.HTML(rendering.header_html(bot.transcripts), elem_id="qa-head", apply_default_css=False)
        with gr.Row(elem_id="qa-main", equal_height=True):
            with gr.Column(scale=3, min_width=320, elem_id="qa-talk"):
                chat = _chat()
                box, send, clear = _question_row()
                examples = _example_row(bot)
            with gr.Column(scale=2, min_width=320, elem_id="qa-side"):
                panel = _panel()
        _connect(visit, chat, box, panel, (send, *examples))
        clear.click(visit.clear, outputs=[box, chat, panel], api_visibility="private")
        page.load(visit.linked, outputs=panel, show_progress="hidden", api_visibility="private")
        api(visit.ask, api_name="ask")
    page.queue(default_concurrency_limit=CONCURRENCY)
    return page


def serve(page: gr.Blocks, host: str, port: int | None, open_browser: bool = False) -> str:
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
            max_file_size=_MAX_UPLOAD_BYTES,
            prevent_thread_lock=True,
            quiet=True,
        )
    except OSError as error:
        place = f"{host}:{port}" if port else f"{host}, ports from 7860 on"
        raise QABotError(f"{place}: can't listen there; choose a free port or another host") from error
    return address


def launch(
    bot: QABot, host: str = "127.0.0.1", port: int | None = None, open_browser: bool = False
) -> None:
    """Serve the page for a bot until it is interrupted, and say on standard output where it is."""
    page = build_page(bot)
    address = serve(page, host, port, open_browser)
    print(f"qa_bot: {address}  (Ctrl+C stops it)", flush=True)  # noqa: T201 - the one thing to know
    page.block_thread()


@dataclass(frozen=True, slots=True)
class _Visit:
    """What a visitor can do; it keeps nothing, so visitors can't see each other."""

    bot: QABot

    def reply(self, question: str, history: list[Message]) -> tuple[str, list[Message], str]:
        """Return an empty box, the chat with the question answered, and the first source."""
        try:
            answer = self.bot.ask(question)
            said, source = rendering.reply_html(answer), self._first_source(answer)
        except Exception:
            _log.exception("a question could not be answered")
            said, source = rendering.failure_html(), rendering.empty_source_html()
        asked = rendering.question_html(question)
        return "", [*history, _message("user", asked), _message("assistant", said)], source

    def source(self, event: gr.EventData) -> str:
        """Return the source panel for the citation that was clicked."""
        return self._source(str(event.passage))

    def linked(self, request: gr.Request) -> object:
        """Return the source panel for the passage that the page's address names, if any."""
        passage_id = request.query_params.get("passage")
        # Nothing to show must change nothing: by now an answer may stand in the panel.
        return self._source(passage_id) if passage_id else gr.skip()

    def clear(self) -> tuple[str, list[Message], str]:
        """Return the page as it was at first."""
        return "", [], rendering.empty_source_html()

    def ask(self, question: str) -> dict[str, Any]:
        """Answer a question with the officials' own words, each with its citation, or abstain."""
        if not isinstance(question, str):  # Gradio passes on whatever JSON a program sends
            raise gr.Error("The question must be a string.", print_exception=False)
        try:
            return answer_json(self.bot.ask(question))
        except Exception as error:
            _log.exception("a question could not be answered")
            said = "The question could not be answered: an error in qa_bot."
            raise gr.Error(said, print_exception=False) from error

    def _first_source(self, answer: Answer) -> str:
        groups = rendering.reading_order(answer.citations)
        return self._source(groups[0][0].passage_id if groups else "")

    def _source(self, passage_id: str) -> str:
        passage = self.bot.passage(passage_id)
        return rendering.source_html(passage) if passage else rendering.empty_source_html()


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
    with gr.Row(elem_id="qa-examples"):
        return tuple(
            gr.Button(question, size="sm", scale=0, min_width=0, elem_classes="qa-example")
            for question in example_questions(bot.transcripts)
        )


def _panel() -> gr.HTML:
    script = (_HERE / "script.js").read_text(encoding="utf-8")
    return gr.HTML(
        rendering.empty_source_html(),
        elem_id="qa-panel",
        js_on_load=script,
        apply_default_css=False,
    )


def _connect(
    visit: _Visit, chat: gr.Chatbot, box: gr.Textbox, panel: gr.HTML, buttons: tuple[gr.Button, ...]
) -> None:
    """Let the box and the buttons ask, and each citation open its source.

    The first button sends what is in the box; the others ask the question written on them.
    """
    send, *examples = buttons
    asking = [(box.submit, box), (send.click, box), *((each.click, each) for each in examples)]
    for event, question in asking:
        event(
            visit.reply,
            [question, chat],
            [box, chat, panel],
            show_progress_on=chat,
            api_visibility="private",
        )
    panel.open(
        visit.source,
        outputs=panel,
        show_progress="hidden",
        trigger_mode="always_last",
        api_visibility="private",
    )


def _message(role: str, html: str) -> Message:
    return {"role": role, "content": html}


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
