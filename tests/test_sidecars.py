from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import TranscriptError
from qa_bot.records import Document, Fact, Metadata, Role, Span, Speaker
from qa_bot.sidecars import is_sidecar, sidecar_of, statement_of, with_front_matter, with_sidecar

FULL = """\
title: 例行记者会
event: 第三届海洋论坛
date: 2031-04-08
venue: 蓝厅
url: https://www.example.gov.cn/a
publisher: 某国外交部
language: zh-Hans
licence: CC0-1.0
speakers:
  林言: {role: official, name: 林言, office: 外交部发言人}
  问: {role: journalist, outlet: 新华社}
  主持: {role: moderator}
  众: {role: unknown}
"""


def test_everything_may_be_stated() -> None:
    stated = statement_of(FULL, "a.meta.yaml", "sidecar a.meta.yaml")
    assert stated.metadata == Metadata(
        *(
            Fact(value, "sidecar a.meta.yaml")
            for value in (
                "例行记者会",
                "第三届海洋论坛",
                "2031-04-08",
                "蓝厅",
                "https://www.example.gov.cn/a",
                "某国外交部",
                "zh-Hans",
                "CC0-1.0",
            )
        )
    )
    assert stated.speakers == {
        "林言": Speaker(Role.OFFICIAL, "林言", "外交部发言人"),
        "问": Speaker(Role.JOURNALIST, outlet="新华社"),
        "主持": Speaker(Role.MODERATOR),
        "众": Speaker(Role.UNKNOWN),
    }


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2031-04-08", "2031-04-08"),
        ("'2031-04-08'", "2031-04-08"),
        ("2031-04", "2031-04"),
        ("2031", "2031"),
        ("XXXX-02-29", "XXXX-02-29"),
    ],
)
def test_a_date_may_be_known_in_part(written: str, date: str) -> None:
    assert statement_of(f"date: {written}", "s", "s").metadata.date == Fact(date, "s")


