"""Policy and templates: every rule is sound, every message exists in both languages and says all it must."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from jinja2 import UndefinedError
from pydantic import ValidationError

from services.notification.domain.facts import Particulars
from services.notification.domain.ledger import Send
from services.notification.domain.rules import Rule, Rules, rules
from services.notification.preview import listed, preview, samples
from services.notification.words import LANGUAGES, TEMPLATES, Pages, render, words
from shared.contracts.catalogue import BY_TYPE
from tests.unit.notification.samples import SAMPLES

# What this service says itself: of messages, desks, wishes, errands and contacts.
OWN = ("message", "desk", "preferences", "errand", "digest", "link", "broadcast", "contact")
SELF = tuple(f"mutasi.{name}." for name in OWN)
NAME = "Siti <script>alert(1)</script> & Rekan"
CASES = [(row, language) for row in rules().tell for language in LANGUAGES]
IDS = [f"{row.template}-{language}" for row, language in CASES]


def letter(row: Rule) -> Send:
    values = row.values_of(SAMPLES[row.event])
    page, day = row.page.format_map(values), row.appointment_of(values)
    return Send(message="m:1", person="p901", template=row.template, page=page, values=values, appointment=day)


def parts(row: Rule, language: str) -> tuple[str, str, str]:
    known = {"name": NAME, "email": "siti@example.test", "language": language, "zone": "WIT"}
    person = Particulars.model_validate(known)
    said = words(letter(row), person, {"code": "ABCDE-FGHIJ"}, Pages("https://portal.example.test/"))
    return said.subject, said.text, said.html


class Reader(HTMLParser):
    """What a reader of the HTML part meets: tags, links, words; fails on tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        found = dict(attrs)
        self.language = found.get("lang") or self.language
        if tag == "a":
            self.links.append(found["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data.split()


@pytest.mark.parametrize(("row", "language"), CASES, ids=IDS)
def test_every_message_has_all_it_must_say_in_both_parts(row: Rule, language: str) -> None:
    subject, text, html = parts(row, language)
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert reader.language == language
    assert "script" not in reader.open
    assert "<script" not in html, "a name never becomes markup"
    assert NAME in text
    link = f"https://portal.example.test/{letter(row).page}"
    assert reader.links == [link]
    assert link in text
    assert 10 < len(subject) < 70
    # The same words in both: the greeting, what happened, why, what next, by when, whom to ask.
    for block in ("what", "why", "next", "until", "object"):
        said = " ".join(block_words(row.template, language, block).split())
        if said and "{" not in said:
            assert said in " ".join(text.split()), block
            assert said in " ".join(reader.words), block
    numbered = row.to not in ("digest", "broadcast") and row.category != "contact"
    assert "c1" in text or not numbered, "whom to ask needs the number"
    for secret in ("rahasia", "RAHASIA", "MIN_STAF", "KURANG", "4321", "43,21", "43.21"):
        assert secret not in text + html + subject


@pytest.mark.parametrize(("row", "language"), CASES, ids=IDS)
def test_a_chat_gets_a_few_lines_and_the_link_and_no_reason(row: Rule, language: Literal["id", "en"]) -> None:
    chat = preview(row, language, "https://portal.example.test").chat
    assert "https://portal.example.test/" in chat.splitlines()[-1]
    assert len(chat) < 700
    assert "Siti" not in chat, "no name where others may look over a shoulder"
    assert "\n\n\n" not in chat
    assert "{" not in chat


OTHER = {"id": ("title_en", "text_en"), "en": ("title_id", "text_id")}
LINKS = {"link": "x", "off_link": "", "seen_link": "", "happened": "", "attached": ""}


def block_words(template: str, language: str, block: str) -> str:
    """The constant words of a block of a template's file; "" when the layout's own are used."""
    source = (TEMPLATES / f"{template}.{language}.jinja").read_text("utf-8")
    _, found, rest = source.partition("{% block " + block + " %}")
    return rest.partition("{% endblock %}")[0] if found else ""


@pytest.mark.parametrize(("row", "language"), CASES, ids=IDS)
def test_a_variable_that_nobody_gives_is_an_error_not_a_gap(row: Rule, language: str) -> None:
    values = {"name": "A", "language": language, "zone": "WIB", "code": "y", **LINKS, **letter(row).values}
    unseen = {"task", "decree", "paper", "until", "contact", "title_id", "title_en", *OTHER[language]}
    for missing in row.values.keys() - unseen:
        given = {name: said for name, said in values.items() if name != missing}
        with pytest.raises(UndefinedError, match=missing):
            render("text", row.template, given)


def test_languages_are_complete_and_no_file_is_left_over() -> None:
    wanted = {f"{row.template}.{language}.jinja" for row, language in CASES}
    layouts = {
        f"layout.{part}.{language}.jinja"
        for part in ("subject", "text", "html", "chat", "calendar")
        for language in LANGUAGES
    }
    assert {path.name for path in TEMPLATES.iterdir()} == wanted | layouts | {"layout.html.jinja"}


def test_times_are_told_in_the_readers_zone_and_days_in_words() -> None:
    values = {
        "name": "A",
        **LINKS,
        "case": "c1",
        "agency": "a1",
        "due": "2026-11-24T16:59:59Z",
    }
    wit = render("text", "task.queued", values | {"language": "id", "zone": "WIT"})
    wib = render("text", "task.queued", values | {"language": "en", "zone": "WIB"})
    assert "25 November 2026 pukul 01.59 WIT" in " ".join(wit.split())
    assert "24 November 2026, 23:59 WIB" in " ".join(wib.split())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"event": "mutasi.proposal.lost.v1"}, "no such event"),
        ({"legal": True}, "needs its basis"),
        ({"values": {"case": "file"}}, "has no file"),
        ({"deadline": "due"}, "due is no value"),
        ({"calendar": {"uid": "{case}", "day": "due"}}, "due is no value"),
        ({"calendar": {"uid": "{decree}", "cancel": True}}, "decree"),
        ({"attach": "decree"}, "decree is no value"),
        ({"who": "content.nobody"}, "has no content.nobody"),
        ({"to": "desk"}, "has no office"),
        ({"channel": "sms"}, "has no sms"),
        ({"sms": "yes"}, "extra"),
    ],
)
def test_a_wrong_rule_is_refused_at_start_with_its_reason(change: dict[str, Any], fault: str) -> None:
    good = {
        "event": "mutasi.proposal.submitted.v1",
        "valid_from": "2026-01-01",
        "to": "person",
        "who": "content.person",
        "template": "proposal.submitted",
        "category": "case",
        "urgency": "normal",
        "page": "cases/{case}",
        "values": {"case": "case", "post": "content.target.post"},
    }
    fallback = {"hours": 24, "basis": {"citation": "x", "certainty": "C"}}
    rest = {"rounds": 1, "attachment": {"largest": 1, "tries": 1}, "fallback": fallback}
    Rules.model_validate({**rest, "tell": [good]})
    with pytest.raises((ValidationError, KeyError), match=fault):
        Rules.model_validate({**rest, "tell": [good | change]})


