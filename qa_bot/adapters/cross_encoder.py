"""Score passages against a query with a sentence-transformers cross-encoder.

It reads query and passage together, cut off where the model's own `max_seq_length` ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NoReturn

import numpy as np
from sentence_transformers import CrossEncoder
from torch.nn import Sigmoid

from qa_bot.adapters.sentence_embedder import bare_architecture, load_pretrained
from qa_bot.errors import ModelError
from qa_bot.vectors import Floats

_OPTION: Final = "--reranker"
_BATCH: Final = 32
_CLASSIFIER: Final = "ForSequenceClassification"


class CrossEncoderReranker:
    """The `Reranker` of a cross-encoder with one label."""

    def __init__(self, name: str) -> None:
        """Load a model by folder or hub name.

        What is on this machine is used without contacting anything; a hub model that is not
        there yet is downloaded. Code that a model brings along is never run. Raises `ModelError`
        when the model can't be loaded, is of another kind or has several labels.
        """
        self._name = name
        self._model = _load(name)

    def scores(self, query: str, passages: Sequence[str]) -> Floats:
        """Return how well each passage answers a query, in [0, 1], a larger score being better.

        A score is the sigmoid of the model's logit, whatever function the model was saved with.
        Raises `ModelError` where the model gives a passage no finite score.
        """
        scores: Floats = np.asarray(
            self._model.predict(
                [(query, passage) for passage in passages],
                batch_size=_BATCH,
                activation_fn=Sigmoid(),
                show_progress_bar=False,
            ),
            dtype=np.float32,
        )
        if not np.isfinite(scores).all():
            raise ModelError(
                f"{self._name}: the model gives no finite score; give another with {_OPTION}"
            )
        return scores


class _PairModel(CrossEncoder):
    """A `CrossEncoder` that refuses what was saved as another kind of model.

    The library would give such a model a head of random weights, and scores that mean nothing.
    """

    def _load_converted_modules(self, *args: object, **kwargs: object) -> NoReturn:
        raise _not_a_reranker(args[0], kwargs["model_type"])


def _load(name: str) -> CrossEncoder:
    model: CrossEncoder = load_pretrained(_PairModel, name, _OPTION)
    kind = bare_architecture(model)
    if kind is not None and not kind.endswith(_CLASSIFIER):
        raise _not_a_reranker(name, kind or "bare")
    if model.num_labels != 1:
        raise ModelError(
            f"{name}: a cross-encoder with {model.num_labels} labels; a reranker needs one with a "
            f"single label, the relevance: give another with {_OPTION}"
        )
    return model


def _not_a_reranker(name: object, kind: object) -> ModelError:
    return ModelError(
        f"{name}: a {kind} model, which was not made to score a passage; {_OPTION} takes "
        "sentence-transformers cross-encoders (CrossEncoder) with one label"
    )
