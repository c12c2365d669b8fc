"""Words by which official transcripts name offices, outlets and roles, as patterns.

Simplified and traditional forms stand side by side, since a label is read as it was published.
"""

from __future__ import annotations

import re
from typing import Final


def either(*choices: str) -> str:
    """Return a pattern that matches any of some patterns, the first that fits."""
    return f"(?:{'|'.join(choices)})"


_OFFICES: Final = (
    "总理 副总理 国务委员 委员长 主席 副主席 总书记 书记 部长 副部长 部长助理 主任 副主任 主任委员 "
    "局长 副局长 司长 副司长 署长 副署长 行长 副行长 院长 副院长 会长 副会长 理事长 检察长 审计长 首席大法官 "
    "秘书长 副秘书长 发言人 新闻官 负责人 省长 副省长 市长 副市长 区长 县长 镇长 州长 厅长 副厅长 处长 副处长 组长 "
    "副组长 大使 公使 参赞 总裁 副总裁 董事长 总经理 总干事 司令员 司令 参谋长 政委 总工程师 总设计师 总指挥 总经济师 总规划师 "
    "指挥官 召集人 首席专家 首席科学家 首席经济学家 研究员 院士 专家 教授 校长 总监 馆长 所长 台长 站长 队长 主任医师 总统 副总统 首相 "
    "外长 外相 国务卿 行政长官 议长 副议长 特使 特别代表 代表 委员 专员 司法部长 秘书 科长 顾问 科学家 航天员 "
    "總理 副總理 主計長 副主計長 國務委員 書記 部長 次長 政務次長 主任秘書 局長 副局長 司長 署長 行長 院長 副院長 會長 理事長 "
    "秘書長 副秘書長 發言人 負責人 縣長 市長 處長 副處長 組長 科長 總裁 董事長 總經理 執行長 校長 所長 隊長 總統 副總統 "
    "廳長 副廳長 指揮官 副指揮官 總監 副總監 外長 國務卿 行政長官 議長 委員 政務委員 主委 主任委員 專員 秘書 顧問 財政司司長 律政司司長 保安局局長 專門委員 參事"
).split()
# The longest first, so that 助理 in 部长助理 is not taken for the beginning of a name.
OFFICE: Final = "|".join(sorted(set(_OFFICES), key=len, reverse=True))
#: Ranks and forms of address that stand behind a name and belong to no office.
RANK: Final = "医生|醫生|先生|女士|同志|大校|上校|少将|中将|上将|少將|中將|上將|博士|教授"