def test_a_day_that_was_called_off_is_taken_out_of_the_calendar_under_the_same_id() -> None:
    event = SAMPLES["mutasi.inauguration.set.v1"]
    row = next(row for row in rules().tell if row.event == "mutasi.inauguration.set.v1")
    days = [row.appointment_of(row.values_of(one)) for one in (event, event.model_copy(update={"held_on": None}))]
    come, gone = (one for one in days if one is not None)
    assert come.uid == gone.uid == "d1.inauguration"
    assert (come.cancelled, come.day) == (False, event.model_dump()["held_on"])
    assert (gone.cancelled, gone.day) == (True, None)


def test_nobody_is_forgotten_by_oversight() -> None:
    """Every event that names a person is told or stands here with the reason why it is not."""
    silent = {
        "mutasi.proposal.completed.v1": "employee.moved says it",
        "mutasi.record.opened.v1": "who looked at their record, kept for whoever asks",
        "mutasi.paper.filed.v1": "proposal.adopted tells it, once it is a case",
        "mutasi.paper.withdrawn.v1": "proposal.withdrawn follows",
        "mutasi.proposal.not_adopted.v1": "on paper it is what it was; whoever brought the file sees why",
        "mutasi.employee.registered.v1": "an import, not news to the person",
        "mutasi.employee.updated.v1": "an import, not news to the person",
        "mutasi.employee.withdrawn.v1": "a file was taken back before anything stood on it",
        "mutasi.employee.forgotten.v1": "nobody is left to be told",
        "mutasi.employee.move_refused.v1": "decree.revoked and proposal.returned follow",
        "mutasi.employee.move_scheduled.v1": "decree.issued told the day",
        "mutasi.employee.move_ready.v1": "between the registry and itself, on the day of the move",
        "mutasi.group_move.noted.v1": "the same",
        "mutasi.document.filed.v1": "their own paper",
        "mutasi.correction.withdrawn.v1": "their own word",
        "mutasi.person.number_revealed.v1": "who looked at their number, kept for them to see",
        "mutasi.document.checked.v1": "the verifier said it; proposal.returned tells what is wrong",
        "mutasi.document.opened.v1": "who looked at a paper, kept for whoever asks",
        "mutasi.assignment.converted.v1": "proposal.announced tells it, with reason, benefit and training",
        "mutasi.assignment.reverted.v1": "the end of that case was told",
        "mutasi.assignment.debt_settled.v1": "their own paper, or handed in for them",
        "mutasi.replacement.awaited.v1": "proposal.refused told the reason; the offer is told when it comes",
        "mutasi.group.accepted.v1": "their own word; proposal.submitted follows for all",
        "mutasi.group.heard.v1": "it was said to their face; proposal.submitted follows for all",
        "mutasi.proposal.heard.v1": "the same, of their own case",
        "mutasi.ranking.entered.v1": "their own application; evaluation.ranked tells the place at the closing",
        "mutasi.ranking.accepted.v1": "their own word; proposal.submitted follows",
        "mutasi.ranking.declined.v1": "their own word, or the term that ranking.offered told",
        "mutasi.seat.awaited.v1": "proposal.refused told that all are taken; seat.offered is told when it comes",
        "mutasi.seat.accepted.v1": "their own word; proposal.submitted follows",
        "mutasi.seat.declined.v1": "their own word, or the term that seat.offered told",
        "mutasi.review.scheduled.v1": "employee.moved told the day; review.due asks when it is time",
        "mutasi.training.planned.v1": "decree.issued told the move; training.due reminds while there is time",
        "mutasi.training.completed.v1": "their own certificate, recorded",
        "mutasi.training.reassessed.v1": "the assessor told them",
        "mutasi.review.completed.v1": "both have said what they think; a shortfall is the agency's to follow up",
        "mutasi.post.occupancy_changed.v1": "about a post, not a case",
        "mutasi.decree.withheld.v1": "something is missing at an office, not at the person; decree.issued follows",
        "mutasi.decree.signature_asked.v1": "a step of the house: decree.issued told what matters",
        "mutasi.decree.signed.v1": "decree.issued told it; the link leads to the signed file",
        "mutasi.decree.signature_refused.v1": "for the office that issued, which sees it in the decree",
        "mutasi.decree.signed_paper_forgotten.v1": "nobody is left to tell",
        "mutasi.decree.signed_paper_erased.v1": "nobody is left to tell",
        "mutasi.court.recorded.v1": "the court tells the parties itself",
        "mutasi.case.opened.v1": "evaluation.completed said that it goes on",
        "mutasi.case.closed.v1": "the proposal told why",
        "mutasi.task.decided.v1": "its end is told: approved, refused or returned",
        "mutasi.plan.commented.v1": "the person said it",
        "mutasi.plan.circles_published.v1": "each group asks its members",
        "mutasi.plan.line_refused.v1": "about a move that comes to nothing; the planner sees it in the plan",
        "mutasi.office.assigned.v1": "about a post held, not a case",
        "mutasi.office.ended.v1": "about a post held, not a case",
        "mutasi.account.linked.v1": "the identity provider speaks of logins",
        "mutasi.person.particulars.v1": "an import, not news to the person",
        "mutasi.person.forgotten.v1": "nobody is left to tell: the address is gone",
    }
    told = {row.event for row in rules().tell}
    named = {type for type, event in BY_TYPE.items() if "person" in event.model_fields and not type.startswith(SELF)}
    assert told.isdisjoint(silent)
    assert named - told - set(silent) == set()


