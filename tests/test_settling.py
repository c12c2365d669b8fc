"""Who a label names, and what that person is, as far as the document says."""

from __future__ import annotations

import pytest

from qa_bot.parsing import parse_document, parse_transcript
from qa_bot.records import Document, Role, Speaker, Transcript
from qa_bot.settling import may_be_somebody


def spoken(transcript: Transcript) -> list[tuple[str, str]]:
    return [
        (str(turn.speaker), turn.words.of(transcript.text).replace("\n\n", "|"))
        for turn in transcript.turns
    ]


@pytest.mark.parametrize(
    "line",
    [
        "他说：中方欢迎。", "第一：坚持对话。", "时间：明年三月。", "我的看法是：要谈。", "习近平主席强调：要和平。",
        "有人问：为什么？", "比如：修水渠。", "记者朋友们：辛苦了。", "有一句话叫：众人拾柴火焰高。", "问题是：谁先谈？",
        "“王毅：不能动武。”这是我说过的。", "新华社报道称：会谈结束。", "第二点：", "更稳：增长百分之六。",
        "结论：可以。", "网址：http://www.example.org/a:b", "10:37 开始。",
    ],
)  # fmt: skip
def test_a_colon_within_speech_makes_nobody_speak(line: str) -> None:
    text = f"新华社记者：请问进展？\n\n毛宁：我讲两句。\n\n{line}\n\n这是全部。\n\n路透社记者：谢谢，何时？\n\n毛宁：明天。\n"
    assert spoken(parse_transcript(text)) == [
        ("新华社记者", "请问进展？"),
        ("毛宁", f"我讲两句。|{line}|这是全部。"),
        ("路透社记者", "谢谢，何时？"),
        ("毛宁", "明天。"),
    ]


@pytest.mark.parametrize("name", ["张有为", "李想", "张维为", "刘学问", "田有道", "王会到"])
def test_a_name_that_ends_like_a_verb_is_a_name(name: str) -> None:
    text = f"国新办发布会\n\n新华社记者{name}：请问进展？\n\n商务部部长王受文：顺利。\n\n外交部发言人陈{name[1:]}：我补充。\n"
    assert [speaker for speaker, _ in spoken(parse_transcript(text))] == [
        f"新华社记者{name}",
        "王受文",
        f"陈{name[1:]}",
    ]


@pytest.mark.parametrize("label", ["网友“阳光”", "小张", "李女士"])
def test_whoever_else_speaks_is_never_the_official(label: str) -> None:
    text = f"外交部发言人毛宁主持记者会\n\n新华社记者：请问？\n\n毛宁：好。\n\n{label}：我想了解。\n\n毛宁：再见。\n"
    transcript = parse_transcript(text)
    words = "".join(turn.words.of(text) for turn in transcript.turns if turn.role is Role.OFFICIAL)
    assert words == "好。再见。"


def test_a_sentence_that_begins_like_furniture_is_speech() -> None:
    speech = "好。\n\n分享发展机遇，共谋繁荣未来。\n\n附件：保护版权所有者的权利，是我们的职责。\n\n我们欢迎各方参与。"
    text = f"外交部发言人毛宁主持记者会\n\n新华社记者：请问？\n\n毛宁：{speech}\n\n上一篇：某人主持记者会\n版权所有：外交部\n"
    transcript = parse_transcript(text)
    assert transcript.turns[1].words.of(text) == speech
    assert [span.of(text) for span in transcript.narration][1:] == [
        "上一篇：某人主持记者会",
        "版权所有：外交部",
    ]


def test_a_headline_with_a_name_and_a_colon_is_the_title() -> None:
    text = "治沙局长邬长根：树不会说谎\n\n新京报：您种了多少？\n\n邬长根：一万棵。\n\n新京报：活了多少？\n\n邬长根：三棵。\n"
    transcript = parse_transcript(text)
    assert transcript.title == "治沙局长邬长根：树不会说谎"
    assert len(transcript.exchanges) == 2


def test_a_name_right_behind_a_label_is_part_of_what_is_said() -> None:
    text = "外交部发言人毛宁主持记者会\n\nCNN: Mr Smith：what about it?\n\n毛宁：好。\n\nBBC: and?\n\n毛宁：好的。\n"
    assert spoken(parse_transcript(text))[0] == ("CNN记者", "Mr Smith：what about it?")


