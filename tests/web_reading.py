"""Read the page's HTML as a browser would, and transcripts to make it of."""

from __future__ import annotations

from html.parser import HTMLParser

from qa_bot import segments
from qa_bot.parsing import parse_transcript
from qa_bot.passages import cut_passages
from qa_bot.records import CatalogueEntry, Passage, Span, Transcript
from qa_bot.results import Answer, Citation

HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;</p></blockquote><script>alert(1)</script>"
CITATION = Citation(
    passage_id="2017-03-08-wangyi#4.1",
    transcript_id="2017-03-08-wangyi",
    quote="和平仍有希望。",
    start=100,
    end=107,
    speaker="王毅",
    office="外交部部长",
    question="中国是否认为半岛会发生战争？",
    asker="路透社记者",
    outlet="路透社",
    title="外交部答问",
    url="https://example.org/a?b=1&c=2",
    date="2017-03-08",
    score=0.9,
    marked=Span(100, 107),
)
OUR_TAGS = set(
    "a article b blockquote br button code div dd dl dt figcaption figure h1 h2 h3 h4 header li mark meter ol p "
    "section span strong ul".split()
)
VOID_TAGS = {"img", "br", "hr", "input", "link", "meta"}


class Reader(HTMLParser):
    """Reads HTML as a browser would show it: each element's tag, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert self._open == [], "an element is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pieces: list[str] = []
        self.elements.append((tag, dict(attrs), pieces))
        if tag not in VOID_TAGS:
            self._open.append((tag, pieces))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for _, pieces in self._open:
            pieces.append(data)

    def texts(self, tag: str, kind: str | None = None) -> list[str]:
        return [
            "".join(pieces)
            for name, attrs, pieces in self._all(tag)
            if kind in (None, attrs.get("class"))
        ]

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs, _ in self._all(tag)]

    def tags(self) -> set[str]:
        return {tag for tag, _, _ in self.elements}

    def _all(self, tag: str) -> list[tuple[str, dict[str, str | None], list[str]]]:
        return [element for element in self.elements if element[0] == tag]


def answered(*citations: Citation) -> Answer:
    return Answer("问", citations, f"找到 {len(citations)} 段官方原话。")


def entry_of(transcript: Transcript) -> CatalogueEntry:
    return segments.entry_of(transcript, len(cut_passages(transcript)))


class Shelf:
    """One transcript, as the panel needs it."""

    def __init__(self, transcript: Transcript) -> None:
        self.held = transcript

    def catalogue(self) -> tuple[CatalogueEntry, ...]:
        return (entry_of(self.held),)

    def transcript(self, id: str) -> Transcript | None:
        return self.held if id == self.held.id else None

    def passage(self, id: str) -> Passage | None:
        return next((each for each in cut_passages(self.held) if each.id == id), None)


def hostile_transcript() -> Transcript:
    text = (
        f"title: {HOSTILE}\nurl: javascript:alert(1)\n\n3月8日上午举行记者会。\n"
        f"外交部部长王毅：\n各位好。{HOSTILE}\n新华社记者：\n{HOSTILE}对吗？\n"
        f"王毅：\n{HOSTILE}\n第二段 & 完。\n"
    )
    return parse_transcript(text, id='a"b<c>')
