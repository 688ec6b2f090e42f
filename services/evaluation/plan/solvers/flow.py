"""The exact plan by OR-Tools' min-cost flow, level after level, each on the whole optimal face of the one before.

No huge weights: after a level, by complementary slackness (Ahuja, Magnanti, Orlin 1993, theorem 9.4), a flow is optimal
for it just when arcs of positive reduced cost are empty and those of negative reduced cost are full. So the former are
dropped, the latter fixed, and what is left is again a flow, over which the next level is solved. What is left no choice
is taken out too, and a level at which all that is left costs the same is passed over.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from services.evaluation.plan.model import Ints
from services.evaluation.plan.solvers.network import Network


class NotSolved(RuntimeError):
    """OR-Tools gave no optimum where there is one; `status` is its own word."""


class NoFlow(ValueError):
    """There is no flow: people without a seat, or floors that cannot be reached."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Flow per arc, and what each level reached (relative to `network.constant`)."""

    flow: Ints
    values: dict[str, int]


def lexicographic(net: Network) -> Flow:
    """The optimum of all levels in order. Raises NoFlow, NotSolved."""
    flow, live = np.zeros(len(net.tail), np.int64), np.arange(len(net.tail))
    supply, solved = net.supply.copy(), False
    levels = list(net.costs)
    for level in levels:
        cost = net.costs[level][live]
        if not cost.any() and (solved or level != levels[-1]):
            continue
        flow[live] = _solve(net, live, supply, cost)
        solved = True
        if level != levels[-1]:
            live = _choices(net, _face(net, live, supply, cost, flow), supply, flow)
    return Flow(flow, {level: int(net.costs[level] @ flow) for level in levels})


def optimum(net: Network, level: str) -> Ints:
    """One optimal flow for one level alone: the bare solver call. Raises NoFlow, NotSolved."""
    return _solve(net, np.arange(len(net.tail)), net.supply, net.costs[level])


def _solve(net: Network, live: Ints, supply: Ints, cost: Ints) -> Ints:
    """One optimal flow over the live arcs."""
    used: Ints = np.zeros(len(live), np.int64)
    nodes = np.nonzero(supply)[0]
    if not len(nodes):
        return used
    if not len(live):
        raise NoFlow
    # The solver's work grows with the magnitude of the costs, and steps of KP1 are whole persons, in hundredths.
    plain = cost // max(int(np.gcd.reduce(cost)), 1)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(net.tail[live], net.head[live], net.capacity[live], plain)
    solver.set_nodes_supplies(nodes, supply[nodes])
    status = solver.solve()
    if status == solver.INFEASIBLE:
        raise NoFlow
    if status != solver.OPTIMAL:
        raise NotSolved(status.name)
    used[:] = solver.flows(arcs)
    return used


def _face(net: Network, live: Ints, supply: Ints, cost: Ints, flow: Ints) -> Ints:
    """The arcs that still may change; the flow of full ones is taken out of the supplies."""
    tail, head, used = net.tail[live], net.head[live], flow[live]
    price = potentials(tail, head, cost, used, net.capacity[live] - used, len(supply))
    reduced = cost + price[tail] - price[head]
    _settle(net, live[reduced < 0], supply, flow)
    rest: Ints = live[reduced == 0]
    return rest


def _settle(net: Network, arcs: Ints, supply: Ints, flow: Ints) -> None:
    """The flow of these arcs is no choice any more: it is taken out of the supplies."""
    np.subtract.at(supply, net.tail[arcs], flow[arcs])
    np.add.at(supply, net.head[arcs], flow[arcs])


def _choices(net: Network, live: Ints, supply: Ints, flow: Ints) -> Ints:
    """Without arcs that are the only way out of where nothing enters, or the only way into where nothing leaves."""
    while len(live):
        leaves = np.bincount(net.tail[live], minlength=len(supply))
        enters = np.bincount(net.head[live], minlength=len(supply))
        alone: NDArray[np.bool_] = (leaves[net.tail[live]] == 1) & (enters[net.tail[live]] == 0)
        alone |= (enters[net.head[live]] == 1) & (leaves[net.head[live]] == 0)
        if not alone.any():
            break
        _settle(net, live[alone], supply, flow)
        live = live[~alone]
    return live


def potentials(tail: Ints, head: Ints, cost: Ints, used: Ints, left: Ints, nodes: int) -> Ints:
    """Node prices under which no arc of the residual graph has a negative cost: shortest paths from everywhere at once
    (Bellman-Ford, all arcs in one step). They exist because the flow is optimal."""
    forward, back = left > 0, used > 0
    tails = np.concatenate([tail[forward], head[back]])
    heads = np.concatenate([head[forward], tail[back]])
    costs = np.concatenate([cost[forward], -cost[back]])
    order = np.argsort(heads, kind="stable")
    tails, heads, costs = tails[order], heads[order], costs[order]
    price = np.zeros(nodes, np.int64)
    if not len(heads):
        return price
    starts = np.nonzero(np.r_[True, heads[1:] != heads[:-1]])[0]
    ends = heads[starts]
    for _ in range(nodes + 1):
        best = np.minimum(price[ends], np.minimum.reduceat(price[tails] + costs, starts))
        if np.array_equal(best, price[ends]):
            return price
        price[ends] = best
    raise NotSolved("NEGATIVE_CYCLE")
