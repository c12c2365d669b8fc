from __future__ import annotations

import pytest

from qa_bot.dates import find_date, session_year

NPC = "3月8日上午，十二届全国人大五次会议在梅地亚中心举行记者会"


@pytest.mark.parametrize(
    ("stated", "narration", "expected"),
    [
        ("2020-05-24", [], "2020-05-24"),
        (None, [NPC], "2017-03-08"),
        (None, ["第十三届全国人民代表大会第三次会议5月24日举行记者会"], "2020-05-24"),
        (None, ["十四届全国人大一次会议3月7日举行记者会"], "2023-03-07"),
        (None, ["3月8日上午，外交部举行记者会"], "XXXX-03-08"),
        (None, ["2017年2月17日外交部发言人耿爽主持例行记者会"], "2017-02-17"),
        (None, ["二届全国人大五次会议3月8日举行记者会"], "XXXX-03-08"),
        (None, ["5月份中国将举办论坛", "没有日期"], None),
        (None, ["2月30日举行记者会"], None),
        (None, ["2017年13月1日举行记者会"], None),
        (None, ["3月8日是妇女节"], None),
        (None, ["新华社北京3月9日电 十三届全国人大五次会议3月8日举行记者会"], "2022-03-08"),
        (None, ["2017年1月5日发布的文件，3月8日举行记者会"], None),
        (None, ["3月7日和3月8日举行记者会"], None),
        (None, ["2017年3月8日举行记者会，2017年3月9日闭幕"], None),
        (None, ["2017年3月8日举行记者会"], "2017-03-08"),
        (None, ["去年3月8日，十二届全国人大五次会议举行了记者会"], None),
        (None, ["自1998年3月8日举行首次记者会以来，外交部每年举行"], None),
        (None, ["3月8日，浙江省十二届全国人大五次会议代表举行记者会"], "XXXX-03-08"),
        (None, ["二十届全国人大一次会议3月8日举行记者会"], "XXXX-03-08"),
        (None, ["2017年3月1日，外交部举行发布会。", "2017年3月8日，王毅举行记者会。"], None),
        (None, ["热线6596-11-14，举行记者会"], None),
        (None, ["外交部发言人就2016年7月12日南海仲裁案答记者问"], None),
        (None, ["2020年5月8日外交部发言人就2016年7月12日南海仲裁案答记者问"], "2020-05-08"),
        (None, ["《2019年1月1日起施行的办法》发布会于2018年12月3日举行"], "2018-12-03"),
        (None, ["Press conference on the earthquake of March 3, 2017"], None),
        ("发布 2017-03-09 会议 2017-03-08", [], None),
        (None, [], None),
    ],
)
def test_a_date_is_stated_only_as_far_as_the_source_supports_it(
    stated: str | None, narration: list[str], expected: str | None
) -> None:
    date = find_date(stated, narration)
    assert (date.value if date else None) == expected


def test_how_the_year_was_found_is_recorded() -> None:
    date = find_date(None, [NPC])
    assert date is not None
    assert "3月8日" in date.derivation
    assert "十二届全国人大五次会议" in date.derivation
    unknown = find_date(None, ["3月8日举行记者会"])
    assert unknown is not None
    assert unknown.derivation == "stated in the text: 3月8日; no year given"


@pytest.mark.parametrize(
    ("congress", "session", "year"),
    [(5, 1, 1978), (8, 1, 1993), (10, 5, 2007), (12, 5, 2017), (13, 1, 2018), (14, 3, 2025)],
)
def test_sessions_fall_in_the_years_in_which_they_were_held(
    congress: int, session: int, year: int
) -> None:
    assert session_year(congress, session) == year


@pytest.mark.parametrize(("congress", "session"), [(4, 1), (12, 0), (12, 6)])
def test_no_rule_no_year(congress: int, session: int) -> None:
    with pytest.raises(ValueError, match="no rule"):
        session_year(congress, session)
