from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.adapters.jieba_segmenter import JiebaSegmenter
from qa_bot.adapters.opencc_folding import simplify
from qa_bot.adapters.stemmer import stem
from qa_bot.analysis import Analysis
from qa_bot.anaphora import PERSON, PLACE, Said, is_chatter, leaves_open, read, stands_alone
from qa_bot.conversation import resolve, topic_of
from qa_bot.lexicon import Lexicon, Name, forms_of
from qa_bot.terms import is_han


def names(kind: str, *rows: str) -> list[Name]:
    return [Name(tuple(row.split("|")), kind) for row in rows]


ENTRIES = [
    *names(
        "places",
        "中华人民共和国|中国|中方|China",
        "美利坚合众国|美国|美方|United States|US",
        "日本国|日本|日方|Japan",
        "大韩民国|韩国|韩方|South Korea",
        "朝鲜民主主义人民共和国|朝鲜|North Korea",
        "俄罗斯联邦|俄罗斯|俄方|Russia",
        "法兰西共和国|法国|France",
        "德意志联邦共和国|德国|Germany",
        "菲律宾共和国|菲律宾|Philippines",
        "越南社会主义共和国|越南|Vietnam",
        "土耳其共和国|土耳其|Turkey",
        "马来西亚|Malaysia",
        "伊朗伊斯兰共和国|伊朗|Iran",
        "蒙古国|Mongolia",
        "巴勒斯坦国|巴勒斯坦|Palestine",
        "阿根廷共和国|阿根廷国|阿根廷|Argentina",
        "香港特别行政区|香港|Hong Kong",
        "新疆维吾尔自治区|新疆|Xinjiang",
        "钓鱼岛及其附属岛屿|钓鱼岛|Diaoyu Dao",
    ),
    *names("regions", "东南亚地区|东南亚|Southeast Asia", "朝鲜半岛|Korean Peninsula"),
    *names(
        "people",
        "王毅|Wang Yi",
        "雷克斯·蒂勒森|蒂勒森|Tillerson",
        "詹姆斯·马蒂斯|马蒂斯|Mattis",
        "唐纳德·特朗普|特朗普|Trump",
        "习近平|Xi Jinping",
    ),
    *names(
        "affairs",
        "末段高空区域防御系统|萨德|韩国部署萨德|THAAD",
        "核供应国集团|NSG|Nuclear Suppliers Group",
        "亚洲基础设施投资银行|亚投行|AIIB",
        "欧洲联盟|欧盟|EU",
        "东南亚国家联盟|东盟|ASEAN",
    ),
    *names("wording", "结果|成果|outcome"),
]
SEGMENTER = JiebaSegmenter(form for form in forms_of(ENTRIES) if is_han(form))
ANALYSIS = Analysis(
    "of this test",
    simplify,
    SEGMENTER,
    SEGMENTER.subwords,
    SEGMENTER.rarity,
    Lexicon.of(ENTRIES, stem),
)
THAAD = "中方怎么看韩国部署萨德？"


