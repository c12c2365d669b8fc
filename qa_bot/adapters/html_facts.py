"""What a web page states of itself: title, address, publisher, language and character set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from lxml import etree

from qa_bot.adapters.encodings import decode, patched, read_as
from qa_bot.adapters.typeset import Line
from qa_bot.errors import TranscriptError
from qa_bot.records import Fact, Metadata

_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_STATED: Final = re.compile(rb"<meta\b[^>]*>|<\?xml\b[^>]*>", re.IGNORECASE)
#: Browsers look for the character set in the first kilobyte; old pages state it further down.
_HEAD: Final = 4096
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
#: No title is longer, and no page has more headlines worth a look.
_MOST_CHARS: Final = 500
_MOST_HEADS: Final = 8
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")


def page_of(content: bytes, media_type: str | None) -> str:
    """Return the source of a page, decoded as it looks, or else as it or its server says.

    What is said is often wrong, and how a page looks hardly ever. Bytes that fit nothing become
    U+FFFD. Raises `TranscriptError` when nothing is said and no encoding fits.
    """
    try:
        return decode(content)
    except TranscriptError:
        labels = ("utf-8", *_labels(content, media_type))
        read = next((text for label in labels if (text := read_as(content, label)) is not None), None)
        if read is None and len(labels) == 1:
            raise
    return patched(content, labels[1]) if read is None else read


def _labels(content: bytes, media_type: str | None) -> Iterator[str]:
    """Yield the names of the encodings that are stated, the server's first."""
    for place in ((media_type or "").encode(), *_STATED.findall(content[:_HEAD])):
        for name in _CHARSET.findall(place):
            yield name.decode("ascii", "replace")


def facts_of(root: etree._Element, lines: Sequence[Line]) -> Metadata:
    """Return what a page states of itself; `lines` are those it shows.

    The title is the article's own, without the site's name where that can be told apart.
    """
    return Metadata(
        title=_title(root, lines),
        url=_url(root),
        publisher=_meta(root, "og:site_name") or _meta(root, "SiteName"),
        language=_language(root),
    )


def _title(root: etree._Element, lines: Sequence[Line]) -> Fact | None:
    """Return the article's title: what the page calls so and, if possible, also shows."""
    whole = _fact(_text(root.find(".//title")), "the page's <title>")
    shown = {line.text.strip() for line in lines}
    heads = {
        text for element in islice(root.iter("h1"), _MOST_HEADS) if (text := _text(element)) in shown
    }
    named = (
        _meta(root, "ArticleTitle"),
        _meta(root, "og:title"),
        *(Fact(head, "the page's <h1>") for head in heads if whole and head in whole.value),
        *(Fact(text, "the page's <title>") for text in _beginnings(whole, shown)),
        *(Fact(head, "the page's <h1>") for head in heads if len(heads) == 1),
    )
    candidates = [fact for fact in named if fact]
    return next((fact for fact in candidates if fact.value in shown), next(iter(candidates), whole))


def _beginnings(whole: Fact | None, shown: Iterable[str]) -> Sequence[str]:
    """Return the lines with which the page's title begins, the longest first."""
    texts = [text for text in shown if whole and len(text) > 3 and whole.value.startswith(text)]
    return sorted(texts, key=len, reverse=True)


def _url(root: etree._Element) -> Fact | None:
    links = (link for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    addresses = (_fact(link.get("href"), "the page's canonical link") for link in links)
    found = next(addresses, None) or _meta(root, "og:url")
    return found if found and _ADDRESS.fullmatch(found.value) else None


def _language(root: etree._Element) -> Fact | None:
    fact = _fact(root.get("lang"), "the page's lang")
    return fact if fact and _LANGUAGE.fullmatch(fact.value) else None


def _meta(root: etree._Element, name: str) -> Fact | None:
    for element in root.iter("meta"):
        if name.lower() in {(element.get(key) or "").lower() for key in ("name", "property")}:
            return _fact(element.get("content"), f"the page's {name}")
    return None


def _fact(value: str | None, derivation: str) -> Fact | None:
    trimmed = " ".join(_BLANKS.split(value.strip())) if value else ""
    return Fact(trimmed, derivation) if 0 < len(trimmed) <= _MOST_CHARS else None


def _text(element: etree._Element | None) -> str:
    text = "" if element is None else "".join(str(piece) for piece in element.itertext())
    return " ".join(_BLANKS.split(text.strip()))
