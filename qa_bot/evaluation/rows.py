"""Read the lines and the tab-separated rows of files that people write, naming the line in errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa_bot.errors import EvaluationError
from qa_bot.text import shortened

_EXCERPT_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line by column; `place` names its file and line."""

    place: str
    cells: Mapping[str, str]

    def filled(self, column: str) -> str:
        """Return a cell without blanks around it; raises `EvaluationError` when nothing is in it."""
        value = self.cells[column].strip()
        if not value:
            raise self.error(f"nothing in column {column}", "fill it")
        return value

    def error(self, problem: str, remedy: str) -> EvaluationError:
        """Return an error that shows where and what stands there, and what to do."""
        excerpt = shortened(" ".join(self.cells.values()), _EXCERPT_CHARS)
        return EvaluationError(f"{self.place}: {problem}: {excerpt}: {remedy}")


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file that are not blank, with their numbers from 1 on."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            yield from ((n, line) for n, line in enumerate(file, start=1) if line.strip())
    except OSError as error:
        raise EvaluationError(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: can't be read ({error}); save it as UTF-8") from error


def read_rows(path: Path, columns: Sequence[str]) -> tuple[Row, ...]:
    """Read a tab-separated file whose first line names its columns; others than `columns` are ignored.

    Raises `EvaluationError` when the file can't be read, lacks a column or has no row, and for a
    line with other than as many cells as the first, or whose `id` another line has.
    """
    lines = ((number, line.rstrip("\r\n").split("\t")) for number, line in numbered_lines(path))
    number, header = next(lines, (1, []))
    missing = [column for column in columns if column not in header]
    if missing:
        raise EvaluationError(
            f"{path}, line {number}: no column {', '.join(missing)}: {shortened(' '.join(header), _EXCERPT_CHARS)}: "
            f"the first line names the columns, parted by tabs: {' '.join(columns)}"
        )
    rows = tuple(_row(f"{path}, line {number}", header, cells) for number, cells in lines)
    if not rows:
        raise EvaluationError(f"{path}: no line below the one that names the columns; write some")
    _check_ids(rows)
    return rows


def _row(place: str, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        unnamed = Row(place, {str(number): cell for number, cell in enumerate(cells)})
        problem = f"{len(cells)} cells where the first line names {len(header)} columns"
        raise unnamed.error(problem, "part them by tabs, empty ones too")
    return Row(place, dict(zip(header, cells, strict=True)))


def _check_ids(rows: Sequence[Row]) -> None:
    places: dict[str, str] = {}
    for row in rows:
        other = places.setdefault(row.filled("id"), row.place)
        if other != row.place:
            line = other.rpartition(", ")[2]
            raise row.error(f"the id {row.cells['id']} is that of {line} too", "give each its own")
