"""Drafts, what is shown of them, and how they are added; with no browser and no server."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from qa_bot.adapters import web_fetch
from qa_bot.adapters.web_fetch import Fetched
from qa_bot.bot import QABot
from qa_bot.errors import FetchError, QABotError, TranscriptError
from qa_bot.parsing import parse_transcript
from qa_bot.passages import cut_passages
from qa_bot.web.adding import MOST_DRAFTS, Added, Draft, Drafts, add, read_address, read_file
from qa_bot.web.desk import Desk
from qa_bot.web.preview import added_html, not_added_html, preview_html, refused_html
from qa_bot.web.wording import in_chinese, layout_word
from tests.conftest import SEED
from tests.web_reading import HOSTILE, OUR_TAGS, Reader, entry_of, hostile_transcript

TALK = "甲社记者：\n第{0}个项目进展如何？\n外交部部长王毅：\n第{0}个项目进展顺利，已经完成了一半。\n"


def draft(text: str, name: str = "talk.txt") -> Draft:
    return Draft(name, text.encode(), parse_transcript(text, id="talk"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(QABot.open(index=tmp_path / "index", seeds=SEED.parent))


def test_a_draft_is_taken_once() -> None:
    drafts = Drafts()
    name = drafts.keep(draft("一"))
    assert drafts.take(name) == draft("一")
    assert drafts.take(name) is None
    assert drafts.take(None) is drafts.take("guessed") is None


def test_of_too_many_drafts_the_oldest_goes() -> None:
    drafts = Drafts()
    names = [drafts.keep(draft(f"{number}")) for number in range(MOST_DRAFTS + 1)]
    assert len(set(names)) == len(names)
    assert drafts.take(names[0]) is None
    assert drafts.take(names[1]) is not None


def test_a_file_is_read_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TALK.format(1), encoding="utf-8")
    read = read_file(path)
    assert (read.name, len(read.transcript.exchanges), path.exists()) == ("a.txt", 1, False)
    path.write_bytes(b"")
    with pytest.raises(TranscriptError, match="empty"):
        read_file(path)
    assert not path.exists()
    with pytest.raises(TranscriptError, match="can't be read"):
        read_file(path)


def test_an_address_is_fetched_from_the_public_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchError, match="no public address"):
        read_address("http://127.0.0.1:1/x")
    with pytest.raises(FetchError, match="not a web address"):
        read_address("/etc/passwd")
    page = Fetched(TALK.format(1).encode(), "text/plain", "https://example.org/a.txt", "a.txt")
    monkeypatch.setattr(web_fetch, "fetch", lambda url: page)
    read = read_address(" https://example.org/a.txt ")
    assert (read.url, len(read.transcript.exchanges)) == ("https://example.org/a.txt", 1)


def test_what_is_added_is_answered_from_and_the_bot_before_goes_on(desk: Desk) -> None:
    before = desk.bot
    added = add(desk, draft(TALK.format(7)))
    assert ([entry.id for entry in added.entries], added.differs) == (["talk"], False)
    assert desk.changed
    question = "第7个项目进展如何？"
    assert desk.bot.ask(question).citations[0].transcript_id == "talk"
    assert not before.ask("中日关系怎样才能改善？").abstained
    assert [entry.id for entry in before.catalogue()] == ["2017-03-08-wangyi"]


def test_a_duplicate_names_its_twin(desk: Desk) -> None:
    twin = Draft("twin.txt", SEED.read_bytes(), parse_transcript("x"))
    for _ in range(2):
        added = add(desk, twin)
        assert added.entries == ()
        assert added.twin
        assert added.twin.id == "2017-03-08-wangyi"


def test_what_is_added_at_once_is_not_lost(desk: Desk) -> None:
    texts = [TALK.format(number) for number in range(4)]
    drafts = [draft(text, f"talk{number}.txt") for number, text in enumerate(texts)]
    threads = [threading.Thread(target=add, args=(desk, each)) for each in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = ["2017-03-08-wangyi", *(f"talk{number}" for number in range(4))]
    assert [entry.id for entry in desk.bot.catalogue()] == ids


def test_a_step_that_fails_changes_nothing(desk: Desk) -> None:
    def fail(bot: QABot) -> QABot:
        raise QABotError("no")

    before = desk.bot
    with pytest.raises(QABotError, match="no"):
        desk.change(fail)
    assert desk.bot is before
    assert not desk.changed
    desk.change(lambda bot: bot)  # the lock is free again


def test_a_page_that_changed_since_its_preview_is_told(desk: Desk) -> None:
    changed = replace(draft(TALK.format(1)), transcript=parse_transcript(TALK.format(2)))
    added = add(desk, changed)
    assert added.differs
    assert "网页在预览之后有变化" in added_html(added)


def test_nothing_hostile_becomes_markup() -> None:
    transcript = hostile_transcript()
    hostile = Draft(HOSTILE, b"", transcript, HOSTILE)
    pages = [
        preview_html(hostile, 3),
        preview_html(replace(hostile, url=None), 0),
        added_html(Added((entry_of(transcript),), differs=True)),
        added_html(Added((), twin=entry_of(transcript))),
        added_html(Added((), problems=(HOSTILE,))),
        refused_html(HOSTILE, QABotError(HOSTILE)),
        not_added_html(QABotError(HOSTILE)),
    ]
    for page in map(Reader, pages):
        assert page.tags() <= OUR_TAGS
        names = [name for _, attributes, _ in page.elements for name in attributes]
        assert not [name for name in names if name.startswith("on")]


def test_a_preview_tells_what_was_understood() -> None:
    seed = Draft(SEED.name, b"", parse_transcript(SEED.read_text(encoding="utf-8")))
    page = Reader(preview_html(seed, len(cut_passages(seed.transcript))))
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["版式"] == "标签独占一行 45 处"
    assert "王毅 外交部部长（官员）" in facts["发言人"]
    assert page.texts("p", "qa-counts") == ["45 段发言 · 21 组问答 · 1 段主动发言 · 51 段可引用的原话"]
    assert page.attributes("meter")[0]["value"] == "1.000"
    first = page.texts("li")[0]
    assert first.startswith("新华社记者外长您好。我们知道今年5月份中国将举办")
    assert "王毅" in first
    assert page.texts("p", "qa-derived") == ["……另有 17 组问答"]


def test_where_nobody_speaks_is_told_and_what_to_check_too() -> None:
    page = Reader(preview_html(draft("只是一段文字，没有人说话。"), 0))
    assert page.texts("p", "qa-notice-reason") == ["没有认出官员的发言，不能加入。"]
    assert page.texts("li") == ["第 1 行“只是一段文字，没有人说话。”：没有认出任何发言人的标签"]


def test_the_folders_of_the_server_are_nobodys_business() -> None:
    said = refused_html("文件", QABotError("/home/me/secret/a b.txt: can't be read"))
    assert "secret" not in said
    added = added_html(Added((), problems=("C:\\Users\\me\\b.txt: damaged",)))
    assert "Users" not in added


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the header's line date", "文件头写明：date"),
        ("stated in the text: 3月8日; no year given", "正文提到：3月8日；没有写年份"),
        ("larger than 32 MiB; split it, or save its text", "大于 32 MiB；请拆分，或只保存文字"),
        (
            "http://10.0.0.1/: 10.0.0.1 is no public address, and is not fetched from",
            "10.0.0.1 不是公网地址，不去读取",
        ),
        ("something else", "something else"),
    ],
)
def test_what_the_reader_says_is_said_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_every_layout_has_a_chinese_name() -> None:
    from qa_bot.layouts import LAYOUTS

    assert [name for name in LAYOUTS if layout_word(name) == name] == []
    assert layout_word("unheard-of") == "unheard-of"