@pytest.mark.parametrize(
    ("outlet", "label"),
    [
        ("凤凰卫视", "凤凰卫视"),
        ("海报新闻", "海报新闻"),
        ("《瞭望东方》", "瞭望东方"),
        ("Shafaq", "Shafaq"),
        ("力報", "力報"),
    ],
)
def test_an_outlet_asks_though_no_journalist_is_named(outlet: str, label: str) -> None:
    text = f"束文婷：大家好。\n\n{outlet}：请问进展？\n\n束文婷：顺利。\n\n第一财经：何时？\n\n束文婷：明天。\n"
    assert spoken(parse_transcript(text))[1] == (f"{label}记者", "请问进展？")


def test_officials_of_a_panel_are_known_by_name_once_they_were_introduced() -> None:
    text = (
        "国新办举行发布会，请财政部副部长陆廷山，国库司司长魏秋红介绍情况。\n\n主持人：请提问。\n\n"
        "彭博社记者：赤字率多少？\n\n陆廷山：请秋红司长补充。\n\n魏秋红：百分之三。\n"
    )
    transcript = parse_transcript(text)
    assert [
        (c.speaker.name, c.speaker.office) for c in transcript.cast if c.speaker.role is Role.OFFICIAL
    ] == [
        ("陆廷山", "财政部副部长"),
        ("魏秋红", "国库司司长"),
    ]
    assert len(transcript.exchanges[0].answers) == 2


def test_the_unnamed_one_who_answers_is_the_one_whom_the_title_names() -> None:
    text = "2017年2月17日外交部发言人耿爽主持例行记者会\n\n问：进展？\n\n答：顺利。\n"
    [exchange] = parse_transcript(text).exchanges
    assert exchange.answers[0].speaker == Speaker(Role.OFFICIAL, name="耿爽", office="外交部发言人")


def test_where_the_header_names_two_nobody_guesses_who_answered() -> None:
    text = "主持人：发言人侯亭安\n出席者：領事局局長江淑慎\n\n問：進展？\n\n答：順利。\n"
    [exchange] = parse_transcript(text).exchanges
    assert exchange.answers[0].speaker == Speaker(Role.OFFICIAL)


@pytest.mark.parametrize(
    ("label", "office"),
    [
        ("林發言人靖雯", "行政院發言人"),
        ("林發言人", "行政院發言人"),
        ("發言人", "行政院發言人"),
        ("林靖雯", "行政院發言人"),
    ],
)
def test_one_person_is_known_under_every_form_of_the_name(label: str, office: str) -> None:
    text = f"院會後記者會\n\n出席：行政院發言人林靖雯\n\n中央社記者：請問進展？\n\n{label}：順利。\n"
    [exchange] = parse_transcript(text).exchanges
    assert exchange.answers[0].speaker == Speaker(Role.OFFICIAL, name="林靖雯", office=office)


def test_in_an_interview_the_one_who_asks_is_the_journalist() -> None:
    rows = "".join(
        f"### 曾依璇：\n第{n}個問題是什麼？\n\n### 唐鳳：\n這是第{n}個回答。\n\n" for n in "一二三四"
    )
    transcript = parse_document(Document(f"# 2016-12-10 中央社駐巴黎記者訪問\n\n{rows}"))
    assert {c.speaker for c in transcript.cast} == {
        Speaker(Role.JOURNALIST, name="曾依璇", outlet="中央社"),
        Speaker(Role.OFFICIAL, name="唐鳳"),
    }
    assert len(transcript.exchanges) == 4


def test_in_a_meeting_where_nobody_asks_nobody_is_made_an_official() -> None:
    rows = "".join(
        f"### {name}：\n我說明一下。\n\n" for name in ("葉寧", "洪啟源", "葉寧", "莊慧文", "洪啟源")
    )
    transcript = parse_transcript(f"# 會前會議\n\n{rows}")
    assert {turn.role for turn in transcript.turns} == {Role.UNKNOWN}
    assert transcript.certainty == 0.0
    assert "not cited" in transcript.remarks[0].message


def test_who_only_hands_over_is_the_moderator() -> None:
    text = (
        "### 高遵：\n歡迎媒體參加，請政委開始。\n\n### 唐鳳：\n大家好。\n\n### 問：\n進展？\n\n### 唐鳳：\n順利。\n\n"
        "### 高遵：\n還有其他媒體提問嗎？\n\n### 問：\n何時？\n\n### 唐鳳：\n明天。\n"
    )
    roles = {str(turn.speaker): turn.role for turn in parse_transcript(text).turns}
    assert roles == {"高遵": Role.MODERATOR, "唐鳳": Role.OFFICIAL, "记者": Role.JOURNALIST}


