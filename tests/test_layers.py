"""Imports run one way, and heavy libraries stay in their rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "qa_bot"

#: From the top down: a module may import from its own layer's line or from a lower one.
LAYERS = (
    {"__main__"},
    {"cli", "training"},
    {"web", "options", "reports", "transcript_reports"},
    {"bot"},
    {"evaluation", "settings", "updating"},
    {"asking"},
    {"building", "equipment", "originals", "reconciling"},
    {"answering", "collection", "conversation", "explaining", "marking"},
    {"evidence", "anaphora"},
    {"segments"},
    {"retrieval", "filters"},
    {"storage", "sources", "documents", "sidecars", "adapters"},
    {"analysis"},
    {"query"},
    {"spelling"},
    {"parsing", "passages", "bm25", "fusion", "terms", "metrics", "duplicates", "joining"},
    {"lexicon"},
    {"describing", "reading", "pairing", "roles"},
    {"settling"},
    {"corroboration"},
    {"furniture", "header", "identity", "introductions"},
    {"layouts"},
    {"page", "naming"},
    {"vocabulary", "dates", "text", "addressee", "pasting", "sentences", "smalltalk"},
    {"protocols"},
    {"late"},
    {"results"},
    {"records", "vectors", "errors", "places", "kinds", "progress"},
)
HEAVY = {
    "torch",
    "sentence_transformers",
    "faiss",
    "jieba",
    "opencc",
    "gradio",
    "tokenizers",
    "safetensors",
    "httpx",
    "Stemmer",
    "lxml",
    "tinycss2",
    "pypdfium2",
    "matplotlib",
    "datasets",
}
HEAVY_ROOMS = {"adapters", "evaluation", "training", "web"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "qa_bot":
                found |= {f"qa_bot.{alias.name}" for alias in node.names}
            else:
                found.add(node.module)
    return found


def layer_of(room: str) -> int:
    return next(depth for depth, rooms in enumerate(LAYERS) if room in rooms)


def upward_imports(room: str, imports: set[str]) -> set[str]:
    rooms = {name.split(".")[1] for name in imports if name.startswith("qa_bot.")}
    return {other for other in rooms if other != room and layer_of(other) < layer_of(room)}


def heavy_imports(room: str, imports: set[str]) -> set[str]:
    return set() if room in HEAVY_ROOMS else {name.split(".")[0] for name in imports} & HEAVY


def test_every_module_has_a_layer() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert rooms == set().union(*LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_down_only(path: Path) -> None:
    if room_of(path) != "__init__":
        assert upward_imports(room_of(path), imports_of(path)) == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_only_in_their_rooms(path: Path) -> None:
    assert heavy_imports(room_of(path), imports_of(path)) == set()


def test_the_rules_catch_what_they_forbid() -> None:
    assert upward_imports("parsing", {"qa_bot.bot"}) == {"bot"}
    assert heavy_imports("retrieval", {"faiss", "json"}) == {"faiss"}


def test_nobody_imports_training() -> None:
    importers = [
        path for path in MODULES if any(n.startswith("qa_bot.training") for n in imports_of(path))
    ]
    assert {room_of(path) for path in importers} <= {"training"}


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(output.stdout.split()) & HEAVY


def test_importing_the_package_loads_no_heavy_library() -> None:
    assert loaded_by("import qa_bot") == set()
    assert loaded_by("import qa_bot.cli, qa_bot.options; qa_bot.options.build_parser()") == set()


def test_asking_with_the_embedded_model_loads_neither_torch_nor_gradio(tmp_path: Path) -> None:
    ask = (
        f"from qa_bot import QABot; assert QABot.open({str(tmp_path)!r}).ask('什么是双暂停').citations"
    )
    assert loaded_by(ask) & {"torch", "sentence_transformers", "gradio"} == set()


def test_nothing_is_contacted_even_when_libraries_are_not_told_to_be_offline(tmp_path: Path) -> None:
    code = f"""
import os, socket
os.environ.pop("HF_HUB_OFFLINE", None)
def refuse(*_, **__):
    raise AssertionError("something was contacted")
socket.socket.connect = socket.getaddrinfo = refuse
from qa_bot import QABot
from qa_bot.adapters.sentence_embedder import SentenceEmbedder
from qa_bot.places import EMBEDDED_MODEL
assert QABot.open({str(tmp_path)!r}).ask("什么是双暂停").citations
SentenceEmbedder(str(EMBEDDED_MODEL)).encode_query(["萨德"])
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
