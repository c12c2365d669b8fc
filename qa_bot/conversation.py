"""Complete a question that continues a conversation, from the questions asked before it.

Three ways are tried: another country or person takes the place of the one that was asked about (那日本呢),
a pronoun is replaced by whom it stands for (他什么时候来), and the topic is set before the question
(具体有哪些措施). Nothing is written that was not asked before in those words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Final

from qa_bot.analysis import Analysis
from qa_bot.anaphora import (
    ASKING,
    BREAK,
    LITTLE,
    OPINION,
    PERSON,
    PLACE,
    Mention,
    Said,
    clauses,
    every_mention,
    is_chatter,
    leaves_open,
    opens_with_matter,
    read,
    repeats,
    stands_alone,
    without_chatter,
)
from qa_bot.records import Span
from qa_bot.terms import HAN, is_han
from qa_bot.text import is_latin

#: How many of the earlier questions are looked at, and how many characters of each.
_LOOK_BACK: Final = 8
_REMEMBERED_CHARS: Final = 500
#: A question this long names its own matter; and the longest question that may result.
_LONG: Final = 200
_MOST_CHARS: Final = 2000
#: How many clauses of the previous question are its topic: the first and the last that have matter.
_MOST_CLAUSES: Final = 2

#: A question for the same about another: 那日本呢？ And Japan?
_ANOTHER: Final = re.compile(
    r"(?:那么?|而|还有|至于|换成|换作|如果是|要是|,)*(?P<other>[^,。?!]+?)(?:方面|那边|的话|的情况)?"
    r"(?:呢|又?怎么样|又?如何|也是吗|也一样吗)?[?。!]*"
)
_ANOTHER_ENGLISH: Final = re.compile(
    r"(?:(?:ok|okay|and|but|so|then)\b,?\s*)*(?:(?:what|how) about\s+|same (?:question )?for\s+)?"
    r"(?:(?:in|for|with|from)\s+)?(?P<other>[^,?!:]+?)(?:,?\s*\b(?:then|too|as well|though))?\s*[?.!]*",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"^the\s+", re.IGNORECASE)
_MORE_THAN_A_NAME: Final = re.compile(
    r"^(?:那|而|还有|至于|换|如果|要是)|[呢?]|吗|^(?:and|but|so|what|how|same)\b", re.IGNORECASE
)
_AND: Final = re.compile(
    r"^(?:那|而|还有|至于)|呢|^(?:and|but|so|what about|how about)\b", re.IGNORECASE
)
_LISTED: Final = re.compile(r"(?:[和与及跟、/&\s]|\b(?:and|or|the)\b)+", re.IGNORECASE)
#: A question for what something is, and the something.
_DEFINED: Final = re.compile(
    r"(?:什么(?:是|叫)(?P<a>[^的?,]{2,8})|(?P<b>[^的?,]{2,8}?)(?:指的)?是什么(?:意思)?|(?:what|who) (?:is|are)(?: the)? (?P<c>[\w-]+(?: [\w-]+)?))[?。]*",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(r"[\u3400-\u9fff\w]{2,8}|[\w-]+(?: [\w-]+)?")

#: How a country is called in the name of what it does with another: 中美关系.
_SHORT_FORMS: Final = dict(
    each.split(":")
    for each in (
        "中:中国 美:美国 日:日本 韩:韩国 朝:朝鲜 俄:俄罗斯 英:英国 法:法国 德:德国 印:印度 菲:菲律宾 越:越南 澳:澳大利亚 "
        "加:加拿大 欧:欧盟 巴:巴基斯坦 蒙:蒙古国 泰:泰国 缅:缅甸 新:新加坡 马:马来西亚 土:土耳其 以:以色列 叙:叙利亚 "
        "伊:伊朗 乌:乌克兰 哈:哈萨克斯坦 非:非洲 阿:阿富汗 希:希腊 意:意大利 西:西班牙 埃:埃及 沙:沙特 老:老挝 柬:柬埔寨"
    ).split()
)
_CHINA: Final = "中国"
_STATE: Final = re.compile(r"[国邦盟]$")
_LETTERS: Final = "".join(_SHORT_FORMS)
_PAIR: Final = re.compile(
    rf"(?P<one>[{_LETTERS}])(?P<two>[{_LETTERS}])(?=双方|两国|关系|双边|战略|贸易|经贸|边界|边境|领导人|元首|首脑|外长|会谈|会晤|对话"
    r"|合作|建交|邦交|联合|军演|友好|投资|冲突|战争|高层|人文|经济|峰会|谈判|自贸|防长|总理|国防)"
)
_OFFICE: Final = re.compile(
    r"的?(?:新任|前|副|候任)?(?:总统|总理|首相|主席|外长|外交部长|国防部长|防长|部长|国务卿|大使|国王|议长|行长|秘书长|领导人)"
    r"|(?:'s)? (?:president|prime minister|foreign minister|secretary of state|defen[cs]e secretary|leader)\s?",
    re.IGNORECASE,
)
_WITH: Final = ("和", "与", "跟", "同", "及", "and", "with")
_TOWARDS: Final = ("对", "向", "针对")
_COUNTRIES: Final = re.compile(r"双方|两国|.*(?:countries|sides)")

#: What is left out of a question to have its topic; what stands at its ends, first.
_SOFTENING: Final = re.compile(
    r"[的了]?[吗呢吧啊?。!]+$|[的了]$|^(?:那么?|而且?|请问|所以|但是?),?|什么时候|什么时间|何时|几时|哪几?天|为什么|为何|是不是|是否|有没有|会不会|能不能"
    r"|要不要|到底|究竟|在?哪里(?=举|召|见|会|开)|(?:怎么|如何)(?!样|办|看|评|回|理|解读|$)"
)
_ASKED: Final = r"(?:中方|中国(?:政府|外交部)?|外交部|发言人|你们?|您|[一-鿿]?(?:外长|部长))?"
_FRAMES: Final = tuple(
    re.compile(frame, re.IGNORECASE)
    for frame in (
        rf"{_ASKED}(?:对于?|就|关于|针对)(?P<topic>.+?)(?:上|方面)?{OPINION}",
        rf"{_ASKED}(?:怎么|如何|怎样)(?:看待?|评价|评论|回应|理解|解读)(?P<topic>.+)",
        rf"(?P<topic>.+?){OPINION}",
        r"什么(?:是|叫)(?P<topic>.+)",
        r".*谁(?:来)?(?:当|做|担任|出任|任)(?P<topic>.+)",
        r"(?P<topic>.+?)(?:指的)?是(?:什么|啥|谁)(?:意思)?",
        r"(?P<topic>.+?)(?:最近|目前)?有(?:什么|何)?新?的?(?:进展|消息|结果|变化|成果)",
        r"(?P<topic>.+?)(?:怎么样|怎么办|如何|怎样|在[做干]什么)",
        r"(?:能|可以)?(?:具体|详细|简要)?(?:介绍|谈谈|说说|讲讲)(?:一下)?(?P<topic>.+)",
        r"(?:what|how) (?:does|did|do|is|would) (?:china|you|beijing|the chinese (?:side|government)) (?:say|said|think|view|respond|react|comment|feel|see)"
        r"(?: (?:of|about|on|to))? (?P<topic>.+)",
        r"(?:what|how)(?:'s| is| are| was) (?:china|your|beijing)(?:'s)? (?:position|view|stance|comment|response|reaction|opinion|attitude)"
        r" (?:on|to|of|about|towards?) (?P<topic>.+)",
        r"(?:what|who)(?:'s| is| are| was| were) (?P<topic>[^,]+)",
        r"(?:will|is|was|are|were) there (?:be )?(?:an? |any )?(?P<topic>.+)",
        r"(?:what|how) about (?P<topic>.+)",
        r"(?:please )?tell me about (?P<topic>.+)",
    )
)
_OPENING: Final = re.compile(r"^(?:那[么麼]?|而且?|[请請][问問]|所以|但是?)[,，、]?")
_STILL_ASKS: Final = re.compile(
    r"谁|什么|哪|多少|几[个年月]|怎么|怎样|如何|[吗呢]|\b(?:who|what|which|when|where|why|how|whose)\b|^(?:is|are|was|were|do|does|did|has|have|had|will|would|can"
    r"|could|should|may)\b",
    re.IGNORECASE,
)


def resolve(question: str, history: Sequence[str], analysis: Analysis) -> str:
    """Return a question that can be understood alone, given those asked before, oldest first.

    A question that names its own matter is returned as it is.
    """

    def follow(before: str, earlier: str) -> str:
        said = Said.of(_complete(earlier[:_REMEMBERED_CHARS], before, analysis), analysis)
        return said.shown if _tells(said, before, analysis) else before

    return _complete(question, reduce(follow, history[-_LOOK_BACK:], ""), analysis)


def _tells(said: Said, before: str, analysis: Analysis) -> bool:
    """Tell whether an earlier question can be continued: it has matter, or is the first to name anything."""
    if is_chatter(said.folded):
        return False
    reading = read(said, analysis)
    first = not before and bool(reading.mentions or reading.weight)
    return first or stands_alone(said, "", analysis)


def _complete(question: str, before: str, analysis: Analysis) -> str:
    """Return a question as it is understood after another."""
    if not before or len(question) > _LONG:
        return question
    said, previous = without_chatter(Said.of(question, analysis)), Said.of(before, analysis)
    if is_chatter(said.folded) or opens_with_matter(said, analysis):
        return question
    result = _exchanged(said, previous, analysis)
    if result is None:
        explained = _explained(said, previous, analysis)
        if stands_alone(explained, previous.folded, analysis) or repeats(said, previous, analysis):
            result = question if explained == said else explained.shown
        else:
            result = _under_topic(said, previous, analysis)
    return result if len(result) <= _MOST_CHARS else question


# ---- another in its place ----


def _exchanged(said: Said, previous: Said, analysis: Analysis) -> str | None:
    """Return the previous question about another country, person or thing, or None where none is named."""
    shape = _ANOTHER if HAN.search(said.folded) else _ANOTHER_ENGLISH
    match = shape.fullmatch(said.folded)
    if not match or not _MORE_THAN_A_NAME.search(said.folded) or ASKING.search(match["other"]):
        return None
    other = said.cut(Span(*match.span("other")))
    mentions = read(other, analysis).mentions
    if not mentions:
        return _redefined(other, previous, analysis) if _AND.search(said.folded) else None
    names = Span(_with_article(mentions[0].span, other).start, mentions[-1].span.end)
    between = [other.folded[one.span.end : two.span.start] for one, two in pairwise(mentions)]
    listed = all(_LISTED.fullmatch(each) for each in between)
    if not listed or other.without(names).folded.strip() not in previous.folded:
        return None
    another = (
        other.cut(names) if len(mentions) > 1 else _in_chinese(other.cut(names), mentions[0], previous)
    )
    return _in_a_pair(another, mentions[0], previous) or _in_place(
        another, mentions[0], previous, analysis
    )


def _in_chinese(names: Said, mention: Mention, previous: Said) -> Said:
    """Return an English name in Chinese where the previous question is: the first form behind the full one."""
    full, *others = mention.name.forms
    forms = [form for form in (*others, full) if is_han(form) and not form.endswith("方")]
    if HAN.search(names.folded) or not HAN.search(previous.folded) or not forms:
        return names
    return Said(forms[0], forms[0])


def _redefined(other: Said, previous: Said, analysis: Analysis) -> str | None:
    """Return a question for what something is, about something else."""
    match = _DEFINED.fullmatch(previous.folded)
    short = _SHORT.fullmatch(other.folded) and is_latin(other.folded) == is_latin(previous.folded)
    if not match or not short or read(other, analysis).weight < LITTLE:
        return None
    group = next(name for name in "abc" if match[name])
    return previous.put(Span(*match.span(group)), _ARTICLE.sub("", other.shown))


def _in_a_pair(names: Said, mention: Mention, previous: Said) -> str | None:
    """Put another country into 中美关系, beside China where China is one of the two."""
    match = _PAIR.search(previous.folded)
    if not match or mention.role != PLACE:
        return None
    left, right = ("one", "two") if match["one"] == "中" or match["two"] != "中" else ("two", "one")
    letters = [letter for letter, name in _SHORT_FORMS.items() if name in mention.name.forms]
    if match["one"] in letters or match["two"] in letters:
        return None
    if letters and names.folded in mention.name.forms:
        return previous.put(Span(*match.span(right)), _as_written(letters[0], names))
    if not (letters or _STATE.search(mention.name.forms[0])):
        return None
    return previous.put(Span(*match.span()), f"{_SHORT_FORMS[match[left]]}和{names.shown}")


def _as_written(letter: str, names: Said) -> str:
    """Return a simplified letter as it stands in a name, if it does: 韩 in 韓國 is 韓."""
    place = names.folded.find(letter)
    return names.shown[place] if place >= 0 else letter


def _in_place(names: Said, mention: Mention, previous: Said, analysis: Analysis) -> str | None:
    """Put a name in the place of one of its kind."""
    found = read(previous, analysis).mentions
    same = _latest(mention.role, previous, analysis)
    if not same or any(each.name == mention.name for each in found):
        return None
    if mention.role == PERSON:
        return previous.put(_with_office(same[-1].span, found, previous), names.shown)
    return previous.put(_with_article(_asked_about(same, previous).span, previous), names.shown)


def _latest(role: str, said: Said, analysis: Analysis) -> list[Mention]:
    """Return the places or persons in the last clause that has any, China left out: it answers."""
    found = [each for each in read(said, analysis).mentions if each.role == role]
    others = [each for each in found if _CHINA not in each.name.forms]
    breaks = [match.end() for match in BREAK.finditer(said.folded)]
    starts = [max((b for b in breaks if b <= each.span.start), default=0) for each in others]
    return [each for each, start in zip(others, starts, strict=True) if start == starts[-1]]


def _asked_about(places: Sequence[Mention], said: Said) -> Mention:
    """Return which of some places a question is about: B in A和B and in A对B的, else the first."""
    for one, two in pairwise(places):
        between = said.folded[one.span.end : two.span.start].strip()
        behind = said.folded[two.span.end :]
        if between in _WITH or (between in _TOWARDS and behind.startswith("的")):
            return two
    return places[0]


def _with_office(person: Span, mentions: Sequence[Mention], said: Said) -> Span:
    """Return a person's span with the country and office before it: 美国国务卿蒂勒森."""
    for each in mentions:
        if _OFFICE.fullmatch(said.folded[each.span.end : person.start]):
            return Span(each.span.start, person.end)
    return person


