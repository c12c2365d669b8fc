from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers import BertConfig, BertForSequenceClassification

from qa_bot.equipment import load_reranker
from qa_bot.errors import ModelError
from tests.test_embedders import VOCABULARY, bare, contacted, save_bare, tiny_config

__all__ = ["bare", "contacted"]

QUERY = "双暂停"
PASSAGES = ["萨德", "双暂停" * 100, "中国贸易", "", "双暂停"]


def classifier(config: BertConfig) -> BertForSequenceClassification:
    torch.manual_seed(2)
    return BertForSequenceClassification(config)


@pytest.fixture
def reranker(tmp_path: Path) -> str:
    return save_bare(classifier(tiny_config(num_labels=1)), tmp_path / "reranker")


def counting_stops() -> BertForSequenceClassification:
    """A model whose logit grows with the share of 停 among all that is read.

    Every token attends to all alike, 停 points one way and every other token another, and the head
    measures how far their mean points to 停.
    """
    model = BertForSequenceClassification(tiny_config(num_labels=1))
    one = torch.tensor([1.0, -1, 1, -1] * 8)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
        words = model.get_parameter("bert.embeddings.word_embeddings.weight")
        words[:] = torch.tensor([1.0, 1, -1, -1] * 8)
        words[VOCABULARY.index("停")] = one
        first = "bert.encoder.layer.0.attention"
        for kept in (f"{first}.self.value", f"{first}.output.dense", "bert.pooler.dense"):
            model.get_parameter(f"{kept}.weight").copy_(torch.eye(32))
        model.get_parameter("classifier.weight")[0] = one / 8
    return model


def test_scores_are_the_sigmoid_of_the_library_s_logits(reranker: str) -> None:
    scores = load_reranker(reranker).scores(QUERY, PASSAGES)
    library = CrossEncoder(reranker)
    pairs = [(QUERY, passage) for passage in PASSAGES]
    np.testing.assert_allclose(scores, library.predict(pairs), atol=1e-6)
    logits = library.predict(pairs, activation_fn=torch.nn.Identity())
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits)), atol=1e-6)
    assert scores.dtype == np.float32
    assert len(set(scores.tolist())) == len(PASSAGES)


def test_a_model_saved_to_give_logits_is_scaled_all_the_same(reranker: str, tmp_path: Path) -> None:
    raw = CrossEncoder(reranker, activation_fn=torch.nn.Identity())
    raw.save(str(tmp_path / "raw"), create_model_card=False)
    scaled = load_reranker(str(tmp_path / "raw")).scores(QUERY, PASSAGES)
    np.testing.assert_allclose(scaled, load_reranker(reranker).scores(QUERY, PASSAGES), atol=1e-6)


def test_the_passage_with_most_of_what_counts_scores_highest(tmp_path: Path) -> None:
    model = load_reranker(save_bare(counting_stops(), tmp_path / "stops"))
    passages = ["中国贸易", "停停停停", "停停贸易", "停国贸易", "停停停易"]
    scores = model.scores("停", passages)
    assert np.argsort(-scores).tolist() == [1, 4, 2, 3, 0]
    assert ((scores > 0) & (scores < 1)).all()


def test_many_passages_keep_their_order(reranker: str) -> None:
    model = load_reranker(reranker)
    many = [PASSAGES[place % len(PASSAGES)] for place in range(70)]
    few = model.scores(QUERY, PASSAGES)
    np.testing.assert_allclose(model.scores(QUERY, many), np.resize(few, 70), atol=1e-6)
    assert model.scores(QUERY, []).shape == (0,)


def test_a_model_with_several_labels_is_refused(tmp_path: Path) -> None:
    model = save_bare(classifier(tiny_config(num_labels=3)), tmp_path / "labels")
    with pytest.raises(ModelError, match=r"with 3 labels; a reranker needs one with a single label"):
        load_reranker(model)


def test_a_checkpoint_without_a_head_is_refused(bare: str) -> None:
    with pytest.raises(ModelError, match=r"a BertModel model, .* --reranker takes .* one label"):
        load_reranker(bare)


def test_an_embedding_model_is_refused(bare: str, tmp_path: Path) -> None:
    SentenceTransformer(bare).save(str(tmp_path / "dense"), create_model_card=False)
    with pytest.raises(ModelError, match=r"a SentenceTransformer model, .* --reranker takes"):
        load_reranker(str(tmp_path / "dense"))


def test_a_score_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    model = classifier(tiny_config(num_labels=1))
    torch.nn.init.constant_(model.classifier.bias, float("nan"))
    with pytest.raises(ModelError, match=r"no finite score.* --reranker"):
        load_reranker(save_bare(model, tmp_path / "broken")).scores(QUERY, PASSAGES)


def test_a_folder_is_loaded_without_contacting_anything(reranker: str, contacted: list[str]) -> None:
    assert load_reranker(reranker).scores(QUERY, PASSAGES).shape == (len(PASSAGES),)
    assert contacted == []


def test_a_folder_without_a_model_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no sentence-transformers model"):
        load_reranker(str(tmp_path))


def test_a_hub_model_that_is_not_here_can_t_be_had_offline() -> None:
    with pytest.raises(ModelError, match=r"neither a folder nor cached here.* --reranker"):
        load_reranker("nobody/has-this-model")
