"""Tell what kind of answer a question asks for, and whether a sentence looks like one.

Questions and sentences are in simplified characters; English ones may be in any case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

_CHINESE_NUMBER: Final = "[一二三四五六七八九十百千万亿两]+"
_MONTH: Final = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    r"\b[1-9]\d? may\b|\bmay [1-9]"
)


class Kind(Enum):
    """What a question asks for."""

    NUMBER = "number"
    DATE = "date"
    WHO = "who"
    LIST = "list"
    TALKS = "talks"
    HOPE = "hope"
    WHY = "why"
    HOW = "how"
    WHETHER = "whether"
    STANCE = "stance"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True)
class _Signs:
    """How a kind of answer is asked for and given, and how much a sentence that gives it gains."""

    asked: re.Pattern[str]
    given: re.Pattern[str]
    gain: float


def _signs(asked: str, given: str, gain: float) -> _Signs:
    return _Signs(re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE), gain)


#: Numbers and reasons are seldom there by chance; 不 and 要 often are, so they gain less.
_SIGNS: Final = {
    Kind.NUMBER: _signs(
        r"多少|几[个位部名条家次万通款则项件]|最[高低]罚|how (?:many|much|long|fast|big|old)|percent",
        rf"\d|{_CHINESE_NUMBER}(?:[个位部名条家次元通人项款倍成件分]|小时)|"
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b",
        2.5,
    ),
    Kind.DATE: _signs(
        r"什么时候|何时|哪一?[天年日月]|哪几[天日]|几[天号日月年点]|几?个?小时|多久|日期|\bwhen\b|"
        r"what (?:date|day|year|time)|which (?:day|year)|how (?:long|fast|soon)",
        rf"\d+ ?[年月日号天]|\d+/\d+|\d+个?小时|\d+分钟|{_CHINESE_NUMBER}[年月日号天]|[昨今明][天日年]|"
        rf"凌晨|[上下]午|{_MONTH}|\b(?:19|20)\d\d\b|(?:today|tomorrow|next (?:week|month|year))",
        2.5,
    ),
    Kind.WHO: _signs(
        r"谁|哪一?位|什么人|\bwho\b|whom\b",
        r"部长|外长|大使|总理|总统|主席|书记|发言人|院长|行长|秘书|局长|司长|政委|议员|教授|法院|"
        r"委员会|部门|minister|president|ambassador|spokes|secretary|chair|court|professor|commission",
        1.5,
    ),
    Kind.LIST: _signs(
        r"哪[些几]|哪[二两三四五六七八九]|分别|有什么(?:内容|措施|办法|做法|建议|安排|要求|条件|资[历质])|what are|which \w+s\b|"
        r"what \w+s (?:are|were|did|do)|examples",
        r"、.*、|、[^、]{1,15}[和及]|一是|包[括含]|第一.*第二|首先.*其次|, [^,]+,? and |including",
        1.2,
    ),
    Kind.TALKS: _signs(
        r"谈(?:什么|啥|些|哪)|会谈|议题|讨论[^过]|talk about|discuss|topics|agenda",
        r"交换意见|磋商|就.+(?:讨论|沟通)|议题|exchange|discuss|topics",
        4.0,
    ),
    Kind.HOPE: _signs(
        r"期待|希望|盼|想要|收获|名堂|\bhope|\bwant\b|expect",
        r"希望|期待|愿|要求|盼|\bhope|\bwant|expect|\bwish",
        3.0,
    ),
    Kind.WHY: _signs(
        r"为什么|为何|为了什么|干嘛|凭什么|怎么会|目的|原因|好处|\bwhy\b|grounds|purpose",
        r"因为|由于|所以|因此|为了|[是系]为|原因|以便|以免|好处|依据|because|since\b|so that|in order|due to",
        2.5,
    ),
    Kind.HOW: _signs(
        r"怎么|如何|咋|怎样|\bhow (?:do|does|can|will|should|would|could)|should",
        r"应|要|将|主张|建议|通过|必须|可以|需|按照|\bwill\b|should|\bmust\b|\bcan\b|need",
        1.3,
    ),
    Kind.WHETHER: _signs(
        r"[吗嘛]|是否|([会能是算要可])不\1|有没有|能否|没有?[？?]|"
        r"^(?:is|are|do|does|did|will|can|could|has|was|were|have|should)\b",
        r"不[会是能要需得可]|没有|并[无非不没未]|未曾|绝不|继续|已经?|得到|可以|一贯|"
        r"\bnot\b|n't\b|never|already|continue|^(?:yes|no)\b",
        0.5,
    ),
    Kind.STANCE: _signs(
        r"怎么看|立场|态度|评论|看法|回应|怎么说|反应|表态|怎么想|position|stance|react|"
        r"(?:think|make) of|\bview|comment|\bsay\b",
        r"认为|主张|反对|支持|欢迎|希望|坚[决持]|谴责|愿|遗憾|一贯|要求|"
        r"believe|oppose|support|\bhope|welcome|condemn|regret",
        0.5,
    ),
    Kind.DEFINITION: _signs(
        r"是什么|什么是|什么叫|什么意思|定义|define|what is\b|what's|\bmean",
        r"就是|是指|叫做?|即|意思|所谓|也就是|\bmeans?\b|that is",
        2.0,
    ),
}

_COURTESY: Final = re.compile(
    r"(?:[^，,。]{0,8}(?:谢谢|感谢|多谢)|[^，,。]{0,4}(?:很|非常|这是)[^，,。]{0,6}问题|好的?\b|"
    r"thanks?\b|[^.]{0,20}(?:thank you|good question|great question))[^，,]{0,30}"
    r"|.{0,16}一并(?:作答|回答).{0,4}|(?:大概)?先?这样.{0,2}"
    r"|.{0,12}(?:先|下面|底下|再次|简要|再来|让我).{0,16}(?:说明|介绍|定义|描述|阐述|回答|呼吁).{0,4}",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(r"[（(]?(?:一[是）)]|第一|首先|其一|1[.、）)]|first)", re.IGNORECASE)
_FURTHER: Final = re.compile(
    r"[（(]?(?:[二三四五六七八九][是）)]|第[二三四五六七八九]|其[次二三四]|最后|[2-9][.、）)]|"
    r"second|third|fourth|finally)",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(f"{_FIRST.pattern}|{_FURTHER.pattern}", re.IGNORECASE)
_QUESTION: Final = re.compile(r"[？?][”’」』)）\s]*$")


@lru_cache(256)
def kinds_asked(question: str) -> tuple[Kind, ...]:
    """Return the kinds of answer that a question asks for, none if it can't be told.

    >>> kinds_asked("哪一天签的？")
    (<Kind.DATE: 'date'>,)
    """
    return tuple(kind for kind, signs in _SIGNS.items() if signs.asked.search(question))


def gain(kinds: tuple[Kind, ...], words: str) -> float:
    """Return what a stretch gains for looking like the kinds of answer asked for.

    >>> gain(kinds_asked("几号签的？"), "双方于3月8日签了协议。")
    2.5
    """
    return max((_SIGNS[kind].gain for kind in kinds if _SIGNS[kind].given.search(words)), default=0.0)


def is_courtesy(sentence: str) -> bool:
    """Tell whether a sentence is thanks or a preamble, and says nothing else.

    >>> is_courtesy("谢谢你的提问。"), is_courtesy("感谢各方支持，会议将于周五在北京举行，届时王毅外长将发表主旨演讲，并会见记者。")
    (True, False)
    """
    return bool(_COURTESY.fullmatch(sentence.strip()))


def is_question(sentence: str) -> bool:
    """Tell whether a sentence asks, as speakers do before they answer themselves."""
    return bool(_QUESTION.search(sentence))


def enumeration(sentences: Sequence[str], place: int) -> tuple[int, int]:
    """Return the first and last sentence of the enumeration that one belongs to or announces.

    >>> enumeration(["有三点。", "一是和平；", "二是发展；", "三是合作。", "谢谢。"], 0)
    (0, 3)
    """
    first = last = place
    while first and _FURTHER.match(sentences[first]) and _ITEM.match(sentences[first - 1]):
        first -= 1
    announced = not _ITEM.match(sentences[place])
    while last + 1 < len(sentences):
        expected = _FIRST if announced and last == place else _FURTHER
        if not expected.match(sentences[last + 1]):
            break
        last += 1
    return first, last
