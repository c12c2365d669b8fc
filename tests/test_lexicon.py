"""Names and wordings: what a file may hold, what a text's words stand for, and the package's own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.adapters.opencc_folding import simplify
from qa_bot.adapters.stemmer import stem
from qa_bot.equipment import load_analysis
from qa_bot.errors import LexiconError
from qa_bot.lexicon import Found, Lexicon, Name, Wording, forms_of, key_of, parse_lexicon, pieces_of
from qa_bot.places import EMBEDDED_LEXICONS
from qa_bot.terms import HAN

SCO = Name(("上海合作组织", "上合组织", "Shanghai Cooperation Organisation", "SCO"))
SEA = Name(("南海", "南中国海", "South China Sea"))
CHINA = Name(("中国", "China"))
USA = Name(("美国", "United States", "US"))
FIGHT = Wording("打仗", ("战争", "武装冲突"))
LEXICON = Lexicon.of([SCO, SEA, CHINA, USA, FIGHT], stem)

FILES = sorted(EMBEDDED_LEXICONS.glob("*.txt"))
ENTRIES = {file.name: parse_lexicon(file.read_text("utf-8"), file.name) for file in FILES}
EVERY = [entry for entries in ENTRIES.values() for entry in entries]


def test_a_file_is_read_line_by_line() -> None:
    text = "# names\n上海合作组织 | 上合组织\n\n打仗 > 战争 | 武装冲突\n  # end"
    assert parse_lexicon(text, "mine.txt") == [
        Name(("上海合作组织", "上合组织")),
        Wording("打仗", ("战争", "武装冲突")),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("上合组织", "mine.txt, line 1: 上合组织: needs a second form"),
        ("上合组织 | ", "mine.txt, line 1: 上合组织 |: set a blank before and after"),
        ("上合组织 |  | SCO", "mine.txt, line 1: an empty form: 上合组织 | | SCO"),
        ("打仗 > ", "mine.txt, line 1: 打仗 >: set a blank before and after"),
        ("打仗 > ！", "mine.txt, line 1: an empty form"),
        ("打仗 > 战争 > 冲突", "mine.txt, line 1: 打仗 > 战争 > 冲突: set a blank"),
        ("上合组织|SCO", "mine.txt, line 1: 上合组织|SCO: set a blank before and after"),
        ("上合 | SCO\n上合 | 上海合作组织", "mine.txt, line 2: 上合 is already in line 1"),
        ("上合 | sco\n上海合作组织 | SCO", "mine.txt, line 2: SCO is already in line 1"),
    ],
)
def test_a_malformed_line_is_named_with_what_to_do(line: str, problem: str) -> None:
    with pytest.raises(LexiconError) as raised:
        parse_lexicon(line, "mine.txt")
    assert str(raised.value).startswith(problem)


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        entries = parse_lexicon(text, "mine.txt")
    except LexiconError:
        return
    assert all(pieces_of(form) for form in forms_of(entries))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["南海", "问题"], [Found(0, 1, (SEA,))]),
        (["the", " ", "South", " ", "China", " ", "Sea"], [Found(2, 7, (SEA,))]),
        (["south", "-", "china", " ", "seas"], [Found(0, 5, (SEA,))]),
        (["South", ", ", "China"], [Found(2, 3, (CHINA,))]),
        (["上海", "合作", "组织"], [Found(0, 3, (SCO,))]),
        (["打仗"], [Found(0, 1, (FIGHT,))]),
        (["US", " ", "trade"], [Found(0, 1, (USA,))]),
        (["tell", " ", "us"], []),
        (["sco"], [Found(0, 1, (SCO,))]),
        ([], []),
    ],
)
def test_the_longest_run_of_words_is_found(words: list[str], found: list[Found]) -> None:
    assert list(LEXICON.find(words)) == found


def test_a_later_entry_wins_a_form() -> None:
    mine = Name(("上海外国语大学", "上合"))
    lexicon = Lexicon.of([Name(("上海合作组织", "上合")), mine], stem)
    assert lexicon.name("上合") == mine
    assert lexicon.name("上海合作组织") == Name(("上海合作组织", "上合"))


def test_a_file_of_ones_own_joins_the_packages_and_wins(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("某某大會 | 某大会 | Some Assembly\n联合国 | 某联\n", encoding="utf-8")
    lexicon = load_analysis([mine]).lexicon
    assert lexicon.name("Some Assembly") == Name(("某某大会", "某大会", "Some Assembly"), "mine")
    assert lexicon.name("联合国") == Name(("联合国", "某联"), "mine")
    assert lexicon.name("北约") == load_analysis().lexicon.name("NATO")


def test_a_file_that_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LexiconError, match=r"bad\.txt: can't be read as UTF-8 text"):
        load_analysis([tmp_path / "bad.txt"])
    with pytest.raises(LexiconError, match=r"none\.txt: can't be read"):
        load_analysis([tmp_path / "none.txt"])


def test_the_package_knows_enough() -> None:
    assert len(EVERY) >= 4000
    assert sum(isinstance(entry, Name) for entry in EVERY) >= 2500


def test_the_packages_files_are_in_simplified_characters() -> None:
    assert [form for form in forms_of(EVERY) if simplify(form) != form] == []


def test_no_two_names_of_the_package_share_a_form() -> None:
    claimed: dict[str, Name] = {}
    clashes = []
    for entry in EVERY:
        if isinstance(entry, Name):
            for key in {key_of(pieces_of(form), stem) for form in entry.forms}:
                if claimed.setdefault(key, entry) != entry:
                    clashes.append((key, claimed[key].forms[0], entry.forms[0]))
    assert clashes == []


def test_no_two_wordings_of_the_package_share_what_is_said() -> None:
    said = [key_of(pieces_of(entry.said), stem) for entry in EVERY if isinstance(entry, Wording)]
    assert sorted({key for key in said if said.count(key) > 1}) == []


def test_no_wording_of_the_package_leads_back_to_itself() -> None:
    lexicon = Lexicon.of(EVERY, stem)
    leads = {
        key: {key_of(pieces_of(word), stem) for word in entry.official} & set(lexicon.wordings)
        for key, entry in lexicon.wordings.items()
    }

    def reached(key: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(leads[key])
        while waiting:
            following = waiting.pop()
            if following not in seen:
                seen.add(following)
                waiting += leads[following]
        return seen

    assert [key for key in leads if key in reached(key)] == []


def test_no_form_of_the_package_is_a_single_character_or_a_name_of_its_own_counterpart() -> None:
    assert [form for form in forms_of(EVERY) if len(form) < 2] == []
    assert [form for form in forms_of(EVERY) if HAN.fullmatch(form) and len(form) > 20] == []
