"""Write text in simplified characters and half width, by OpenCC and Unicode NFKC.

Only what is indexed or embedded is changed so: a quote stays as it was published.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import opencc


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return `text` in simplified characters and half width, its case kept.

    The length may change (NFKC expands some characters), so offsets do not carry over.
    """
    # A command line's undecodable bytes arrive as lone surrogates, which OpenCC refuses.
    encodable = text.encode("utf-8", "replace").decode()
    simplified: str = _converter().convert(unicodedata.normalize("NFKC", encodable))
    return simplified


def fold(text: str) -> str:
    """Return `text` in simplified characters, half-width and lower case."""
    return simplify(text).lower()
