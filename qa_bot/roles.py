"""Find out what each speaker is at the event, and by which office, from what they do and are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from qa_bot.introductions import addressed, introduction
from qa_bot.naming import is_person, named
from qa_bot.records import Casting, Role, Speaker, Turn
from qa_bot.text import is_latin
from qa_bot.vocabulary import OFFICE, either, is_outlet

#: What moderators say: they hand over, open, watch the time and close.
_HANDING_OVER: Final = re.compile(
    either(
        r"(?:请|請|麻烦|麻煩)[^。！？]{0,20}(?:"
        + either(
            *"提问 提問 发言 說明 说明 介绍 介紹 开始 開始 回答 答 说说 說說 讲讲 談談 谈谈 致詞 致辞 補充 补充".split()
        )
        + ")",
        r"(?:下一|最后一|最後一)[个個位]",
        r"(?:欢迎|歡迎)[^。]{0,20}(?:出席|参加|參加|来到|來到|提问|提問)",
        r"(?:开始|開始|开放|開放).{0,6}(?:提问|提問)|(?:提问|提問)(?:环节|環節)",
        r"[到在][这這][里裡]?(?:结束|結束)|到此(?:结束|結束)|就到[这這][里裡]",
        r"(?:邀请|邀請)到|时间关系|時間關係|(?:记者|媒體|媒体)朋友們?(?:参加|參加)",
        r"[还還]有(?:没有|沒有)?(?:其他)?的?.{0,4}(?:问题|問題|提问|提問|媒體|媒体)",
        "next question",
        "last question",
        "the floor",
        "please go ahead",
        "conclude",
    ),
    re.IGNORECASE,
)
_INTERVIEW: Final = re.compile(
    r"专访|專訪|访谈|訪談|访问|訪問|采访|採訪|对话|對話|对谈|對談|interview|conversation|dialogue",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"[？?]|[吗嗎呢]")
_BESIDE: Final = re.compile(
    r"^[（(]([^（）()]{2,20})[）)]|[（(]([^（）()]{2,20})[）)]$|(?:——|—|--)\s*([^。？—]{2,20})$"
)
_SPEECH: Final = re.compile(
    r"致[词詞辞]|讲话|講話|演讲|演講|发言|發言|remarks|speech|statement", re.IGNORECASE
)
_TITLES_OUTLET: Final = re.compile(
    r"(?P<outlet>[\u4e00-\u9fff]{2,8}?)(?:[駐驻].{1,6}?)?(?:記者|记者)?(?:訪問|專訪|採訪|专访|访问|采访)"
)
_LEADING_DATE: Final = re.compile(r"^[\d\s年月日./-]+")
_MYSELF: Final = re.compile(
    rf"我是(?P<office>[^\s，。！？“”]{{0,20}}?(?:{OFFICE}))(?P<name>[\u4e00-\u9fff]{{2,4}})(?=[，。！])"
)
_FOLLOWING_UP: Final = re.compile(r"追问|追問|follow", re.IGNORECASE)
_MOSTLY: Final = 0.5
_SHORT_CHARS: Final = 160
_ENOUGH_TURNS: Final = 6


def cast(text: str, title: str, turns: Sequence[Turn]) -> tuple[tuple[Turn, ...], tuple[Casting, ...]]:
    """Return the turns with what could be found out of their speakers, and why it is believed."""
    turns = _one_in_two_languages(text, turns)
    changes = _moderating(text, turns)
    changes |= _introduced(f"{title}\n{text}", _changed(turns, changes))
    changes |= _naming_themselves(text, _changed(turns, changes))
    changes |= _interviewing(text, title, _changed(turns, changes))
    # Who asks shows who answers, and the other way round; once more settles the rest.
    for _ in range(2):
        changes |= _answering(text, _changed(turns, changes))
        changes |= _asking(text, _changed(turns, changes))
    changes |= _holding_forth(title, _changed(turns, changes))
    final = _answering_themselves(text, _changed(turns, changes))
    final = _of_the_titles_outlet(title, _followed_up(text, final))
    castings = {
        after.speaker: Casting(after.speaker, _derivation(before.speaker, changes))
        for before, after in zip(turns, final, strict=True)
    }
    return final, tuple(castings.values())


Changes = dict[Speaker, tuple[Speaker, str]]


def _derivation(speaker: Speaker, changes: Changes) -> str:
    if speaker in changes:
        return changes[speaker][1]
    unknown = speaker.role is Role.UNKNOWN
    return "nothing says what this speaker is" if unknown else "the label says so"


def _changed(turns: Sequence[Turn], changes: Changes) -> tuple[Turn, ...]:
    return tuple(
        replace(turn, speaker=changes[turn.speaker][0]) if turn.speaker in changes else turn
        for turn in turns
    )


def _unknown(turns: Iterable[Turn]) -> Iterator[Speaker]:
    yield from dict.fromkeys(turn.speaker for turn in turns if turn.role is Role.UNKNOWN)


def _introduced(text: str, turns: Sequence[Turn]) -> Changes:
    """Name officials whom the text itself gives an office."""
    names = frozenset(turn.speaker.name for turn in turns if turn.speaker.name)
    changes: Changes = {}
    for speaker in dict.fromkeys(turn.speaker for turn in turns):
        name = speaker.name
        lacking = speaker.role is Role.UNKNOWN or (speaker.role is Role.OFFICIAL and not speaker.office)
        if not (lacking and name):
            continue
        if office := introduction(name, text):
            found = replace(speaker, role=Role.OFFICIAL, office=office)
            changes[speaker] = (found, f"the text calls {name} {office}")
        elif speaker.role is Role.UNKNOWN and (office := addressed(name, text, names)):
            found = replace(speaker, role=Role.OFFICIAL, office=office)
            changes[speaker] = (found, f"the text addresses {name[0]}{office}")
    return changes


def _naming_themselves(text: str, turns: Sequence[Turn]) -> Changes:
    """Name officials of whom a label tells the office alone, and who say their name themselves."""
    changes: Changes = {}
    for speaker, said in _said(text, turns).items():
        if speaker.role is not Role.OFFICIAL or speaker.name or not speaker.office:
            continue
        told = {
            (match["office"], match["name"])
            for words in said
            for match in _MYSELF.finditer(words)
            if is_person(match["name"]) and match["office"].endswith(speaker.office)
        }
        if len(told) == 1:
            office, name = told.pop()
            found = replace(speaker, name=name, office=office)
            changes[speaker] = (found, f"says: 我是{office}{name}")
    return changes


def _moderating(text: str, turns: Sequence[Turn]) -> Changes:
    """Name moderators who hand over in most of their turns, and briefly or from the start.

    An official by label is one only where somebody else answers.
    """
    changes: Changes = {}
    answering = {after.speaker for before, after in pairwise(turns) if before.role is Role.JOURNALIST}
    for speaker, said in _said(text, turns).items():
        official = speaker.role is Role.OFFICIAL and bool(answering - {speaker})
        handing = sum(bool(_HANDING_OVER.search(words)) for words in said)
        brief = sum(map(len, said)) <= _SHORT_CHARS * len(said)
        opens = turns[0].speaker == speaker and bool(_HANDING_OVER.search(said[0]))
        mostly = handing > _MOSTLY * len(said) and (brief or opens)
        if mostly and (speaker.role is Role.UNKNOWN or official):
            changes[speaker] = (replace(speaker, role=Role.MODERATOR), "opens and hands over to others")
    return changes


def _interviewing(text: str, title: str, turns: Sequence[Turn]) -> Changes:
    """Name the one who asks in an interview, where no label says that anybody does."""
    speakers = {turn.speaker for turn in turns if turn.role is not Role.MODERATOR}
    asked = any(turn.role is Role.JOURNALIST for turn in turns)
    may_be = len(speakers) == 2 or bool(_INTERVIEW.search(title))
    interviewer = _interviewer(_question_shares(text, turns), turns)
    if asked or not may_be or len(turns) < _ENOUGH_TURNS or interviewer is None:
        return {}
    if interviewer.role is not Role.UNKNOWN:
        return {}
    asker = replace(interviewer, role=Role.JOURNALIST)
    return {interviewer: (asker, "asks the questions of an interview")}


def _asking(text: str, turns: Sequence[Turn]) -> Changes:
    """Name those who ask, are answered by an official, and bear no person's name."""
    shares = _question_shares(text, turns)
    answered = {before.speaker for before, after in pairwise(turns) if after.role is Role.OFFICIAL}
    return {
        speaker: (
            Speaker(Role.JOURNALIST, outlet=speaker.name),
            "asks, is answered by an official, and bears no person's name",
        )
        for speaker in _unknown(turns)
        if speaker in answered and shares[speaker] > 0 and not _is_somebody(speaker, text)
    }


