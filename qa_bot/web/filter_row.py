"""The filters beside the question: a folded row of fields, and the sign that they are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from qa_bot.web.talk import Talk

_LISTS: Final = {"transcript": "记录", "event": "场合", "speaker": "发言人", "outlet": "提问媒体"}
_HINT_HTML: Final = '<p lang="zh-CN">可多选；也可输入名称的一部分后按回车。日期可只写到年或月。</p>'
_QUIET: Final[dict[str, Any]] = {
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "api_visibility": "private",
}


@dataclass(frozen=True, slots=True)
class FilterRow:
    """The components: the six fields in the order of `Filters`, and the sign."""

    fields: tuple[gr.Dropdown | gr.Textbox, ...]
    sign: gr.HTML


def filter_row(talk: Talk) -> FilterRow:
    """Put the filters on the page that is being built.

    What can be chosen is sent when the row is unfolded: it is too much for every visit.
    """
    sign = gr.HTML("", elem_id="qa-sign", apply_default_css=False)
    fold = gr.Accordion("筛选", open=False, elem_id="qa-filters")
    with fold, gr.Row(elem_id="qa-filter-fields"):
        lists = [_list(name, label) for name, label in _LISTS.items()]
        dates = [_date("since", "起始日期"), _date("until", "截止日期")]
        gr.HTML(_HINT_HTML, elem_id="qa-filter-hint", apply_default_css=False)
    row = FilterRow((*lists, *dates), sign)
    fold.expand(talk.choices, outputs=lists, **_QUIET)
    for each in lists:
        each.change(talk.sign, list(row.fields), sign, **_QUIET)
    for date in dates:
        for event in (date.blur, date.submit):
            event(talk.sign, list(row.fields), sign, **_QUIET)
    return row


def _list(name: str, label: str) -> gr.Dropdown:
    # A name that is typed need not be among the choices: filters find parts of names.
    return gr.Dropdown(
        [],
        value=[],
        multiselect=True,
        allow_custom_value=True,
        label=label,
        elem_id=f"qa-filter-{name}",
        min_width=200,
    )


def _date(name: str, label: str) -> gr.Textbox:
    return gr.Textbox(
        label=label,
        placeholder="如 2017-03",
        max_lines=1,
        elem_id=f"qa-filter-{name}",
        min_width=150,
    )
