"""What stands around the speech on a page and is nobody's words: header, notes, the page's own furniture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
#: A line wholly in brackets, such as （完） or （新华社记者 摄）, is the editor's and nobody's words.
_NOTE: Final = re.compile(
    r"[*_]{0,2}(?:（[^（）]*(?:（[^（）]*）[^（）]*)*）|\([^()]*(?:\([^()]*\)[^()]*)*\)|【[^【】]*】|\[[^\[\]]*\]|［[^［］]*］|(?:\[\d+\]\s*)+.{0,6}页|〔[^〔〕]*〕)[*_]{0,2}[。.]?"
)
#: What happens in the room, or what the page shows, stands in brackets too.
_IN_THE_ROOM: Final = re.compile(
    r"笑|掌声|掌聲|鼓掌|图|圖|照|视频|視頻|音频|沉默|略|字体|打印|关闭|摄|攝"
)
_CAPTION: Final = re.compile(
    r".{0,90}(?:摄|攝|供图|供圖|图片来源.*)\s*[）)]?|图为.{0,60}|图[一二三四\d]{0,2}[：:].{0,60}"
)
_AFTERWARDS: Final = re.compile(
    r"The following (?:question|questions).{0,80}:?|.{0,30}(?:记者会|发布会|例行记者会)(?:结束)?后.{0,12}(?:收到|回答|补充).{0,30}(?:提问|问题)[：:]?|"
    r"(?:以下|下面)(?:是|为).{0,30}(?:实录|全文|记录|文字)[：:。]?",
    re.IGNORECASE,
)
#: Lines of the page itself. What stands behind a closing one is the page's as well.
_FURNITURE: Final = re.compile(
    r"(?:[（(【\[]?(?:责任编辑|責任編輯|责编|编辑|編輯|审核|校对|来源|來源|原标题|原標題|作者|供稿|记者|摄影|文图|浏览次数|阅读次数|点击数|字号|字体|"
    r"发布时间|更新时间|打印本页|稿件来源|信息来源|監製|监制|制作|值班|策划|统筹|授权|授權|许可|關鍵字|关键词|Editor|Source|Media contact)\s*[：:].{0,60})"
    r"|[（(]?(?:完|全文完|END|End|--? ?END ?--?|###)[）)]?"
    r"|(?:注|附注|附|註|编者注)[：:].*|END\s+\d.*|\d{1,2}:\d{2} [AP]\.?M\.?(?: E[SD]T)?"
    r"|.{0,30}(?:Ctrl\+|【字体|\[字体|字体[：:]|字号[：:]|大 ?中 ?小).{0,20}"
    r"|.{0,20}(?:记者|編輯|编辑)\s*\S{2,4}\s+(?:编辑|編輯|校对|校對|审核|摄影).{0,30}"
    r"|.*(?:ICP备|版权所有).*|(?:資料來源|建檔日期|更新時間)[：:].*"
    r"|《[^》]{2,20}》.{0,12}[版期].{0,3}"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日號号]?(?:[（(]星期.[）)])?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?:\s*(?:来源|來源|阅读|浏览).{0,40})?",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"(?:[【\[（(·•\-\s]*)(?:上一篇|下一篇|上一条|下一条|相关阅读|相关新闻|相關新聞|相关链接|相关报道|相关稿件|延伸阅读|推荐阅读|热点推荐|更多新闻|分享到|分享至|扫一扫|掃一掃|版权所有|版權所有|"
    r"打印本页|关闭窗口|返回顶部|回到顶部|图片新闻|抄送[：:]|附件[：:]|相关附件|相關附件|您可能感兴趣|猜你喜欢|相关专题|Related|推荐给朋友|编辑推荐|网友评论|\d+ ?条评论|For information media|Authorised by|Media contact|网站地图|联系我们|關於我們|关于我们|友情链接|免责声明|【打印】|【关闭】|\[打印\]|打印\s*关闭|我要纠错|【纠错】|微信扫|关注我们|"
    r"主办单位|承办单位|ICP备|京ICP|Suggest to a Friend|Print\b|Share this|Related (?:News|Articles|Stories)|Copyright|All rights reserved|©|Back to top|"
    r"Previous\s*[：:]|Next\s*[：:]|Subscribe|Follow us|Last updated|列印|分享|點閱數|回上一頁|瀏覽人次|上一页|下一页|回上頁|返回上頁|相關連結|即日新聞)",
    re.IGNORECASE,
)
#: What the editors say in whole sentences.
_EDITORIAL: Final = re.compile(
    r"(?:编者注|编者按|編者按|编后|注|声明|聲明)[：:](?:本|以上|此|该)|编者[注按][：:]|来源[：:].{0,60}转载|For information media|(?:相关文件|政策解读)[：:]"
)
#: A sentence is somebody's, even if it begins like furniture.
_SENTENCE: Final = re.compile(r"[。！？；，]|[.!?]$")
_MAX_FURNITURE_CHARS: Final = 80
#: The page's closing furniture is looked for among so many lines at the end.
_CLOSING_LINES: Final = 25
#: So many lines of the furniture may look like labels: 外交部：提醒中国公民…
_STRAY_LABELS: Final = 1
_END: Final = re.compile(r"[（(]?(?:完|全文完|END|End|--? ?END ?--?|###)[）)]?")
_END_LINES: Final = 6


def is_note(words: str) -> bool:
    """Tell whether a line is an editor's note, a caption or a heading of a part, and nobody's words.

    >>> [is_note(line) for line in ("（完）", "发布会现场（刘畅 摄）", "（笑）我同意。")]
    [True, True, False]
    """
    return bool(_NOTE.fullmatch(words) or _CAPTION.fullmatch(words) or _AFTERWARDS.fullmatch(words))


def is_section(words: str) -> bool:
    """Tell whether a line heads a part of the page, such as 【购票】; what follows is a new part.

    >>> [is_section(line) for line in ("【购票】", "【图片】", "（笑声）")]
    [True, False, False]
    """
    match = re.fullmatch(r"[【〔](?P<name>[^【】〔〕]{1,12})[】〕]", words)
    part = re.fullmatch(r"[※＊*■◆]*\s*.{0,8}(?:部分|環節|环节)[：:]?", words) or re.match(
        r"(?:\*\*)?Briefing (?:by|of) [^.]{5,100}$", words
    )
    return bool(part) or (bool(match) and not _IN_THE_ROOM.search(words))


def is_furniture(words: str) -> bool:
    """Tell whether a line is the page's own, such as an editor's name or a date of publication.

    >>> [is_furniture(line) for line in ("责任编辑：郝佳", "分享到：微信 微博", "分享发展机遇，共谋未来。")]
    [True, True, False]
    """
    plain = words.strip("*_ ")
    line = _FURNITURE.fullmatch(plain) and not _SENTENCE.search(plain)
    return bool(line or _EDITORIAL.match(plain)) or closes(plain)


def closes(words: str) -> bool:
    """Tell whether a line is furniture with which a page ends: a short one, and no sentence."""
    short = len(words) <= _MAX_FURNITURE_CHARS
    return short and bool(_CLOSING.match(words)) and not _SENTENCE.search(words)


def closing_line(page: Page, labels: Sequence[int]) -> int:
    """Return the number of the line from which on nothing but the page's furniture follows.

    `labels` are the numbers of the lines with labels, in order. Hardly any of them lies behind it.
    """
    count = len(page.lines)
    first = labels[-_STRAY_LABELS - 1] + 1 if len(labels) > _STRAY_LABELS else 1
    for number in range(max(first, count - _CLOSING_LINES), count):
        words = page.words(page.lines[number])
        if closes(words) or (_END.fullmatch(words) and number >= count - _END_LINES):
            return number
    return count


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
    """Return a list of bare names with commas where wide blanks stood."""
    parts = value.split()
    return "，".join(parts) if len(parts) > 1 and all(map(is_person, parts)) else value


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
