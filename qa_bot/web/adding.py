"""Read what a visitor wants to add, keep it until it is confirmed, and add it to the bot in use."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from qa_bot.adapters import web_fetch
from qa_bot.bot import QABot
from qa_bot.documents import MAX_FILE_BYTES, document_of
from qa_bot.errors import FetchError, TranscriptError
from qa_bot.originals import is_address, safe_name
from qa_bot.parsing import parse_document
from qa_bot.records import CatalogueEntry, Transcript
from qa_bot.web.desk import Desk

#: How many drafts are kept at once; the oldest goes first. Each may hold `MAX_FILE_BYTES`.
MOST_DRAFTS: Final = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read and is not yet added: a file's bytes, or a page's with its address."""

    name: str
    content: bytes
    transcript: Transcript
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a draft did: the new entries, or else why there is none.

    `differs` is true when the page at the address no longer is what the draft showed.
    """

    entries: tuple[CatalogueEntry, ...]
    twin: CatalogueEntry | None = None
    problems: tuple[str, ...] = ()
    differs: bool = False


class Drafts:
    """The drafts of all visitors under names that can't be guessed; a few at most."""

    def __init__(self) -> None:
        """Begin without any."""
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._changing = Lock()

    def keep(self, draft: Draft) -> str:
        """Keep a draft and return its name."""
        name = secrets.token_urlsafe()
        with self._changing:
            self._drafts[name] = draft
            while len(self._drafts) > MOST_DRAFTS:
                self._drafts.popitem(last=False)
        return name

    def take(self, name: str | None) -> Draft | None:
        """Return a draft and keep it no longer; None for one that is gone or never was."""
        with self._changing:
            return self._drafts.pop(name, None) if name else None


def read_file(path: Path) -> Draft:
    """Read an uploaded file and remove it; raises `TranscriptError` where it can't be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise TranscriptError(f"can't be read ({error.strerror})") from error
    finally:
        path.unlink(missing_ok=True)
    document = document_of(content, path.name)
    return Draft(path.name, content, parse_document(document, safe_name(path.stem)))


def read_address(address: str) -> Draft:
    """Fetch what lies at a public address; raises `FetchError` or `TranscriptError`."""
    url = address.strip()
    if not is_address(url):
        raise FetchError(f"{url}: not a web address")
    page = web_fetch.fetch(url)
    document = document_of(page.content, page.name, page.media_type)
    transcript = parse_document(document, safe_name(Path(page.name).stem))
    return Draft(page.name, page.content, transcript, url)


def add(desk: Desk, draft: Draft) -> Added:
    """Add a draft to the bot in use; raises `QABotError` where it can't be added."""

    def step(bot: QABot) -> QABot:
        return bot.add([draft.url]) if draft.url else bot.upload(draft.name, draft.content)

    before, after = desk.change(step)
    new = {*after.report.added, *after.report.changed}
    entries = tuple(entry for entry in after.catalogue() if entry.id in new)
    problems = tuple(p for p in after.report.problems if p not in before.report.problems)
    return Added(
        entries,
        None if entries else _twin(after, draft),
        () if entries else problems,
        differs=bool(entries) and not any(_holds(after, each, draft) for each in entries),
    )


def _twin(bot: QABot, draft: Draft) -> CatalogueEntry | None:
    """Return the transcript that was there already, where a draft brought nothing new."""
    named = draft.transcript.title if draft.url else None
    stem = safe_name(named or Path(draft.name).stem)
    alike = (each for each in bot.report.duplicates if Path(each.place).stem.startswith(stem))
    ids = {duplicate.twin for duplicate in alike}
    entries = bot.catalogue()
    found = (each for each in entries if each.id in ids or Path(each.place).stem == stem)
    return next(found, None)


def _holds(bot: QABot, entry: CatalogueEntry, draft: Draft) -> bool:
    transcript = bot.transcript(entry.id)
    return transcript is not None and transcript.text == draft.transcript.text
