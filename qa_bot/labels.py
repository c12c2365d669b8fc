"""Tell a speaker's label from a line of speech, and read off it who speaks.

A label is a short line of its own that ends in a colon: 新华社记者：, 外交部部长王毅：, 王毅：.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from qa_bot.records import Role, Speaker

MAX_LABEL_CHARS: Final = 40
_LABEL: Final = re.compile(r"(?P<label>[^。！？；，,;!?…“”「」《》：:]+)[：:]")
_NAME: Final = r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,12}(?:·[\u4e00-\u9fff]{1,12})+"
_OFFICES: Final = (
    "总理|副总理|国务委员|委员长|主席|副主席|总书记|书记|部长|副部长|部长助理|主任|副主任|局长|副局长|"
    "司长|副司长|署长|副署长|行长|副行长|院长|副院长|会长|副会长|检察长|审计长|秘书长|副秘书长|发言人|"
    "省长|副省长|市长|副市长|自治区主席|大使|公使|参赞|总裁|董事长|总经理|司令员|政委|局局长|总工程师"
)
_JOURNALIST: Final = re.compile(rf"(?P<outlet>.*?)记者(?P<name>{_NAME})?")
_MODERATOR: Final = re.compile(rf"(?:(?P<office>.*?)[、\s]*)?主持人\s*(?P<name>{_NAME})?")
_OFFICIAL: Final = re.compile(rf"(?P<office>.*?(?:{_OFFICES}))\s*(?P<name>{_NAME})")
_BARE: Final = re.compile(_NAME)
#: The surnames of nearly everybody in China; a bare name must begin with one of them.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉"
    "禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印"
)


def label_of(line: str) -> str | None:
    """Return the label that a whole line is, without its colon, or None for any other line.

    >>> label_of("外交部部长王毅：")
    '外交部部长王毅'
    >>> label_of("他说：中方欢迎。") is None
    True
    """
    match = _LABEL.fullmatch(line.strip())
    return match["label"].strip() if match and len(match["label"]) <= MAX_LABEL_CHARS else None


def speakers_of(labels: Iterable[str]) -> Mapping[str, Speaker]:
    """Return who each label names, leaving out labels that name nobody.

    A bare name is taken for a person only when another label gives that person's office, or when
    it begins with a surname and stands as a label at least twice. 王毅 and 外交部部长王毅 are one
    person: both labels map to the same `Speaker`. Somebody of unknown office has role `UNKNOWN`.
    """
    counted = Counter(labels)
    titled = {label: speaker for label in counted if (speaker := _titled(label))}
    people = {
        speaker.name: speaker
        for speaker in titled.values()
        if speaker.name and speaker.role is not Role.JOURNALIST
    }
    named = {label: people[label] for label in counted if label in people}
    bare = {
        label: Speaker(Role.UNKNOWN, name=label)
        for label, count in counted.items()
        if count > 1 and label not in titled and label not in people and _is_bare_name(label)
    }
    return bare | titled | named


def _titled(label: str) -> Speaker | None:
    """Read a label that says what its speaker is: a journalist, the moderator or an official."""
    if match := _JOURNALIST.fullmatch(label):
        return Speaker(Role.JOURNALIST, name=match["name"], outlet=match["outlet"] or None)
    if match := _MODERATOR.fullmatch(label):
        return Speaker(Role.MODERATOR, name=match["name"], office=match["office"] or None)
    if match := _OFFICIAL.fullmatch(label):
        return Speaker(Role.OFFICIAL, name=match["name"], office=match["office"])
    return None


def _is_bare_name(label: str) -> bool:
    return bool(_BARE.fullmatch(label)) and (label[0] in _SURNAMES or "·" in label)
