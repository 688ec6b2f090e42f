"""Desks: holders change while tasks come, in any order and more than once; who sits there hears once."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.desks import DESKS, KEPT
from shared.contracts.notification import DeskChanged, MessageDue
from tests.unit.notification.samples import DAY, NOW, Run, seated, task

PAST, FUTURE = DAY - timedelta(days=30), DAY + timedelta(days=30)


def desk() -> Run:
    return Run(DESKS, "head:a1:u1")


def told(run: Run) -> Counter[tuple[str, str]]:
    return Counter((due.event, person) for due in run.said if isinstance(due, MessageDue) for person in due.persons)


def test_all_holders_of_the_day_are_told_and_only_they() -> None:
    run = desk()
    run.tell(seated("p902", since=PAST), "o1")
    run.tell(seated("p903", since=PAST, until=FUTURE), "o2")
    run.tell(seated("p904", since=PAST, until=DAY), "o3")
    run.tell(seated("p905", since=FUTURE), "o4")
    run.tell(task(1), "e1")
    assert told(run) == {("e1", "p902"): 1, ("e1", "p903"): 1}


def test_who_left_is_not_told_and_who_comes_back_is() -> None:
    run = desk()
    run.tell(seated("p902", since=PAST), "o1", sequence=1)
    run.tell(seated("p902", since=None), "o1", sequence=2)
    run.tell(task(1), "e1")
    assert told(run) == {}
    run.tell(seated("p902", since=PAST), "o1", sequence=1)
    assert told(run) == {}, "an old list that comes late changes nothing"
    run.tell(seated("p902", since=DAY), "o1", sequence=3)
    assert told(run) == {("e1", "p902"): 1}


def test_nobody_is_asked_to_decide_their_own_case() -> None:
    run = desk()
    run.tell(seated("p901", since=PAST), "o1")
    run.tell(task(1, person="p901"), "e1")
    run.tell(task(2, person="p902"), "e2")
    assert told(run) == {("e2", "p901"): 1}


def test_a_task_that_waits_for_anybody_is_told_to_the_first_who_comes_and_not_to_later_ones() -> None:
    run = desk()
    for number in range(KEPT + 10):
        run.tell(task(number), f"e{number}")
    later = NOW + timedelta(days=3)
    run.tell(seated("p902", since=DAY + timedelta(days=3)), "o1", time=later)
    run.tell(seated("p903", since=DAY + timedelta(days=3)), "o2", time=later)
    assert told(run) == {(f"e{number}", "p902"): 1 for number in range(KEPT + 10)}


def test_the_desk_keeps_no_more_told_tasks_than_it_may() -> None:
    run = desk()
    run.tell(seated("p902", since=PAST), "o1")
    for number in range(3 * KEPT):
        run.tell(task(number), f"e{number}")
    assert [kept.event for kept in run.state.tasks] == [f"e{number}" for number in range(2 * KEPT, 3 * KEPT)]


Change = tuple[str, date | None, date | None]
persons = st.sampled_from(["p901", "p902", "p903"])
spans = st.sampled_from([(PAST, None), (PAST, DAY), (PAST, FUTURE), (FUTURE, None), (None, None)])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(persons, spans), max_size=6),
    st.lists(st.integers(0, 4), max_size=6, unique=True),
    st.randoms(use_true_random=False),
)
def test_any_interleaving_and_any_repeats_tell_each_holder_once(
    changes: list[tuple[str, tuple[date | None, date | None]]], tasks: list[int], random: object
) -> None:
    versions: Counter[str] = Counter()
    offices = []
    for person, (since, until) in changes:
        versions[person] += 1
        offices.append((seated(person, since=since, until=until), f"o-{person}", versions[person]))
    stream = [*offices, *((task(number), f"e{number}", 1) for number in tasks)] * 2
    random.shuffle(stream)  # type: ignore[attr-defined]
    run = desk()
    for body, id, sequence in stream:
        run.tell(body, id, sequence=sequence)

    counts = told(run)
    assert all(times == 1 for times in counts.values())
    assert all(person != "p901" for _, person in counts), "their own case"
    newest = {person: span for person, span in changes}
    holders = {p for p, (since, until) in newest.items() if since == PAST and until != DAY and p != "p901"}
    for number in tasks:
        heard = {person for event, person in counts if event == f"e{number}"}
        assert heard >= holders, "who holds the office by the newest list was told, whatever came first"
    ended = {person: holder.periods for holder in run.state.holders if (person := holder.person)}
    assert set(ended) == set(newest)
    changed = [event for event in run.said if isinstance(event, DeskChanged)]
    assert len(changed) == len({(event.person, event.version) for event in changed})
