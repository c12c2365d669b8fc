"""Read a web page: the words of the article in it, as they would be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from lxml import etree

from qa_bot.adapters.html_blocks import Block, blocks_of, parse_page, tag_of
from qa_bot.adapters.html_facts import facts_of
from qa_bot.adapters.typeset import typeset
from qa_bot.errors import TranscriptError
from qa_bot.records import Document

#: Names that pages give to what stands around an article.
_SURROUNDINGS: Final = re.compile(
    r"(?<![a-z])(nav|navbar|menu|crumbs?|breadcrumbs?(nav)?|[bd]*share(box)?|foot(er)?|related|sidebar|"
    r"recommend(ed)?|copyright|toolbar|pager|pages|pagination|rank(ing)?|ads?|advert(isement)?|"
    r"comments?|search|login|qr(code)?|ewm)(?![a-z])",
    re.IGNORECASE,
)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SURROUNDING_TAGS: Final = frozenset({"nav", "footer", "aside"})
_HIDDEN: Final = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: A short line of this kind is no sentence of anybody's, wherever it stands outside the article.
_FURNITURE: Final = re.compile(
    r"^\W*(来源|作者|编辑|责任编辑|时间|发布时间|发布日期|地址|电话|邮编|邮箱|当前位置|您的?位置|"
    r"字号|字体|主办单位?|承办单位?|分享|扫一扫|版权所有|版權所有|Updated|Source|Copyright|©)"
    r"(到|[ \xa0]*[：:©]|$)|"
    r"ICP备|公网安备|All rights reserved|打印本页|关闭窗口|^\W*[上下]一[页篇]|^[\d\W年月日时分]+(来源|$)",
    re.IGNORECASE,
)
#: At the end of an article: who edited the page, not who spoke.
_CREDIT: Final = re.compile(r"\W*(责任编辑|责编|编辑|校对|审核|监制)[：:]\s*[\w\s]{1,12}[）)\]】]?")
_MARKS: Final = re.compile(r"[。！？；：，…!?:;、（）]|[.,](?=\s|$)")
#: An element that holds this share of the prose around it is where the article stands.
_MOST: Final = 0.75
#: What is named like surroundings and holds less than this share of the page's prose is just that.
_LITTLE: Final = 0.2
#: A part of a page with more links than this is a list of links.
_LINKS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Weight:
    """What an element holds: lines, characters, those that are links, and those of prose."""

    lines: int = 0
    size: int = 0
    linked: int = 0
    prose: int = 0

    def __add__(self, other: _Weight) -> _Weight:
        return _Weight(
            self.lines + other.lines,
            self.size + other.size,
            self.linked + other.linked,
            self.prose + other.prose,
        )


_Weights = dict[etree._Element, _Weight]


def read_page(page: str) -> Document:
    """Return the article of a page, one paragraph a line, with what the page states of itself.

    Raises `TranscriptError` when the page holds no text.
    """
    root = parse_page(page)
    blocks = blocks_of(root)
    if not blocks:
        raise TranscriptError(
            "the page holds no text; it may be written by a script: open it in a browser and save that"
        )
    facts = facts_of(root, tuple(block.line for block in blocks))
    title = facts.title.value if facts.title else None
    return typeset((block.line for block in _article(root, blocks, title)), facts)


def _article(root: etree._Element, blocks: Sequence[Block], title: str | None) -> Sequence[Block]:
    """Return the lines of the article, its title first where it stands above."""
    weights = _weights(root, blocks)
    doomed = _within(root, _surroundings(root, weights))
    kept = tuple(block for block in blocks if block.home not in doomed)
    weights = _weights(root, kept)
    if not weights[root].prose:
        return blocks
    trunk = _trunk(weights)
    core = _within(root, {trunk[-1]})
    beside = _within(root, _branches(trunk, weights)) | set(trunk)
    chosen = [
        place
        for place, block in enumerate(kept)
        if block.home in core or (block.home in beside and _prose(block))
    ]
    first, last = chosen[0], chosen[-1]
    # A line amid the article belongs to it, be it no more than a label, if it is no link.
    article = [
        block
        for block in kept[first : last + 1]
        if block.home in core or not (_is_linked(block) or _is_furniture(block))
    ]
    while len(article) > 1 and _CREDIT.fullmatch(article[-1].line.text):
        article.pop()
    return (*_title_above(kept[:first], article, title), *article)


def _title_above(
    above: Sequence[Block], article: Sequence[Block], title: str | None
) -> Sequence[Block]:
    if title is None or any(block.line.text.strip() == title for block in article):
        return ()
    found = [block for block in above if block.line.text.strip() == title]
    return [replace(block, line=replace(block.line, heading=True)) for block in found[-1:]]


def _weights(root: etree._Element, blocks: Iterable[Block]) -> _Weights:
    """Weigh every element by the lines within it."""
    weights = {element: _Weight() for element in root.iter()}
    for block in blocks:
        weights[block.home] += _Weight(1, block.size, block.linked, _prose(block))
    for element in reversed(tuple(weights)):
        parent = element.getparent()
        if parent is not None:
            weights[parent] += weights[element]
    return weights


def _within(root: etree._Element, tops: Iterable[etree._Element]) -> set[etree._Element]:
    """Return every element that is one of some elements, or inside one."""
    found = set(tops)
    found.update(element for element in root.iter() if element.getparent() in found)
    return found


def _prose(block: Block) -> int:
    """Return how many characters of a line are somebody's sentences, as far as one can see."""
    is_speech = _MARKS.search(block.line.text) and not _is_furniture(block) and not _is_linked(block)
    return block.size - block.linked if is_speech else 0


