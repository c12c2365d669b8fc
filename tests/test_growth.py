"""A collection that grew gives what a fresh build of the same transcripts gives, and embeds only what is new."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot import building, joining, storage
from qa_bot.building import Workshop
from qa_bot.collection import Collection
from qa_bot.equipment import load_analysis
from qa_bot.errors import IndexFolderError
from qa_bot.retrieval import Mode
from qa_bot.storage import Origin
from qa_bot.updating import Change, Opened, open_index, update_index
from tests.doubles import PLAIN, PairEmbedder

ORIGIN = Origin("../seeds", None)
WORDS = "萨德 半岛 南海 火星 合作 贸易 妇女 记者 中国 欧洲 非洲 选举 关税 导弹 和平 谈判".split()
#: Words are parted by blanks, so that tests need no dictionary.


def workshop() -> Workshop:
    return Workshop(PairEmbedder(), PLAIN)


def text_of(seed: int) -> str:
    """A transcript of two exchanges whose words hang on nothing but the seed."""
    chosen = random.Random(seed)
    words = [" ".join(chosen.choices(WORDS, k=chosen.randint(2, 9))) for _ in range(6)]
    return (
        f"外交部部长王毅：\n{words[0]}。\n新华社记者：\n{words[1]}？\n王毅：\n{words[2]}。\n{words[3]}。\n"
        f"路透社记者：\n{words[4]}？\n王毅：\n{words[5]}。\n"
    )


def collection_of(opened: Opened, tools: Workshop) -> Collection:
    return Collection(opened.parts, {}, tools.embedder, tools.analysis)


def answers(collection: Collection, tools: Workshop) -> list[list[tuple[str, float]]]:
    """Every word's ranking by each leg and both, as passage ids with scores."""
    return [
        [
            (collection.passage_at(found.position).id, found.score)
            for found in collection.retriever.search(tools.analysis.query(query), 50, mode)
        ]
        for query in (*WORDS[:8], "萨德 半岛 和平", "火星 不知道")
        for mode in Mode
    ]


STEPS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=25)
@given(STEPS)
def test_any_way_of_growing_ends_where_a_fresh_build_does(steps: list[tuple[str, int, bool]]) -> None:
    with TemporaryDirectory() as temporary:
        seeds = Path(temporary) / "seeds"
        seeds.mkdir()
        tools = workshop()
        (seeds / "first.txt").write_text(text_of(99), encoding="utf-8")
        grown = open_index(Path(temporary) / "grown", ORIGIN, tools)
        for name, seed, stays in steps:
            path = seeds / f"{name}.txt"
            if stays:
                path.write_text(f"{text_of(seed)}\n{name}", encoding="utf-8")
            else:
                path.unlink(missing_ok=True)
            grown = open_index(Path(temporary) / "grown", ORIGIN, tools)
        fresh = open_index(Path(temporary) / "fresh", ORIGIN, tools)
        one, other = collection_of(grown, tools), collection_of(fresh, tools)
        assert one.entries == other.entries
        for left, right in zip(answers(one, tools), answers(other, tools), strict=True):
            assert [id for id, _ in left] == [id for id, _ in right]
            assert [score for _, score in left] == pytest.approx(
                [score for _, score in right], rel=1e-6
            )
        for position in range(len(one)):
            assert one.passage_at(position) == other.passage_at(position)
            assert one.passage_at(position).text == other.passage_at(position).text