def _interviewer(shares: Mapping[Speaker, float], turns: Sequence[Turn]) -> Speaker | None:
    """Return the one of the two main speakers who asks clearly more often, if that one is unknown."""
    counts: dict[Speaker, int] = defaultdict(int)
    for turn in turns:
        counts[turn.speaker] += 1
    main = sorted(counts, key=lambda speaker: -counts[speaker])[:2]
    if len(main) < 2:
        return None
    first, second = sorted(main, key=lambda speaker: -shares[speaker])
    clear = shares[first] >= _MOSTLY and shares[first] > 1.5 * shares[second]
    return first if clear else None


def _answering(text: str, turns: Sequence[Turn]) -> Changes:
    """Name officials who speak right after a question; where no journalist does, the host asks."""
    changes: Changes = {}
    asked = any(turn.role is Role.JOURNALIST for turn in turns)
    for before, after in pairwise(turns):
        hosted = not asked and before.role is Role.MODERATOR and _ASKS.search(before.words.of(text))
        if (
            (before.role is Role.JOURNALIST or hosted)
            and after.role is Role.UNKNOWN
            and _is_somebody(after.speaker, text)
        ):
            official = replace(after.speaker, role=Role.OFFICIAL)
            changes[after.speaker] = (official, "answers right after a question")
    return changes


