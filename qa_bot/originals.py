"""Keep originals that came over the web or by upload beside the index, where they are watched like any."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa_bot.documents import SUFFIXES, document_of
from qa_bot.errors import FetchError, TranscriptError
from qa_bot.storage import added_folder, write_whole, writing

if TYPE_CHECKING:
    from qa_bot.adapters.web_fetch import Fetched

#: Fetch what lies at an address.
Fetch = Callable[[str], "Fetched"]
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_SIDECAR: Final = ".meta.yaml"
_MOST_NAME_CHARS: Final = 60
_SUFFIX_OF: Final = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


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
            problems.append(str(error) if url in str(error) else f"{url}: {error}")
    return tuple(paths), tuple(problems)


def download(index: Path, url: str, fetch: Fetch) -> Path:
    """Fetch a page and keep it with its address; what came from the same address before is replaced.

    Raises `FetchError` when it can't or must not be fetched, `TranscriptError` when it holds no text.
    """
    # Imported only where something is read: its patterns take long to compile.
    from qa_bot.parsing import parse_document

    fetched = fetch(url)
    title = parse_document(document_of(fetched.content, fetched.name, fetched.media_type)).title
    name = safe_name(title or Path(fetched.name).stem)
    today = datetime.date.today().isoformat()
    stated = f"# retrieved {today}\nurl: {json.dumps(url)}\n"
    with writing(index):
        folder = _folder(index)
        stem = _stem_from(folder, url) or _free(folder, name)
        path, sidecar = folder / f"{stem}{_suffix(fetched)}", folder / f"{stem}{_SIDECAR}"
        write_whole(sidecar, stated.encode())
        write_whole(path, fetched.content)
        for old in set(folder.glob(f"{stem}.*")) - {path, sidecar}:
            old.unlink()
    return path


def keep_upload(index: Path, name: str, content: bytes) -> Path:
    """Keep an uploaded file under its name, with a number where another has that name."""
    suffix = Path(name).suffix.lower()
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


def _suffix(fetched: Fetched) -> str:
    stated = _SUFFIX_OF.get(fetched.media_type.partition(";")[0].strip().lower())
    named = Path(fetched.name).suffix.lower()
    return stated or (named if named in SUFFIXES else ".html")


def _stem_from(folder: Path, url: str) -> str | None:
    """Return the name, without ending, under which an address was kept before."""
    line = f"url: {json.dumps(url)}"
    sidecars = (p for p in sorted(folder.glob(f"*{_SIDECAR}")) if line in _lines(p))
    return next((path.name.removesuffix(_SIDECAR) for path in sidecars), None)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _free(folder: Path, stem: str) -> str:
    """Return a stem that no file of a folder has, with a number behind it where needed."""
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(name for name in chain([stem], numbered) if not any(folder.glob(f"{name}.*")))
