"""Tell what a page hides and what it strikes out.

Of the page's own style sheets only what shows and hides is read, under selectors of one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import tinycss2
from lxml import etree

from qa_bot.adapters.html_blocks import is_inline, tag_of

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
#: No value that hides is longer, and what an element declares of itself stands after every rule.
_MOST_CHARS: Final = 40
_LAST: Final = 1 << 40
_SIMPLE: Final = re.compile(r"([a-z][a-z0-9]*)?[.#][\w-]+")
_NAME: Final = re.compile(r"[.#][\w-]+")
_COMBINED: Final = re.compile(r"[\s>+~]+")


class _Declared(NamedTuple):
    """A value, and how weighty its declaration is: an important one, else the later one, holds."""

    important: bool
    place: int
    value: str


_Style = dict[str, _Declared]
_UNSAID: Final = _Declared(False, 0, "none")


def hidden_and_struck(
    root: etree._Element,
) -> tuple[frozenset[etree._Element], frozenset[etree._Element]]:
    """Return the elements that hide what they hold, and those that strike it out."""
    rules = _rules(root)
    hidden, struck, undone = set[etree._Element](), set[etree._Element](), set[etree._Element]()
    for element in reversed(tuple(root.iter())):
        style = {name: declared.value for name, declared in _style(element, rules).items()}
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
    parsed = (tinycss2.parse_stylesheet(s, skip_comments=True, skip_whitespace=True) for s in sheets)
    for place, rule in enumerate(chain.from_iterable(parsed)):
        # @media and the like hold only on some screens.
        style = _declarations(rule.content, place) if rule.type == "qualified-rule" else {}
        for selector in tinycss2.serialize(rule.prelude).split(",") if style else ():
            name = selector.strip()
            if _SIMPLE.fullmatch(name):
                rules[name] = _merged((rules.get(name, {}), style))
            elif style.get("display", _UNSAID).value != "none" and ":hover" not in name:
                shown.update(_NAME.findall(_COMBINED.split(name)[-1]))
    # What some longer rule shows again is hidden only until a script says so.
    return {key: style for key, style in rules.items() if shown.isdisjoint(_NAME.findall(key))}


def _is_for_screens(sheet: etree._Element) -> bool:
    return (sheet.get("media") or "all").strip().lower() in {"all", "screen"}


def _declarations(css: str | Sequence[Any], place: int) -> _Style:
    """Return what hides or strikes out among some declarations, as text or as parsed."""
    parts = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True) if css else ()
    style: _Style = {}
    for part in parts:
        if part.type == "declaration" and part.lower_name in _TELLING:
            value = tinycss2.serialize(part.value).strip().lower()[:_MOST_CHARS]
            style = _merged((style, {part.lower_name: _Declared(part.important, place, value)}))
    return style


def _merged(styles: Iterable[_Style]) -> _Style:
    merged: _Style = {}
    for style in styles:
        for name, declared in style.items():
            # Of two in one place the later holds.
            if name not in merged or declared[:2] >= merged[name][:2]:
                merged[name] = declared
    return merged
