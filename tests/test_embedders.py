from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import huggingface_hub.constants
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import MultiVectorEncoder, SentenceTransformer, SparseEncoder
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    PreTrainedModel,
)

from qa_bot.adapters.sentence_embedder import SentenceEmbedder
from qa_bot.adapters.static_embedder import StaticEmbedder, is_static
from qa_bot.equipment import load_embedder
from qa_bot.errors import ModelError
from qa_bot.places import EMBEDDED_MODEL
from qa_bot.records import Transcript
from qa_bot.vectors import Vectors, unit_rows

LIMIT_BYTES = 40_000_000
VOCABULARY: Final = "[PAD] [UNK] [CLS] [SEP] [MASK] 问 双 暂 停 萨 德 中 国 贸 易".split()
TEXTS: Final = ["双暂停", "萨德", "中国贸易", "萨德" * 200]


def tiny_config(num_labels: int = 2) -> BertConfig:
    """Two layers of 32 numbers over a dozen characters, at most 64 of them."""
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    config.num_labels = num_labels
    return config


def save_bare(model: PreTrainedModel, folder: Path) -> str:
    """Save a checkpoint and its tokenizer as transformers does, without a list of modules."""
    model.save_pretrained(folder)
    tokens = BertTokenizer(vocab={word: place for place, word in enumerate(VOCABULARY)})
    tokens.save_pretrained(folder)
    return str(folder)


@pytest.fixture
def bare(tmp_path: Path) -> str:
    torch.manual_seed(1)
    return save_bare(BertModel(tiny_config()), tmp_path / "bare")


@pytest.fixture
def prompted(bare: str, tmp_path: Path) -> str:
    """A transformer that wants 问 before a question and nothing before a passage."""
    model = SentenceTransformer(bare, prompts={"query": "问", "document": ""})
    model.save(str(tmp_path / "prompted"), create_model_card=False)
    return str(tmp_path / "prompted")


def save_static(folder: Path, weights: Vectors, truncate_dim: int | None = None) -> str:
    vocabulary = {word: place for place, word in enumerate("[UNK] a b c d".split())}
    tokens = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokens.pre_tokenizer = Whitespace()
    model = SentenceTransformer(modules=[StaticEmbedding(tokens, weights)], truncate_dim=truncate_dim)
    model.save(str(folder), create_model_card=False)
    return str(folder)


@pytest.fixture
def weights() -> Vectors:
    drawn: Vectors = np.random.default_rng(1).normal(size=(5, 8)).astype(np.float32)
    return drawn


