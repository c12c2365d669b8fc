"""Train a static embedding: the mean of a text's word vectors lands near that of its partner."""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

from qa_bot.errors import TrainingDataError
from qa_bot.training.bags import Ints, PairSet

_WARM_UP: Final = 100
_SMOOTHING: Final = 0.95


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights, beside the data and the versions of the libraries.

    Vectors of `dimension` are trained, and their `kept` principal axes saved.
    `shorter` are the numbers of first dimensions that must be of use alone (Matryoshka learning:
    Kusupati et al., 2022); each step trains one of them beside the whole vector, with weight
    `shorter_weight`. `word_dropout` is the part of a text's tokens left out at random, so that no
    single word but the last must carry a pair: without it the model soon learns the pairs by heart.
    """

    dimension: int = 512
    kept: int = 384
    shorter: tuple[int, ...] = (128, 256)
    shorter_weight: float = 0.3
    batch_size: int = 2048
    learning_rate: float = 0.01
    temperature: float = 0.05
    word_dropout: float = 0.4
    steps: int = 1600
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Trained:
    """The word vectors, float32 of shape (vocabulary, kept), and the smoothed loss by source."""

    weights: npt.NDArray[np.float32]
    losses: dict[str, float]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A file that keeps a training run which is under way, and how often it is written, in steps."""

    file: Path
    every: int = 250


def train(
    sets: Sequence[PairSet],
    initial: npt.NDArray[np.float32],
    recipe: Recipe,
    checkpoint: Checkpoint,
    device: str = "cpu",
) -> Trained:
    """Minimise the symmetric InfoNCE loss (van den Oord et al., 2018) with in-batch negatives.

    Each batch is drawn from one source, so that the negatives are of the same kind as the pair. What
    a step draws depends on seed and step alone: a run that was stopped goes on from its checkpoint
    and ends with the weights of one that was not. The caller removes it once the model is saved. Raises `TrainingDataError` when the checkpoint is
    of another recipe or other data.
    """
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(initial), freeze=False, mode="mean")
    bag.to(device)
    optimizer = torch.optim.Adam(
        bag.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.98), fused=True
    )
    identity = {"recipe": asdict(recipe), "data": _digest(sets, initial)}
    done, losses = _resume(checkpoint.file, identity, bag, optimizer)
    shares = np.array([pairs.share for pairs in sets]) / sum(pairs.share for pairs in sets)
    with tqdm(total=recipe.steps, initial=done, unit="step", desc="training") as bar:
        for step in range(done, recipe.steps):
            rng = np.random.default_rng([recipe.seed, step])
            pairs = sets[rng.choice(len(sets), p=shares)]
            _set_rate(optimizer, recipe, step)
            loss = _loss(bag, pairs, recipe, rng)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            now = loss.item()
            losses[pairs.name] = _SMOOTHING * losses.get(pairs.name, now) + (1 - _SMOOTHING) * now
            bar.update()
            bar.set_postfix(loss=f"{np.mean(list(losses.values())):.3f}")
            if (step + 1) % checkpoint.every == 0:
                _keep(checkpoint.file, identity, bag, optimizer, step + 1, losses)
    return Trained(principal(bag.weight.detach().cpu().numpy(), recipe.kept), losses)


def initial_weights(counts: npt.NDArray[np.float64], recipe: Recipe) -> npt.NDArray[np.float32]:
    """Draw random vectors whose lengths fall with a word's frequency.

    The lengths are smooth inverse frequency weights a / (a + p(word)) (Arora et al., 2017).
    """
    rng = np.random.default_rng(recipe.seed)
    weights = 1e-3 / (1e-3 + counts / counts.sum())
    vectors = rng.standard_normal((len(counts), recipe.dimension)) / math.sqrt(recipe.dimension)
    initial: npt.NDArray[np.float32] = (vectors * weights[:, None]).astype(np.float32)
    return initial


