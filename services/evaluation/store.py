"""Indexes of the evaluation's collection: none of its own. It has no list queries, and what it watches is indexed."""

from collections.abc import Mapping

from shared.runtime.service import Index

INDEXES: Mapping[str, tuple[Index, ...]] = {}
