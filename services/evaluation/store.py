"""Indexes of the evaluation's collection: who is told when a fact changes. It has no list queries."""

from collections.abc import Mapping

from shared.runtime.service import Index

INDEXES: Mapping[str, tuple[Index, ...]] = {
    "evaluations": (
        Index("open_by_person", [("state.person", 1)], partial={"state.open": True}),
        Index("open_by_vacancy", [("state.vacancy", 1)], partial={"state.open": True}),
    ),
}