def _with_article(span: Span, said: Said) -> Span:
    """Return a country's span with an article before it."""
    return Span(span.start - 4 * said.folded[: span.start].lower().endswith("the "), span.end)


# ---- whom a pronoun stands for ----


def _explained(said: Said, previous: Said, analysis: Analysis) -> Said:
    """Replace a pronoun for a person, a place or several of them by whom it stands for."""
    for kind, find in _STANDS_FOR.items():
        span = leaves_open(said, kind, analysis)
        meant = span and find(said, previous, span.of(said.folded).lower(), analysis)
        if span and meant:
            return Said.of(said.put(span, meant), analysis)
    return said


def _person(said: Said, previous: Said, pronoun: str, analysis: Analysis) -> str | None:
    if any(each.role == PERSON for each in every_mention(said, analysis)):
        return None
    spans = [each.span for each in _latest(PERSON, previous, analysis)]
    spans = spans or _offices(read(previous, analysis).mentions, previous)
    return spans[-1].of(previous.shown) + ("'s" if pronoun == "his" else "") if spans else None


def _offices(mentions: Sequence[Mention], said: Said) -> list[Span]:
    """Return the stretches that name an office with its country: 蒙古国外长."""
    offices = ((each.span.start, _OFFICE.match(said.folded, each.span.end)) for each in mentions)
    return [Span(start, match.end()) for start, match in offices if match]


