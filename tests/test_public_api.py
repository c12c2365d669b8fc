from __future__ import annotations

import inspect

import pytest

import qa_bot


def test_all_is_sorted_and_every_name_is_there() -> None:
    assert list(qa_bot.__all__) == sorted(qa_bot.__all__) == dir(qa_bot)
    assert all(getattr(qa_bot, name) is not None for name in qa_bot.__all__)


def test_everything_public_is_documented() -> None:
    for name in qa_bot.__all__:
        assert inspect.getdoc(getattr(qa_bot, name)), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'answer_me'"):
        qa_bot.answer_me  # noqa: B018


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (qa_bot.ask, ["question", "k", "filters", "history"]),
        (qa_bot.search, ["query", "k", "filters"]),
        (qa_bot.build_index, ["seeds", "index", "model", "lexicons", "truncate_dim"]),
        (
            qa_bot.QABot.open,
            ["index", "seeds", "model", "lexicons", "truncate_dim", "reranker"],
        ),
        (qa_bot.QABot.ask, ["self", "question", "k", "filters", "history"]),
        (qa_bot.QABot.search, ["self", "query", "k", "filters"]),
        (qa_bot.QABot.explain, ["self", "query", "k", "filters"]),
    ],
)
def test_signatures_stay(function: object, parameters: list[str]) -> None:
    assert list(inspect.signature(function).parameters) == parameters  # type: ignore[arg-type]
