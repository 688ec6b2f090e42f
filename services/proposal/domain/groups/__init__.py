"""Swaps and chains (tukar tempat): one aggregate that asks every member's case, all or none. Pure."""

from services.proposal.domain.groups.commands import AcceptGroup, DeclineGroup, OpenGroup
from services.proposal.domain.groups.decider import make_groups
from services.proposal.domain.groups.state import Group, group_of

__all__ = ["AcceptGroup", "DeclineGroup", "Group", "OpenGroup", "group_of", "make_groups"]
