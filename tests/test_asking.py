"""Questions as people type them: pasted, misspelt, continued, reranked, explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa_bot.bot import QABot
from qa_bot.results import Outcome
from qa_bot.vectors import Floats

SEED = "2017-03-08-wangyi"


def text_of(bot: QABot, id: str) -> str:
    transcript = bot.transcript(id)
    assert transcript is not None
    return transcript.text


@pytest.mark.parametrize(
    "pasted",
    [
        "朝鲜暂停核导活动，美韩也暂停大规模军演",
        "“朝鲜暂停核导活动、美韩也暂停大规模军演”",
        "朝鮮暫停核導活動　美韓也暫停大規模軍演",
        "朝鲜暂停核导活动\n美韩也暂停大规模军演",
    ],
)
def test_a_pasted_quote_is_found_exactly(bot: QABot, pasted: str) -> None:
    answer = bot.ask(pasted)
    assert [citation.passage_id for citation in answer.citations] == [f"{SEED}#4.2"]
    marked = answer.citations[0].marked.of(text_of(bot, SEED))
    assert marked == "朝鲜暂停核导活动，美韩也暂停大规模军演"
    assert bot.search(pasted, 1)[0].scores["quote"] == 1.0


def test_every_passage_is_found_by_its_own_words(bot: QABot) -> None:
    for passage in bot.passages:
        if len(passage.text) <= 400:
            hit = bot.search(passage.text, 1)[0]
            assert hit.passage.text == passage.text
            assert hit.marked.of(text_of(bot, SEED)).strip("。？！”") == passage.text.strip("“。？！”")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("蒂勒孙来访谈了什么", "蒂勒森来访谈了什么"),
        ("朝鲜半到局势", "朝鲜半岛局势"),
        ("Tilerson visit", "Tillerson visit"),
    ],
)
def test_a_misspelt_name_is_put_right_and_said(bot: QABot, typed: str, meant: str) -> None:
    answer, wanted = bot.ask(typed), bot.ask(meant)
    assert (answer.question, answer.understood) == (typed, meant)
    assert answer.citations[0].passage_id == wanted.citations[0].passage_id


def test_a_question_without_a_slip_is_understood_as_it_is(bot: QABot) -> None:
    for question in ("中方怎么看韩国部署“萨德”？", "What about THAAD?", "北极问题"):
        assert bot.ask(question).understood == question


def test_a_question_is_completed_from_the_conversation(bot: QABot) -> None:
    first = bot.ask("王毅怎么看中日关系？")
    then = bot.ask("那俄罗斯呢？", history=[first.understood])
    assert then.question == "那俄罗斯呢？"
    assert "俄" in then.understood
    assert "日" not in then.understood
    assert then.citations[0].passage_id.startswith(f"{SEED}#6.")
    new = bot.ask("双暂停是什么意思？", history=[first.understood])
    assert new.understood == "双暂停是什么意思？"
    assert new.citations[0].passage_id == f"{SEED}#4.2"


def test_a_follow_up_is_not_answered_by_what_was_talked_of_before_alone(bot: QABot) -> None:
    assert not bot.ask("萨德问题").abstained
    assert bot.ask("那红烧肉呢？", history=["萨德问题"]).outcome is Outcome.NOT_FOUND
    assert not bot.ask("那朝鲜呢？", history=["中方怎么看韩国部署萨德？"]).abstained


def test_silence_names_what_the_transcripts_do_hold(bot: QABot) -> None:
    answer = bot.ask("红烧肉怎么做？")
    assert (answer.outcome, answer.citations) == (Outcome.NOT_FOUND, ())
    assert 1 <= len(answer.topics) <= 3
    for topic in answer.topics:
        assert topic.question in text_of(bot, SEED)
        assert all(passage.question == topic.question for passage in bot.find(topic.link))


def test_the_reasons_add_up_to_the_score(bot: QABot) -> None:
    for explained in bot.explain("川普上台以后中美会不会打仗", 5):
        hit = explained.hit
        assert hit == bot.search("川普上台以后中美会不会打仗", 5)[hit.rank - 1]
        assert sum(reason.score for reason in explained.reasons) == pytest.approx(hit.score, abs=0.01)
    reasons = bot.explain("川普", 1)[0].reasons
    [name] = [reason for reason in reasons if reason.entry]
    assert (name.leg, name.said) == ("bm25", "川普")
    assert "特朗普" in name.meant


class Shortest:
    """Prefers short passages, whatever is asked."""

    def scores(self, query: str, passages: Sequence[str]) -> Floats:
        return np.array([1 / len(passage) for passage in passages], dtype=np.float32)


def test_a_reranker_orders_and_silence_does_not_hang_on_it(bot: QABot, tmp_path: Path) -> None:
    reranked = QABot(tmp_path, bot._opened, bot._workshop, Shortest())
    hits = reranked.search("萨德", 5)
    lengths = [len(hit.passage.text) for hit in hits]
    assert lengths == sorted(lengths)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert hits[0].scores["rerank"] == hits[0].score == pytest.approx(1 / lengths[0])
    plain = {hit.passage.id: hit.score for hit in bot.search("萨德", 20)}
    assert all(hit.scores["hybrid"] == plain[hit.passage.id] for hit in hits)
    assert reranked.ask("红烧肉怎么做？").abstained
    assert not reranked.ask("萨德").abstained


def test_every_mark_lies_in_its_quote(bot: QABot) -> None:
    for question in ("萨德", "双暂停", "What is China's position on the South China Sea?", "为什么"):
        for hit in bot.search(question, 20):
            span = hit.passage.span
            assert span.start <= hit.marked.start < hit.marked.end <= span.end
        for citation in bot.ask(question).citations:
            assert citation.start <= citation.marked.start < citation.marked.end <= citation.end