def understood(*turns: str) -> str:
    return resolve(turns[-1], turns[:-1], ANALYSIS)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (THAAD, "那日本呢？", "中方怎么看日本部署萨德？"),
        (THAAD, "日本呢", "中方怎么看日本部署萨德？"),
        (THAAD, "日本和俄罗斯呢？", "中方怎么看日本和俄罗斯部署萨德？"),
        (THAAD, "好的，那日本呢？", "中方怎么看日本部署萨德？"),
        (THAAD, "And Japan?", "中方怎么看日本部署萨德？"),
        (THAAD, "what about Russia?", "中方怎么看俄罗斯部署萨德？"),
        ("中方怎麼看韓國部署薩德？", "那日本呢？", "中方怎麼看日本部署薩德？"),
        ("法國怎麼處理假訊息？", "那德國呢？", "德國怎麼處理假訊息？"),
        ("法国外长什么时候来？", "那巴勒斯坦外长呢？", "巴勒斯坦外长什么时候来？"),
        (
            "How does Germany regulate platforms?",
            "What about the US?",
            "How does the US regulate platforms?",
        ),
        ("How does the US regulate platforms?", "And Germany?", "How does Germany regulate platforms?"),
        ("What is China's view on the EU?", "And ASEAN?", "What is China's view on ASEAN?"),
        ("美国对朝鲜的制裁有用吗？", "那伊朗呢？", "美国对伊朗的制裁有用吗？"),
        ("美国对朝鲜是什么立场？", "俄罗斯呢？", "俄罗斯对朝鲜是什么立场？"),
        ("王毅会不会见蒂勒森？", "那马蒂斯呢？", "王毅会不会见马蒂斯？"),
        ("王毅会不会见美国国务卿蒂勒森？", "那马蒂斯呢？", "王毅会不会见马蒂斯？"),
        ("Will Wang Yi meet Tillerson?", "And Mattis?", "Will Wang Yi meet Mattis?"),
        ("What is vTaiwan?", "And Join?", "What is Join?"),
        ("什么是双暂停？", "那萨德呢？", "什么是萨德？"),
    ],
)
def test_another_takes_the_place_of_the_one_asked_about(
    before: str, question: str, expected: str
) -> None:
    assert understood(before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("中美关系怎么样？", "那俄罗斯呢？", "中俄关系怎么样？"),
        ("中美關係怎麼樣？", "那韓國呢？", "中韓關係怎麼樣？"),
        ("中美关系怎么样？", "那美国呢？", "中美关系，那美国呢？"),
        ("中美关系怎么样？", "那巴勒斯坦和越南呢？", "中国和巴勒斯坦和越南关系怎么样？"),
        ("美韩军演会停止吗？", "日本呢？", "美日军演会停止吗？"),
        ("中国和菲律宾的关系怎么样？", "越南呢？", "中国和越南的关系怎么样？"),
        ("How are China-US relations?", "And Russia?", "How are China-Russia relations?"),
    ],
)
def test_another_joins_the_one_that_keeps_its_place_in_a_pair(
    before: str, question: str, expected: str
) -> None:
    assert understood(before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("中方怎么看萨德？", "那日本呢？", "萨德，那日本呢？"),
        ("What does China think of THAAD?", "And Japan?", "THAAD: And Japan?"),
        (THAAD, "日本怎么看？", "韩国部署萨德，日本怎么看？"),
        ("伊核谈判有进展吗？", "王毅去吗？", "伊核谈判，王毅去吗？"),
    ],
)
def test_whoever_has_no_place_in_the_question_before_is_set_behind_its_topic(
    before: str, question: str, expected: str
) -> None:
    assert understood(before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (THAAD, "为什么？", "韩国部署萨德，为什么？"),
        ("“一带一路”高峰论坛", "具体有哪些成果？", "“一带一路”高峰论坛，具体有哪些成果？"),
        ("高峰论坛什么时候举行？", "在哪里举行？", "高峰论坛举行，在哪里举行？"),
        (
            "中国是不是出台了新的外交车辆管理办法？",
            "有哪些措施？",
            "中国出台了新的外交车辆管理办法，有哪些措施？",
        ),
        ("什么是双暂停？", "谁说的？", "双暂停，谁说的？"),
        ("双暂停是什么意思？", "详细说说", "双暂停，详细说说"),
        ("请问外长如何看待中国外交的特色？", "还有呢？", "中国外交的特色，还有呢？"),
        ("中国有多少撤侨行动？", "什么时候？", "中国有多少撤侨行动？什么时候？"),
        ("中国提名谁当亚投行行长？", "最后怎么确定人选？", "亚投行行长，最后怎么确定人选？"),
        ("半岛核问题怎么办？", "怎么解决？", "半岛核问题，怎么解决？"),
        ("開放政府的三支柱是什麼？", "為什麼還要再加涵容？", "開放政府的三支柱，為什麼還要再加涵容？"),
        ("美国打击叙利亚，中方有何评论？", "事先通报了吗？", "美国打击叙利亚，事先通报了吗？"),
        ("Will Wang Yi meet Tillerson?", "When?", "Will Wang Yi meet Tillerson? When?"),
        ("What is the AIIB?", "Who leads it?", "The AIIB: Who leads it?"),
        (
            "Belt and Road forum",
            "What are the outcomes?",
            "Belt and Road forum: What are the outcomes?",
        ),
        (
            "Will there be a China-India strategic dialogue next week?",
            "Who's attending?",
            "China-India strategic dialogue next week: Who's attending?",
        ),
    ],
)
def test_what_only_asks_is_set_behind_the_topic(before: str, question: str, expected: str) -> None:
    assert understood(before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("特朗普什么时候访华？", "他对朝鲜怎么看？", "特朗普对朝鲜怎么看？"),
        ("特朗普什么时候访华？", "他会谈什么？", "特朗普访华，他会谈什么？"),
        ("蒙古国外长什么时候来访？", "他来谈什么？", "蒙古国外长来谈什么？"),
        (
            "土耳其的反华游行，中方什么态度？",
            "有没有提醒在那边的中国人？",
            "有没有提醒在土耳其的中国人？",
        ),
        (
            "Did China discuss it with Malaysia?",
            "How many people live there?",
            "How many people live in Malaysia?",
        ),
        ("中菲关系怎么样？", "两国有什么仲裁案？", "中菲两国有什么仲裁案？"),
        ("中国和日本的关系怎么样？", "双方在海上有哪些争端？", "中国和日本在海上有哪些争端？"),
        ("美国打击叙利亚，中方有何评论？", "中方对此怎么看？", "美国打击叙利亚，中方对此怎么看？"),
        ("朝鲜试射导弹了吗？", "这个问题怎么解决？", "朝鲜试射导弹，这个问题怎么解决？"),
        (
            "What does China say about chemical weapons in Syria?",
            "Will it come up at Mar-a-Lago?",
            "Chemical weapons in Syria: Will it come up at Mar-a-Lago?",
        ),
    ],
)
def test_pronouns_stand_for_what_was_named_last(before: str, question: str, expected: str) -> None:
    assert understood(before, question) == expected


