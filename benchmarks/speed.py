"""Time what a user waits for, beside floors measured in the same run: `python benchmarks/speed.py`.

Whole processes are timed from start to end, warm; the floor is a bare Python process that imports
NumPy. A search is timed inside one process; the floors are the raw FAISS search and the raw BM25
scoring on the same arrays. Every figure is the median of `RUNS`.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from qa_bot.bot import QABot, build_index

RUNS = 9
SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "外长说的“双暂停”是什么意思？"


def seconds(action: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median wall-clock time of an action, in seconds, after one run that is not counted."""
    action()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def process(*arguments: str) -> float:
    """Return the median time of a whole Python process."""
    command = [sys.executable, *arguments]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def measure(index: str) -> dict[str, float]:
    """Return every figure, in seconds."""
    asked = ["-m", "qa_bot", "ask", QUESTION, "--seeds", str(SEEDS), "--index", index]
    bot = QABot.open(index, SEEDS)
    retriever = bot._collection.retriever
    query = retriever.analysis.query(QUESTION)
    groups, vector = query.groups(), retriever.embedder.encode_query([query.text])[0]
    return {
        "process: python -c 'import numpy' (floor)": process("-c", "import numpy"),
        "process: python -c 'import qa_bot'": process("-c", "import qa_bot"),
        "process: qa-bot ask": process(*asked),
        "build the seed's index": seconds(lambda: build_index(SEEDS, index)),
        "open the seed's index": seconds(lambda: QABot.open(index, SEEDS)),
        "search: raw FAISS + raw BM25 (floor)": seconds(
            lambda: (retriever.vectors.search(vector, 10), retriever.bm25.match(groups)), 200
        ),
        "search: bot.search": seconds(lambda: bot.search(QUESTION, 10), 200),
        "search: bot.ask": seconds(lambda: bot.ask(QUESTION), 200),
    }


def main() -> None:
    """Print a table and write the figures beside this file."""
    with tempfile.TemporaryDirectory() as index:
        figures = measure(index)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; median of {RUNS} (searches: of 200)\n\n| what | ms |\n|---|--:|")
    for name, value in figures.items():
        print(f"| {name} | {1000 * value:.1f} |")
    results = {"machine": machine, "seconds": figures}
    path = Path(__file__).with_name("speed.json")
    path.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