@pytest.mark.parametrize(
    "written",
    [
        "8 April",
        "2031-02-29",
        "2031-13",
        "XXXX-04",
        "XXXX",
        "31-04-08",
        "2031-04-08 10:00:00",
        "0000-01-01",
        "[1]",
        "''",
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(
        TranscriptError, match=r"a\.meta\.yaml: date is .*; give YYYY-MM-DD, YYYY-MM, YYYY or"
    ):
        statement_of(f"date: {written}", "a.meta.yaml", "s")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "titel: 甲",
            "unknown key titel; allowed are title, event, date, venue, url, publisher, language, ",
        ),
        ("title: [甲]", "title is read as list, not as text; put it in quotes"),
        ("title: yes", "title is read as bool"),
        ("venue: ''", "venue is ''; give text in one line"),
        ("url: example.org", "url is 'example.org'; give an address that begins with http"),
        ("language: 中文", "language is '中文'; give a language tag"),
        ("1: 甲", "the key 1 is read as int; put it in quotes"),
        ("- 甲", "the whole must be a mapping"),
        ("", "the whole must be a mapping"),
        ("title: 甲\ntitle: 乙", "the key title stands twice"),
        ("title: 甲\n  venue: 乙", "line 2 is no YAML"),
        ("a: &a [1]\ntitle: *a", r"aliases \(\*name\) are not allowed"),
        ("title: !!python/object/apply:os.system [ls]", "no YAML"),
        ("title: !!binary x", "title is read as bytes|can't be read|no YAML"),
        ("speakers: 林言", "speakers must be a mapping"),
        ("speakers: {问: 记者}", "speakers.问 must be a mapping"),
        (
            "speakers: {问: {}}",
            "speakers.问.role is None; allowed are moderator, official, journalist, unknown",
        ),
        ("speakers: {问: {role: boss}}", "speakers.问.role is 'boss'; allowed"),
        ("speakers: {问: {role: [official]}}", "speakers.问.role is"),
        (
            "speakers: {问: {role: official, age: 3}}",
            "unknown key speakers.问.age; allowed are role, name, office",
        ),
        ("speakers: {问: {role: official, name: 3}}", "speakers.问.name is read as int"),
        ("[" * 5000, "can't be read|no YAML"),
        ("x" * 100_001, "more than metadata can be"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(source: str, message: str) -> None:
    with pytest.raises(TranscriptError, match=f"^a.meta.yaml: .*({message})"):
        statement_of(source, "a.meta.yaml", "s")


def test_json_is_read_as_strictly() -> None:
    assert statement_of('{"title": "\\u7532"}', "a.meta.json", "s").metadata.title == Fact("甲", "s")
    for source, message in (
        ("{", "line 1 is no JSON"),
        ('{"title": "甲", "title": "乙"}', "stands twice"),
    ):
        with pytest.raises(TranscriptError, match=message):
            statement_of(source, "a.meta.json", "s")


def test_a_key_without_value_states_nothing() -> None:
    stated = statement_of("title:\nspeakers:\n", "s", "s")
    assert (stated.metadata, stated.speakers) == (Metadata(), {})


def test_a_sidecar_is_known_by_its_name() -> None:
    names = [
        "a.meta.yaml",
        "a.meta.yml",
        "A.META.JSON",
        "a.yaml",
        "meta.yaml",
        "a.txt",
        "a.meta.yaml.txt",
    ]
    assert [is_sidecar(Path(name)) for name in names] == [True, True, True, False, False, False, False]


def test_a_file_has_one_sidecar_or_none(tmp_path: Path) -> None:
    path = tmp_path / "2031.04.txt"
    assert sidecar_of(path) is None
    assert with_sidecar(Document("问："), path) == Document("问：")
    sidecar = tmp_path / "2031.04.meta.yaml"
    sidecar.write_bytes(b"\xef\xbb\xbf" + "venue: 蓝厅".encode())
    assert sidecar_of(path) == sidecar
    assert with_sidecar(Document("问："), path).stated.venue == Fact(
        "蓝厅", "sidecar 2031.04.meta.yaml"
    )
    sidecar.write_bytes("venue: 蓝厅".encode("gbk"))
    with pytest.raises(TranscriptError, match=r"2031\.04\.meta\.yaml: can't be read; save it as UTF-8"):
        with_sidecar(Document("问："), path)
    (tmp_path / "2031.04.meta.json").write_text("{}", "utf-8")
    with pytest.raises(
        TranscriptError, match=r"2031\.04\.meta\.yaml and 2031\.04\.meta\.json both state"
    ):
        sidecar_of(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("close", ["---", "..."])
def test_front_matter_is_a_span_of_the_text(close: str, end: str) -> None:
    text = end.join(["---", "title: 甲", "", close, "问：好吗？", "---", "答：好。"])
    document = with_front_matter(Document(text))
    assert document.text == text
    assert document.front_matter == Span(0, text.index(close + end + "问") + 3)
    assert document.stated == Metadata(title=Fact("甲", "front matter"))


@pytest.mark.parametrize(
    "text",
    [
        "---\n问：好吗？\n---\n答：好。",
        "---\nQ: Why?\nA: So.\n---\n",
        "\n---\ntitle: 甲\n---\n",
        "---\ntitle: 甲\n",
        "--- a\ntitle: 甲\n---",
    ],
)
def test_what_states_nothing_known_is_text(text: str) -> None:
    assert with_front_matter(Document(text)) == Document(text)


def test_wrong_front_matter_is_named() -> None:
    with pytest.raises(TranscriptError, match=r"^front matter: venue is read as list, not as text"):
        with_front_matter(Document("---\ntitle: 甲\nvenue: [乙]\n---\n"))


def test_what_front_matter_states_for_other_tools_is_ignored() -> None:
    text = "---\nlayout: post\ntitle: 甲\ntags: [a, {b: c}]\n1: x\n---\n问：好吗？\n"
    document = with_front_matter(Document(text))
    assert document.stated == Metadata(title=Fact("甲", "front matter"))
    assert document.front_matter is not None


@pytest.mark.parametrize(
    "source",
    [
        '{"title": "\\ud83d x"}',
        '{"speakers": {"\\ud83d": {"role": "official"}}}',
        '{"speakers": {"问": {"role": "official", "name": "\\ud83d"}}}',
        '{"\\ud83d": "x"}',
    ],
)
@pytest.mark.parametrize("name", ["a.meta.json", "a.meta.yaml"])
def test_half_a_character_is_refused(source: str, name: str) -> None:
    with pytest.raises(TranscriptError, match="half a character") as caught:
        statement_of(source, name, "s")
    assert str(caught.value).encode()


@given(st.text(alphabet="titlevenuda:*&!-{}[]'\"\n 0123问#|>%@", max_size=60))
def test_no_source_crashes_the_reader(source: str) -> None:
    try:
        statement_of(source, "s", "s")
    except TranscriptError:
        return


def beside(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text(f"title: {name}\n", encoding="utf-8")
    return folder / names[0]


def test_a_sidecar_may_bear_the_whole_name_of_its_file(tmp_path: Path) -> None:
    path = beside(tmp_path, "6.txt", "6.txt.meta.yaml", "6.md.meta.json", "6.md")
    found = (sidecar_of(path), sidecar_of(tmp_path / "6.md"))
    assert found == (tmp_path / "6.txt.meta.yaml", tmp_path / "6.md.meta.json")
    beside(tmp_path, "6.meta.yaml")
    assert sidecar_of(path) == tmp_path / "6.txt.meta.yaml", "the whole name says more"


@pytest.mark.parametrize("other", ["6.md", "6.pdf", "6.DOCX"])
def test_a_sidecar_of_two_transcripts_is_of_neither(tmp_path: Path, other: str) -> None:
    beside(tmp_path, "6.txt", "6.meta.yaml", other)
    for name, rival in (("6.txt", other), (other, "6.txt")):
        told = rf"6\.meta\.yaml may be of {name} or of {rival}; .* such as {name}\.meta\.yaml"
        with pytest.raises(TranscriptError, match=told):
            sidecar_of(tmp_path / name)


def test_a_file_of_another_kind_takes_no_sidecar(tmp_path: Path) -> None:
    path = beside(tmp_path, "6.txt", "6.meta.yaml", "6.png", "6")
    assert sidecar_of(path) == tmp_path / "6.meta.yaml"


def test_the_whole_name_of_one_file_is_not_the_stem_of_another(tmp_path: Path) -> None:
    path = beside(tmp_path, "6.txt", "6.txt.meta.yaml", "6.txt.md")
    assert sidecar_of(path) == tmp_path / "6.txt.meta.yaml"
    with pytest.raises(TranscriptError, match=r"may be of 6\.txt\.md or of 6\.txt;"):
        sidecar_of(tmp_path / "6.txt.md")
