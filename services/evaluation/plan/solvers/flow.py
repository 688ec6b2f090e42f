"""The exact plan by OR-Tools' min-cost flow, level after level, each on the whole optimal face of the one before.

No huge weights: after a level, by complementary slackness (Ahuja, Magnanti, Orlin 1993, theorem 9.4), a flow is optimal
for it just when arcs of positive reduced cost are empty and those of negative reduced cost are full. So the former are
dropped, the latter fixed, and what is left is again a flow, over which the next level is solved.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from services.evaluation.plan.solvers.arcs import Ints
from services.evaluation.plan.solvers.network import Network


class NotSolved(RuntimeError):
    """OR-Tools gave no optimum where there is one; `status` is its own word."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Flow per arc, and what each level reached (relative to `network.constant`)."""

    flow: Ints
    values: dict[str, int]


def lexicographic(net: Network) -> Flow:
    """The optimum of all levels in order. Raises NotSolved."""
    flow, live = np.zeros(len(net.tail), np.int64), np.arange(len(net.tail))
    supply = net.supply.copy()
    values: dict[str, int] = {}
    levels = list(net.costs)
    for level in levels:
        cost = net.costs[level]
        flow[live] = _solve(net, live, supply, cost[live])
        values[level] = int(cost @ flow)
        if level != levels[-1]:
            live = _face(net, live, supply, cost[live], flow)
    return Flow(flow, values)


def optimum(net: Network, level: str) -> Ints:
    """One optimal flow for one level alone: the bare solver call."""
    return _solve(net, np.arange(len(net.tail)), net.supply, net.costs[level])


def _solve(net: Network, live: Ints, supply: Ints, cost: Ints) -> Ints:
    """One optimal flow over the live arcs."""
    used: Ints = np.zeros(len(live), np.int64)
    if not len(live):
        return used
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(net.tail[live], net.head[live], net.capacity[live], cost)
    nodes = np.nonzero(supply)[0]
    solver.set_nodes_supplies(nodes, supply[nodes])
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NotSolved(status.name)
    used[:] = solver.flows(arcs)
    return used


def _face(net: Network, live: Ints, supply: Ints, cost: Ints, flow: Ints) -> Ints:
    """The arcs that still may change; the flow of full ones is taken out of the supplies."""
    tail, head, used = net.tail[live], net.head[live], flow[live]
    price = potentials(tail, head, cost, used, net.capacity[live] - used, len(supply))
    reduced = cost + price[tail] - price[head]
    full = reduced < 0
    np.subtract.at(supply, tail[full], used[full])
    np.add.at(supply, head[full], used[full])
    rest: Ints = live[reduced == 0]
    return rest


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
