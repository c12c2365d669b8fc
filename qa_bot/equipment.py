"""The parts that a bot is made of: how text becomes terms, and which model embeds it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from qa_bot import storage
from qa_bot.adapters.jieba_segmenter import JiebaSegmenter
from qa_bot.adapters.opencc_folding import simplify
from qa_bot.adapters.static_embedder import StaticEmbedder, is_static
from qa_bot.adapters.stemmer import stem
from qa_bot.analysis import Analysis
from qa_bot.errors import LexiconError, ModelError
from qa_bot.lexicon import Lexicon, Name, forms_of, parse_lexicon
from qa_bot.places import EMBEDDED_LEXICONS, EMBEDDED_MODEL
from qa_bot.protocols import Embedder, Reranker
from qa_bot.spelling import Speller
from qa_bot.terms import is_han

_KEPT_ANALYSES: Final = 4


def load_analysis(lexicons: Sequence[Path] = ()) -> Analysis:
    """Return how text becomes terms: OpenCC, jieba with the lexicon's words, Snowball's stemmer.

    The entries of `lexicons` join those of the package, and win over them. Raises `LexiconError`
    when a file can't be read or has a malformed line.
    """
    files = (*sorted(EMBEDDED_LEXICONS.glob("*.txt")), *lexicons)
    return _analysis(tuple((str(file), _read_lexicon(file)) for file in files))


@lru_cache(_KEPT_ANALYSES)
def _analysis(files: tuple[tuple[str, str], ...]) -> Analysis:
    entries = [
        entry
        for place, text in files
        for entry in parse_lexicon(simplify(text), place, Path(place).stem)
    ]
    segmenter = JiebaSegmenter(dict.fromkeys(form for form in forms_of(entries) if is_han(form)))
    digest = hashlib.sha256("\0".join(text for _, text in files).encode()).hexdigest()
    return Analysis(
        name=f"nfkc, opencc {version('opencc')}, jieba {version('jieba')}, pystemmer "
        f"{version('pystemmer')}, words, pairs, names of lexicon sha256:{digest}",
        simplify=simplify,
        segment=segmenter,
        subwords=segmenter.subwords,
        rarity=segmenter.rarity,
        lexicon=Lexicon.of(entries, stem),
        corrections=Speller(
            [entry.forms for entry in entries if isinstance(entry, Name)],
            lambda word: segmenter.knows(word) or word in _latin_words(),
            segmenter.rarity,
        ).corrections,
    )


@cache
def _latin_words() -> frozenset[str]:
    """Return the Latin words that are common enough for the embedded model to know."""
    tokenizer = json.loads((EMBEDDED_MODEL / "tokenizer.json").read_text(encoding="utf-8"))
    words = (word for word, _ in tokenizer["model"]["vocab"])
    return frozenset(word for word in words if word.isascii() and word.isalpha())


def _read_lexicon(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise LexiconError(f"{path}: can't be read as UTF-8 text ({error})") from error


def load_embedder(model: str | None, truncate_dim: int | None = None) -> Embedder:
    """Load an embedding model: None for the embedded one, a folder, or a hub's name.

    Only the first `truncate_dim` of its dimensions are kept, if given. A static model in a folder
    is read without torch. Raises `ModelError` when the model can't be loaded, is not dense or has
    fewer dimensions.
    """
    folder = Path(model) if model else EMBEDDED_MODEL
    if not folder.is_dir():
        if not model:
            raise ModelError(f"{folder}: the embedded model is missing; install qa_bot again")
        return _sentence_embedder(model, None, truncate_dim)
    fingerprint = _folder_fingerprint(folder)
    if is_static(folder):
        return StaticEmbedder(folder, fingerprint, truncate_dim)
    return _sentence_embedder(str(folder), fingerprint, truncate_dim)


def load_reranker(name: str) -> Reranker:
    """Load a cross-encoder with one label: a folder, or a hub's name.

    Raises `ModelError` when it can't be loaded or is of another kind.
    """
    # Imported only where it is used: it brings torch, which takes seconds.
    from qa_bot.adapters.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(name)


def _sentence_embedder(name: str, fingerprint: str | None, truncate_dim: int | None) -> Embedder:
    # Imported only where it is used, as above.
    from qa_bot.adapters.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(name, fingerprint, truncate_dim)


def _folder_fingerprint(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    rows = "\n".join(f"{path.relative_to(folder)} {storage.file_hash(path)}" for path in files)
    return f"sha256:{hashlib.sha256(rows.encode()).hexdigest()}"
