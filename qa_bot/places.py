"""Where transcripts, indexes and caches lie when nobody says where."""

from __future__ import annotations

import getpass
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent
#: The sentence-transformers model that travels in the package.
EMBEDDED_MODEL: Final = _PACKAGE / "model"
#: The folder of lexicon files that travel in the package.
EMBEDDED_LEXICONS: Final = _PACKAGE / "lexicons"


def default_seeds() -> Path:
    """Return the folder of transcripts in use when none is given.

    It is `QA_BOT_SEEDS`, or `seeds` in the working folder, or the transcripts in the package.
    """
    if given := os.environ.get("QA_BOT_SEEDS"):
        return Path(given)
    # In a wheel the transcripts lie in the package, in a checkout beside it.
    packaged = _PACKAGE / "seeds"
    choices = (Path("seeds"), packaged, _PACKAGE.parent / "seeds")
    return next((folder for folder in choices if folder.is_dir()), packaged)


def default_index(seeds: Path) -> Path:
    """Return the folder of the index of some transcripts in use when none is given.

    It is `QA_BOT_INDEX`; or `index` beside a folder `seeds` in the working folder; or for any other
    folder of transcripts one of its own among the user's data, for it may hold what was fetched.
    """
    if given := os.environ.get("QA_BOT_INDEX"):
        return Path(given)
    if seeds.resolve() == Path("seeds").resolve():
        return Path("index")
    key = hashlib.sha256(str(seeds.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return user_data() / "indexes" / key[:16]


def user_cache() -> Path:
    """Return the folder for what may be deleted at any time and belongs to this user alone."""
    return _of_the_user("XDG_CACHE_HOME", ".cache")


def user_data() -> Path:
    """Return the folder for what is this user's and must be kept."""
    return _of_the_user("XDG_DATA_HOME", ".local/share")


def _of_the_user(variable: str, below_home: str) -> Path:
    """Return the folder that the XDG base directories name, or that of Windows."""
    if home := os.environ.get(variable) or os.environ.get("LOCALAPPDATA"):
        return Path(home) / "qa_bot"
    try:
        return Path.home() / below_home / "qa_bot"
    except RuntimeError:  # a user without a home folder
        return Path(tempfile.gettempdir()) / f"qa_bot-{getpass.getuser()}"
