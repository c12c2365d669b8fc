"""Names typed wrong: what happened to a letter, which names are meant, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.equipment import load_analysis
from qa_bot.records import Span
from qa_bot.spelling import Correction, Kind, Slip, Speller, slips, sounds_alike

THINGS = (
    ("雷克斯·蒂勒森", "蒂勒森", "Rex Tillerson", "Tillerson"),
    ("唐纳德·特朗普", "特朗普", "特朗普总统", "Trump"),
    ("一带一路", "Belt and Road"),
    ("朝鲜半岛", "Korean Peninsula"),
    ("张伟丽",),
    ("上海市", "Shanghai"),
    ("上海合作组织", "上合组织", "SCO"),
    ("和平发展",),
    ("中英战略对话",),
    ("苏利南", "Suriname"),
    ("沙利文", "Sullivan"),
    ("菲律宾", "Philippines"),
)
ORDINARY = (
    "上海 合作 组织 中国 一带 朝鲜 发展 访问 战略 战略对话 什么 总统 国家 促进 visit the who china state"
).split()
COMMON = frozenset("的是到会和中一")


def rarity(word: str) -> float:
    return 1.0 if word in COMMON else 4.0 if len(word) == 1 or word in ORDINARY else 7.0


SPELLER = Speller(THINGS, lambda word: word in ORDINARY, rarity)


def corrected(words: str) -> list[tuple[str, str]]:
    return [(each.said, each.meant) for each in SPELLER.corrections(words.split("|"))]


@pytest.mark.parametrize(
    ("said", "meant", "found"),
    [
        ("蒂勒森", "蒂勒森", ()),
        ("蒂勒孙", "蒂勒森", (Slip(Kind.WRONG, 2, "森"),)),
        ("特普朗", "特朗普", (Slip(Kind.SWAPPED, 1, "朗普"),)),
        ("特朗朗普", "特朗普", (Slip(Kind.DOUBLED, 2),)),
        ("特朗的普", "特朗普", (Slip(Kind.EXTRA, 2),)),
        ("朝鲜岛", "朝鲜半岛", (Slip(Kind.MISSING, 2, "半"),)),
        ("朝鲜半", "朝鲜半岛", (Slip(Kind.MISSING, 3, "岛"),)),
        ("phillipines", "philippines", None),
        ("特郎谱", "特朗普", None),
    ],
)
def test_one_slip_is_told_with_its_place(said: str, meant: str, found: tuple[Slip, ...] | None) -> None:
    assert slips(said, meant, 1) == found


def test_two_slips_are_told_where_two_are_allowed() -> None:
    assert slips("上海合做祖织", "上海合作组织", 2) == (
        Slip(Kind.WRONG, 3, "作"),
        Slip(Kind.WRONG, 4, "组"),
    )
    # One l too many, one p too few.
    found = slips("phillipines", "philippines", 2)
    assert found is not None
    assert len(found) == 2


def distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance, by the textbook's table."""
    rows = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            unlike = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + unlike)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


SHORT = st.text("abc", max_size=6)


@given(SHORT, SHORT)
def test_slips_are_as_many_as_the_distance(said: str, meant: str) -> None:
    found = slips(said, meant, 2)
    away = distance(said, meant)
    assert (len(found) if found is not None else None) == (away if away <= 2 else None)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("进", "近", True),
        ("郎", "朗", True),
        ("导", "岛", True),
        ("孙", "森", False),
        ("篪", "池", False),  # 篪 is not among the commonest characters
        ("a", "a", False),
    ],
)
def test_characters_sound_alike_by_their_place_in_the_standard(
    one: str, other: str, alike: bool
) -> None:
    assert sounds_alike(one, other) is sounds_alike(other, one) is alike


@pytest.mark.parametrize(
    ("words", "said", "meant"),
    [
        ("中国|怎么|看|特郎普", "特郎普", "特朗普"),
        ("蒂勒孙|访问|中国", "蒂勒孙", "蒂勒森"),
        ("特朗朗普|访问|中国", "特朗朗普", "特朗普"),
        ("特普朗|访问|中国", "特普朗", "特朗普"),
        ("一带|一|陆|是|什么", "一带一陆", "一带一路"),
        ("朝鲜|半到|的", "朝鲜半到", "朝鲜半岛"),
        ("上海|合做祖织", "上海合做祖织", "上海合作组织"),
        ("唐纳德|·|特郎普|访问", "唐纳德·特郎普", "唐纳德·特朗普"),
        ("菲律兵", "菲律兵", "菲律宾"),
        ("visit| |of| |Tilerson", "Tilerson", "Tillerson"),
        ("tilerson| |visit", "tilerson", "Tillerson"),
        ("the| |Phillipines", "Phillipines", "Philippines"),
        ("Trumpp| |visit", "Trumpp", "Trump"),
    ],
)
def test_a_name_typed_wrong_is_recognised(words: str, said: str, meant: str) -> None:
    text = words.replace("|", "")
    start = text.index(said)
    assert SPELLER.corrections(words.split("|")) == (
        Correction(Span(start, start + len(said)), text[start : start + len(said)], meant),
    )


