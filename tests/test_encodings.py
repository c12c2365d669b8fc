from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.adapters.encodings import decode, patched, read_as
from qa_bot.errors import TranscriptError

SEED = (Path(__file__).parent.parent / "seeds" / "2017-03-08-wangyi.txt").read_text(encoding="utf-8")
SIMPLIFIED = (
    "记者：请问部长，这次访问有什么成果？\r\n部长：这次访问签署了三份文件，内容包括贸易、教育和旅游。\n"
)
TRADITIONAL = (
    "記者：請問部長，這次訪問有什麼成果？\n部長：這次訪問簽署了三份文件，內容包括貿易、教育和觀光。\n"
)
ENGLISH = "Reporter: Will the talks go on? Minister: They will, as far as we know.\n"
SHORT = "外长答问。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, ENGLISH, SHORT])
def test_an_encoding_is_known_by_its_text(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["big5", "cp950", "big5hkscs"])
def test_big5_is_known_by_its_text(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL


def test_a_big_endian_mark_is_dropped() -> None:
    assert decode(b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be")) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_no_stretch_of_the_seed_is_read_wrongly(encoding: str) -> None:
    stretches = [SEED[start : start + 50] for start in range(0, len(SEED) - 50, 97)]
    assert len(stretches) > 100
    assert [decode(stretch.encode(encoding)) for stretch in stretches] == stretches


def test_signs_of_windows_and_characters_of_hong_kong_come_out_of_one_big5_file() -> None:
    # ～ is as Windows writes it, 啲 and 嘅 are in Hong Kong's supplement, ① where ETEN puts it.
    content = (
        "部長：".encode("cp950")
        + b"\xa1\xe3"
        + "啲嘅①".encode("big5hkscs")
        + "我們有這個".encode("big5")
    )
    assert decode(content) == "部長：～啲嘅①我們有這個"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"\x00\x01\x02binary\x00", "control characters"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "control characters"),
        (b"\xff\xfe\x00\x00\x01\x00", "control characters"),
        (SIMPLIFIED.encode("utf-16")[:-1], "save the file as UTF-8"),
        (b"\xff", "save the file as UTF-8"),
        (SIMPLIFIED.encode()[:-3] + b"\n", "save the file as UTF-8"),
        (b"\xef\xbb\xbf" + SIMPLIFIED.encode("gb18030"), "save the file as UTF-8"),
        ("Le ministre a répondu à l’été.".encode("cp1252"), "save the file as UTF-8"),
        ("Министр ответил на вопросы.".encode("cp1251"), "save the file as UTF-8"),
        ("大臣は記者の質問に答えました。カタカナ。".encode("shift-jis"), "save the file as UTF-8"),
        (bytes(range(0x81, 0xFF)) * 4, "save the file as UTF-8"),
    ],
)
def test_what_is_no_known_text_is_refused_with_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        decode(content)


def test_a_lost_byte_is_noticed_or_does_little() -> None:
    content = SEED[:600].encode("gb18030")
    for place in range(1, 400, 7):
        try:
            text = decode(content[:place] + content[place + 1 :])
        except TranscriptError:
            continue
        assert text[-150:] == SEED[450:600]


def test_a_stated_encoding_is_taken_at_its_word() -> None:
    assert read_as("“好”".encode("gbk"), "GB2312") == "“好”"
    assert read_as("好".encode("big5"), "Big5") == "好"
    assert read_as("café".encode("cp1252"), "ISO-8859-1") == "café"
    assert read_as("好".encode("big5"), "klingon") is None
    assert read_as(b"\xff\xff", "gbk") is None
    assert patched("好".encode("gbk") + b"\xff", "gbk") == "好\ufffd"


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_decoder(content: bytes) -> None:
    try:
        text = decode(content)
    except TranscriptError:
        return
    assert text
    assert "\0" not in text


@given(
    st.text(alphabet=st.sampled_from(SEED), min_size=30, max_size=200),
    st.sampled_from(["gb18030", "utf-16-le"]),
)
def test_what_is_decoded_is_what_was_encoded(text: str, encoding: str) -> None:
    try:
        decoded = decode(text.encode(encoding))
    except TranscriptError:
        return
    assert decoded == text
