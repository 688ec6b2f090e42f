"""What is looked at of a person and a seat, fresh; and what would be found today, before anybody applied. Pure."""

from datetime import date

from services.evaluation.domain.facts import Employee, Officeholder, Post, PostAge, Region, Seen, Vacancy
from services.evaluation.domain.judge import Head, Snapshot, evaluate, stored
from services.evaluation.domain.ruleset import Ruleset, edition
from shared.contracts.evaluation import EvaluationCompleted
from shared.kernel.decider import Facts, Frozen


class Wanted(Frozen):
    """Whose move is looked at, to which seat; without a vacancy it is a partner's seat, in exchange."""

    person: str
    vacancy: str
    post: str
    initiative: str

    def target(self, facts: Facts) -> Vacancy:
        """What is demanded. Raises NotYet while it is not known here."""
        return facts.need(Vacancy, self.vacancy) if self.vacancy else facts.need(Post, self.post).sought


def look(wanted: Wanted, on: date, facts: Facts) -> Seen:
    """Everything fresh. Raises NotYet while the person or the seat is not known here."""
    seat = (Vacancy, wanted.vacancy) if wanted.vacancy else (Post, wanted.post)
    facts.want((Employee, wanted.person), seat)
    profile = facts.need(Employee, wanted.person).profile
    target = wanted.target(facts)
    agencies = sorted({profile.placement.agency, target.placement.agency})
    facts.want(
        (PostAge, profile.placement.post),
        *((Officeholder, other) for other in profile.relatives),
        *((Region, agency) for agency in agencies),
    )
    post = facts.get(PostAge, profile.placement.post)
    regions = {agency: facts.get(Region, agency) for agency in agencies}
    holders = {other: facts.get(Officeholder, other) for other in sorted(set(profile.relatives))}
    return Seen(
        on=on,
        employee=profile,
        vacancy=target,
        retirement_age=post.retirement_age if post else None,
        offices={other: holder.offices for other, holder in holders.items() if holder},
        regions={agency: region for agency, region in regions.items() if region},
        initiative=wanted.initiative,
    )


def preview(ruleset: Ruleset, wanted: Wanted, on: date, facts: Facts) -> EvaluationCompleted:
    """What an evaluation on that day would say. It belongs to no case, is stored nowhere and binds nobody.

    Raises NotYet while the person or the seat is not known here.
    """
    seen = look(wanted, on, facts)
    snapshot = Snapshot(edition=edition(ruleset, on, seen.vacancy.placement.agency), seen=seen)
    head = Head(case="", attempt=0, person=wanted.person, vacancy=wanted.vacancy)
    return evaluate(head, snapshot, stored(snapshot))
