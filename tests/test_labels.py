from __future__ import annotations

import pytest

from qa_bot.labels import label_of, may_be_somebody, speakers_of
from qa_bot.records import Role, Speaker


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("新华社记者：", "新华社记者"),
        ("外交部部长王毅:", "外交部部长王毅"),
        ("  王毅：  ", "王毅"),
        (
            "十二届全国人大五次会议新闻中心主任、主持人何绍仁：",
            "十二届全国人大五次会议新闻中心主任、主持人何绍仁",
        ),
        ("他说：中方欢迎。", None),
        ("我们希望论坛能够实现三方面的成果，也就是：", None),
        ("“一带一路”：", None),
        ("时间：2017年3月8日", None),
        ("：", None),
        ("很" * 41 + "：", None),
        ("没有冒号", None),
    ],
)
def test_a_label_is_a_short_line_of_its_own(line: str, label: str | None) -> None:
    assert label_of(line) == label


def test_a_name_with_and_without_its_office_is_one_person() -> None:
    speakers = speakers_of(["外交部部长王毅", "新华社记者", "王毅"])
    assert speakers["王毅"] == Speaker(Role.OFFICIAL, name="王毅", office="外交部部长")
    assert speakers["王毅"] is speakers["外交部部长王毅"]


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
    assert speakers_of([label]) == {label: speaker}


@pytest.mark.parametrize(
    "label",
    [
        "各位记者朋友", "中外记者", "记者朋友们", "对记者", "习近平主席指出", "外交部发言人表示", "王毅部长强调",
        "记者追问", "商务部部长", "习近平主席强调", "外交部部长王毅强调", "外交部发言人毛宁表示", "国家主席应约通话",
        "国务院总理严肃指出", "我想告诉这位记者", "谢谢主持人", "以下为记者会实录",
        "安理会主席声明", "中日韩外长会晤", "总理时期", "关于总书记讲话",
    ],
)  # fmt: skip
def test_a_line_about_somebody_is_no_label(label: str) -> None:
    assert speakers_of([label, label]) == {}


@pytest.mark.parametrize("label", ["和平发展", "方向", "时间表", "陈龙"])
def test_where_officials_are_introduced_a_bare_word_is_nobody(label: str) -> None:
    assert label not in speakers_of(["外交部部长王毅", label, label])


def test_a_journalist_s_name_alone_is_the_journalist() -> None:
    speakers = speakers_of(["新华社记者李明", "李明"])
    assert speakers["李明"] == Speaker(Role.JOURNALIST, outlet="新华社", name="李明")


@pytest.mark.parametrize("label", ["第一", "首先", "中方的建议是", "具体来说", "一是", "王毅", "时间"])
def test_a_line_that_names_nobody_known_is_no_label(label: str) -> None:
    assert speakers_of([label]) == {}


def test_an_unknown_name_must_stand_twice() -> None:
    labels = ["记者", "陈龙", "记者", "陈龙", "包括", "第一", "第一", "包括"]
    assert set(speakers_of(labels)) == {"记者", "陈龙"}
    assert speakers_of(labels)["陈龙"] == Speaker(Role.UNKNOWN, name="陈龙")
    assert set(speakers_of(["记者", "陈龙"])) == {"记者"}


def test_the_first_office_given_is_the_one_cited() -> None:
    speakers = speakers_of(["外交部部长王毅", "王毅", "发言人王毅"])
    assert {speaker.office for speaker in speakers.values()} == {"外交部部长"}


@pytest.mark.parametrize(
    "label", ["凤凰卫视", "Bloomberg", "网友", "翻译", "记者（新华社）", "新华社记者（张三）"]
)
def test_a_label_that_can_t_be_read_may_still_be_somebody_s(label: str) -> None:
    assert speakers_of([label]) == {}
    assert may_be_somebody(label)


@pytest.mark.parametrize(
    "label",
    ["第二点", "构筑合作新平台", "互联网", "中方的建议是", "习近平主席指出", "我想告诉这位记者"],
)
def test_a_heading_or_a_lead_in_is_nobody_s(label: str) -> None:
    assert not may_be_somebody(label)


@pytest.mark.parametrize("line", ["新华社记者︰", "新华社记者：\u200b", "\ufeff新华社记者:"])
def test_what_looks_like_a_label_to_a_reader_is_one(line: str) -> None:
    assert label_of(line) == "新华社记者"


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
