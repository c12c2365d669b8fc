"""Recognise one person under several labels: 外交部部长王毅, 王毅, 王部长, THE PRESIDENT, MR HALVORSEN."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from qa_bot.naming import is_institution
from qa_bot.records import Role, Speaker
from qa_bot.vocabulary import OFFICE, SURNAMES

#: By name.
People = Mapping[str, Speaker]

_BY_SURNAME: Final = re.compile(
    rf"(?P<surname>[\u4e00-\u9fff])(?P<office>(?:副|代)?[\u4e00-\u9fff]{{0,3}}(?:{OFFICE}|[長长司局处處]))"
)
_FAMILIAR: Final = re.compile(r"[老小](?P<surname>[\u4e00-\u9fff])")
_THE: Final = re.compile(r"^the ", re.IGNORECASE)
#: Words that make one office another: Prime Minister is no Minister, Vice President no President.
_ANOTHER: Final = re.compile(r"\b(?:prime|deputy|vice|assistant|under|shadow|acting|former)\b")


def identify(name: str, own: Speaker | None, people: People) -> Speaker | None:
    """Return the one known person whom a label means, or None.

    `own` is what the label says by itself, if anything. Where two people fit, nobody is meant.
    """
    if own is not None and own.role is Role.JOURNALIST:
        return None
    called = own.name if own and own.name else name
    office = own.office if own else None
    found = people.get(called)
    if found is None or (called.isascii() and not _compatible(office, found.office)):
        found = _only(
            people.values(),
            lambda person: _same_english(called, person) and _compatible(office, person.office),
        )
    if found is None and (own is None or own.name is None):
        found = _by_office(name, own, people)
    return _joined(found, own) if found else None


def _by_office(name: str, own: Speaker | None, people: People) -> Speaker | None:
    called = own.office if own and own.office else name
    office = _THE.sub("", called).casefold()
    match = _BY_SURNAME.fullmatch(called)
    if match and match["surname"] in SURNAMES:
        surname, rest = match["surname"], match["office"]
        return _only(
            people.values(),
            lambda person: (person.name or "")[:1] == surname and rest in (person.office or ""),
        ) or _only(people.values(), lambda person: (person.name or "")[:1] == surname)
    if match := _FAMILIAR.fullmatch(called):
        return _only(people.values(), lambda person: (person.name or "")[:1] == match["surname"])
    if own is not None and own.office is None:
        return None
    if is_institution(called):
        return _only(people.values(), lambda person: called in (person.office or ""))
    return _only(people.values(), lambda person: _holds(person, office))


def _holds(person: Speaker, office: str) -> bool:
    """Tell whether a person holds an office: 發言人 is 行政院發言人, minister Minister for Transport."""
    held = (person.office or "").casefold()
    return held.endswith(office) or (office.isascii() and held.startswith(office))


def _only(people: Iterable[Speaker], fits: Callable[[Speaker], bool]) -> Speaker | None:
    fitting = [person for person in people if fits(person)]
    return fitting[0] if len(fitting) == 1 else None


def _compatible(one: str | None, other: str | None) -> bool:
    """Tell whether two offices may be one person's: Minister and Minister for Transport may."""
    if not one or not other:
        return True
    short, long = sorted((_THE.sub("", one).casefold(), _THE.sub("", other).casefold()), key=len)
    return short in long and _ANOTHER.findall(short) == _ANOTHER.findall(long)


def _same_english(name: str, person: Speaker) -> bool:
    """Tell whether an English name means a person: the same, or the surname alone."""
    known = (person.name or "").casefold()
    last = name.casefold().split()[-1] if name.isascii() and name else ""
    return bool(last) and known.isascii() and (known == name.casefold() or known.split()[-1:] == [last])


def _joined(known: Speaker, own: Speaker | None) -> Speaker:
    """Return one person from an introduction and a label; the first office given is the one cited."""
    if own is None:
        return known
    # A moderator of the header who answers under a label of office is an official there.
    answering = own.role is Role.OFFICIAL and known.role is Role.MODERATOR
    role = own.role if answering or known.role is Role.UNKNOWN else known.role
    return replace(known, office=known.office or own.office, role=role)