@pytest.mark.parametrize(
    "words",
    [
        "特朗普|访问|中国",
        "上海|是|什么",  # no 上海市
        "促进|和|发展",  # no 和平发展: nothing stands loose on both sides of the gap
        "张伟强|访问|中国",  # another person than 张伟丽, who is no foreigner and sounds otherwise
        "中|印|战略对话",  # another country than in 中英战略对话
        "苏利文|访问",  # as near to 苏利南 as to 沙利文
        "朝鲜|半",  # no more than the beginning of 朝鲜半岛
        "特朗普|普",  # the name itself stands there
        "里|特|·|郎普",  # the dot parts what would be one name
        "布|蒂|勒|孙",  # part of a longer foreign name
        "who| |is| |Trumps",
        "the| |State| |visit",
        "a| |tilerson| |of| |China",  # who writes China with a capital would write a name so
        "Dillerson",  # the first letter of a Latin word is seldom wrong
        "denuclearisation| |of| |the| |Korean| |Peninsula",
        "",
    ],
)
def test_what_may_mean_something_else_is_left_alone(words: str) -> None:
    assert corrected(words) == []


def test_corrections_stand_in_the_order_of_the_text() -> None:
    assert corrected("菲律兵|和|特郎普|,|Tilerson") == [
        ("菲律兵", "菲律宾"),
        ("特郎普", "特朗普"),
        ("Tilerson", "Tillerson"),
    ]


def test_nothing_is_indexed_before_the_first_question() -> None:
    def refuse() -> str:
        raise AssertionError("read too early")

    Speller((refuse() for _ in range(1)), lambda word: True, rarity)


ANALYSIS = load_analysis()
NAMES = tuple(dict.fromkeys(ANALYSIS.lexicon.names.values()))
FORMS = tuple(form for name in NAMES for form in name.forms)


def common(word: str) -> bool:
    return ANALYSIS.rarity(word) < ANALYSIS.rarity("")


PACKAGED = Speller([name.forms for name in NAMES], common, ANALYSIS.rarity)
PIECES = st.lists(
    st.one_of(
        st.sampled_from(FORMS),
        st.text("的中国美特朗普勒森上海合作组织一带路半岛，·aT ", max_size=4),
        st.text(max_size=3),
    ),
    max_size=5,
)


@pytest.mark.parametrize(
    ("question", "said", "meant"),
    [
        ("特郎普上台后中美关系会变吗？", "特郎普", "特朗普"),
        ("一带一陆有多少国家参加？", "一带一陆", "一带一路"),
        ("朝鲜半到无核化怎么推进？", "朝鲜半到无核化", "朝鲜半岛无核化"),
        ("乌克蓝危机如何解决？", "乌克蓝危机", "乌克兰危机"),
        ("How did China respond to Tilerson?", "Tilerson", "Tillerson"),
    ],
)
def test_the_names_of_the_package_are_recognised(question: str, said: str, meant: str) -> None:
    start = question.index(said)
    assert PACKAGED.corrections(ANALYSIS.segment(question)) == (
        Correction(Span(start, start + len(said)), said, meant),
    )


@given(st.sampled_from(FORMS))
def test_a_known_name_is_never_corrected(form: str) -> None:
    assert PACKAGED.corrections([form]) == ()
    assert PACKAGED.corrections(ANALYSIS.segment(form)) == ()


@given(PIECES)
def test_a_correction_points_at_what_was_said(pieces: list[str]) -> None:
    words = ANALYSIS.segment("".join(pieces))
    text = "".join(words)
    end = 0
    for each in PACKAGED.corrections(words):
        assert each.span.start >= end
        assert each.span.of(text) == each.said
        assert each.said not in FORMS
        assert each.meant in FORMS
        end = each.span.end
