"""Tell what a page holds and does not say to its readers: what is struck out, hidden, or a caption."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from lxml import etree

from qa_bot.adapters.html_blocks import Block, blocks_of, is_inline
from qa_bot.adapters.html_weights import (
    DIALOGUE,
    LITTLE,
    Weight,
    Weights,
    is_labelled,
    is_notice,
    prose,
    weigh,
    within,
)

#: A note that editors leave for one another.
_NOTE: Final = re.compile(
    r"\W*([编編]者?[注按]|编辑(注|备注|说明)|译者注|editor['’]?s['’]? note|note to editors)",
    re.IGNORECASE,
)
#: The end of a sentence, which random signs against copying do not make.
_SENTENCE: Final = re.compile(r"\w\W{0,3}[。！？；…]|[A-Za-z]{2}\W{0,2}[.!?](?=\s|$)")
_SENTENCE_ENDS: Final = re.compile(r"[。！？!?；;…]+|\.(?=\s|$)")
_SIGNS: Final = re.compile(r"\W+")


def unread_of(
    root: etree._Element, hidden: Collection[etree._Element], struck: Collection[etree._Element]
) -> set[etree._Element]:
    """Return what is in the page and no part of what it says to its readers."""
    spoken = _spoken(root)
    pieces = {element for element in hidden if is_inline(element)}
    boxes = set(hidden) - pieces
    unread = {*struck, *root.iter("figcaption"), *(pieces - spoken)}
    unread |= _needless(root, pieces & spoken, unread, unread | boxes | pieces)
    # A copy repeats what is folded away within a line as well.
    return unread | _needless(root, boxes, unread, unread | boxes)


def _needless(
    root: etree._Element,
    hidden: Collection[etree._Element],
    unread: Collection[etree._Element],
    unseen: Collection[etree._Element],
) -> set[etree._Element]:
    """Return those of some hidden elements that repeat what is shown, or are notes."""
    shown = blocks_of(root, unseen)
    said = {sentence for block in shown for sentence in _sentences(block)}
    weights = weigh(root, shown)
    needless, heard = set[etree._Element](), set(said)
    for group in _siblings(root, hidden, unread):
        lines = {element: blocks_of(element, unread) for element in group}
        sentences = {
            sentence
            for held in lines.values()
            for block in held
            if prose(block)
            for sentence in _sentences(block)
        }
        # Short answers that are all folded away may well be alike.
        is_copy = bool(sentences) and sentences <= (heard if len(sentences) > DIALOGUE else said)
        heard |= sentences
        is_amid = len(group) == 1 and _is_amid(group[0], weights)
        needless.update(
            element
            for element, held in lines.items()
            if is_copy or _is_note(held, weights[root], is_amid)
        )
    return needless


def _siblings(
    root: etree._Element,
    hidden: Collection[etree._Element],
    unread: Collection[etree._Element],
) -> Iterable[Sequence[etree._Element]]:
    """Return the outermost of some elements that are read, those in one box together."""
    inside = within(root, {*hidden, *unread})
    groups = defaultdict[etree._Element, list[etree._Element]](list)
    for element in root.iter():
        parent = element.getparent()
        if element in hidden and parent is not None and parent not in inside:
            groups[parent].append(element)
    return groups.values()


def _spoken(root: etree._Element) -> set[etree._Element]:
    """Return every element in which a sentence ends."""
    spoken = set[etree._Element]()
    for element in reversed(tuple(root.iter())):
        parent = element.getparent()
        if _SENTENCE.search(element.text or ""):
            spoken.add(element)
        if parent is not None and (element in spoken or _SENTENCE.search(element.tail or "")):
            spoken.add(parent)
    return spoken


def _sentences(block: Block) -> Iterator[str]:
    words = (_SIGNS.sub("", part) for part in _SENTENCE_ENDS.split(block.line.text))
    yield from filter(None, words)


def _is_note(blocks: Sequence[Block], page: Weight, is_amid: bool) -> bool:
    """Tell whether hidden lines are a note or a notice, and not more of the article."""
    first = next((block.line.text for block in blocks), "")
    is_little = sum(map(prose, blocks)) < LITTLE * page.prose
    if _NOTE.match(first) or is_notice(first):
        return is_little or len(blocks) == 1
    # More of an article, folded away, stands below what is shown, or says who speaks, or is long.
    return is_amid and is_little and not any(map(is_labelled, blocks))


def _is_amid(element: etree._Element, weights: Weights) -> bool:
    """Tell whether speech that is shown stands both above and below, in the same box."""
    above = any(weights[other].prose for other in element.itersiblings(preceding=True))
    return (
        not is_inline(element)
        and above
        and any(weights[other].prose for other in element.itersiblings())
    )
