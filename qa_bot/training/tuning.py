"""How a model is adapted to transcripts of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The peak rates that suit the two kinds of models; word vectors move slowly under small ones.
STATIC_RATE: Final = 1e-3
TRANSFORMER_RATE: Final = 2e-5


@dataclass(frozen=True, slots=True)
class Tuning:
    """The settings of a run; `learning_rate` None is the usual one of the model's kind.

    `held_out` is the part of the exchanges whose questions measure and do not teach, in (0, 1).
    """

    epochs: int = 3
    batch_size: int = 32
    learning_rate: float | None = None
    held_out: float = 0.1
    seed: int = 17
    device: str = "cpu"