def test_an_outlet_in_brackets_belongs_to_the_question() -> None:
    text = "侯亭安主持記者會\n\n問：（中央社）請問進展？\n\n答：順利。\n\n問：何時？（自由時報）\n\n答：明天。\n"
    asked = [exchange.question.speaker.outlet for exchange in parse_transcript(text).exchanges]
    assert asked == ["中央社", "自由時報"]


def test_what_a_sidecar_says_of_a_label_is_believed() -> None:
    chosen = {
        "甲": Speaker(Role.OFFICIAL, name="张三", office="部长"),
        "乙": Speaker(Role.JOURNALIST, outlet="日报"),
    }
    transcript = parse_document(Document("乙：请问？\n\n甲：答复。\n", speakers=chosen))
    assert [turn.speaker for turn in transcript.turns] == [chosen["乙"], chosen["甲"]]


@pytest.mark.parametrize("label", ["网友小李", "翻译", "记者（新华社）", "商务部部长", "Bloomberg"])
def test_a_label_with_a_title_may_be_somebody_s(label: str) -> None:
    assert may_be_somebody(label)


@pytest.mark.parametrize(
    "label", ["第二点", "构筑合作新平台", "中方的建议是", "习近平主席指出", "我想告诉这位记者"]
)
def test_a_heading_or_a_lead_in_is_nobody_s(label: str) -> None:
    assert not may_be_somebody(label)


def test_words_the_host_reads_out_are_nobodys_answer() -> None:
    text = (
        "外交部发言人毛宁主持例行记者会\n\n新华社记者：请介绍会晤情况？\n\n毛宁：两国元首举行会晤。\n\n"
        "习近平主席：中国愿同各国合作。\n\n以上是我要说的。\n\n路透社记者：谢谢，何时？\n\n毛宁：明天。\n"
    )
    assert spoken(parse_transcript(text)) == [
        ("新华社记者", "请介绍会晤情况？"),
        ("毛宁", "两国元首举行会晤。"),
        ("路透社记者", "谢谢，何时？"),
        ("毛宁", "明天。"),
    ]


def test_a_second_official_to_whom_the_host_hands_over_answers() -> None:
    text = (
        "外交部发言人毛宁主持例行记者会\n\n新华社记者：请介绍？\n\n毛宁：请李成钢副部长回答。\n\n"
        "李成钢：谢谢。外贸增长。\n\n路透社记者：何时？\n\n毛宁：明天。\n"
    )
    assert spoken(parse_transcript(text))[2] == ("李成钢", "谢谢。外贸增长。")


def test_an_institution_speaks_only_where_an_answer_is_due() -> None:
    text = (
        "外交部发言人毛宁主持例行记者会\n\n新华社记者：请问？\n\n毛宁：是的。\n\n外交部：坚决反对。\n\n"
        "路透社记者：谢谢，何时？\n\n毛宁：明天。\n\n外交部：中方坚决反对\n商务部：外贸保持增长\n"
    )
    transcript = parse_transcript(text)
    assert spoken(transcript)[1] == ("毛宁", "是的。|外交部：坚决反对。")
    assert spoken(transcript)[-1] == ("毛宁", "明天。")
    assert [span.of(text) for span in transcript.narration][1:] == [
        "外交部：中方坚决反对",
        "商务部：外贸保持增长",
    ]


def test_two_ministers_of_one_surname_are_told_apart_by_their_office() -> None:
    text = (
        "Prime Minister Anthony Smith and Transport Minister Jane Smith\n\nJOURNALIST: Prime Minister, what now?\n\n"
        "PRIME MINISTER SMITH: We wait.\n\nJOURNALIST: Minister?\n\nMINISTER SMITH: We go.\n"
    )
    officials = [turn.speaker for turn in parse_transcript(text).turns if turn.role is Role.OFFICIAL]
    assert [(speaker.name, speaker.office) for speaker in officials] == [
        ("Anthony Smith", "Prime Minister"),
        ("Jane Smith", "Minister"),
    ]


def test_two_ministers_hold_a_conference_together() -> None:
    text = "商务部部长王文涛、外交部部长王毅联合举行记者会\n\n新华社记者：请问？\n\n王文涛：好。\n\n路透社记者：外长？\n\n王毅：好的。\n"
    assert [
        (turn.speaker.name, turn.speaker.office)
        for turn in parse_transcript(text).turns
        if turn.role is Role.OFFICIAL
    ] == [("王文涛", "商务部部长"), ("王毅", "外交部部长")]


