"""Tell the page's own lines from speech: editors' notes, captions, headings, links to other pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qa_bot.page import Page
from qa_bot.vocabulary import either

#: A line wholly in brackets, such as （完） or （新华社记者 摄）, is the editor's and nobody's words.
_NOTE: Final = re.compile(
    r"[*_]{0,2}"
    + either(
        r"（[^（）]*(?:（[^（）]*）[^（）]*)*）",
        r"\([^()]*(?:\([^()]*\)[^()]*)*\)",
        r"【[^【】]*】",
        r"〔[^〔〕]*〕",
        r"\[[^\[\]]*\]",
        r"［[^［］]*］",
        r"(?:\[\d+\]\s*)+.{0,6}页",
    )
    + r"[*_]{0,2}[。.]?"
)
#: What happens in the room, or what the page shows, stands in brackets too.
_IN_THE_ROOM: Final = re.compile(
    either(*"笑 掌声 掌聲 鼓掌 图 圖 照 视频 視頻 音频 沉默 略 字体 打印 关闭 摄 攝".split())
)
_CAPTION: Final = re.compile(
    either(
        r".{0,90}(?:摄|攝|供图|供圖|图片来源.*)\s*[）)]?",
        r"图为.{0,60}",
        r"图[一二三四\d]{0,2}[：:].{0,60}",
    )
)
#: A line that leads over to another part of the session.
_LEADING_OVER: Final = re.compile(
    either(
        r"The following questions?.{0,80}:?",
        r".{0,30}(?:记者会|发布会)(?:结束)?后.{0,12}(?:收到|回答|补充).{0,30}(?:提问|问题)[：:]?",
        r"(?:以下|下面)(?:是|为).{0,30}(?:实录|全文|记录|文字)[：:。]?",
    ),
    re.IGNORECASE,
)
_PART: Final = re.compile(
    either(r"[※＊*■◆]*\s*.{0,8}(?:部分|環節|环节)[：:]?", r"(?:\*\*)?Briefing (?:by|of) [^.]{5,100}")
)
_HEADED: Final = re.compile(r"[【〔](?P<name>[^【】〔〕]{1,12})[】〕]")

#: Who made the page and when, before a colon.
_CREDIT: Final = either(
    *"责任编辑 責任編輯 责编 编辑 編輯 审核 校对 来源 來源 原标题 原標題 作者 供稿 记者 摄影 文图 浏览次数 阅读次数 点击数 字号 字体".split(),
    *"发布时间 更新时间 打印本页 稿件来源 信息来源 監製 监制 制作 值班 策划 统筹 授权 授權 许可 關鍵字 关键词 資料來源 建檔日期 更新時間".split(),
    *"注 附注 附 註 编者注 Editor Source".split(),
    "Media contact",
)
_DAY: Final = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日號号]?(?:[（(]星期.[）)])?"
_FURNITURE: Final = re.compile(
    either(
        rf"[（(【\[]?{_CREDIT}\s*[：:].{{0,60}}",
        r"[（(]?(?:完|全文完|END|--? ?END ?--?|###)[）)]?",
        r"END\s+\d.*",
        r"\d{1,2}:\d{2} [AP]\.?M\.?(?: E[SD]T)?",
        r".{0,30}(?:Ctrl\+|【字体|\[字体|字体[：:]|字号[：:]|大 ?中 ?小).{0,20}",
        r".{0,20}(?:记者|編輯|编辑)\s*\S{2,4}\s+(?:编辑|編輯|校对|校對|审核|摄影).{0,30}",
        r".*(?:ICP备|版权所有).*",
        r"《[^》]{2,20}》.{0,12}[版期].{0,3}",
        rf"{_DAY}(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?(?:\s*(?:来源|來源|阅读|浏览).{{0,40}})?",
    ),
    re.IGNORECASE,
)
#: What a page ends with: links, buttons, its owner. What stands behind such a line is the page's as well.
_CLOSING: Final = re.compile(
    r"[【\[（(·•\-\s]*"
    + either(
        *"上一篇 下一篇 上一条 下一条 上一页 下一页 相关阅读 相关新闻 相關新聞 相关链接 相關連結 相关报道 相关稿件 相关专题 相关附件 相關附件".split(),
        *"延伸阅读 推荐阅读 热点推荐 编辑推荐 您可能感兴趣 猜你喜欢 更多新闻 图片新闻 即日新聞 推荐给朋友 网友评论 免责声明 友情链接".split(),
        *"扫描二维码 点击进入 点击查看 点击阅读 联系电话 版权声明 分享到 分享至 分享 列印 扫一扫 掃一掃 微信扫 打印本页 关闭窗口 返回顶部 回到顶部 回上一頁 回上頁 返回上頁 我要纠错 关注我们".split(),
        *"版权所有 版權所有 主办单位 承办单位 网站地图 联系我们 关于我们 關於我們 ICP备 京ICP 點閱數 瀏覽人次".split(),
        r"(?:抄送|附件)[：:]",
        r"打印\s*[】\]]?\s*关闭",
        r"(?:打印|关闭|纠错)[】\]]",
        r"\d+ ?条评论",
        r"(?:Previous|Next)\s*[：:]",
        "Suggest to a Friend",
        "Share this",
        "Related",
        r"Print\b",
        "Copyright",
        "All rights reserved",
        "©",
        "Back to top",
        "Subscribe",
        "Follow us",
        "Last updated",
        "For information media",
        "Authorised by",
        "Media contact",
    ),
    re.IGNORECASE,
)
#: What the editors say in whole sentences.
_EDITORIAL: Final = re.compile(
    either(
        r"(?:编后|注|声明|聲明)[：:](?:本|以上|此|该)",
        r"(?:编者[注按]|編者按)[：:]",
        r"来源[：:].{0,60}转载",
        r"(?:相关文件|政策解读)[：:]",
        r"本文(?:系|由|来源|为).{0,40}(?:发布|转载|授权|来源)",
        r".{0,40}(?:不得转载|请注明出处|未经许可|未经授权).{0,20}",
        "For information media",
    )
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
    return any(pattern.fullmatch(words) for pattern in (_NOTE, _CAPTION, _LEADING_OVER))


def is_section(words: str) -> bool:
    """Tell whether a line heads a part of the page, such as 【购票】; what follows is a new part.

    >>> [is_section(line) for line in ("【购票】", "【图片】", "（笑声）")]
    [True, False, False]
    """
    headed = _HEADED.fullmatch(words) and not _IN_THE_ROOM.search(words)
    return bool(headed or _PART.fullmatch(words))


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
