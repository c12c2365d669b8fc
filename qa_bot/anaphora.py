"""Read what a question names itself, and what it leaves to the questions before it.

A question is cut here into what asks (怎么看, 什么时候, what about), whom it is about (日本, 王毅) and
its matter (部署萨德). All patterns are matched against simplified text in half width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from qa_bot.analysis import Analysis
from qa_bot.lexicon import Name, is_word
from qa_bot.records import Span
from qa_bot.terms import HAN

#: What a name that acts or is acted upon is; alone, it is no matter.
PLACE: Final = "place"
PERSON: Final = "person"
#: Kinds of names that hold everyday words too, and prove nothing.
_EVERYDAY: Final = ("", "wording", "english")
#: A disputed island is a matter; a wide region is rather somebody who acts.
_ISLAND: Final = re.compile(r"[岛屿礁滩]$")
_WIDE: Final = re.compile(r"(?:地区|国家|大陆|洲|世界)$")
_LIKE_COUNTRIES: Final = frozenset("欧盟 东盟 联合国 北约 非盟 阿盟 七国集团".split())

#: How much matter a question needs to stand alone: a Han character counts 1, a Latin word 2, a name 4.
ENOUGH: Final = 4
#: What is enough beside a name, or where the question asks for nothing but that: 北极问题？
LITTLE: Final = 2
#: What is enough for a question that continues by its own words: 具体, 还, also.
MUCH: Final = 6
#: What is enough even where a pronoun is left open: 那个被判刑的科学家.
PLENTY: Final = 8
_WORD: Final = 2
_NAMED: Final = 4

_CHINA: Final = r"(?:中方|(?<!南)中国(?:政府|外交部)?|外交部|发言人|你们?|您|我国|我方)"
_STANCE: Final = "评论|看法|立场|态度|回应|反应|期待|意见|考虑|打算|说法|评价|表态|主张|想法|解释|观点"
#: What asks for a stance, with the one who is asked.
OPINION: Final = (
    rf"{_CHINA}?(?:对此|就此|对这个问题|对这件事)?(?:是否|是|究竟|到底|又|会|将|应该?|目前|最新)*"
    r"(?:(?:怎么|如何|怎样)(?:看待?|评价|评论|回应|理解|解读|认为|想|说|表态|应对|反应)(?!,)"
    rf"|(?:有|持|是|采取)?(?:什么|何|怎样|怎么样|啥|哪些)(?:样)?的?(?:最新|进一步|具体)?(?:{_STANCE})"
    rf"|(?:{_STANCE})(?:是|如何)?(?:什么|怎样|怎么样|如何)?(?=[?。]|$)|支持吗|反对吗|同意吗|认同吗)"
)
ASKING: Final = re.compile(
    rf"{OPINION}|{_CHINA}(?=[一-鿿])|什么(?:时候|时间)?|何时|几时|几个|哪几?[天年月位个些种家里]|在?哪[里儿]|为什么|为何|怎么[样办]?|怎样|如何"
    r"|多[少久大长]|有没有|是不是|会不会|能不能|要不要|是否|能否|可否|谁|请问|(?<![申邀])请|介绍|一下|这是|详细|展开|关于|至于"
    r"|\d+[年月日号点]|[去今明]年|[昨今明]天|[本下上]周"
)
#: Words that tell nothing of what a question is about.
_GENERIC: Final = frozenset(
    """
    的 了 吗 呢 吧 啊 呀 么 是 有 在 和 与 及 对 把 被 从 到 会 能 要 想 去 来 说 谈 做 讲 让 给 跟 同 向 为 就 都 也 还 又 再 更 最 很 这 那 此 该 他 她 它 们 我
    你 您 谁 何 个 些 点 里 上 中 下 前 后 时 等 或 但 而 且 并 则 不 没 没有 得 地 着 过 去过 用 叫 称 当 由 以 于 其 之 所 可以 可能 应该 已经 正在 将 将会 希望 认为
    觉得 知道 看 看到 听说 据说 表示 问题 情况 事情 事 事件 具体 成果 措施 内容 意义 影响 原因 目的 作用 结果 进展 经验 细节 详情 消息 办法 方法 方式 方案 计划 打算 立场 态度 看法
    评论 回应 反应 期待 意见 建议 观点 条件 标准 规定 要求 标题 理由 依据 背景 过程 步骤 部分 方面 时间 地点 地方 时候 人 人员 人物 国家 政府 记者 部门 单位 解决 处理 举行 召开 进行
    开始 结束 实现 完成 发生 出现 采取 支持 反对 同意 接受 拒绝 欢迎 关注 关心 重视 回答 解释 说明 说说 谈谈 讲讲 聊聊 展开 继续 补充 介绍 参加 出席 发布 公布 宣布 确认 证实 否认
    讨论 商量 会谈 会见 会面 见面 见 来访 访问 回来 想要 那边 那里 那儿 当地 还会 还要 还有 还能 要不 这次 那次 这个 那个 这些 那些 这件 那件 准备 决定 确定 最后 后来 事先 事前 事后
    之前 之后 以后 以前 今后 将来 未来 接下来 目前 现在 平时 平常 其中 其他 其它 另外 此外 同样 一样 这样 那样 这么 那么 真的 真 究竟 到底 现行 有效 生效 成功 失败 好 坏 大 小 多
    少 新 旧 高 低 长 重要 主要 详细 更多 全部 所有 一些 一个 两个 三个 四个 五个 第一 第二 第三 双方 两国 两人 三国 各方 对方 彼此 他们 她们 它们 大家 自己 外长 总理 总统 部长
    大使 首相 主席 国务卿 国王 主题 案例 例子 效果 好处 坏处 特点 关键 规模 议题 结论 难点 亮点 流程 费用 后果 前景 障碍 困难 分歧 共识 规则 区别 差别 责任 提出 作出 做出 开展 推动
    推进 加强 改善 改变 增加 减少 停止 加入 成员 阶段 第四 下次 上次 规划 安排 项目 领域 合作 议长 行长 秘书长 领导人 局长 官员 先生 女士 方 举例 数字 数据 数量 比例 名单 下一步 关系
    帮 帮助 加 花 干
    a an the this that these those it its he him his she her hers they them their there here we our us you your i my me
    and or but so then too also else as well of in on at to for from by with about into over between than like up out
    off is are was were be been being am do does did done doing has have had having will would shall should can could
    may might must not no yes don t s re ve ll d m doesn didn isn wasn aren won what which who whom whose when where why
    how many much long often far more most some any other others another same such one two three four ones thing things
    way tell say says said talk speak discuss discussed explain elaborate describe happen happened happening happens
    come comes came go goes going get gets got make made take took takes taken give gave need want know think see mean
    means outcome outcomes result results detail details reason reasons measure measures impact effect effects progress
    position view views stance comment comments response reaction attitude opinion expect expects expected expectation
    expectations purpose goal goals point points content exactly specific specifically specifics example examples please
    just really still now later before after next last first second third already yet again once ever only even if
    because since countries country both sides side people person government minister ministers president official
    officials work works worked working cost costs sign signed hold held start started begin end ended solve solved
    support oppose agree accept decide decided meet met true possible all anything something continue ok okay
    """.split()
)
#: Single characters and words that only bind others.
_BINDING: Final = frozenset(
    "的了吗呢吧啊呀是有在和与对把被从到会能要想去来就都也还又再很这那不没着过个些方他她它们你您我"
)
#: Words by which a question continues the one before.
_LINK: Final = re.compile(
    r"^还|呢[?。]*$|具体|还要|还会|还有|还能|也[这是有会一要]|再(?![生教])|最后|后来|事先|事前|事后|其中|其他|同样|一样|那边|[这那]样"
    r"|接下来|今后|下一步|\b(?:then|also|too|else|other|others|another|instead|specifically|in particular)\b",
    re.IGNORECASE,
)
_TOO: Final = re.compile(r"也(?!门)|\b(?:too|also|either)\b", re.IGNORECASE)
_SAME: Final = re.compile("[也这那同一]样")
#: Words for a person, for a place, for two or more, and for a matter, that were named before.
_PRONOUNS: Final = {
    "person": re.compile(r"(?<![其吉])[他她](?!们|国|人)|\b(?:he|him|his|she|her)\b", re.IGNORECASE),
    "place": re.compile(
        r"该国|该地区?|那[边里儿]|当地|\bthat country\b|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?<!will )(?<!did )"
        r"(?<!does )(?<!do )(?<!has )(?<!have )\bthere(?!\s+(?:is|are|was|were|be)\b)",
        re.IGNORECASE,
    ),
    "several": re.compile(
        r"(?<![中美日韩朝俄英法德印菲越澳欧])(?:双方|两国)|两[人者]|[他她]们|\b(?:the two|both)(?: countries| sides| leaders| of them)?\b"
        r"|\bthe[ym]\b",
        re.IGNORECASE,
    ),
    "matter": re.compile(
        r"它|(?<![有从因如彼])此(?!外|次|前|后|刻|时)|该(?:组织|协议|协定|办法|法|公司|项目|计划|事件|案|机构|倡议|问题|文件|条约|声明|政策|措施|会议|决议)"
        r"|^那是|那[件个次项份场些位种]|这(?!次|届|场|回|位|几|些年|两年|一年|两天|一天|段时间|里|么)|\bth[eo]se\b"
        r"|\bit\b(?!['’]?s? (?:is )?(?:true|possible|likely|correct|clear)\b)"
        r"|\bthis\b(?! (?:year|week|month|morning|spring|summer|autumn|winter|trip|visit|summit|meeting|session|forum|press conference)\b)"
        r"|\bthat\b(?=\W*$|\s+(?:is|was|will|would|mean|means|work|happen|true|cost|issue|matter|question)\b)",
        re.IGNORECASE,
    ),
}
#: Frames that ask for nothing but their matter; what they leave is the matter even when it is little.
_ABOUT: Final = re.compile(
    rf"(?:怎么|如何|怎样)(?:看待?|评价|评论|回应|理解|解读)(?=[^?,。呢吧]{{2}})|^(?:{_CHINA})?(?:对于?|关于|就|针对)(?!此|这|那|他|她|它)"
    r"|(?:和|与|同|跟)[^,。?]{2,10}关系|对[^,。?此这那他她它]{2,10}[的是有持]|\b(?:relations?|ties|relationship)\b"
    r"|^[^的]+是(?:什么|啥)(?:意思|东西|概念)?[?。]*$|^[^的]+(?:怎么样|如何)了?[?。]*$|^什么(?:是|叫)|^[^?]*(?:问题|局势|事务|危机)[?。]*$"
    r"|\b(?:what|who) (?:is|are|was|were) (?!(?:it|that|this|the)\b)(?=[\w-]+\W*$)"
    r"|\b(?:think|say|said|view|position|stance|comment|opinion|know|talk|tell me|attitude)\b[^?]*\b(?:about|of|on|towards?)\b",
    re.IGNORECASE,
)
_NOT_BARE: Final = re.compile(
    r"[吗呢有没]|^(?:and|but|so|who|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|will|can|could|would|in|from|for)\b",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"[和与及跟、/&,\s]|\band\b")
_CHATTER: Final = re.compile(
    r"(?:(?:你|您|大家|早上|上午|下午|晚上)好|嗨|哈喽|在吗|多?谢谢?[你您]?|感谢.{0,6}|辛苦了|再见|好的?|明白了?|知道了|了解了?|哦+|嗯+"
    r"|(?:我是|我叫|我来自).*|我?(?:想|要|有)?再?(?:问|请教)[您你]?(?:一下|一个|两个)?(?:问题)?|我?[有的](?:一个|两个)?问题是?"
    r"|hi|hello|hey|thanks?(?: you)?(?: very much)?|bye|ok(?:ay)?|i see|great|good (?:morning|afternoon|evening)"
    r"|(?:i am|i'm|this is) .*|(?:i )?have a question)?",
    re.IGNORECASE,
)
_MARKS: Final = " \t~、·'\"()“”‘’《》-"
#: What ends a clause.
BREAK: Final = re.compile(r"[,。!?;…\n]+|[:.](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """A question as it is shown and, character for character, as it is compared."""

    shown: str
    folded: str

    @classmethod
    def of(cls, text: str, analysis: Analysis) -> Said:
        """Align a question with its simplified form; where that is longer or shorter, it is shown itself."""
        shown = text.strip()
        folded = analysis.simplify(shown)
        return cls(shown if len(shown) == len(folded) else folded, folded)

    def cut(self, span: Span) -> Said:
        """Return a stretch of the question."""
        return Said(span.of(self.shown), span.of(self.folded))

    def put(self, span: Span, other: str) -> str:
        """Return the question as it is shown with a stretch replaced."""
        return self.shown[: span.start] + other + self.shown[span.end :]

    def without(self, span: Span) -> Said:
        """Return the question with a stretch left out."""
        folded = self.folded[: span.start] + self.folded[span.end :]
        return Said(self.put(span, ""), folded)


@dataclass(frozen=True, slots=True)
class Mention:
    """A country, region or person that a question names, where, and which of them it is."""

    span: Span
    name: Name
    role: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question names: who acts, the words of its matter, their weight, and if one is a known name."""

    mentions: tuple[Mention, ...]
    matter: tuple[Span, ...]
    weight: int
    named: bool