@pytest.mark.parametrize("lead", ["今天我们请来了", "现在有请", "我们今天采访", "本报专访了"])
def test_the_words_that_lead_up_to_an_office_are_no_part_of_it(lead: str) -> None:
    text = f"中国网访谈\n\n主持人：{lead}商务部副部长李成钢。\n\n李成钢：大家好。\n\n主持人：请问外贸？\n\n李成钢：增长。\n"
    [casting] = [c for c in parse_transcript(text).cast if c.speaker.role is Role.OFFICIAL]
    assert casting.speaker == Speaker(Role.OFFICIAL, name="李成钢", office="商务部副部长")


def test_an_outlet_in_brackets_in_front_of_the_question_asks_it() -> None:
    text = "外交部发言人毛宁主持例行记者会\n\n（《华尔街日报》）问：何时？\n\n答：明天。\n\n（路透社）问：何地？\n\n答：北京。\n"
    assert spoken(parse_transcript(text)) == [
        ("华尔街日报记者", "何时？"),
        ("毛宁", "明天。"),
        ("路透社记者", "何地？"),
        ("毛宁", "北京。"),
    ]


def test_what_a_film_shows_or_tells_is_nobodys_answer() -> None:
    text = "专访外交部发言人毛宁\n\n记者：何时？\n\n毛宁：明天。\n\n字幕：外交部\n\n解说：外交部位于朝阳门。\n\n记者：何地？\n\n毛宁：北京。\n"
    assert spoken(parse_transcript(text)) == [
        ("记者", "何时？"),
        ("毛宁", "明天。"),
        ("记者", "何地？"),
        ("毛宁", "北京。"),
    ]


def test_a_word_that_is_a_name_once_it_is_introduced() -> None:
    text = "商务部新闻发言人高峰主持例行发布会\n\n新华社记者：进展？\n\n高峰：顺利。\n\n路透社记者：谈判？\n\n高峰：在谈。\n"
    answers = [turn.speaker for turn in parse_transcript(text).turns if turn.role is Role.OFFICIAL]
    assert answers == [Speaker(Role.OFFICIAL, name="高峰", office="商务部新闻发言人")] * 2


def test_a_q_with_a_single_blank_behind_it_asks() -> None:
    text = (
        "Remarks by Foreign Minister Penny Wong\n\nQ Thank you, sir. What is next?\n\nMINISTER WONG: Talks.\n\n"
        "Q Will they meet soon?\n\nMINISTER WONG: Yes.\n"
    )
    assert [words for _, words in spoken(parse_transcript(text))] == [
        "Thank you, sir. What is next?",
        "Talks.",
        "Will they meet soon?",
        "Yes.",
    ]


def test_a_bare_name_is_the_journalist_whom_the_document_named_with_the_outlet() -> None:
    text = "外交部发言人毛宁主持例行记者会\n\n新华社记者张远：何时？\n\n毛宁：明天。\n\n张远：何地？\n\n毛宁：北京。\n"
    assert [speaker for speaker, _ in spoken(parse_transcript(text))] == [
        "新华社记者张远",
        "毛宁",
        "新华社记者张远",
        "毛宁",
    ]


def test_credits_and_clock_times_are_nobodys_words() -> None:
    text = (
        "外交部发言人毛宁主持例行记者会\n\n新华社记者：何时？ 10:22\n\n毛宁：明天。 10:23\n\n"
        "本文系中国新闻社授权发布。\n未经许可，不得转载。\n"
    )
    assert spoken(parse_transcript(text)) == [("新华社记者", "何时？"), ("毛宁", "明天。")]


def test_every_line_end_of_unicode_ends_a_line() -> None:
    text = "外交部发言人毛宁主持例行记者会\u2028新华社记者：何时？\u2029毛宁：明天。\x0b路透社记者：何地？\x0c毛宁：北京。\x85"
    assert spoken(parse_transcript(text)) == [
        ("新华社记者", "何时？"),
        ("毛宁", "明天。"),
        ("路透社记者", "何地？"),
        ("毛宁", "北京。"),
    ]


def test_a_letter_alone_on_its_line_answers_only_where_another_asks() -> None:
    text = "新华社记者：\n问题？\n外交部部长王毅：\n开头\na\na\n结尾"
    assert spoken(parse_transcript(text)) == [("新华社记者", "问题？"), ("王毅", "开头\na\na\n结尾")]


def test_the_last_line_of_an_answer_may_lack_a_full_stop_where_others_do() -> None:
    text = "新华社记者：问题？\n外交部部长王毅：我们要\n同舟共济\n继续前进"
    assert spoken(parse_transcript(text))[-1] == ("王毅", "我们要\n同舟共济\n继续前进")


