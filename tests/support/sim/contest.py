"""Which cases compete: of one person, of whom one may be open, or for a seat that more want than there are."""

from collections import defaultdict
from collections.abc import Mapping

Wish = tuple[str, str]


def competing(wishes: Mapping[str, Wish], seats: Mapping[str, int]) -> set[str]:
    """The cases that compete. `wishes` are person and post of each case that was handed in, `seats` those of a post."""
    people: dict[str, set[str]] = defaultdict(set)
    posts: dict[str, set[str]] = defaultdict(set)
    for case, (person, post) in wishes.items():
        people[person].add(case)
        posts[post].add(case)
    found = [cases for cases in people.values() if len(cases) > 1]
    found += [cases for post, cases in posts.items() if len(cases) > seats[post]]
    return set().union(*found)