def read(said: Said, analysis: Analysis) -> Reading:
    """Tell what a question names itself, apart from what asks and who is asked."""
    words = analysis.segment(ASKING.sub(lambda match: " " * len(match[0]), said.folded))
    spans, names = _spans(words), list(_names(words, analysis))
    mentions = _mentions(words, names, analysis)
    named = any(
        not _role(name) and "".join(words[first:last]).lower() not in _GENERIC
        for first, last, name in names
    )
    weights = {
        span: _weight(word, span.start, analysis)
        for word, span in zip(words, spans, strict=True)
        if not any(each.span.start <= span.start and span.end <= each.span.end for each in mentions)
    }
    matter = tuple(span for span, weight in weights.items() if weight)
    return Reading(mentions, matter, sum(weights.values()) + _NAMED * named, named)


def every_mention(said: Said, analysis: Analysis) -> tuple[Mention, ...]:
    """Return whom a question names, those included that it is put to."""
    words = analysis.segment(said.folded)
    return _mentions(words, _names(words, analysis), analysis)


def _spans(words: Sequence[str]) -> list[Span]:
    return [
        Span(end - len(word), end) for word, end in zip(words, accumulate(map(len, words)), strict=True)
    ]


def _names(words: Sequence[str], analysis: Analysis) -> Iterator[tuple[int, int, Name]]:
    """Yield the names among some words: the first word, the one behind the last, and the name."""
    for found in analysis.lexicon.find(words):
        for entry in found.entries:
            if isinstance(entry, Name) and entry.kind not in _EVERYDAY:
                yield found.first, found.last, entry


