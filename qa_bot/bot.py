"""Put the parts together: the one place where settings become a bot that answers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Final

from qa_bot.asking import Answerer
from qa_bot.building import Workshop
from qa_bot.collection import Collection
from qa_bot.equipment import load_reranker
from qa_bot.errors import QABotError
from qa_bot.filters import Filters
from qa_bot.originals import Fetch, download_all, is_address, keep_upload
from qa_bot.protocols import Reranker
from qa_bot.records import CatalogueEntry, Passage, Report, Transcript
from qa_bot.results import Answer, Explained, Hit
from qa_bot.settings import Parts, PathLike, settle, workshop_of
from qa_bot.sources import path_of
from qa_bot.updating import Change, Opened, open_index, update_index

DEFAULT_K: Final = 5
MAX_CITATIONS: Final = 3
_log: Final = logging.getLogger("qa_bot")
_opening: Final = Lock()


class QABot:
    """A collection of transcripts that answers questions with the officials' own words.

    A bot never changes after it is opened and may be shared between threads: what changes the
    collection returns another bot, whose `report` tells what was done.
    """

    def __init__(
        self, index: Path, opened: Opened, workshop: Workshop, reranker: Reranker | None = None
    ) -> None:
        """Answer from an index that is already open; most callers want `QABot.open`."""
        self._index = index
        self._opened = opened
        self._workshop = workshop
        self._reranker = reranker
        inside = index.resolve()
        places = {s.id: str(path_of(s.place, inside)) for s in opened.manifest.sources}
        self._collection = Collection(opened.parts, places, workshop.embedder, workshop.analysis)
        self._answerer = Answerer(self._collection, workshop, reranker)
        changed = {*opened.report.added, *opened.report.changed}
        self._report = replace(opened.report, same_events=self._collection.same_events(changed))

    @classmethod
    def open(
        cls,
        index: PathLike | None = None,
        seeds: PathLike | None = None,
        model: PathLike | None = None,
        *,
        lexicons: Iterable[PathLike] | None = None,
        truncate_dim: int | None = None,
        reranker: PathLike | None = None,
    ) -> QABot:
        """Open the index in a folder, bringing it up to date first where its files changed.

        Transcripts that are not given are those that the given index was built from, or else the
        default ones; a model, that of `QA_BOT_MODEL`, of the index, or else the embedded one; an
        index, the default one for the transcripts: see `qa_bot.places`. `lexicons` are files of names
        and wordings beside those of the package, and `truncate_dim` is how many of the model's first
        dimensions are kept; the index remembers both. A `reranker` is a folder or a hub's name of a
        cross-encoder. An index that can't be written is opened as it was last, and the report's first
        problem says so. Raises `SeedsError`, `ModelError`, `LexiconError`, or `IndexFolderError` when
        it can't be written and nothing sound was there.
        """
        place, origin = settle(index, seeds, Parts.given(model, lexicons, truncate_dim))
        workshop = workshop_of(origin)
        judge = load_reranker(os.fspath(reranker)) if reranker else None
        opened = open_index(place, origin, workshop)
        if opened.written:
            _warn(opened.report)
        return cls(place, opened, workshop, judge)

    @property
    def report(self) -> Report:
        """What opening or changing the collection did to it."""
        return self._report

    @property
    def failed(self) -> tuple[str, ...]:
        """Those of the report's problems for which something that was just added brought nothing."""
        return self._opened.failed

    @cached_property
    def transcripts(self) -> tuple[Transcript, ...]:
        """The transcripts of the collection, in the order of their ids."""
        found = (self._collection.transcript(entry.id) for entry in self._collection.entries)
        return tuple(transcript for transcript in found if transcript)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the collection, by transcript id and then in the order in which they stand."""
        return tuple(map(self._collection.passage_at, range(len(self._collection))))

    def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """Return what is known of each transcript without opening it, in the order of their ids."""
        return self._collection.entries

    def transcript(self, id: str) -> Transcript | None:
        """Return the transcript with an id such as `2017-03-08-wangyi`, or None."""
        return self._collection.transcript(id)

    def passage(self, id: str) -> Passage | None:
        """Return the passage with an id such as `2017-03-08-wangyi#8.1`, or None."""
        return next(iter(self._collection.find(id)), None) if "." in id.partition("#")[2] else None

    def find(self, link: str) -> tuple[Passage, ...]:
        """Return the passages that a link means: of a transcript `T`, an exchange `T#8`, or `T#8.1`.

        Statements that answer nobody stand under exchange 0. Nothing is found for a link to nothing.
        """
        return self._collection.find(link)

    def search(self, query: str, k: int = DEFAULT_K, filters: Filters | None = None) -> tuple[Hit, ...]:
        """Return the at most `k` passages that match a query best, best first.

        Nothing is returned for a query that is blank, holds no letter or is too long, nor where the
        filters leave nothing.
        """
        return self._answerer.search(query, k, filters)

    def explain(
        self, query: str, k: int = DEFAULT_K, filters: Filters | None = None
    ) -> tuple[Explained, ...]:
        """Return the hits of `search` with the reasons for each: legs, words, entries of the lexicon."""
        return self._answerer.explain(query, k, filters)

    def count(self, filters: Filters | None = None) -> int:
        """Return how many passages pass the filters."""
        return self._collection.count(filters)

    def ask(
        self,
        question: str,
        k: int = MAX_CITATIONS,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        """Answer a question with at most `k` citations, best first, or abstain and say why.

        `history` holds the questions asked before in the same conversation, oldest first, as they were
        understood: 那日本呢 is completed from them, and the answer tells how. Raises ValueError for
        a `k` below 1.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        return self._answerer.ask(question, k, filters, history)

    def add(self, places: Iterable[PathLike], *, allow_private: bool = False) -> QABot:
        """Add files, folders and addresses, and return a bot that answers from them too.

        Folders are watched, with their sub-folders, and files are too: what changes there is taken
        over whenever the index is opened. What is fetched is kept in the folder of the index;
        private addresses are refused unless allowed. What can't be fetched or read is told of among
        the report's problems, and in `failed`. Raises `QABotError` when a path does not exist, or when
        nothing could be fetched.
        """
        named = [os.fspath(place) for place in places]
        paths = [Path(name) for name in named if not is_address(name)]
        absent = [path for path in paths if not path.exists()]
        if absent:
            raise QABotError(f"{absent[0]}: no such file or folder")
        urls = [name for name in named if is_address(name)]
        fetched, problems = (
            download_all(self._index, urls, _fetcher(allow_private)) if urls else ((), ())
        )
        if problems and not (paths or fetched):
            raise QABotError("; ".join(problems))
        return self._changed(Change(added=(*paths, *fetched)), problems)

    def upload(self, name: str, content: bytes) -> QABot:
        """Keep a file in the folder of the index, and return a bot that answers from it too.

        Raises `TranscriptError` for an ending of its name that is not read, and `IndexFolderError`
        when it can't be kept. What can't be read of it is told among the report's problems.
        """
        return self._changed(Change(added=(keep_upload(self._index, name, content),)))

    def remove(self, ids: Iterable[str]) -> QABot:
        """Leave transcripts out until they are added again, and return a bot that knows them no more.

        What is removed stays out of folders that are watched, whatever its file holds later, until
        `add` names the file, or a folder that it lies in; copies of it there stay out as long as
        they are copies. The same text is not refused elsewhere. No original is deleted. Raises
        `QABotError` for an unknown id.
        """
        return self._changed(Change(removed=tuple(ids)))

    def update(self) -> QABot:
        """Look at all watched places again, and return a bot that answers from what is there now."""
        return self._changed(Change())

    def _changed(self, change: Change, problems: Sequence[str] = ()) -> QABot:
        known = {part.segment.name: part.segment for part in self._opened.parts}
        origin = self._opened.manifest.origin
        opened = update_index(self._index, origin, self._workshop, change, known)
        # The default collection may be the one that was just changed.
        _default_bot.cache_clear()
        report = replace(opened.report, problems=(*problems, *opened.report.problems))
        failed = (*problems, *opened.failed)
        changed = replace(opened, report=report, failed=failed)
        return QABot(self._index, changed, self._workshop, self._reranker)


