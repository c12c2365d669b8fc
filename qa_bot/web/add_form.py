"""The form with which a visitor adds a transcript: choose, look at the preview, confirm or cancel."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import gradio as gr

from qa_bot.documents import MAX_FILE_BYTES
from qa_bot.errors import QABotError
from qa_bot.passages import cut_passages
from qa_bot.web import preview
from qa_bot.web.adding import Draft, Drafts, add, read_address, read_file
from qa_bot.web.talk import Talk

#: Reading a file may take much memory; more visitors wait.
_READ_AT_ONCE: Final = 2
_log: Final = logging.getLogger("qa_bot")

#: What stands in the preview, the draft's name, the two buttons, the file field and the address field.
Shown = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """What the form does; `drafts` keeps what was read until it is confirmed."""

    talk: Talk
    drafts: Drafts = field(default_factory=Drafts)

    def read_file(self, path: str | None, draft: str | None) -> Shown:
        """Show what was understood of an uploaded file, whose place is below Gradio's own folder."""
        self.drafts.take(draft)
        if path is None:
            return _shown("", None)
        file = Path(path)
        return self._read(f"文件“{file.name}”", lambda: read_file(file))

    def read_address(self, address: str, draft: str | None) -> Shown:
        """Show what was understood of a page."""
        self.drafts.take(draft)
        return self._read("这个网址", lambda: read_address(address))

    def confirm(self, draft: str | None) -> tuple[object, ...]:
        """Add the draft, and tell what that did; the head of the page counts it at once."""
        return (*_shown(self._added(self.drafts.take(draft)), None), self.talk.head_html())

    def cancel(self, draft: str | None) -> Shown:
        """Forget the draft."""
        self.drafts.take(draft)
        return _shown("", None)

    def _read(self, what: str, read: Callable[[], Draft]) -> Shown:
        try:
            draft = read()
            passages = len(cut_passages(draft.transcript))
            said = preview.preview_html(draft, passages)
        except QABotError as error:
            return _shown(preview.refused_html(what, error), None)
        except Exception:
            _log.exception("a transcript could not be read")
            return _shown(preview.broken_html(), None)
        return _shown(said, self.drafts.keep(draft) if passages else None)

    def _added(self, draft: Draft | None) -> str:
        if draft is None:
            return preview.expired_html()
        try:
            return preview.added_html(add(self.talk.desk, draft))
        except QABotError as error:
            return preview.not_added_html(error)
        except Exception:
            _log.exception("a transcript could not be added")
            return preview.broken_html()


def add_form(talk: Talk, head: gr.HTML) -> None:
    """Put the form on the page that is being built; `head` is the head of the page."""
    form = _Form(talk)
    with gr.Column(elem_id="qa-add"):
        gr.HTML(_HEAD_HTML, elem_id="qa-add-head", apply_default_css=False)
        file = gr.File(
            label="选择或拖入文件（.txt .md .html .docx .pdf）",
            elem_id="qa-file",
            height=150,
        )
        with gr.Row(elem_id="qa-address", equal_height=True):
            address = gr.Textbox(
                label="或者粘贴网址", placeholder="https://", max_lines=1, scale=1, elem_id="qa-url"
            )
            fetch = gr.Button("读取", elem_id="qa-fetch", scale=0, min_width=72)
        draft = gr.State(None)
        shown = _preview()
        with gr.Row(elem_id="qa-decide"):
            confirm = gr.Button("加入记录", variant="primary", elem_id="qa-confirm", visible=False)
            cancel = gr.Button("取消", elem_id="qa-cancel", visible=False)
    outputs = [shown, draft, confirm, cancel, file, address]
    private: dict[str, Any] = {"show_progress_on": shown, "api_visibility": "private"}
    reading = {**private, "concurrency_limit": _READ_AT_ONCE, "concurrency_id": "qa-reading"}
    file.upload(form.read_file, [file, draft], outputs, **reading)
    for event in (fetch.click, address.submit):
        event(form.read_address, [address, draft], outputs, **reading)
    confirm.click(form.confirm, draft, [*outputs, head], **private)
    cancel.click(form.cancel, draft, outputs, **private)


_HEAD_HTML: Final = (
    '<div class="qa-add-head" lang="zh-CN"><h2 tabindex="-1">添加记录</h2>'
    '<button type="button" class="qa-add-close">关闭</button>'
    "<p>先看读出了什么，确认之后才会加入；加入后所有人都能查到。</p></div>"
)


def _preview() -> gr.HTML:
    return gr.HTML(
        "",
        elem_id="qa-preview",
        js_on_load=(Path(__file__).parent / "add_form.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        most_bytes=MAX_FILE_BYTES,
        too_large=preview.too_large_html(MAX_FILE_BYTES),
    )


def _shown(html: str, draft: str | None) -> Shown:
    """Return the form with a preview or a notice, the fields empty again."""
    decide = gr.update(visible=draft is not None)
    return html, draft, decide, decide, None, ""
