"""Embed with any sentence-transformers model: a hub's name, or a folder on this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from qa_bot.errors import ModelError
from qa_bot.vectors import Vectors

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from sentence_transformers import SentenceTransformer


class SentenceEmbedder:
    """The `Embedder` of a sentence-transformers model, with its own prompts for query and document."""

    def __init__(self, name: str, fingerprint: str | None = None) -> None:
        """Load a model by folder or hub name.

        What is on this machine is used without contacting anything; a hub model that is not
        there yet is downloaded. Raises `ModelError` when neither works.
        """
        self._model = _load(name)
        self._fingerprint = fingerprint or f"{name}@{_revision(self._model)}"

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the vectors would."""
        return self._fingerprint

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a query, shape (len(texts), dimension)."""
        vectors = self._model.encode_query(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage, shape (len(texts), dimension)."""
        vectors = self._model.encode_document(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _load(name: str) -> SentenceTransformer:
    try:
        return SentenceTransformer(name, local_files_only=True)
    except Exception as local_error:  # a broken folder and an absent model raise many kinds of error
        if os.path.isdir(name):
            raise ModelError(f"{name}: no sentence-transformers model ({local_error})") from local_error
    try:
        return SentenceTransformer(name)
    except Exception as error:
        raise ModelError(
            f"model {name!r} is neither a folder nor cached here, and downloading it failed "
            f"({type(error).__name__}); give a folder or another name with --model"
        ) from error


def _revision(model: SentenceTransformer) -> str:
    """Return the hub's commit of a model, so far as its parts carry one."""
    for module in model.modules():
        commit = getattr(getattr(module, "config", None), "_commit_hash", None)
        if commit:
            return str(commit)
    return "unknown"