def ask(
    question: str,
    k: int = MAX_CITATIONS,
    filters: Filters | None = None,
    history: Sequence[str] = (),
) -> Answer:
    """Answer a question from the default collection; see `QABot.ask`."""
    return _default_bot().ask(question, k, filters, history)


def search(query: str, k: int = DEFAULT_K, filters: Filters | None = None) -> tuple[Hit, ...]:
    """Search the default collection; see `QABot.search`."""
    return _default_bot().search(query, k, filters)


def build_index(
    seeds: PathLike | None = None,
    index: PathLike | None = None,
    model: PathLike | None = None,
    *,
    lexicons: Iterable[PathLike] | None = None,
    truncate_dim: int | None = None,
) -> QABot:
    """Build an index anew from all its files, and return a bot that answers from it.

    Transcripts and index that are not given are those of `QABot.open`; a model is that of
    `QA_BOT_MODEL` or else the embedded one, and of lexicons only those of the package are used. Raises
    `SeedsError`, `ModelError`, `LexiconError`, or `IndexFolderError` when the index can't be written.
    """
    place, origin = settle(index, seeds, Parts.given(model, lexicons, truncate_dim), anew=True)
    workshop = workshop_of(origin)
    opened = update_index(place, origin, workshop, Change(anew=True))
    _warn(opened.report)
    # The default collection may be the one that was just built.
    _default_bot.cache_clear()
    return QABot(place, opened, workshop)


@cache
def _default_bot() -> QABot:
    with _opening:
        return QABot.open()


def _fetcher(allow_private: bool) -> Fetch:
    # Imported only where it is used: it brings an HTTP client.
    from qa_bot.adapters.web_fetch import fetch

    return partial(fetch, allow_private=allow_private)


def _warn(report: Report) -> None:
    for problem in report.problems:
        _log.warning("%s", problem)
    for duplicate in report.duplicates:
        _log.warning("%s: left out, its text is that of %s", duplicate.place, duplicate.twin)
