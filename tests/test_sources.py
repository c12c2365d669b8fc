from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa_bot.errors import TranscriptError
from qa_bot.parsing import render
from qa_bot.sources import (
    SourceFile,
    assign_ids,
    is_below,
    key_of,
    name_of,
    read_source,
    survey,
    unused,
)

TEXT = "title: 答问\n外交部部长王毅：\n各位记者朋友，大家上午好。\n"


def put(path: Path, text: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def places(*roots: Path, index: Path) -> list[str]:
    return [file.place for file in survey(roots, index).files]


def test_an_error_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match=r"empty\.txt: the file is empty"):
        read_source(put(tmp_path / "empty.txt", ""))
    with pytest.raises(TranscriptError, match=r"gone\.txt: can't be read"):
        read_source(tmp_path / "gone.txt")
    with pytest.raises(TranscriptError, match="not a file"):
        read_source(tmp_path)


def test_a_transcript_is_read_with_its_name_as_id(tmp_path: Path) -> None:
    transcript = read_source(put(tmp_path / "2017 王毅.txt"))
    assert transcript.id == "2017-王毅"
    assert render(transcript) == TEXT
    assert read_source(tmp_path / "2017 王毅.txt", "other").id == "other"


def test_folders_are_watched_with_their_sub_folders_and_higher_files_come_first(tmp_path: Path) -> None:
    for name in ("b.txt", "2017/a.txt", "a.html", "2017/deep/c.pdf", "z.md"):
        put(tmp_path / "seeds" / name)
    assert places(tmp_path / "seeds", index=tmp_path / "index") == [
        "../seeds/a.html",
        "../seeds/b.txt",
        "../seeds/z.md",
        "../seeds/2017/a.txt",
        "../seeds/2017/deep/c.pdf",
    ]


def test_what_is_no_transcript_is_left_out(tmp_path: Path) -> None:
    for name in (
        ".hidden.txt",
        ".git/a.txt",
        "a.meta.yaml",
        "picture.png",
        "README.md",
        "index/added/b.txt",
        "notes",
    ):
        put(tmp_path / name)
    put(tmp_path / "a.txt")
    assert places(tmp_path, index=tmp_path / "index") == ["../a.txt"]
    added = tmp_path / "index" / "added"
    assert places(tmp_path, added, index=tmp_path / "index") == ["../a.txt", "added/b.txt"]


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes, and pipes files, on POSIX only")
def test_odd_files_neither_stop_nor_block_a_survey(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    os.mkfifo(tmp_path / "seeds" / "pipe.txt")
    (tmp_path / "seeds" / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    put(Path(os.fsdecode(os.fsencode(tmp_path / "seeds") + b"/\xff.txt")))
    [found] = survey([tmp_path / "seeds"], tmp_path / "index").files
    assert (found.place, found.name) == ("../seeds/\\udcff.txt", "\\udcff")
    assert read_source(found.path, found.name).text == TEXT


def test_a_file_that_two_roots_hold_is_found_once(tmp_path: Path) -> None:
    put(tmp_path / "seeds" / "sub" / "a.txt")
    roots = (tmp_path / "seeds" / "sub" / "a.txt", tmp_path / "seeds", tmp_path / "seeds" / "sub")
    [found] = survey(roots, tmp_path / "index").files
    assert (found.place, found.name) == ("../seeds/sub/a.txt", "a")


def test_nothing_that_was_added_is_skipped_for_its_name(tmp_path: Path) -> None:
    added = tmp_path / "index" / "added"
    for name in ("README.txt", "speech.doc", "speech.meta.yaml", ".speech.txt.new"):
        put(added / name)
    assert places(added, index=tmp_path / "index") == ["added/README.txt", "added/speech.doc"]


def test_what_can_t_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "seeds" / "sub" / "a.txt")
    put(tmp_path / "seeds" / "b.txt")
    scandir, stat = os.scandir, Path.stat

    def no_sub(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def no_b(self: Path, **options: bool) -> os.stat_result:
        if self.name == "b.txt":
            raise PermissionError(13, "Permission denied", str(self))
        return stat(self, **options)

    monkeypatch.setattr(os, "scandir", no_sub)
    monkeypatch.setattr(Path, "stat", no_b)
    found = survey([tmp_path / "seeds", tmp_path / "gone"], tmp_path / "index")
    # A file that can't be looked at is there all the same: reading it tells what is wrong.
    assert [file.place for file in found.files] == ["../seeds/b.txt"]
    assert found.closed == ("../seeds/sub",)


@pytest.mark.parametrize(
    ("place", "folder", "below"),
    [
        ("../seeds/a", "../seeds", True),
        ("../seeds", "../seeds", False),
        ("../seedsmore/a", "../seeds", False),
        ("../a", "..", True),
        ("../../a", "..", False),
        ("../a", "../..", True),
        ("/mnt/a", "/mnt", True),
    ],
)
def test_a_place_lies_below_a_folder(place: str, folder: str, below: bool) -> None:
    assert is_below(place, folder, Path("/home/me/index")) is below


def test_a_taken_name_gets_a_number() -> None:
    assert unused("a", {"b"}.__contains__) == "a"
    assert unused("a", {"a", "a-2"}.__contains__) == "a-3"


@pytest.mark.parametrize(
    ("below", "name"),
    [
        ("a.txt", "a"),
        ("2017 年#记者会.txt", "2017-年-记者会"),
        ("2017/03/王毅.html", "2017-03-王毅"),
        ("v1.2.txt", "v1.2"),
    ],
)
def test_an_id_hangs_on_the_file_s_own_path_only(below: str, name: str) -> None:
    assert name_of(Path("seeds") / below, Path("seeds")) == name
    assert name_of(Path("x/a b.txt"), Path("x/a b.txt")) == "a-b"


def test_a_key_changes_with_the_file_and_its_sidecar(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt")
    keys = [key_of(path)]
    put(path, TEXT + "又一段。")
    keys.append(key_of(path))
    put(tmp_path / "a.meta.yaml", "event: 记者会\n")
    keys.append(key_of(path))
    put(tmp_path / "a.meta.yaml", "event: 答问\n")
    keys.append(key_of(path))
    path.unlink()
    keys.append(key_of(path))
    assert len(set(keys)) == 5
    put(path)
    (tmp_path / "a.meta.yaml").unlink()
    assert key_of(path) == keys[0]


def test_two_files_never_share_an_id_and_keep_theirs() -> None:
    files = [SourceFile(Path(place), place, "a-b", "") for place in ("a b.txt", "a-b.txt", "a/b.txt")]
    first = assign_ids(files, {})
    assert first == {"a b.txt": "a-b", "a-b.txt": "a-b-2", "a/b.txt": "a-b-3"}
    # What came later keeps its id when what came before is gone, and a newcomer takes a free one.
    left = {place: id for place, id in first.items() if place != "a b.txt"}
    assert assign_ids(files[1:], left) == left
    new = SourceFile(Path("a#b.txt"), "a#b.txt", "a-b", "")
    assert assign_ids([new, *files[1:]], left)["a#b.txt"] == "a-b"
