"""Questions cut into terms, with what else may stand for them."""

from __future__ import annotations

from qa_bot.analysis import Analysis
from qa_bot.lexicon import Entry, Lexicon, Name, Wording
from qa_bot.query import NAME_WEIGHT, WORDING_WEIGHT, Literal, Widening
from qa_bot.records import Span

TRUMP = Name(("特朗普", "川普", "Trump"))
CONFLICT = Name(("武装冲突", "armed conflict"))
FIGHT = Wording("打仗", ("战争", "动武", "武装冲突"))
ENTRIES: list[Entry] = [
    TRUMP,
    Name(("美国", "US", "United States")),
    CONFLICT,
    FIGHT,
    Wording("war", ("战争",)),
]


def analysis(words: str) -> Analysis:
    """Segments by the blanks of `words`, which must spell the text."""
    return Analysis(
        name="by hand",
        simplify=lambda text: text,
        segment=lambda text: words.split("/"),
        subwords=lambda word: [word[:2]] if len(word) > 2 and word.isalpha() and word > "一" else [],
        rarity=lambda word: 0.0 if word in ("会", "吗") else 5.0,
        lexicon=Lexicon.of(ENTRIES, lambda word: word.removesuffix("s") if len(word) > 3 else word),
    )


def test_a_question_is_cut_into_words_parts_and_pairs() -> None:
    query = analysis("川普/会/打仗/吗/？").query("川普会打仗吗？")
    assert query.words[0] == Literal("川普", Span(0, 2), 5.0)
    assert [word.term for word in query.words] == ["川普", "会", "打仗", "吗"]
    assert [literal.term for literal in query.literals[4:]] == [
        "\u2040川普",
        "\u2040普会",
        "\u2040会打",
        "\u2040打仗",
        "\u2040仗吗",
    ]


def test_names_stand_for_each_other_and_official_words_for_everyday_ones() -> None:
    query = analysis("川普/会/打仗/吗/？").query("川普会打仗吗？")
    assert query.widenings == (
        Widening(Span(0, 2), ("\u2041特朗普",), NAME_WEIGHT, "川普", TRUMP.forms, str(TRUMP)),
        Widening(Span(3, 5), ("\u2041武装冲突",), WORDING_WEIGHT, "打仗", CONFLICT.forms, str(FIGHT)),
        Widening(Span(3, 5), ("战争", "动武"), WORDING_WEIGHT, "打仗", ("战争", "动武"), str(FIGHT)),
    )


def test_what_covers_a_term_is_known_by_its_place() -> None:
    query = analysis("川普/会/打仗/吗/？").query("川普会打仗吗？")
    covering = dict(zip([each.term for each in query.literals], query.covering(), strict=True))
    trump, conflict, war = 9, 10, 11
    assert covering["川普"] == covering["\u2040川普"] == (trump,)
    assert covering["打仗"] == (conflict, war)
    assert covering["\u2040普会"] == ()


def test_english_words_are_known_without_their_inflection() -> None:
    query = analysis("US/ /wars").query("US wars")
    assert [word.term for word in query.words] == ["us", "war"]
    assert [widening.terms for widening in query.widenings] == [("\u2041美国",), ("战争",)]
    assert analysis("tell/ /us").query("tell us").widenings == ()


def test_a_document_has_the_term_of_each_name_in_it() -> None:
    terms = analysis("川普/访问/US/。").terms("川普访问US。")
    assert terms == [
        "川普",
        "访问",
        "us",
        "\u2040川普",
        "\u2040普访",
        "\u2040访问",
        "\u2041特朗普",
        "\u2041美国",
    ]
