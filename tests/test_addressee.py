from __future__ import annotations

import pytest

from qa_bot.addressee import addresses, without_addressee
from qa_bot.records import Role, Speaker

WANG = Speaker(Role.OFFICIAL, name="王毅", office="外交部部长")
LI = Speaker(Role.OFFICIAL, name="李克强", office="国务院总理")


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("王毅怎么看萨德", " 怎么看萨德"),
        ("外交部部长王毅对萨德的立场", " 对萨德的立场"),
        ("请问王外长，萨德会撤吗", "请问 ，萨德会撤吗"),
        ("萨德会撤吗", "萨德会撤吗"),
        ("王毅", "王毅"),
        ("外长？", "外长？"),
        ("中国外长对萨德的立场", "中国 对萨德的立场"),
        ("日本外长岸田文雄说了什么", "日本外长岸田文雄说了什么"),
        ("G20外长会谈了什么", "G20外长会谈了什么"),
        ("国防部部长怎么看", "国防部部长怎么看"),
        ("美国国务卿和王毅谈了什么", "美国国务卿和 谈了什么"),
    ],
)
def test_the_one_official_is_left_out(question: str, matter: str) -> None:
    assert without_addressee(question, {WANG}) == matter


def test_where_several_officials_answer_the_name_counts() -> None:
    assert without_addressee("王毅怎么看萨德", {WANG, LI}) == "王毅怎么看萨德"


def test_one_person_in_two_offices_is_one_official() -> None:
    later = Speaker(Role.OFFICIAL, name="王毅", office="国务委员兼外交部部长")
    assert without_addressee("王毅怎么看萨德", {WANG, later}) == " 怎么看萨德"


def test_a_premier_is_named_in_his_own_ways() -> None:
    assert {"李克强", "总理", "李总理", "国务院总理"} <= set(addresses(LI))
    assert without_addressee("问", {Speaker(Role.OFFICIAL)}) == "问"
