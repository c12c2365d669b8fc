"""Settle where an index lies and what it is made with: what is given, else what it was made with last."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qa_bot import storage
from qa_bot.building import Workshop
from qa_bot.equipment import load_analysis, load_embedder
from qa_bot.errors import SeedsError
from qa_bot.places import default_index, default_seeds
from qa_bot.storage import Origin

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What an index is to be made with; None leaves it as it is.

    `model` is a folder or a hub's name, `lexicons` files of names and wordings beside those of the
    package, `truncate_dim` the number of the model's first dimensions to keep.
    """

    model: str | None = None
    lexicons: tuple[str, ...] | None = None
    truncate_dim: int | None = None

    @classmethod
    def given(
        cls,
        model: PathLike | None,
        lexicons: Iterable[PathLike] | None,
        truncate_dim: int | None,
    ) -> Parts:
        """Take what a caller gives, so that it means the same in any working folder.

        `QA_BOT_MODEL` names the model where none is given.
        """
        name = os.fspath(model) if model else os.environ.get("QA_BOT_MODEL") or None
        files = None if lexicons is None else tuple(str(Path(file).resolve()) for file in lexicons)
        return cls(_lasting(name), files, truncate_dim)


def settle(
    index: PathLike | None, seeds: PathLike | None, given: Parts, *, anew: bool = False
) -> tuple[Path, Origin]:
    """Return the folder of an index and where its parts come from; see `QABot.open`.

    `anew` forgets what the index was made with. Raises `SeedsError` for a folder that is not there.
    """
    folder = Path(seeds) if seeds else default_seeds()
    if seeds and not folder.is_dir():
        raise SeedsError(f"{folder}: no such folder; give the folder of your transcripts with --seeds")
    # Absolute, so that a bot finds its index from any working folder later.
    place = (Path(index) if index else default_index(folder)).absolute()
    traces = storage.last_traces(place)
    known = traces.origin if traces else None
    own = known.seeds if known and index and not seeds else _relative(folder, place)
    last = known if known and not anew else Origin(own, None)
    model = given.model or last.model
    same_size = last.truncate_dim if model == last.model else None
    return place, Origin(
        own,
        model,
        lexicons=last.lexicons if given.lexicons is None else given.lexicons,
        truncate_dim=given.truncate_dim or same_size,
    )


def workshop_of(origin: Origin) -> Workshop:
    """Load the parts that an index is made with; raises `ModelError` or `LexiconError`."""
    analysis = load_analysis([Path(file) for file in origin.lexicons])
    return Workshop(load_embedder(origin.model, origin.truncate_dim), analysis)


def _relative(folder: Path, index: Path) -> str:
    try:
        return os.path.relpath(folder.resolve(), index.resolve())
    except ValueError:  # another drive
        return str(folder.resolve())


def _lasting(model: str | None) -> str | None:
    """Return a model's name so that it means the same in any working folder."""
    return str(Path(model).resolve()) if model and Path(model).is_dir() else model