def test_a_headline_with_a_word_of_the_guest_is_nobodys_answer() -> None:
    text = (
        "专访省文旅厅厅长桂南星：让游客“再回来”\n新京报记者 邬小满\n\n"
        "假期里古城火了。热度如何延续？就此，新京报记者专访了省文旅厅厅长桂南星。\n\n"
        "新京报：您意外吗？\n\n桂南星：有些意外。\n\n新京报：怎么避免一阵风？\n\n桂南星：补短板。\n"
    )
    transcript = parse_transcript(text)
    assert spoken(transcript) == [
        ("新京报记者", "您意外吗？"),
        ("桂南星", "有些意外。"),
        ("新京报记者", "怎么避免一阵风？"),
        ("桂南星", "补短板。"),
    ]
    assert transcript.title == "专访省文旅厅厅长桂南星：让游客“再回来”"


def test_a_rare_surname_is_one_where_the_text_introduces_it() -> None:
    text = (
        "主持人 杭立群：\n今天请来了省农业厅副厅长瞿志芳女士、省粮食局副局长木增寿先生。\n\n"
        "云岭日报记者：\n收成如何？\n\n瞿志芳：\n很好。\n\n木增寿：\n我补充一个数据：库存充足。\n"
    )
    transcript = parse_transcript(text)
    assert spoken(transcript)[-2:] == [("瞿志芳", "很好。"), ("木增寿", "我补充一个数据：库存充足。")]
    assert transcript.turns[-1].role is Role.OFFICIAL


def test_a_spokesman_under_a_bare_label_says_who_he_is() -> None:
    text = (
        "商务部例行新闻发布会\n\n【发言人】各位下午好！我是商务部新闻发言人郁青禾。\n\n"
        "【新华社记者】进展如何？\n\n【发言人】顺利。\n"
    )
    officials = {turn.speaker for turn in parse_transcript(text).turns if turn.role is Role.OFFICIAL}
    assert officials == {Speaker(Role.OFFICIAL, name="郁青禾", office="商务部新闻发言人")}


def test_a_headline_in_capitals_introduces_too() -> None:
    text = (
        "TRANSCRIPT OF DOORSTOP BY MINISTER FOR TRANSPORT LIONEL SEAH AT TENGAH DEPOT\n\n"
        "CNA: When will it open?\n\nMinister: In June.\n\nCNA: And fares?\n\nMinister: They stay.\n"
    )
    officials = {turn.speaker for turn in parse_transcript(text).turns if turn.role is Role.OFFICIAL}
    assert officials == {Speaker(Role.OFFICIAL, name="LIONEL SEAH", office="MINISTER FOR TRANSPORT")}


@pytest.mark.parametrize(
    ("head", "name", "office"),
    [
        ("2023年9月6日外交部发言人柯文澜答记者问", "柯文澜", "外交部发言人"),
        ("6月4日上午,市政府新闻办举行发布会,市教育局副局长程子涵介绍情况", "程子涵", "市教育局副局长"),
        ("把论文写在大地上——访节水中心主任康绍山", "康绍山", "节水中心主任"),
        ("对话大使车怀谨", "车怀谨", "大使"),
        ("【发布人】商务部新闻发言人束婷", "束婷", "商务部新闻发言人"),
        ("社會文化司司長柯啟明聯同民防總指揮部行動組組長施偉強會見傳媒", "施偉強", "民防總指揮部行動組組長"),
        ("新京报记者采访信访局局长常海", "常海", "信访局局长"),
        ("嘉宾：省应急管理厅副厅长甘卫国 省水利厅总工程师阎秀峰 团山县县长瞿文彬", "瞿文彬", "团山县县长"),
    ],
)  # fmt: skip
def test_an_office_is_what_the_source_calls_it_and_no_more(head: str, name: str, office: str) -> None:
    text = f"{head}\n\n新华社记者：何时？\n\n{name}：明天。\n\n路透社记者：何地？\n\n{name}：北京。\n"
    officials = {turn.speaker for turn in parse_transcript(text).turns if turn.role is Role.OFFICIAL}
    assert officials == {Speaker(Role.OFFICIAL, name=name, office=office)}


def test_what_somebody_does_here_is_no_part_of_the_office() -> None:
    text = "主持人 国新办新闻局副局长 金若辰：\n请提问。\n\n新华社记者：\n何时？\n\n商务部部长 王受文：\n明天。\n"
    first = parse_transcript(text).turns[0].speaker
    assert first == Speaker(Role.MODERATOR, name="金若辰", office="国新办新闻局副局长")
