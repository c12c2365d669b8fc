from __future__ import annotations

from qa_bot.parsing import parse_transcript
from qa_bot.records import Transcript
from qa_bot.web.examples import example_questions


def test_the_examples_are_those_written_for_the_transcript(seed: Transcript) -> None:
    assert example_questions([seed.id], {seed.id: seed}.get) == (
        "中方如何看待朝鲜半岛局势？",
        "“一带一路”高峰论坛希望取得哪些成果？",
        "对蒂勒森国务卿印象如何？",
        "中国公民在海外遇到困难怎么办？",
        "中日关系怎样才能改善？",
    )


def test_another_transcript_gives_its_journalists_short_questions(seed: Transcript) -> None:
    other = parse_transcript(
        "甲社记者：\n您好。中欧关系的前景如何？谢谢。\n外交部部长王毅：\n很好。\n乙社记者：\n短？\n王毅：\n好。\n",
        id="other",
    )
    read = {"other": other, seed.id: seed, "renamed": seed}.get
    assert example_questions(["other"], read) == ("中欧关系的前景如何？",)
    assert example_questions(["other", seed.id], read)[0] == "中方如何看待朝鲜半岛局势？"
    assert len(example_questions(["renamed", "gone"], read)) == 5


def test_no_more_transcripts_are_opened_than_examples_are_wanted_from(seed: Transcript) -> None:
    opened: list[str] = []

    def read(id: str) -> None:
        opened.append(id)

    example_questions([f"t{number}" for number in range(1000)], read)
    assert len(opened) == 12
    example_questions([seed.id, *map(str, range(9))], read)
    assert len(opened) == 12
