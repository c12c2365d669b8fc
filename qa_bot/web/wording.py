"""Say in Chinese what the reader says in English; what is not known here stays as it is."""

from __future__ import annotations

import re
from typing import Final

_LAYOUTS: Final = {
    "tabular": "表格",
    "bracketed": "［方括号］标签",
    "headed": "小标题",
    "reported": "“某某表示”",
    "period": "标签后用句号",
    "question-answer": "问：／答：",
    "own-line": "标签独占一行",
    "leading": "标签在行首",
    "running": "标签在行中",
    "set-off": "标签另用字体",
}
#: Patterns over whole texts, and what to say; groups are put in as they stand.
_PHRASES: Final = (
    # How a fact was found out.
    (r"the header's line (.+)", r"文件头写明：\1"),
    (r"the header's date line", "文件头写明"),
    (r"stated in the text: (.+); no year given", r"正文提到：\1；没有写年份"),
    (r"stated in the text: (.+)", r"正文写明：\1"),
    (
        r"day stated in the text: (.+); year from (.+): a congress sits five years.*",
        r"正文写明\1；年份由“\2”推定：每届五年，每年一次会议",
    ),
    (r"(.+), counted from 1912", r"\1，由民国纪年换算"),
    (r"the page's own date; the text tells of that day", "网页的发布日期；正文说的就是当天"),
    (r"heads the page", "页首的标题"),
    (r"named in the title", "标题中提到"),
    (r"named in the text", "正文提到"),
    (r"the script of the text", "由正文的文字判断"),
    (r"the file's title", "文件属性中的标题"),
    (r"the page's <(h1|title)>", r"网页的 <\1>"),
    # Who a speaker was taken to be.
    (r"the label says so", "标签写明"),
    (r"nothing says what this speaker is", "文中没有说明"),
    (r"the text (?:calls|addresses) (.+)", r"文中称其为：\1"),
    (r"says: (.+)", r"自称：\1"),
    (r"opens and hands over to others", "由其开场并请他人发言"),
    (r"asks, is answered by an official, and bears no person's name", "提出问题，由官员回答"),
    (r"asks the questions of an interview", "在访谈中提问"),
    # Remarks.
    (
        r"may be a speaker's label and can't be read; what follows is nobody's",
        "可能是发言人的标签，但读不出是谁；其后的话不归于任何人",
    ),
    (
        r"looks like a label but names nobody known; kept with the words around it",
        "像标签，但认不出是谁；留在前后文中",
    ),
    (r"a label with no words below it", "标签之后没有话"),
    (r"nobody says what this speaker is; not cited", "文中没有说明其身份；其话不引用"),
    (r"no speaker's label was recognised", "没有认出任何发言人的标签"),
    # What is wrong with a file or an address.
    (r"the file is empty", "文件是空的"),
    (r"the transcript is empty: .*", "文件里没有文字"),
    (r"larger than (\d+) MiB; .*", r"大于 \1 MiB；请拆分，或只保存文字"),
    (r"more than ([\d,]+) characters of text; split it", r"超过 \1 字；请拆分"),
    (r"files of this kind are not read; save it as one of (.+)", r"不读这种文件；请另存为 \1 之一"),
    (
        r"an archive or an Office file of another kind; .*",
        "是压缩包或别种 Office 文件；请另存为 .docx 或 .txt",
    ),
    (r"an old Office file \(\.doc\); .*", "是旧式 Office 文件（.doc）；请打开后另存为 .docx"),
    (r"a rich text file; .*", "是 RTF 文件；请打开后另存为 .docx"),
    (r"a picture and no text; .*", "是图片，没有文字；请先做文字识别，再存为 .txt"),
    (r"a web archive; save it as HTML", "是网页归档；请另存为 HTML"),
    (r"an archive; unpack it", "是压缩包；请先解压"),
    (r"it is called a PDF and is none; .*", "扩展名是 .pdf，内容却不是 PDF"),
    (r"it is called a Word file \(\.docx\) and is none; .*", "扩展名是 .docx，内容却不是 Word 文件"),
    (r"not a text file: it holds control characters", "不是文本文件：含有控制字符"),
    (
        r"the page holds no text; it may be written by a script: .*",
        "网页里没有文字，可能由脚本生成；请在浏览器中打开后另存",
    ),
    (r"the page holds no text", "网页里没有文字"),
    (r"the page is larger than any transcript; .*", "网页太大；请把文字另存为 .txt"),
    (r"the page is nested too deeply to be read; .*", "网页嵌套太深；请把文字另存为 .txt"),
    (r"the \.docx file holds no text; .*", "Word 文件里没有文字；图片请先做文字识别"),
    (
        r"the \.docx file unpacks to more than any transcript; .*",
        "Word 文件解压后太大；请把文字另存为 .txt",
    ),
    (r"the PDF is locked; .*", "PDF 有密码；请另存一份没有密码的"),
    (r"the PDF is damaged; .*", "PDF 已损坏；请重新打印成 PDF"),
    (r"the PDF holds more than ([\d,]+) characters; split it", r"PDF 超过 \1 字；请拆分"),
    (
        r"the PDF holds pictures of pages and no text; .*",
        "PDF 里只有页面图片，没有文字；请先做文字识别",
    ),
    (
        r"the PDF's fonts do not say which characters they show; .*",
        "PDF 的字体读不出文字；请先做文字识别",
    ),
    (r".*: not a web address.*", "不是网址；请给出以 http:// 或 https:// 开头的网址"),
    (r"an address with a user name or password in it.*", "网址里带有用户名或密码，不去读取；请去掉"),
    (r".*: no such host is known.*", "找不到这个主机；请检查网址"),
    (r".*: (\S+) is no public address, and is not fetched from", r"\1 不是公网地址，不去读取"),
    (r".*: took longer than (\d+) seconds; try again later", r"超过 \1 秒没有读完；请稍后再试"),
    (r".*: can't be reached.*", "连接不上；请检查网址，或稍后再试"),
    (r".*: the server answers (.+)", r"服务器回答：\1"),
    (
        r".*: is (.+); web pages, texts, PDF and \.docx are read",
        r"内容类型是 \1；只读网页、文本、PDF 和 .docx",
    ),
    (r".*: larger than (\d+) MiB; save a part of it", r"大于 \1 MiB；请只保存其中一部分"),
    (r".*: ended before it was whole; try again", "没有传完就断了；请再试一次"),
    (r".*: redirects more than (\d+) times", r"转向超过 \1 次"),
)
_PATTERNS: Final = tuple((re.compile(pattern, re.DOTALL), said) for pattern, said in _PHRASES)


def in_chinese(text: str) -> str:
    """Return what the reader says in Chinese, or as it stands where that is not known.

    >>> in_chinese("heads the page"), in_chinese("as told by the crew")
    ('页首的标题', 'as told by the crew')
    """
    found = ((pattern.fullmatch(text), said) for pattern, said in _PATTERNS)
    return next((match.expand(said) for match, said in found if match), text)


def layout_word(layout: str) -> str:
    """Return the name of a layout in Chinese, or as it stands where that is not known."""
    return _LAYOUTS.get(layout, layout)
