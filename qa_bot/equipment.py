"""The parts that a bot is made of: how text becomes terms, and which model embeds it."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib.metadata import version
from pathlib import Path

from qa_bot import storage
from qa_bot.adapters.jieba_segmenter import segment_for_search
from qa_bot.adapters.opencc_folding import fold
from qa_bot.adapters.static_embedder import StaticEmbedder, is_static
from qa_bot.errors import ModelError
from qa_bot.places import EMBEDDED_MODEL
from qa_bot.protocols import Embedder
from qa_bot.segments import Analysis
from qa_bot.terms import index_terms


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
