"""Say answers and passages in HTML; whatever was written by others is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from qa_bot.records import Answer, Citation, Passage, Role, Span, Transcript, Turn
from qa_bot.text import line_spans, shortened

MARK_ID: Final = "qa-mark"
_MAX_QUESTION_CHARS: Final = 600
_MAX_ASKED_CHARS: Final = 80
_LISTED_TRANSCRIPTS: Final = 3
_NOT_AN_ANSWER: Final = "开场或主动发言"
#: No browser shows these, and an unpaired surrogate can't even be sent to one.
_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: Gradio expands tabs and strips margins of the messages it is given; references keep them.
_BLANKS: Final = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


def escaped(text: str) -> str:
    """Return HTML that shows `text` as it stands, with a replacement mark where nothing can show.

    >>> escaped("<b>1 & 2</b>")
    '&lt;b&gt;1 &amp; 2&lt;/b&gt;'
    """
    return escape(_UNSHOWABLE.sub("\ufffd", text)).translate(_BLANKS)


def readable_date(value: str) -> str:
    """Return a date in EDTF the Chinese way, leaving out the parts that are unknown.

    >>> readable_date("2017-03-08"), readable_date("XXXX-03-08")
    ('2017年3月8日', '3月8日')
    """
    parts = zip(value.split("-"), "年月日", strict=False)
    return "".join(f"{int(part)}{unit}" for part, unit in parts if part.isdecimal())


def reading_order(citations: Sequence[Citation]) -> tuple[tuple[Citation, ...], ...]:
    """Group citations, given best first, by exchange, each group in the order of the text.

    The exchange with the best citation comes first.
    """
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.passage_id.rpartition(".")[0], []).append(citation)
    return tuple(tuple(sorted(group, key=lambda cited: cited.start)) for group in groups.values())


def question_html(question: str) -> str:
    """Return a visitor's question as text, cut when it is very long."""
    count = len(question)
    if count > _MAX_QUESTION_CHARS:
        return f"{escaped(question[:_MAX_QUESTION_CHARS])}…（共 {count} 字）"
    return escaped(question.strip()) or "（空白）"


def reply_html(answer: Answer) -> str:
    """Return an answer as numbered quotes with their sources, or as a notice that there is none."""
    if answer.abstained:
        return notice_html(answer.reason, "这里只引用已载入记录中的原话，不编写回答。")
    sections, number = [], 1
    for group in reading_order(answer.citations):
        sections.append(_exchange_html(group, number))
        number += len(group)
    return (
        f'<div class="qa-reply" lang="zh-CN"><p class="qa-reason">{escaped(answer.reason)}</p>'
        f"{''.join(sections)}</div>"
    )


def notice_html(reason: str, hint: str) -> str:
    """Return a notice that stands where quotes would stand if there were any."""
    return (
        f'<div class="qa-notice" lang="zh-CN"><p class="qa-notice-reason">{escaped(reason)}</p>'
        f'<p class="qa-notice-hint">{escaped(hint)}</p></div>'
    )


def failure_html() -> str:
    """Return the words for a question that could not be answered because of an error of ours."""
    return notice_html(
        "抱歉，这次没能查找：程序出错了。", "请再问一次；如果仍然出错，请查看服务器日志。"
    )


def welcome_html() -> str:
    """Return what stands in the chat before the first question."""
    return (
        '<div class="qa-welcome" lang="zh-CN"><h2>问一句，读原话</h2>'
        "<p>回答只由发言人的原话组成，每一段都能点开，回到原文里看。</p></div>"
    )


def source_html(passage: Passage) -> str:
    """Return the whole exchange in which a passage stands, with the passage marked."""
    transcript, exchange = passage.transcript, passage.exchange
    turns = (exchange.question, *exchange.answers) if exchange else (passage.turn,)
    shown = "".join(_turn_html(transcript.text, turn, passage.span) for turn in turns)
    return (
        f'<article class="qa-source" data-passage="{escaped(passage.id)}" tabindex="-1" lang="zh-CN">'
        f'<button type="button" class="qa-back">返回回答</button>{_source_header_html(passage)}'
        f"{shown}</article>"
    )


def empty_source_html() -> str:
    """Return what stands in the source panel as long as no citation is shown."""
    return (
        '<div class="qa-empty" lang="zh-CN"><p>原文</p><p>有了回答，这里会显示引文所在的整组问答，'
        "引文会标出来。点任意引文下的“查看原文”即可切换。</p></div>"
    )


def header_html(transcripts: Sequence[Transcript]) -> str:
    """Return the head of the page: what this is, and which transcripts are loaded."""
    rows = "".join(f"<li>{_transcript_html(transcript)}</li>" for transcript in transcripts)
    listed = f'<div class="qa-loaded"><span>已载入</span><ul>{rows}</ul></div>'
    if len(transcripts) > _LISTED_TRANSCRIPTS:
        listed = (
            f"<details><summary>已载入 {len(transcripts)} 份记录</summary><ul>{rows}</ul></details>"
        )
    return (
        '<header class="qa-header" lang="zh-CN"><div><h1>qa_bot</h1>'
        "<p>提一个问题，读官方发言人的原话：逐字引用，注明出处；记录里没有的，就说没有。</p></div>"
        f"{listed}</header>"
    )


