"""`会后，有记者问：……` and `陆慷表示：……`: what was asked after the session is told, not labelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from qa_bot.layouts.label import COLON, Label, Sign
from qa_bot.naming import is_english_name, is_office, is_person, named
from qa_bot.page import Line, Page
from qa_bot.records import Role, Span
from qa_bot.vocabulary import answers

_WITHOUT_END: Final = r"[^。！？；：:“”\n]"
_ASKED: Final = re.compile(
    rf"{_WITHOUT_END}{{0,40}}?(?:记者|記者|媒体|媒體){_WITHOUT_END}{{0,8}}?(?:提问|提問|追问|追問|问到|问及|问道|问|問)(?:称|道)?{COLON}"
    rf"|(?:Following|After|At)[^.:]{{0,40}}(?:conference|briefing)[^.:]{{0,60}}asked{COLON}"
)
_TOLD: Final = re.compile(
    r"(?P<who>[^。！？；：:“”，,\s]{2,24}?|[A-Z][\w'’.-]{0,24}(?: [A-Z][\w'’.-]{0,24}){0,4})\s*(?:就此|对此|在)?(?:表示|回答|答复|回应|指出|说|答|表態|回應|said|replied|answered|responded)(?:说|称|道)?"
    rf"(?:{COLON}|[，,]\s*)"
)
_AFTERWARDS: Final = re.compile(
    r"(?:记者会|发布会|例行|会|會)(?:结束)?(?:后|後)|(?:Following|After)", re.IGNORECASE
)
#: The question stands behind it, on the same line or on the next.
_RAISED: Final = re.compile(
    rf"(?:The following|One more|Another) questions? (?:was|were) (?:raised|asked)[^.:]{{0,60}}{COLON}",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(r"(?:Q|Question|[A-Z][\w ]{2,30})\s*:")
_STARTS: Final = re.compile(r"^|(?<=[。！？?!”])\s*")


def find(page: Page) -> Iterator[Label]:
    """Yield what tells of a question with its words behind it, and then who answers it so."""
    asked = False
    for line, following in zip_longest(page.lines, page.lines[1:]):
        words = page.words(line)
        raised = _RAISED.match(words)
        if raised and not (following and _LABELLED.match(page.words(following))):
            yield _label(line, 0, raised.end(), "记者")
            continue
        starts = sorted({match.end() for match in _STARTS.finditer(words)})
        for start in starts:
            question = _ASKED.match(words, start)
            answer = _TOLD.match(words, start) if asked else None
            if question and (asked or _AFTERWARDS.search(question[0])):
                asked = True
                yield _label(line, start, question.end(), "记者")
            elif answer and _is_somebody(answer["who"]):
                yield _label(line, start, answer.end(), answer["who"])


def _is_somebody(who: str) -> bool:
    office_and_name = named(who)
    return (
        is_person(who)
        or answers(who)
        or is_office(who)
        or is_english_name(who)
        or (office_and_name is not None and office_and_name.role is Role.OFFICIAL)
    )


def _label(line: Line, start: int, end: int, name: str) -> Label:
    first = line.core.start + start if start else line.span.start
    return Label(Span(first, line.core.start + end), name, "reported", Sign.MARKED)
