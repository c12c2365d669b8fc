"""Pair each question with its answers, and tell what answers nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from qa_bot.furniture import is_note
from qa_bot.records import Exchange, Role, Turn
from qa_bot.text import is_latin

#: The moderator asks another official to add to the answer.
_ADDING: Final = re.compile(
    r"补充|補充|接着|也请|也請|再请|再請|继续回答|繼續回答|还有.{0,8}回答|add to (?:that|this)|anything to add"
)
#: An official ends the session; said behind an answer, it is none.
_CLOSING: Final = re.compile(
    r"(?:没有|沒有)(?:其他|更多|别的|別的)(?:问题|問題)|(?:如果|若|要是)(?:大家)?(?:没有|沒有)(?:问题|問題)|还有(?:没有)?(?:其他)?问题吗?|還有(?:沒有)?問題|"
    r"(?:记者会|记者會|记者招待会|发布会|吹风会|见面会|记者见面|會議?|活动)[^。，]{0,6}(?:到此|就到|结束|結束)|(?:今天|今日)就到(?:这|這)|到此(?:结束|結束|为止)|"
    r"明天.{0,12}(?:继续|再).{0,8}(?:发布会|记者会)|^(?:谢谢|謝謝|感谢|感謝)(?:大家|各位).{0,15}$|that(?:['’]s| is) (?:all|it) for today|thank you,? (?:all|everyone|everybody)|leave it there|this concludes|see you (?:next|tomorrow)",
    re.IGNORECASE,
)
_CLOSING_CHARS: Final = 90
_ASKED_BACK_CHARS: Final = 60


def pair(text: str, turns: Sequence[Turn]) -> tuple[tuple[Exchange, ...], tuple[Turn, ...]]:
    """Pair each question with the answers up to the next question.

    Returns the exchanges, and the officials' statements that answer nobody. A journalist who is not
    answered makes no exchange. What one journalist says in several turns, or the same in two
    languages, is one question. The moderator's turns belong to neither; once a question is answered
    they end its exchange, unless they ask another official to add to it. What an official asks back to
    understand the question, and the reply to that, are left out. Where no journalist speaks at all,
    the moderator asks.
    """
    exchanges: list[Exchange] = []
    statements: list[Turn] = []
    asked: tuple[Turn, ...] = ()
    answered = False
    clarifying = _clarifying(text, turns)
    hosted = all(turn.role is not Role.JOURNALIST for turn in turns)
    for turn in turns:
        if turn in clarifying:
            continue
        if turn.role is Role.JOURNALIST or (hosted and _hosts_question(text, turn)):
            going_on = bool(asked) and not answered and _goes_on(text, asked[-1], turn)
            asked = (*asked, turn) if going_on else (turn,)
            answered = False
        elif turn.role is Role.MODERATOR and answered and not _ADDING.search(turn.words.of(text)):
            asked, answered = (), False
        elif turn.role is Role.OFFICIAL and (not asked or _closes(text, turn)):
            statements.append(turn)
            asked, answered = (), False
        elif turn.role is Role.OFFICIAL and not is_note(turn.words.of(text)):
            before = exchanges.pop() if answered else Exchange(len(exchanges) + 1, asked, ())
            exchanges.append(replace(before, answers=(*before.answers, turn)))
            answered = True
    return tuple(exchanges), tuple(statements)


def _hosts_question(text: str, turn: Turn) -> bool:
    """Tell whether the host of an interview asks."""
    return turn.role is Role.MODERATOR and bool(re.search("[？?]", turn.words.of(text)))


def _clarifying(text: str, turns: Sequence[Turn]) -> set[Turn]:
    """Return what an official asks back and the journalist's reply, before the answer is given."""
    found: set[Turn] = set()
    for asked, back, reply in zip(turns, turns[1:], turns[2:], strict=False):
        roles = (asked.role, back.role, reply.role)
        if roles == (Role.JOURNALIST, Role.OFFICIAL, Role.JOURNALIST):
            short = len(back.words) <= _ASKED_BACK_CHARS and len(reply.words) <= _ASKED_BACK_CHARS
            ends = back.words.of(text).endswith(("？", "?"))
            if short and ends and not re.search("[？?]", reply.words.of(text)):
                found |= {back, reply}
    return found


def _closes(text: str, turn: Turn) -> bool:
    words = turn.words.of(text)
    first = next(iter(words.splitlines()), "")
    return len(turn.label) > 0 and len(words) <= _CLOSING_CHARS and bool(_CLOSING.search(first))


def _goes_on(text: str, before: Turn, after: Turn) -> bool:
    """Tell whether a journalist's turn continues the one before, or says it in another language."""
    if not len(after.label):
        return True
    same = before.speaker == after.speaker and bool(after.speaker.name or after.speaker.outlet)
    return same or is_latin(before.words.of(text)) != is_latin(after.words.of(text))
