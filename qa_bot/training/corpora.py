"""Read training pairs: which files teach, how much, and how a pair is made of each."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa_bot.adapters.opencc_folding import fold
from qa_bot.errors import TrainingDataError
from qa_bot.training.authored import (
    CONCEPTS,
    EVERYDAY,
    concept_pairs,
    everyday_pairs,
    lexicon_pairs,
    require,
)
from qa_bot.training.pairs import NON_COMMERCIAL, Pair

TRAINED_CHARS: Final = 320


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the training folder, or of the package, with its share of the batches and its licence."""

    path: str
    kind: str
    share: float
    licence: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """One source with its pairs in memory."""

    source: Source
    pairs: Sequence[Pair]


#: What the project wrote itself; a path names a file of the package, not of the data folder.
AUTHORED: Final = (
    Source(EVERYDAY, "everyday", 3.0, "the project's own"),
    Source(CONCEPTS, "concepts", 1.0, "the project's own"),
    Source("lexicons", "lexicon", 0.6, "the project's own"),
)
#: Shares are relative. Official and news text is up-weighted, dictionaries and technical text held
#: down, and the law sample kept small because it is long and formulaic.
MIXTURE: Final = (
    *AUTHORED,
    Source("qa_zh.jsonl.gz", "query_passage", 4.0, "mixed: CC0, CC BY-SA 3.0/4.0, public notices"),
    Source("title_body_zh.jsonl.gz", "title_body", 6.0, "published state news"),
    Source("mono_news_crud_zh.txt.gz", "inverse_cloze", 6.0, "news of 2023, CRUD-RAG"),
    Source("qa_en.jsonl.gz", "query_passage", 0.3, "CC0"),
    *(
        Source(f"parallel_zh_en/{name}.jsonl.gz", "parallel", share, licence)
        for name, share, licence in (
            ("gov_work_report_2008_2019", 0.8, "state documents"),
            ("un_corpus", 0.6, "UN, free with attribution"),
            ("news_nmt10k", 0.7, "News Commentary, free for research"),
            ("wmt_more", 0.5, "NTREX CC BY-SA 4.0, WMT"),
            ("wmt21_24_zh_en", 0.8, "WMT news test sets"),
            ("tw_law_sample", 0.4, "statutes, not subject to copyright"),
            ("tatoeba_cmn_eng", 0.6, "CC BY 2.0 FR"),
            ("captions_3am", 0.2, "MIT"),
            ("mlqe_wiki", 0.4, "CC0"),
            ("tico19", 0.1, "CC0"),
            ("plurality", 0.1, "CC0"),
            ("names_geo", 0.4, "CLDR, iso-codes, ODbL lists"),
            ("wordnet_cow", 0.3, "WordNet licence, CC BY 4.0"),
            ("dict_words", 0.6, "CC-CEDICT CC BY-SA, LGPL and GPL lists"),
            ("tech_docs", 0.1, "CC0, PSF, BSD, CC BY 3.0, GPL"),
            ("constitution_manifesto", 0.1, "state document, public domain"),
            ("sdg", 0.05, "MIT"),
        )
    ),
)


def read_pairs(folder: Path, source: Source, rng: random.Random) -> Iterator[Pair]:
    """Yield the pairs of one source, folded to simplified characters.

    Raises `TrainingDataError` when the file is not there or a row has no such fields.
    """
    pairs = _authored(folder, source, rng) or _public(folder / source.path, source, rng)
    for query, passage, topic in pairs:
        if query.strip() and passage.strip():
            yield Pair(fold(query), fold(passage), topic)


def _authored(folder: Path, source: Source, rng: random.Random) -> Iterator[Pair] | None:
    if source.kind == "everyday":
        return everyday_pairs(folder)
    if source.kind == "concepts":
        return concept_pairs(rng)
    return lexicon_pairs(rng) if source.kind == "lexicon" else None


def _public(path: Path, source: Source, rng: random.Random) -> Iterator[Pair]:
    require(path)
    readers = {
        "query_passage": _query_passage,
        "title_body": _title_body,
        "parallel": _parallel,
        "inverse_cloze": _inverse_cloze,
    }
    reader, place = readers[source.kind], None
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                place = f"line {number}"
                yield from reader(line, rng)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise TrainingDataError(f"{path}, {place}: no row that teaches ({error!r})") from error
    except (UnicodeDecodeError, EOFError, OSError) as error:
        raise TrainingDataError(f"{path}, after {place or 'its beginning'}: {error}") from error
    if not place:
        raise TrainingDataError(f"{path}: empty, nothing to learn from")


def _query_passage(line: str, rng: random.Random) -> list[Pair]:
    row = json.loads(line)
    if row.get("src") in NON_COMMERCIAL:
        return []
    return [Pair(row["q"], _window(row["p"], rng))]


def _title_body(line: str, rng: random.Random) -> list[Pair]:
    row = json.loads(line)
    body = row["p"]
    headline = row["q"]
    return [Pair(headline, part, headline) for part in (body[:TRAINED_CHARS], _window(body, rng))]


def _parallel(line: str, rng: random.Random) -> list[Pair]:
    row = json.loads(line)
    return [Pair(row["en"], row.get("zh_hans") or row["zh"])]


def _inverse_cloze(line: str, rng: random.Random) -> list[Pair]:
    """Make up to eight pairs of a document: a sentence, and what stands around it (a tenth: with it)."""
    sentences = [part for part in line.rstrip("\n").replace("\u2028", "。").split("。") if part.strip()]
    if len(sentences) < 3:
        return []
    chosen = rng.sample(range(len(sentences)), k=min(8, len(sentences) // 2))
    return [_cloze(sentences, position, rng) for position in chosen]


def _cloze(sentences: list[str], position: int, rng: random.Random) -> Pair:
    first = max(0, position - rng.randint(1, 4))
    around = sentences[first:position] + sentences[position + 1 : position + 5]
    if rng.random() < 0.1:
        around = [sentences[position], *around]
    return Pair(sentences[position][:80], "。".join(around)[:TRAINED_CHARS])


def _window(text: str, rng: random.Random) -> str:
    """Return a random stretch of at most `TRAINED_CHARS` characters."""
    start = rng.randint(0, max(0, len(text) - TRAINED_CHARS))
    return text[start : start + TRAINED_CHARS]