def test_adding_one_of_many_embeds_its_passages_only(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(40):
        (seeds / f"t{number:02}.txt").write_text(text_of(number), encoding="utf-8")
    built = open_index(tmp_path / "index", ORIGIN, workshop())
    assert len(built.report.added) == 40
    assert built.report.embedded == 160
    (seeds / "new.txt").write_text(text_of(1000), encoding="utf-8")
    tools = workshop()
    grown = open_index(tmp_path / "index", ORIGIN, tools)
    assert (grown.report.added, grown.report.unchanged, grown.report.embedded) == (("new",), 40, 4)
    [embedder] = [tools.embedder]
    assert isinstance(embedder, PairEmbedder)
    words = set("".join(text_of(1000).split()))
    assert all(set("".join(text.split())) <= words for text in embedder.embedded)
    (seeds / "t07.txt").write_text(text_of(1001), encoding="utf-8")
    changed = open_index(tmp_path / "index", ORIGIN, workshop())
    assert (changed.report.changed, changed.report.unchanged, changed.report.embedded) == (
        ("t07",),
        40,
        4,
    )
    (seeds / "t08.txt").unlink()
    removed = open_index(tmp_path / "index", ORIGIN, workshop())
    assert (removed.report.removed, removed.report.embedded) == (("t08",), 0)


def test_segments_stay_few_and_joining_embeds_nothing(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    tools = workshop()
    for number in range(30):
        (seeds / f"t{number:02}.txt").write_text(text_of(number), encoding="utf-8")
        opened = open_index(tmp_path / "index", ORIGIN, tools)
        assert opened.report.embedded == 4
        assert len(opened.parts) <= 9
    assert len(list((tmp_path / "index" / "segments").iterdir())) <= 2 * 9


def test_a_large_collection_is_made_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(9):
        (seeds / f"t{number}.txt").write_text(text_of(number), encoding="utf-8")
    tools = workshop()
    whole = collection_of(open_index(tmp_path / "whole", ORIGIN, tools), tools)
    monkeypatch.setattr(building, "MOST_CHARACTERS", 300)
    monkeypatch.setattr(joining, "MOST_CHARACTERS", 300)
    batched = open_index(tmp_path / "batched", ORIGIN, tools)
    assert len(batched.parts) > 3
    assert answers(collection_of(batched, tools), tools) == answers(whole, tools)


def test_a_part_mostly_dead_is_written_again(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(5):
        (seeds / f"t{number}.txt").write_text(text_of(number), encoding="utf-8")
    open_index(tmp_path / "index", ORIGIN, workshop())
    for number in range(3):
        (seeds / f"t{number}.txt").unlink()
    opened = open_index(tmp_path / "index", ORIGIN, workshop())
    assert [entry.id for part in opened.parts for entry in part.segment.entries] == ["t3", "t4"]
    assert opened.report.embedded == 0


def test_everything_is_embedded_anew_when_asked_or_when_the_model_changes(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(text_of(1), encoding="utf-8")
    open_index(tmp_path / "index", ORIGIN, workshop())
    again = update_index(tmp_path / "index", ORIGIN, workshop(), Change(anew=True))
    assert again.report.embedded == 4
    other = Workshop(PairEmbedder("other"), PLAIN)
    assert open_index(tmp_path / "index", ORIGIN, other).report.embedded == 4
    assert open_index(tmp_path / "index", ORIGIN, other).report.embedded == 0


def test_the_load_analysis_grows_alike(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    tools = Workshop(PairEmbedder(), load_analysis())
    for number in range(6):
        (tmp_path / "seeds" / f"t{number}.txt").write_text(text_of(number), encoding="utf-8")
        grown = open_index(tmp_path / "index", ORIGIN, tools)
    fresh = open_index(tmp_path / "fresh", ORIGIN, tools)
    assert answers(collection_of(grown, tools), tools) == answers(collection_of(fresh, tools), tools)


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """An index whose transcript `a` was removed, with its copy `b` beside it, and `c` left."""
    (tmp_path / "seeds").mkdir()
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / "seeds" / f"{name}.txt").write_text(text_of(seed), encoding="utf-8")
    index = tmp_path / "index"
    open_index(index, ORIGIN, workshop())
    update_index(index, ORIGIN, workshop(), Change(removed=("a",)))
    return index


def living(opened: Opened) -> list[str]:
    return sorted(entry.id for part in opened.parts for entry in part.living)


def test_what_was_removed_stays_out_with_its_copy(twins: Path) -> None:
    assert living(open_index(twins, ORIGIN, workshop())) == ["c"]
    assert living(update_index(twins, ORIGIN, workshop(), Change(anew=True))) == ["c"]


def test_a_copy_of_what_was_removed_comes_in_when_it_holds_something_else(twins: Path) -> None:
    (twins.parent / "seeds" / "b.txt").write_text(text_of(3), encoding="utf-8")
    assert living(open_index(twins, ORIGIN, workshop())) == ["b", "c"]


@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize("seed", [1, 3])
def test_naming_what_was_removed_or_its_copy_brings_it_back(twins: Path, name: str, seed: int) -> None:
    path = twins.parent / "seeds" / f"{name}.txt"
    path.write_text(text_of(seed), encoding="utf-8")
    back = update_index(twins, ORIGIN, workshop(), Change(added=(path,)))
    assert living(back) == sorted([name, "c"])


def test_a_removed_file_that_changes_comes_back_only_when_it_is_named(twins: Path) -> None:
    path = twins.parent / "seeds" / "a.txt"
    path.write_text(text_of(3), encoding="utf-8")
    assert living(open_index(twins, ORIGIN, workshop())) == ["c"]
    assert living(update_index(twins, ORIGIN, workshop(), Change(added=(path,)))) == ["a", "c"]


def test_the_removed_text_may_come_in_from_another_place(twins: Path) -> None:
    path = twins.parent / "copy.txt"
    path.write_text(text_of(1), encoding="utf-8")
    back = update_index(twins, ORIGIN, workshop(), Change(added=(path,)))
    assert living(back) == ["c", "copy"]


def full_disk(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def read_only(*_: object) -> NoReturn:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    ("place", "name", "failure"),
    [
        (storage, "write_whole", full_disk),
        (np, "save", full_disk),
        (storage, "FileLock", read_only),
    ],
)
def test_an_index_that_can_t_be_written_answers_as_it_was_last(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: object,
    name: str,
    failure: Callable[..., NoReturn],
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(text_of(1), encoding="utf-8")
    tools = workshop()
    before = open_index(tmp_path / "index", ORIGIN, tools)
    with monkeypatch.context() as patched:
        patched.setattr(place, name, failure)
        settled = open_index(tmp_path / "index", ORIGIN, tools)
        assert (settled.report.problems, caplog.text) == ((), "")
        (tmp_path / "seeds" / "b.txt").write_text(text_of(2), encoding="utf-8")
        kept = open_index(tmp_path / "index", ORIGIN, tools)
        [problem] = kept.report.problems
        assert "the index can't be written" in problem
        assert problem.endswith("; what was indexed before answers")
        assert problem in caplog.text
        assert (living(kept), kept.written) == (["a"], False)
        assert answers(collection_of(kept, tools), tools) == answers(
            collection_of(before, tools), tools
        )
    assert living(open_index(tmp_path / "index", ORIGIN, tools)) == ["a", "b"]


def test_an_index_that_can_t_be_written_never_answers_for_another_model_or_other_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("seeds", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(text_of(1), encoding="utf-8")
    open_index(tmp_path / "index", ORIGIN, workshop())
    monkeypatch.setattr(storage, "FileLock", read_only)
    with pytest.raises(IndexFolderError, match="can't be written"):
        open_index(tmp_path / "index", ORIGIN, Workshop(PairEmbedder("other"), PLAIN))
    with pytest.raises(IndexFolderError, match="can't be written"):
        open_index(tmp_path / "index", Origin("../other", None), workshop())