def _is_linked(weighed: Block | _Weight) -> bool:
    return weighed.linked > _LINKS * weighed.size


def _is_furniture(block: Block) -> bool:
    return block.size < 80 and bool(_FURNITURE.search(block.line.text))


def _surroundings(root: etree._Element, weights: _Weights) -> Iterator[etree._Element]:
    """Yield what stands around the article, or is a link list in it, or hidden and no speech."""
    total = weights[root].prose
    named = [
        element
        for element, weight in weights.items()
        if (tag_of(element) in _SURROUNDING_TAGS or _is_named_so(element))
        and weight.prose < _LITTLE * total
    ]
    inside = _within(root, named)
    outermost = (element for element in named if element.getparent() not in inside)
    # Where all of them together hold much, it is the speech that is named so, piece by piece.
    are_little = sum(weights[element].prose for element in outermost) < _LITTLE * total
    yield from (element for element in named if are_little or not weights[element].prose)
    for element, weight in weights.items():
        is_list = tag_of(element) in {"ul", "ol", "table"}
        if not weight.prose and (_is_hidden(element) or (is_list and _is_linked(weight))):
            yield element


def _is_named_so(element: etree._Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_SURROUNDINGS.search(_HUMP.sub("-", names)))


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _trunk(weights: _Weights) -> Sequence[etree._Element]:
    """Return the elements from the page down to the smallest that holds most of the prose."""
    trunk = [next(iter(weights))]
    while True:
        heir = max(trunk[-1], key=lambda child: weights[child].prose, default=None)
        if heir is None or weights[heir].prose < _MOST * weights[trunk[-1]].prose:
            return trunk
        # One paragraph is no article, be it ever so long, where others stand beside it.
        if weights[heir].lines == 1 < weights[trunk[-1]].lines:
            return trunk
        trunk.append(heir)


def _branches(trunk: Sequence[etree._Element], weights: _Weights) -> Iterator[etree._Element]:
    """Return what stands beside the trunk and may hold more of the article."""
    for parent, heir in pairwise(trunk):
        for child in parent:
            weight = weights[child]
            if child is not heir and weight.prose and not _is_linked(weight) and not _is_hidden(child):
                yield child