def _role(name: Name) -> str:
    """Return whether a name is a place's or a person's that acts; nothing for a matter."""
    if name.kind == "people":
        return PERSON
    country = name.kind == "places" and not _ISLAND.search(name.forms[0])
    wide = name.kind == "regions" and _WIDE.search(name.forms[0])
    return PLACE if country or wide or not _LIKE_COUNTRIES.isdisjoint(name.forms) else ""


def _mentions(
    words: Sequence[str], names: Iterable[tuple[int, int, Name]], analysis: Analysis
) -> tuple[Mention, ...]:
    """Return who is named in reading order, in the name of a matter too: 韩国 in 韩国部署萨德."""
    starts, found = [span.start for span in _spans(words)], list[Mention]()
    for first, last, name in names:
        run = words[first:last]
        whole = [("".join(run), name)] if _role(name) else _parts(run, analysis)
        for text, each in whole:
            start = starts[first] + "".join(run).index(text)
            if _role(each) and not (found and start < found[-1].span.end):
                found.append(Mention(Span(start, start + len(text)), each, _role(each)))
    return tuple(found)


def _parts(words: Sequence[str], analysis: Analysis) -> list[tuple[str, Name]]:
    """Return the shorter names in a name of one or more words."""
    if len(words) == 1:
        named = ((part, analysis.lexicon.name(part)) for part in analysis.subwords(words[0]))
        return [(part, name) for part, name in named if name]
    return [
        ("".join(run[first:last]), name)
        for run in (words[:-1], words[1:])
        for first, last, name in _names(run, analysis)
    ]


