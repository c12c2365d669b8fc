"""Small talk gets a short honest reply, and no question is taken for small talk."""

from __future__ import annotations

import pytest

from qa_bot.bot import QABot
from qa_bot.results import Outcome
from qa_bot.smalltalk import small_talk

WHO = "我是 qa_bot，只做一件事"
WELCOME = "不客气。还想知道什么，直接问就好。"
HELLO = "你好。请提一个具体的问题，我来找官方的原话。"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("你好", HELLO),
        ("您好！", HELLO),
        ("在吗", HELLO),
        ("你是谁？", WHO),
        ("你好,你是谁", WHO),
        ("你叫什么名字啊", WHO),
        ("你能做什么", WHO),
        ("介绍一下你自己", WHO),
        ("帮助", WHO),
        ("谢谢", WELCOME),
        ("好的,谢谢你!", WELCOME),
        ("谢谢,再见", WELCOME),
        ("再见", "再见。"),
        ("hi", "Hello. "),
        ("How are you?", "Hello. "),
        ("Hi, who are you?", "I am qa_bot and do one thing"),
        ("What can you do?", "I am qa_bot and do one thing"),
        ("Thanks a lot!", "You are welcome."),
        ("bye", "Goodbye."),
    ],
)
def test_small_talk_is_replied_to_in_its_language(text: str, reply: str) -> None:
    assert (small_talk(text) or "").startswith(reply)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "萨德",
        "你怎么看萨德",
        "谢谢中国政府的是谁?",
        "你好,请问中方怎么看萨德?",
        "好消息",
        "人工智能",
        "AI",
        "help refugees",
        "Who are the refugees?",
        "能源",
        "测试导弹",
        "中国好",
        "感谢信",
        "会议是什么",
    ],
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


def test_small_talk_is_never_answered_with_a_citation(bot: QABot) -> None:
    for text in ("你好", "謝謝！", "ｈｅｌｌｏ", "你是谁", "Thanks"):
        answer = bot.ask(text)
        assert (answer.outcome, answer.citations, answer.topics) == (Outcome.NOT_ASKED, (), ())
        assert bot.search(text) == ()