def test_the_codes_of_the_ledger_and_refusals_have_words() -> None:
    texts = yaml.safe_load((Path(str(TEMPLATES.parent)) / "texts.yaml").read_text("utf-8"))
    codes = {"MESSAGE_UNKNOWN", "NOT_RESENDABLE", "NOT_CANCELLABLE", "BAD_CURSOR"}
    codes |= {
        "NO_SUCH_PREFERENCE",
        "LEGAL_NOTICE",
        "BAD_TIME",
        "BAD_HOUR",
        "ERRAND_UNKNOWN",
        "NOT_YET_DONE",
        "PROOF_MISSING",
    }
    codes |= {"SUSPENDED", "SWITCHED_OFF", "FORGOTTEN", "UNDELIVERED", "CHANNEL_OFF"}
    codes |= {"NOT_VERIFIED", "BAD_CONTACT", "WRONG_CODE", "BAD_SIGNATURE", "BAD_HOOK"}
    codes |= {"BROADCAST_UNKNOWN", "BROADCAST_RELEASED", "AUDIENCE_CHANGED"}
    codes |= {"NO_ADDRESS", "BAD_ADDRESS", "BAD_TEMPLATE", "UNANSWERED", "AMBIGUOUS"}
    assert set(texts) == codes
    for text in texts.values():
        assert text["id"]
        assert text["en"]
        assert set(text["mend"]) == {"id", "en"}


@pytest.mark.parametrize(("row", "language"), CASES, ids=IDS)
def test_every_message_has_a_preview_with_samples(row: Rule, language: Literal["id", "en"]) -> None:
    shown = preview(row, language, "https://portal.example.test")
    for name, value in samples().items():
        unseen = ("task", "decree", "paper", "cause", "moved", "due", "until", "contact", *OTHER[language])
        if name in row.values and name not in unseen and not name.endswith("_on"):
            assert value in shown.subject + " ".join(shown.text.split())
    assert "None" not in shown.text


def test_no_row_has_broken_words_and_no_sample_is_left_over() -> None:
    assert {row.template: row.faults for row in listed() if row.faults} == {}
    assert all(set(row.versions) == set(LANGUAGES) for row in listed())
    assert set(samples()) == {"code"} | {name for row in rules().tell for name in row.values}


OBJECTED = (
    "decree.issued",
    "decree.amended",
    "decree.revoked",
    "proposal.refused",
    "contest.decided",
    "correction.refused",
)


def test_a_decision_says_where_to_object_and_a_return_says_by_when() -> None:
    for row in rules().tell:
        text = " ".join(preview(row, "en", "").text.split())
        assert ("Where to object" in text) == (row.template in OBJECTED)
        if row.template == "proposal.returned":
            assert "Please submit it again by 18 March 2027, 23:59 WIB." in text