def _weight(word: str, start: int, analysis: Analysis) -> int:
    """Return how much matter a word is; an unknown one may hold words that only bind: 他来."""
    if not is_word(word) or word.lower() in _GENERIC:
        return 0
    if not HAN.search(word):
        return _NAMED if word[0].isdigit() or (start and not word.islower()) else _WORD
    known = analysis.rarity(word) < analysis.rarity("")
    return len(word) if known else sum(character not in _BINDING for character in word)


def stands_alone(said: Said, before: str, analysis: Analysis) -> bool:
    """Tell whether a question names its own matter; `before` is the question that it may continue."""
    return opens_with_matter(said, analysis) or _enough(said, before, analysis)


def opens_with_matter(said: Said, analysis: Analysis) -> bool:
    """Tell whether a clause before the last names its own matter."""
    return any(_enough(part, "", analysis) for part in list(clauses(said))[:-1])


def repeats(said: Said, before: Said, analysis: Analysis) -> bool:
    """Tell whether a question says again all that the one before named as its matter."""
    matter = [span.of(before.folded) for span in read(before, analysis).matter]
    return said.folded == before.folded or (
        bool(matter) and all(word in said.folded for word in matter)
    )


def _enough(said: Said, before: str, analysis: Analysis) -> bool:
    """Tell whether one clause or a whole question names matter enough."""
    reading = read(said, analysis)
    if open_at := leaves_open(said, "matter", analysis):
        return reading.weight >= PLENTY and HAN.search(open_at.of(said.folded)) is not None
    continues = _continues(said, analysis)
    if reading.weight >= (MUCH if continues else ENOUGH) or reading.named:
        return True
    if _apart(reading.mentions, said):
        return True
    if not continues and (_ABOUT.search(said.folded) or _is_bare(said.folded)):
        return bool(reading.mentions) or reading.weight >= LITTLE
    news = sum(len(span) for span in reading.matter if span.of(said.folded) not in before)
    return bool(reading.mentions) and news >= LITTLE and not _TOO.search(said.folded)


