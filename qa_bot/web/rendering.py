"""Say answers in HTML, as they stand in the chat, with the head of the page above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.records import CatalogueEntry
from qa_bot.results import Answer, Citation, Outcome, Topic
from qa_bot.text import is_latin, shortened
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
_MAX_TOPIC_CHARS: Final = 60
_UNFILTER: Final = (
    '<p class="qa-notice-act"><button type="button" class="qa-unfilter">清除筛选条件</button></p>'
)


@dataclass(frozen=True, slots=True)
class _Words:
    """What a reply says of itself in one language; what it quotes stays as it was said."""

    lang: str
    understood: str
    correct: str
    into_the_box: str
    quotes_only: str
    nearest: str


_CHINESE: Final = _Words(
    lang="zh-CN",
    understood="理解为：",
    correct="修改",
    into_the_box="：把这句话放进提问框",
    quotes_only="这里只引用已载入记录中的原话，不编写回答。",
    nearest="这些记录里相近的话题（不是回答）",
)
_ENGLISH: Final = _Words(
    lang="en",
    understood="Understood as: ",
    correct="Edit",
    into_the_box=": put this question into the question box",
    quotes_only="This only quotes the loaded transcripts, and writes no answer of its own.",
    nearest="Nearest topics in these transcripts (not an answer)",
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

    `scope` says in words which filters it was looked for under. Where another question was searched
    for than was typed, that one stands above.
    """
    words = _ENGLISH if is_latin(answer.question) else _CHINESE
    say = _silence_html if answer.abstained else _quotes_html
    return _understood_html(answer, words) + say(answer, scope, words)


def _understood_html(answer: Answer, words: _Words) -> str:
    """Return the question that was searched for, with a button to correct it, where another was typed."""
    if answer.understood.strip() in ("", answer.question.strip()):
        return ""
    # The chat's sanitiser keeps `value` and drops data attributes, so the question travels in `value`.
    return (
        f'<p class="qa-understood" lang="{words.lang}"><span>{words.understood}'
        f'<span class="qa-understood-words">{question_html(answer.understood)}</span></span>'
        f'<button type="button" class="qa-correct" value="{escaped(answer.understood)}">{words.correct}'
        f'<span class="qa-hidden">{words.into_the_box}</span></button></p>'
    )


def _quotes_html(answer: Answer, scope: str, words: _Words) -> str:
    sections, number = [], 1
    for group in reading_order(answer.citations):
        sections.append(_exchange_html(group, number))
        number += len(group)
    return (
        '<div class="qa-reply" lang="zh-CN">'
        f'<p class="qa-reason"><span lang="{words.lang}">{escaped(answer.reason)}</span>'
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


def _silence_html(answer: Answer, scope: str, words: _Words) -> str:
    """Return the notice that nothing is cited; that filters leave nothing looks unlike any other."""
    if answer.outcome is Outcome.FILTERED_OUT:
        hint = f"筛选条件（{scope}）排除了所有记录，问题还没有查找。"
        return notice_html(answer.reason, hint, "qa-notice qa-filtered-out", _UNFILTER)
    if answer.outcome is not Outcome.NOT_FOUND:
        return notice_html(answer.reason, words.quotes_only, lang=words.lang)
    topics = _topics_html(answer.topics, words)
    if scope:
        hint = f"只在筛选范围内查找过：{scope}。"
        return notice_html(answer.reason, hint, more=_UNFILTER + topics)
    return notice_html(answer.reason, words.quotes_only, more=topics, lang=words.lang)


def _topics_html(topics: Sequence[Topic], words: _Words) -> str:
    """Return links to what the transcripts do hold, in the words of those who asked."""
    if not topics:
        return ""
    rows = "".join(f"<li>{_topic_html(topic)}</li>" for topic in topics)
    return (
        f'<div class="qa-topics"><p class="qa-topics-head" lang="{words.lang}">{words.nearest}</p>'
        f'<ul lang="zh-CN">{rows}</ul></div>'
    )


def _topic_html(topic: Topic) -> str:
    facts = [escaped(topic.asker)] if topic.asker else []
    if topic.date:
        facts.append(date_html(topic.date))
    source = f' <span class="qa-topic-source">{joined(facts)}</span>' if facts else ""
    return inward_html(topic.link, shortened(topic.question, _MAX_TOPIC_CHARS)) + source


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
        f'<blockquote class="qa-quote">{_quote_html(citation)}</blockquote>'
        f'<figcaption><span class="qa-credits">{joined(_credits(citation))}</span>{button}'
        "</figcaption></figure>"
    )


def _quote_html(citation: Citation) -> str:
    """Return a quote to the letter, with the stretch that answers in bold where that is not all of it."""
    quote, marked = citation.quote, citation.marked
    start, end = (max(0, place - citation.start) for place in (marked.start, marked.end))
    before, inside, after = quote[:start], quote[start:end], quote[end:]
    if not inside or inside == quote:
        return escaped(quote)
    return f'{escaped(before)}<strong class="qa-marked">{escaped(inside)}</strong>{escaped(after)}'


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
