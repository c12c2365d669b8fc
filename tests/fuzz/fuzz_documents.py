"""Feed damaged files to `document_of`, by hand: python -m tests.fuzz.fuzz_documents --inputs 5000.

Only `TranscriptError` may come out, within ten seconds. Whatever else happens, be it the end of the
process, is printed with the number that makes the same input again: --only html:123.
"""

from __future__ import annotations

import argparse
import copy
import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from qa_bot.documents import document_of
from qa_bot.errors import TranscriptError

FILES: Final = Path(__file__).parent.parent / "data" / "files"
SECONDS: Final = 10.0
#: What is put into a file of each kind, besides bytes and pieces of itself.
WORDS: Final = {
    "txt": "--- title: # ** __ \x00 \r \ufeff speakers: {a: &b } *b ： 答： \ud55c".split(" "),
    "html": (
        "<p> </p> <div> </div> <br> <table> <tr> <td> <a> </a> <b> <pre> <!-- --> <script> </script> <title> "
        "<h1> &# &#0; &nbsp; &#xD800; <![CDATA[ ]]> <?xml <meta\tcharset=gbk> style='display:none' class=nav \x00 "
        "</body> <frameset> <svg> <plaintext> <base> <li> 。 ： <form>"
    ).split(" "),
    "docx": (
        "<w:p> </w:p> <w:r> </w:r> <w:t> </w:t> <w:tbl> <w:br/> <w:ins> &lt; &#0; <!DOCTYPE <!ENTITY ]> &a; "
        "<w:txbxContent> </w:txbxContent> <w:b/> <w:pStyle xmlns="
    ).split(" "),
    "pdf": (
        "obj endobj stream endstream xref trailer /Length /Filter /FlateDecode /Kids /Count /Parent /Font "
        "/Encrypt /ToUnicode 0 -1 99999999 << >> [ ] ( ) BT ET Tj /Prev /Root"
    ).split(" "),
}
SUFFIXES: Final = {
    "txt": (".speech.txt",),
    "html": (".html", ".htm"),
    "docx": (".docx",),
    "pdf": (".pdf",),
}


@cache
def samples(kind: str) -> list[bytes]:
    paths = sorted(path for path in FILES.iterdir() if path.name.endswith(SUFFIXES[kind]))
    found = [path.read_bytes() for path in paths]
    if kind == "txt":
        texts = [content.decode() for content in found]
        matter = "---\ntitle: 甲\ndate: 2031-04-08\nspeakers: {问: {role: journalist}}\n---\n"
        found += [text.encode(encoding) for text in texts for encoding in ("gb18030", "utf-16")]
        found += [(matter + text).encode() for text in texts]
    return found


def damaged(kind: str, content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        content = rng.choice(DAMAGES)(content, kind, others, rng)
    return content


def flip(content: bytes, kind: str, others: list[bytes], rng: random.Random) -> bytes:
    place = rng.randrange(len(content) + 1)
    return content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]


