"""The stretch of a passage that answers, in worked examples and by its properties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.analysis import Analysis
from qa_bot.equipment import load_analysis
from qa_bot.late import Ids, WordTable
from qa_bot.marking import mark
from qa_bot.records import Passage, Role, Span, Speaker, Transcript, Turn
from qa_bot.sentences import Kind, enumeration, gain, is_courtesy, is_question, kinds_asked
from qa_bot.text import clause_spans, trimmed

LABEL = "王毅："
PROPOSALS = (
    "谢谢你的提问。中方提出三点建议。一是停火止战，各方应当保持克制；二是启动和谈，政治解决是唯一出路；"
    "三是保障民生，防止人道主义危机。我们愿同各方保持沟通。"
)
TRADE = (
    "Thank you for your question. China and the Philippines are neighbours. Trade between the two "
    "countries reached 47 billion dollars last year. President Duterte visited Beijing in October 2016. "
    "We oppose any outside interference, because it only makes matters worse."
)
PLAN = (
    "The plan has three parts. First, we will build more railways. Second, we will train more teachers. "
    "Third, we will lower taxes. It starts in May."
)
ROUND = (
    "关于南海问题，中方的立场是一贯的、明确的，我们始终坚持通过谈判协商和平解决争端，这一点从来没有改变过，"
    "去年双方在北京举行了第三次磋商，达成了重要共识，今年将于10月12日在马尼拉举行第四次磋商，"
    "届时两国外交部副部长将率团出席，相信会取得积极成果，也希望域外国家尊重地区国家的努力，"
    "不要做破坏和平稳定的事，更不要挑拨离间。"
)
VISIT = (
    "访华期间，蒙赫奥尔吉勒外长将同王毅外长举行会谈。双方将就巩固战略互信、深化务实合作等深入交换意见。"
    "他还将拜会中方领导人。中方希望通过此访能够巩固两国关系政治基础。"
)
ONLINE = (
    "對啊！參與不需要上網。法國有很多社區事務協會，人人都能參加。為什麼要這樣做？"
    "因為政府要先信任人民，人民才會信任政府。"
)
INSURANCE = (
    "各国驻华外交机构规模和外交车辆数量大幅增加。今年1月，外交部会同公安部颁布了《外交车辆管理办法》。"
    "办法规定，外交车辆须购买保额不低于100万元人民币的第三者责任保险。"
    "中方正为外交车辆统一换发新版号牌，主要是为了规范管理。"
)


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return load_analysis()


def passage(text: str) -> Passage:
    """Stands behind a label, with words of another speaker after it."""
    words = Span(len(LABEL), len(LABEL) + len(text))
    transcript = Transcript("t", f"{LABEL}{text}\n记者：谢谢。", (), (), (), (), ())
    turn = Turn(Speaker(Role.OFFICIAL, "王毅"), Span(0, len(LABEL)), words)
    return Passage("t#1.1", transcript, turn, None, words)


def marked(text: str, question: str, analysis: Analysis, words: WordTable | None = None) -> str:
    found = mark(passage(text), analysis.query(question), analysis, words)
    return found.of(passage(text).transcript.text)


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        pytest.param(
            INSURANCE,
            "外交车辆的第三者责任险保额最低多少？",
            "办法规定，外交车辆须购买保额不低于100万元人民币的第三者责任保险。",
            id="a number",
        ),
        pytest.param(
            INSURANCE,
            "办法是什么时候颁布的？",
            "今年1月，外交部会同公安部颁布了《外交车辆管理办法》。",
            id="a date",
        ),
        pytest.param(
            INSURANCE,
            "为什么换发新版号牌？",
            "中方正为外交车辆统一换发新版号牌，主要是为了规范管理。",
            id="a reason",
        ),
        pytest.param(
            "会议将在北京举行。会议议程十分丰富。会议由外交部副部长张业遂主持。会议规模空前。",
            "会议由谁主持？",
            "会议由外交部副部长张业遂主持。",
            id="a person",
        ),
        pytest.param(
            VISIT,
            "蒙古国外长访华期间，双方会谈哪些内容？",
            "双方将就巩固战略互信、深化务实合作等深入交换意见。",
            id="topics of talks",
        ),
        pytest.param(
            VISIT,
            "中方对此访有什么期待？",
            "中方希望通过此访能够巩固两国关系政治基础。",
            id="a hope",
        ),
        pytest.param(
            "各方都很关注叙利亚局势。叙利亚局势正在变化。中方坚决反对使用化学武器。",
            "中方在使用化学武器问题上持什么立场？",
            "中方坚决反对使用化学武器。",
            id="a stance",
        ),
        pytest.param(
            "GDS很有名。GDS的API很多。API就是透過機器也可以操作服務的方式。",
            "什麼是API？",
            "API就是透過機器也可以操作服務的方式。",
            id="a definition",
        ),
        pytest.param(
            "數通法草案去年送審。數通法草案現在在協商。行政院不會撤回數通法草案。",
            "數通法草案會不會撤回？",
            "行政院不會撤回數通法草案。",
            id="whether",
        ),
        pytest.param(
            "遇到游行要小心。游客如遇突发状况，应当及时报警。游行已经多日。",
            "游客遇到突发状况怎么办？",
            "游客如遇突发状况，应当及时报警。",
            id="what to do",
        ),
        pytest.param(ONLINE, "參與一定要上網嗎？", "參與不需要上網。", id="traditional"),
        pytest.param(ONLINE, "参与需要上网吗？", "參與不需要上網。", id="across scripts"),
        pytest.param(
            ONLINE,
            "人民为什么才会信任政府？",
            "因為政府要先信任人民，人民才會信任政府。",
            id="a reason across scripts",
        ),
    ],
)
def test_the_sentence_that_answers_is_marked(
    text: str, question: str, expected: str, analysis: Analysis
) -> None:
    assert marked(text, question, analysis) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "How much trade is there between China and the Philippines?",
            "Trade between the two countries reached 47 billion dollars last year.",
        ),
        (
            "When did Duterte come to Beijing?",
            "President Duterte visited Beijing in October 2016.",
        ),
        (
            "What is your position on interference?",
            "We oppose any outside interference, because it only makes matters worse.",
        ),
        ("杜特尔特什么时候访华？", "President Duterte visited Beijing in October 2016."),
    ],
)
def test_english_is_marked_and_names_join_the_languages(
    question: str, expected: str, analysis: Analysis
) -> None:
    assert marked(TRADE, question, analysis) == expected


def test_an_enumeration_that_is_asked_for_is_marked_whole(analysis: Analysis) -> None:
    whole = PROPOSALS.removeprefix("谢谢你的提问。").removesuffix("我们愿同各方保持沟通。")
    assert marked(PROPOSALS, "中方提出了哪三点建议？", analysis) == whole
    assert marked(PLAN, "What are the three parts of the plan?", analysis) == PLAN.removesuffix(
        " It starts in May."
    )


def test_one_item_of_an_enumeration_is_enough_for_what_asks_for_it(analysis: Analysis) -> None:
    assert marked(PROPOSALS, "怎么看和谈？", analysis) == "二是启动和谈，政治解决是唯一出路；"
    assert marked(PLAN, "Will taxes go down?", analysis) == "Third, we will lower taxes."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("第四次磋商什么时候举行？", "今年将于10月12日在马尼拉举行第四次磋商"),
        ("磋商由谁率团出席？", "届时两国外交部副部长将率团出席"),
        ("怎么和平解决争端？", "我们始终坚持通过谈判协商和平解决争端"),
    ],
)
def test_a_long_sentence_is_cut_at_its_clauses(
    question: str, expected: str, analysis: Analysis
) -> None:
    stretch = marked(ROUND, question, analysis)
    assert expected in stretch
    assert len(stretch) < len(ROUND) / 2
    assert stretch[-1] not in "，；："
    before, _, behind = ROUND.partition(stretch)
    assert not before or before[-1] in "，；："
    assert behind[0] in "，；：。"


def test_what_a_speaker_asks_himself_is_marked_with_his_answer(analysis: Analysis) -> None:
    text = "德國修了法。違反這條要處五千萬歐元的罰鍰，德國有罰到半件嗎？沒有。平台業者怕罰。"
    expected = "違反這條要處五千萬歐元的罰鍰，德國有罰到半件嗎？沒有。"
    assert marked(text, "違反這條的罰鍰，德國罰了幾件？", analysis) == expected


def test_what_stands_in_every_sentence_tells_little(analysis: Analysis) -> None:
    text = "海湖庄园会晤备受关注。海湖庄园会晤日程已定。海湖庄园会晤取消。海湖庄园会晤安排了晚宴。"
    assert marked(text, "海湖庄园会晤，晚宴", analysis) == "海湖庄园会晤安排了晚宴。"


def test_without_a_word_met_the_first_sentence_that_says_something_is_marked(
    analysis: Analysis,
) -> None:
    assert marked(PROPOSALS, "红烧肉怎么烹饪", analysis) == "中方提出三点建议。"
    assert marked(TRADE, "zebra?", analysis) == "China and the Philippines are neighbours."
    assert marked("谢谢你的提问。谢谢。", "红烧肉怎么烹饪", analysis) == "谢谢你的提问。"


def test_of_equals_the_earlier_is_marked(analysis: Analysis) -> None:
    text = "中方支持和谈，甲方也支持。中方支持和谈，乙方也支持。"
    assert marked(text, "和谈", analysis) == "中方支持和谈，甲方也支持。"


def words_by_hand() -> WordTable:
    """Knows three words, of which 品牌 and 商标 lie near each other."""
    known = ["品牌", "商标", "天气"]
    vectors = np.array([[1, 0.1, 0], [1, 0, 0.1], [0, 0, 1]], dtype=np.float32)

    def ids(texts: Sequence[str]) -> list[Ids]:
        return [
            np.array([i for i, word in enumerate(known) if word in text], dtype=np.int32)
            for text in texts
        ]

    return WordTable(ids, vectors, np.ones(3, dtype=np.float32))


def test_other_words_for_the_same_thing_count_where_word_vectors_are_given(
    analysis: Analysis,
) -> None:
    text = "今天的天气确实非常好，大家都知道。商标注册依法审理，一视同仁地对待。"
    assert marked(text, "品牌", analysis) == "今天的天气确实非常好，大家都知道。"
    assert marked(text, "品牌", analysis, words_by_hand()) == "商标注册依法审理，一视同仁地对待。"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("有多少人参加？", Kind.NUMBER),
        ("How many people came?", Kind.NUMBER),
        ("哪几天在北京？", Kind.DATE),
        ("When will he arrive?", Kind.DATE),
        ("这是谁的建议？", Kind.WHO),
        ("Who leads the talks?", Kind.WHO),
        ("有哪些措施？", Kind.LIST),
        ("What are the three points?", Kind.LIST),
        ("双方谈什么？", Kind.TALKS),
        ("有什么期待？", Kind.HOPE),
        ("为何反对？", Kind.WHY),
        ("Why did it fail?", Kind.WHY),
        ("如何解决？", Kind.HOW),
        ("会不会参加？", Kind.WHETHER),
        ("Is it true?", Kind.WHETHER),
        ("持什么立场？", Kind.STANCE),
        ("“双暂停”是什么意思？", Kind.DEFINITION),
    ],
)
def test_a_question_tells_what_kind_of_answer_it_wants(question: str, kind: Kind) -> None:
    assert kind in kinds_asked(question)


def test_a_sentence_gains_only_by_the_kind_that_is_asked_for() -> None:
    assert gain((Kind.NUMBER,), "保额不低于100万元") > 0
    assert gain((Kind.NUMBER,), "选出二十个案子") > 0
    assert gain((Kind.NUMBER,), "保额很高") == 0
    assert gain((), "保额不低于100万元") == 0


def test_courtesies_and_questions_are_known() -> None:
    assert is_courtesy("非常好的问题。")
    assert is_courtesy("Thank you for your question.")
    assert not is_courtesy(
        "中方感谢各国的支持，并将继续扩大开放，实行高水平的贸易和投资自由化便利化政策，推动经济全球化。"
    )
    assert is_question("有罚到半件吗？”")
    assert not is_question("没有。")


def test_an_enumeration_ends_with_its_last_item() -> None:
    items = ["先说一句。", "第一，停火。", "第二，和谈。", "就这些。"]
    assert enumeration(items, 0) == (0, 2)
    assert enumeration(items, 2) == (1, 2)
    assert enumeration(items, 3) == (3, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("停火，和谈；发展：合作。", ["停火，", "和谈；", "发展：", "合作。"]),
        ("他说“停火，和谈”，然后离开", ["他说“停火，和谈”，", "然后离开"]),
        ("First, 5,000 people came; they left.", ["First, ", "5,000 people came; ", "they left."]),
        ("两件事——停火、和谈。", ["两件事——", "停火、和谈。"]),
        ("没有标点", ["没有标点"]),
    ],
)
def test_clauses_end_at_the_marks_inside_a_sentence(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in clause_spans(text, Span(0, len(text)))] == expected


texts = st.text(
    st.sampled_from("中方支持和谈一是二三合作谢谢 ab,1.。，；？！：“”（）—…"), min_size=1
).filter(lambda text: bool(text.strip()))


@given(text=texts, question=texts, vectors=st.booleans())
def test_a_mark_lies_in_its_passage_and_is_not_blank(text: str, question: str, vectors: bool) -> None:
    analysis, words = load_analysis(), words_by_hand() if vectors else None
    home = passage(text.strip())
    query = analysis.query(question)
    found = mark(home, query, analysis, words)
    stretch = found.of(home.transcript.text)
    assert home.span.start <= found.start < found.end <= home.span.end
    assert stretch == stretch.strip()
    assert found == mark(home, query, analysis, words)


@given(texts)
def test_clauses_partition_the_sentence(text: str) -> None:
    whole = trimmed(text, Span(0, len(text)))
    spans = clause_spans(text, whole)
    assert "".join(span.of(text) for span in spans) == whole.of(text)
    assert all(len(span) for span in spans)


@given(text=st.text(st.sampled_from("中方支持和谈合作，a1"), min_size=1, max_size=60), question=texts)
def test_one_short_sentence_is_marked_whole(text: str, question: str) -> None:
    analysis, home = load_analysis(), passage(f"{text}。")
    assert mark(home, analysis.query(question), analysis) == home.span
