"""Embed with a static sentence-transformers model, without loading torch.

A folder saved by `SentenceTransformer` whose only encoder is a `StaticEmbedding` holds a tokenizer
and one vector a token; a text's vector is the mean of its tokens' vectors. Reading those two files
takes a tenth of a second where importing sentence-transformers takes several. The vectors equal
those of `SentenceTransformer(folder)`; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from qa_bot.errors import ModelError
from qa_bot.vectors import Vectors, unit_rows

_STATIC: Final = "StaticEmbedding"
_WEIGHTS: Final = "embedding.weight"


def is_static(folder: Path) -> bool:
    """Tell whether a folder holds a static sentence-transformers model that can be read directly.

    It must have no other module, no prompt and its files in the folder itself; any other model is
    for sentence-transformers to load.
    """
    try:
        [module] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        prompts = any(config.get("prompts", {}).values()) or config.get("default_prompt_name")
        with safe_open(folder / "model.safetensors", framework="numpy") as tensors:
            plain = list(tensors.keys()) == [_WEIGHTS]
        return bool(
            module["type"].endswith(f".{_STATIC}") and not module["path"] and plain and not prompts
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError):
        return False


class StaticEmbedder:
    """The `Embedder` of a static model."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Read tokenizer and vectors; raises `ModelError` when either can't be read."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()
            self._weights = load_file(folder / "model.safetensors")[_WEIGHTS]
        except Exception as error:  # the Rust libraries raise bare Exception
            raise ModelError(f"{folder}: the embedding model can't be read ({error})") from error
        self._fingerprint = fingerprint

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the vectors would."""
        return self._fingerprint

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
        return unit_rows(vectors)
