from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from qa_bot.errors import TranscriptError
from qa_bot.parsing import parse_transcript
from qa_bot.reconciling import Plan, forgotten, is_settled, reconcile
from qa_bot.records import Transcript
from qa_bot.sources import SourceFile
from qa_bot.storage import Source, State


def plan(files: Mapping[str, str], before: Plan | None = None, kept: tuple[Source, ...] = ()) -> Plan:
    """Reconcile files, given as text by name; a text that is `damaged` can't be read."""

    def read(path: Path, id: str) -> Transcript:
        if files[path.name] == "damaged":
            raise TranscriptError(f"{path}: not a text file")
        return parse_transcript(f"外交部部长王毅：\n{files[path.name]}。", id)

    found = [
        SourceFile(Path(name), name, Path(name).stem, f"key of {text}") for name, text in files.items()
    ]
    return reconcile(before.sources if before else (), found, kept, read)


def states(done: Plan) -> dict[str, State]:
    return {source.id: source.state for source in done.sources}


def fresh(done: Plan) -> list[str]:
    return [transcript.id for transcript in done.fresh]


def test_only_what_changed_is_read() -> None:
    first = plan({"a.txt": "甲", "b.txt": "乙"})
    assert fresh(first) == ["a", "b"]
    assert fresh(plan({"a.txt": "甲", "b.txt": "乙"}, first)) == []
    second = plan({"a.txt": "丙", "c.txt": "丁"}, first)
    assert fresh(second) == ["a", "c"]
    assert set(states(second)) == {"a", "c"}


def test_a_damaged_file_is_told_of_and_read_again_only_when_it_changes() -> None:
    first = plan({"a.txt": "damaged"})
    [source] = first.sources
    assert (source.state, source.problem) == (State.UNREADABLE, "a.txt: not a text file")
    assert plan({"a.txt": "damaged"}, first).sources == first.sources
    assert fresh(plan({"a.txt": "甲"}, first)) == ["a"]


def test_half_a_character_is_no_text() -> None:
    [source] = plan({"a.txt": "\ud800"}).sources
    assert source.state is State.UNREADABLE
    assert "half a character" in source.problem


def test_a_problem_can_always_be_written() -> None:
    [source] = plan({"\udcff.txt": "damaged"}).sources
    assert source.problem == "\\udcff.txt: not a text file"


def test_a_file_that_is_damaged_later_keeps_what_is_indexed() -> None:
    first = plan({"a.txt": "甲"})
    second = plan({"a.txt": "damaged"}, first)
    [source] = second.sources
    assert (source.state, source.key, fresh(second)) == (State.INDEXED, "key of 甲", [])
    assert source.problem == "a.txt: not a text file; what it held before is kept"
    assert plan({"a.txt": "damaged"}, second).sources == second.sources
    mended = plan({"a.txt": "甲"}, second)
    assert fresh(mended) == ["a"]
    assert mended.sources[0].problem == ""
    assert plan({}, second).sources == ()


def test_of_one_text_the_first_is_indexed_and_the_next_when_it_is_gone() -> None:
    first = plan({"a.txt": "甲", "b.txt": "甲", "c.txt": "甲"})
    assert states(first) == {"a": State.INDEXED, "b": State.DUPLICATE, "c": State.DUPLICATE}
    assert fresh(first) == ["a"]
    assert [source.twin for source in first.sources] == ["", "a", "a"]
    second = plan({"b.txt": "甲", "c.txt": "甲"}, first)
    assert states(second) == {"b": State.INDEXED, "c": State.DUPLICATE}
    assert fresh(second) == ["b"]


def test_what_is_indexed_stays_when_the_same_text_comes_before_it() -> None:
    first = plan({"b.txt": "甲"})
    second = plan({"a.txt": "甲", "b.txt": "甲"}, first)
    assert states(second) == {"a": State.DUPLICATE, "b": State.INDEXED}
    assert fresh(second) == []


def test_a_file_that_becomes_another_s_text_is_a_duplicate() -> None:
    first = plan({"a.txt": "甲", "b.txt": "乙"})
    second = plan({"a.txt": "乙", "b.txt": "乙"}, first)
    assert states(second) == {"a": State.DUPLICATE, "b": State.INDEXED}
    assert fresh(second) == []


def test_what_a_user_removed_stays_out_even_when_it_changes() -> None:
    first = plan({"a.txt": "甲"})
    removed = Plan((replace(first.sources[0], state=State.REMOVED),), ())
    second = plan({"a.txt": "乙"}, removed)
    assert (states(second), fresh(second)) == ({"a": State.REMOVED}, [])
    assert states(Plan(forgotten(second.sources), ())) == {"a": State.REMOVED}


def test_a_copy_of_what_a_user_removed_stays_out_only_while_it_is_one() -> None:
    first = plan({"a.txt": "甲", "b.txt": "甲"})
    removed = Plan(tuple(replace(s, state=State.REMOVED) for s in first.sources[1:]), ())
    assert states(plan({"b.txt": "甲"}, removed)) == {"b": State.REMOVED}
    file = SourceFile(Path("b.txt"), "b.txt", "b", "key of 甲")
    assert is_settled(removed.sources, [file], ())
    assert not is_settled(removed.sources, [replace(file, key="key of 乙")], ())
    second = plan({"b.txt": "乙"}, removed)
    assert (states(second), fresh(second)) == ({"b": State.INDEXED}, ["b"])


def test_ids_stay_when_everything_is_read_anew() -> None:
    first = plan({"a.txt": "甲", "a.html": "乙"})
    assert set(states(first)) == {"a", "a-2"}
    again = plan({"a.html": "乙"}, Plan(forgotten(first.sources), ()))
    assert fresh(again) == ["a-2"]


def test_sources_out_of_reach_stay_as_they_were() -> None:
    first = plan({"a.txt": "甲", "b.txt": "乙"})
    away = plan({"b.txt": "乙"}, first, kept=first.sources[:1])
    assert set(away.sources) == set(first.sources)
    assert fresh(away) == []


def test_settled_means_that_nothing_is_to_be_done() -> None:
    first = plan({"a.txt": "甲"})
    here = SourceFile(Path("a.txt"), "a.txt", "a", "key of 甲")
    assert is_settled(first.sources, [here], ())
    assert not is_settled(first.sources, [replace(here, key="other")], ())
    assert not is_settled(first.sources, [], ())
    assert not is_settled((), [here], ())
    assert is_settled(first.sources, [], first.sources)


def test_a_duplicate_whose_twin_is_gone_is_not_settled() -> None:
    first = plan({"a.txt": "甲", "b.txt": "甲"})
    files = [SourceFile(Path(f"{id}.txt"), f"{id}.txt", id, "key of 甲") for id in "ab"]
    assert is_settled(first.sources, files, ())
    away = plan({}, first, kept=first.sources[1:])
    assert not is_settled(away.sources, files[1:], ())
    assert is_settled(away.sources, (), away.sources)
    assert fresh(plan({"b.txt": "甲"}, away)) == ["b"]
