"""Embed with a static sentence-transformers model, without loading torch.

A folder saved by `SentenceTransformer` whose only encoder is a `StaticEmbedding` holds a tokenizer
and one vector a token; a text's vector is the mean of its tokens' vectors. Reading those two files
takes a tenth of a second where importing sentence-transformers takes several. The vectors equal
those of `SentenceTransformer(folder)`; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from qa_bot.errors import ModelError
from qa_bot.late import Ids, WordTable
from qa_bot.vectors import Vectors, unit_rows

_STATIC: Final = "StaticEmbedding"
_WEIGHTS: Final = "embedding.weight"


def is_static(folder: Path) -> bool:
    """Tell whether a folder holds a static sentence-transformers model that can be read directly.

    It must have no other module, no prompt, no truncation of its own and its files in the folder
    itself; any other model is for sentence-transformers to load.
    """
    try:
        [module] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        prompts = any(config.get("prompts", {}).values()) or config.get("default_prompt_name")
        settings = prompts or config.get("truncate_dim")
        with safe_open(folder / "model.safetensors", framework="numpy") as tensors:
            plain = list(tensors.keys()) == [_WEIGHTS]
        return bool(
            module["type"].endswith(f".{_STATIC}") and not module["path"] and plain and not settings
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError):
        return False


class StaticEmbedder:
    """The `Embedder` of a static model."""

    def __init__(self, folder: Path, fingerprint: str, truncate_dim: int | None = None) -> None:
        """Read tokenizer and vectors, keeping their first `truncate_dim` dimensions if given.

        Raises `ModelError` when either can't be read or the vectors have fewer dimensions.
        """
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()
            weights = load_file(folder / "model.safetensors")[_WEIGHTS]
        except Exception as error:  # the Rust libraries raise bare Exception
            raise ModelError(f"{folder}: the embedding model can't be read ({error})") from error
        require_dimension(str(folder), truncate_dim, weights.shape[1])
        self._weights = np.ascontiguousarray(weights[:, :truncate_dim])
        self._name = str(folder)
        self._fingerprint = truncated(fingerprint, truncate_dim)

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the vectors would."""
        return self._fingerprint

    @property
    def unrelated(self) -> float:
        """The cosine of unrelated texts: about 0, for nothing draws the words of a static model together."""
        return 0.0

    @cached_property
    def words(self) -> WordTable:
        """The words that the late leg compares; one says the more, the longer its vector is."""
        lengths = np.linalg.norm(self._weights.astype(np.float32), axis=1)
        return WordTable(self._ids, self._weights, lengths**2)

    def _ids(self, texts: Sequence[str]) -> list[Ids]:
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int32) for encoding in encodings]

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a query; a text without a known token gets the zero vector."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage; a text without a known token gets the zero vector."""
        vectors: Vectors = np.zeros((len(texts), self._weights.shape[1]), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._weights[encoding.ids].mean(axis=0, dtype=np.float32)
        return finite_unit_rows(self._name, texts, vectors)


def truncated(fingerprint: str, truncate_dim: int | None) -> str:
    """Return a model's fingerprint once only its first `truncate_dim` dimensions are kept."""
    return fingerprint if truncate_dim is None else f"{fingerprint} truncated to {truncate_dim}"


def require_dimension(name: str, truncate_dim: int | None, dimension: int | None) -> None:
    """Raise `ModelError` unless a model can be truncated to `truncate_dim`; None asks for nothing.

    A `dimension` of None is unknown, and any positive number is taken.
    """
    if truncate_dim is None:
        return
    if truncate_dim < 1 or (dimension is not None and truncate_dim > dimension):
        raise ModelError(
            f"{name}: can't be truncated to {truncate_dim} dimensions, it has {dimension}; "
            f"give a number from 1 to that with --truncate-dim"
        )


def finite_unit_rows(name: str, texts: Sequence[str], vectors: Vectors) -> Vectors:
    """Return the texts' vectors scaled to unit length, rows of zeros staying as they are.

    Raises `ModelError` where a vector holds a number that is not finite.
    """
    broken = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(broken):
        raise ModelError(
            f"{name}: the model gives no finite vector for {texts[broken[0]][:40]!r}; "
            "give another with --model"
        )
    return unit_rows(vectors)
