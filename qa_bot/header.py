"""Read what stands above a transcript: lines of a key and a value, and lists of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from qa_bot.layouts.label import COLONS
from qa_bot.naming import is_person, named, seen
from qa_bot.page import Line, Page
from qa_bot.records import HeaderField, Role, Speaker
from qa_bot.vocabulary import OFFICE, RANK

#: The keys above a transcript, each with the field of `Metadata` that its value states, if any.
KEYS: Final[dict[str, str]] = {
    **dict.fromkeys("title 标题 標題 题目 題目 主标题".split(), "title"),
    **dict.fromkeys("event 活动 會議名稱 会议 名称".split(), "event"),
    **dict.fromkeys("date 日期 时间 時間 发布会时间 举行时间 time".split(), "date"),
    **dict.fromkeys("venue 地点 地點 场所 location place".split(), "venue"),
    **dict.fromkeys("url link 链接 連結 网址 網址".split(), "url"),
    **dict.fromkeys(
        "author publisher source 来源 來源 发布机构 发布单位 信息来源 供稿".split(), "publisher"
    ),
    **dict.fromkeys("language lang 语言 語言".split(), "language"),
    **dict.fromkeys("licence license 授权 授權 许可".split(), "licence"),
    **dict.fromkeys(
        (
            "content 备注 備註 主题 主題 议题 原标题 原標題 编辑 編輯 责任编辑 責任編輯 责编 審核 审核 校对 整理 记录 紀錄 阅读 点击 浏览 类型 分类 字号 作者 "
            "摄影 摄像 直播员 直播 发布时间 发布日期 發布時間 發布日期 資料來源 更新时间 subject topic attendees participants note notes"
        ).split(),
        "",
    ),
}
#: Keys whose value names people, and what those people are.
PEOPLE_KEYS: Final[dict[str, Role]] = {
    **dict.fromkeys("主持人 主持 主持人员 司仪 司儀 moderator host".split(), Role.MODERATOR),
    **dict.fromkeys(
        (
            "发布人 發布人 发言人 發言人 列席 列席人员 與會 与会 出席者 出席人員 列席人員 與會人員 出席貴賓 出席單位 与会者 出席 出席人 出席人员 出席嘉宾 嘉宾 嘉賓 介绍人 答问人 答复人 主讲人 主講人 发布会嘉宾 发布嘉宾 受访人 受訪人 受访者 受訪者 "
            "与会人员 與會人員 參加人員 参加人员 spokesperson speaker speakers briefer guests"
        ).split(),
        Role.OFFICIAL,
    ),
}
#: Keys that head a list on the lines below; the others alone on a line are a speaker's label.
_LISTS: Final = re.compile(r"出席.*|.*嘉宾|嘉賓|.*人员|.*人員|guests")
_KEY_LINE: Final = re.compile(
    rf"(?:[一二三四五六七八九十]、|\d[.、])?(?P<key>[A-Za-z_]{{2,20}}|[\u4e00-\u9fff](?:[\u4e00-\u9fff\s　]{{0,8}}[\u4e00-\u9fff])?)\s*[{COLONS}]\s*(?P<value>.*)"
)
_MAX_VALUE_CHARS: Final = 200
_OTHER_KEY: Final = re.compile(r"(?:[一二三四五六七八九十]、)?[\u4e00-\u9fff\s　]{2,10}[：:]")


def header_key(words: str) -> tuple[str, str] | None:
    """Return key and value of a header line, or None for any other line.

    >>> header_key("地点：国防部新闻发布厅"), header_key("主持人：各位记者，大家好。")
    (('地点', '国防部新闻发布厅'), None)
    """
    match = _KEY_LINE.fullmatch(words)
    if not match or len(match["value"]) > _MAX_VALUE_CHARS:
        return None
    key, value = re.sub(r"\s", "", match["key"]).lower(), match["value"].strip()
    if key in KEYS and not (value.endswith(("。", "？", "！")) and key not in {"备注", "備註"}):
        return key, value
    if key in PEOPLE_KEYS and (_LISTS.fullmatch(key) if not value else _names_people(key, value)):
        return key, value
    return None


def _names_people(key: str, value: str) -> bool:
    return any(True for _ in people_of(value, PEOPLE_KEYS[key]))


def header_fields(page: Page, before: int) -> Iterator[HeaderField]:
    """Yield the lines `key: value` among the first `before` lines, `content:` being the last of them."""
    for line in page.lines[:before]:
        if found := header_key(page.words(line)):
            yield HeaderField(found[0], found[1], line.span)
            if found[0] == "content":
                return


def people_of(value: str, role: Role) -> Iterator[Speaker]:
    """Yield the people whom a list names: 耿爽（外交部发言人）, 疾控局副局长　常海.

    Nothing is yielded for a value that holds anything but people.
    """
    if re.search(r"[。！？!?]", value) or len(value) > _MAX_VALUE_CHARS:
        return
    for piece in re.split(r"[,，;；\n]|、(?![^（(]*[）)])", _split_at_blanks(value)):
        person = _person(seen(re.sub(rf"(?:{RANK})$", "", piece.strip())), role)
        if person:
            yield person


def _split_at_blanks(value: str) -> str:
    """Return a list of people, each by name or by office and name, with commas where blanks stood."""
    parts = value.split()
    return "，".join(parts) if len(parts) > 1 and all(map(_is_somebody, parts)) else value


def _is_somebody(part: str) -> bool:
    speaker = named(part)
    return is_person(part) or bool(speaker and speaker.name and speaker.office)


def _person(piece: str, role: Role) -> Speaker | None:
    if is_person(piece):
        return Speaker(role, name=piece)
    found = named(piece)
    if found and found.name and found.role in (Role.OFFICIAL, Role.MODERATOR):
        return Speaker(role, name=found.name, office=found.office)
    # 国家卫生健康委疾控局 常海: an institution before a name.
    match = re.fullmatch(
        r"(?P<office>[\u4e00-\u9fff（）()、]{2,40})[\s　]+(?P<name>[\u4e00-\u9fff·]{2,12})", piece
    )
    if match and is_person(match["name"]):
        return Speaker(role, name=match["name"], office=match["office"])
    # 国防部新闻发言人谭守义大校: the rank was cut off, the office ends right before the name.
    match = re.fullmatch(rf"(?P<office>.*(?:{OFFICE}))(?P<name>[\u4e00-\u9fff·]{{2,12}})", piece)
    if match and is_person(match["name"]):
        return Speaker(role, name=match["name"], office=match["office"])
    # 經濟部曾文勝次長: the name stands between the institution and the office.
    match = re.fullmatch(
        rf"(?P<where>.*?[部署局院會会委處处府司])(?P<name>[\u4e00-\u9fff]{{2,3}})(?P<office>(?:副|代)?(?:{OFFICE}))",
        piece,
    )
    if match and is_person(match["name"]):
        return Speaker(role, name=match["name"], office=match["where"] + match["office"])
    match = re.fullmatch(rf"(?P<name>[\u4e00-\u9fff]{{2,3}})(?P<office>(?:副|代)?(?:{OFFICE}))", piece)
    return Speaker(role, match["name"], match["office"]) if match and is_person(match["name"]) else None


def listed_people(page: Page, lines: Iterable[Line]) -> Iterator[Speaker]:
    """Yield the people whom the header names behind a key, or on the lines below one."""
    role: Role | None = None
    for line in lines:
        words = page.words(line)
        found = header_key(words)
        if row := _row(words):
            yield from row
        elif found or _OTHER_KEY.match(words):
            role = PEOPLE_KEYS.get(found[0]) if found else None
            words = found[1] if found else ""
        if role is not None and words and not words.startswith("|"):
            people = list(people_of(words, role))
            yield from people
            if not people:
                role = None


def _row(words: str) -> list[Speaker]:
    """Return the person in a row of a table: | 闻人杰 | 工业和信息化部副部长 |."""
    cells = [cell.strip() for cell in words.strip("|").split("|")] if words.startswith("|") else []
    names = [cell for cell in cells if is_person(cell)]
    offices = [cell for cell in cells if cell not in names]
    if len(names) != 1 or len(offices) != 1:
        return []
    role = Role.MODERATOR if "主持" in offices[0] else Role.OFFICIAL
    office = re.sub(r"^主持人?[、，]?", "", offices[0])
    return [Speaker(role, name=names[0], office=office or None)]
