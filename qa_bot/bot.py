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

from qa_bot import storage
from qa_bot.adapters.jieba_segmenter import rarity, segment_for_search
from qa_bot.adapters.opencc_folding import fold
from qa_bot.addressee import without_addressee
from qa_bot.answering import answer, filtered_out, hidden_by_filters, not_asked, refusal
from qa_bot.building import Workshop, index_passages
from qa_bot.collection import Collection
from qa_bot.equipment import default_analysis, load_embedder
from qa_bot.errors import QABotError, SeedsError
from qa_bot.evidence import JUDGED, gather
from qa_bot.filters import Filters
from qa_bot.originals import Fetch, download_all, is_address, keep_upload
from qa_bot.places import default_index, default_seeds
from qa_bot.records import Answer, CatalogueEntry, Hit, Passage, Report, Transcript
from qa_bot.retrieval import Retriever
from qa_bot.sources import path_of
from qa_bot.storage import Origin
from qa_bot.updating import Change, Opened, open_index, update_index

PathLike = str | os.PathLike[str]

DEFAULT_K: Final = 5
MAX_CITATIONS: Final = 3
_log: Final = logging.getLogger("qa_bot")
_opening: Final = Lock()


class QABot:
    """A collection of transcripts that answers questions with the officials' own words.

    A bot never changes after it is opened and may be shared between threads: what changes the
    collection returns another bot, whose `report` tells what was done.
    """

    def __init__(self, index: Path, opened: Opened, workshop: Workshop) -> None:
        """Answer from an index that is already open; most callers want `QABot.open`."""
        self._index = index
        self._opened = opened
        self._workshop = workshop
        inside = index.resolve()
        places = {s.id: str(path_of(s.place, inside)) for s in opened.manifest.sources}
        self._collection = Collection(opened.parts, places, workshop.embedder, workshop.analysis)
        changed = {*opened.report.added, *opened.report.changed}
        self._report = replace(opened.report, same_events=self._collection.same_events(changed))

    @classmethod
    def open(
        cls, index: PathLike | None = None, seeds: PathLike | None = None, model: str | None = None
    ) -> QABot:
        """Open the index in a folder, bringing it up to date first where its files changed.

        Transcripts that are not given are those that the given index was built from, or else the
        default ones; a model, that of `QA_BOT_MODEL`, of the index, or else the embedded one; an
        index, the default one for the transcripts: see `qa_bot.places`. An index that can't be
        written is opened as it was last, and the report's first problem says so. Raises `SeedsError`,
        `ModelError`, or `IndexFolderError` when it can't be written and nothing sound was there.
        """
        place, origin = _origin(index, seeds, model)
        workshop = Workshop(load_embedder(origin.model), default_analysis())
        opened = open_index(place, origin, workshop)
        if opened.written:
            _warn(opened.report)
        return cls(place, opened, workshop)

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
        if refusal(query):
            return ()
        matter = without_addressee(query, self._collection.officials)
        allowed = self._collection.allowed(filters)
        ranking = self._collection.retriever.search(matter, k, allowed=allowed)
        return tuple(
            Hit(rank, self._collection.passage_at(found.position), found.score, found.scores)
            for rank, found in enumerate(ranking, start=1)
        )

    def count(self, filters: Filters | None = None) -> int:
        """Return how many passages pass the filters."""
        allowed = self._collection.allowed(filters)
        return len(self._collection) if allowed is None else int(allowed.sum())

    def ask(self, question: str, k: int = MAX_CITATIONS, filters: Filters | None = None) -> Answer:
        """Answer a question with at most `k` citations, best first, or abstain and say why.

        Raises ValueError for a `k` below 1.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        if reason := refusal(question):
            return not_asked(question, reason)
        if filters and not self.count(filters):
            return filtered_out(question)
        answered = self._answer(question, k, filters)
        if filters and answered.abstained and not self._answer(question, k, None).abstained:
            return hidden_by_filters(question)
        return answered

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

    def _answer(self, question: str, k: int, filters: Filters | None) -> Answer:
        hits = self.search(question, max(k, JUDGED), filters)
        evidence = gather(question, hits, fold, segment_for_search, rarity)
        return answer(question, hits[:k], evidence)

    def _changed(self, change: Change, problems: Sequence[str] = ()) -> QABot:
        known = {part.segment.name: part.segment for part in self._opened.parts}
        origin = self._opened.manifest.origin
        opened = update_index(self._index, origin, self._workshop, change, known)
        # The default collection may be the one that was just changed.
        _default_bot.cache_clear()
        report = replace(opened.report, problems=(*problems, *opened.report.problems))
        failed = (*problems, *opened.failed)
        return QABot(self._index, replace(opened, report=report, failed=failed), self._workshop)


def ask(question: str, k: int = MAX_CITATIONS, filters: Filters | None = None) -> Answer:
    """Answer a question from the default collection; see `QABot.ask`."""
    return _default_bot().ask(question, k, filters)


def search(query: str, k: int = DEFAULT_K, filters: Filters | None = None) -> tuple[Hit, ...]:
    """Search the default collection; see `QABot.search`."""
    return _default_bot().search(query, k, filters)


def build_index(
    seeds: PathLike | None = None, index: PathLike | None = None, model: str | None = None
) -> QABot:
    """Build an index anew from all its files, and return a bot that answers from it.

    Transcripts and index that are not given are those of `QABot.open`; a model is that of
    `QA_BOT_MODEL` or else the embedded one. Raises `SeedsError`, `ModelError`, or
    `IndexFolderError` when the index can't be written.
    """
    place, origin = _origin(index, seeds, model)
    origin = replace(origin, model=_lasting(model or os.environ.get("QA_BOT_MODEL") or None))
    workshop = Workshop(load_embedder(origin.model), default_analysis())
    opened = update_index(place, origin, workshop, Change(anew=True))
    _warn(opened.report)
    # The default collection may be the one that was just built.
    _default_bot.cache_clear()
    return QABot(place, opened, workshop)


def retriever_of(texts: Iterable[str], model: str | None = None) -> Retriever:
    """Index texts that are no transcript, in memory; text i stands at position i.

    Raises `ModelError` when the model can't be loaded.
    """
    workshop = Workshop(load_embedder(model), default_analysis())
    return index_passages([{"passage": (text,)} for text in texts], workshop)


@cache
def _default_bot() -> QABot:
    with _opening:
        return QABot.open()


def _origin(index: PathLike | None, seeds: PathLike | None, model: str | None) -> tuple[Path, Origin]:
    """Return the folder of an index and where its parts come from; see `QABot.open`."""
    folder = Path(seeds) if seeds else default_seeds()
    if seeds and not folder.is_dir():
        raise SeedsError(f"{folder}: no such folder; give the folder of your transcripts with --seeds")
    # Absolute, so that a bot finds its index from any working folder later.
    place = (Path(index) if index else default_index(folder)).absolute()
    traces = storage.last_traces(place)
    known = traces.origin if traces else None
    own = known.seeds if known and index and not seeds else _relative(folder, place)
    named = model or os.environ.get("QA_BOT_MODEL") or (known.model if known else None)
    return place, Origin(own, _lasting(named))


def _fetcher(allow_private: bool) -> Fetch:
    # Imported only where it is used: it brings an HTTP client.
    from qa_bot.adapters.web_fetch import fetch

    return partial(fetch, allow_private=allow_private)


def _warn(report: Report) -> None:
    for problem in report.problems:
        _log.warning("%s", problem)
    for duplicate in report.duplicates:
        _log.warning("%s: left out, its text is that of %s", duplicate.place, duplicate.twin)


def _relative(folder: Path, index: Path) -> str:
    try:
        return os.path.relpath(folder.resolve(), index.resolve())
    except ValueError:  # another drive
        return str(folder.resolve())


def _lasting(model: str | None) -> str | None:
    """Return a model's name so that it means the same in any working folder."""
    return str(Path(model).resolve()) if model and Path(model).is_dir() else model