def _answering_themselves(text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Make officials of named moderators with an office where they answer, and hand nothing over."""
    said = [
        turn.role is Role.MODERATOR
        and before.role is Role.JOURNALIST
        and bool(turn.speaker.name and turn.speaker.office)
        and not _HANDING_OVER.search(turn.words.of(text))
        for before, turn in pairwise(turns)
    ]
    return tuple(
        replace(turn, speaker=replace(turn.speaker, role=Role.OFFICIAL)) if answers else turn
        for turn, answers in zip(turns, [False, *said], strict=False)
    )


def _holding_forth(title: str, turns: Sequence[Turn]) -> Changes:
    """Name the official of a speech: who says most of the words where nobody else is one."""
    if not _SPEECH.search(title) or any(turn.role is Role.OFFICIAL for turn in turns):
        return {}
    said: dict[Speaker, int] = defaultdict(int)
    for turn in turns:
        said[turn.speaker] += len(turn.words)
    first = max(said, key=lambda speaker: said[speaker], default=None)
    if first is None or first.role is not Role.UNKNOWN or 3 * said[first] < 2 * sum(said.values()):
        return {}
    return {first: (replace(first, role=Role.OFFICIAL), "gives the speech that the title names")}


def _said(text: str, turns: Sequence[Turn]) -> dict[Speaker, list[str]]:
    """Return the words of each speaker's turns."""
    words: dict[Speaker, list[str]] = defaultdict(list)
    for turn in turns:
        words[turn.speaker].append(turn.words.of(text))
    return words


def _question_shares(text: str, turns: Sequence[Turn]) -> dict[Speaker, float]:
    """Return the share of each speaker's turns that ask."""
    return {
        speaker: sum(bool(_ASKS.search(words)) for words in said) / len(said)
        for speaker, said in _said(text, turns).items()
    }


def _one_in_two_languages(text: str, turns: Sequence[Turn]) -> Sequence[Turn]:
    """Give a turn in English the speaker of the Chinese turn before, where most of them translate one."""
    translating = {
        after: before.speaker
        for before, after in pairwise(turns)
        if before.role is not Role.JOURNALIST
        and after.role in (before.role, Role.UNKNOWN)
        and is_latin(after.label.of(text)[:-1])
        and not is_latin(before.label.of(text))
        and is_latin(after.words.of(text))
    }
    latin = sum(
        turn.role is not Role.JOURNALIST and len(turn.label) > 0 and is_latin(turn.label.of(text)[:-1])
        for turn in turns
    )
    if 2 * len(translating) <= latin:
        return turns
    return [replace(turn, speaker=translating.get(turn, turn.speaker)) for turn in turns]


def _followed_up(text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Name who asks on: the journalist of the question before, where the label says the same one does."""
    outlets = {
        t.speaker for t in turns if t.role is Role.JOURNALIST and (t.speaker.outlet or t.speaker.name)
    }
    followed: list[Turn] = []
    before: Speaker | None = None
    for turn in turns:
        label = turn.label.of(text)
        unnamed = turn.role is Role.JOURNALIST and turn.speaker == Speaker(Role.JOURNALIST)
        same = "同上" in label or (len(outlets) == 1 and _FOLLOWING_UP.search(label))
        kept = replace(turn, speaker=before) if unnamed and same and before else turn
        if unnamed and kept is turn and (outlet := _outlet_beside(turn.words.of(text))):
            kept = replace(turn, speaker=replace(turn.speaker, outlet=outlet))
        followed.append(kept)
        before = kept.speaker if kept.role is Role.JOURNALIST else before
    return tuple(followed)


def _of_the_titles_outlet(title: str, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Give the one journalist of an interview the outlet that its title names: 中央社駐巴黎記者訪問."""
    askers = {turn.speaker for turn in turns if turn.role is Role.JOURNALIST}
    match = _TITLES_OUTLET.match(_LEADING_DATE.sub("", title))
    if len(askers) != 1 or not match or not is_outlet(match["outlet"]) or next(iter(askers)).outlet:
        return turns
    return tuple(
        replace(turn, speaker=replace(turn.speaker, outlet=match["outlet"]))
        if turn.role is Role.JOURNALIST
        else turn
        for turn in turns
    )


def _outlet_beside(words: str) -> str | None:
    """Return the outlet that a question names in brackets at its beginning or end, or behind a dash."""
    match = _BESIDE.search(words)
    told = next((part for part in match.groups() if part), None) if match else None
    speaker = named(told.strip()) if told else None
    return speaker.outlet if speaker and speaker.role is Role.JOURNALIST else None


def _is_somebody(speaker: Speaker, text: str) -> bool:
    """Tell whether a label is a person's name; a single Latin word is one only in a Latin text."""
    name = speaker.name or ""
    latin = name.isascii() and (" " in name or is_latin(text))
    return bool(name) and (is_person(name) or latin or speaker.office is not None)
