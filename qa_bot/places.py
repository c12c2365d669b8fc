"""Where transcripts, indexes and caches lie when nobody says where."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parent
#: The sentence-transformers model that travels in the package.
EMBEDDED_MODEL: Final = PACKAGE / "model"


def default_seeds() -> Path:
    """Return the folder of transcripts in use when none is given.

    It is `QA_BOT_SEEDS`, or `seeds` in the working folder, or the transcripts in the package.
    """
    if given := os.environ.get("QA_BOT_SEEDS"):
        return Path(given)
    # In a wheel the transcripts lie in the package, in a checkout beside it.
    packaged = PACKAGE / "seeds"
    choices = (Path("seeds"), packaged, PACKAGE.parent / "seeds")
    return next((folder for folder in choices if folder.is_dir()), packaged)


def default_index() -> Path:
    """Return the folder of the index in use when none is given.

    It is `QA_BOT_INDEX`, or `index` in a working folder that has `seeds` or `index`, or a folder
    of the user's cache.
    """
    if given := os.environ.get("QA_BOT_INDEX"):
        return Path(given)
    if Path("seeds").is_dir() or Path("index").is_dir():
        return Path("index")
    return user_cache() / "index"


def user_cache() -> Path:
    """Return the folder for what may be deleted at any time and belongs to this user alone."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(home or Path.home() / ".cache") / "qa_bot"
