from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot import documents
from qa_bot.documents import document_of, read_document
from qa_bot.errors import TranscriptError
from qa_bot.kinds import SUFFIXES
from qa_bot.records import Document, Fact, Role, Span, Speaker

FILES = Path(__file__).parent / "data" / "files"
TEXT = "记者：请问有什么成果？\r\n部长：签署了三份文件。\n\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def marked(document: Document, spans: tuple[Span, ...]) -> list[str]:
    return [span.of(document.text) for span in spans]


def docx(body: str, **parts: str) -> bytes:
    """Return a Word file with this body."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(
            "word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def test_the_endings_that_are_read() -> None:
    assert sorted(SUFFIXES) == sorted(
        [".docx", ".htm", ".html", ".markdown", ".md", ".pdf", ".text", ".txt", ".xhtml"]
    )


@pytest.mark.parametrize("name", ["a.txt", "a.text", "a.md", "A.MARKDOWN"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_stays_exactly_as_it_is(name: str, encoding: str) -> None:
    assert document_of(TEXT.encode(encoding), name) == Document(TEXT)


def test_marks_are_hints_and_stay_in_the_text() -> None:
    text = (
        "# 记者会\n## 二、问答 ##\n**问：**有__何__评论？__第一__，**没有**。\n### C#\n#话题 不是标题\n"
    )
    document = document_of(text.encode(), "a.md")
    assert document.text == text
    assert marked(document, document.bold) == ["问：", "第一", "没有"]
    assert marked(document, document.headings) == ["记者会", "二、问答", "C#"]


@pytest.mark.parametrize(
    "text",
    [
        r"\**不是**",
        "** 不是 **",
        "**不是\n是**",
        "a__b__c",
        "****",
        "2**3",
        "**没有结尾",
        r"**不是\**",
        "#",
    ],
)
def test_unbalanced_or_escaped_marks_are_no_hint(text: str) -> None:
    document = document_of(text.encode(), "a.md")
    assert (document.text, document.bold, document.headings) == (text, (), ())


@given(st.text(alphabet="*_#\\ \n甲a：", min_size=1).filter(str.strip))
def test_hints_lie_in_order_and_apart(text: str) -> None:
    document = document_of(text.encode(), "a.txt")
    assert document.text == text
    for spans in (document.bold, document.headings):
        assert all(span.of(text).strip() and "\n" not in span.of(text) for span in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))


@pytest.mark.parametrize(
    ("content", "name", "media_type", "text"),
    [
        (b"<!DOCTYPE html><p>Q: <b>Why?</b></p>", "a.txt", None, "Q: Why?"),
        ("<html><p>问：</p>".encode("utf-16"), "a.txt", None, "问："),
        ((FILES / "interview.pdf").read_bytes(), "a.txt", None, None),
        ((FILES / "briefing.docx").read_bytes(), "a.pdf", None, None),
        ("问：\n没有标签".encode(), "a.html", None, "问：\n没有标签"),
        ("<p>问：</p>".encode(), "t123.shtml", "text/html; charset=utf-8", "问："),
        ("<p>問：</p>".encode("big5"), "index", "text/html;charset=big5", "問："),
        ("问：".encode("gbk"), "index.php", "text/plain; charset=GBK", "问："),
        ("问：".encode("gbk"), "a.md", "text/markdown", "问："),
        ("王毅：请下载 %PDF-1.4 文件。".encode(), "a.txt", None, "王毅：请下载 %PDF-1.4 文件。"),
        (b"\xef\xbb\xbf\r\n" + (FILES / "interview.pdf").read_bytes(), "a.txt", None, None),
        (b"junk\n" + (FILES / "interview.pdf").read_bytes(), "a.pdf", None, None),
    ],
)
def test_a_file_is_read_as_what_it_is(
    content: bytes, name: str, media_type: str | None, text: str | None
) -> None:
    document = document_of(content, name, media_type)
    assert document.text == text or (text is None and len(document.text) > 50)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.txt", "the file is empty"),
        (b" \n", "a.html", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", r"save it as \.docx"),
        (b"{\\rtf1\\ansi}", "a.txt", r"rich text file; .* save it as \.docx"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "a picture and no text; run OCR"),
        (b"\xff\xd8\xff\xe0", "a.pdf", "a picture and no text; run OCR"),
        (b"PK\x03\x04 xl/workbook.xml", "a.docx", r"save it as \.docx or \.txt"),
        (b"\x1f\x8b\x08", "a.txt", "unpack it"),
        (b"From: <Saved by Blink>", "a.html", "a web archive; save it as HTML"),
        (b"no pdf", "a.pdf", "it is called a PDF and is none"),
        (b"no docx", "a.docx", r"it is called a Word file \(\.docx\) and is none"),
        (b"text", "a.odt", r"save it as one of \.txt, \.text, \.md"),
        (b"PK\x03\x04 word/document.xml", "a.docx", "damaged"),
        (b"%PDF-1.7 nothing", "a.pdf", "damaged"),
        (b"<html><script>document.write('x')</script>", "a.html", "the page holds no text"),
        (b"<html></html>", "a.html", "the page holds no text"),
        (docx("<w:p/>"), "a.docx", "holds no text"),
        (docx("<w:p>"), "a.docx", "damaged"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content: bytes, name: str, message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        document_of(content, name)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_CHARS", 40)
    with pytest.raises(TranscriptError, match="more than 40 characters"):
        document_of(("问" * 41).encode(), "a.txt")
    with pytest.raises(TranscriptError, match="more than 40 characters"):
        document_of((FILES / "briefing.pdf").read_bytes(), "a.pdf")
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 2**20)
    with pytest.raises(TranscriptError, match="larger than 1 MiB"):
        document_of(bytes(2**20 + 1), "a.txt")


def test_a_word_file_that_unpacks_to_a_bomb_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(70 * 2**20))
    with pytest.raises(TranscriptError, match="unpacks to more"):
        document_of(buffer.getvalue(), "a.docx")


def test_entities_of_a_word_file_are_not_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "哈哈哈">]>'
    content = docx("<w:p><w:r><w:t>好&amp;</w:t></w:r></w:p>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        source = old.read("word/document.xml").decode()
        new.writestr("word/document.xml", bomb + source.replace("&amp;", "&a;"))
    assert document_of(buffer.getvalue(), "a.docx").text == "好"


def test_a_word_file_gives_all_its_paragraphs() -> None:
    document = read_document(FILES / "briefing.docx")
    assert document.text.split("\n") == [
        "水利部记者会实录",
        "时间：2031年6月12日",
        "新华社记者：请问今年汛期形势如何？",
        "陆川：总体偏重。",
        "我们做了三方面准备。",
        "问",
        "何时开工？",
        "答",
        "年内。",
        "散会后。部长补充说：没有问题。见附件",
        "谢谢。",
        "谢谢。",
        "内容控件里的话。",
        "图旁：",
        "文本框里的话。",
    ]
    assert marked(document, document.bold) == ["水利部记者会实录", "新华社记者：", "陆川："]
    assert marked(document, document.headings) == ["水利部记者会实录"]
    assert document.stated.title == Fact("水利部记者会实录", "the file's title")
    assert document.stated.date is None


@pytest.mark.parametrize("title", ["Word Document", "文档1", "untitled", "", "记者会.docx"])
def test_a_template_s_title_is_none(title: str) -> None:
    core = f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c>'
    content = docx("<w:p><w:r><w:t>好</w:t></w:r></w:p>", docProps__core=core)
    assert document_of(content, "a.docx").stated.title is None


def test_bold_follows_the_styles() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    styles = (
        f'<w:styles {space}><w:style w:styleId="Q"><w:name w:val="Question"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:name w:val="Base"/><w:basedOn w:val="Q"/><w:rPr><w:b/></w:rPr></w:style>'
        "</w:styles>"
    )
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Q"/></w:pPr><w:r><w:t>问：</w:t></w:r>'
        '<w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>为何？</w:t></w:r></w:p>'
        '<w:p><w:r><w:rPr><w:rStyle w:val="B"/></w:rPr><w:t>答：</w:t><w:tab/><w:t>因为</w:t></w:r></w:p>'
    )
    document = document_of(docx(body, word__styles=styles), "a.docx")
    assert document.text == "问：为何？\n答：\t因为"
    assert marked(document, document.bold) == ["问：", "答：\t因为"]


def test_a_printed_file_gives_its_paragraphs_again() -> None:
    assert read_document(FILES / "briefing.pdf").text.split("\n") == [
        "新华社记者：",
        "据报道，第三届海洋论坛将于下周举行，请问有哪些国家的代表确认出席，会议将讨论哪些议题，"
        "中方对会议的成果有什么样的期待？",
        "林言：",
        "海洋论坛是各方交流治理经验的平台。截至目前，已有二十七个国家和九个国际组织确认出席。"
        "会议将讨论海洋垃圾、渔业合作和航道安全三个议题。",
        "我们期待各国代表坦诚对话，把共识变成行动，把行动变成成果，让沿海国家和内陆国家的民众"
        "都能从蓝色经济中受益，也让子孙后代享有洁净的海洋。",
        "路透社记者：",
        "航线谈判有进展吗？",
        "林言：",
        "双方保持着沟通。",
        "谢谢。",
    ]


def test_lines_of_english_are_joined_with_blanks_and_keep_their_hyphens() -> None:
    document = read_document(FILES / "interview.pdf")
    assert document.text.split("\n") == [
        "Reuters:",
        "Will the two sides meet again before the self-imposed deadline?",
        "Lin Yan:",
        "They will. No date is set, and I have no more to say.",
    ]
    assert marked(document, document.bold) == ["Reuters:", "Lin Yan:"]


def test_a_page_printed_by_a_browser_holds_characters_and_no_radicals() -> None:
    assert read_document(FILES / "printed.pdf").text.split("\n") == [
        "部长：方言、龙舟、马车、长江，页边和金门都要写对。",
        "记者：一衣带水的邻居为何要隔海相望？请您从历史和现实两个方面谈一谈，也请您谈谈民间往来的前景。",
        "部长：人民之间的来往，风雨无阻。",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("locked.pdf", r"locked\.pdf: the PDF is locked; save a copy without password"),
        ("pictures.pdf", r"pictures\.pdf: the PDF holds pictures of pages and no text; run OCR first"),
        ("gone.txt", r"gone\.txt: can't be read \(No such file"),
        (".", "not a file"),
    ],
)
def test_an_error_names_the_file(name: str, message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        read_document(FILES / name)


def test_the_sidecar_counts_more_than_the_front_matter_and_that_more_than_the_page(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: 甲\nvenue: 北京\nspeakers:\n  问: {role: journalist}\n---\n问：好吗？\n", "utf-8"
    )
    (tmp_path / "a.meta.yaml").write_text(
        "title: 乙\nspeakers:\n  答: {role: official, name: 林言}\n", "utf-8"
    )
    document = read_document(path)
    assert document.text == path.read_text("utf-8")
    assert document.front_matter is not None
    assert document.front_matter.of(document.text).endswith("}\n---")
    assert document.stated.title == Fact("乙", "sidecar a.meta.yaml")
    assert document.stated.venue == Fact("北京", "front matter")
    assert document.speakers == {"问": Speaker(Role.JOURNALIST), "答": Speaker(Role.OFFICIAL, "林言")}
    page = tmp_path / "b.html"
    page.write_text("<html lang=zh><title>丙丁戊己</title><p>问：好吗？", "utf-8")
    (tmp_path / "b.meta.json").write_text('{"title": "庚"}', "utf-8")
    assert read_document(page).stated.title == Fact("庚", "sidecar b.meta.json")
    assert read_document(page).stated.language == Fact("zh", "the page's lang")


def test_reading_a_text_loads_no_library_of_another_format() -> None:
    code = (
        "import sys; from qa_bot.documents import document_of; document_of(b'Q: Why?', 'a.txt');"
        "print(*sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(output.stdout.split()) & {"lxml", "pypdfium2", "httpx", "zipfile"} == set()


def test_an_error_of_the_reader_itself_is_logged_and_names_the_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(documents, "document_of", stumble)
    with pytest.raises(TranscriptError, match=r"briefing\.pdf: could not be read: an error in qa_bot"):
        read_document(FILES / "briefing.pdf")
    assert "ZeroDivisionError" in caplog.text
