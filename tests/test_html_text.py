"""Every page below is made up, in the layouts that ministries and news agencies use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.documents import document_of, read_document
from qa_bot.errors import TranscriptError
from qa_bot.records import Document, Fact, Span

FILES = Path(__file__).parent / "data" / "files"
PAGES = sorted(path for path in FILES.iterdir() if path.suffix in {".html", ".htm"})
#: What stands around an article and is nobody's speech.
SURROUNDINGS = (
    "驻外机构",
    "相关新闻",
    "ICP备",
    "分享到",
    "脚本里的话",
    "不是发言",
    "English",
    "联系我们",
    "广告",
)


def page(body: str, head: str = "") -> Document:
    return document_of(f"<!DOCTYPE html><html><head>{head}</head><body>{body}".encode(), "a.html")


def marked(document: Document, spans: tuple[Span, ...]) -> list[str]:
    return [span.of(document.text) for span in spans]


def test_there_are_pages() -> None:
    assert len(PAGES) == 17


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_paragraph_of_speech_survives_exactly_and_in_order(path: Path) -> None:
    speech = path.with_suffix(".speech.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    lines = read_document(path).text.split("\n")
    start = lines.index(speech[0])
    kept = [line for line in lines[start:] if line in speech]
    assert kept == speech
    assert len(lines) - len(kept) <= 2


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_stands_around_an_article_does_not(path: Path) -> None:
    text = read_document(path).text
    assert [word for word in SURROUNDINGS if word in text] == []


def test_a_page_states_its_title_address_publisher_and_language_but_no_date() -> None:
    stated = read_document(FILES / "mfa_modern.html").stated
    assert stated.title == Fact("2031年4月8日外交部发言人林言主持例行记者会", "the page's og:title")
    assert stated.url == Fact("https://www.example.gov.cn/fyr/t1.html", "the page's canonical link")
    assert stated.publisher == Fact("某国外交部", "the page's og:site_name")
    assert stated.language == Fact("zh-CN", "the page's lang")
    assert stated.date is None


@pytest.mark.parametrize(
    ("name", "title", "derivation"),
    [
        ("gov_cn.html", "总理李岩会见采访大会的中外记者", "the page's <h1>"),
        ("scio.html", "国新办举行水利工作发布会", "the page's ArticleTitle"),
        ("mofcom.html", "商务部召开例行新闻发布会", "the page's <title>"),
        ("big5_page.html", "部長返國記者會答問", "the page's <title>"),
    ],
)
def test_a_title_is_the_article_s_own(name: str, title: str, derivation: str) -> None:
    document = read_document(FILES / name)
    assert document.stated.title == Fact(title, derivation)
    assert document.text.startswith(title + "\n")
    assert marked(document, document.headings)[0] == title


def test_a_title_that_the_page_does_not_show_is_taken_whole() -> None:
    document = page("<p>问：好吗？</p>", "<title>\n 答问实录\n - 某网 </title>")
    assert document.stated.title == Fact("答问实录 - 某网", "the page's <title>")


def test_bold_and_headings_become_hints() -> None:
    document = page(
        "<h2>一、 经济</h2><p><strong>问：</strong> <b>为<i>何</i>？</b></p><p>答：<span style='font-weight: 700'>因为。"
        "</span></p>"
    )
    assert document.text == "一、 经济\n问： 为何？\n答：因为。"
    assert marked(document, document.bold) == ["问： 为何？", "因为。"]
    assert marked(document, document.headings) == ["一、 经济"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>　　问：&nbsp;A&amp;B？&#8220;好&#8221;</p>", "　　问：\xa0A&B？“好”"),
        ("<p>一行\n 之内。</p><p>one\n  line</p>", "一行之内。\none line"),
        ("<p>问：好？<br>答：好。<br/><br/>谢谢。", "问：好？\n答：好。\n谢谢。"),
        ("<p>问：<!-- 注 -->好<script>1</script>吗？<wbr>请</p>", "问：好吗？请"),
        ("<pre>问：好？\r\n  答：好。</pre>", "问：好？\n  答：好。"),
        ("问：好？<p>答：好。</p>谢谢。", "问：好？\n答：好。\n谢谢。"),
        ("<p>问：\x00好\x0b吗？&#150;</p>", "问：好吗？–"),
        ("<p>问：好？</p></body></html><p>答：好。</p>", "问：好？\n答：好。"),
        ("<div>" * 300 + "<p>问：好？</p>" + "</div>" * 300 + "<p>答：好。</p>", "问：好？\n答：好。"),
        ("<p>没有标点</p>", "没有标点"),
        ("<p>问：好？</p><textarea>草稿</textarea><noscript>请开启脚本。</noscript>", "问：好？"),
        ("<button>问：好？</button><div>答：好。</div>", "问：好？\n答：好。"),
        (
            "<p><a name=top />问：<ruby>好<rp>(</rp><rt>hǎo</rt></ruby>？</p><p>答：好。</p>",
            "问：好？\n答：好。",
        ),
        ("<form><p>问：好？</p><input value='搜索'></form>", "问：好？"),
    ],
)
def test_text_is_what_a_browser_shows(body: str, text: str) -> None:
    assert page(body).text == text


def test_who_edited_the_page_is_not_said_by_the_last_speaker() -> None:
    assert (
        page("<p>问：好吗？</p><p>答：好。</p><p>（责任编辑：某人）</p>").text == "问：好吗？\n答：好。"
    )
    assert page("<p>答：好。</p><p>编辑：谢谢。</p>").text == "答：好。\n编辑：谢谢。"


def test_speech_may_stand_in_what_is_named_like_surroundings() -> None:
    lines = [f"网友{number}：第{number}个问题是什么？" for number in range(1, 11)]
    items = "".join(f"<li class=comment><p>{line}</p></li>" for line in lines)
    body = f"<ul class=comment-list>{items}</ul><div class=footer>版权所有：某部。</div>"
    assert page(body).text.split("\n") == lines


def test_the_encoding_is_the_page_s_whatever_is_said_of_it() -> None:
    body = "<p>问：请问部长，这次访问有什么成果？</p><p>答：我们签署了三份文件。</p>"
    text = "问：请问部长，这次访问有什么成果？\n答：我们签署了三份文件。"
    for encoding in ("gb18030", "utf-8", "utf-16"):
        for said in ("gb2312", "utf-8", "iso-8859-1", "big5"):
            content = f"<html><meta charset={said}>{body}".encode(encoding)
            assert document_of(content, "a.html", f"text/html; charset={said}").text == text


def test_a_damaged_character_is_marked_and_not_guessed() -> None:
    content = "<meta charset=gbk><p>问：好吗？".encode("gbk") + b"\xff" + b"</p>"
    assert document_of(content, "a.html").text == "问：好吗？\ufffd"


def test_nesting_beyond_reason_is_refused_and_no_text_lost() -> None:
    with pytest.raises(TranscriptError, match="nested too deeply"):
        page("<div>" * 20_000 + "<p>问：好？</p>")


@given(
    st.lists(
        st.text(alphabet="问答：。？好的 a.", min_size=1, max_size=12).filter(str.strip), min_size=1
    )
)
def test_no_paragraph_of_an_article_is_lost(paragraphs: list[str]) -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    shown = [" ".join(part for part in paragraph.split(" ") if part) for paragraph in paragraphs]
    assert page(f"<div class=article>{body}</div>").text.split("\n") == shown
