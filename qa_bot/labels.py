"""Tell a speaker's label from a line of speech, and read off it who speaks.

A label is a short line of its own that ends in a colon: 新华社记者：, 外交部部长王毅：, 王毅：.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from qa_bot.records import Role, Speaker

MAX_LABEL_CHARS: Final = 40
#: The colon and the characters that look like it.
COLONS: Final = ":：︰﹕∶"
#: Marks that no reader sees and that come along when text is copied from a page.
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LABEL: Final = re.compile(rf"(?P<label>[^。！？；，,;!?…“”「」{COLONS}]+)[{COLONS}]")
_GIVEN: Final = r"[\u4e00-\u9fff]{2,6}|[\u4e00-\u9fff]{1,12}(?:·[\u4e00-\u9fff]{1,12})+"
_OFFICES: Final = (
    "总理 副总理 国务委员 委员长 主席 副主席 总书记 书记 部长 副部长 部长助理 主任 副主任 "
    "局长 副局长 司长 副司长 署长 副署长 行长 副行长 院长 副院长 会长 副会长 检察长 审计长 "
    "秘书长 副秘书长 发言人 省长 副省长 市长 副市长 大使 公使 参赞 总裁 董事长 总经理 司令员 "
    "政委 总工程师 总统 副总统 首相 外长 外相 国务卿 行政长官 议长"
).split()
# The longest first, so that 助理 in 部长助理 is not taken for the beginning of a name.
_OFFICE: Final = "|".join(sorted(_OFFICES, key=len, reverse=True))
_JOURNALIST: Final = re.compile(rf"(?P<outlet>.*?)\s*记者\s*(?:提问|问|(?P<name>{_GIVEN}))?")
_MODERATOR: Final = re.compile(rf"(?:(?P<office>.*?)[、\s]*)?主持人\s*(?P<name>{_GIVEN})?")
_OFFICIAL: Final = re.compile(rf"(?P<office>.*(?:{_OFFICE}))\s*(?P<name>{_GIVEN})")
_NAME_FIRST: Final = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{1,2}}[^\W部委局院署省市国区县会副]) *(?P<office>{_OFFICE})"
)
_BARE: Final = re.compile(_GIVEN)
#: What marks a label as somebody's, even where it can't be read.
_TITLED: Final = re.compile(
    rf"记者|記者|媒体|网友|翻译|主持|{_OFFICE}|(?:通讯社|新闻社|新华社|中新社|路透社|法新社|美联社|共同社|韩联社|塔斯社|埃菲社|日报|晚报|时报|商报|周刊|"
    rf"电视台|电台|卫视|广播公司|新闻网)$|^[A-Za-z .]+$"
)
#: Words before 记者 or 主持人 that address or tell of somebody, and name no outlet or office.
_TELLING: Final = re.compile(
    r"各位|诸位|中外|在场|女士|先生|朋友|这位|那位|告诉|谢谢|感谢|^(?:女|男|有|该|对|向|答|问|我|你|他|以下|请)"
)
#: What a name does not hold: a line such as 王毅强调： tells that somebody spoke.
_VERB: Final = re.compile(
    "强调|表示|指出|认为|介绍|宣布|提出|回答|主持|会见|访问|出席|致辞|发言|通话|严肃|明确|应邀|应约|应询|重申|"
    "追问|提问|见面|朋友|们$|说$|谈$|讲$|问$|答$|会$|助理$"
)
#: A line that begins like a label but is not one by itself: 新华社记者：请问…
_INLINE: Final = re.compile(rf"[^。！？；，,;!?…“”「」{COLONS}]{{0,{MAX_LABEL_CHARS}}}(?=[{COLONS}])")
#: The surnames of nearly everybody in China; a bare name must begin with one of them.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉"
    "习傅洪束鄂怀雒寿袭信布逯禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印"
)


#: The characters that foreign names are written with.
_FOREIGN: Final = frozenset(
    "阿埃艾安奥巴白贝本比彼别波博布查达戴丹道德登邓迪蒂杜多厄尔恩法菲费芬弗福夫戈格古哈海汉赫胡华怀霍基吉加贾杰金卡凯坎康科克肯库夸拉莱兰劳"
    "勒雷里利列林卢鲁伦罗洛马迈麦曼梅门蒙米密莫默姆穆纳南内尼涅诺努欧帕佩彭皮平普奇齐恰乔切琴日让热瑞萨塞森沙莎舍什圣施史斯丝思苏索塔泰坦唐"
    "特提图托瓦娃万威韦维魏温文沃乌武西希谢辛休雅亚扬耶伊英尤于约泽扎詹珍朱佐龙朗京登堡贝"
)
#: Words that begin with a surname's character and often end a line before a colon.
_NOT_NAMES: Final = frozenset(
    (
        "时期 安排 相信 成员 成果 成就 方面 方向 方案 方式 时间 时间表 任务 任期 任命 计划 关于 "
        "关系 全体 全面 全球 高度 安全 和平 路线 路径 项目 原则 平台 文化 金融 农业 解决 应对 "
        "商务 经过 何时 于是"
    ).split()
)


def label_of(line: str) -> str | None:
    """Return the label that a whole line is, without its colon, or None for any other line.

    >>> label_of("外交部部长王毅：")
    '外交部部长王毅'
    >>> label_of("他说：中方欢迎。") is None
    True
    """
    match = _LABEL.fullmatch(_seen(line))
    return match["label"].strip() if match and len(match["label"]) <= MAX_LABEL_CHARS else None


def speakers_of(labels: Sequence[str]) -> Mapping[str, Speaker]:
    """Return who each label names, given all in their order, leaving out labels that name nobody.

    王毅 and 外交部部长王毅 are one person: both labels map to the same `Speaker`. A bare name that no
    other label introduces is taken for a person, of role `UNKNOWN`, only where no official is
    introduced by office at all; it must begin with a surname, stand as a label twice, and stand
    right behind a journalist's label.
    """
    titled = {label: speaker for label in labels if (speaker := _titled(label))}
    people: dict[str, Speaker] = {}
    for label in labels:
        if label in titled and (name := titled[label].name):
            people.setdefault(name, titled[label])
    introduced = {
        label: people[speaker.name or ""] for label, speaker in titled.items() if speaker.name
    }
    named = {label: people[label] for label in labels if label in people}
    if any(speaker.role is Role.OFFICIAL for speaker in titled.values()):
        return titled | introduced | named
    answering = {
        after
        for before, after in pairwise(labels)
        if before in titled and titled[before].role is Role.JOURNALIST
    }
    bare = {
        label: Speaker(Role.UNKNOWN, name=label)
        for label, count in Counter(labels).items()
        if count > 1 and label in answering and _is_bare_name(label)
    }
    return bare | titled | introduced | named


def begins_like_a_label(line: str) -> bool:
    """Tell whether a line of speech begins with a title and a colon, as if somebody else spoke.

    >>> begins_like_a_label("新华社记者：请问萨德何时撤走？"), begins_like_a_label("他说：不会。")
    (True, False)
    """
    match = _INLINE.match(_seen(line))
    return bool(match and _titled(match[0].strip()))


def may_be_somebody(label: str) -> bool:
    """Tell whether an unread label bears a title, so that the words below it may be anybody's.

    >>> may_be_somebody("凤凰卫视"), may_be_somebody("第二点"), may_be_somebody("习近平主席指出")
    (True, False, False)
    """
    return bool(_TITLED.search(label)) and not _VERB.search(label) and not _TELLING.search(label)


def _seen(line: str) -> str:
    return _INVISIBLE.sub("", line).strip()


def _titled(label: str) -> Speaker | None:
    """Read a label that says what its speaker is: a journalist, the moderator or an official."""
    asking = _JOURNALIST.fullmatch(label)
    leading = None if asking else _MODERATOR.fullmatch(label)
    answering = (
        None if asking or leading else _OFFICIAL.fullmatch(label) or _NAME_FIRST.fullmatch(label)
    )
    match = asking or leading or answering
    if not match or not _may_be_name(match["name"]):
        return None
    if answering:
        return Speaker(Role.OFFICIAL, name=match["name"], office=match["office"])
    title = (asking["outlet"] if asking else match["office"]) or ""
    if _TELLING.search(title):
        return None
    if asking:
        return Speaker(Role.JOURNALIST, name=match["name"], outlet=title.strip("《》（( ") or None)
    return Speaker(Role.MODERATOR, name=match["name"], office=title or None)


def _may_be_name(text: str | None) -> bool:
    """Tell whether a text may be a person's name: it has a surname or sounds like a foreign one."""
    if text is None:
        return True
    if _VERB.search(text) or text in _NOT_NAMES:
        return False
    chinese = text[0] in _SURNAMES and len(text) <= 4
    return chinese or "·" in text or _FOREIGN.issuperset(text)


def _is_bare_name(text: str) -> bool:
    return bool(_BARE.fullmatch(text)) and _may_be_name(text)
