"""Read a web page: the words of the article in it, as they would be shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from lxml import etree

from qa_bot.adapters.html_blocks import (
    Block,
    blocks_of,
    hidden_and_struck,
    is_inline,
    parse_page,
    tag_of,
)
from qa_bot.adapters.html_facts import facts_of
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
#: At the end of an article: whose the page is, and what else to read.
_NOTICE: Final = re.compile(
    r"\W*(版权声明|免责声明|版权所有(?![者权人])|Copyright\s*(©|\(c\)|\d|[:：])|©|"
    r"凡?本[网站文][^。]{0,40}(转载|版权)|"
    r"未经.{0,10}(授权|许可|同意|允许).{0,8}(不得|禁止|严禁|请勿).{0,8}(转载|复制|使用).{0,20}$|"
    r"((相关|推荐|延伸)(新闻|阅读|链接|报道|文章))\W*$)",
    re.IGNORECASE,
)
#: A note that editors leave for one another.
_NOTE: Final = re.compile(
    r"\W*([编編]者?[注按]|编辑(注|备注|说明)|译者注|editor['’]?s['’]? note|note to editors)",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(r"\W*[^\s：:。，,]{1,12}(\s[^\s：:。，,]{1,12}){0,2}\s?[：:]")
#: The end of a sentence, which random signs against copying do not make.
_SENTENCE: Final = re.compile(r"\w\W{0,3}[。！？；…]|[A-Za-z]{2}\W{0,2}[.!?](?=\s|$)")
_SENTENCE_ENDS: Final = re.compile(r"[。！？!?；;…]+|\.(?=\s|$)")
_SIGNS: Final = re.compile(r"\W+")
_MARKS: Final = re.compile(r"[。！？；：，…!?:;、（）]|[.,](?=\s|$)")
#: An element that holds this share of the prose around it is where the article stands.
_MOST: Final = 0.75
#: Hidden text beside the article is more of it when it holds so many labels: a question and an answer.
_DIALOGUE: Final = 2
#: What is named like surroundings and holds less than this share of the page's prose is just that.
_LITTLE: Final = 0.2
#: A box holds less than this share of it.
_HALF: Final = 0.5
#: A part of a page with more links than this is a list of links.
_LINKS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Weight:
    """What an element holds: lines, characters, those that are links, those of prose, and labels."""

    lines: int = 0
    size: int = 0
    linked: int = 0
    prose: int = 0
    labels: int = 0

    def __add__(self, other: _Weight) -> _Weight:
        return _Weight(
            self.lines + other.lines,
            self.size + other.size,
            self.linked + other.linked,
            self.prose + other.prose,
            self.labels + other.labels,
        )


_Weights = dict[etree._Element, _Weight]


def read_page(page: str) -> Document:
    """Return the article of a page, one paragraph a line, with what the page states of itself.

    Raises `TranscriptError` when the page holds no text.
    """
    root = parse_page(page)
    hidden, struck = hidden_and_struck(root)
    blocks = blocks_of(root, _unread(root, hidden, struck))
    if not blocks:
        raise TranscriptError(
            "the page holds no text; it may be written by a script: open it in a browser and save that"
        )
    facts = facts_of(root, tuple(block.line for block in blocks))
    title = facts.title.value if facts.title else None
    return typeset((block.line for block in _article(root, blocks, title, hidden)), facts)


def _unread(
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
    weights = _weights(root, shown)
    needless, heard = set[etree._Element](), set(said)
    for group in _siblings(root, hidden, unread):
        lines = {element: blocks_of(element, unread) for element in group}
        sentences = {
            sentence
            for held in lines.values()
            for block in held
            if _prose(block)
            for sentence in _sentences(block)
        }
        # Short answers that are all folded away may well be alike.
        is_copy = bool(sentences) and sentences <= (heard if len(sentences) > _DIALOGUE else said)
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
    inside = _within(root, {*hidden, *unread})
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


def _is_note(blocks: Sequence[Block], page: _Weight, is_amid: bool) -> bool:
    """Tell whether hidden lines are a note or a notice, and not more of the article."""
    first = next((block.line.text for block in blocks), "")
    is_little = sum(map(_prose, blocks)) < _LITTLE * page.prose
    if _NOTE.match(first) or _NOTICE.match(first):
        return is_little or len(blocks) == 1
    # More of an article, folded away, stands below what is shown, or says who speaks, or is long.
    return is_amid and is_little and not any(map(_is_labelled, blocks))


def _is_amid(element: etree._Element, weights: _Weights) -> bool:
    """Tell whether speech that is shown stands both above and below, in the same box."""
    above = any(weights[other].prose for other in element.itersiblings(preceding=True))
    return (
        not is_inline(element)
        and above
        and any(weights[other].prose for other in element.itersiblings())
    )


def _article(
    root: etree._Element,
    blocks: Sequence[Block],
    title: str | None,
    hidden: Collection[etree._Element],
) -> Sequence[Block]:
    """Return the lines of the article, its title first where it stands above."""
    weights = _weights(root, blocks)
    tops = {*_surroundings(root, weights), *_boxes(root, weights), *_lists(weights, hidden)}
    doomed = _within(root, tops)
    kept = tuple(block for block in blocks if block.home not in doomed)
    weights = _weights(root, kept)
    if not weights[root].prose:
        return blocks
    trunk = _trunk(weights)
    core = _within(root, {trunk[-1]})
    beside = _within(root, _branches(trunk, weights, hidden)) | set(trunk)
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
    while len(article) > 1 and _is_imprint(article[-1].line.text):
        article.pop()
    return (*_title_above(kept[:first], article, title), *article)


def _is_imprint(text: str) -> bool:
    return bool(_CREDIT.fullmatch(text) or _NOTICE.match(text))


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
        weights[block.home] += _Weight(1, block.size, block.linked, _prose(block), _is_labelled(block))
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


def _is_labelled(block: Block) -> bool:
    return bool(_LABELLED.match(block.line.text))


def _is_linked(weighed: Block | _Weight) -> bool:
    return weighed.linked > _LINKS * weighed.size


def _is_furniture(block: Block) -> bool:
    return block.size < 80 and bool(_FURNITURE.search(block.line.text))


def _surroundings(root: etree._Element, weights: _Weights) -> Iterator[etree._Element]:
    """Yield what stands around the article."""
    total = weights[root].prose
    named = [
        element
        for element, weight in weights.items()
        if (tag_of(element) in _SURROUNDING_TAGS or _SURROUNDINGS.search(_names(element)))
        and weight.prose < _LITTLE * total
    ]
    # Where all of them together hold much, it is the speech that is named so, piece by piece.
    are_little = _prose_of(root, named, weights) < _LITTLE * total
    yield from (element for element in named if are_little or not weights[element].prose)


def _boxes(root: etree._Element, weights: _Weights) -> Iterator[etree._Element]:
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
            article = _within(root, set(named).difference(small))
            yield from (
                element for element in small if weights[element].prose or element not in article
            )


def _kind(element: etree._Element) -> str:
    """Return what kind of box an element is, or nothing."""
    if tag_of(element) == "aside":
        return "aside"
    found = _BOXES.search(_names(element))
    return found[1].lower() if found and tag_of(element) not in {"html", "body"} else ""


def _lists(weights: _Weights, hidden: Collection[etree._Element]) -> Iterator[etree._Element]:
    """Yield what is a list of links, or hidden and no speech."""
    for element, weight in weights.items():
        is_list = tag_of(element) in {"ul", "ol", "table"}
        if not weight.prose and (element in hidden or (is_list and _is_linked(weight))):
            yield element


def _names(element: etree._Element) -> str:
    return _HUMP.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}")


def _prose_of(root: etree._Element, elements: Iterable[etree._Element], weights: _Weights) -> int:
    """Return how much prose some elements hold, each counted once."""
    tops = set(elements)
    inside = _within(root, tops)
    return sum(weights[element].prose for element in tops if element.getparent() not in inside)


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


def _branches(
    trunk: Sequence[etree._Element], weights: _Weights, hidden: Collection[etree._Element]
) -> Iterator[etree._Element]:
    """Return what stands beside the trunk and may hold more of the article."""
    for parent, heir in pairwise(trunk):
        for child in parent:
            weight = weights[child]
            is_mute = child in hidden and weight.labels < _DIALOGUE
            if child is not heir and weight.prose and not _is_linked(weight) and not is_mute:
                yield child
