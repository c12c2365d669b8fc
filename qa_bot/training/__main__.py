"""`python -m qa_bot.training --data DIR --out DIR`: train the embedded model from scratch."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tqdm import tqdm

from qa_bot.adapters.jieba_segmenter import JiebaSegmenter
from qa_bot.errors import TrainingDataError
from qa_bot.training.contrastive import Bags, PairSet, Recipe, Trained, initial_weights, train
from qa_bot.training.corpora import MIXTURE, Pair, Source, read_pairs
from qa_bot.training.vocabulary import count_words, make_tokenizer

HAN_WORDS: Final = 35_000
OTHER_WORDS: Final = 10_000
MAX_TOKENS: Final = 160
_COUNTED_TEXTS: Final = 60_000
_BATCH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """One source with its pairs in memory."""

    source: Source
    pairs: Sequence[Pair]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the data, make the tokenizer, train, and save a folder that sentence-transformers loads."""
    options = _parser().parse_args(arguments)
    try:
        _train(options)
    except TrainingDataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train(options: argparse.Namespace) -> None:
    recipe = Recipe(minutes=options.minutes, seed=options.seed)
    with ProcessPoolExecutor(os.cpu_count()) as executor:
        read = partial(_read, options.data, recipe.seed)
        corpora = list(tqdm(executor.map(read, MIXTURE), total=len(MIXTURE), desc="reading"))
        tokenizer = _tokenizer(corpora, executor, recipe.seed)
    sets = [_pair_set(tokenizer, corpus) for corpus in tqdm(corpora, desc="tokenising")]
    counts = sum(_counts(pairs, tokenizer.get_vocab_size()) for pairs in sets)
    trained = train(sets, initial_weights(np.asarray(counts, dtype=np.float64), recipe), recipe)
    save(options.out, tokenizer, trained)
    (options.out / "training.json").write_text(
        json.dumps(_report(recipe, corpora, trained), ensure_ascii=False, indent=2) + "\n",
        encoding="utf-8",
    )


def save(folder: Path, tokenizer: Tokenizer, trained: Trained) -> None:
    """Save a model folder, the vectors in half precision."""
    weights = torch.from_numpy(trained.weights).half()
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)])
    model.save(str(folder), create_model_card=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa_bot.training",
        description=__doc__,
        epilog="example: python -m qa_bot.training --data corpora --out qa_bot/model --minutes 28",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the training corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder to save the model in")
    parser.add_argument("--minutes", type=float, default=Recipe().minutes, help="length of training")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    return parser


def _read(folder: Path, seed: int, source: Source) -> Corpus:
    rng = random.Random(f"{seed} {source.path}")
    return Corpus(source, list(read_pairs(folder, source, rng)))


def _tokenizer(corpora: Sequence[Corpus], executor: Executor, seed: int) -> Tokenizer:
    """Count words over a sample of every source, small ones whole, and keep the commonest."""
    chunks = list(_text_chunks(corpora, seed))
    han: Counter[str] = Counter()
    other: Counter[str] = Counter()
    counted = executor.map(partial(count_words, segment=JiebaSegmenter()), chunks)
    for chunk_han, chunk_other in tqdm(counted, total=len(chunks), desc="counting words"):
        han.update(chunk_han)
        other.update(chunk_other)
    return make_tokenizer(han, other, HAN_WORDS, OTHER_WORDS)


def _text_chunks(corpora: Sequence[Corpus], seed: int) -> Iterator[list[str]]:
    rng = random.Random(seed)
    for corpus in corpora:
        limit = round(_COUNTED_TEXTS * min(1.0, corpus.source.share / 2))
        pairs = corpus.pairs if len(corpus.pairs) <= limit else rng.sample(corpus.pairs, limit)
        for start in range(0, len(pairs), 5000):
            yield [text for pair in pairs[start : start + 5000] for text in pair]


def _pair_set(tokenizer: Tokenizer, corpus: Corpus) -> PairSet:
    return PairSet(
        name=corpus.source.path,
        share=corpus.source.share,
        queries=_bags(tokenizer, [pair.query for pair in corpus.pairs]),
        passages=_bags(tokenizer, [pair.passage for pair in corpus.pairs]),
        keys=np.array([_key(pair.passage) for pair in corpus.pairs], dtype=np.int64),
    )


def _bags(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    unknown = [0]
    ids = [
        np.array(encoding.ids[:MAX_TOKENS] or unknown, dtype=np.int32)
        for start in range(0, len(texts), _BATCH)
        for encoding in tokenizer.encode_batch(list(texts[start : start + _BATCH]))
    ]
    return Bags(np.concatenate(ids), np.cumsum([0, *map(len, ids)]))


def _key(passage: str) -> int:
    return int.from_bytes(blake2b(passage.encode(), digest_size=8).digest(), "big", signed=True)


def _counts(pairs: PairSet, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    ids = np.concatenate([pairs.queries.ids, pairs.passages.ids])
    return np.bincount(ids, minlength=size)


def _report(recipe: Recipe, corpora: Sequence[Corpus], trained: Trained) -> dict[str, object]:
    """Say what made the weights, for the model card."""
    return {
        "recipe": asdict(recipe),
        "steps": trained.steps,
        "final_loss": {name: round(loss, 4) for name, loss in trained.losses.items()},
        "sources": [{**asdict(corpus.source), "pairs": len(corpus.pairs)} for corpus in corpora],
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, torch {torch.__version__}",
    }


if __name__ == "__main__":
    raise SystemExit(main())