REPORTER: Final = "记者|記者"
MODERATOR: Final = "主持人|主持|司仪|司儀"
#: Labels that say what is done and name nobody: a question is put.
ASKING: Final = re.compile(
    r"(?:(?:现场|外国|外國|境外|男|女|其他|本报|本報)?(?:记者|記者|媒体|媒體|网友|網友|网民|網民|观众|觀眾|听众|聽眾|匿名)(?:们|們)?)?\s*"
    r"(?:[一二三四五六七八九十\dA-Z]{1,2}|[（(](?:追问|追問|提问|提問|[一二三四五六七八九十\d]{1,2})[）)])?\s*"
    r"(?:(?:又|再次?|继续|繼續)?(?:提问|提問|发问|發問|追问|追問|问题|問題|问|問)(?:者|人)?)?\s*"
    r"(?:[一二三四五六七八九十\d]{1,2})?"
)
_ASKING_EN: Final = re.compile(
    r"(?:Q|Question|Reporter|Journalist|Media|Press|Correspondent|Audience|Follow-?up)(?:\s*(?:No\.?\s*)?\d{1,3})?(?:\s+from\s+.+)?",
    re.IGNORECASE,
)
_ANSWERING: Final = re.compile(
    r"(?:(?:发言人|發言人|负责人|負責人|有关负责人|有關負責人|部长|部長|局长|局長|院长|院長|市长|市長|受访者|受訪者)?\s*"
    r"(?:答|答复|答覆|回答|回应|回應|回复|回覆|答问|答問)|发言人|發言人|新闻发言人|新聞發言人|(?:有关|有關)?(?:部门|部門)?负责人|(?:有關)?負責人)"
    r"|(?:答|回答)\s*(?:[一二三四五六七八九十\d]{1,2})"
)
_ANSWERING_EN: Final = re.compile(
    r"(?:A|Answer|Spokesperson|Spokesman|Spokeswoman|(?:Deputy )?(?:Foreign Ministry |MFA )?Spokes(?:person|man|woman))(?:\s*\d{1,3})?",
    re.IGNORECASE,
)
_NARRATING: Final = re.compile(
    r"现场(?:描述|花絮|报道|速报)?|現場|旁白|解说|画外音|花絮|图文直播|圖文直播|图片|图说|中国网|人民网|新华网|直播员|字幕|编者按|編者按|编者注|編按|小编|主播|Narration|Note|Editor(?:'s note)?",
    re.IGNORECASE,
)
_OFF_SCREEN: Final = re.compile("字幕|解说|解說|旁白|画外音|畫外音|编者按|編者按|编者注|配音")
_MODERATING_EN: Final = re.compile(
    r"(?:The )?(?:Moderator|Host|Chair(?:man|person|woman)?|MC|Emcee)", re.IGNORECASE
)

#: The ends of the names of newspapers, agencies, stations and sites.
_OUTLET_END: Final = either(
    *"通讯社 通訊社 新闻社 新聞社 新华社 中新社 中评社 路透社 法新社 美联社 共同社 时事社 韩联社 塔斯社 埃菲社 德新社 安莎社 彭博社 中央社".split(),
    *"日报 日報 晚报 晚報 时报 時報 商报 商報 早报 早報 晨报 晨報 都市报 青年报 快报 导报 導報 周报 週報 邮报 郵報 证券报 證券報 消费者报 金融报".split(),
    *"论坛报 論壇報 经济报道 周刊 週刊 月刊 杂志 雜誌 画报 报业集团 报业托拉斯".split(),
    *"电视台 電視台 電視臺 电视 電視 电台 電台 電臺 广播公司 廣播公司 广播 廣播 卫视 衛視 总台 央视 央广 央廣".split(),
    *"新闻网 新聞網 经济新闻 新闻 新聞 政府网 观察网 观察者网 客户端 财经 財經 传媒 傳媒 融媒体 新媒体 视频 在线 之声".split(),
    r"[\u4e00-\u9fff《》·]{3,}[报報网網社台臺刊]",
)
_OUTLETS: Final = (
    "彭博 路透 法新 美联 共同社 时事 凤凰 澎湃 界面 财新 财联社 红星 封面 南都 上观 朝日 读卖 每日 日经 产经 半岛 中评 "
    "朝日新聞 讀賣 共同 美聯 台視 中視 華視 民視 公視 東森 三立 年代 中天 蘋果 聯合 自由 中時 風傳媒 鏡傳媒 上報 央廣 路透社 "
    "澳廣視 澳广视 TDM 新京报 北青报 文汇报 大公报 明报 明報 都市快报 今日俄罗斯 俄新社 美国之音 联合早报 聯合早報 观察者网 人民网 新华网 中国网 光明网 环球网 每经 海报新闻 香港电台 無綫 有線 商台 港台 NOW "
    "BBC CNN NHK CNBC NBC ABC CBS FOX AFP AP Reuters Bloomberg Kyodo TASS Yonhap EFE ANSA DPA RT CGTN CCTV CNR CRI CNS TVBS RTHK SCMP "
    "Xinhua CNA PTI Antara Anadolu Nikkei Sputnik Politico NPR PBS ITV VOA EPA LUSA Bernama RFI UPI"
).split()
_OUTLET_EN: Final = (
    r"News(?:paper)?s?|TV|Television|Times|Post|Daily|Agency|Press|Journal|Radio|Broadcasting(?: Corporation)?|Network|"
    r"Weekly|Tribune|Herald|Magazine|Globe|Mail|Guardian|Standard|Observer|Gazette|Telegraph|Shimbun|Channel|Paper|Review|Economist|Echo|Chronicle"
)
OUTLET: Final = re.compile(
    rf"[《〈「『]?(?:(?:.*(?:{_OUTLET_END}))|[\u4e00-\u9fff]{{0,6}}(?:(?:{'|'.join(sorted(_OUTLETS, key=len, reverse=True))})(?: ?\d+)?(?:社|网|網)?)|"
    rf"(?:[A-Z][\w'’&.-]{{0,24}}\s+)*(?:[A-Z][\w'’&.-]{{0,24}})?\b(?:{_OUTLET_EN})(?: of [A-Z]\w+)?)[》〉」』]?"
)
_REPORTS: Final = re.compile(
    r"(?:说|說|表示|指出|强调|称|稱|写道|报道称)$|^(?:我|你|他|这|那|据|在|从)"
)
#: What looks like the name of an outlet and is none.
NO_OUTLET: Final = re.compile(
    r"(?:(?:相关|相關|更多|热点|最新|图片|即时|其他).*|.*平台|.*互联网|.*物联网|.*联网|.*电网|.*合作社|.*旅行社|.*公报|.*通报|.*预报|.*情报|.*简报|.*汇报|.*舞台|.*讲台|.*后台|.*柜台|.*出台|.*好消息|.*网络|新闻|新聞|广播|电视|視頻|视频|在线|财经|传媒|The Press|Press|News)"
)

