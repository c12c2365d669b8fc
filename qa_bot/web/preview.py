"""Show what was understood of a transcript before it is added, and what adding it did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa_bot.records import Exchange, Fact, Transcript
from qa_bot.text import shortened
from qa_bot.web.adding import Added, Draft
from qa_bot.web.markup import escaped, facts_html, joined, notice_html, outward_html
from qa_bot.web.panel import date_fact_html, entry_html, fact_html, people_facts
from qa_bot.web.wording import in_chinese, layout_word

_SHOWN_EXCHANGES: Final = 4
_SHOWN_REMARKS: Final = 8
_QUESTION_CHARS: Final = 72
_ANSWER_CHARS: Final = 60
_UNSAID: Final = '<span class="qa-unsaid">文中没有说明</span>'
#: The folders of a path, which are the server's own business.
_FOLDERS: Final = re.compile(r"(?:[A-Za-z]:)?[\\/](?:[^\s\\/:]+[\\/])+")


def preview_html(draft: Draft, passages: int) -> str:
    """Return what was understood of a draft, `passages` of which can be quoted."""
    transcript = draft.transcript
    source = outward_html(draft.url, draft.url) if draft.url else escaped(draft.name)
    warning = "" if passages else nothing_to_quote_html()
    return (
        '<section class="qa-preview" lang="zh-CN" aria-label="预览">'
        f'<h3>{escaped(transcript.title or "（没有标题）")}</h3><p class="qa-place">{source}</p>{warning}'
        f"{_certainty_html(transcript, passages)}{facts_html(_facts(transcript))}"
        f"{_remarks_html(transcript)}{_exchanges_html(transcript)}</section>"
    )


def nothing_to_quote_html() -> str:
    """Return the words for a file in which nobody is known to speak."""
    return notice_html(
        "没有认出官员的发言，不能加入。",
        "只有读得出谁在说话的文字才会被引用。请检查发言人标签的写法。",
    )


def added_html(added: Added) -> str:
    """Return what adding a draft did."""
    if added.entries:
        rows = "".join(f"<li>{entry_html(entry)}</li>" for entry in added.entries)
        changed = "<p>网页在预览之后有变化，加入的是现在的内容。</p>" if added.differs else ""
        return (
            '<div class="qa-notice qa-done" lang="zh-CN"><p class="qa-notice-reason">已加入，现在就可以提问。</p>'
            f'<ul class="qa-outline">{rows}</ul>{changed}</div>'
        )
    if added.twin:
        row = f'<ul class="qa-outline"><li>{entry_html(added.twin)}</li></ul>'
        return notice_html("这份记录已经有了，没有重复加入。", "已有的记录是：", more=row)
    return notice_html("没有加入新的记录。", "；".join(map(_without_folders, added.problems)))


def refused_html(what: str, error: Exception) -> str:
    """Return the words for a file or page that can't be read."""
    said = _without_folders(in_chinese(str(error)))
    return notice_html(f"读不了{shortened(what, 60)}。", f"{said}{'' if said.endswith('。') else '。'}")


def too_large_html(most_bytes: int) -> str:
    """Return the words for a file that is too large to be sent."""
    return notice_html(
        "文件太大，没有读取。", f"最多 {most_bytes // 2**20} MiB；请拆分，或只保存文字。"
    )


def not_added_html(error: Exception) -> str:
    """Return the words for a draft that can't be added."""
    said = _without_folders(in_chinese(str(error)))
    return notice_html("没能加入。", f"{said}。原有的记录都还在。")


def expired_html() -> str:
    """Return the words for a draft that is no longer kept."""
    return notice_html("预览已经过期，没有加入。", "请重新选择文件或读取网址。")


def broken_html() -> str:
    """Return the words for an error of ours while a draft was read or added."""
    return notice_html("抱歉，程序出错了，没有加入。", "原有的记录都还在；详情见服务器日志。")


def _certainty_html(transcript: Transcript, passages: int) -> str:
    share = f"{transcript.certainty:.0%}"
    counts = [
        (len(transcript.turns), "段发言"),
        (len(transcript.exchanges), "组问答"),
        (len(transcript.statements), "段主动发言"),
        (passages, "段可引用的原话"),
    ]
    said = joined([f"<b>{count}</b> {what}" for count, what in counts])
    return (
        f'<p class="qa-sure"><span>把握 {share}</span>'
        f'<meter min="0" max="1" value="{transcript.certainty:.3f}" aria-label="把握">{share}</meter></p>'
        f'<p class="qa-counts">{said}</p>'
    )


def _facts(transcript: Transcript) -> Iterator[tuple[str, str]]:
    known = transcript.metadata
    yield "日期", date_fact_html(known.date) if known.date else _UNSAID
    yield "场合", fact_html(known.event) if known.event else _UNSAID
    if known.venue:
        yield "地点", fact_html(known.venue)
    yield from people_facts(transcript)
    if transcript.layouts:
        uses = (f"{layout_word(use.layout)} {use.labels} 处" for use in transcript.layouts)
        yield "版式", escaped("、".join(uses))
    unsure = [each for each in transcript.cast if each.derivation != "the label says so"]
    if unsure:
        yield "身份依据", "<br>".join(fact_html(Fact(str(c.speaker), c.derivation)) for c in unsure[:6])


def _remarks_html(transcript: Transcript) -> str:
    remarks = transcript.remarks
    if not remarks:
        return ""
    rows = "".join(
        f"<li>第 {each.line} 行“{escaped(each.excerpt)}”：{escaped(in_chinese(each.message))}</li>"
        for each in remarks[:_SHOWN_REMARKS]
    )
    more = (
        f"<li>……另有 {len(remarks) - _SHOWN_REMARKS} 处</li>" if len(remarks) > _SHOWN_REMARKS else ""
    )
    return f'<h4>请核对</h4><ul class="qa-remarks">{rows}{more}</ul>'


def _exchanges_html(transcript: Transcript) -> str:
    shown = transcript.exchanges[:_SHOWN_EXCHANGES]
    rows = "".join(_exchange_html(transcript, each) for each in shown)
    left = len(transcript.exchanges) - len(shown)
    more = f'<p class="qa-derived">……另有 {left} 组问答</p>' if left else ""
    return f'<h4>开头的问答</h4><ol class="qa-first">{rows}</ol>{more}' if rows else ""


def _exchange_html(transcript: Transcript, exchange: Exchange) -> str:
    text, asker = transcript.text, exchange.question.speaker
    question = shortened(exchange.question.words.of(text), _QUESTION_CHARS)
    answers = "".join(
        f'<p class="qa-said"><span class="qa-speaker">{escaped(str(turn.speaker))}</span>'
        f"{escaped(shortened(turn.words.of(text), _ANSWER_CHARS))}</p>"
        for turn in exchange.answers[:1]
    )
    return (
        f'<li><p class="qa-asks"><span class="qa-asker">{escaped(str(asker))}</span>{escaped(question)}</p>'
        f"{answers}</li>"
    )


def _without_folders(text: str) -> str:
    """Return a message with files named, but not the folders in which the server keeps them."""
    return text if "://" in text else _FOLDERS.sub("", text)
