"""Put the parts together: the one place where settings become a bot that answers."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final

from qa_bot import storage
from qa_bot.adapters.jieba_segmenter import rarity, segment_for_search
from qa_bot.adapters.opencc_folding import fold
from qa_bot.adapters.static_embedder import StaticEmbedder, is_static
from qa_bot.addressee import without_addressee
from qa_bot.answering import answer, refusal
from qa_bot.building import (
    Analysis,
    Collection,
    identity_of,
    index_passages,
    load_index,
    write_index,
)
from qa_bot.errors import IndexFolderError, ModelError
from qa_bot.evidence import JUDGED, gather
from qa_bot.places import EMBEDDED_MODEL, default_index, default_seeds
from qa_bot.protocols import Embedder
from qa_bot.records import Answer, Hit, Passage, Transcript
from qa_bot.retrieval import Retriever
from qa_bot.sources import corpus_hash, read_sources
from qa_bot.terms import index_terms

PathLike = str | os.PathLike[str]

DEFAULT_K: Final = 5
MAX_CITATIONS: Final = 3
_log: Final = logging.getLogger("qa_bot")
_opening: Final = Lock()


class QABot:
    """A collection of transcripts that answers questions with the officials' own words.

    A bot never changes after it is opened and may be shared between threads.
    """

    def __init__(self, collection: Collection) -> None:
        """Answer from a collection that is already loaded; most callers want `QABot.open`."""
        self._collection = collection
        self._passages = {passage.id: passage for passage in collection.passages}
        self._officials = frozenset(passage.turn.speaker for passage in collection.passages)

    @classmethod
    def open(
        cls, index: PathLike | None = None, seeds: PathLike | None = None, model: str | None = None
    ) -> QABot:
        """Open the index in a folder, building it first when it is missing or out of date.

        Transcripts that are not given are those that the given index was built from, or else the
        default ones; a model, that of `QA_BOT_MODEL`, of the index, or else the embedded one; an
        index, the default one for the transcripts: see `qa_bot.places`. Raises `SeedsError`,
        `ModelError`, or `IndexFolderError` when the index can't be written.
        """
        return cls(_open(Path(index) if index else None, Path(seeds) if seeds else None, model))

    @property
    def transcripts(self) -> tuple[Transcript, ...]:
        """The transcripts of the collection, in the order of their file names."""
        return self._collection.transcripts

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the collection, in the order in which they stand."""
        return self._collection.passages

    def passage(self, id: str) -> Passage | None:
        """Return the passage with an id such as `2017-03-08-wangyi#8.1`, or None."""
        return self._passages.get(id)

    def search(self, query: str, k: int = DEFAULT_K) -> tuple[Hit, ...]:
        """Return the at most `k` passages that match a query best, best first.

        Nothing is returned for a query that is blank, holds no letter or is too long.
        """
        if refusal(query):
            return ()
        matter = without_addressee(query, self._officials)
        ranking = self._collection.retriever.search(matter, k)
        return tuple(
            Hit(rank, self.passages[found.position], found.score, found.scores)
            for rank, found in enumerate(ranking, start=1)
        )

    def ask(self, question: str, k: int = MAX_CITATIONS) -> Answer:
        """Answer a question with at most `k` citations, best first, or abstain and say why.

        Raises ValueError for a `k` below 1.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        if reason := refusal(question):
            return Answer(question, (), reason)
        hits = self.search(question, max(k, JUDGED))
        evidence = gather(question, hits, fold, segment_for_search, rarity)
        return answer(question, hits[:k], evidence)


def ask(question: str, k: int = MAX_CITATIONS) -> Answer:
    """Answer a question from the default collection; see `QABot.ask`."""
    return _default_bot().ask(question, k)


def search(query: str, k: int = DEFAULT_K) -> tuple[Hit, ...]:
    """Search the default collection; see `QABot.search`."""
    return _default_bot().search(query, k)


def build_index(
    seeds: PathLike | None = None, index: PathLike | None = None, model: str | None = None
) -> QABot:
    """Build the index of a folder of transcripts anew, and return a bot that answers from it.

    Raises `SeedsError`, `ModelError`, or `IndexFolderError` when the index can't be written.
    """
    model = model or os.environ.get("QA_BOT_MODEL") or None
    folder = Path(seeds or default_seeds())
    collection = _build(Path(index or default_index(folder)), folder, model, load_embedder(model))
    # The default collection may be the one that was just built.
    _default_bot.cache_clear()
    return QABot(collection)


def retriever_of(texts: Iterable[str], model: str | None = None) -> Retriever:
    """Index texts that are no transcript, in memory; text i stands at position i.

    Raises `ModelError` when the model can't be loaded.
    """
    return index_passages(
        [{"passage": (text,)} for text in texts], load_embedder(model), default_analysis()
    )


def default_analysis() -> Analysis:
    """Return how text becomes terms: OpenCC and NFKC folding, jieba's words, character pairs."""
    name = f"nfkc+opencc {version('opencc')}+jieba {version('jieba')} words+pairs"
    return Analysis(name, fold, partial(index_terms, segment=segment_for_search))


