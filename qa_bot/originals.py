"""Keep originals that came over the web or by upload beside the index, where they are watched like any."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa_bot.documents import document_of, errors_naming, lasting
from qa_bot.errors import FetchError, TranscriptError
from qa_bot.kinds import NOT_READ, SUFFIXES, suffix_for
from qa_bot.sidecars import statement_of
from qa_bot.sources import unused
from qa_bot.storage import added_folder, write_whole, writing

if TYPE_CHECKING:
    from qa_bot.adapters.web_fetch import Fetched

#: Fetch what lies at an address.
Fetch = Callable[[str], "Fetched"]
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_SIDECAR: Final = ".meta.yaml"
_MOST_NAME_CHARS: Final = 60
_SILENT_NOW: Final = "no official's words are recognised there now; what was kept before stays"


def is_address(place: str) -> bool:
    """Tell whether a place is an address on the web.

    >>> is_address("https://www.scio.gov.cn/a.html"), is_address("a.html")
    (True, False)
    """
    return bool(_ADDRESS.match(place))


def download_all(
    index: Path, urls: Iterable[str], fetch: Fetch
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Fetch pages; return the files they are kept in, and what was wrong with the others."""
    paths: list[Path] = []
    problems: list[str] = []
    for url in urls:
        try:
            paths.append(download(index, url, fetch))
        except (FetchError, TranscriptError) as error:
            problems.append(str(error))
    return tuple(paths), tuple(problems)


def download(index: Path, url: str, fetch: Fetch) -> Path:
    """Fetch a page and keep it with its address; what came from the same address before is replaced.

    Raises, naming the address, `FetchError` when it can't or must not be fetched or kept, and
    `TranscriptError` when it holds no text, or none of an official's where something was kept before.
    """
    # Imported only where something is read: its patterns take long to compile.
    from qa_bot import parsing

    stated = _stated(url)
    fetched = fetch(url)
    with errors_naming(url):
        document = document_of(fetched.content, fetched.name, fetched.media_type)
        transcript = parsing.parse_document(document)
        content = lasting(fetched.content, fetched.name, fetched.media_type)
    with writing(index):
        folder = _folder(index)
        known = _stem_from(folder, url)
        if known and not transcript.is_citable:
            # A login or an error page, served like any other, must not cost what was there.
            raise TranscriptError(f"{url}: {_SILENT_NOW}")
        title = transcript.title or Path(fetched.name).stem
        stem = known or _free(folder, safe_name(title))
        suffix = suffix_for(fetched.media_type) or Path(fetched.name).suffix.lower()
        path, sidecar = folder / f"{stem}{suffix}", folder / f"{stem}{_SIDECAR}"
        write_whole(sidecar, stated)
        write_whole(path, content)
        for old in set(folder.glob(f"{stem}.*")) - {path, sidecar}:
            old.unlink()
    return path


def keep_upload(index: Path, name: str, content: bytes) -> Path:
    """Keep an uploaded file under its name, with a number where another has that name.

    Raises `TranscriptError` for a file whose name's ending is none that is read.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise TranscriptError(f"{name}: {NOT_READ}")
    stem = safe_name(Path(name).stem)
    with writing(index):
        folder = _folder(index)
        same = folder / f"{stem}{suffix}"
        if same.is_file() and same.read_bytes() == content:
            return same
        path = folder / f"{_free(folder, stem)}{suffix}"
        write_whole(path, content)
    return path


def safe_name(text: str) -> str:
    """Return a text as a file name: letters, digits, hyphens and underscores only.

    >>> safe_name("../外交部 发言人: 答记者问?"), safe_name("…")
    ('外交部-发言人-答记者问', 'transcript')
    """
    name = re.sub(r"[^\w]+", "-", text)[:_MOST_NAME_CHARS].strip("-_")
    return name or "transcript"


def _folder(index: Path) -> Path:
    folder = added_folder(index)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _stated(url: str) -> bytes:
    """Return the sidecar of what lies at an address; raises `FetchError` if it would not be read."""
    source = f"# retrieved {datetime.date.today().isoformat()}\n{_url_line(url)}\n"
    try:
        written = source.encode()
        fact = statement_of(source, _SIDECAR, _SIDECAR).metadata.url
    except (UnicodeEncodeError, TranscriptError):
        fact = None
    if fact is None or fact.value != url:
        raise FetchError(f"{url}: can't be kept as an address; write what is odd in it as %XX")
    return written


def _url_line(url: str) -> str:
    # YAML reads a pair of JSON's escapes as two characters, so each stands for itself.
    return f"url: {json.dumps(url, ensure_ascii=False)}"


def _stem_from(folder: Path, url: str) -> str | None:
    """Return the name, without ending, under which an address was kept before."""
    line = _url_line(url)
    sidecars = (p for p in sorted(folder.glob(f"*{_SIDECAR}")) if line in _lines(p))
    return next((path.name.removesuffix(_SIDECAR) for path in sidecars), None)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _free(folder: Path, stem: str) -> str:
    """Return a stem that no file of a folder has, with a number behind it where needed."""
    return unused(stem, lambda name: any(folder.glob(f"{name}.*")))
