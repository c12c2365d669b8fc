from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.adapters.sentence_embedder import SentenceEmbedder
from qa_bot.adapters.static_embedder import StaticEmbedder, is_static
from qa_bot.equipment import load_embedder
from qa_bot.errors import ModelError
from qa_bot.places import EMBEDDED_MODEL
from qa_bot.records import Transcript

LIMIT_BYTES = 40_000_000


@pytest.fixture(scope="module")
def static() -> StaticEmbedder:
    return StaticEmbedder(EMBEDDED_MODEL, "static")


@pytest.fixture(scope="module")
def reference() -> SentenceEmbedder:
    """The same model through sentence-transformers itself."""
    return SentenceEmbedder(str(EMBEDDED_MODEL))


def test_the_embedded_model_is_small_enough_to_travel() -> None:
    assert is_static(EMBEDDED_MODEL)
    assert sum(path.stat().st_size for path in EMBEDDED_MODEL.iterdir()) <= LIMIT_BYTES


def test_vectors_equal_those_of_sentence_transformers(
    static: StaticEmbedder, reference: SentenceEmbedder, seed: Transcript
) -> None:
    texts = [turn.words.of(seed.text) for turn in seed.turns] + ["THAAD", "a b", "１２３"]
    np.testing.assert_allclose(
        static.encode_document(texts), reference.encode_document(texts), atol=2e-3
    )
    np.testing.assert_allclose(static.encode_query(texts), reference.encode_query(texts), atol=2e-3)


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_has_a_unit_vector_or_none(static: StaticEmbedder, texts: list[str]) -> None:
    lengths = np.linalg.norm(static.encode_document(texts), axis=1)
    assert all(length == 0 or abs(length - 1) < 1e-4 for length in lengths.tolist())


def test_a_text_without_a_known_token_has_the_zero_vector(static: StaticEmbedder) -> None:
    assert np.abs(static.encode_query(["😀", ""])).max() == 0


def test_meaning_counts_not_only_words(static: StaticEmbedder) -> None:
    query, near, far = static.encode_document(["打仗", "武装冲突和战争", "水果出口贸易"])
    assert query @ near > query @ far + 0.1


def test_english_lies_near_its_chinese(static: StaticEmbedder) -> None:
    query, near, far = static.encode_document(["South China Sea dispute", "南海争端", "高等教育改革"])
    assert query @ near > query @ far + 0.1


def test_a_folder_s_fingerprint_changes_with_its_files(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(EMBEDDED_MODEL, copy)
    before = load_embedder(str(copy)).fingerprint
    assert before == load_embedder(None).fingerprint
    (copy / "config_sentence_transformers.json").write_text("{}", encoding="utf-8")
    assert load_embedder(str(copy)).fingerprint != before


@pytest.mark.parametrize("modules", ["", "[]", "{}", '[{"type": "x.Transformer"}]', "[1]"])
def test_any_other_folder_is_not_static(tmp_path: Path, modules: str) -> None:
    (tmp_path / "modules.json").write_text(modules, encoding="utf-8")
    assert not is_static(tmp_path)


def test_a_static_model_cut_short_is_explained(tmp_path: Path) -> None:
    shutil.copytree(EMBEDDED_MODEL, tmp_path / "model")
    (tmp_path / "model" / "tokenizer.json").write_bytes(b"{")
    with pytest.raises(ModelError, match="can't be read"):
        load_embedder(str(tmp_path / "model"))
    weights = tmp_path / "model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="no sentence-transformers model"):
        load_embedder(str(tmp_path / "model"))


def test_a_model_with_prompts_is_left_to_sentence_transformers(tmp_path: Path) -> None:
    shutil.copytree(EMBEDDED_MODEL, tmp_path / "model")
    config = tmp_path / "model" / "config_sentence_transformers.json"
    row = {
        **json.loads(config.read_text(encoding="utf-8")),
        "prompts": {"query": "查询：", "document": ""},
    }
    config.write_text(json.dumps(row), encoding="utf-8")
    embedder = load_embedder(str(tmp_path / "model"))
    assert isinstance(embedder, SentenceEmbedder)
    [query], [document] = embedder.encode_query(["萨德"]), embedder.encode_document(["萨德"])
    assert float(query @ document) < 0.99