OWN = [
    "萨德？",
    "北极问题？",
    "人权？",
    "香港选举怎么看？",
    "钓鱼岛呢？",
    "中日关系怎么样？",
    "什么是“三海”倡议？",
    "中国会加入TPP吗？",
    "他怎么看蒂勒森？",
    "那1267列名呢？",
    "那么中国怎么看南海仲裁案？",
    "那外交部怎么保护海外公民的安全？",
    "海外中国公民遇到危险怎么办？",
    "其他国家的公民遇到危险怎么办？",
    "外交车辆要买多少保额的保险？",
    "你為什麼會去看收容所的流浪動物資料？",
    "What about human rights in Xinjiang?",
    "Is there a plan to visit North Korea?",
    "How does China protect its citizens overseas?",
    "Do Uyghurs in Xinjiang enjoy religious freedom?",
    'Why doesn\'t the cabinet use the term "fake news" any more?',
]


@pytest.mark.parametrize("question", OWN)
@pytest.mark.parametrize("before", [THAAD, "What is the AIIB?", "王毅会不会见蒂勒森？"])
def test_a_question_with_its_own_matter_is_returned_as_it_is(before: str, question: str) -> None:
    assert understood(before, question) == question
    assert understood(before, f" {question}\n") == f" {question}\n"


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ((THAAD, "为什么？", "什么时候？"), "韩国部署萨德，什么时候？"),
        ((THAAD, "那日本呢？", "什么时候？", "怎么解决？"), "日本部署萨德，怎么解决？"),
        ((THAAD, "谢谢", "为什么？"), "韩国部署萨德，为什么？"),
        (("你好，我是路透社记者，请问" + THAAD, "为什么？"), "韩国部署萨德，为什么？"),
        (("你好", "", "  ", THAAD, "好的。", "为什么？"), "韩国部署萨德，为什么？"),
        (("什么是双暂停？", *["为什么？"] * 6, "谁说的？"), "双暂停，谁说的？"),
        (("什么是双暂停？", THAAD, "为什么？"), "韩国部署萨德，为什么？"),
        (("Will Wang Yi meet Tillerson?", "When?", "Where?"), "Will Wang Yi meet Tillerson? Where?"),
    ],
)
def test_a_chain_keeps_its_topic(turns: Sequence[str], expected: str) -> None:
    assert understood(*turns) == expected
    steps: list[str] = []
    for turn in turns:
        steps.append(resolve(turn, steps, ANALYSIS))
    assert steps[-1] == expected


@pytest.mark.parametrize("history", [(), ("",), ("  \n",), ("谢谢！", "你好"), ("为什么？", "When?")])
@pytest.mark.parametrize("question", ["那日本呢？", "为什么？", "Tell me more.", "他怎么看？"])
def test_nothing_is_made_up_where_nothing_was_asked(history: Sequence[str], question: str) -> None:
    assert resolve(question, history, ANALYSIS) == question


def test_small_talk_is_never_completed() -> None:
    assert understood(THAAD, "谢谢！") == "谢谢！"
    assert understood(THAAD, "Thank you very much.") == "Thank you very much."


def test_only_the_last_questions_of_a_long_conversation_count() -> None:
    history = ["什么是双暂停？"] * 92 + [THAAD] * 8
    assert resolve("为什么？", history, ANALYSIS) == "韩国部署萨德，为什么？"


def test_a_long_question_stays_and_a_long_history_is_cut() -> None:
    question = "那日本呢？" + "为什么" * 700
    assert understood(THAAD, question) == question
    assert len(understood("半岛核问题" * 1000, "为什么？")) < 600


