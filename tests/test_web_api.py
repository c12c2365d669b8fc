"""What programs meet: `/ask` and `/search`, their filters, and errors in words."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa_bot.answering import not_found
from qa_bot.bot import QABot
from qa_bot.filters import Filters
from qa_bot.reports import answer_json, hit_json
from qa_bot.web.page import CONCURRENCY
from tests.web_visitor import (
    KOREA,
    NONSENSE,
    THAAD,
    THEN_KOREA,
    Failing,
    Meeting,
    address,  # noqa: F401 - fixtures
    called,  # noqa: F401
    serving,  # noqa: F401
)

REUTERS: dict[str, Any] = {"outlet": ["路透"], "since": "2017", "until": "2017-03-08"}
FILTERS = Filters(outlet=("路透",), since="2017", until="2017-03-08")


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False)


def test_programs_find_two_endpoints(client: Client) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)
    assert list(endpoints["named_endpoints"]) == ["/ask", "/search"]
    assert endpoints["unnamed_endpoints"] == {}
    for name, endpoint in endpoints["named_endpoints"].items():
        optional = {
            each["parameter_name"]: each["parameter_default"] for each in endpoint["parameters"]
        }
        optional.pop("question", None) or optional.pop("query", None)
        named = ("transcript", "event", "speaker", "outlet", "since", "until")
        more = {"history": None} if name == "/ask" else {}
        assert optional == {**dict.fromkeys(named), "k": optional["k"], **more}


def test_programs_get_what_python_gets(client: Client, bot: QABot) -> None:
    for question in (KOREA, NONSENSE):
        assert client.predict(question, api_name="/ask") == answer_json(bot.ask(question))
        hits = [hit_json(hit) for hit in bot.search(question)]
        assert client.predict(question, api_name="/search") == hits


def test_programs_filter_as_python_does(client: Client, bot: QABot) -> None:
    said = client.predict(KOREA, **REUTERS, k=1, api_name="/ask")
    assert said == answer_json(bot.ask(KOREA, 1, FILTERS))
    assert len(said["citations"]) == 1
    found = client.predict(KOREA, **REUTERS, k=2, api_name="/search")
    assert found == [hit_json(hit) for hit in bot.search(KOREA, 2, FILTERS)]
    assert {hit["outlet"] for hit in found} == {"路透社"}
    assert client.predict(KOREA, since="2018", api_name="/search") == []
    assert client.predict(KOREA, since="2018", api_name="/ask")["abstained"]


@pytest.mark.parametrize("endpoint", ["/ask", "/search"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "yesterday"}, "since: 'yesterday' is no date"),
        ({"until": "2017-13"}, "until: '2017-13' is no date"),
        ({"since": 2017}, "since must be a string"),
        ({"speaker": "王毅"}, "speaker must be a list of strings"),
        ({"outlet": [5]}, "outlet must be a list of strings"),
        ({"event": [" "]}, "event: a filter must not be blank"),
        ({"k": 0}, "k must be a whole number from 1 to 100"),
        ({"k": True}, "k must be a whole number"),
        ({"k": "3"}, "k must be a whole number"),
    ],
)
def test_what_a_program_gives_wrong_is_said(
    client: Client, endpoint: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(KOREA, **given, api_name=endpoint)
    with pytest.raises(AppError, match="must be a string"):
        client.predict(5, api_name=endpoint)


def test_programs_continue_a_conversation(client: Client, bot: QABot) -> None:
    said = client.predict(THEN_KOREA, history=[THAAD], api_name="/ask")
    assert said == answer_json(bot.ask(THEN_KOREA, history=[THAAD]))
    assert said["understood"] == bot.ask(THEN_KOREA, history=[THAAD]).understood != THEN_KOREA
    assert client.predict(THEN_KOREA, history=[], api_name="/ask")["understood"] == THEN_KOREA


def test_programs_get_marks_and_topics(client: Client, bot: QABot) -> None:
    said = client.predict(KOREA, api_name="/ask")
    marks = [cited["marked"] for cited in said["citations"]]
    assert marks == [
        {"start": cited.marked.start, "end": cited.marked.end} for cited in bot.ask(KOREA).citations
    ]
    topics = client.predict(NONSENSE, api_name="/ask")["topics"]
    assert topics == [asdict(topic) for topic in bot.ask(NONSENSE).topics]
    assert 1 <= len(topics) <= 3


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ("萨德", "history must be a list of strings"),
        ([5], "history must be a list of strings"),
        ([None], "history must be a list of strings"),
        ({"0": "萨德"}, "history must be a list of strings"),
        (["问"] * 51, "history must hold at most 50 questions"),
        (["问" * 2001], "A question in history must have at most 2,000 characters"),
    ],
)
def test_a_history_that_is_none_is_refused(client: Client, history: object, said: str) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(KOREA, history=history, api_name="/ask")


def test_the_longest_history_is_taken(client: Client, bot: QABot) -> None:
    longest = ["问" * 2000] * 50
    said = client.predict(KOREA, history=longest, api_name="/ask")
    assert said == answer_json(bot.ask(KOREA, history=longest))


def test_an_error_reaches_a_program_as_an_error(serving: Callable[..., str]) -> None:
    client = Client(serving(Failing()), verbose=False)
    with pytest.raises(AppError, match="could not be answered"):
        client.predict(KOREA, api_name="/ask")
    assert client.predict(KOREA, api_name="/ask")["reason"] == not_found(KOREA)


def test_questions_are_answered_side_by_side(serving: Callable[..., str]) -> None:
    client = Client(serving(Meeting(CONCURRENCY)), verbose=False)
    jobs = [client.submit(KOREA, api_name="/ask") for _ in range(CONCURRENCY)]
    assert [job.result()["question"] for job in jobs] == [KOREA] * CONCURRENCY
