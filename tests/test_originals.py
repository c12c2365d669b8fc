from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa_bot import parsing
from qa_bot.adapters.web_fetch import Fetched
from qa_bot.documents import read_document
from qa_bot.errors import FetchError, TranscriptError
from qa_bot.originals import download, download_all, keep_upload

URL = "https://example.org/a?id=1"
PAGE = "title: 外交部例行记者会\n外交部发言人汪文斌：\n{}。\n"


def serving(text: str) -> Callable[[str], Fetched]:
    return lambda url: Fetched(text.encode(), "text/plain", url, "page.txt")


def names(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "added").iterdir())


def test_a_page_is_kept_with_its_address(tmp_path: Path) -> None:
    path = download(tmp_path, URL, serving(PAGE.format("你好")))
    assert names(tmp_path) == ["外交部例行记者会.meta.yaml", "外交部例行记者会.txt"]
    assert path.read_text(encoding="utf-8") == PAGE.format("你好")
    stated = read_document(path).stated.url
    assert stated is not None
    assert stated.value == URL


def test_the_same_address_replaces_and_another_of_that_title_does_not(tmp_path: Path) -> None:
    download(tmp_path, URL, serving(PAGE.format("你好")))
    again = download(tmp_path, URL, serving(PAGE.format("再见").replace("例行", "特别")))
    assert names(tmp_path) == ["外交部例行记者会.meta.yaml", "外交部例行记者会.txt"]
    assert "再见" in again.read_text(encoding="utf-8")
    other = download(tmp_path, f"{URL}2", serving(PAGE.format("你好")))
    assert other.name == "外交部例行记者会-2.txt"


def test_a_page_of_another_kind_replaces_the_first(tmp_path: Path) -> None:
    download(tmp_path, URL, serving(PAGE.format("你好")))
    html = "<title>外交部例行记者会</title><p>外交部发言人汪文斌：</p><p>再见。</p>"
    download(tmp_path, URL, lambda url: Fetched(html.encode(), "text/html; charset=utf-8", url, "a"))
    assert names(tmp_path) == ["外交部例行记者会.html", "外交部例行记者会.meta.yaml"]


@pytest.mark.parametrize("now", ["请先登录。", "404\n页面不存在。\n"])
def test_a_page_without_an_official_s_words_replaces_nothing(tmp_path: Path, now: str) -> None:
    path = download(tmp_path, URL, serving(PAGE.format("你好")))
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with pytest.raises(TranscriptError, match=r"id=1: no official's words are recognised there now"):
        download(tmp_path, URL, serving(now))
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_a_page_without_an_official_s_words_is_kept_the_first_time(tmp_path: Path) -> None:
    assert download(tmp_path, URL, serving("请先登录。")).exists()


def test_what_is_refused_or_holds_no_text_leaves_nothing(tmp_path: Path) -> None:
    def refuse(url: str) -> Fetched:
        raise FetchError(f"{url}: a private address")

    with pytest.raises(FetchError, match="a private address"):
        download(tmp_path, URL, refuse)
    with pytest.raises(TranscriptError, match="empty"):
        download(tmp_path, URL, serving(""))
    assert not (tmp_path / "added").exists()
    assert download_all(tmp_path, [URL], refuse) == ((), (f"{URL}: a private address",))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("外交部 记者会(1).HTML", "外交部-记者会-1.html"),
        ("….md", "transcript.md"),
    ],
)
def test_an_upload_is_kept_under_a_safe_name(tmp_path: Path, name: str, kept: str) -> None:
    path = keep_upload(tmp_path, name, b"x")
    assert path.parent == tmp_path / "added"
    assert path.name == kept


def test_no_upload_replaces_another(tmp_path: Path) -> None:
    assert keep_upload(tmp_path, "a.txt", b"one") == keep_upload(tmp_path, "a.txt", b"one")
    assert keep_upload(tmp_path, "a.txt", b"two").name == "a-2.txt"
    assert (tmp_path / "added" / "a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("name", ["speech.doc", "speech", ".meta.yaml", "speech.meta.json", "txt"])
def test_an_upload_of_a_kind_that_is_not_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TranscriptError, match=rf"{name}: .* not read; save it as one of \.txt, "):
        keep_upload(tmp_path, name, b"x")
    assert not (tmp_path / "added").exists()


@pytest.mark.parametrize("url", ["https://example.org/😀", 'https://example.org/外长?a="b"\\c'])
def test_any_address_is_kept_as_it_is_and_known_again(tmp_path: Path, url: str) -> None:
    for words in ("你好", "再见"):
        path = download(tmp_path, url, serving(PAGE.format(words)))
    assert names(tmp_path) == ["外交部例行记者会.meta.yaml", "外交部例行记者会.txt"]
    stated = read_document(path).stated.url
    assert stated is not None
    assert stated.value == url


@pytest.mark.parametrize("url", ["https://example.org/\ud83d", "https://example.org/a b"])
def test_an_address_that_can_t_be_written_leaves_nothing(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match="can't be kept"):
        download(tmp_path, url, serving(PAGE.format("你好")))
    assert not (tmp_path / "added").exists()


def test_an_error_of_the_reader_is_that_address_s_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(parsing, "parse_document", stumble)
    paths, [problem] = download_all(tmp_path, [URL], serving("你好"))
    assert paths == ()
    assert problem.startswith(f"{URL}: could not be read: an error in qa_bot")


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("Q: Où? A: Déjà là.", "text/plain; charset=iso-8859-1"),
        ("<p>Q: Où? A: Déjà là.</p>", "text/html; charset=iso-8859-1"),
    ],
)
def test_what_only_the_server_said_of_the_encoding_is_kept(
    tmp_path: Path, text: str, media_type: str
) -> None:
    content = text.encode("latin-1")
    path = download(tmp_path, URL, lambda url: Fetched(content, media_type, url, "a"))
    assert path.read_bytes() == text.encode()
    assert read_document(path).text == "Q: Où? A: Déjà là."


def test_what_reads_the_same_alone_is_kept_as_it_came(tmp_path: Path) -> None:
    content = PAGE.format("各位记者朋友，大家上午好，欢迎参加今天的例行记者会").encode("gb18030")
    stated = "text/plain; charset=gbk"
    path = download(tmp_path, URL, lambda url: Fetched(content, stated, url, "a"))
    assert path.read_bytes() == content


def test_a_page_is_kept_as_what_the_server_calls_it(tmp_path: Path) -> None:
    path = download(tmp_path, URL, lambda url: Fetched(b"<p>Q: Why?", "text/html", url, "a.pdf"))
    assert path.suffix == ".html"
