"""Accept labels that do not name anybody by themselves, where the rest of the document speaks for them.

Each rule takes the labels in order and those accepted so far with their speakers, and returns what it
accepts besides; `without_implied` and `without_asides` return what is left after taking some away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import Final

from qa_bot.introductions import introduction
from qa_bot.layouts.label import Label, Sign
from qa_bot.naming import is_english_name, is_institution, is_office, is_person, seen
from qa_bot.page import Page
from qa_bot.records import Role, Speaker
from qa_bot.vocabulary import OFFICE, RANK, SURNAMES, VERB, asks, is_outlet, is_spoken, narrates

Accepted = Mapping[Label, Speaker]

_QUESTION: Final = re.compile(r"[？?]|[吗嗎呢]")
_HAN_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,4}")
_OUTLET_LIKE: Final = re.compile("[报報社台臺视視網网]$")
_HANDING_OVER: Final = re.compile(r"请|請|交给|交給|\b(?:ask|invite|let|turn|over to)\b", re.IGNORECASE)
_SPEAKING: Final = re.compile(
    r"\s*(?:谢谢|謝謝|多谢|多謝|感谢|感謝|好的|是的|我|各位|大家|Thank|Good|I\b)"
)
_MAX_WEAK_CHARS: Final = 12
_MAX_LATIN_CHARS: Final = 30
_MAX_NAMES: Final = 500
#: So many labels make a layout an established one.
_ESTABLISHED: Final = 2


def all_marked(accepted: Collection[Label]) -> bool:
    """Tell whether nearly all labels bear signs of their own, so that a colon alone makes none."""
    signed = sum(label.sign is Sign.MARKED for label in accepted)
    return signed > _ESTABLISHED and signed >= 0.8 * len(accepted)


def marked(labels: Sequence[Label], accepted: Accepted) -> dict[Label, Speaker]:
    """Accept the other labels of a layout that gives its signs to nothing but labels."""
    signed = [label for label in labels if label.sign is Sign.MARKED]
    counts = Counter((label.layout, seen(label.name)) for label in signed)
    accepting = Counter(label.layout for label in accepted)
    established = {layout for (layout, _), count in counts.items() if count > 1}
    established |= {layout for layout, count in accepting.items() if count >= _ESTABLISHED}
    found: dict[Label, Speaker] = {}
    for label in signed:
        name = seen(label.name)
        told = narrates(name) or _is_speech(name.replace("发言人", ""))
        if label not in accepted and label.layout in established and not told:
            office = Speaker(Role.OFFICIAL, office=name) if is_office(name) else None
            found[label] = office or Speaker(Role.UNKNOWN, name=name)
    return found


def offices(page: Page, labels: Sequence[Label], accepted: Accepted) -> dict[Label, Speaker]:
    """Accept offices without a name that recur and stand where an answer is due; 王部长 is a name."""
    return {
        label: Speaker(Role.OFFICIAL, office=name)
        for label, name in _due_again(labels, accepted)
        if is_office(name) and not (len(name) < 5 and name[0] in SURNAMES)
    }


def institutions(page: Page, labels: Sequence[Label], accepted: Accepted) -> dict[Label, Speaker]:
    """Accept institutions that recur and stand where an answer is due."""
    return {
        label: Speaker(Role.OFFICIAL, office=name)
        for label, name in _due_again(labels, accepted)
        if label.sign in (Sign.ALONE, Sign.LEADING) and is_institution(name)
    }


def recurring(page: Page, labels: Sequence[Label], accepted: Accepted) -> dict[Label, Speaker]:
    """Accept names that recur where an answer is due, and personal ones that the text introduces.

    Where nobody asks by a label of their own, a personal name that recurs will do. On a line of its
    own, or in Chinese before its words, it may stand once, right behind a question.
    """
    counts = Counter(seen(label.name) for label in labels)
    asked = any(who.role in (Role.JOURNALIST, Role.MODERATOR) for who in accepted.values())
    due = due_names(labels, accepted)
    # No session has so many speakers; looking each of them up would take its time.
    looked_up = len(counts) <= _MAX_NAMES
    mentioned = cache(partial(_is_mentioned, text=page.text))
    titled = cache(partial(_is_titled, text=page.text))
    found: dict[Label, Speaker] = {}
    for label, name in _unread(labels, accepted):
        person = is_person(name) or is_english_name(name)
        here = due[name] > 0 or not asked
        answer = label.sign is Sign.LEADING and is_person(name) and label != labels[0]
        alone = due[name] > 0 and (label.sign in (Sign.ALONE, Sign.MARKED) or answer)
        person = person or (label.sign is Sign.ALONE and looked_up and titled(name))
        if person and (
            (counts[name] > 1 and here)
            or alone
            or (label.sign in (Sign.LEADING, Sign.ALONE) and looked_up and mentioned(name))
        ):
            found[label] = Speaker(Role.UNKNOWN, name=name)
        elif 1 < due[name] >= counts[name] / 2 and len(name) <= _MAX_WEAK_CHARS:
            # Whatever answers question after question is a name, be it one that no list knows.
            found[label] = Speaker(Role.UNKNOWN if person else Role.OFFICIAL, name=name)
    return found


def echoing(page: Page, labels: Sequence[Label], accepted: Accepted) -> dict[Label, Speaker]:
    """Accept English names that recur right behind Chinese ones, such as Jian Ruochuan behind 简若川."""
    names = [seen(label.name) for label in labels]
    echoes = Counter(after for before, after in pairwise(names) if is_person(before))
    return {
        label: Speaker(Role.UNKNOWN, name=name)
        for label, name in _unread(labels, accepted)
        if is_english_name(name) and echoes[name] > 1
    }


def in_the_gaps(page: Page, labels: Sequence[Label], accepted: Accepted) -> dict[Label, Speaker]:
    """Accept weak labels that alone explain why one side seems to speak twice in a row.

    Where the official's label follows the official's own words, whoever asked in between is named by
    a label not read yet; likewise whoever answered between two questions.
    """
    found: dict[Label, Speaker] = {}
    before: Label | None = None
    weak: Label | None = None
    for label in labels:
        if label not in accepted:
            weak = label if _is_weak(label) else weak
            continue
        if before and weak:
            words = page.text[weak.span.end : label.span.start]
            speaker = _between(accepted[before], weak, words, accepted[label])
            found |= {weak: speaker} if speaker else {}
        before, weak = label, None
    return found


def _between(one: Speaker, weak: Label, words: str, other: Speaker) -> Speaker | None:
    """Return who speaks between two speakers, if only a label not read yet makes sense of them."""
    name = seen(weak.name)
    if one.role is Role.JOURNALIST and other.role is Role.JOURNALIST and is_person(name):
        return Speaker(Role.UNKNOWN, name=name)
    answered = _answers(other) and (_answers(one) or one.role is Role.MODERATOR)
    passed_over = _answers(one) and other.role is Role.MODERATOR and _OUTLET_LIKE.search(name)
    if (answered or passed_over) and _QUESTION.search(words):
        person = is_person(name) and not is_outlet(name)
        named = Speaker(Role.JOURNALIST, name=name) if person else Speaker(Role.JOURNALIST, outlet=name)
        return Speaker(Role.JOURNALIST) if asks(name) else named
    return None


def without_implied(page: Page, accepted: Accepted) -> dict[Label, Speaker]:
    """Leave out what only the typography implies, where real labels name the journalists otherwise."""
    asking = [label for label, who in accepted.items() if who.role is Role.JOURNALIST]
    real = [label for label in asking if label.sign is not Sign.IMPLIED]
    set_off = [label for label in real if page.lines[page.line_of(label.span.start)].set_off]
    if not real or len(set_off) * 2 > len(real):
        return dict(accepted)
    return {label: who for label, who in accepted.items() if label.sign is not Sign.IMPLIED}


def without_asides(page: Page, accepted: Accepted) -> dict[Label, Speaker]:
    """Leave out what seems to ask in the middle of a line and is not answered in the same line.

    Where labels stand in the middle of lines all the time, every one of them counts.
    """
    within = [label for label in accepted if label.sign is Sign.WITHIN]
    if len(within) > 2 * _ESTABLISHED:
        return dict(accepted)
    places = [(page.line_of(label.span.start), label.span.start) for label in within]
    asides = {
        label
        for label, (line, start) in zip(within, places, strict=True)
        if accepted[label].role is Role.JOURNALIST
        and not any(other == line and behind > start for other, behind in places)
    }
    return {label: who for label, who in accepted.items() if label not in asides}


def read_out(
    page: Page, labels: Sequence[Label], accepted: Accepted, hosts: Collection[str]
) -> frozenset[Label]:
    """Return the labels that may be read out by the host: 习近平主席：… within the spokesperson's answer.

    Where the header or the title names one official, another name that stands once, before its words
    and right behind that official's, may be somebody who is quoted; unless the official hands over, or
    the other begins as those do who speak themselves.
    """
    order = [label for label in labels if label in accepted]
    counts = Counter(accepted[label].name for label in order)
    if len(hosts) != 1:
        return frozenset()
    return frozenset(
        label
        for before, label in pairwise(order)
        if label.sign is Sign.LEADING
        and accepted[before].name in hosts
        and _answers(accepted[label])
        and accepted[label].name not in (None, *hosts)
        and counts[accepted[label].name] == 1
        and not _HANDING_OVER.search(page.text[before.span.end : label.span.start])
        and not _SPEAKING.match(page.text, label.span.end)
    )


def _unread(labels: Sequence[Label], accepted: Accepted) -> Iterator[tuple[Label, str]]:
    """Yield the labels not accepted yet whose name is no lead-in of a sentence."""
    for label in labels:
        name = seen(label.name)
        if label not in accepted and not _is_speech(name):
            yield label, name


def _due_again(labels: Sequence[Label], accepted: Accepted) -> Iterator[tuple[Label, str]]:
    """Yield the labels not accepted yet that recur and stand where an answer is due."""
    due = due_names(labels, accepted)
    counts = Counter(seen(label.name) for label in labels)
    for label in labels:
        name = seen(label.name)
        if label not in accepted and counts[name] > 1 and due[name] > 0:
            yield label, name


def due_names(labels: Sequence[Label], accepted: Accepted) -> Counter[str]:
    """Count how often each name stands right behind a journalist's or the moderator's label, or first."""
    due: Counter[str] = Counter()
    before: Speaker | None = Speaker(Role.MODERATOR)
    for label in labels:
        speaker = accepted.get(label)
        if speaker is None and before and before.role in (Role.JOURNALIST, Role.MODERATOR):
            due[seen(label.name)] += 1
        if speaker or not _is_speech(seen(label.name)):
            before = speaker
    return due


def _is_mentioned(name: str, text: str) -> bool:
    """Tell whether a text introduces or addresses a person by name, so that a label may be theirs."""
    polite = re.search(rf"{re.escape(name)}(?:{RANK}|老师|大使)", text)
    return bool(polite) or introduction(name, text) is not None


def _is_titled(name: str, text: str) -> bool:
    """Tell whether a text calls a name a person's: 副局长木增寿先生, whose surname no list holds."""
    return bool(_HAN_NAME.fullmatch(name)) and bool(re.search(rf"(?:{OFFICE}){name}(?:{RANK})", text))


def _answers(speaker: Speaker) -> bool:
    return speaker.role in (Role.OFFICIAL, Role.UNKNOWN)


def _is_weak(label: Label) -> bool:
    name = seen(label.name)
    short = len(name) <= (_MAX_LATIN_CHARS if name.isascii() else _MAX_WEAK_CHARS)
    return label.sign in (Sign.ALONE, Sign.LEADING) and short and not _is_speech(name)


def _is_speech(name: str) -> bool:
    """Tell whether words before a colon are rather said than somebody's name: 张有为 is a name."""
    return not is_person(name) and bool(is_spoken(name) or VERB.search(name))
