from __future__ import annotations

import io
from typing import Final

import pytest

from qa_bot.progress import progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


WATCHED: Final = {True: _Terminal, False: io.StringIO}


@pytest.mark.parametrize("watched", [True, False])
def test_a_bar_is_for_a_terminal_alone(watched: bool) -> None:
    bar = progress([1, 2], file=WATCHED[watched]())
    assert bar.disable is not watched
    assert list(bar) == [1, 2]
