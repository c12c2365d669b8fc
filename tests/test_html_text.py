"""Every page below is made up, in the layouts that ministries and news agencies use."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

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
    "不是原话",
)


def page(body: str, head: str = "") -> Document:
    return document_of(f"<!DOCTYPE html><html><head>{head}</head><body>{body}".encode(), "a.html")


def marked(document: Document, spans: tuple[Span, ...]) -> list[str]:
    return [span.of(document.text) for span in spans]


def test_there_are_pages() -> None:
    assert len(PAGES) == 18


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


ANSWER = "发言人：双方就此进行了深入讨论，达成了重要共识，我们会继续推进各项工作，造福两国人民。"
ASKED = "记者：请问发言人，这次会谈取得了哪些成果？"
SPEECH = f"<p>{ASKED}</p><p>{ANSWER}</p>"
SAID = f"{ASKED}\n{ANSWER}"
JAMMED = "<style>/* 注 */ @media print{.q{display:none}} .x, span.jammer {color: red; display:none !important}</style>"


@pytest.mark.parametrize(
    "struck",
    [
        "<del>不</del>",
        "<s>不</s>",
        "<strike>不会</strike>",
        "<span style='text-decoration: line-through'>不</span>",
        "<style>.old{text-decoration-line:line-through}</style><span class=old>不</span>",
        "<del><b>我们不同意。</b></del>",
    ],
)
def test_what_is_struck_out_is_not_read(struck: str) -> None:
    assert (
        page(f"<p>问：好吗？</p><p>答：{struck}好<ins>的</ins>。</p>").text == "问：好吗？\n答：好的。"
    )


@pytest.mark.parametrize(
    "jam",
    [
        "<span style='display:none'>某论坛</span>",
        "<span hidden>某论坛</span>",
        "<font style='VISIBILITY: hidden'>某论坛</font>",
        "<span style='font-size:0px;color:#fff'>! y5 t? R</span>",
        "<span style='font-size:0'><b>某</b>论坛</span>",
        "<i style='opacity:0'>某论坛</i>",
        "<span style='position:absolute;left:-9999px'>某论坛</span>",
        f"{JAMMED}<span class='a jammer'>某论坛</span>",
        f"{JAMMED}<b class=x>某论坛</b>",
        "<style>#j{display:none}</style><b id=j>某论坛</b>",
        "<style>.u{display:none</style><i class=u>某论坛</i>",
        "<span hidden>某<span hidden>论坛</span></span>",
        "<span hidden>版权声明：未经授权不得转载。</span>",
        "<span hidden>问：好吗？</span>",
    ],
)
def test_a_hidden_piece_of_a_line_is_not_read(jam: str) -> None:
    assert page(f"<p>问：好吗？</p><p>答：很{jam}好。</p>").text == "问：好吗？\n答：很好。"


@pytest.mark.parametrize(
    "shown",
    [
        "<span style='display:none'>好。我们会继续努力</span>",
        "<span hidden>好。我们会继续努力</span>",
        "<span style='font-size:10px'>好。我们会继续努力</span>",
        "<span style='font-size:0'><b style='font-size:14px'>好。我们会继续努力</b></span>",
        "<span style='visibility:hidden'><b style='visibility:visible'>好。我们会继续努力</b></span>",
        "<span style='opacity:0.9'>好。我们会继续努力</span>",
        f"{JAMMED}<i class=jammer>好。我们会继续努力</i>",
        f"{JAMMED}<i class=q>好。我们会继续努力</i>",
    ],
)
def test_a_hidden_sentence_of_a_line_is_read(shown: str) -> None:
    assert page(f"<p>问：好吗？</p><p>答：很{shown}。</p>").text.endswith("答：很好。我们会继续努力。")


@pytest.mark.parametrize(
    "shown",
    [
        "<i class=q>共识</i>",
        "<i class=jammer>共识</i>",
        "<i class=x style='display:inline!important'>共识</i>",
        "<style>.more{display:none} .open .more{display:inline}</style><i class=more>共识</i>",
        "<style>.n{display:none}.n{display:inline}</style><i class=n>共识</i>",
        "<style media=print>.p{display:none}</style><i class=p>共识</i>",
        "<span style='font-size:0'><b style='font-size:14px'>共识</b></span>",
        "<span style='visibility:hidden'><b style='visibility:visible'>共识</b></span>",
    ],
)
def test_what_is_not_surely_hidden_is_read(shown: str) -> None:
    assert page(f"{JAMMED}<p>问：好吗？</p><p>答：有{shown}。</p>").text == "问：好吗？\n答：有共识。"


@pytest.mark.parametrize(
    "copy",
    [
        f"<div style='display:none'>{SPEECH}</div>",
        f"<div hidden class=mobile><h2>手机版</h2>{ASKED}<br>{ANSWER}</div>",
        f"<style>.print{{display:none}}</style><div class=print>{SPEECH}</div>",
        f"<p hidden>{ASKED}</p><p hidden>{ANSWER}</p>",
    ],
)
def test_a_hidden_copy_of_what_is_shown_is_left_out(copy: str) -> None:
    assert page(f"<div class=text>{SPEECH}{copy}</div>").text == SAID
    assert page(f"<div class=text>{copy}{SPEECH}</div>").text == SAID


def test_a_hidden_copy_of_an_article_that_is_folded_away_in_part_is_left_out() -> None:
    rest = "<p>记者：还有吗？</p><p>发言人：还有一点，双方同意保持沟通。</p>"
    copy = f"<section><div style='display:none'>{SPEECH}{rest}</div></section>"
    text = page(f"<div>{SPEECH}<div hidden>{rest}</div></div>{copy}").text
    assert text == f"{SAID}\n记者：还有吗？\n发言人：还有一点，双方同意保持沟通。"


def test_hidden_answers_that_are_alike_are_read() -> None:
    items = "".join(
        f"<li><p>问：{name}呢？</p><p hidden>答：没有，谢谢。</p></li>" for name in "甲乙丙"
    )
    lines = [line for name in "甲乙丙" for line in (f"问：{name}呢？", "答：没有，谢谢。")]
    assert page(f"<ol>{items}</ol>").text.split("\n") == lines


def test_a_hidden_article_that_begins_with_a_note_is_read() -> None:
    text = page(
        f"<p>今天举行了记者会，情况如下。</p><div hidden><p>编者按：实录如下。</p>{SPEECH}</div>"
    ).text
    assert text.endswith(f"编者按：实录如下。\n{SAID}")


def test_a_hidden_whole_of_which_only_a_part_is_shown_is_read() -> None:
    more = "<p>记者：还有吗？</p><p>发言人：还有一点，双方同意保持沟通。</p>"
    text = page(f"<div>{SPEECH * 9}</div><div>{SPEECH}<div hidden>{SPEECH}{more}</div></div>").text
    assert text.endswith(f"{SAID}\n记者：还有吗？\n发言人：还有一点，双方同意保持沟通。")


def test_hidden_speech_beside_the_article_is_read() -> None:
    more = "<p>记者：还有吗？</p><p>发言人：还有一点，双方同意保持沟通。</p>"
    text = page(f"<div class=text>{SPEECH * 5}</div><div id=rest hidden>{more}</div>").text
    assert text.endswith(f"{SAID}\n记者：还有吗？\n发言人：还有一点，双方同意保持沟通。")


def test_a_hidden_hint_beside_the_article_is_left_out() -> None:
    hint = "<div hidden>提示：请使用微信扫一扫，把网页分享给朋友。</div>"
    assert page(f"<div class=text>{SPEECH}</div>{hint}").text == SAID


def test_hidden_speech_is_read_though_a_sentence_of_it_is_shown_too() -> None:
    rest = f"<p hidden>{ASKED}</p><p hidden>发言人：我刚才已经回答了，没有更多的信息可以提供。</p>"
    assert page(SPEECH + rest).text.split("\n") == [
        ASKED,
        ANSWER,
        ASKED,
        "发言人：我刚才已经回答了，没有更多的信息可以提供。",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "<div hidden><p>编者注：此处与录音不符，请核对。</p></div>",
        "<p style='display:none'>（编辑注：此处与录音不符，请核对。）</p>",
        "<p hidden>Editor's note: to be checked against the tape.</p>",
        "<p hidden>此处与录音不符，请核对。</p>",
    ],
)
def test_a_hidden_note_amid_what_is_shown_is_left_out(note: str) -> None:
    assert page(f"{SPEECH}{note}{SPEECH}").text == f"{SAID}\n{SAID}"


def test_hidden_answers_amid_shown_questions_are_read() -> None:
    questions = [f"问：第{number}个问题是什么？" for number in range(1, 5)]
    answers = [f"答：第{number}个问题的答案在这里，请看。" for number in range(1, 5)]
    pairs = list(zip(questions, answers, strict=True))
    text = "\n".join(line for pair in pairs for line in pair)
    flat = "".join(f"<dt>{asked}</dt><dd hidden>{said}</dd>" for asked, said in pairs)
    assert page(f"<dl>{flat}</dl>").text == text
    deep = "".join(f"<div><p>{asked}</p><p hidden>{said}</p></div>" for asked, said in pairs)
    assert page(deep).text == text
    one = "".join(
        f"<p>{asked}</p><p {'hidden' * (place == 1)}>{said}</p>"
        for place, (asked, said) in enumerate(pairs)
    )
    assert page(one).text == text


def test_a_page_that_is_hidden_as_a_whole_is_read() -> None:
    assert page(f"<div style='opacity:0'>{SPEECH}<b hidden>某论坛</b></div>").text == SAID


@pytest.mark.parametrize(
    "beside",
    [
        "<figure><img src=a.jpg><figcaption>王毅出席记者会。新华社记者 摄</figcaption></figure>",
        "<div class='wp-caption'><img><p>王毅出席记者会。新华社记者 摄</p></div>",
        "<aside><p>链接：这是一部关于水利的法律，共有八章，自明年起施行。</p></aside>",
        "<div id=cookie-banner><p>We use cookies to improve this site. By browsing, you agree.</p></div>",
        "<div class='gdprConsent'>We value your privacy, and so do our partners.</div>",
        "<div class=newsletter-box>订阅我们的新闻，每天早上送到您的邮箱！</div>",
        "<div class='modal fade' style='display:none'>请先登录，然后再发表您的意见。</div>",
        "<section class=related><h3>相关新闻</h3><p>某部长昨天访问了某国，会见了总统。</p></section>",
        "<div class=recommendList><p>某部长昨天访问了某国，会见了总统。</p></div>",
    ],
)
def test_captions_sidebars_and_banners_are_left_out_wherever_they_stand(beside: str) -> None:
    assert page(f"<article>{SPEECH}{beside}</article>").text == SAID
    assert page(f"<article><p>{ASKED}</p>{beside}<p>{ANSWER}</p></article>").text == SAID
    assert page(f"{beside}<article>{SPEECH}</article>").text == SAID


@pytest.mark.parametrize(
    "notice",
    [
        "<p>版权声明：本文版权归某网所有，未经授权，不得转载。</p>",
        "<h4>免责声明</h4><p>凡本网注明“来源：某网”的作品，转载请注明出处。</p>",
        "<p>© 2031 某网。All rights reserved.</p>",
        "<p>相关新闻：</p>",
    ],
)
def test_a_notice_below_an_article_is_left_out(notice: str) -> None:
    assert page(f"<article>{SPEECH}{notice}</article>").text == SAID


def test_an_answer_on_copyright_is_read() -> None:
    answer = "答：版权所有者的利益受法律保护，未经授权不得转载。"
    assert page(f"<p>问：好吗？</p><p>{answer}</p>").text == f"问：好吗？\n{answer}"
    last = "版权所有者的利益受法律保护，我们支持这一立场。"
    assert page(f"<p>问：好吗？</p><p>{last}</p>").text == f"问：好吗？\n{last}"


@pytest.mark.parametrize(
    "name", ["modal-content", "comment-body", "cookie-recipe", "popup", "related-article", "consent"]
)
def test_an_article_with_an_unlucky_name_is_read(name: str) -> None:
    around = "<p>导语：今天上午举行了记者会。</p>"
    assert page(f"{around}<div class={name}>{SPEECH}</div>").text.endswith(SAID)
    assert page(f"<aside>{SPEECH}</aside>{around}").text.startswith(SAID)
    pieces = "".join(f"<div class={name}><p>{ANSWER}</p></div>" for _ in range(3))
    assert page(f"<p>{ASKED}</p>{pieces}").text == "\n".join((ASKED, ANSWER, ANSWER, ANSWER))


def test_an_article_of_hidden_pieces_is_read_in_time() -> None:
    nest = "<span hidden>某<b class=x>" * 100 + "论坛" + "</b></span>" * 100
    body = f"{JAMMED}<p>问：好吗？</p>" + f"<p>答：很{nest}好。</p>" * 150
    start = perf_counter()
    assert page(body).text == "问：好吗？" + "\n答：很好。" * 150
    assert perf_counter() - start < 5


@given(
    st.lists(
        st.text(alphabet="问答：。？好的 a.", min_size=1, max_size=12).filter(str.strip), min_size=1
    )
)
def test_no_paragraph_of_an_article_is_lost(paragraphs: list[str]) -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    shown = [" ".join(part for part in paragraph.split(" ") if part) for paragraph in paragraphs]
    assert page(f"<div class=article>{body}</div>").text.split("\n") == shown
