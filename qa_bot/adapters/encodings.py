"""Decode text whose encoding nobody states, or refuse to guess."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from qa_bot.errors import TranscriptError

_UNKNOWN: Final = (
    "the encoding is neither UTF-8, UTF-16 nor GB18030 nor Big5 beyond doubt; save the file as UTF-8"
)
#: Control characters that no published text holds; tab, line feed and carriage return are allowed.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: GB18030 reads almost any bytes; those of another encoding come out with private characters.
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0080-\U0010ffff]")
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_Reader = Callable[[bytes], str]
#: The most frequent characters of Chinese news and interviews, simplified and traditional.
_FREQUENT: Final = (
    "的在一人中了国为日大有和年发行是上不月市会业时动新地区生公作对工全到家出成民进法来部以多等方要个高开"
    "展能实分现学通长用于将经力后化员场这车体下电安同合理们关务前者建子自事报过水提与主文网加道机产期查重"
    "更资活任元保据入小可面海心他度次示定及目司台设正平天美表题本政警应品其强内也社好我交点当运北间万情记"
    "原量责看金省持院路位名并某管被就服最标外南防还科明委数利至此信局共都近联调受案制回相东物已基源得解队"
    "推第流比计项州特门向风商所企创预供组消之办起增意城山性式续处布技导集该着接线程说系规编三息总里件团而"
    "步从专江手传立指广营國爲發會業時動區對進來個開實現學長於將經後員場這車體電們關務報過與網機產資據臺設"
    "題應強內點當運間萬記責並標還數聯調東隊計項門風創預組辦續處導該線說規編總裏團從專傳廣營些跟為做樣沒問"
    "或很麼因但去想如你唐覺常鳳那府像然果什裡剛講議論非較候友只讓漁把訊討朋話知整參它各策灣才謝假完西何兩"
)
_PUNCTUATION: Final = "，。、：；？！“”‘’（）《》「」『』﹁﹂【】—…·　０１２３４５６７８９％"
_FAMILIAR: Final = frozenset(_FREQUENT + _PUNCTUATION)
#: Of right readings of 50 characters and more 99 in 100 have above 0.39 of familiar characters,
#: of wrong ones none has above 0.12.
_PLAUSIBLE: Final = 0.25
#: One sign of Big5, a stretch of ASCII, or a byte that is neither.
_PAIR: Final = re.compile(rb"[\x00-\x7f]+|[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x80-\xff]")


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16, GB18030 or Big5.

    A byte order mark is dropped and nothing else is changed. Without a mark, UTF-8 is known by its
    form; another encoding must make Chinese of the bytes where the others make none. Raises
    `TranscriptError` for an empty or binary file, and where no encoding or more than one fits.
    """
    if not content.strip():
        raise TranscriptError("the file is empty")
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    try:
        text = content.decode(marked or "utf-8")
    except UnicodeDecodeError:
        text = "" if marked else _guessed(content)
    else:
        if not marked and "\0" in text:
            text = _guessed(content) or text
    if holds_control(text) or (not text and not marked and b"\0" in content):
        raise TranscriptError("not a text file: it holds control characters")
    if not text or _PRIVATE.search(text):
        raise TranscriptError(_UNKNOWN)
    return text


def holds_control(text: str) -> bool:
    """Return whether a text holds control characters that no published text does."""
    return bool(_CONTROL.search(text))


def read_as(content: bytes, label: str) -> str | None:
    """Return the text in the encoding that a page or server states, or None if it is none of that."""
    reader = _STATED.get(label.strip().lower())
    try:
        return reader(content) if reader else None
    except UnicodeDecodeError:
        return None


def patched(content: bytes, label: str) -> str:
    """Return the text in a stated encoding with U+FFFD for what is none of it."""
    reader = _STATED.get(label.strip().lower())
    codec = "gb18030" if reader is _gb18030 else "cp950" if reader is _big5 else "utf-8"
    return content.decode(codec, "replace")


def _guessed(content: bytes) -> str:
    """Return the only plausible reading of some bytes, or nothing."""
    texts = dict.fromkeys(text for text in _readings(content) if _is_plausible(text))
    return next(iter(texts)) if len(texts) == 1 else ""


def _readings(content: bytes) -> Iterator[str]:
    for reader in _READERS:
        try:
            yield reader(content)
        except UnicodeDecodeError:
            continue


def _is_plausible(text: str) -> bool:
    """Return whether a text is Chinese, or Latin with nothing but Chinese punctuation."""
    if holds_control(text) or _PRIVATE.search(text):
        return False
    counts = Counter(text)
    ink = {char: count for char, count in counts.items() if not char.isspace()}
    wide = sum(count for char, count in ink.items() if not char.isascii())
    familiar = sum(count for char, count in ink.items() if char in _FAMILIAR)
    return bool(ink) and familiar >= _PLAUSIBLE * wide


def _reader(codec: str) -> _Reader:
    return lambda content: content.decode(codec)


def _big5(content: bytes) -> str:
    """Decode Big5 as Windows writes it, with the characters of Hong Kong."""
    return "".join(_big5_pair(pair[0]) for pair in _PAIR.finditer(content))


@cache
def _big5_pair(pair: bytes) -> str:
    # Both codecs read this area of Japanese letters and numbered signs, only this one as is usual.
    if b"\xc6\xa1" <= pair < b"\xc9":
        return pair.decode("big5hkscs")
    try:
        return pair.decode("cp950")
    except UnicodeDecodeError:
        return pair.decode("big5hkscs")


_gb18030: Final = _reader("gb18030")
_READERS: Final = (_gb18030, _big5, _reader("utf-16-le"), _reader("utf-16-be"))
_STATED: Final[dict[str, _Reader]] = {
    **dict.fromkeys(["utf-8", "utf8"], _reader("utf-8-sig")),
    **dict.fromkeys(["gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "gb18030"], _gb18030),
    **dict.fromkeys(["big5", "big5-hkscs", "x-x-big5", "cp950"], _big5),
    **dict.fromkeys(["windows-1252", "iso-8859-1", "us-ascii"], _reader("cp1252")),
}
