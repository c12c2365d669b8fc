"""Read a web page: the words of the article in it, as they would be shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from lxml import etree

from qa_bot.adapters.html_blocks import Block, blocks_of, parse_page, tag_of
from qa_bot.adapters.html_facts import facts_of
from qa_bot.adapters.html_styles import hidden_and_struck
from qa_bot.adapters.html_unread import unread_of
from qa_bot.adapters.html_weights import (
    DIALOGUE,
    LITTLE,
    Weights,
    is_furniture,
    is_linked,
    is_notice,
    prose,
    weigh,
    within,
)
from qa_bot.adapters.typeset import typeset
from qa_bot.errors import TranscriptError
from qa_bot.records import Document

#: Names that pages give to what stands around an article.
_SURROUNDINGS: Final = re.compile(
    r"(?<![a-z])(nav|navbar|menu|crumbs?|breadcrumbs?(nav)?|[bd]*share(box)?|foot(er)?|sidebar|"
    r"copyright|toolbar|pager|pages|pagination|rank(ing)?|ads?|advert(isement)?|"
    r"comments?|search|login|qr(code)?|ewm)(?![a-z])",
    re.IGNORECASE,
)
#: Names of boxes that may hold whole sentences, and none of the article's.
_BOXES: Final = re.compile(
    r"(?<![a-z])(cookies?|consent|gdpr|newsletter|subscri(?:be|ption)|popup|modal|related|recommend|"
    r"(?:fig)?caption)(ed|s|ations?|news|articles?|list|banner|bar|notice|consent|box|text)?(?![a-z])",
    re.IGNORECASE,
)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SURROUNDING_TAGS: Final = frozenset({"nav", "footer"})
#: At the end of an article: who edited the page, not who spoke.
_CREDIT: Final = re.compile(r"\W*(责任编辑|责编|编辑|校对|审核|监制)[：:]\s*[\w\s]{1,12}[）)\]】]?")
#: An element that holds this share of the prose around it is where the article stands.
_MOST: Final = 0.75
#: A box holds less than this share of it.
_HALF: Final = 0.5


def read_page(page: str) -> Document:
    """Return the article of a page, one paragraph a line, with what the page states of itself.

    Raises `TranscriptError` when the page holds no text.
    """
    root = parse_page(page)
    hidden, struck = hidden_and_struck(root)
    blocks = blocks_of(root, unread_of(root, hidden, struck))
    if not blocks:
        raise TranscriptError(
            "the page holds no text; it may be written by a script: open it in a browser and save that"
        )
    facts = facts_of(root, tuple(block.line for block in blocks))
    title = facts.title.value if facts.title else None
    return typeset((block.line for block in _article(root, blocks, title, hidden)), facts)


def _article(
    root: etree._Element,
    blocks: Sequence[Block],
    title: str | None,
    hidden: Collection[etree._Element],
) -> Sequence[Block]:
    """Return the lines of the article, its title first where it stands above."""
    weights = weigh(root, blocks)
    tops = {*_surroundings(root, weights), *_boxes(root, weights), *_lists(weights, hidden)}
    doomed = within(root, tops)
    kept = tuple(block for block in blocks if block.home not in doomed)
    weights = weigh(root, kept)
    if not weights[root].prose:
        return blocks
    trunk = _trunk(weights)
    core = within(root, {trunk[-1]})
    beside = within(root, _branches(trunk, weights, hidden)) | set(trunk)
    chosen = [
        place
        for place, block in enumerate(kept)
        if block.home in core or (block.home in beside and prose(block))
    ]
    first, last = chosen[0], chosen[-1]
    # A line amid the article belongs to it, be it no more than a label, if it is no link.
    article = [
        block
        for block in kept[first : last + 1]
        if block.home in core or not (is_linked(block) or is_furniture(block))
    ]
    while len(article) > 1 and _is_imprint(article[-1].line.text):
        article.pop()
    return (*_title_above(kept[:first], article, title), *article)


def _is_imprint(text: str) -> bool:
    return bool(_CREDIT.fullmatch(text) or is_notice(text))


def _title_above(
    above: Sequence[Block], article: Sequence[Block], title: str | None
) -> Sequence[Block]:
    if title is None or any(block.line.text.strip() == title for block in article):
        return ()
    found = [block for block in above if block.line.text.strip() == title]
    return [replace(block, line=replace(block.line, heading=True)) for block in found[-1:]]


def _surroundings(root: etree._Element, weights: Weights) -> Iterator[etree._Element]:
    """Yield what stands around the article."""
    total = weights[root].prose
    named = [
        element
        for element, weight in weights.items()
        if (tag_of(element) in _SURROUNDING_TAGS or _SURROUNDINGS.search(_names(element)))
        and weight.prose < LITTLE * total
    ]
    # Where all of them together hold much, it is the speech that is named so, piece by piece.
    are_little = _prose_of(root, named, weights) < LITTLE * total
    yield from (element for element in named if are_little or not weights[element].prose)


def _boxes(root: etree._Element, weights: Weights) -> Iterator[etree._Element]:
    """Yield the boxes that hold something else than the article, wherever they stand."""
    most = _HALF * weights[root].prose
    kinds = defaultdict[str, list[etree._Element]](list)
    for element in weights:
        kinds[_kind(element)].append(element)
    kinds.pop("")
    for named in kinds.values():
        small = [element for element in named if weights[element].prose < most]
        if _prose_of(root, small, weights) < most:
            # In an article that is named so itself, a label without prose belongs to it.
            article = within(root, set(named).difference(small))
            yield from (
                element for element in small if weights[element].prose or element not in article
            )


def _kind(element: etree._Element) -> str:
    """Return what kind of box an element is, or nothing."""
    if tag_of(element) == "aside":
        return "aside"
    found = _BOXES.search(_names(element))
    return found[1].lower() if found and tag_of(element) not in {"html", "body"} else ""


def _lists(weights: Weights, hidden: Collection[etree._Element]) -> Iterator[etree._Element]:
    """Yield what is a list of links, or hidden and no speech."""
    for element, weight in weights.items():
        is_list = tag_of(element) in {"ul", "ol", "table"}
        if not weight.prose and (element in hidden or (is_list and is_linked(weight))):
            yield element


def _names(element: etree._Element) -> str:
    return _HUMP.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}")


def _prose_of(root: etree._Element, elements: Iterable[etree._Element], weights: Weights) -> int:
    """Return how much prose some elements hold, each counted once."""
    tops = set(elements)
    inside = within(root, tops)
    return sum(weights[element].prose for element in tops if element.getparent() not in inside)


def _trunk(weights: Weights) -> Sequence[etree._Element]:
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


def _branches(
    trunk: Sequence[etree._Element], weights: Weights, hidden: Collection[etree._Element]
) -> Iterator[etree._Element]:
    """Return what stands beside the trunk and may hold more of the article."""
    for parent, heir in pairwise(trunk):
        for child in parent:
            weight = weights[child]
            is_mute = child in hidden and weight.labels < DIALOGUE
            if child is not heir and weight.prose and not is_linked(weight) and not is_mute:
                yield child
