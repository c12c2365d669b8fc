from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import SeedsError, TranscriptError
from qa_bot.parsing import render
from qa_bot.sources import corpus_hash, decode, read_source, read_sources, transcript_id

TEXT = "title: 答问\n外交部部长王毅：\n各位记者朋友，大家上午好。\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16", b""), ("gb18030", b"")],
    ids=["utf-8", "utf-8 with mark", "utf-16", "gb18030"],
)
def test_common_encodings_are_read(encoding: str, mark: bytes) -> None:
    assert decode(mark + TEXT.encode(encoding)) == TEXT


def test_line_ends_stay_as_they_are() -> None:
    assert decode(TEXT.replace("\n", "\r\n").encode()) == TEXT.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"\x00\x01\x02binary\x00", "control characters"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "control characters"),
        (b"\xff", "neither UTF-8, UTF-16 nor GB18030"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        decode(content)


def test_a_damaged_or_foreign_encoding_is_not_read_as_gibberish() -> None:
    for content in (TEXT.encode()[:-2], "總統記者會，外交部長王毅答問。".encode("big5")):
        with pytest.raises(TranscriptError, match="save the file as UTF-8"):
            decode(content)


def test_two_files_never_share_an_id(tmp_path: Path) -> None:
    for name in ("a b.txt", "a-b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    sources = read_sources(tmp_path)
    assert [transcript.id for transcript in sources.transcripts] == ["a-b"]
    assert "another file has the id a-b too; rename one" in sources.problems[0]


def test_a_transcript_in_which_nobody_speaks_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("问：有何评论？\n答：没有。\n", encoding="utf-8")
    sources = read_sources(tmp_path)
    assert len(sources.transcripts) == 1
    assert "no official's words were recognised; see qa-bot parse" in sources.problems[0]


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    try:
        text = decode(content)
    except TranscriptError:
        return
    assert isinstance(text, str)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    with pytest.raises(TranscriptError, match=r"empty\.txt: the file is empty"):
        read_source(path)
    with pytest.raises(TranscriptError, match=r"gone\.txt: can't be read"):
        read_source(tmp_path / "gone.txt")


def test_a_bad_file_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00")
    (tmp_path / "notes.md").write_text("not a transcript", encoding="utf-8")
    sources = read_sources(tmp_path)
    assert [transcript.id for transcript in sources.transcripts] == ["a"]
    assert len(sources.problems) == 1
    assert "b.txt" in sources.problems[0]
    assert render(sources.transcripts[0]) == TEXT


def test_the_corpus_hash_changes_with_content_and_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    before = corpus_hash(tmp_path)
    assert corpus_hash(tmp_path) == before
    (tmp_path / "a.txt").write_text(TEXT + "又一段。", encoding="utf-8")
    edited = corpus_hash(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    assert len({before, edited, corpus_hash(tmp_path)}) == 3


def test_a_missing_or_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="no such folder; give the folder"):
        read_sources(tmp_path / "gone")
    with pytest.raises(SeedsError, match=r"no transcript to index \(it holds no \.txt file\)"):
        read_sources(tmp_path)


def test_an_id_has_no_character_that_would_break_a_passage_id() -> None:
    assert transcript_id(Path("2017 年#记者会.txt")) == "2017-年-记者会"