def _transcript_html(transcript: Transcript) -> str:
    facts = [f'<span class="qa-title">{escaped(transcript.title or transcript.id)}</span>']
    if transcript.date:
        facts.append(_date_html(transcript.date.value))
    return _joined([*facts, f"{len(transcript.exchanges)} 组问答"])


def _exchange_html(group: Sequence[Citation], number: int) -> str:
    """Return the citations of one exchange under the question that they answer."""
    figures = "".join(_citation_html(cited, place) for place, cited in enumerate(group, number))
    return f'<section class="qa-exchange">{_asked_html(group[0])}{figures}</section>'


def _asked_html(citation: Citation) -> str:
    if citation.question is None:
        return ""
    return (
        f'<p class="qa-asked"><span class="qa-asker">{escaped(citation.asker or "记者")}</span>'
        f"{escaped(shortened(citation.question, _MAX_ASKED_CHARS))}</p>"
    )


def _citation_html(citation: Citation, number: int) -> str:
    # The chat's sanitiser keeps `value` and drops data attributes, so the id travels in `value`.
    button = (
        f'<button type="button" class="qa-open" value="{escaped(citation.passage_id)}">查看原文'
        f'<span class="qa-hidden">：引文 {number}</span></button>'
    )
    return (
        f'<figure class="qa-citation"><span class="qa-number">[{number}]</span>'
        f'<blockquote class="qa-quote">{escaped(citation.quote)}</blockquote>'
        f'<figcaption><span class="qa-credits">{_joined(_credits(citation))}</span>{button}'
        "</figcaption></figure>"
    )


def _credits(citation: Citation) -> list[str]:
    """Return who said a quote, to whom, where and when, as pieces of HTML."""
    name = " ".join(part for part in (citation.office, citation.speaker) if part)
    answered = f"答 {citation.asker} 问" if citation.asker else _NOT_AN_ANSWER
    pieces = [f'<span class="qa-speaker">{escaped(name)}</span>', escaped(answered)]
    if citation.title:
        pieces.append(f"《{escaped(citation.title)}》")
    if citation.date:
        pieces.append(_date_html(citation.date))
    if citation.url:
        pieces.append(_link_html(citation.url, "原文链接"))
    return pieces


def _source_header_html(passage: Passage) -> str:
    transcript, exchange = passage.transcript, passage.exchange
    place = f"第 {exchange.number} 组问答" if exchange else _NOT_AN_ANSWER
    date = [_date_html(transcript.date.value)] if transcript.date else []
    facts = [
        ("引文位置", f"字符 {passage.span.start}–{passage.span.end}"),
        ("引文编号", f'<a href="?passage={quote(passage.id)}">{escaped(passage.id)}</a>'),
    ]
    if transcript.url:
        facts.append(("发布网址", _link_html(transcript.url, transcript.url)))
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return (
        f'<header class="qa-source-header"><h2>{escaped(transcript.title or transcript.id)}</h2>'
        f'<p class="qa-place">{_joined([*date, place])}</p><dl>{rows}</dl></header>'
    )


def _turn_html(text: str, turn: Turn, marked: Span) -> str:
    kind = "qa-journalist" if turn.role is Role.JOURNALIST else "qa-official"
    paragraphs = "".join(
        f"<p>{_marked_html(text, line, marked)}</p>" for line in line_spans(text, turn.words)
    )
    # A speaker who goes on after a note has no label of their own.
    label = f"<h3>{escaped(turn.label.of(text))}</h3>" if len(turn.label) else ""
    return f'<section class="qa-turn {kind}">{label}{paragraphs}</section>'


def _marked_html(text: str, line: Span, marked: Span) -> str:
    """Return one line with the part of it that lies in `marked` highlighted."""
    start, end = max(line.start, marked.start), min(line.end, marked.end)
    if start >= end:
        return escaped(line.of(text))
    before, inside, after = text[line.start : start], text[start:end], text[end : line.end]
    return f'{escaped(before)}<mark id="{MARK_ID}">{escaped(inside)}</mark>{escaped(after)}'


def _link_html(url: str, label: str) -> str:
    """Return a link for a web address, and plain text for any other scheme."""
    if not url.lower().startswith(("http://", "https://")):
        return escaped(url)
    return f'<a href="{escaped(url)}" target="_blank" rel="noopener noreferrer">{escaped(label)}</a>'


def _date_html(value: str) -> str:
    return f'<span class="qa-date">{escaped(readable_date(value))}</span>'


def _joined(pieces: Sequence[str]) -> str:
    return '<span class="qa-dot"> · </span>'.join(pieces)
