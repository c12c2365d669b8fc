"""Cut a page into the lines that a browser would show, each with the element that holds it.

Of the page's own style sheets only what shows and hides is read, under selectors of one name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree

from qa_bot.adapters.typeset import Line, Run, line_of
from qa_bot.errors import TranscriptError
from qa_bot.records import Span

#: What is never shown, is no text, or is struck out.
_UNREAD: Final = frozenset(
    "script style noscript template head title iframe object svg math canvas audio video select "
    "textarea datalist rt rp del s strike".split()
)
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i img input ins kbd label mark nobr "
    "q rb rtc ruby samp small span strong sub sup time tt u var wbr".split()
)
_BOLD: Final = frozenset({"b", "strong"})
_BOLD_STYLE: Final = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: No browser shows these.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ENDS: Final = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_PREFORMATTED: Final = frozenset({"pre", "plaintext", "xmp", "listing"})
_MOST_TAGS: Final = 500_000
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
#: Between two of these a line break of the source is no blank (CSS Text 3, section 4.1.3).
_WIDE: Final = re.compile(
    r"[\u2e80-\u303f\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]"
)
#: What a style must declare to hide a text, property by property.
_HIDING: Final = {
    "display": re.compile(r"none"),
    "visibility": re.compile(r"hidden|collapse"),
    "opacity": re.compile(r"0*\.?0+%?"),
    "font-size": re.compile(r"(0*\.?0+|1(?=px))(px|pt|r?em|%)?"),
    "left": re.compile(r"-\d{3,}(\.\d+)?(px|pt|r?em)"),
    "top": re.compile(r"-\d{3,}(\.\d+)?(px|pt|r?em)"),
}
#: What a child may take back.
_INHERITED: Final = ("visibility", "font-size")
_STRIKING: Final = ("text-decoration", "text-decoration-line")
_TELLING: Final = frozenset((*_HIDING, *_STRIKING))
_CSS_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
#: No value that hides is longer, and what an element declares of itself stands after every rule.
_MOST_CHARS: Final = 40
_LAST: Final = 1 << 40
_SIMPLE: Final = re.compile(r"([a-z][a-z0-9]*)?[.#][\w-]+")
_NAME: Final = re.compile(r"[.#][\w-]+")
_COMBINED: Final = re.compile(r"[\s>+~]+")

#: How weighty a declaration is, the weightiest last, and what it declares of each property.
_Style = dict[str, tuple[bool, int, str]]


@dataclass(frozen=True, slots=True)
class Block:
    """A line as a browser would show it, and where it stands in the page.

    `size` counts the characters that are not blank, `linked` those of them that are links.
    """

    line: Line
    home: etree._Element = field(repr=False, compare=False)
    size: int
    linked: int


@dataclass(slots=True)
class _Pen:
    """The line that is being written."""

    runs: list[tuple[Run, bool]] = field(default_factory=list)
    bold: int = 0
    link: int = 0
    heading: int = 0
    pre: int = 0


def parse_page(page: str) -> etree._Element:
    """Return the tree of a page; raises `TranscriptError` when it is large or nested beyond reason."""
    if page.count("<") > _MOST_TAGS:
        raise TranscriptError("the page is larger than any transcript; save its text as .txt")
    # What stands after </body> is shown by every browser, and the parser would lose it.
    source = _ENDS.sub("", _CONTROLS.sub("", page))
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TranscriptError("the page is nested too deeply to be read; save it as text")
    if root is None:
        raise TranscriptError("the page holds no text")
    return root


def blocks_of(
    root: etree._Element, unread: Collection[etree._Element] = frozenset()
) -> tuple[Block, ...]:
    """Return every line that an element shows, from top to bottom, without those to be left unread."""
    pen, found = _Pen(), list[Block]()
    for step, element in _steps(root, unread):
        tag = tag_of(element)
        parent = element.getparent()
        if tag not in _INLINE and tag not in _UNREAD:
            found += _flush(pen, parent if step == "start" else element)
        if tag not in _UNREAD and element not in unread:
            _press(pen, element, 1 if step == "start" else -1)
            if step == "start":
                found += _write(pen, element.text, element)
        if step == "end" and parent is not None and element is not root:
            found += _write(pen, element.tail, parent)
    return (*found, *_flush(pen, root))


def tag_of(element: etree._Element) -> str:
    """Return the name of an element."""
    return element.tag if isinstance(element.tag, str) else ""


def is_inline(element: etree._Element) -> bool:
    """Tell whether an element is a piece of a line."""
    return tag_of(element) in _INLINE


def hidden_and_struck(
    root: etree._Element,
) -> tuple[frozenset[etree._Element], frozenset[etree._Element]]:
    """Return the elements that hide what they hold, and those that strike it out."""
    rules = _rules(root)
    hidden, struck, undone = set[etree._Element](), set[etree._Element](), set[etree._Element]()
    for element in reversed(tuple(root.iter())):
        style = {name: value for name, (*_, value) in _style(element, rules).items()}
        hides = _hides(element, style, element in undone)
        parent = element.getparent()
        if hides:
            hidden.add(element)
        elif parent is not None and (element in undone or any(name in style for name in _INHERITED)):
            undone.add(parent)
        if any("line-through" in style.get(name, "") for name in _STRIKING):
            struck.add(element)
    return frozenset(hidden), frozenset(struck)


def _hides(element: etree._Element, style: dict[str, str], undone: bool) -> bool:
    if element.get("hidden") is not None or (
        tag_of(element) == "dialog" and element.get("open") is None
    ):
        return True
    # Old layouts set the size of a box to nothing and of all that is in it back to something.
    excused = {*(_INHERITED if undone else ()), *(() if is_inline(element) else ("font-size",))}
    return any(
        name in style and name not in excused and sign.fullmatch(style[name])
        for name, sign in _HIDING.items()
    )


def _style(element: etree._Element, rules: dict[str, _Style]) -> _Style:
    """Return what is declared of an element, by its names and by itself."""
    names = [f".{name}" for name in set((element.get("class") or "").split())]
    names += [f"#{element.get('id')}"]
    keys = (key for name in names for key in (name, tag_of(element) + name) if key in rules)
    own = _declarations(element.get("style") or "", _LAST)
    return _merged((*(rules[key] for key in keys), own))


def _rules(root: etree._Element) -> dict[str, _Style]:
    """Return what the page's own style sheets declare under selectors of one name."""
    rules, shown = dict[str, _Style](), set[str]()
    sheets = [style.text or "" for style in root.iter("style") if _is_for_screens(style)]
    for place, (selectors, declared) in enumerate(_rules_of("}".join(sheets))):
        style = _declarations(declared, place)
        for selector in map(str.strip, selectors.split(",") if style else ()):
            if _SIMPLE.fullmatch(selector):
                rules[selector] = _merged((rules.get(selector, {}), style))
            elif style.get("display", (False, 0, "none"))[-1] != "none" and ":hover" not in selector:
                shown.update(_NAME.findall(_COMBINED.split(selector)[-1]))
    # What some longer rule shows again is hidden only until a script says so.
    return {key: style for key, style in rules.items() if shown.isdisjoint(_NAME.findall(key))}


