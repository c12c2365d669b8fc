"""Train a static embedding: the mean of a text's word vectors lands near that of its partner."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights, beside the data.

    `word_dropout` is the part of a text's tokens left out at random, so that no single word carries
    a pair: without it the model learns the pairs by heart within ten minutes.
    `minutes` bounds the training loop in wall-clock time; the learning rate decays linearly to
    zero over it, so a slower machine takes fewer steps rather than longer.
    """

    dimension: int = 384
    batch_size: int = 2048
    learning_rate: float = 0.01
    temperature: float = 0.05
    word_dropout: float = 0.4
    minutes: float = 25.0
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as token ids, one after the other: text i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: npt.NDArray[np.int32]
    offsets: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def pick(
        self, rows: Ints, dropout: float, rng: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the ids and the starting offsets of some rows, as an embedding bag takes them.

        Each token is left out with probability `dropout`, but never the last one of a text.
        """
        ids = np.concatenate([self.ids[self.offsets[row] : self.offsets[row + 1]] for row in rows])
        lengths = self.offsets[rows + 1] - self.offsets[rows]
        ends = np.cumsum(lengths)
        kept = rng.random(len(ids)) >= dropout
        kept[ends - 1] = True
        starts = np.concatenate([[0], np.cumsum(kept)[ends[:-1] - 1]])
        return torch.from_numpy(ids[kept]).long(), torch.from_numpy(starts)


@dataclass(frozen=True, slots=True)
class PairSet:
    """The tokenised pairs of one source, with a key for each passage to spot repeated ones."""

    name: str
    share: float
    queries: Bags
    passages: Bags
    keys: Ints


@dataclass(frozen=True, slots=True)
class Trained:
    """The word vectors, float32 of shape (vocabulary, dimension), and how training went."""

    weights: npt.NDArray[np.float32]
    steps: int
    losses: dict[str, float]


def train(sets: Sequence[PairSet], initial: npt.NDArray[np.float32], recipe: Recipe) -> Trained:
    """Minimise the symmetric InfoNCE loss (van den Oord et al., 2018) with in-batch negatives.

    Each batch is drawn from one source, so that the negatives are of the same kind as the pair.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(initial), freeze=False, mode="mean")
    optimizer = torch.optim.Adam(bag.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.98))
    shares = np.array([pairs.share for pairs in sets]) / sum(pairs.share for pairs in sets)
    averages: dict[str, float] = {}
    seconds, began, steps = recipe.minutes * 60, time.monotonic(), 0
    with tqdm(total=round(seconds), unit="s", desc="training") as bar:
        while (elapsed := time.monotonic() - began) < seconds:
            pairs = sets[rng.choice(len(sets), p=shares)]
            _set_rate(optimizer, recipe.learning_rate, elapsed / seconds, steps)
            loss = _loss(bag, pairs, recipe, rng)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            averages[pairs.name] = 0.95 * averages.get(pairs.name, loss.item()) + 0.05 * loss.item()
            steps += 1
            bar.update(min(round(elapsed), round(seconds)) - bar.n)
            bar.set_postfix(steps=steps, loss=f"{np.mean(list(averages.values())):.3f}")
    return Trained(bag.weight.detach().numpy(), steps, averages)


def _set_rate(optimizer: torch.optim.Optimizer, peak: float, progress: float, step: int) -> None:
    warm_up = min(1.0, (step + 1) / 100)
    for group in optimizer.param_groups:
        group["lr"] = peak * warm_up * max(0.0, 1.0 - progress)


def _loss(
    bag: torch.nn.EmbeddingBag, pairs: PairSet, recipe: Recipe, rng: np.random.Generator
) -> torch.Tensor:
    rows = rng.integers(0, len(pairs.queries), recipe.batch_size)
    dropout = recipe.word_dropout
    queries = functional.normalize(bag(*pairs.queries.pick(rows, dropout, rng)), dim=-1)
    passages = functional.normalize(bag(*pairs.passages.pick(rows, dropout, rng)), dim=-1)
    scores = queries @ passages.T / recipe.temperature
    # The same passage may stand in a batch twice; it is not a wrong answer to its own question.
    keys = torch.from_numpy(pairs.keys[rows])
    repeated = (keys[:, None] == keys[None, :]) & ~torch.eye(len(rows), dtype=torch.bool)
    scores = scores.masked_fill(repeated, -math.inf)
    target = torch.arange(len(rows))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def initial_weights(counts: npt.NDArray[np.float64], recipe: Recipe) -> npt.NDArray[np.float32]:
    """Draw random vectors whose lengths fall with a word's frequency.

    The lengths are smooth inverse frequency weights a / (a + p(word)) (Arora et al., 2017).
    """
    rng = np.random.default_rng(recipe.seed)
    weights = 1e-3 / (1e-3 + counts / counts.sum())
    vectors = rng.standard_normal((len(counts), recipe.dimension)) / math.sqrt(recipe.dimension)
    initial: npt.NDArray[np.float32] = (vectors * weights[:, None]).astype(np.float32)
    return initial