@pytest.fixture
def contacted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was contacted: nothing can be, though the libraries are not told to be offline."""
    attempts: list[str] = []

    def refuse(*args: object, **_: object) -> None:
        attempts.append(str(args))
        raise OSError("no network")

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


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


def test_a_transformer_s_vectors_are_the_library_s(bare: str) -> None:
    embedder, library = load_embedder(bare), SentenceTransformer(bare)
    expected = library.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(embedder.encode_document(TEXTS), expected, atol=1e-6)
    np.testing.assert_allclose(embedder.encode_query(TEXTS), expected, atol=1e-6)
    assert embedder.encode_query([]).shape[0] == 0


def test_a_prompt_stands_before_a_question_and_not_before_a_passage(prompted: str) -> None:
    embedder, library = load_embedder(prompted), SentenceTransformer(prompted)
    plain, asked = library.encode(["双暂停", "问双暂停"], normalize_embeddings=True)
    np.testing.assert_allclose(embedder.encode_document(["双暂停"])[0], plain, atol=1e-6)
    np.testing.assert_allclose(embedder.encode_query(["双暂停"])[0], asked, atol=1e-6)
    assert float(plain @ asked) < 0.99


def test_what_a_model_does_not_read_of_a_long_text_does_not_count(bare: str) -> None:
    longest = 64 - len(["[CLS]", "[SEP]"])
    read, beyond = load_embedder(bare).encode_document(["双" * longest, "双" * longest + "贸易"])
    np.testing.assert_allclose(read, beyond, atol=1e-6)


def test_a_model_in_half_precision_gives_unit_vectors(tmp_path: Path) -> None:
    model = save_bare(BertModel(tiny_config()).bfloat16(), tmp_path / "half")
    lengths = np.linalg.norm(load_embedder(model).encode_document(TEXTS), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


@pytest.mark.parametrize("dimension", [1, 8, 32])
def test_a_truncated_model_keeps_the_first_dimensions(prompted: str, dimension: int) -> None:
    embedder = load_embedder(prompted, dimension)
    library = SentenceTransformer(prompted, truncate_dim=dimension)
    whole = SentenceTransformer(prompted).encode_document(TEXTS)
    vectors = embedder.encode_document(TEXTS)
    np.testing.assert_allclose(vectors, unit_rows(whole[:, :dimension]), atol=1e-6)
    np.testing.assert_allclose(
        embedder.encode_query(TEXTS), library.encode_query(TEXTS, normalize_embeddings=True), atol=1e-6
    )
    assert embedder.fingerprint == f"{load_embedder(prompted).fingerprint} truncated to {dimension}"


@pytest.mark.parametrize("dimension", [1, 5, 8])
def test_a_truncated_static_model_is_the_library_s(
    tmp_path: Path, weights: Vectors, dimension: int
) -> None:
    folder = save_static(tmp_path / "static", weights)
    embedder = load_embedder(folder, dimension)
    assert isinstance(embedder, StaticEmbedder)
    library = SentenceTransformer(folder, truncate_dim=dimension)
    texts = ["a", "a b c", "d d b"]
    expected = library.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(embedder.encode_document(texts), expected, atol=1e-6)
    np.testing.assert_allclose(
        embedder.encode_query(["a b"])[0],
        unit_rows(weights[[1, 2], :dimension].mean(axis=0, keepdims=True))[0],
        atol=1e-6,
    )
    assert embedder.fingerprint == f"{load_embedder(folder).fingerprint} truncated to {dimension}"


def test_the_embedded_model_can_be_truncated(static: StaticEmbedder) -> None:
    whole, part = static.encode_query(["萨德"]), load_embedder(None, 64).encode_query(["萨德"])
    np.testing.assert_allclose(part, unit_rows(whole[:, :64]), atol=1e-6)


@pytest.mark.parametrize("dimension", [0, -1, 33])
def test_a_dimension_that_a_model_has_not_is_refused(bare: str, dimension: int) -> None:
    with pytest.raises(ModelError, match=r"to -?\d+ dimensions, it has 32; .* --truncate-dim"):
        load_embedder(bare, dimension)


@pytest.mark.parametrize("dimension", [0, 100_000])
def test_a_dimension_that_the_embedded_model_has_not_is_refused(dimension: int) -> None:
    with pytest.raises(ModelError, match="can't be truncated to"):
        load_embedder(None, dimension)


def test_a_model_saved_truncated_can_be_truncated_otherwise(tmp_path: Path, weights: Vectors) -> None:
    folder = save_static(tmp_path / "static", weights, truncate_dim=4)
    assert load_embedder(folder).encode_query(["a"]).shape == (1, 4)
    assert load_embedder(folder, 6).encode_query(["a"]).shape == (1, 6)
    with pytest.raises(ModelError, match="it has 8"):
        load_embedder(folder, 9)


@pytest.mark.parametrize("load", [SentenceEmbedder, lambda name: StaticEmbedder(Path(name), "static")])
def test_a_vector_that_is_not_finite_is_refused(
    tmp_path: Path,
    weights: Vectors,
    load: Callable[[str], SentenceEmbedder | StaticEmbedder],
) -> None:
    weights[2, 3] = np.nan
    embedder = load(save_static(tmp_path / "broken", weights))
    assert np.isfinite(embedder.encode_document(["a c"])).all()
    with pytest.raises(ModelError, match="no finite vector for 'c b'"):
        embedder.encode_document(["a", "c b"])
    with pytest.raises(ModelError, match="--model"):
        embedder.encode_query(["b"])


def test_a_sparse_model_is_refused(tmp_path: Path) -> None:
    model = SparseEncoder(save_bare(BertForMaskedLM(tiny_config()), tmp_path / "bare"))
    model.save(str(tmp_path / "sparse"), create_model_card=False)
    with pytest.raises(ModelError, match=r"a SparseEncoder model, .* --model takes dense"):
        load_embedder(str(tmp_path / "sparse"))


def test_a_model_of_many_vectors_a_text_is_refused(bare: str, tmp_path: Path) -> None:
    MultiVectorEncoder(bare).save(str(tmp_path / "many"), create_model_card=False)
    with pytest.raises(ModelError, match=r"a MultiVectorEncoder model, .* --model takes dense"):
        load_embedder(str(tmp_path / "many"))


def test_a_classifier_is_no_embedder(tmp_path: Path) -> None:
    model = save_bare(BertForSequenceClassification(tiny_config()), tmp_path / "classifier")
    with pytest.raises(ModelError, match="a BertForSequenceClassification model"):
        load_embedder(model)


def test_code_that_a_model_brings_is_never_run(prompted: str) -> None:
    folder = Path(prompted)
    (folder / "custom.py").write_text("raise SystemExit('this was run')", encoding="utf-8")
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "custom.Encoder"
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError, match=r"code of its own .* never run here.* --model"):
        load_embedder(prompted)


def test_an_architecture_that_a_model_brings_is_never_run(bare: str) -> None:
    folder = Path(bare)
    (folder / "custom.py").write_text("raise SystemExit('this was run')", encoding="utf-8")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {
        "model_type": "mine",
        "auto_map": {"AutoConfig": "custom.Mine", "AutoModel": "custom.Mine"},
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match="code of its own"):
        load_embedder(bare)


def test_a_folder_is_loaded_without_contacting_anything(prompted: str, contacted: list[str]) -> None:
    assert load_embedder(prompted).encode_query(["萨德"]).shape == (1, 32)
    assert load_embedder(prompted, 8).encode_document(["萨德"]).shape == (1, 8)
    assert contacted == []


@pytest.mark.parametrize("name", ["nobody/tiny", "tiny"])
def test_a_hub_model_that_is_here_is_loaded_without_contacting_anything(
    prompted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contacted: list[str], name: str
) -> None:
    commit, organisation = "0123456789" * 4, name.rpartition("/")[0] or "sentence-transformers"
    cached = tmp_path / "cache" / f"models--{organisation}--tiny"
    shutil.copytree(prompted, cached / "snapshots" / commit)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(commit, encoding="utf-8")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    embedder = load_embedder(name)
    folder = load_embedder(prompted)
    np.testing.assert_allclose(embedder.encode_query(TEXTS), folder.encode_query(TEXTS), atol=1e-6)
    assert embedder.fingerprint == f"{name}@{commit}"
    assert contacted == []


def test_a_hub_model_that_is_not_here_can_t_be_had_offline() -> None:
    with pytest.raises(ModelError, match=r"neither a folder nor cached here.* --model"):
        load_embedder("nobody/has-this-model")
