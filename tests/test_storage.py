from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa_bot import storage
from qa_bot.errors import IndexFolderError
from qa_bot.storage import Identity, Manifest, Origin, open_current, publish

IDENTITY = Identity("corpus", "embedder", "analysis", "settings")


def describe(files: dict[str, str]) -> Manifest:
    return Manifest(storage.FORMAT, IDENTITY, Origin("../seeds", None), 1, 2, files)


def publish_text(index: Path, content: str) -> storage.Generation:
    return publish(index, lambda folder: _write(folder, content), describe)


def _write(folder: Path, content: str) -> None:
    (folder / "a.txt").write_text(content, encoding="utf-8")


def content_of(index: Path) -> str:
    generation = open_current(index)
    assert generation is not None
    return (generation.folder / "a.txt").read_text(encoding="utf-8")


def test_nothing_is_there_before_the_first_build(tmp_path: Path) -> None:
    assert open_current(tmp_path) is None


def test_what_is_published_is_opened_with_its_manifest(tmp_path: Path) -> None:
    publish_text(tmp_path, "one")
    generation = open_current(tmp_path)
    assert generation is not None
    assert generation.manifest.identity == IDENTITY
    assert generation.manifest.origin == Origin("../seeds", None)
    # sha256 of "one", from a second implementation
    assert generation.manifest.files == {
        "a.txt": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    }


def test_the_latest_serves_and_one_older_is_kept(tmp_path: Path) -> None:
    for content in ("one", "two", "three"):
        publish_text(tmp_path, content)
    assert content_of(tmp_path) == "three"
    kept = sorted(path.read_text(encoding="utf-8") for path in tmp_path.glob("generations/*/a.txt"))
    assert kept == ["three", "two"]


def test_a_build_that_fails_leaves_the_last_good_index(tmp_path: Path) -> None:
    publish_text(tmp_path, "good")

    def fail(folder: Path) -> None:
        _write(folder, "half")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        publish(tmp_path, fail, describe)
    assert content_of(tmp_path) == "good"
    assert len(list(tmp_path.glob("generations/*"))) == 1


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = publish_text(tmp_path, "good").folder / "a.txt"
    if damage == "remove":
        path.unlink()
    else:
        path.write_text("gooe" if damage == "flip" else "go", encoding="utf-8")
    with pytest.raises(IndexFolderError, match=r"a\.txt: (damaged|missing)"):
        open_current(tmp_path)


def test_another_format_version_is_explained(tmp_path: Path) -> None:
    path = publish_text(tmp_path, "good").folder / storage.MANIFEST
    row = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**row, "format": 99}), encoding="utf-8")
    with pytest.raises(IndexFolderError, match="index format 99, this version reads 1"):
        open_current(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 1}', "null"])
def test_a_manifest_that_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    path = publish_text(tmp_path, "good").folder / storage.MANIFEST
    path.write_text(content, encoding="utf-8")
    with pytest.raises(IndexFolderError, match="missing or damaged"):
        open_current(tmp_path)


def test_a_folder_that_can_t_be_written_is_explained(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    with pytest.raises(
        IndexFolderError, match=r"can't be written .*; give another folder with --index"
    ):
        publish_text(blocked, "one")


def test_the_pointer_never_names_a_generation_that_is_not_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_text(tmp_path, "good")
    replace = os.replace

    def fail_at_the_pointer(source: Path, target: Path) -> None:
        if target.name == "CURRENT":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_at_the_pointer)
    with pytest.raises(IndexFolderError, match="No space left on device"):
        publish_text(tmp_path, "new")
    assert content_of(tmp_path) == "good"


@pytest.mark.parametrize("content", [b"", b"..", b"../../etc", b"\xff\xfe", b"a/b"])
def test_a_pointer_that_names_no_generation_is_refused(tmp_path: Path, content: bytes) -> None:
    publish_text(tmp_path, "good")
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexFolderError, match="names no generation"):
        open_current(tmp_path)


def test_what_a_killed_build_left_is_removed_and_the_one_before_is_kept(tmp_path: Path) -> None:
    publish_text(tmp_path, "one")
    (tmp_path / "generations" / "gen-killed").mkdir()
    (tmp_path / "generations" / "photos").mkdir()
    publish_text(tmp_path, "two")
    kept = sorted(path.read_text(encoding="utf-8") for path in tmp_path.glob("generations/*/a.txt"))
    assert kept == ["one", "two"]
    assert not (tmp_path / "generations" / "gen-killed").exists()
    assert (tmp_path / "generations" / "photos").exists(), "what is not ours is left alone"


def test_builders_at_once_all_succeed_and_leave_a_good_index(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: publish_text(tmp_path, str(number)), range(24)))
    assert content_of(tmp_path) in {str(number) for number in range(24)}
    assert len(list(tmp_path.glob("generations/*"))) == 2
