"""Every layout gives back what was written in it, and real-looking transcripts are read as by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.documents import document_of
from qa_bot.layouts import LAYOUTS
from qa_bot.parsing import parse_document, parse_transcript, render
from qa_bot.records import Role, Transcript
from tests.attribution import Score, gold_files, measured

SETS = Path(__file__).parent / "data" / "layouts"
FLOORS = json.loads((SETS / "floors.json").read_text(encoding="utf-8"))

QUESTIONS = (
    "请问中方对此有何评论？",
    "据报道，有关会谈将于下周举行。能否证实？",
    "第一，磋商进展如何？第二，何时公布结果？",
    "有代表说：“时间：不等人。”您怎么看？",
)
PARAGRAPHS = (
    "中方的立场是一贯的、明确的。",
    "我想强调三点：第一，和平；第二，发展；第三，合作。",
    "他在会上说：“合作的大门始终敞开。”我们完全赞同。",
    "双方商定的时间：明年三月。地点另行通知。",
    "分享发展机遇，共谋繁荣未来。",
    "版权所有者的权利，我们一贯保护。",
    "第一点：坚持对话。",
    "这个问题，你可以问美方。",
)
OUTLETS = ("新华社", "路透社", "中国日报", "凤凰卫视", "总台央视")


@dataclass(frozen=True)
class Asked:
    outlet: str
    question: str
    answer: tuple[str, ...]


SESSIONS = st.lists(
    st.builds(
        Asked,
        st.sampled_from(OUTLETS),
        st.sampled_from(QUESTIONS),
        st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=4).map(tuple),
    ),
    min_size=2,
    max_size=6,
)


def block(label: str, paragraphs: tuple[str, ...], end: str = "") -> str:
    return label + "\n\n".join(paragraphs) + end


def written(session: list[Asked], asker: str, official: str, end: str = "") -> str:
    rows = [
        f"{block(asker.format(outlet=each.outlet), (each.question,), end)}\n\n"
        f"{block(official, each.answer, end)}"
        for each in session
    ]
    return "外交部发言人沈若兰主持例行记者会\n\n" + "\n\n".join(rows) + "\n"


def running(session: list[Asked]) -> str:
    return "".join(
        f"{each.outlet}记者：{each.question}沈若兰：{''.join(each.answer)}" for each in session
    )


def table(session: list[Asked]) -> str:
    rows = [
        row
        for each in session
        for row in (
            f"| 10:01 | {each.outlet}记者 | {each.question} |",
            f"| 10:02 | 沈若兰 | {''.join(each.answer)} |",
        )
    ]
    return "| 时间 | 发言人 | 内容 |\n|---|---|---|\n" + "\n".join(rows)


def set_off(session: list[Asked]) -> str:
    rows = [f"**{each.question}**\n\n" + "\n\n".join(each.answer) for each in session]
    return "外交部发言人沈若兰主持例行记者会\n\n" + "\n\n".join(rows)


WRITERS: dict[str, Callable[[list[Asked]], str]] = {
    "own-line": lambda s: written(s, "{outlet}记者：\n", "外交部发言人沈若兰：\n"),
    "leading": lambda s: written(s, "{outlet}记者：", "沈若兰："),
    "question-answer": lambda s: written(s, "问：", "答："),
    "bracketed": lambda s: written(s, "[{outlet}记者]:", "[沈若兰]:", "[10:37]"),
    "headed": lambda s: written(s, "### {outlet}记者：\n", "### 沈若兰：\n"),
    "running": running,
    "tabular": table,
    "set-off": set_off,
}
NO_OUTLET = {"question-answer", "set-off"}
#: In these the paragraphs of an answer stand on one line.
JOINED = {"running", "tabular"}


def said(transcript: Transcript) -> list[tuple[str, str, list[str]]]:
    """Who says what: a speaker who goes on without a label is one."""
    rows: list[tuple[str, str, list[str]]] = []
    for turn in transcript.turns:
        lines = [line.strip() for line in turn.words.of(transcript.text).splitlines() if line.strip()]
        who = (turn.role.value, turn.speaker.outlet or turn.speaker.name or "")
        if rows and rows[-1][:2] == who and not len(turn.label):
            rows[-1][2].extend(lines)
        else:
            rows.append((*who, lines))
    return rows


@pytest.mark.parametrize("layout", WRITERS)
@given(session=SESSIONS)
def test_what_is_written_in_a_layout_is_read_from_it(layout: str, session: list[Asked]) -> None:
    document = document_of(WRITERS[layout](session).encode(), "a.md")
    transcript = parse_document(document)
    expected = []
    for each in session:
        outlet = "" if layout in NO_OUTLET else each.outlet
        answer = ["".join(each.answer)] if layout in JOINED else list(each.answer)
        expected += [("journalist", outlet, [each.question.strip()]), ("official", "沈若兰", answer)]
    assert [
        (r, who, [line.strip("*") for line in lines]) for r, who, lines in said(transcript)
    ] == expected
    assert render(transcript) == document.text
    # The first label of a line that holds them all stands at its beginning.
    first = {"leading"} if layout == "running" else set()
    assert {use.layout for use in transcript.layouts} == {layout} | first
    assert len(transcript.exchanges) == len(session)


def test_every_layout_is_written_or_has_a_file_of_its_own() -> None:
    assert set(LAYOUTS) - set(WRITERS) == {"reported", "period"}


def test_a_question_told_after_the_session_is_an_exchange() -> None:
    text = (
        "外交部发言人姜予主持例行记者会\n\n问：会晤何时举行？\n\n答：四月。\n\n"
        "会后，有记者问：也门局势如何？\n\n姜予表示：我们希望对话。\n"
    )
    transcript = parse_transcript(text)
    assert [each.question.words.of(text) for each in transcript.exchanges] == [
        "会晤何时举行？",
        "也门局势如何？",
    ]
    assert transcript.exchanges[1].answers[0].words.of(text) == "我们希望对话。"
    assert transcript.exchanges[1].answers[0].speaker.name == "姜予"


def test_a_full_stop_stands_for_the_colon_where_several_questions_have_it() -> None:
    text = "The President's News Conference\n\nQ. Does it apply to arms?\n\nThe President. It does not.\n\nQ. When?\n\nThe President. In May. Every year.\n"
    transcript = parse_transcript(text)
    assert [turn.words.of(text) for turn in transcript.turns] == [
        "Does it apply to arms?", "It does not.", "When?", "In May. Every year.",
    ]  # fmt: skip
    assert [turn.role for turn in transcript.turns[:2]] == [Role.JOURNALIST, Role.OFFICIAL]


@pytest.mark.parametrize("name", FLOORS)
def test_whole_transcripts_are_read_as_by_hand(name: str) -> None:
    score = sum((measured(path) for path in gold_files(SETS / name)), Score())
    floor = FLOORS[name]
    assert score.files == floor["files"]
    assert score.share >= floor["characters"]
    assert score.mispaired <= floor["mispaired"]
    assert score.unpaired <= floor["unpaired"]
    assert score.dates >= floor["dates"]
    assert score.titles >= floor["titles"]