def principal(weights: npt.NDArray[np.float32], kept: int) -> npt.NDArray[np.float32]:
    """Turn word vectors to their principal axes, the widest first, and keep the first `kept`.

    What is left out is where words differ least, so that inner products change least.
    """
    exact = weights.astype(np.float64)
    _, axes = np.linalg.eigh(exact.T @ exact)
    axes = axes[:, ::-1][:, :kept]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    turned: npt.NDArray[np.float32] = (exact @ (axes * signs)).astype(np.float32)
    return turned


def _set_rate(optimizer: torch.optim.Optimizer, recipe: Recipe, step: int) -> None:
    warm_up = min(1.0, (step + 1) / _WARM_UP)
    for group in optimizer.param_groups:
        group["lr"] = recipe.learning_rate * warm_up * (1 - step / recipe.steps)


def _loss(
    bag: torch.nn.EmbeddingBag, pairs: PairSet, recipe: Recipe, rng: np.random.Generator
) -> torch.Tensor:
    rows = rng.integers(0, len(pairs.queries), recipe.batch_size)
    device = bag.weight.device
    queries, passages = (
        bag(*(each.to(device) for each in side.pick(rows, recipe.word_dropout, rng)))
        for side in (pairs.queries, pairs.passages)
    )
    repeated = _repeated(pairs.keys[rows]).to(device)
    loss = _info_nce(queries, passages, repeated, recipe.temperature)
    if not recipe.shorter:
        return loss
    length = int(rng.choice(recipe.shorter))
    short = _info_nce(queries[:, :length], passages[:, :length], repeated, recipe.temperature)
    return loss + recipe.shorter_weight * short


def _repeated(keys: Ints) -> torch.Tensor:
    """Mark the other places of a topic or passage in a batch: no wrong answer to its own question."""
    same = torch.from_numpy(keys[:, None] == keys[None, :])
    return same.fill_diagonal_(False)


def _info_nce(
    queries: torch.Tensor, passages: torch.Tensor, left_out: torch.Tensor, temperature: float
) -> torch.Tensor:
    cosines = functional.normalize(queries, dim=-1) @ functional.normalize(passages, dim=-1).T
    scores = (cosines / temperature).masked_fill(left_out, -math.inf)
    target = torch.arange(len(queries), device=scores.device)
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def _digest(sets: Sequence[PairSet], initial: npt.NDArray[np.float32]) -> int:
    """Return a number that differs for other data."""
    digest = zlib.crc32(initial.tobytes())
    for pairs in sets:
        digest = zlib.crc32(f"{pairs.name} {pairs.share}".encode(), digest)
        sides = (pairs.queries, pairs.passages)
        for array in (pairs.keys, *(part for side in sides for part in (side.ids, side.offsets))):
            digest = zlib.crc32(array.tobytes(), digest)
    return digest


def _keep(
    file: Path,
    identity: dict[str, Any],
    bag: torch.nn.EmbeddingBag,
    optimizer: torch.optim.Optimizer,
    done: int,
    losses: dict[str, float],
) -> None:
    """Write a checkpoint so that a run killed meanwhile leaves the one before."""
    state = {"bag": bag.state_dict(), "optimizer": optimizer.state_dict()}
    part = file.with_suffix(".part")
    torch.save({"identity": identity, "done": done, "losses": losses, **state}, part)
    os.replace(part, file)


def _resume(
    file: Path,
    identity: dict[str, Any],
    bag: torch.nn.EmbeddingBag,
    optimizer: torch.optim.Optimizer,
) -> tuple[int, dict[str, float]]:
    """Take up a checkpoint where there is one; return the steps done and the losses so far."""
    if not file.exists():
        return 0, {}
    try:
        kept = torch.load(file, map_location=bag.weight.device)
        same = kept["identity"] == identity
    except Exception as error:  # pickle, zip and torch raise many kinds of error
        raise TrainingDataError(f"{file}: damaged ({error!r}); remove it to begin anew") from error
    if not same:
        raise TrainingDataError(
            f"{file}: a checkpoint of another recipe or of other data; remove it to begin anew"
        )
    bag.load_state_dict(kept["bag"])
    optimizer.load_state_dict(kept["optimizer"])
    return kept["done"], kept["losses"]
