"""Weigh the parts of a page: how much of each is somebody's sentences, how much links and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from qa_bot.adapters.html_blocks import Block

#: A short line of this kind is no sentence of anybody's, wherever it stands outside the article.
_FURNITURE: Final = re.compile(
    r"^\W*(来源|作者|编辑|责任编辑|时间|发布时间|发布日期|地址|电话|邮编|邮箱|当前位置|您的?位置|"
    r"字号|字体|主办单位?|承办单位?|分享|扫一扫|版权所有|版權所有|Updated|Source|Copyright|©)"
    r"(到|[ \xa0]*[：:©]|$)|"
    r"ICP备|公网安备|All rights reserved|打印本页|关闭窗口|^\W*[上下]一[页篇]|^[\d\W年月日时分]+(来源|$)",
    re.IGNORECASE,
)
#: At the end of an article: whose the page is, and what else to read.
_NOTICE: Final = re.compile(
    r"\W*(版权声明|免责声明|版权所有(?![者权人])|Copyright\s*(©|\(c\)|\d|[:：])|©|"
    r"凡?本[网站文][^。]{0,40}(转载|版权)|"
    r"未经.{0,10}(授权|许可|同意|允许).{0,8}(不得|禁止|严禁|请勿).{0,8}(转载|复制|使用).{0,20}$|"
    r"((相关|推荐|延伸)(新闻|阅读|链接|报道|文章))\W*$)",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(r"\W*[^\s：:。，,]{1,12}(\s[^\s：:。，,]{1,12}){0,2}\s?[：:]")
_MARKS: Final = re.compile(r"[。！？；：，…!?:;、（）]|[.,](?=\s|$)")
#: A part of a page with more links than this is a list of links.
_LINKS: Final = 0.5
#: Hidden text beside the article is more of it when it holds so many labels: a question and an answer.
DIALOGUE: Final = 2
#: What is named like surroundings and holds less than this share of the page's prose is just that.
LITTLE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Weight:
    """What an element holds: lines, characters, those that are links, those of prose, and labels."""

    lines: int = 0
    size: int = 0
    linked: int = 0
    prose: int = 0
    labels: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(
            self.lines + other.lines,
            self.size + other.size,
            self.linked + other.linked,
            self.prose + other.prose,
            self.labels + other.labels,
        )


Weights = dict[etree._Element, Weight]


def weigh(root: etree._Element, blocks: Iterable[Block]) -> Weights:
    """Weigh every element by the lines within it."""
    weights = {element: Weight() for element in root.iter()}
    for block in blocks:
        weights[block.home] += Weight(1, block.size, block.linked, prose(block), is_labelled(block))
    for element in reversed(tuple(weights)):
        parent = element.getparent()
        if parent is not None:
            weights[parent] += weights[element]
    return weights


def within(root: etree._Element, tops: Iterable[etree._Element]) -> set[etree._Element]:
    """Return every element that is one of some elements, or inside one."""
    found = set(tops)
    found.update(element for element in root.iter() if element.getparent() in found)
    return found


def prose(block: Block) -> int:
    """Return how many characters of a line are somebody's sentences, as far as one can see."""
    is_speech = _MARKS.search(block.line.text) and not is_furniture(block) and not is_linked(block)
    return block.size - block.linked if is_speech else 0


def is_labelled(block: Block) -> bool:
    """Tell whether a line begins as one that says who speaks."""
    return bool(_LABELLED.match(block.line.text))


def is_linked(weighed: Block | Weight) -> bool:
    """Tell whether most of a line or an element is links."""
    return weighed.linked > _LINKS * weighed.size


def is_furniture(block: Block) -> bool:
    """Tell whether a short line belongs to the page and to nobody's speech."""
    return block.size < 80 and bool(_FURNITURE.search(block.line.text))


def is_notice(text: str) -> bool:
    """Tell whether a line says whose the page is, or what else to read."""
    return bool(_NOTICE.match(text))
