"""Which events of a case are told to its reader, and which of their fields; and what is news beside them."""

from collections.abc import Mapping

from shared.contracts import (
    adoption,
    approval,
    contest,
    documents,
    evaluation,
    freed,
    objections,
    overbooking,
    proposal,
    ranking,
    registry,
    signatures,
    tasks,
    voice,
)
from shared.kernel.decider import Event

KEPT = (
    *("attempt", "receipt", "stage", "office", "agency", "unit", "due", "since", "task", "decision", "code", "codes"),
    *("reason", "until", "decree", "number_text", "effective_on", "eligible", "part", "plan"),
    *("ranked", "rank", "size", "cutoff", "cause"),
    *("wrong", "right", "outcome", "court", "number", "step"),
    "missing",
    *("amendment", "revocation", "paper", "issued_on", "corrected_on", "signed_at", "sha256"),
)
"""Fields of events that the story, and whoever reads its lines, needs."""

INTERNAL = {
    registry.VacancyFilled,
    evaluation.RulesetRecorded,
    *(ranking.RankingEntered, ranking.RankingLeft),
    *(tasks.TaskVoted, tasks.DecisionPending, tasks.DecisionRecalled, tasks.CaseCommented),
    *(signatures.SignatureAsked, signatures.SignatureRefused),
    *(signatures.SignedPaperForgotten, signatures.SignedPaperErased),
}
"""Of the house, not of the person's way: bookkeeping, and what officials say before it is a decision."""

TOLD = tuple(
    event
    for module in (
        proposal,
        adoption,
        overbooking,
        freed,
        voice,
        contest,
        ranking,
        approval,
        signatures,
        tasks,
        objections,
        evaluation,
        registry,
    )
    for event in module.EVENTS
    if "case" in event.model_fields and event not in INTERNAL
)
"""Every event that belongs to a case and is for the person's eyes."""

DONE = tuple(event for event in TOLD if "by" in event.model_fields)
"""Those that somebody did."""

CHANGES: Mapping[type[Event], tuple[str, ...]] = {
    documents.DocumentFiled: ("kind",),
    documents.DocumentChecked: ("kind", "accepted"),  # not its words: of a restricted document not everybody reads them
    documents.DocumentRemoved: (),
    registry.VacancyPublished: ("quota", "closes_on"),
    registry.VacancyAmended: ("quota", "closes_on", "reason"),
    registry.VacancyFilled: ("left",),
    registry.VacancyClosed: ("cause", "reason"),
}
"""What changes under an open page beside the story of a case, its documents and vacancies; and which fields a line
says."""
