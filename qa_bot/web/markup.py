"""Pieces of HTML that every part of the page is made of; whatever was written by others is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from qa_bot.dates import readable_date
from qa_bot.records import Role, Speaker

#: What the link to the list of all transcripts names; no transcript can be called so.
LIST_LINK: Final = "/"
#: No browser shows these, and an unpaired surrogate can't even be sent to one.
_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: Gradio expands tabs and strips margins of the messages it is given; references keep them.
_BLANKS: Final = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
#: What would not survive in an address as it stands.
_UNSAFE_IN_LINK: Final = re.compile(r"[^\w.~*()/#-]")
_ROLES: Final = {Role.MODERATOR: "主持人", Role.OFFICIAL: "官员", Role.JOURNALIST: "记者"}


def escaped(text: str) -> str:
    """Return HTML that shows `text` as it stands, with a replacement mark where nothing can show.

    >>> escaped("<b>1 & 2</b>")
    '&lt;b&gt;1 &amp; 2&lt;/b&gt;'
    """
    return escape(_UNSHOWABLE.sub("\ufffd", text)).translate(_BLANKS)


def date_html(value: str) -> str:
    """Return a date in EDTF as HTML that is not broken between its parts."""
    return f'<span class="qa-date">{escaped(readable_date(value))}</span>'


def joined(pieces: Sequence[str]) -> str:
    """Return pieces of HTML in one line with dots between them."""
    return '<span class="qa-dot"> · </span>'.join(pieces)


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """Return a list of facts, each a name and its value in HTML."""
    rows = "".join(f"<div><dt>{escaped(name)}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f"<dl>{rows}</dl>"


def outward_html(url: str, label: str) -> str:
    """Return a link for a web address, and plain text for any other scheme."""
    if not url.lower().startswith(("http://", "https://")):
        return escaped(url)
    return f'<a href="{escaped(url)}" target="_blank" rel="noopener noreferrer">{escaped(label)}</a>'


def permanent_link(link: str) -> str:
    """Return the address, below the page's own, of a transcript `T`, an exchange `T#8`, or `T#8.1`.

    >>> permanent_link("2017-03-08-wangyi#8.1"), permanent_link("100%+王毅")
    ('?p=2017-03-08-wangyi#8.1', '?p=100%25%2B王毅')
    """
    return "?p=" + _UNSAFE_IN_LINK.sub(lambda match: quote(match[0], errors="replace"), link)


def inward_html(link: str, label: str) -> str:
    """Return a link that opens a transcript, an exchange or a passage in the source panel."""
    return f'<a class="qa-link" href="{escaped(permanent_link(link))}">{escaped(label)}</a>'


def role_word(speaker: Speaker) -> str:
    """Return what a speaker is, in words."""
    return _ROLES.get(speaker.role, "身份不明")


def notice_html(
    reason: str, hint: str, kind: str = "qa-notice", more: str = "", lang: str = "zh-CN"
) -> str:
    """Return a notice in words: what happened, and what to know or do; `more` is HTML below it."""
    return (
        f'<div class="{kind}" lang="{lang}"><p class="qa-notice-reason">{escaped(reason)}</p>'
        f'<p class="qa-notice-hint">{escaped(hint)}</p>{more}</div>'
    )
