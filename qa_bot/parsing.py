"""Understand a document, and give its text back: `parse_document` and the inverse `render`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from qa_bot.dates import SESSION
from qa_bot.describing import describe, title_of
from qa_bot.errors import TranscriptError
from qa_bot.furniture import closing_line, is_note
from qa_bot.header import header_fields, header_key, listed_people
from qa_bot.introductions import hosts_of
from qa_bot.layouts import find_labels
from qa_bot.layouts.label import Label, Sign
from qa_bot.page import Line, Page, page_of
from qa_bot.pairing import pair
from qa_bot.reading import lay_out
from qa_bot.records import Document, Exchange, LayoutUse, Remark, Role, Span, Speaker, Transcript, Turn
from qa_bot.roles import cast
from qa_bot.settling import Settled, Verdict, settle
from qa_bot.text import line_starts

_EXCERPT_CHARS: Final = 30
#: Who holds a session is told at the beginning of a paragraph.
_MAX_TOLD_CHARS: Final = 600
_MAX_HEADLINE_CHARS: Final = 40
#: 专访桂南星：让游客“再回来”: whom a newspaper spoke with, and a word of theirs.
_INTERVIEW: Final = re.compile(r"(?:独家|獨家)?(?:专访|專訪|对话|對話|访谈|訪談)(?![者人])")


def parse_transcript(text: str, id: str = "transcript") -> Transcript:
    """Understand the text of one published event; see `parse_document`."""
    return parse_document(Document(text), id)


def parse_document(document: Document, id: str = "transcript") -> Transcript:
    """Understand what a file or page holds: who speaks, who asks what, and who answers.

    The text is kept as it is. The ways of writing labels are recognised, see `qa_bot.layouts`;
    what may be a label and can't be read makes the words behind it nobody's and is reported in
    `remarks`. Raises `TranscriptError` when the text holds nothing but blanks.
    """
    page = page_of(document)
    if not page.lines:
        raise TranscriptError("the transcript is empty: it holds nothing but blanks")
    untold = {line.span.start for line in page.lines if is_note(page.words(line))}
    untold |= {line.span.start for line in page.lines[:1] if _is_headline(page.words(line))}
    labels = [label for label in find_labels(page) if label.span.start not in untold]
    first = _first_label(page, settle(page, labels, (), document.speakers))
    header = tuple(header_fields(page, first))
    people = _introduced(page, page.lines[:first])
    in_header = frozenset(field.span for field in header)
    body = [
        label for label in labels if page.lines[page.line_of(label.span.start)].span not in in_header
    ]
    settled = _with_host(settle(page, body, people, document.speakers), people)
    closing = closing_line(page, [page.line_of(each.label.span.start) for each in settled])
    laid = lay_out(page, settled, closing, in_header, _opening_speaker(settled, people))
    spoken = laid.turns[0].label.start if laid.turns else len(page.text)
    above = [span for span in laid.narration if span.end <= spoken]
    title = title_of(page, header, above)
    turns, castings = cast(page.text, title.value if title else "", laid.turns)
    exchanges, statements = pair(page.text, turns)
    narration = (*laid.narration, *([document.front_matter] if document.front_matter else []))
    transcript = Transcript(
        id=id,
        text=page.text,
        header=header,
        narration=tuple(sorted(narration)),
        turns=turns,
        exchanges=exchanges,
        statements=statements,
        metadata=describe(page, header, above, document.stated),
        layouts=_layouts(settled),
        cast=castings,
        certainty=_certainty(settled, turns, exchanges),
        remarks=tuple(_remarks(page, body, settled, turns)),
    )
    return replace(transcript, marks=tuple(_rest(transcript)))


def render(transcript: Transcript) -> str:
    """Put all pieces back together: `render(parse_transcript(text)) == text`.

    Only blanks may stand between them; raises `TranscriptError` when anything else would be lost.
    """
    text = transcript.text
    rendered, position = [], 0
    for piece in [*_pieces(transcript), Span(len(text), len(text))]:
        gap = text[position : piece.start]
        if piece.start < position or gap.strip():
            where = bisect_right(line_starts(text), min(position, piece.start))
            raise TranscriptError(f"line {where}: {gap.strip()[:_EXCERPT_CHARS]!r} belongs to no turn")
        rendered += [gap, piece.of(text)]
        position = piece.end
    return "".join(rendered)


def _pieces(transcript: Transcript) -> list[Span]:
    return sorted(
        [
            *(field.span for field in transcript.header),
            *transcript.narration,
            *transcript.marks,
            *(turn.label for turn in transcript.turns),
            *(turn.words for turn in transcript.turns),
        ]
    )


def _rest(transcript: Transcript) -> Iterator[Span]:
    """Yield what is neither words, label, header nor narration: the layout's own signs."""
    text, position = transcript.text, 0
    for piece in [*_pieces(transcript), Span(len(text), len(text))]:
        gap = text[position : piece.start]
        if gap.strip():
            start = position + len(gap) - len(gap.lstrip())
            yield Span(start, start + len(gap.strip()))
        position = max(position, piece.end)


def _is_headline(words: str) -> bool:
    """Tell whether the first line heads the page, be it with a name and a colon."""
    ends = words.endswith(tuple("。！？；：:.!?…”」）)"))
    return len(words) <= _MAX_HEADLINE_CHARS and (not ends or bool(_INTERVIEW.match(words)))