#: The surnames of nearly everybody in China, one or two characters.
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉"
    "习傅洪束鄂怀雒寿袭信布逯禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印常步尧竺阎"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蔣葉蘇呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯莊聶魯嶽歐關蘭寧紀單畢駱藍華應閔鄔邊師榮叢鞏鄺談樂儲勞諶盤滿聞厲區闞權帥練習"
    "茅郗厍湛咎昝贲嵇邴糜隗宓仰秋暴钭戎幸韶蓟咸籍阴苍莘贡逄堵宰郦郤璩濮通郏宦鱼慎庾暨衡弘禄殳沃蔚夔勾融訾空毋乜巢蒯红桓昌凤酆元贝危滑松富弓牧荀於钮诸粘揭拓库呼由占侍佴缑亢笪喬範衞"
    "麥饒薩闊賁蕭顏簡麼齊龐"
    "壽襲豐計晉門雲來況鮮賴闕連項費衛黨宮溫塗遲"
)
SURNAMES: Final = frozenset(_SURNAMES)
COMPOUND_SURNAMES: Final = frozenset(
    "欧阳 上官 司马 诸葛 司徒 慕容 尉迟 皇甫 夏侯 端木 令狐 公孙 东方 长孙 宇文 歐陽 司馬 諸葛 東方".split()
)
#: The characters that foreign names are written with.
FOREIGN: Final = frozenset(
    "阿埃艾安奥巴白贝本比彼别波博布查达戴丹道德登邓迪蒂杜多厄尔恩法菲费芬弗福夫戈格古哈海汉赫胡华怀霍基吉加贾杰金卡凯坎康科克肯库夸拉莱兰劳"
    "勒雷里利列林卢鲁伦罗洛马迈麦曼梅门蒙米密莫默姆穆纳南内尼涅诺努欧帕佩彭皮平普奇齐恰乔切琴日让热瑞萨塞森沙莎舍什圣施史斯丝思苏索塔泰坦唐"
    "特提图托瓦娃万威韦维魏温文沃乌武西希谢辛休雅亚扬耶伊英尤于约泽扎詹珍朱佐龙朗京登堡贝塔"
)
#: Tibetan names are written two characters at a time, without a surname.
TIBETAN: Final = re.compile(
    r"(?:洛桑|江村|普布|顿珠|多吉|扎西|次仁|旺堆|白玛|赤林|索南|卓玛|平措|尼玛|格桑|丹增|达瓦|旦增|群培|才让|桑杰|加措|嘉措|坚赞|旺姆|巴桑|米玛|拉巴|严金|海霞){1,3}"
)
#: Words that begin with a surname's character and end a line before a colon more often than a name.
NOT_NAMES: Final = frozenset(
    (
        "时期 时间 时间表 安排 安全 安全性 相信 成员 成果 成就 成本 成效 方面 方向 方案 方式 方法 方针 任务 任期 任命 计划 关于 关键 关系 全体 全面 全球 全国 "
        "高度 高端 高效 高质量 和平 和谐 路线 路径 项目 原则 原因 原理 平台 平等 平安 文化 文明 文旅 文件 金融 金融业 农业 农村 农产品 农民 解决 应对 应用 应急 "
        "商务 商业 商品 经过 何时 何地 于是 国际 国内 国家 国防 司法 司机 党建 党员 边境 边界 信心 信息 信任 信用 海洋 海关 海上 花卉 水利 石油 温度 明天 明年 "
        "向前 向上 向好 单位 单价 支持 支出 支柱 简言之 简单 相反 相比 相关 来源 来自 强调 强化 宣布 门票 门槛 都是 容易 平时 计算 初衷 初步 强国 强军 "
        "白天 白皮书 万一 马上 高峰 高铁 高校 钱款 康复 车辆 车型 车票 车次 项链 连续 连接 路程 路况 曲线 古代 阳光 应该 应当 盛会 童年 乐观 喻为 祝福 "
        "华北 华东 华南 海南 云南 江苏 江西 河北 广东 温州 金华 宁波 安徽 贵州 南京 南海 南宁 東海 常态 常说 常言 步骤 步伐 明确 明显 史料 华侨 查询 查处 "
        "時間 時期 方針 計畫 計劃 關於 關係 關鍵 國際 國內 國家 農業 來源 項目 連結 應變 單位 簡單 馬上 強調 總結 習慣 雲端 溫度"
    ).split()
)
#: What a name does not hold: a line such as 王毅强调： tells that somebody spoke.
VERB: Final = re.compile(
    "强调|強調|表示|指出|认为|認為|介绍|介紹|宣布|提出|回答|主持|会见|访问|出席|致辞|发言|發言|通话|严肃|明确|应邀|应约|应询|重申|"
    "追问|提问|见面|朋友|助理$|写道|寫道|来信|[们們说說称稱讲講谈談]$"
)
#: Words before 记者 or 主持人 that address or tell of somebody, and name no outlet or office.
TELLING: Final = re.compile(
    r"各位|诸位|諸位|中外|在场|在場|女士|先生|朋友|这位|那位|這位|那位|告诉|告訴|谢谢|謝謝|感谢|感謝|^(?:女|男|有|该|对|向|答|问|我|你|他|以下|请|就|与|同|和)|问题|回答|接受|采访|回复"
)
#: What begins a line of speech and a colon often enough, and is nobody.
_SPOKEN: Final = re.compile(
    either(
        r"第[一二三四五六七八九十\d]+[点個个条件句是]?(?:话|話)?",
        r"[一二三四五六七八九十]是|其[一二三四五]|[一二三四五六七八九十]+",
        r"\d+[.、].*|[\d.%]+|[图表]\d*",
        *"首先 其次 再次 最后 最後 另外 此外 例如 比如 譬如 即 也就是 总之 当然 當然".split(),
        either(
            *"我 我们 我們 你 您 他 她 它 他们 这 那 此 该 有 是 在 从 以 对 就 把 将 会 能 要 不 也 都 还 又 并".split()
        )
        + ".*",
        ".*"
        + either(
            *"是 为 包括 如下 来说 而言 的话 问题 说 說 想 看 点 句 条 件 方面 分别 就是 即 写道 叫".split()
        ),
        ".*" + either(*"想法 看法 立场 态度 回答 答案 建议 意见 主张".split()),
        *"原标题 原標題 责任编辑 責任編輯 编辑 記者攝影 时间 時間 地点 地點 主题 主題 题目 标题 结论 注 附 备注 案例 数据 来源".split(),
    )
)
_SPOKEN_EN: Final = re.compile(
    either(
        *"First Second Third Fourth Last Finally Note Look Remember Again Also Yes No Well So And But Or Today Tomorrow One Two Three".split(),
        *"Point Number Date Time Place Venue Subject Topic TRANSCRIPT Transcript INDEX Index MODERATED SUBJECTS? E&OE Source Contact Tel".split(),
        *"Email URL Title Licence License Photo Answer Let On In At For To As My Our Your What How Why This That Here There About Of If".split(),
        *"When Then Now Just Thanks Thank Sure Okay OK Right Follow-up Update Background Example Fact Step Option Part Section It He".split(),
        *"She They We I A An Is Are Do Does Because From With By Another Trade Security Economy Overall Bottom Key Conclusion Result".split(),
    )
    + r"(?:[ '’].*)?"
)