def _place(said: Said, previous: Said, pronoun: str, analysis: Analysis) -> str | None:
    places = _latest(PLACE, previous, analysis)
    preposition = "in " if pronoun == "there" else ""
    return preposition + places[-1].span.of(previous.shown) if places else None


def _several(said: Said, previous: Said, pronoun: str, analysis: Analysis) -> str | None:
    pair = _PAIR.search(previous.folded)
    if pair:
        ending = pronoun if pronoun in ("双方", "两国") else "双方"
        return Span(*pair.span()).of(previous.shown) + ending
    mentions = every_mention(previous, analysis)
    for role in (PLACE, PERSON) if _COUNTRIES.fullmatch(pronoun) else (PERSON, PLACE):
        names = [each.span.of(previous.shown) for each in mentions if each.role == role]
        if len(names) == 2:
            return ("和" if HAN.search(names[0]) else " and ").join(names)
    return None


_STANDS_FOR: Final[dict[str, Callable[[Said, Said, str, Analysis], str | None]]] = {
    "person": _person,
    "place": _place,
    "several": _several,
}


# ---- the topic before the question ----


def _under_topic(said: Said, previous: Said, analysis: Analysis) -> str:
    """Set what the previous question was about before a question."""
    parts = list(clauses(previous))
    own = [part for part in parts if stands_alone(part, "", analysis)] or parts
    kept = own if len(own) <= _MOST_CLAUSES else [own[0], own[-1]]
    topics = [topic for part in kept if (topic := topic_of(part))]
    if len(topics) < len(kept):
        asked = [_OPENING.sub("", part.shown) for part in kept]
        return "".join(f"{each}？" if HAN.search(each) else f"{each}? " for each in asked) + said.shown
    topic = "，".join(topics)
    if HAN.search(topic):
        return f"{topic}，{said.shown}"
    return f"{topic[:1].upper()}{topic[1:]}: {said.shown}"


def topic_of(clause: Said) -> str | None:
    """Return what a clause asks about, or None where it can't be told from the asking."""
    while match := _SOFTENING.search(clause.folded):
        clause = clause.without(Span(*match.span()))
    for frame in _FRAMES:
        if match := frame.fullmatch(clause.folded):
            return clause.cut(Span(*match.span("topic"))).shown.strip()
    return None if _STILL_ASKS.search(clause.folded) else clause.shown.strip()
