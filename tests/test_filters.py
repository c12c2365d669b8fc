from __future__ import annotations

import pytest

from qa_bot.adapters.opencc_folding import fold
from qa_bot.errors import QABotError
from qa_bot.filters import Filters, admits_asker, admits_speaker, admits_transcript
from qa_bot.records import CatalogueEntry, Role, Speaker


def entry(
    date: str | None = None, event: str | None = None, title: str | None = None
) -> CatalogueEntry:
    return CatalogueEntry("t", title, event, date, None, None, (), 0, 0, 0)


def test_nothing_asked_is_no_filter() -> None:
    assert not Filters()
    assert Filters(since="2017")
    assert Filters(speaker=("王毅",))


@pytest.mark.parametrize(
    ("date", "since", "until", "passes"),
    [
        ("2017-03-08", "2017-03-08", "2017-03-08", True),
        ("2017-03-08", "2017-03", None, True),
        ("2017-03-08", None, "2017", True),
        ("2017-03-08", "2017-03-09", None, False),
        ("2017-03-08", None, "2017-03-07", False),
        ("2017-03-08", "2018", None, False),
        ("2017-03-08", "2016-12-31", "2017-04", True),
        ("2017-03", "2017-03", "2017-03", True),
        ("2017-03", "2017-02-15", None, True),
        # 2017 may be before March or after it: what can't be told is left out.
        ("2017", "2017-03", None, False),
        ("2017", None, "2017-03", False),
        ("2017", "2016-05", "2018-01", True),
        ("2017-XX-08", "2017", "2017", True),
        ("2017-03-08?", "2017-03-08", None, True),
        ("XXXX-03-08", "1900", None, False),
        (None, "1900", None, False),
        (None, None, "2100", False),
        (None, None, None, True),
    ],
)
def test_dates_are_compared_as_far_as_they_are_known(
    date: str | None, since: str | None, until: str | None, passes: bool
) -> None:
    assert admits_transcript(Filters(since=since, until=until), entry(date), fold) is passes


@pytest.mark.parametrize(
    "date",
    ["", "17", "2017-3", "2017-13", "2017/03/08", "2017-03-32", "last year", "2017-02-31", "0000"],
)
def test_another_form_of_date_is_explained(date: str) -> None:
    with pytest.raises(QABotError, match=r"until: .* is no date; give YYYY, YYYY-MM or YYYY-MM-DD"):
        Filters(until=date)


def test_a_blank_filter_and_one_that_is_no_tuple_are_refused() -> None:
    with pytest.raises(QABotError, match="speaker: a filter must not be blank"):
        Filters(speaker=(" ",))
    with pytest.raises(TypeError, match="outlet must be a tuple of texts, not str"):
        Filters(outlet="路透社")  # type: ignore[arg-type]


def test_an_id_is_matched_whole_and_an_event_by_a_part_of_it_or_of_the_title() -> None:
    assert admits_transcript(Filters(transcript=("s", "t")), entry(), fold)
    assert not admits_transcript(Filters(transcript=("tt",)), entry(), fold)
    event = entry(event="十二届全国人大五次会议记者会", title="外交部就中國外交政策答问")
    assert admits_transcript(Filters(event=("五次会议",)), event, fold)
    assert admits_transcript(Filters(event=("没有", "中国外交")), event, fold)
    assert not admits_transcript(Filters(event=("四次会议",)), event, fold)
    assert not admits_transcript(Filters(event=("会议",)), entry(), fold)


def test_speakers_and_outlets_are_found_whatever_the_script_case_and_width() -> None:
    official = Speaker(Role.OFFICIAL, name="汪文斌", office="外交部發言人")
    asker = Speaker(Role.JOURNALIST, outlet="ＣＮＮ")
    assert admits_speaker(Filters(speaker=("汪文斌",)), official, fold)
    assert admits_speaker(Filters(speaker=("发言人",)), official, fold)
    assert not admits_speaker(Filters(speaker=("王毅",)), official, fold)
    assert admits_asker(Filters(outlet=("cnn",)), asker, fold)
    assert not admits_asker(Filters(outlet=("cnn",)), None, fold)
    assert admits_asker(Filters(), None, fold)


@pytest.mark.parametrize(
    "wanted", ["外交部发言人耿爽", "外交部发言人 耿爽", "外交部發言人　耿爽", "发言人耿爽", "耿爽"]
)
def test_a_speaker_is_found_by_office_and_name_together(wanted: str) -> None:
    filters = Filters(speaker=(wanted,))
    assert admits_speaker(filters, Speaker(Role.OFFICIAL, "耿爽", "外交部发言人"), fold)
    assert not admits_speaker(filters, Speaker(Role.OFFICIAL, "陆慷", "外交部发言人"), fold)
    assert not admits_speaker(filters, Speaker(Role.OFFICIAL, office="外交部发言人"), fold)


def test_an_english_office_and_name_may_have_any_blanks_between() -> None:
    biden = Speaker(Role.OFFICIAL, "BIDEN", "PRESIDENT")
    assert admits_speaker(Filters(speaker=("President  Biden",)), biden, fold)


def test_dates_may_be_in_full_width() -> None:
    filters = Filters(since="２０１７-０３", until="２０１７－０３－０８")
    assert (filters.since, filters.until) == ("2017-03", "2017-03-08")
    assert admits_transcript(filters, entry("2017-03-08"), fold)


def test_a_first_day_after_the_last_is_refused() -> None:
    for since, until in (("2018", "2016"), ("2017-06", "2017-03-31"), ("2017-03-09", "2017-03-08")):
        with pytest.raises(QABotError, match=f"since: {since} is later than until, {until}"):
            Filters(since=since, until=until)
    for since, until in (("2017", "2017-03"), ("2017-06", "2017"), ("2017-03-08", "2017-03-08")):
        assert Filters(since=since, until=until)
