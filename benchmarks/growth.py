"""Time a collection that grows: `python benchmarks/growth.py --data rows.jsonl.gz --transcripts 2000`.

`rows.jsonl.gz` holds a question or headline `q` and a passage `p` a line, gzipped JSON lines. They are
put together into transcripts of several thousand characters, a journalist asking `q` and a spokesman
answering `p`, in a folder that is thrown away. Every figure is wall-clock time in one process after
start-up; searches are medians. Beside the time of each change stands how many passages it embedded.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from qa_bot.bot import QABot, build_index
from qa_bot.filters import Filters

CHARACTERS = 5_000
SEARCHES = 200


def rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield headline and passage of each row that has both."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            question, passage = (" ".join(row[key].split()) for key in ("q", "p"))
            if question and passage:
                yield question, passage


def transcripts(path: Path) -> Iterator[str]:
    """Yield transcripts of about `CHARACTERS` characters."""
    text = ""
    for question, passage in rows(path):
        text += f"本报记者：\n请介绍：{question}？\n发言人张三：\n{passage}\n"
        if len(text) >= CHARACTERS:
            yield text
            text = ""


def timed(action: Callable[[], QABot]) -> tuple[QABot, dict[str, float]]:
    """Return the bot that an action makes, with its time and how many passages were embedded."""
    began = time.perf_counter()
    bot = action()
    return bot, {"seconds": time.perf_counter() - began, "embedded": bot.report.embedded}


def median(action: Callable[[str], object], queries: list[str]) -> dict[str, float]:
    """Return the median time of an action over queries."""
    times = []
    for query in queries:
        began = time.perf_counter()
        action(query)
        times.append(time.perf_counter() - began)
    return {"seconds": statistics.median(times)}


def measure(data: Path, count: int, folder: Path) -> dict[str, dict[str, float]]:
    """Return every figure."""
    seeds, index = folder / "seeds", folder / "index"
    seeds.mkdir()
    texts = list(islice(transcripts(data), count + 2))
    for number, text in enumerate(texts[:count]):
        (seeds / f"t{number:05}.txt").write_text(text, encoding="utf-8")
    figures: dict[str, dict[str, float]] = {}
    bot, figures["build"] = timed(lambda: build_index(seeds, index))
    bot, figures["open"] = timed(lambda: QABot.open(index, seeds))
    (folder / "one.txt").write_text(texts[count], encoding="utf-8")
    bot, figures["add one"] = timed(lambda: bot.add([folder / "one.txt"]))
    (seeds / "t00000.txt").write_text(texts[count + 1], encoding="utf-8")
    bot, figures["change one"] = timed(bot.update)
    bot, figures["remove one"] = timed(lambda: bot.remove(["t00001"]))
    bot, figures["look again, nothing changed"] = timed(bot.update)
    queries = [question for question, _ in islice(rows(data), SEARCHES)]
    figures["search"] = median(lambda query: bot.search(query), queries)
    some = Filters(speaker=("张三",), transcript=tuple(f"t{n:05}" for n in range(0, count, 2)))
    figures["search, half filtered out"] = median(lambda query: bot.search(query, 5, some), queries)
    figures["ask"] = median(lambda query: bot.ask(query), queries)
    figures["size"] = {
        "transcripts": len(bot.catalogue()),
        "passages": bot.count(),
        "characters": sum(entry.characters for entry in bot.catalogue()),
        "index_bytes": sum(path.stat().st_size for path in index.rglob("*") if path.is_file()),
    }
    return figures


def main() -> None:
    """Print a table and write the figures beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="gzipped JSON lines with q and p")
    parser.add_argument("--transcripts", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(options.data, options.transcripts, Path(folder))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; {figures['size']}\n\n| what | ms | passages embedded |\n|---|--:|--:|")
    for name, figure in figures.items():
        if "seconds" in figure:
            print(f"| {name} | {1000 * figure['seconds']:.0f} | {figure.get('embedded', '')} |")
    results = {"machine": machine, "figures": figures}
    path = Path(__file__).with_name("growth.json")
    path.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
