"""Answer small talk shortly and honestly: what people say to a bot before or after they ask."""

from __future__ import annotations

import re
from typing import Final

_ENDS: Final = (
    r"(?:[\s\W]|你|您|啊|呀|呢|吗|嘛|吧|哦|噢|啦|了|哈|the|there|so|very|much|bot|robot|qa_bot)*"
)
#: What is said, by patterns that must fit the whole of it, and what is replied in Chinese and English.
_TALK: Final = tuple(
    (re.compile(rf"{_ENDS}(?:(?:{said}){_ENDS})+", re.IGNORECASE), chinese, english)
    for said, chinese, english in (
        (
            r"你?是谁|是什么|叫什么(?:名字)?|名字|会(?:做|干)?什么|能(?:做|干)?(?:什么|啥)|有什么(?:功能|用)|怎么用|"
            r"介绍(?:一下)?(?:自己|你自己)|(?:自我)?介绍|帮助|使用说明|"
            r"who are you|what are you|what(?:'s| is) your name|what (?:can|do) you do|help(?: me)?|how does this work",
            "我是 qa_bot，只做一件事：在已载入的记录里找出官方回答这个问题的原话，逐字引用并注明出处；"
            "记录里没有的，就说没有。我不编写回答。请提一个具体的问题。",
            "I am qa_bot and do one thing: I look in the transcripts loaded here for an official's own words on your "
            "question, and quote them word for word with their source. What they do not say, I do not say. "
            "Please ask a question.",
        ),
        (
            r"谢谢|多谢|感谢|谢啦|谢|辛苦|太好|很好|真棒|不错|好的|明白|知道|ok|okay|thanks?(?: you)?(?: a lot)?|thank you|"
            r"thx|great|got it|well done|good job",
            "不客气。还想知道什么，直接问就好。",
            "You are welcome. Ask whatever else you would like to know.",
        ),
        (
            r"再见|拜拜|回见|晚安|下次见|good ?bye|bye|see you(?: later)?|good night",
            "再见。",
            "Goodbye.",
        ),
        (
            r"你好|您好|好|大家好|早上好|上午好|中午好|下午好|晚上好|早安|嗨|哈喽|哈啰|在|测试|test|"
            r"hi|hello|hey|good (?:morning|afternoon|evening)|how are you|how do you do",
            "你好。请提一个具体的问题，我来找官方的原话。",
            "Hello. Please ask a question, and I will look for the officials' own words.",
        ),
    )
)
#: The traditional characters among those above.
_SIMPLIFIED: Final = str.maketrans("謝誰麼嗎會幹見說紹幫啟測試後們", "谢谁么吗会干见说绍帮启测试后们")
_BREAK: Final = re.compile(r"[,.!?;:，。！？；：、~…]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def small_talk(text: str) -> str | None:
    """Return a short reply to a text that is nothing but small talk, in its language, or None.

    `text` is in half width.

    >>> small_talk("谢谢你！"), small_talk("谢谢中国政府的是谁？")
    ('不客气。还想知道什么，直接问就好。', None)
    """
    pieces = [piece for piece in _BREAK.split(text.translate(_SIMPLIFIED)) if piece.strip()]
    kinds = [
        next((n for n, (said, *_) in enumerate(_TALK) if said.fullmatch(piece)), None)
        for piece in pieces
    ]
    if not kinds or None in kinds:
        return None
    _, chinese, english = _TALK[min(kind for kind in kinds if kind is not None)]
    return chinese if _HAN.search(text) else english