def asks(name: str) -> bool:
    """Tell whether a label says no more than that a question is put.

    >>> [name for name in ("问", "记者追问", "Q2", "问题一", "新华社记者") if asks(name)]
    ['问', '记者追问', 'Q2', '问题一']
    """
    return bool(name.strip()) and bool(
        _ASKING_EN.fullmatch(name)
        or (
            ASKING.fullmatch(name)
            and not name.isascii()
            and not name.isdigit()
            and re.search("[问問记記媒网網观觀听聽匿]|提问", name)
        )
    )


def answers(name: str) -> bool:
    """Tell whether a label says no more than that somebody answers.

    >>> [name for name in ("答", "A1", "发言人", "答案", "Answer") if answers(name)]
    ['答', 'A1', '发言人', 'Answer']
    """
    return bool(_ANSWERING.fullmatch(name) or _ANSWERING_EN.fullmatch(name))


def narrates(name: str, *, marked: bool = True) -> bool:
    """Tell whether what stands under a label is told by nobody at the event.

    Without marks of a label around it, 现场： and the like may begin a sentence and do not.

    >>> narrates("现场描述"), narrates("现场记者"), narrates("字幕", marked=False), narrates("现场", marked=False)
    (True, False, True, False)
    """
    return bool((_NARRATING if marked else _OFF_SCREEN).fullmatch(name))


def moderates(name: str) -> bool:
    """Tell whether an English label names the moderator, or a Chinese one says no more than that."""
    return bool(_MODERATING_EN.fullmatch(name) or re.fullmatch(MODERATOR, name))


def is_outlet(name: str) -> bool:
    """Tell whether a text is the name of a newspaper, an agency, a station or a site.

    >>> [name for name in ("凤凰卫视", "《环球时报》", "China Daily", "平台", "新闻") if is_outlet(name)]
    ['凤凰卫视', '《环球时报》', 'China Daily']
    """
    return bool(OUTLET.fullmatch(name)) and not NO_OUTLET.fullmatch(name) and not _REPORTS.search(name)


def is_spoken(name: str) -> bool:
    """Tell whether a text before a colon is rather the lead-in of a sentence than a name.

    >>> is_spoken("第一点"), is_spoken("我的看法是"), is_spoken("First of all"), is_spoken("Reuters")
    (True, True, True, False)
    """
    unbalanced = len(re.findall("[（《「]", name)) != len(re.findall("[）》」]", name))
    return unbalanced or bool(_SPOKEN.fullmatch(name) or _SPOKEN_EN.fullmatch(name))
