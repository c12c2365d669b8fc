"""Which answers belong to which question."""

from __future__ import annotations

from qa_bot.parsing import parse_transcript

HEAD = "国新办举行发布会，请商务部副部长钱克明，外资司司长宗长青介绍情况。\n\n"


def pairs(text: str) -> list[tuple[list[str], list[str]]]:
    transcript = parse_transcript(text)
    return [
        ([t.words.of(text) for t in each.questions], [t.words.of(text) for t in each.answers])
        for each in transcript.exchanges
    ]


def statements(text: str) -> list[str]:
    return [turn.words.of(text) for turn in parse_transcript(text).statements]


def test_a_moderator_who_asks_somebody_to_add_does_not_end_the_exchange() -> None:
    text = f"{HEAD}新华社记者：进展？\n\n钱克明：顺利。\n\n主持人：请宗司长补充。\n\n宗长青：有数据。\n\n主持人：下一个问题。\n\n路透社记者：何时？\n\n钱克明：明天。\n"
    assert pairs(text) == [(["进展？"], ["顺利。", "有数据。"]), (["何时？"], ["明天。"])]


def test_closing_words_answer_nobody() -> None:
    text = f"{HEAD}新华社记者：进展？\n\n钱克明：顺利。\n\n钱克明：今天的发布会就到这里，谢谢大家。\n"
    assert pairs(text) == [(["进展？"], ["顺利。"])]
    assert statements(text) == ["今天的发布会就到这里，谢谢大家。"]


def test_a_journalist_without_an_answer_makes_no_exchange() -> None:
    text = f"{HEAD}新华社记者：进展？\n\n主持人：请下一位。\n\n路透社记者：何时？\n\n钱克明：明天。\n"
    assert pairs(text) == [(["何时？"], ["明天。"])]


def test_what_an_official_asks_back_is_not_the_answer() -> None:
    text = f"{HEAD}路透社记者：那件事何时有结果？\n\n钱克明：您说的是哪件事？\n\n路透社记者：磋商。\n\n钱克明：下个月。\n"
    assert pairs(text) == [(["那件事何时有结果？"], ["下个月。"])]


def test_one_question_in_two_languages_is_one_exchange() -> None:
    text = (
        "2024年1月11日外交部发言人简若川主持例行记者会\n\n路透社：中方有何评论？\n\nReuters: What is your comment?\n\n"
        "简若川：我们主张对话。\n\nJian Ruochuan: We stand for dialogue.\n\n埃菲社：还有吗？\n\nEFE: Anything else?\n\n"
        "简若川：没有了。\n\nJian Ruochuan: No.\n"
    )
    assert pairs(text) == [
        (["中方有何评论？", "What is your comment?"], ["我们主张对话。", "We stand for dialogue."]),
        (["还有吗？", "Anything else?"], ["没有了。", "No."]),
    ]
    answers = parse_transcript(text).exchanges[0].answers
    assert {turn.speaker.name for turn in answers} == {"简若川"}


def test_announcements_before_the_first_question_are_statements() -> None:
    text = "2017年4月7日外交部发言人华春莹主持例行记者会\n\n一、应国务院邀请，某国总理将于4月12日访华。\n\n问：日程？\n\n答：会发布。\n"
    transcript = parse_transcript(text)
    assert statements(text) == ["一、应国务院邀请，某国总理将于4月12日访华。"]
    assert transcript.statements[0].speaker.name == "华春莹"
    assert [span.of(text) for span in transcript.narration] == [
        "2017年4月7日外交部发言人华春莹主持例行记者会"
    ]
