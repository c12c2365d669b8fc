"""What a user does with a collection: add, remove, list, filter, follow links."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from qa_bot import parsing
from qa_bot.adapters import web_fetch
from qa_bot.adapters.web_fetch import Fetched
from qa_bot.bot import QABot, build_index
from qa_bot.errors import FetchError, QABotError, SeedsError, TranscriptError
from qa_bot.filters import Filters
from qa_bot.records import Document, Duplicate, Fact, Transcript
from qa_bot.results import Outcome
from qa_bot.storage import open_current
from tests.conftest import SEED

WANG = "2017-03-08-wangyi"
MARS = """title: 航天局就火星探测答问
date: 2020-07-23
content:
科技日报记者：
请介绍火星探测合作。
国家航天局发言人许洪亮：
火星探测是全人类的事业，中方愿同各国分享火星土壤样本的研究成果。
新华社记者：
何时发射？
许洪亮：
探测器将在今年夏天择机发射，我们对此充满信心。
"""
SOIL = "火星土壤样本怎么分享？"
THAAD = "中方怎么看萨德问题？"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    shutil.copy(SEED, tmp_path / "seeds")
    (tmp_path / "mars.txt").write_text(MARS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def opened(home: Path) -> QABot:
    return QABot.open(home / "index", home / "seeds")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> QABot:
    home = tmp_path_factory.mktemp("both")
    (home / "mars.txt").write_text(MARS, encoding="utf-8")
    shutil.copy(SEED, home)
    return QABot.open(home / "index", home)


def ids(bot: QABot) -> list[str]:
    return [entry.id for entry in bot.catalogue()]


def reopened(home: Path) -> QABot:
    return QABot.open(home / "index", home / "seeds")


def test_a_file_is_added_and_watched_from_then_on(home: Path, opened: QABot) -> None:
    grown = opened.add([home / "mars.txt"])
    assert (grown.report.added, grown.report.embedded, grown.report.unchanged) == (("mars",), 2, 1)
    assert grown.ask(SOIL).citations[0].passage_id == "mars#1.1"
    assert ids(opened) == [WANG], "a bot never changes"
    assert ids(reopened(home)) == [WANG, "mars"]
    (home / "mars.txt").write_text(MARS.replace("土壤", "岩石"), encoding="utf-8")
    changed = reopened(home)
    assert (changed.report.changed, changed.report.embedded) == (("mars",), 2)
    assert "岩石" in changed.passages[-2].text
    (home / "mars.txt").unlink()
    gone = reopened(home)
    assert (gone.report.removed, gone.report.embedded, ids(gone)) == (("mars",), 0, [WANG])


def test_a_folder_is_added_with_its_sub_folders(home: Path, opened: QABot) -> None:
    (home / "more" / "2020").mkdir(parents=True)
    shutil.move(home / "mars.txt", home / "more" / "2020" / "mars.txt")
    grown = opened.add([home / "more"])
    assert ids(grown) == [WANG, "2020-mars"]
    assert grown.catalogue()[1].place == str((home / "more" / "2020" / "mars.txt").resolve())
    assert grown.update().report.embedded == 0


def test_what_does_not_exist_can_t_be_added(opened: QABot) -> None:
    with pytest.raises(QABotError, match=r"gone\.txt: no such file or folder"):
        opened.add(["gone.txt"])


def test_a_removed_transcript_stays_out_until_it_is_added_again(home: Path, opened: QABot) -> None:
    shutil.copy(home / "mars.txt", home / "seeds")
    grown = opened.update()
    smaller = grown.remove([WANG])
    assert (smaller.report.removed, ids(smaller)) == ((WANG,), ["mars"])
    assert smaller.ask(THAAD).abstained
    assert (home / "seeds" / SEED.name).exists(), "no original is deleted"
    assert ids(reopened(home)) == ["mars"]
    assert ids(build_index(home / "seeds", home / "index")) == ["mars"]
    back = reopened(home).add([home / "seeds" / SEED.name])
    assert (back.report.added, ids(back)) == ((WANG,), [WANG, "mars"])
    with pytest.raises(QABotError, match="no transcript 'nobody' in this collection"):
        back.remove(["nobody"])


def test_an_empty_collection_answers_nothing(home: Path, opened: QABot) -> None:
    empty = opened.remove([WANG])
    assert (empty.catalogue(), empty.transcripts, empty.passages, empty.search("萨德")) == (
        (),
        (),
        (),
        (),
    )
    assert empty.ask(THAAD).outcome is Outcome.NOT_FOUND
    assert reopened(home).catalogue() == ()


def test_an_upload_is_kept_beside_the_index_whatever_is_rebuilt(home: Path, opened: QABot) -> None:
    grown = opened.upload("火星 探测.txt", MARS.encode())
    assert ids(grown) == [WANG, "火星-探测"]
    rebuilt = build_index(home / "seeds", home / "index")
    assert ids(rebuilt) == [WANG, "火星-探测"]
    assert rebuilt.report.embedded == len(rebuilt.passages)
    assert (home / "index" / "added" / "火星-探测.txt").read_text(encoding="utf-8") == MARS
    assert ids(rebuilt.remove(["火星-探测"]).upload("火星 探测.txt", MARS.encode())) == [
        WANG,
        "火星-探测",
    ]


def test_an_address_is_added_and_what_fails_is_told(
    home: Path, opened: QABot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(url: str, *, allow_private: bool = False) -> Fetched:
        if "bad" in url:
            raise FetchError(f"{url}: not found (404)")
        return Fetched(MARS.encode(), "text/plain; charset=utf-8", url, "mars.txt")

    monkeypatch.setattr(web_fetch, "fetch", fetch)
    grown = opened.add(["https://example.org/mars", "https://example.org/bad"])
    assert ids(grown) == [WANG, "航天局就火星探测答问"]
    assert grown.report.problems == ("https://example.org/bad: not found (404)",)
    assert grown.ask(SOIL).citations[0].url == "https://example.org/mars"
    with pytest.raises(QABotError, match="404"):
        opened.add(["https://example.org/bad"])


def test_one_text_in_two_files_is_indexed_once(home: Path, opened: QABot) -> None:
    (home / "copy.txt").write_bytes(SEED.read_bytes().replace(b"\n", b"\r\n"))
    grown = opened.add([home / "copy.txt"])
    assert ids(grown) == [WANG]
    assert grown.report.duplicates == (Duplicate(str((home / "copy.txt").resolve()), WANG),)
    assert grown.report.embedded == 0
    (home / "seeds" / SEED.name).unlink()
    assert ids(reopened(home)) == ["copy"]


def test_two_reports_of_one_event_are_both_kept_and_told_of(home: Path, opened: QABot) -> None:
    lines = SEED.read_text(encoding="utf-8").splitlines()
    (home / "excerpt.txt").write_text("\n".join(["date: 2017-03-08", *lines[2:30]]), encoding="utf-8")
    grown = opened.add([home / "excerpt.txt"])
    assert ids(grown) == [WANG, "excerpt"]
    [same] = grown.report.same_events
    assert {same.id, same.other} == {WANG, "excerpt"}
    assert same.share > 0.9
    assert grown.update().report.same_events == ()


def test_a_folder_out_of_reach_keeps_its_transcripts(home: Path, opened: QABot) -> None:
    (home / "more").mkdir()
    shutil.move(home / "mars.txt", home / "more" / "mars.txt")
    opened.add([home / "more"])
    (home / "more").rename(home / "away")
    kept = reopened(home)
    assert ids(kept) == [WANG, "mars"]
    assert "more: out of reach; what it held is kept" in kept.report.problems[0]
    (home / "away").rename(home / "more")
    assert (reopened(home).report.problems, reopened(home).report.embedded) == ((), 0)


def test_a_folder_out_of_reach_is_left_out_of_a_new_build_until_it_is_back(
    home: Path, opened: QABot
) -> None:
    (home / "more").mkdir()
    shutil.move(home / "mars.txt", home / "more" / "mars.txt")
    opened.add([home / "more"])
    (home / "more").rename(home / "away")
    rebuilt = build_index(home / "seeds", home / "index")
    assert ids(rebuilt) == [WANG]
    assert "more: out of reach; what it held is left out until it is back" in rebuilt.report.problems[0]
    (home / "away").rename(home / "more")
    assert ids(reopened(home)) == [WANG, "mars"]


def test_a_sub_folder_that_can_t_be_looked_into_keeps_its_transcripts(
    home: Path, opened: QABot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "seeds" / "sub").mkdir()
    shutil.move(home / "mars.txt", home / "seeds" / "sub" / "mars.txt")
    grown = opened.update()
    scandir = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", closed)
        for kept in (reopened(home), grown.update()):
            assert ids(kept) == [WANG, "sub-mars"]
            assert "sub: out of reach; what it held is kept" in kept.report.problems[0]
    assert reopened(home).report.problems == ()


def test_a_deleted_sub_folder_is_gone_though_it_was_added_itself(home: Path, opened: QABot) -> None:
    sub = home / "more" / "sub"
    sub.mkdir(parents=True)
    shutil.move(home / "mars.txt", sub / "mars.txt")
    assert ids(opened.add([home / "more", sub])) == [WANG, "sub-mars"]
    shutil.rmtree(sub)
    gone = reopened(home)
    assert (ids(gone), gone.report.problems) == ([WANG], ())
    manifest = open_current(home / "index")
    assert manifest is not None
    assert manifest.origin.places == ("../more",)


def test_a_disk_beside_a_watched_folder_is_not_below_it(home: Path, opened: QABot) -> None:
    deep = home / "deep"
    (deep / "seeds").mkdir(parents=True)
    shutil.copy(SEED, deep / "seeds")
    (home / "disk").mkdir()
    shutil.move(home / "mars.txt", home / "disk" / "mars.txt")
    QABot.open(deep / "index", deep / "seeds").add([deep, home / "disk"])
    (home / "disk").rename(home / "away")
    kept = QABot.open(deep / "index")
    assert "mars" in ids(kept)
    assert "disk: out of reach; what it held is kept" in kept.report.problems[0]


def test_a_single_file_is_gone_when_its_folder_is_there_and_else_out_of_reach(
    home: Path, opened: QABot
) -> None:
    (home / "disk").mkdir()
    shutil.move(home / "mars.txt", home / "disk" / "mars.txt")
    opened.add([home / "disk" / "mars.txt"])
    (home / "disk").rename(home / "away")
    kept = reopened(home)
    assert ids(kept) == [WANG, "mars"]
    assert "mars.txt: out of reach; what it held is kept" in kept.report.problems[0]
    (home / "away").rename(home / "disk")
    assert (ids(reopened(home)), reopened(home).report.problems) == ([WANG, "mars"], ())
    (home / "disk" / "mars.txt").unlink()
    assert (ids(reopened(home)), reopened(home).report.problems) == ([WANG], ())


def test_a_folder_that_is_gone_is_forgotten_when_all_it_held_is_removed(
    home: Path, opened: QABot
) -> None:
    (home / "more").mkdir()
    shutil.move(home / "mars.txt", home / "more" / "mars.txt")
    opened.add([home / "more"])
    shutil.rmtree(home / "more")
    left = reopened(home).remove(["mars"])
    assert (ids(left), left.report.problems) == ([WANG], ())
    assert reopened(home).report.problems == ()


def test_a_duplicate_is_indexed_when_it_is_back_and_its_twin_is_gone(home: Path, opened: QABot) -> None:
    (home / "more").mkdir()
    shutil.copy(home / "mars.txt", home / "more" / "copy.txt")
    shutil.copy(home / "mars.txt", home / "seeds")
    assert ids(opened.add([home / "more"])) == [WANG, "mars"]
    (home / "more").rename(home / "away")
    (home / "seeds" / "mars.txt").unlink()
    assert ids(reopened(home)) == [WANG]
    (home / "away").rename(home / "more")
    assert ids(reopened(home)) == [WANG, "copy"]


def test_an_upload_is_never_lost_for_its_name(home: Path, opened: QABot) -> None:
    assert ids(opened.upload("README.txt", MARS.encode())) == [WANG, "README"]
    with pytest.raises(TranscriptError, match=r"speech\.doc: .* save it as one of \.txt"):
        opened.upload("speech.doc", MARS.encode())


def test_what_failed_of_the_named_places_is_told_apart(home: Path, opened: QABot) -> None:
    (home / "seeds" / "bad.txt").write_bytes(b"\x00\x01")
    (home / "worse.txt").write_bytes(b"\x00\x01")
    grown = opened.add([home / "mars.txt"])
    assert (grown.failed, len(grown.report.problems)) == ((), 1)
    [problem] = grown.add([home / "mars.txt", home / "worse.txt"]).failed
    assert "worse.txt: not a text file" in problem
    assert reopened(home).failed == ()


def test_no_file_or_sidecar_stops_the_others(
    home: Path, opened: QABot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "seeds" / "mars.txt").write_text(MARS, encoding="utf-8")
    (home / "seeds" / "mars.meta.json").write_text('{"title": "\\ud83d x"}', encoding="utf-8")
    (home / "seeds" / "half.txt").write_text(MARS.replace("火星", "月球"), encoding="utf-8")
    (home / "seeds" / "wrong.txt").write_text(MARS.replace("火星", "木星"), encoding="utf-8")
    if os.name == "posix":
        (home / os.fsdecode(b"seeds/\xff.txt")).write_bytes(b"\x00")
    parse = parsing.parse_document

    def stumble(document: Document, id: str) -> Transcript:
        if "木星" in document.text:
            raise ZeroDivisionError
        title = Fact("\ud83d", "a test") if "月球" in document.text else document.stated.title
        return parse(replace(document, stated=replace(document.stated, title=title)), id)

    monkeypatch.setattr(parsing, "parse_document", stumble)
    kept = reopened(home)
    assert ids(kept) == [WANG]
    problems = "\n".join(kept.report.problems)
    assert "mars.meta.json: title holds half a character" in problems
    assert "half.txt: it holds half a character" in problems
    assert "wrong.txt: could not be read: an error in qa_bot" in problems
    assert reopened(home).report.problems == kept.report.problems


def test_bots_that_add_at_once_lose_nothing(home: Path, opened: QABot) -> None:
    for number in range(6):
        (home / f"m{number}.txt").write_text(MARS + f"第{number}次。\n", encoding="utf-8")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda number: opened.add([home / f"m{number}.txt"]), range(6)))
    assert ids(reopened(home)) == [WANG, *(f"m{number}" for number in range(6))]


def test_an_open_bot_outlives_what_others_do_to_the_index(home: Path, opened: QABot) -> None:
    grown = opened.add([home / "mars.txt"])
    for _ in range(3):
        build_index(home / "seeds", home / "index")
    assert opened.ask(THAAD).citations[0].passage_id.startswith(f"{WANG}#9.")
    assert grown.ask(SOIL).citations[0].passage_id == "mars#1.1"
    assert ids(grown.remove(["mars"])) == [WANG]


def test_a_file_damaged_later_keeps_what_it_held(home: Path, opened: QABot) -> None:
    opened.add([home / "mars.txt"])
    (home / "mars.txt").write_bytes(b"\x00\x01")
    kept = reopened(home)
    assert ids(kept) == [WANG, "mars"]
    assert "what it held before is kept" in kept.report.problems[0]
    assert reopened(home).report.problems == kept.report.problems


def test_an_index_of_the_first_format_is_built_anew(home: Path, opened: QABot) -> None:
    [manifest] = (home / "index").rglob("manifest.json")
    row = {"format": 1, "identity": {}, "origin": {"seeds": "../seeds", "model": None}, "files": {}}
    manifest.write_text(json.dumps(row), encoding="utf-8")
    assert ids(QABot.open(home / "index")) == [WANG]


def test_other_seeds_take_the_place_of_the_first_and_added_files_stay(
    home: Path, opened: QABot
) -> None:
    opened.add([home / "mars.txt"])
    (home / "other").mkdir()
    (home / "other" / "moon.txt").write_text(MARS.replace("火星", "月球"), encoding="utf-8")
    assert ids(QABot.open(home / "index", home / "other")) == ["mars", "moon"]
    with pytest.raises(SeedsError, match="no such folder"):
        QABot.open(home / "index", home / "nowhere")


def test_links_lead_to_transcripts_exchanges_and_passages(both: QABot) -> None:
    assert [passage.id for passage in both.find("mars")] == ["mars#1.1", "mars#2.1"]
    assert [passage.id for passage in both.find(f"{WANG}#9")] == [f"{WANG}#9.1", f"{WANG}#9.2"]
    assert [passage.id for passage in both.find(f"{WANG}#0.1")] == [f"{WANG}#0.1"]
    for nothing in ("nobody", "mars#3", "mars#1.2", "mars#x", "#", ""):
        assert both.find(nothing) == ()
    assert both.passage("mars") is None
    transcript = both.transcript("mars")
    assert transcript is not None
    assert transcript.text == MARS
    assert both.transcript("nobody") is None


def test_the_catalogue_tells_of_each_transcript(both: QABot) -> None:
    wang, mars = both.catalogue()
    assert (wang.id, wang.date, wang.exchanges, wang.passages) == (WANG, "2017-03-08", 21, 51)
    assert (mars.title, mars.date) == ("航天局就火星探测答问", "2020-07-23")
    assert mars.outlets == ("科技日报", "新华社")
    assert [speaker.name for speaker in mars.speakers if speaker.name] == ["许洪亮"]


@pytest.mark.parametrize(
    ("filters", "transcripts"),
    [
        (Filters(), {WANG, "mars"}),
        (Filters(transcript=("mars",)), {"mars"}),
        (Filters(speaker=("王毅",)), {WANG}),
        (Filters(speaker=("航天局",)), {"mars"}),
        (Filters(speaker=("王毅", "许洪亮")), {WANG, "mars"}),
        (Filters(since="2018"), {"mars"}),
        (Filters(until="2017-03"), {WANG}),
        (Filters(event=("火星",)), {"mars"}),
        (Filters(event=("火星",), speaker=("王毅",)), set()),
    ],
)
def test_filters_bind_every_hit(both: QABot, filters: Filters, transcripts: set[str]) -> None:
    hits = both.search("发射 合作 关系 问题 中方", 100, filters)
    assert {hit.passage.transcript.id for hit in hits} == transcripts
    assert both.count(filters) == sum(e.passages for e in both.catalogue() if e.id in transcripts)


def test_the_outlet_is_that_of_the_question_answered(both: QABot) -> None:
    filters = Filters(outlet=("新华社",))
    hits = both.search("发射 合作 关系 问题 中方", 100, filters)
    assert {hit.passage.transcript.id for hit in hits} == {WANG, "mars"}
    outlets = {hit.passage.exchange.question.speaker.outlet for hit in hits if hit.passage.exchange}
    assert outlets == {"新华社"}


def test_a_filter_changes_no_score(both: QABot) -> None:
    every = {hit.passage.id: hit.score for hit in both.search(THAAD, 100)}
    some = {hit.passage.id: hit.score for hit in both.search(THAAD, 100, Filters(speaker=("王毅",)))}
    assert some.items() <= every.items()
    assert some


def test_three_kinds_of_silence_are_told_apart(both: QABot) -> None:
    assert both.ask(SOIL).outcome is Outcome.ANSWERED
    assert both.ask(" ").outcome is Outcome.NOT_ASKED
    assert both.ask("你好", filters=Filters(since="2030")).outcome is Outcome.NOT_ASKED
    nothing = both.ask(SOIL, filters=Filters(since="2030"))
    assert (nothing.outcome, nothing.reason) == (
        Outcome.FILTERED_OUT,
        "没有符合筛选条件的记录，请放宽条件后再问。",
    )
    hidden = both.ask(SOIL, filters=Filters(speaker=("王毅",)))
    assert hidden.outcome is Outcome.NOT_FOUND
    assert hidden.reason == "在这些记录中没有找到相关回答。筛选范围之外有相关内容，可放宽条件后再问。"
    nowhere = both.ask("红烧肉怎么做才不腻？", filters=Filters(speaker=("王毅",)))
    assert (nowhere.outcome, nowhere.reason) == (Outcome.NOT_FOUND, "在这些记录中没有找到相关回答。")
    english = both.ask("Who won the cup?", filters=Filters(since="2030"))
    assert english.reason == "No transcript passes the filters; please widen them."