def cut(content: bytes, kind: str, others: list[bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.choice((1, 2, 10, 100, 10**9)) :]


def put(content: bytes, kind: str, others: list[bytes], rng: random.Random) -> bytes:
    place = rng.randrange(len(content) + 1)
    word = rng.choice(WORDS[kind]).encode("utf-8", "replace")
    return content[:place] + word * rng.choice((1, 1, 1, 2, 300)) + content[place:]


def splice(content: bytes, kind: str, others: list[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others)
    start = rng.randrange(len(other) + 1)
    piece = other[start : start + rng.choice((5, 50, 500, 5000))]
    place = rng.randrange(len(content) + 1)
    return content[:place] + piece + content[place + rng.choice((0, len(piece))) :]


def repeat(content: bytes, kind: str, others: list[bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + rng.choice((1, 20, 200))]
    return content[:start] + piece * rng.choice((2, 3, 50)) + content[start:]


Damage = Callable[[bytes, str, list[bytes], random.Random], bytes]
DAMAGES: Final[tuple[Damage, ...]] = (flip, flip, cut, put, put, splice, repeat)


def damaged_part(content: bytes, rng: random.Random) -> bytes:
    """Damage the parts of a Word file, or its archive would be all that is ever read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        chosen = rng.choice(["word/document.xml"] * 4 + ["word/styles.xml", "docProps/core.xml"])
        if rng.random() < 0.7:
            parts[chosen] = shuffled(parts[chosen], rng)
        else:
            parts[chosen] = damaged("docx", parts[chosen], list(parts.values()), rng)
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


def shuffled(source: bytes, rng: random.Random) -> bytes:
    """Move, copy, rename and remove elements, so that what comes out is still XML."""
    root = ElementTree.fromstring(source)
    for _ in range(rng.choice((1, 5, 30))):
        elements = list(root.iter())
        parent, other = rng.choice(elements), rng.choice(elements)
        if rng.random() < 0.3 and len(parent):
            parent.remove(parent[rng.randrange(len(parent))])
        elif rng.random() < 0.3:
            parent.tag = other.tag
        elif rng.random() < 0.3:
            parent.attrib.update(
                {key: rng.choice(["", "0", "Q", "\ufffd", "9" * 99]) for key in parent.attrib}
            )
        elif len(elements) < 5000:
            parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(other))
    return ElementTree.tostring(root)


def make(kind: str, number: int) -> bytes:
    """Return the input with this number."""
    rng = random.Random(f"{kind}:{number}")
    others = samples(kind)
    content = rng.choice(others)
    if kind == "docx" and rng.random() < 0.8:
        return damaged_part(content, rng)
    return damaged(kind, content, others, rng)


def outcome(kind: str, number: int) -> str:
    name, media_type = f"a.{kind}", None
    try:
        document = document_of(make(kind, number), name, media_type)
    except TranscriptError as error:
        return "refused" if str(error) else "refused without a word"
    spans = (*document.bold, *document.headings)
    whole = all(span.end <= len(document.text) and span.of(document.text).strip() for span in spans)
    return "read" if whole and document.text.strip() else "WRONG SPANS"


def work(pipe: Connection) -> None:
    """Try one input after the other, for a process of its own."""
    while True:
        try:
            kind, number = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(outcome(kind, number))
        except Exception as error:  # whatever comes out is what is looked for
            pipe.send(f"RAISED {error!r}")


def fuzz(kind: str, numbers: range) -> Counter[str]:
    counts: Counter[str] = Counter()
    pipe, process = None, None
    for number in numbers:
        if pipe is None or process is None:
            pipe, far = get_context("spawn").Pipe()
            process = get_context("spawn").Process(target=work, args=(far,), daemon=True)
            process.start()
            far.close()
        start = time.monotonic()
        pipe.send((kind, number))
        try:
            result = pipe.recv() if pipe.poll(SECONDS + (20 if not counts else 0)) else "HUNG"
        except EOFError:
            result = "DIED"
        if result in {"HUNG", "DIED"}:
            process.kill()
            pipe = None
        if result not in {"read", "refused"}:
            print(f"{kind}:{number} {result} after {time.monotonic() - start:.1f} s", flush=True)
        counts[result.split(" ")[0]] += 1
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000, help="how many of each kind")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--kinds", nargs="+", choices=SUFFIXES, default=list(SUFFIXES))
    parser.add_argument("--only", help="try this one again, such as html:123, in this process")
    arguments = parser.parse_args()
    if arguments.only:
        kind, _, number = arguments.only.partition(":")
        print(outcome(kind, int(number)))
        return 0
    counts = {
        kind: fuzz(kind, range(arguments.first, arguments.first + arguments.inputs))
        for kind in arguments.kinds
    }
    for kind, results in counts.items():
        print(kind, dict(results))
    return int(any(set(results) - {"read", "refused"} for results in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
