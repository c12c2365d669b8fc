"""Read transcripts from files: find them, decode them, understand them."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa_bot.errors import SeedsError, TranscriptError
from qa_bot.parsing import parse_transcript
from qa_bot.records import Role, Transcript

SUFFIX: Final = ".txt"
#: Control characters that no published text holds; tab, line feed and carriage return are allowed.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: GB18030 reads almost any bytes; those of another encoding come out with private characters.
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff]")
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """The transcripts of a folder in the order of their file names, and what was wrong with files."""

    transcripts: tuple[Transcript, ...]
    problems: tuple[str, ...]


def read_sources(folder: Path) -> Sources:
    """Read every transcript of a folder.

    A file that can't be read becomes a problem and the others stay. Raises `SeedsError` when the
    folder is missing or no file of it can be read.
    """
    transcripts: list[Transcript] = []
    problems: list[str] = []
    ids: set[str] = set()
    for path in _files(folder):
        try:
            transcript = read_source(path)
        except TranscriptError as error:
            problems.append(str(error))
            continue
        if transcript.id in ids:
            problems.append(f"{path}: another file has the id {transcript.id} too; rename one")
            continue
        ids.add(transcript.id)
        transcripts.append(transcript)
        if not any(turn.role is Role.OFFICIAL for turn in transcript.turns):
            problems.append(f"{path}: no official's words were recognised; see qa-bot parse")
    if not transcripts:
        found = "; ".join(problems) or f"it holds no {SUFFIX} file"
        raise SeedsError(f"{folder}: no transcript to index ({found})")
    return Sources(tuple(transcripts), tuple(problems))


def read_source(path: Path) -> Transcript:
    """Read one transcript; its id is the file's name without the ending.

    Raises `TranscriptError`, naming the file, when it is missing, empty, binary or undecodable.
    """
    try:
        if path.exists() and not path.is_file():
            raise TranscriptError("not a file")
        return parse_transcript(decode(path.read_bytes()), id=transcript_id(path))
    except OSError as error:
        raise TranscriptError(f"{path}: can't be read ({error.strerror})") from error
    except TranscriptError as error:
        raise TranscriptError(f"{path}: {error}") from error


def corpus_hash(folder: Path) -> str:
    """Return a hash that changes when a file is added, removed, renamed or edited.

    Raises `SeedsError` when the folder is missing.
    """
    digest = hashlib.sha256()
    for path in _files(folder):
        with contextlib.suppress(OSError):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.name}\t{content}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SeedsError(f"{folder}: no such folder; give the folder of your transcripts with --seeds")
    files = (path for path in folder.iterdir() if path.suffix.lower() == SUFFIX)
    return sorted(path for path in files if path.is_file())


def transcript_id(path: Path) -> str:
    """Return the id of the transcript in a file: its name, with `#` and blanks made hyphens."""
    return re.sub(r"[#\s]+", "-", path.stem)


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with a byte order mark, or GB18030.

    A byte order mark is dropped and nothing else is changed. Raises `TranscriptError` for an
    empty or binary file and for any other encoding.
    """
    if not content.strip():
        raise TranscriptError("the file is empty")
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            raise TranscriptError("not a text file: it holds control characters")
        if not _PRIVATE.search(text):
            return text
    raise TranscriptError("the encoding is neither UTF-8, UTF-16 nor GB18030; save the file as UTF-8")
