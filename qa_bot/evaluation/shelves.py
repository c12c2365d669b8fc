"""Find the transcripts that questions are asked of, and index them for as long as they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

from qa_bot.building import Workshop, add_segments
from qa_bot.collection import Collection
from qa_bot.errors import EvaluationError
from qa_bot.evaluation.questions import Source
from qa_bot.passages import cut_passages
from qa_bot.records import Transcript
from qa_bot.sources import files_below, name_of, read_source


def read_transcripts(sources: Iterable[Source], seeds: Path) -> dict[str, Transcript]:
    """Read every transcript that a question is asked of from a folder, by its id.

    An id is a file's name without the ending, or its path in the folder as `qa-bot list` shows it.
    Raises `EvaluationError`, naming the question's line, for one that isn't there and for a passage
    that its transcript does not have.
    """
    if not seeds.is_dir():
        raise EvaluationError(
            f"{seeds}: no such folder; give the folder of the transcripts with --seeds"
        )
    files = _files_by_id(seeds.resolve())
    transcripts: dict[str, Transcript] = {}
    passages: dict[str, frozenset[str]] = {}
    for source in sources:
        id = source.transcript
        if id not in transcripts:
            transcripts[id] = read_source(_the_file(source, files, seeds), id)
            passages[id] = frozenset(passage.id for passage in cut_passages(transcripts[id]))
        if absent := sorted(source.relevant - passages[id]):
            hint = (
                f"qa-bot parse shows them; its last is {max(passages[id], key=_place, default='none')}"
            )
            raise source.row.error(f"no passage {absent[0]}", hint)
    return transcripts


@contextmanager
def collected(transcripts: Sequence[Transcript], workshop: Workshop) -> Iterator[Collection]:
    """Index transcripts in a temporary folder, which is gone when the block ends."""
    # On Windows a file that is mapped can't be removed; the system clears it away later.
    with TemporaryDirectory(prefix="qa_bot-", ignore_cleanup_errors=True) as folder:
        parts = add_segments(Path(folder), transcripts, workshop)
        yield Collection(parts, {}, workshop.embedder, workshop.analysis)


def groups(ids: Iterable[str], together: bool) -> list[list[str]]:
    """Return which transcripts are asked at once: each alone, or all."""
    distinct = list(dict.fromkeys(ids))
    return [distinct] if together else [[id] for id in distinct]


def _files_by_id(root: Path) -> dict[str, list[Path]]:
    files: dict[str, list[Path]] = {}
    for path in files_below(root, root)[0]:
        for id in {name_of(path, root), name_of(path, path)}:
            files.setdefault(id, []).append(path)
    return files


def _the_file(source: Source, files: dict[str, list[Path]], seeds: Path) -> Path:
    found = files.get(source.transcript, [])
    if len(found) > 1:
        problem = f"{found[0]} and {found[1]} are both called {source.transcript}"
        raise source.row.error(problem, "rename one, or name it with its folder")
    if not found:
        near = get_close_matches(source.transcript, files, n=1)
        hint = f"did you mean {near[0]}?" if near else "put it there, or give its folder with --seeds"
        raise source.row.error(f"no transcript {source.transcript} in {seeds}", hint)
    return found[0]


def _place(passage: str) -> tuple[int, ...]:
    return tuple(map(int, passage.rpartition("#")[2].split(".")))
