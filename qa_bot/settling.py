"""Decide which labels name somebody, and who that is, from everything that the document says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from qa_bot.corroboration import (
    all_marked,
    due_names,
    echoing,
    in_the_gaps,
    institutions,
    marked,
    offices,
    read_out,
    recurring,
    without_asides,
    without_implied,
)
from qa_bot.identity import identify
from qa_bot.layouts import without_overlaps
from qa_bot.layouts.label import Label, Sign
from qa_bot.naming import is_english_name, is_institution, is_person, named, seen
from qa_bot.page import Page
from qa_bot.records import Role, Speaker
from qa_bot.vocabulary import (
    OFFICE,
    REPORTER,
    TELLING,
    VERB,
    answers,
    asks,
    is_outlet,
    is_spoken,
    narrates,
)

#: 小张, 李女士: somebody who is called so, whoever it is.
_POLITE: Final = r"^[小老][\u4e00-\u9fff]$|^[\u4e00-\u9fff]{1,4}(?:先生|女士|小姐|同学|老师|同志)$"


class Verdict(Enum):
    """What a place that looks like a label turned out to be."""

    SPEAKER = "speaker"
    NARRATION = "narration"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Settled:
    """A label with what was decided of it; `speaker` is None unless somebody is named."""

    label: Label
    verdict: Verdict
    speaker: Speaker | None = None


def settle(
    page: Page, labels: Sequence[Label], people: Iterable[Speaker], stated: Mapping[str, Speaker]
) -> list[Settled]:
    """Return the labels that name somebody or may do so; the others are part of the speech.

    `people` are those whom the header and the title introduce; `stated` says outright what a label
    means.
    """
    strong = _strong(labels, stated)
    people = tuple(people)
    told = {person.name: person for person in people if person.name}
    known = dict(told)
    for speaker in dict.fromkeys(strong.values()):
        if (
            speaker.name
            and speaker.role is not Role.JOURNALIST
            and not identify(speaker.name, speaker, told)
        ):
            known.setdefault(speaker.name, speaker)
    accepted = {**strong, **_identified(labels, strong, known), **_asking_again(labels, strong)}
    labels = without_overlaps(labels, accepted)
    kept = frozenset(labels)
    accepted = {label: who for label, who in accepted.items() if label in kept}
    accepted |= marked(labels, accepted)
    if all_marked(accepted):
        accepted = {label: who for label, who in accepted.items() if not _is_aside(label)}
    else:
        for corroborate in (offices, institutions, recurring, echoing, in_the_gaps):
            accepted |= corroborate(page, labels, accepted)
    accepted = without_asides(page, without_implied(page, accepted))
    hosts = frozenset(person.name for person in people if person.name)
    quoted = read_out(page, labels, accepted, hosts)
    accepted = {label: who for label, who in accepted.items() if label not in quoted}
    doubtful = (Sign.MARKED,) if all_marked(accepted) else (Sign.MARKED, Sign.ALONE, Sign.LEADING)
    rows = (
        Settled(label, Verdict.DOUBT) if label in quoted else _settled(label, accepted, doubtful)
        for label in labels
    )
    return [row for row in rows if row]


def _is_aside(label: Label) -> bool:
    """Tell whether 问： or Q: stands in speech whose labels all bear signs of their own."""
    name = seen(label.name)
    return label.sign is not Sign.MARKED and (asks(name) or answers(name))


def _settled(
    label: Label, accepted: Mapping[Label, Speaker], doubtful: Collection[Sign]
) -> Settled | None:
    name = seen(label.name)
    if label in accepted:
        return Settled(label, Verdict.SPEAKER, accepted[label])
    marked_off = label.sign is Sign.MARKED
    if label.sign is not Sign.WITHIN and narrates(name, marked=marked_off):
        return Settled(label, Verdict.NARRATION)
    if label.sign in doubtful and may_be_somebody(name, label.sign):
        return Settled(label, Verdict.DOUBT)
    return None


def may_be_somebody(name: str, sign: Sign = Sign.ALONE) -> bool:
    """Tell whether an unread label may be a speaker's, so that the words behind it may be anybody's.

    >>> may_be_somebody("网友小李"), may_be_somebody("第二点"), may_be_somebody("习近平主席指出")
    (True, False, False)
    """
    if not is_person(name) and (VERB.search(name) or TELLING.search(name) or is_spoken(name)):
        return False
    titled = (
        rf"(?:{REPORTER})(?!会|會|朋友|们|們)|媒体|媒體|网友|網友|翻译|翻譯|主持|(?:{OFFICE})|{_POLITE}"
    )
    if sign is Sign.LEADING:
        shouted = name.isupper() and len(name) > 2 and is_english_name(name)
        return shouted or (len(name) <= 20 and bool(re.search(titled, name[-8:])))
    english = name.isascii() and is_english_name(name)
    return bool(re.search(titled, name)) or is_outlet(name) or english


def _strong(labels: Sequence[Label], stated: Mapping[str, Speaker]) -> dict[Label, Speaker]:
    """Return the labels that name somebody by themselves.

    An outlet alone in the middle of a line does so only where several do.
    """
    found = {label: who for label in labels if (who := _by_itself(label, stated))}
    within = [label for label in found if label.sign is Sign.WITHIN and found[label].outlet]
    bare = [label for label in within if not re.search(REPORTER, label.name)]
    return found if len(within) > 1 else {k: who for k, who in found.items() if k not in bare}


def _by_itself(label: Label, stated: Mapping[str, Speaker]) -> Speaker | None:
    name = seen(label.name)
    if name in stated:
        return stated[name]
    speaker = None if narrates(name) else named(name)
    plain = asks(name) or answers(name)
    sure = plain or (speaker is not None and speaker.name is not None)
    if speaker is None or (is_spoken(name) and not sure):
        return None
    if label.sign is Sign.WITHIN:
        reporter = re.search(REPORTER, name) and len(name) <= 24
        return speaker if reporter or len(name) < 3 or speaker.name or speaker.outlet else None
    vague = re.fullmatch(r"问题\d?|問題\d?|媒体|媒體|Media|Press", name)
    return None if vague and label.sign is Sign.LEADING else speaker


def _asking_again(labels: Sequence[Label], strong: Mapping[Label, Speaker]) -> dict[Label, Speaker]:
    """Return the labels that bear the bare name of a journalist named elsewhere with the outlet."""
    askers = {who.name: who for who in strong.values() if who.role is Role.JOURNALIST and who.name}
    return {label: askers[name] for label in labels if (name := seen(label.name)) in askers}


def _identified(
    labels: Sequence[Label], strong: Mapping[Label, Speaker], known: Mapping[str, Speaker]
) -> dict[Label, Speaker]:
    """Return the labels that mean somebody introduced elsewhere, by name, by surname or by office."""
    found = {
        label: identify(seen(label.name), strong.get(label), known)
        for label in labels
        if label.sign is not Sign.IMPLIED and not is_spoken(seen(label.name))
    }
    due = due_names(labels, strong)
    found = {
        label: who
        for label, who in found.items()
        if due[seen(label.name)] or not is_institution(seen(label.name))
    }
    return {label: person for label, person in found.items() if person}
