from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa_bot import storage
from qa_bot.errors import IndexFolderError
from qa_bot.storage import Identity, Manifest, Origin, SegmentRow, Source, State

IDENTITY = Identity("embedder", "analysis", "settings")
SOURCE = Source("../seeds/a.txt", "a", State.INDEXED, "key", "key", "text")


def manifest_of(*rows: SegmentRow) -> Manifest:
    return Manifest(storage.FORMAT, IDENTITY, Origin("../seeds", None), (SOURCE,), rows)


def publish_text(index: Path, content: str) -> Manifest:
    with storage.writing(index):
        manifest = manifest_of(storage.write_segment(index, lambda folder: _write(folder, content)))
        storage.publish(index, manifest)
    return manifest


def _write(folder: Path, content: str) -> None:
    (folder / "a.txt").write_text(content, encoding="utf-8")


def content_of(index: Path) -> str:
    manifest = storage.open_current(index)
    assert manifest is not None
    [row] = manifest.segments
    storage.check_segment(index, row)
    return (storage.segment_folder(index, row.name) / "a.txt").read_text(encoding="utf-8")


def texts_of(index: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8") for path in index.glob("segments/*/a.txt"))


def manifest_path(index: Path) -> Path:
    [path] = index.rglob(storage.MANIFEST)
    return path


def test_nothing_is_there_before_the_first_build(tmp_path: Path) -> None:
    assert storage.open_current(tmp_path) is None
    assert storage.last_traces(tmp_path) is None


def test_what_is_published_is_opened(tmp_path: Path) -> None:
    published = publish_text(tmp_path, "one")
    assert storage.open_current(tmp_path) == published
    # sha256 of "one", from a second implementation
    assert published.segments[0].files == {
        "a.txt": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    }


def test_the_latest_serves_and_one_older_is_kept(tmp_path: Path) -> None:
    for content in ("one", "two", "three"):
        publish_text(tmp_path, content)
    assert content_of(tmp_path) == "three"
    assert texts_of(tmp_path) == ["three", "two"]
    assert len(list(tmp_path.glob("generations/*"))) == 2


def test_generations_share_segments(tmp_path: Path) -> None:
    shared = publish_text(tmp_path, "shared").segments[0]
    for content in ("two", "three", "four"):
        with storage.writing(tmp_path):
            row = storage.write_segment(tmp_path, lambda folder, text=content: _write(folder, text))  # type: ignore[misc]
            storage.publish(tmp_path, manifest_of(shared, row))
    assert texts_of(tmp_path) == ["four", "shared", "three"]


def test_a_segment_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    publish_text(tmp_path, "good")

    def fail(folder: Path) -> None:
        _write(folder, "half")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"), storage.writing(tmp_path):
        storage.write_segment(tmp_path, fail)
    assert content_of(tmp_path) == "good"
    assert texts_of(tmp_path) == ["good"]


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    [row] = publish_text(tmp_path, "good").segments
    path = storage.segment_folder(tmp_path, row.name) / "a.txt"
    if damage == "remove":
        path.unlink()
    else:
        path.write_text("gooe" if damage == "flip" else "go", encoding="utf-8")
    with pytest.raises(IndexFolderError, match=r"a\.txt: (damaged|missing)"):
        storage.check_segment(tmp_path, row)


def test_another_format_version_is_explained_and_its_origin_is_read(tmp_path: Path) -> None:
    publish_text(tmp_path, "good")
    row = {"format": 1, "identity": {}, "origin": {"seeds": "../mine", "model": None}, "files": {}}
    manifest_path(tmp_path).write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(IndexFolderError, match="index format 1, this version reads 3"):
        storage.open_current(tmp_path)
    traces = storage.last_traces(tmp_path)
    assert traces is not None
    assert traces.origin == Origin("../mine", None)
    assert traces.sources == ()


def test_what_is_known_of_the_sources_outlives_a_damaged_pointer(tmp_path: Path) -> None:
    publish_text(tmp_path, "good")
    (tmp_path / "CURRENT").unlink()
    traces = storage.last_traces(tmp_path)
    assert traces is not None
    assert traces.sources == (SOURCE,)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"format": 3}', b"null", b"\x8c{}", b"2"])
def test_a_manifest_that_is_no_manifest_is_refused(tmp_path: Path, content: bytes) -> None:
    publish_text(tmp_path, "good")
    manifest_path(tmp_path).write_bytes(content)
    with pytest.raises(IndexFolderError, match="missing or damaged"):
        storage.open_current(tmp_path)
    assert storage.last_traces(tmp_path) is None


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
    monkeypatch.undo()
    publish_text(tmp_path, "newer")
    assert texts_of(tmp_path) == ["good", "newer"]


@pytest.mark.parametrize("content", [b"", b"..", b"../../etc", b"\xff\xfe", b"a/b"])
def test_a_pointer_that_names_no_generation_is_refused(tmp_path: Path, content: bytes) -> None:
    publish_text(tmp_path, "good")
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexFolderError, match="names no generation"):
        storage.open_current(tmp_path)


def test_what_a_killed_writer_left_is_removed_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    publish_text(tmp_path, "one")
    for name in ("generations/gen-killed", "segments/seg-killed", "segments/photos", "added"):
        (tmp_path / name).mkdir()
    (tmp_path / "added" / "a.html").write_text("original", encoding="utf-8")
    publish_text(tmp_path, "two")
    assert texts_of(tmp_path) == ["one", "two"]
    assert not (tmp_path / "generations" / "gen-killed").exists()
    assert not (tmp_path / "segments" / "seg-killed").exists()
    assert (tmp_path / "segments" / "photos").exists()
    assert (tmp_path / "added" / "a.html").exists()


def test_writers_at_once_all_succeed_and_leave_a_good_index(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: publish_text(tmp_path, str(number)), range(24)))
    assert content_of(tmp_path) in {str(number) for number in range(24)}
    assert len(list(tmp_path.glob("generations/*"))) == 2
