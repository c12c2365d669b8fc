"""Embed with any dense sentence-transformers model: a hub's name, or a folder on this machine.

A dense model gives one vector a text: a transformer with pooling, a static embedding, or either
trained to be truncated (Matryoshka). A text longer than the model's own `max_seq_length` is cut off
there by the model, so that only its beginning is embedded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Final, NoReturn, TypeVar

import huggingface_hub.constants
import numpy as np
import numpy.typing as npt
from huggingface_hub import resolve_revision
from huggingface_hub.errors import HFValidationError, RevisionResolutionError
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.model import BaseModel

from qa_bot.adapters.static_embedder import finite_unit_rows, require_dimension, truncated
from qa_bot.errors import ModelError
from qa_bot.vectors import Vectors

# The hub's library asks the hub who its callers may be, even for files that are here, unless it may
# send no telemetry. It reads the variable of this name when it is imported, which Gradio may have done.
huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY = True

Model = TypeVar("Model")

_OPTION: Final = "--model"
#: Where the library looks first for a model without an organisation.
_ORGANISATION: Final = "sentence-transformers"
#: Questions and statements of which none has to do with another: how near a model puts such texts.
_QUERIES: Final = (
    "红烧肉要炖多久？",
    "阳台上的番茄为什么不结果？",
    "How do I tune a guitar?",
    "明天去爬山要带什么？",
    "What is the boiling point of mercury?",
    "孩子几岁可以学游泳？",
)
_PASSAGES: Final = (
    "双方签署了港口建设的合作文件。",
    "该手机的电池容量为五千毫安时。",
    "The museum was founded in 1882 by a private collector.",
    "球队在加时赛中以两分取胜。",
    "本季度营业收入同比下降百分之三。",
    "Glaciers in the region have lost a third of their mass.",
)
#: How the architectures of checkpoints end whose encoder was not made to be pooled into a vector.
_NOT_DENSE: Final = (
    "ForSequenceClassification",
    "ForTokenClassification",
    "ForQuestionAnswering",
    "ColBERT",
)


class SentenceEmbedder:
    """The `Embedder` of a dense model, with the model's own prompts for query and document."""

    def __init__(
        self, name: str, fingerprint: str | None = None, truncate_dim: int | None = None
    ) -> None:
        """Load a model by folder or hub name, keeping its first `truncate_dim` dimensions if given.

        What is on this machine is used without contacting anything; a hub model that is not
        there yet is downloaded. Code that a model brings along is never run. Raises `ModelError`
        when the model can't be loaded, is of another kind or has fewer dimensions.
        """
        self._name = name
        self._model = load_model(name)
        require_dimension(name, truncate_dim, _dimension(self._model))
        self._truncate_dim = truncate_dim
        self._fingerprint = truncated(fingerprint or f"{name}@{_revision(name)}", truncate_dim)

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the vectors would."""
        return self._fingerprint

    @cached_property
    def unrelated(self) -> float:
        """The cosine of unrelated texts, which lies anywhere from 0 to 0.9 in a transformer."""
        cosines = self.encode_query(_QUERIES) @ self.encode_document(_PASSAGES).T
        return float(np.clip(cosines.mean(), 0.0, 0.99))

    @property
    def words(self) -> None:
        """Nothing: these models give whole texts their vectors."""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a query, shape (len(texts), dimension).

        Raises `ModelError` where the model gives a text no finite vector.
        """
        return self._unit_rows(texts, self._model.encode_query)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage, shape (len(texts), dimension).

        Raises `ModelError` where the model gives a text no finite vector.
        """
        return self._unit_rows(texts, self._model.encode_document)

    def _unit_rows(self, texts: Sequence[str], encode: Callable[..., npt.NDArray[Any]]) -> Vectors:
        # Scaled here, not by the library: a model in half precision would be scaled in it too.
        vectors = encode(list(texts), show_progress_bar=False, truncate_dim=self._truncate_dim)
        rows = np.asarray(vectors, dtype=np.float32).reshape(len(texts), vectors.shape[-1])
        return finite_unit_rows(self._name, texts, rows)


def load_pretrained(load: Callable[..., Model], name: str, option: str) -> Model:
    """Load a model by folder or hub name with `load(name, local_files_only=…)`.

    What is on this machine is used without contacting anything; a hub model that is not there yet
    is downloaded. Raises `ModelError` when neither works; it names `option`, which gives another.
    """
    try:
        return load(name, local_files_only=True)
    except ModelError:
        raise
    except Exception as error:  # a broken folder and an absent model raise many kinds of error
        _refuse_own_code(name, option, error)
        if os.path.isdir(name):
            raise ModelError(f"{name}: no sentence-transformers model ({error})") from error
    try:
        return load(name)
    except ModelError:
        raise
    except Exception as error:
        _refuse_own_code(name, option, error)
        raise ModelError(
            f"model {name!r} is neither a folder nor cached here, and downloading it failed "
            f"({type(error).__name__}); give a folder or another name with {option}"
        ) from error


def bare_architecture(model: BaseModel) -> str | None:
    """Return the architecture of a bare checkpoint, empty where it does not tell.

    It is None for a model saved by sentence-transformers, which comes with a list of its modules.
    """
    if model.module_kwargs:
        return None
    names = getattr(model.config, "architectures", None)
    return str(names[0]) if names else ""


class _DenseModel(SentenceTransformer):
    """A `SentenceTransformer` that refuses what was saved as another kind of model.

    The library would take such a model's encoder and pool it anew, into vectors that mean nothing.
    """

    def _load_converted_modules(self, *args: object, **kwargs: object) -> NoReturn:
        raise _not_dense(args[0], kwargs["model_type"])


def load_model(name: str) -> SentenceTransformer:
    """Load a dense model by folder or hub name; raises `ModelError` as `SentenceEmbedder` does."""
    model = load_pretrained(_DenseModel, name, _OPTION)
    kind = bare_architecture(model)
    if kind and kind.endswith(_NOT_DENSE):
        raise _not_dense(name, kind)
    return model


def _not_dense(name: object, kind: object) -> ModelError:
    return ModelError(
        f"{name}: a {kind} model, which does not give one vector a text; {_OPTION} takes dense "
        "sentence-transformers models (SentenceTransformer): transformer, static or Matryoshka ones"
    )


def _refuse_own_code(name: str, option: str, error: Exception) -> None:
    """Raise `ModelError` where an error says that a model needs code of its own."""
    if "trust_remote_code" in str(error):
        raise ModelError(
            f"{name}: this model needs code of its own (trust_remote_code), which is never run "
            f"here; give a model without with {option}"
        ) from error


def _dimension(model: SentenceTransformer) -> int | None:
    """Return a model's number of dimensions before any truncation, None where it does not tell."""
    with model.truncate_embeddings(None):
        return model.get_embedding_dimension()


def _revision(name: str) -> str:
    """Return the commit of a hub model that was loaded by name, "unknown" where nothing tells."""
    cache = os.getenv("SENTENCE_TRANSFORMERS_HOME")
    for repository in (name,) if "/" in name else (f"{_ORGANISATION}/{name}", name):
        with suppress(RevisionResolutionError, HFValidationError):
            return resolve_revision(repository, cache_dir=cache, local_files_only=True).resolved
    return "unknown"