def load_embedder(model: str | None) -> Embedder:
    """Load an embedding model: None for the embedded one, a folder, or a hub's name.

    A static model in a folder is read without torch. Raises `ModelError` when it can't be loaded.
    """
    folder = Path(model) if model else EMBEDDED_MODEL
    if not folder.is_dir():
        if not model:
            raise ModelError(f"{folder}: the embedded model is missing; install qa_bot again")
        return _sentence_embedder(model, None)
    fingerprint = _folder_fingerprint(folder)
    if is_static(folder):
        return StaticEmbedder(folder, fingerprint)
    return _sentence_embedder(str(folder), fingerprint)


def _sentence_embedder(name: str, fingerprint: str | None) -> Embedder:
    # Imported only where it is used: it brings torch, which takes seconds.
    from qa_bot.adapters.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(name, fingerprint)


def _folder_fingerprint(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    rows = "\n".join(f"{path.relative_to(folder)} {storage.file_hash(path)}" for path in files)
    return f"sha256:{hashlib.sha256(rows.encode()).hexdigest()}"


@cache
def _default_bot() -> QABot:
    with _opening:
        return QABot.open()


def _open(index: Path | None, seeds: Path | None, model: str | None) -> Collection:
    """Load the index if it is still what its sources would give, or else build it."""
    folder = seeds or default_seeds()
    place = index or default_index(folder)
    current = _current(place)
    origin = current.manifest.origin if current else storage.last_origin(place)
    if index and origin and not seeds:
        folder = place / origin.seeds
    model = model or os.environ.get("QA_BOT_MODEL") or (origin.model if origin else None)
    embedder, analysis = load_embedder(model), default_analysis()
    if current:
        # Where the transcripts are gone and were not asked for, the index stands for them.
        known = current.manifest.identity
        gone = seeds is None and not folder.is_dir()
        corpus = known.corpus if gone else corpus_hash(folder)
        if known == identity_of(corpus, embedder, analysis):
            try:
                return load_index(current, embedder, analysis)
            except IndexFolderError as error:
                _log.warning("%s; building the index anew", error)
    return _build(place, folder, model, embedder)


def _current(index: Path) -> storage.Generation | None:
    try:
        return storage.open_current(index)
    except IndexFolderError as error:
        _log.warning("%s; building the index anew", error)
        return None


def _build(index: Path, seeds: Path, model: str | None, embedder: Embedder) -> Collection:
    analysis = default_analysis()
    identity = identity_of(corpus_hash(seeds), embedder, analysis)
    sources = read_sources(seeds)
    for problem in sources.problems:
        _log.warning("%s", problem)
    origin = storage.Origin(_relative(seeds, index), _lasting(model))
    generation = write_index(index, sources.transcripts, identity, origin, embedder, analysis)
    return load_index(generation, embedder, analysis)


def _relative(folder: Path, index: Path) -> str:
    try:
        return os.path.relpath(folder.resolve(), index.resolve())
    except ValueError:  # another drive
        return str(folder.resolve())


def _lasting(model: str | None) -> str | None:
    """Return a model's name so that it means the same in any working folder."""
    return str(Path(model).resolve()) if model and Path(model).is_dir() else model
