"""Say answers in HTML, as they stand in the chat, with the head of the page above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qa_bot.records import Answer, CatalogueEntry, Citation, Outcome
from qa_bot.text import shortened
from qa_bot.web.markup import (
    LIST_LINK,
    date_html,
    escaped,
    inward_html,
    joined,
    notice_html,
    outward_html,
)
from qa_bot.web.panel import NOT_AN_ANSWER, entry_html

_MAX_QUESTION_CHARS: Final = 600
_MAX_ASKED_CHARS: Final = 80
_UNFILTER: Final = (
    '<p class="qa-notice-act"><button type="button" class="qa-unfilter">清除筛选条件</button></p>'
)


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


def reply_html(answer: Answer, scope: str = "") -> str:
    """Return an answer as numbered quotes with their sources, or as a notice that there is none.

    `scope` says in words which filters it was looked for under.
    """
    if answer.abstained:
        return _silence_html(answer, scope)
    sections, number = [], 1
    for group in reading_order(answer.citations):
        sections.append(_exchange_html(group, number))
        number += len(group)
    return (
        f'<div class="qa-reply" lang="zh-CN"><p class="qa-reason">{escaped(answer.reason)}'
        f"{_scope_html(scope)}</p>{''.join(sections)}</div>"
    )


def failure_html() -> str:
    """Return the words for a question that could not be answered because of an error of ours."""
    return notice_html(
        "抱歉，这次没能查找：程序出错了。", "请再问一次；如果仍然出错，请查看服务器日志。"
    )


def misfiltered_html(problem: str) -> str:
    """Return the words for a question that was not looked for because a filter is wrong."""
    return notice_html(problem, "问题还没有查找；请改正筛选条件后再问。", more=_UNFILTER)


def welcome_html() -> str:
    """Return what stands in the chat before the first question."""
    return (
        '<div class="qa-welcome" lang="zh-CN"><h2>问一句，读原话</h2>'
        "<p>回答只由发言人的原话组成，每一段都能点开，回到原文里看。</p></div>"
    )


def header_html(entries: Sequence[CatalogueEntry], allow_adding: bool = False) -> str:
    """Return the head of the page: what this is, and which transcripts are loaded."""
    listed = f"<span>已载入 {entry_html(entries[0])}</span>" if len(entries) == 1 else ""
    listed = listed or inward_html(LIST_LINK, f"已载入 {len(entries)} 份记录")
    adding = '<button type="button" class="qa-add-open">添加记录</button>' if allow_adding else ""
    return (
        '<header class="qa-header" lang="zh-CN"><div><h1>qa_bot</h1>'
        "<p>提一个问题，读官方发言人的原话：逐字引用，注明出处；记录里没有的，就说没有。</p></div>"
        f'<div class="qa-loaded">{listed}{adding}</div></header>'
    )


def _silence_html(answer: Answer, scope: str) -> str:
    """Return the notice that nothing is cited; that filters leave nothing looks unlike any other."""
    if answer.outcome is Outcome.FILTERED_OUT:
        hint = f"筛选条件（{scope}）排除了所有记录，问题还没有查找。"
        return notice_html(answer.reason, hint, "qa-notice qa-filtered-out", _UNFILTER)
    if scope and answer.outcome is Outcome.NOT_FOUND:
        hint = f"只在筛选范围内查找过：{scope}。"
        return notice_html(answer.reason, hint, more=_UNFILTER)
    return notice_html(answer.reason, "这里只引用已载入记录中的原话，不编写回答。")


def _scope_html(scope: str) -> str:
    return f'<span class="qa-scope">筛选范围：{escaped(scope)}</span>' if scope else ""


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
        f'<figcaption><span class="qa-credits">{joined(_credits(citation))}</span>{button}'
        "</figcaption></figure>"
    )


def _credits(citation: Citation) -> list[str]:
    """Return who said a quote, to whom, where and when, as pieces of HTML."""
    name = " ".join(part for part in (citation.office, citation.speaker) if part)
    answered = f"答 {citation.asker} 问" if citation.asker else NOT_AN_ANSWER
    pieces = [f'<span class="qa-speaker">{escaped(name)}</span>', escaped(answered)]
    if citation.title:
        pieces.append(f"《{escaped(citation.title)}》")
    if citation.date:
        pieces.append(date_html(citation.date))
    if citation.url:
        pieces.append(outward_html(citation.url, "原文链接"))
    return pieces
