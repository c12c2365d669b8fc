"""Make the embedded model from scratch: read the data, make the tokenizer, train, and save a folder."""

from __future__ import annotations

import json
import os
import platform
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tqdm import tqdm

from qa_bot.adapters.jieba_segmenter import JiebaSegmenter
from qa_bot.adapters.opencc_folding import fold
from qa_bot.adapters.static_embedder import StaticEmbedder
from qa_bot.training.authored import everyday_pairs
from qa_bot.training.bags import PairSet
from qa_bot.training.contrastive import Checkpoint, Recipe, Trained, initial_weights, train
from qa_bot.training.corpora import AUTHORED, MIXTURE, Corpus, Source, read_pairs
from qa_bot.training.pairs import Pair
from qa_bot.training.vocabulary import Words, count_words, make_tokenizer

_COUNTED_PAIRS: Final = 20_000
_CHUNK: Final = 5000
#: The libraries whose other versions may give other weights.
_DECIDING: Final = ("torch", "numpy", "tokenizers", "jieba", "opencc")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the corpora lie, where the model goes, and what computes it (`cpu` or `cuda`)."""

    data: Path
    out: Path
    device: str


def make_model(place: Place, recipe: Recipe, sources: Sequence[Source] = MIXTURE) -> None:
    """Train a model and save it with `training.json`, which tells what made it.

    Raises `TrainingDataError` for a corpus that is missing or malformed, and for a checkpoint of
    another recipe in the same folder.
    """
    began = time.monotonic()
    place.out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(os.cpu_count()) as executor:
        read = partial(_read, place.data, recipe.seed)
        corpora = list(tqdm(executor.map(read, sources), total=len(sources), desc="reading"))
        tokenizer = make_tokenizer(*_count(corpora, executor, recipe.seed))
    sets = [PairSet.of(tokenizer, corpus) for corpus in tqdm(corpora, desc="tokenising")]
    counts = sum(pairs.counts(tokenizer.get_vocab_size()) for pairs in sets)
    initial = initial_weights(np.asarray(counts, dtype=np.float64), recipe)
    checkpoint = Checkpoint(place.out / "checkpoint.pt")
    trained = train(sets, initial, recipe, checkpoint, place.device)
    _save(place.out, tokenizer, trained)
    minutes = round((time.monotonic() - began) / 60, 1)
    report = _report(recipe, corpora, trained) | {"device": place.device, "minutes": minutes}
    if any(source.kind == "everyday" for source in sources):
        report["held_out"] = _measure(place)
    (place.out / "training.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    checkpoint.file.unlink(missing_ok=True)


def _save(folder: Path, tokenizer: Tokenizer, trained: Trained) -> None:
    """Save a model folder, the vectors in half precision."""
    weights = torch.from_numpy(trained.weights).half()
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)])
    model.save(str(folder), create_model_card=False)


def _measure(place: Place) -> dict[str, float]:
    """Ask the everyday questions that were held out among their passages."""
    pairs = [Pair(fold(each.query), fold(each.passage)) for each in everyday_pairs(place.data, True)]
    passages = sorted({pair.passage for pair in pairs})
    embedder = StaticEmbedder(place.out, "trained")
    cosines = (
        embedder.encode_query([pair.query for pair in pairs]) @ embedder.encode_document(passages).T
    )
    right = np.array([passages.index(pair.passage) for pair in pairs])
    ranks = (cosines >= cosines[np.arange(len(pairs)), right, None]).sum(axis=1) - 1
    return {
        "questions": len(pairs),
        "passages": len(passages),
        "accuracy@1": round(float((ranks < 1).mean()), 4),
        "accuracy@3": round(float((ranks < 3).mean()), 4),
    }


def _read(folder: Path, seed: int, source: Source) -> Corpus:
    rng = random.Random(f"{seed} {source.path}")
    return Corpus(source, list(read_pairs(folder, source, rng)))


def _count(corpora: Sequence[Corpus], executor: Executor, seed: int) -> tuple[Words, Words]:
    """Count the words of public sources, sampled, and apart those of the project's own, all of them."""
    own = [corpus for corpus in corpora if corpus.source in AUTHORED]
    public = [corpus for corpus in corpora if corpus.source not in AUTHORED]
    return _count_words(public, executor, seed), _count_words(own, executor, seed)


def _count_words(corpora: Sequence[Corpus], executor: Executor, seed: int) -> Words:
    chunks = list(_text_chunks(corpora, seed))
    han: Counter[str] = Counter()
    other: Counter[str] = Counter()
    counted = executor.map(partial(count_words, segment=JiebaSegmenter()), chunks)
    for words in tqdm(counted, total=len(chunks), desc="counting words"):
        han.update(words.han)
        other.update(words.other)
    return Words(han, other)


def _text_chunks(corpora: Sequence[Corpus], seed: int) -> Iterator[list[str]]:
    rng = random.Random(seed)
    for corpus in corpora:
        limit = round(_COUNTED_PAIRS * min(1.0, corpus.source.share / 2))
        sampled = corpus.source not in AUTHORED and len(corpus.pairs) > limit
        pairs = rng.sample(corpus.pairs, limit) if sampled else corpus.pairs
        for start in range(0, len(pairs), _CHUNK):
            yield [
                text for pair in pairs[start : start + _CHUNK] for text in (pair.query, pair.passage)
            ]


def _report(recipe: Recipe, corpora: Sequence[Corpus], trained: Trained) -> dict[str, object]:
    """Say what made the weights, for the model card."""
    return {
        "recipe": asdict(recipe),
        "final_loss": {name: round(loss, 4) for name, loss in trained.losses.items()},
        "sources": [{**asdict(corpus.source), "pairs": len(corpus.pairs)} for corpus in corpora],
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "versions": {name: version(name) for name in _DECIDING},
    }
