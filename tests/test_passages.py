from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.parsing import parse_transcript
from qa_bot.passages import cut_passages, cut_turn
from qa_bot.records import Role, Transcript

PARAGRAPHS = st.lists(
    st.text(alphabet="甲乙丙。！？“”《》，a ", min_size=1, max_size=90), min_size=1, max_size=5
)


def answer_of(paragraphs: list[str]) -> Transcript:
    words = "\n".join(paragraphs)
    return parse_transcript(f"新华社记者：\n问题？\n外交部部长王毅：\n开头\n{words}\n结尾", id="t")


@given(PARAGRAPHS, st.integers(min_value=1, max_value=60))
def test_passages_partition_the_answer(paragraphs: list[str], max_chars: int) -> None:
    transcript = answer_of(paragraphs)
    passages = cut_passages(transcript, max_chars)
    [answer] = transcript.exchanges[0].answers
    spans = [passage.span for passage in passages]
    assert all(before.end <= after.start for before, after in pairwise(spans))
    joined = "".join(passage.text for passage in passages)
    assert "".join(joined.split()) == "".join(answer.words.of(transcript.text).split())
    assert all(passage.text == passage.text.strip() != "" for passage in passages)


@given(PARAGRAPHS)
def test_ids_are_distinct_and_stay(paragraphs: list[str]) -> None:
    transcript = answer_of(paragraphs)
    ids = [passage.id for passage in cut_passages(transcript)]
    assert ids == [f"t#1.{part}" for part in range(1, len(ids) + 1)]
    assert ids == [passage.id for passage in cut_passages(transcript)]


def test_a_long_paragraph_is_cut_at_sentence_ends_into_parts_of_like_length() -> None:
    transcript = answer_of(["甲" * 9 + "。" + "乙" * 9 + "。" + "丙" * 9 + "。" + "丁" * 9 + "。"])
    [answer] = transcript.exchanges[0].answers
    texts = [span.of(transcript.text) for span in cut_turn(transcript.text, answer, 25)]
    assert texts == [
        "开头",
        "甲" * 9 + "。" + "乙" * 9 + "。",
        "丙" * 9 + "。" + "丁" * 9 + "。",
        "结尾",
    ]


def test_no_cut_falls_inside_quotation_marks() -> None:
    sentence = "他说：“" + "对话。" * 20 + "”"
    transcript = answer_of([sentence + "此后如此。"])
    texts = [passage.text for passage in cut_passages(transcript, 20)]
    assert sentence in texts
    assert "此后如此。" in texts


def test_the_seed_is_cut_into_51_passages(seed: Transcript) -> None:
    passages = cut_passages(seed)
    assert len(passages) == 51
    chosen = [passages[i] for i in (0, 9, 50)]
    assert [(p.id, p.span.start, p.span.end) for p in chosen] == [
        ("2017-03-08-wangyi#0.1", 383, 570),
        ("2017-03-08-wangyi#3.2", 2545, 2743),
        ("2017-03-08-wangyi#21.1", 12601, 12706),
    ]
    assert passages[0].exchange is None
    assert passages[0].question is None
    assert str(chosen[1].exchange.question.speaker) == "人民日报记者"  # type: ignore[union-attr]


def test_the_moderator_and_the_journalists_are_never_cited(seed: Transcript) -> None:
    assert {passage.turn.role.value for passage in cut_passages(seed)} == {"official"}


def test_a_label_with_no_words_below_it_has_no_passage() -> None:
    transcript = parse_transcript(
        "新华社记者：\n问？\n外交部部长王毅：\n路透社记者：\n中国是否支持？\n王毅：\n不支持。", id="t"
    )
    assert [
        (p.id, p.text, str(p.exchange.question.speaker)) for p in cut_passages(transcript) if p.exchange
    ] == [("t#2.1", "不支持。", "路透社记者")]


@given(
    st.lists(
        st.sampled_from(
            ["外交部部长王毅：", "王毅：", "路透社记者：", "（笑）", "好。", "主持人：", "王毅：好。"]
        ),
        min_size=1,
    )
)
def test_every_passage_lies_within_its_official_s_words(lines: list[str]) -> None:
    for passage in cut_passages(parse_transcript("\n".join(lines))):
        words = passage.turn.words
        assert passage.turn.role is Role.OFFICIAL
        assert words.start <= passage.span.start < passage.span.end <= words.end