def test_traditional_characters_stay_as_they_were_typed() -> None:
    assert understood("臺灣的數位政委做什麼工作？", "為什麼？") == "臺灣的數位政委做什麼工作？為什麼？"


def test_a_question_whose_length_changes_when_folded_is_shown_as_it_is_compared() -> None:
    assert understood("中方怎么看㍿部署萨德？", "为什么？") == "株式会社部署萨德，为什么？"


# ---- what a question names ----


def said(text: str) -> Said:
    return Said.of(text, ANALYSIS)


def test_a_reading_tells_actors_from_matter() -> None:
    reading = read(said("王毅怎么看日本的钓鱼岛主张？"), ANALYSIS)
    assert [mention.role for mention in reading.mentions] == [PERSON, PLACE]
    assert reading.named


def test_a_country_is_found_inside_the_name_of_a_matter() -> None:
    question = said("怎么看韩国部署萨德？")
    (mention,) = read(question, ANALYSIS).mentions
    assert mention.span.of(question.folded) == "韩国"


@pytest.mark.parametrize(
    "text", ["为什么？", "具体有哪些成果？", "日本呢？", "How many?", "Who's attending?"]
)
def test_what_only_asks_does_not_stand_alone(text: str) -> None:
    assert not stands_alone(said(text), "", ANALYSIS)


@pytest.mark.parametrize(
    ("text", "kind", "pronoun"),
    [
        ("他来谈什么？", "person", "他"),
        ("特朗普说他会来吗？", "person", None),
        ("其他国家呢？", "person", None),
        ("该国有什么反应？", "place", "该国"),
        ("Is there a plan?", "place", None),
        ("中国和日本，双方谈了什么？", "several", None),
        ("两国谈了什么？", "several", "两国"),
        ("这几年怎么样？", "matter", None),
        ("因此呢？", "matter", None),
        ("What does that mean?", "matter", "that"),
        ("What happened this year?", "matter", None),
    ],
)
def test_a_pronoun_is_open_unless_the_question_explains_it(
    text: str, kind: str, pronoun: str | None
) -> None:
    span = leaves_open(said(text), kind, ANALYSIS)
    assert (span and span.of(text)) == pronoun


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("中方对叙利亚的化武袭击怎么看？", "叙利亚的化武袭击"),
        ("如何评价中非合作", "中非合作"),
        ("能不能介绍一下亚投行", "亚投行"),
        ("中国有多少撤侨行动？", None),
        ("What is your position on THAAD", "THAAD"),
        ("Will Wang Yi come", None),
    ],
)
def test_the_topic_of_a_question_is_what_it_asks_about(text: str, topic: str | None) -> None:
    assert topic_of(said(text)) == topic


def test_small_talk_is_told_from_questions() -> None:
    assert all(map(is_chatter, ("", "你好,谢谢!", "I'm a reporter from Reuters.")))
    assert not is_chatter("你好,为什么?")


# ---- whatever is asked ----

TEXT = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            "那 日本 韩国 中美 关系 呢 ？ ， 怎么看 他 这 双方 And What about Russia it there 萨德".split()
        ),
        max_size=8,
    ).map("".join),
)


@given(TEXT, st.lists(TEXT, max_size=4))
def test_no_text_is_too_odd(question: str, history: list[str]) -> None:
    result = resolve(question, history, ANALYSIS)
    assert result == question or result.strip()
    assert len(result) <= 2000


@given(TEXT)
def test_without_history_a_question_is_returned_as_it_is(question: str) -> None:
    assert resolve(question, (), ANALYSIS) == question


@given(st.sampled_from(OWN), st.lists(TEXT, max_size=4))
def test_no_history_changes_a_question_with_its_own_matter(question: str, history: list[str]) -> None:
    once = resolve(question, history, ANALYSIS)
    assert once == question
    assert resolve(once, [*history, once], ANALYSIS) == once


@given(
    st.sampled_from([*OWN, THAAD, "中美关系怎么样？", "Will Wang Yi meet Tillerson?"]),
    st.sampled_from(
        ["为什么？", "那日本呢？", "And Russia?", "他怎么看？", "Why?", "具体有哪些措施？"]
    ),
)
def test_what_was_understood_once_is_understood_again(before: str, question: str) -> None:
    once = understood(before, question)
    assert understood(before, once) == once


@given(st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=4))
def test_what_is_said_before_the_last_matter_does_not_matter(early: list[str], late: list[str]) -> None:
    recent = [THAAD, *late]
    assert resolve("为什么？", [*early, *recent], ANALYSIS) == resolve("为什么？", recent, ANALYSIS)