def _first_label(page: Page, draft: Sequence[Settled]) -> int:
    """Return the number of the line with the first label that is no line of the header."""
    for each in draft:
        number = page.line_of(each.label.span.start)
        said = page.words(page.lines[number])
        if each.verdict is not Verdict.DOUBT and header_key(said) is None:
            return number
    return len(page.lines)


def _introduced(page: Page, opening: Sequence[Line]) -> list[Speaker]:
    """Return the people whom the header lists, and the hosts whom the title and the like name."""
    told = [page.words(line)[:_MAX_TOLD_CHARS] for line in opening]
    hosts = [
        host
        for number, words in enumerate(told)
        if number == 0 or SESSION.search(words)
        for host in hosts_of(words)
    ]
    found = [*listed_people(page, opening), *hosts]
    # 举行 and 主持 may be said of one person: who answers counts.
    found = sorted(found, key=lambda person: person.role is Role.OFFICIAL)
    names = {
        person.name
        for person in found
        if person.role is Role.OFFICIAL and not (person.name or "").isascii()
    }
    # 外交部发言人耿爽主持例行记者会: who holds a conference alone answers there too.
    return found if names else [replace(person, role=Role.OFFICIAL) for person in hosts] or found


def _with_host(settled: Sequence[Settled], people: Iterable[Speaker]) -> list[Settled]:
    """Name the unnamed official who answers, where the header or the title name one and no other."""
    hosts = {person.name: person for person in people if _answers(person)}
    if len(hosts) != 1:
        return list(settled)
    host = replace(next(iter(hosts.values())), role=Role.OFFICIAL)
    return [
        replace(each, speaker=host) if each.speaker and _may_be(host, each.speaker) else each
        for each in settled
    ]


def _answers(person: Speaker) -> bool:
    """Tell whether somebody of the header may answer; a spokesperson may, who moderates as well."""
    return person.role is Role.OFFICIAL or bool(re.search("[发發]言人", person.office or ""))


def _may_be(host: Speaker, speaker: Speaker) -> bool:
    unnamed = speaker.role is Role.OFFICIAL and speaker.name is None
    return unnamed and (speaker.office is None or speaker.office in (host.office or ""))


def _opening_speaker(settled: Sequence[Settled], people: Iterable[Speaker]) -> Speaker | None:
    """Return whose the unlabelled words before the first label are: the one official's, or the host's.

    Nobody's where the first label is a moderator's, or names an official whom nothing introduces.
    """
    hosts = {person.name for person in people}
    speakers = [each.speaker for each in settled if each.speaker]
    officials = list(dict.fromkeys(each for each in speakers if each.role is Role.OFFICIAL))
    if not speakers or speakers[0].role not in (Role.JOURNALIST, Role.OFFICIAL):
        return None
    if not officials:
        named = [person for person in people if person.role is Role.OFFICIAL]
        return named[0] if len(hosts) == 1 and named else None
    host = officials[0].name in hosts if officials[0].name else False
    alone = len(officials) == 1 and speakers[0].role is Role.JOURNALIST
    return officials[0] if host or alone else None


def _layouts(settled: Iterable[Settled]) -> tuple[LayoutUse, ...]:
    counts = Counter(each.label.layout for each in settled if each.verdict is Verdict.SPEAKER)
    return tuple(LayoutUse(layout, count) for layout, count in counts.most_common())


def _certainty(
    settled: Sequence[Settled], turns: Sequence[Turn], exchanges: Sequence[Exchange]
) -> float:
    """Return the product of three shares: words of known speakers, labels read, questions answered."""
    spoken = sum(len(turn.words) for turn in turns)
    known = sum(len(turn.words) for turn in turns if turn.role is not Role.UNKNOWN)
    read = sum(each.verdict is not Verdict.DOUBT for each in settled)
    asked = sum(turn.role is Role.JOURNALIST and len(turn.label) > 0 for turn in turns)
    answered = min(asked, sum(len(exchange.questions) for exchange in exchanges))
    if not spoken:
        return 0.0
    return round(known / spoken * read / len(settled) * (answered / asked if asked else 1.0), 3)


def _remarks(
    page: Page, labels: Iterable[Label], settled: Sequence[Settled], turns: Sequence[Turn]
) -> Iterator[Remark]:
    doubt = "may be a speaker's label and can't be read; what follows is nobody's"
    found = [(each.label.span, doubt) for each in settled if each.verdict is Verdict.DOUBT]
    nobody = "looks like a label but names nobody known; kept with the words around it"
    known = {each.label.span for each in settled}
    alone = [label for label in labels if label.sign is Sign.ALONE and label.span not in known]
    found += [(label.span, nobody) for label in alone]
    empty = "a label with no words below it"
    found += [(turn.label, empty) for turn in turns if not len(turn.words)]
    unknown = "nobody says what this speaker is; not cited"
    seen_speakers: set[Speaker] = set()
    for turn in turns:
        if turn.role is Role.UNKNOWN and turn.speaker not in seen_speakers:
            found.append((turn.label, unknown))
            seen_speakers.add(turn.speaker)
    starts = line_starts(page.text)
    for span, message in sorted(found):
        yield Remark(bisect_right(starts, span.start), span.of(page.text)[:_EXCERPT_CHARS], message)
    if not turns:
        yield Remark(1, page.text.strip()[:_EXCERPT_CHARS], "no speaker's label was recognised")
