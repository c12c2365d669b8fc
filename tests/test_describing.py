"""What is known of an event, and how it was found out."""

from __future__ import annotations

import pytest

from qa_bot.parsing import parse_document, parse_transcript
from qa_bot.records import Document, Fact, Metadata

QA = "\n\n问：进展？\n\n答：顺利。\n"


def test_the_header_s_lines_state_what_they_name() -> None:
    text = (
        "标题：例行记者会\n来源：外交部网站\n时间：2022年8月25日15:00—16:20\n地点：新闻发布厅\n网址：https://example.org/a\n授权：CC0-1.0"
        + QA
    )
    metadata = parse_transcript(text).metadata
    assert metadata.title == Fact("例行记者会", "the header's line 标题")
    assert metadata.publisher == Fact("外交部网站", "the header's line 来源")
    assert metadata.date == Fact("2022-08-25", "the header's date line")
    assert metadata.venue == Fact("新闻发布厅", "the header's line 地点")
    assert metadata.url == Fact("https://example.org/a", "the header's line 网址")
    assert metadata.licence == Fact("CC0-1.0", "the header's line 授权")
    assert metadata.language == Fact("zh-Hans", "the script of the text")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("2017年2月17日外交部发言人耿爽主持例行记者会", "2017-02-17"),
        ("外交部例行记者会\n\n2024-05-13 18:52", None),
        ("外交部发言人答记者问\n\n2022年11月25日", "2022-11-25"),
        ("Regular Press Conference on November 2, 2016", "2016-11-02"),
        ("院會後記者會\n\n日期：108年6月13日", "2019-06-13"),
        ("Doorstop interview, Port Hartley\n\nTRANSCRIPT\n\n15 August 2019", "2019-08-15"),
        ("DAILY PRESS BRIEFING\n\n5 NOVEMBER 2014", "2014-11-05"),
        ("院會後記者會\n\n時間：112年2月16日（星期四）上午11時", "2023-02-16"),
        ("2022年8月国防部例行记者会\n\n8月25日下午，国防部举行例行记者会。", "2022-08-25"),
        ("例行记者会\n\n8月25日下午，国防部举行例行记者会。", "XXXX-08-25"),
        ("總理會見記者（圖文直播）\n\n2013年3月17日 來源：人民網\n\n圖文直播", None),
        ("2017年2月17日外交部例行记者会\n\n日期：2017-02-16", None),
        ("特首會見傳媒\n\n以下是今日會見傳媒的答問內容\n\n發布日期：2024年9月17日", "2024-09-17"),
    ],
)  # fmt: skip
def test_the_day_is_known_as_far_as_the_text_tells(head: str, date: str | None) -> None:
    found = parse_transcript(head + QA).date
    assert (found.value if found else None) == date


def test_links_to_other_days_at_the_end_are_not_the_event_s() -> None:
    text = (
        "2018年7月19日外交部发言人主持例行记者会"
        + QA
        + "\n相关阅读：\n2018年7月18日外交部发言人主持例行记者会\n"
    )
    date = parse_transcript(text).date
    assert date is not None
    assert date.value == "2018-07-19"


def test_the_title_is_the_line_that_names_the_session() -> None:
    text = "THE WHITE HOUSE\nOffice of the Press Secretary\n\nRemarks by President Whitfield in Press Availability\n\nQ: When?\n\nA: Soon.\n"
    assert parse_transcript(text).title == "Remarks by President Whitfield in Press Availability"


@pytest.mark.parametrize(
    "above",
    [
        "首页 > 发言人表态 > 例行记者会",
        "当前位置：首页 >> 政务公开 >> 新闻发布会",
        "Home » Press Releases » Daily Press Briefings",
        "行政院全球資訊網 / 新聞與公告 / 院會後記者會",
        "BRIEFING ROOM",
        "Remarks",
    ],
)
def test_where_a_page_stands_on_its_site_is_no_title(above: str) -> None:
    title = "Press Briefing by Press Secretary Dana Whitlock"
    found = parse_transcript(f"{above}\n\n{title}{QA}").title
    assert found == title


def test_what_the_file_states_beside_the_text_comes_first() -> None:
    stated = Metadata(
        title=Fact("别的标题", "sidecar a.meta.yaml"), date=Fact("2020", "sidecar a.meta.yaml")
    )
    metadata = parse_document(
        Document("标题：例行记者会\n时间：2022年8月25日" + QA, stated=stated)
    ).metadata
    assert metadata.title == stated.title
    assert metadata.date == stated.date


def test_an_address_behind_source_is_the_address() -> None:
    text = "> source: https://example.org/a.xml  (CC0-1.0)" + QA
    metadata = parse_transcript(text).metadata
    assert metadata.url == Fact("https://example.org/a.xml", "the header's line source")
    assert metadata.licence == Fact("CC0-1.0", "the header's line source")
    assert metadata.publisher is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("問：進展？\n\n答：這個問題我們會說明。\n", "zh-Hant"),
        ("Q: When?\n\nA: Soon.\n", "en"),
        ("……", None),
    ],
)
def test_the_language_is_that_of_the_script(text: str, language: str | None) -> None:
    found = parse_transcript(text).metadata.language
    assert (found.value if found else None) == language


def test_how_a_day_on_a_line_of_its_own_is_known_is_told() -> None:
    date = parse_transcript(f"Doorstop interview, Port Hartley\n\n15 August 2019{QA}").date
    assert date == Fact("2019-08-15", "stated in the text: 15 August 2019")
