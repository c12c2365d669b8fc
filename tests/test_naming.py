from __future__ import annotations

import pytest

from qa_bot.naming import is_english_name, is_institution, is_office, is_person, named, seen
from qa_bot.records import Role, Speaker


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("美国全国广播公司记者", Speaker(Role.JOURNALIST, outlet="美国全国广播公司")),
        ("记者", Speaker(Role.JOURNALIST)),
        ("《环球时报》记者", Speaker(Role.JOURNALIST, outlet="环球时报")),
        (
            "中央广播电视总台央视记者 李明",
            Speaker(Role.JOURNALIST, outlet="中央广播电视总台央视", name="李明"),
        ),
        ("商务部部长助理李飞", Speaker(Role.OFFICIAL, office="商务部部长助理", name="李飞")),
        ("新华社记者李明", Speaker(Role.JOURNALIST, outlet="新华社", name="李明")),
        ("主持人", Speaker(Role.MODERATOR)),
        ("新闻局局长、主持人胡凯红", Speaker(Role.MODERATOR, office="新闻局局长", name="胡凯红")),
        ("国家主席习近平", Speaker(Role.OFFICIAL, office="国家主席", name="习近平")),
        ("法国总统马克龙", Speaker(Role.OFFICIAL, office="法国总统", name="马克龙")),
        ("俄罗斯外长拉夫罗夫", Speaker(Role.OFFICIAL, office="俄罗斯外长", name="拉夫罗夫")),
        ("外交部副部长傅莹", Speaker(Role.OFFICIAL, office="外交部副部长", name="傅莹")),
        ("李克强总理", Speaker(Role.OFFICIAL, office="总理", name="李克强")),
        ("路透社记者提问", Speaker(Role.JOURNALIST, outlet="路透社")),
        ("国务院总理李克强", Speaker(Role.OFFICIAL, office="国务院总理", name="李克强")),
        ("外交部发言人耿爽", Speaker(Role.OFFICIAL, office="外交部发言人", name="耿爽")),
        (
            "蒙古国外交部部长曾德·蒙赫",
            Speaker(Role.OFFICIAL, office="蒙古国外交部部长", name="曾德·蒙赫"),
        ),
    ],
)
def test_a_label_says_who_speaks(label: str, speaker: Speaker) -> None:
    assert named(label) == speaker


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("外交部副部长 马朝旭", Speaker(Role.OFFICIAL, office="外交部副部长", name="马朝旭")),
        ("马朝旭（外交部副部长）", Speaker(Role.OFFICIAL, office="外交部副部长", name="马朝旭")),
        ("马朝旭 外交部副部长", Speaker(Role.OFFICIAL, office="外交部副部长", name="马朝旭")),
        ("主持人 胡　凯　红", Speaker(Role.MODERATOR, name="胡凯红")),
        ("胡凯红（主持人）", Speaker(Role.MODERATOR, name="胡凯红")),
        ("记者（新华社）", Speaker(Role.JOURNALIST, outlet="新华社")),
        ("新华社记者（李明）", Speaker(Role.JOURNALIST, outlet="新华社", name="李明")),
        ("Q2（财新）", Speaker(Role.JOURNALIST, outlet="财新")),
        ("《环球时报》", Speaker(Role.JOURNALIST, outlet="环球时报")),
        ("新加坡《海峡时报》记者", Speaker(Role.JOURNALIST, outlet="新加坡《海峡时报》")),
        ("凤凰卫视", Speaker(Role.JOURNALIST, outlet="凤凰卫视")),
        ("21世纪经济报道", Speaker(Role.JOURNALIST, outlet="21世纪经济报道")),
        ("China Daily", Speaker(Role.JOURNALIST, outlet="China Daily")),
        ("法新社记者追问", Speaker(Role.JOURNALIST, outlet="法新社")),
        ("問", Speaker(Role.JOURNALIST)),
        ("Ｑ", Speaker(Role.JOURNALIST)),
        ("QUESTION", Speaker(Role.JOURNALIST)),
        ("答", Speaker(Role.OFFICIAL)),
        ("A1", Speaker(Role.OFFICIAL)),
        ("发言人", Speaker(Role.OFFICIAL, office="发言人")),
        ("發言人答", Speaker(Role.OFFICIAL, office="發言人")),
        ("THE PRESIDENT", Speaker(Role.OFFICIAL, office="THE PRESIDENT")),
        ("PRIME MINISTER TORRES", Speaker(Role.OFFICIAL, office="PRIME MINISTER", name="TORRES")),
        ("Director, TSIB, Lau Wei Ling", Speaker(Role.OFFICIAL, "Lau Wei Ling", "Director, TSIB")),
        ("MR PRICE", Speaker(Role.UNKNOWN, name="MR PRICE")),
        ("Moderator", Speaker(Role.MODERATOR)),
    ],
)
def test_every_way_of_writing_a_label_is_read(label: str, speaker: Speaker) -> None:
    assert named(label) == speaker


@pytest.mark.parametrize(
    "label",
    [
        "各位记者朋友", "中外记者", "记者朋友们", "对记者", "习近平主席指出", "外交部发言人表示", "王毅部长强调",
        "习近平主席强调", "外交部部长王毅强调", "外交部发言人毛宁表示", "国家主席应约通话",
        "国务院总理严肃指出", "我想告诉这位记者", "谢谢主持人", "以下为记者会实录",
        "安理会主席声明", "中日韩外长会晤", "总理时期", "关于总书记讲话",
        "第一", "首先", "中方的建议是", "具体来说", "一是", "王毅", "时间", "有人问", "他说", "好消息", "平台",
    ],
)  # fmt: skip
def test_a_line_about_somebody_names_nobody(label: str) -> None:
    assert named(label) is None


@pytest.mark.parametrize(
    "name", ["王毅", "沈若兰", "欧阳修远", "马克龙", "曾德·蒙赫", "洛桑江村", "官芷瑜", "閻連科"]
)
def test_a_name_has_a_surname_or_sounds_foreign(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name", ["时间", "和平发展", "方向", "时间表", "指出", "第二点", "朋友们", "王毅强调"]
)
def test_a_word_is_no_name(name: str) -> None:
    assert not is_person(name)


def test_invisible_marks_and_wide_blanks_change_no_name() -> None:
    assert seen("\ufeff新华社记者\u200b") == "新华社记者"
    assert seen("【主持人】") == "主持人"
    assert seen("谷维 又说") == "谷维"


def test_offices_and_institutions_are_told_from_other_words() -> None:
    assert is_office("行政長官")
    assert not is_office("队长说")
    assert is_institution("市公安局交警支队")
    assert not is_institution("问题")
    assert is_english_name("Jean-Pierre")
    assert not is_english_name("First of all")


@pytest.mark.parametrize(
    ("speaker", "shown"),
    [
        (Speaker(Role.OFFICIAL, name="王毅", office="外交部部长"), "王毅"),
        (Speaker(Role.JOURNALIST, outlet="新华社"), "新华社记者"),
        (Speaker(Role.JOURNALIST), "记者"),
        (Speaker(Role.MODERATOR), "主持人"),
    ],
)
def test_how_a_speaker_is_shown(speaker: Speaker, shown: str) -> None:
    assert str(speaker) == shown
