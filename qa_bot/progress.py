"""Show how far long work has come, to whoever is watching."""

from __future__ import annotations

from functools import partial
from typing import Final

from tqdm import tqdm

#: A bar, used as tqdm's, that appears in a terminal alone and when the work takes longer than a second.
progress: Final = partial(tqdm, delay=1.0, disable=None)
