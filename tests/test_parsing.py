from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import TranscriptError
from qa_bot.parsing import parse_transcript, render
from qa_bot.records import Role, Span, Transcript
from qa_bot.sources import read_source
from qa_bot.transcript_reports import transcript_json

DATA = Path(__file__).parent / "data"
VALID = sorted((DATA / "valid").glob("*.txt"))

LINES = st.sampled_from(
    [
        "title: 标题",
        "content: ",
        "新华社记者：",
        "外交部部长王毅：",
        "王毅：",
        "主持人何绍仁：",
        "何绍仁：",
        "第一：",
        "他说：好。",
        "记者:",
        "",
        "  　 ",
        "中国坚持和平发展。",
        "3月8日举行记者会",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=20), max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))
)


def pieces(transcript: Transcript) -> list[Span]:
    return sorted(
        [
            *(entry.span for entry in transcript.header),
            *transcript.narration,
            *transcript.marks,
            *(turn.label for turn in transcript.turns),
            *(turn.words for turn in transcript.turns if len(turn.words)),
        ]
    )


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_transcript_is_understood_as_written_down_by_hand(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    understood = transcript_json(read_source(path))
    assert {key: understood[key] for key in expected} == expected


def test_there_are_golden_files() -> None:
    assert len(VALID) >= 4


def test_the_seed_has_45_turns_and_21_exchanges(seed: Transcript) -> None:
    assert len(seed.turns) == 45
    assert len(seed.exchanges) == 21
    assert [exchange.number for exchange in seed.exchanges] == list(range(1, 22))
    assert len(seed.statements) == 1
    assert len(seed.narration) == 3
    assert seed.remarks == ()
    assert [turn.role for turn in seed.turns].count(Role.MODERATOR) == 2
    assert {str(turn.speaker) for turn in seed.turns if turn.role is Role.OFFICIAL} == {"王毅"}


def test_the_seed_is_headed_and_dated_as_published(seed: Transcript) -> None:
    assert seed.title == "外交部就中国外交政策和对外关系答问"
    assert seed.url == ("http://www.scio.gov.cn/xwfbh/gbwxwfbh/xwfbh/wjb/Document/1544535/1544535.htm")
    assert seed.publisher == "国务院新闻办公室网站"
    assert seed.date is not None
    assert seed.date.value == "2017-03-08"
    assert seed.date.derivation.startswith(
        "day stated in the text: 3月8日; year from 十二届全国人大五次会议"
    )
    assert seed.event == "十二届全国人大五次会议在梅地亚中心举行记者会"
    assert seed.metadata.venue is not None
    assert seed.metadata.venue.value == "梅地亚中心"
    assert [(use.layout, use.labels) for use in seed.layouts] == [("own-line", 45)]
    assert seed.certainty == 1.0


def test_every_journalist_of_the_seed_is_known_by_outlet(seed: Transcript) -> None:
    assert [exchange.question.speaker.outlet for exchange in seed.exchanges] == [
        "新华社", "美国全国广播公司", "人民日报", "路透社", "中央电视台", "塔斯社", "环球时报",
        "美国有线电视新闻网", "韩联社", "中国日报", "坦桑尼亚标准报业集团", "凤凰卫视", "埃菲社",
        "中国新闻社", "菲律宾通讯社", "北京电视台", "日本朝日电视台", "中央人民广播电台",
        "半岛电视台", "上海澎湃新闻", "美国美中时报",
    ]  # fmt: skip


def test_the_first_tenth_and_last_turn_of_the_seed(seed: Transcript) -> None:
    chosen = [seed.turns[i] for i in (0, 9, 44)]
    assert [(str(t.speaker), t.role.value, t.words.start, t.words.end) for t in chosen] == [
        ("何绍仁", "moderator", 276, 373),
        ("王毅", "official", 3230, 3827),
        ("何绍仁", "moderator", 12712, 12733),
    ]
    words = chosen[1].words.of(seed.text)
    assert words.startswith("朝鲜半岛局势目前正在呈现新一轮的紧张")
    assert words.endswith("拥核不会安全，动武不是出路，复谈还有机会，和平仍有希望。谢谢。")


def test_the_seed_is_rendered_to_the_byte(seed: Transcript) -> None:
    assert render(seed) == seed.text


@given(TEXTS.filter(lambda text: text.strip()))
def test_render_is_the_inverse_of_parse(text: str) -> None:
    assert render(parse_transcript(text)) == text


@given(TEXTS.filter(lambda text: text.strip()))
def test_every_character_that_is_not_blank_belongs_to_exactly_one_piece(text: str) -> None:
    owners = [0] * len(text)
    for piece in pieces(parse_transcript(text)):
        for position in range(piece.start, piece.end):
            owners[position] += 1
    assert max(owners, default=0) <= 1
    assert all(text[i].isspace() for i, owner in enumerate(owners) if not owner)


@given(TEXTS.filter(lambda text: text.strip()))
def test_each_question_is_paired_with_the_answers_right_behind_it(text: str) -> None:
    transcript = parse_transcript(text)
    order = {turn: number for number, turn in enumerate(transcript.turns)}
    for exchange in transcript.exchanges:
        between = transcript.turns[order[exchange.question] + 1 : order[exchange.answers[-1]]]
        asking = [turn for turn in between if turn.role is Role.JOURNALIST]
        assert set(asking) <= set(exchange.questions)
        assert all(answer.role is Role.OFFICIAL for answer in exchange.answers)


@pytest.mark.parametrize("text", ["", "  \n\t　\r\n"])
def test_a_blank_transcript_is_refused(text: str) -> None:
    with pytest.raises(TranscriptError, match="empty"):
        parse_transcript(text)


def test_a_doubtful_label_is_reported_and_kept_as_words() -> None:
    transcript = parse_transcript("外交部部长王毅：\n我讲两点。\n第二点：\n合作。\n")
    [turn] = transcript.turns
    assert turn.words.of(transcript.text) == "我讲两点。\n第二点：\n合作。"
    [remark] = transcript.remarks
    assert (remark.line, remark.excerpt) == (3, "第二点：")


def test_a_text_without_labels_is_narration_and_says_so() -> None:
    transcript = parse_transcript("\n今天天气很好。\n明天也是。")
    assert transcript.turns == ()
    assert [span.of(transcript.text) for span in transcript.narration] == [
        "今天天气很好。",
        "明天也是。",
    ]
    assert [remark.message for remark in transcript.remarks] == ["no speaker's label was recognised"]


def test_render_refuses_a_transcript_that_lost_something(seed: Transcript) -> None:
    from dataclasses import replace

    with pytest.raises(TranscriptError, match=r"line \d+: '.*' belongs to no turn"):
        render(replace(seed, turns=seed.turns[:3] + seed.turns[4:]))


def test_labels_on_lines_of_their_own_and_before_their_words_may_stand_side_by_side() -> None:
    text = "外交部部长王毅：\n我讲两点。\n新华社记者：请问萨德？\n下一段。\n王毅：中方反对。\n"
    transcript = parse_transcript(text)
    assert [(str(turn.speaker), turn.words.of(text)) for turn in transcript.turns] == [
        ("王毅", "我讲两点。"),
        ("新华社记者", "请问萨德？\n下一段。"),
        ("王毅", "中方反对。"),
    ]


@pytest.mark.parametrize("label", ["网友小李：", "翻译：", "媒体代表甲："])
def test_words_under_a_label_that_can_t_be_read_are_nobody_s(label: str) -> None:
    text = f"外交部部长王毅：\n答一。\n{label}\n大家好。\n主持人：\n请。"
    transcript = parse_transcript(text)
    assert "大家好" not in "".join(turn.words.of(text) for turn in transcript.turns)
    assert [remark.line for remark in transcript.remarks] == [3]


def test_a_note_does_not_part_a_question() -> None:
    text = "新华社记者：\n第一问？\n（笑）\n第二问？\n外交部部长王毅：\n答。"
    [exchange] = parse_transcript(text).exchanges
    assert exchange.question.words.of(text) == "第一问？\n（笑）\n第二问？"


def test_what_follows_the_moderator_answers_nobody() -> None:
    text = "新华社记者：\n问。\n主持人何绍仁：\n请部长回答。\n外交部部长王毅：\n答。\n何绍仁：\n最后请总结。\n王毅：\n感谢大家。"
    transcript = parse_transcript(text)
    assert len(transcript.exchanges) == 1
    assert [turn.words.of(text) for turn in transcript.exchanges[0].answers] == ["答。"]
    assert [turn.words.of(text) for turn in transcript.statements] == ["感谢大家。"]