def _continues(said: Said, analysis: Analysis) -> bool:
    """Tell whether words that continue another question come before any matter of this one."""
    match = _LINK.search(said.folded)
    if not match or _SAME.search(said.folded):
        return match is not None
    reading = read(said.cut(Span(0, match.start())), analysis)
    return match[0].startswith("呢") or not (reading.mentions or reading.weight)


def _apart(mentions: Sequence[Mention], said: Said) -> bool:
    """Tell whether two are named that are more than listed together: 王毅会见蒂勒森."""
    gaps = (said.folded[one.span.end : two.span.start] for one, two in pairwise(mentions))
    return any(_LISTED.sub("", gap) for gap in gaps)


def _is_bare(folded: str) -> bool:
    """Tell whether a question is nothing but words for its matter."""
    return not ASKING.search(folded) and not _NOT_BARE.search(folded)


def leaves_open(said: Said, kind: str, analysis: Analysis) -> Span | None:
    """Return where a question has a pronoun of a kind that nothing before it in the question explains."""
    match = _PRONOUNS[kind].search(said.folded)
    if not match:
        return None
    earlier = said.cut(Span(0, match.start()))
    reading = read(earlier, analysis)
    roles = [mention.role for mention in reading.mentions]
    explained = {
        "person": PERSON in roles,
        "place": PLACE in roles,
        "several": len(every_mention(earlier, analysis)) > 1,
        "matter": reading.weight >= LITTLE or (match[0][0] in "它那" and bool(roles)),
    }
    return None if explained[kind] else Span(*match.span())


def clauses(said: Said) -> Iterator[Said]:
    """Yield the clauses of a question, without the marks between them and without small talk."""
    start = 0
    for match in [*BREAK.finditer(said.folded), None]:
        end = match.start() if match else len(said.folded)
        clause = said.cut(Span(start, end))
        if not is_chatter(clause.folded):
            yield clause
        start = match.end() if match else end


def without_chatter(said: Said) -> Said:
    """Return a question without the small talk before it, such as 好的."""
    start = 0
    for match in BREAK.finditer(said.folded):
        if not is_chatter(said.folded[start : match.start()]):
            break
        start = match.end()
    return said.cut(Span(start, len(said.folded)))


def is_chatter(folded: str) -> bool:
    """Tell whether words ask nothing: greetings, thanks, who somebody is, or nothing at all."""
    return all(_CHATTER.fullmatch(part.strip(_MARKS)) for part in BREAK.split(folded))