def _is_for_screens(sheet: etree._Element) -> bool:
    return (sheet.get("media") or "all").strip().lower() in {"all", "screen"}


def _rules_of(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the declarations of the rules that hold on every screen."""
    depth, selectors = 0, ""
    pieces = re.split(r"([{}])", _CSS_COMMENT.sub("", sheet))
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            selectors = selectors if depth else text.rsplit(";", 1)[-1].strip()
            depth += 1
            continue
        if depth == 1 and not selectors.startswith("@"):
            yield selectors, text
        depth = max(0, depth - 1)


def _declarations(text: str, place: int) -> _Style:
    style: _Style = {}
    for declaration in text.lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in _TELLING:
            plain, important, _ = value.partition("!")
            weighty = (important != "", place, plain.strip()[:_MOST_CHARS])
            style = _merged((style, {name.strip(): weighty}))
    return style


def _merged(styles: Iterable[_Style]) -> _Style:
    merged: _Style = {}
    for style in styles:
        for name, declared in style.items():
            # Of two in one place the later holds.
            if name not in merged or declared[:2] >= merged[name][:2]:
                merged[name] = declared
    return merged


def _steps(
    root: etree._Element, unread: Collection[etree._Element]
) -> Iterator[tuple[str, etree._Element]]:
    walker = etree.iterwalk(root, events=("start", "end"))
    for step, element in walker:
        if step == "start" and (tag_of(element) in _UNREAD or element in unread):
            walker.skip_subtree()
        yield cast(str, step), element


def _press(pen: _Pen, element: etree._Element, step: int) -> None:
    tag = tag_of(element)
    pen.bold += step * (tag in _BOLD or bool(_BOLD_STYLE.search(element.get("style") or "")))
    pen.link += step * (tag == "a" and "href" in element.attrib)
    pen.heading += step * (tag in _HEADINGS)
    pen.pre += step * (tag in _PREFORMATTED)


def _write(pen: _Pen, text: str | None, home: etree._Element) -> Iterator[Block]:
    first, *others = (text or "").split("\n") if pen.pre else [text or ""]
    pen.runs.append((Run(first, pen.bold > 0), pen.link > 0))
    for other in others:
        yield from _flush(pen, home)
        pen.runs.append((Run(other, pen.bold > 0), pen.link > 0))


def _flush(pen: _Pen, home: etree._Element | None) -> Iterator[Block]:
    runs, pen.runs = pen.runs, []
    size = sum(_size(run.text) for run, _ in runs)
    if home is None or not size:
        return
    line = line_of((run for run, _ in runs), heading=pen.heading > 0)
    linked = sum(_size(run.text) for run, link in runs if link)
    yield Block(_unbroken(line) if pen.pre else _collapsed(line), home, size, linked)


def _size(text: str) -> int:
    return sum(map(len, text.split()))


def _unbroken(line: Line) -> Line:
    return Line(line.text.rstrip("\r"), line.bold, line.heading)


def _collapsed(line: Line) -> Line:
    """Collapse the blanks of the source as a browser does."""
    ends, removed, pieces, last = [0], [0], list[str](), 0
    for blank in _BLANKS.finditer(line.text):
        shown = _shown(blank)
        pieces += line.text[last : blank.start()], shown
        last = blank.end()
        ends.append(last)
        removed.append(removed[-1] + len(blank[0]) - len(shown))

    def moved(place: int) -> int:
        return place - removed[bisect_right(ends, place) - 1]

    bold = tuple(Span(moved(span.start), moved(span.end)) for span in line.bold)
    return Line("".join((*pieces, line.text[last:])), bold, line.heading)


def _shown(blank: re.Match[str]) -> str:
    text = blank.string
    if blank.start() == 0 or blank.end() == len(text):
        return ""
    between = _WIDE.match(text[blank.start() - 1]) and _WIDE.match(text[blank.end()])
    return "" if "\n" in blank[0] and between else " "
