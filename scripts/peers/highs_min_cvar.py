#!/usr/bin/env python3
"""Minimum CVaR by SciPy's HiGHS, the peer that scripts/bench and the tests compare with. The dual linear programme is
used: with scenarios in columns it is 5 to 50 times faster than the primal.

usage: highs_min_cvar.py FILE ASSETS [CONFIDENCE]     long-only, fully invested
FILE: row-major float64, scenarios x ASSETS, or a .npy file. Prints seconds (of
HiGHS), layout (of the programme) and value.
"""
import sys
import time

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog


class Problem:
    """minimise cost'x + weight (CVaR of liability - growth w + loss'x) over lower <= x <= upper and rows; x = weights, then
    auxiliary variables. solve_primal also takes limits (confidence, max) on that CVaR, and `others`, further
    (growth, liability, probability): the largest CVaR of all counts."""

    def __init__(self, growth, liability, probability, confidence):
        self.growth, self.liability = growth, liability
        self.probability, self.confidence = probability, confidence
        n = growth.shape[1]
        self.lower, self.upper = np.zeros(n), np.full(n, np.inf)
        self.rows = []  # ({variable: coefficient}, lower, upper)
        self.weight, self.cost, self.loss = 1.0, np.zeros(n), np.zeros(n)
        self.limits, self.others = [], []

    def add_variables(self, count, loss):
        """Auxiliary variables, at least 0; returns the first."""
        first = len(self.lower)
        self.lower, self.upper = np.r_[self.lower, np.zeros(count)], np.r_[self.upper, np.full(count, np.inf)]
        self.cost, self.loss = np.r_[self.cost, np.zeros(count)], np.r_[self.loss, np.broadcast_to(loss, count)]
        return first

    def add_row(self, terms, lower, upper):
        self.rows.append((terms, lower, upper))

    def limit_distance(self, centre, limit):
        """sum |w - centre| <= limit, by auxiliary variables."""
        first = self.add_distances(centre, 0.0)
        self.add_row({first + j: 1.0 for j in range(len(centre))}, -np.inf, limit)

    def add_distances(self, centre, loss):
        """Variables at least |w - centre|, a unit of which loses `loss`; returns the first."""
        first = self.add_variables(len(centre), loss)
        for j in range(len(centre)):
            self.add_row({first + j: 1.0, j: -1.0}, -centre[j], np.inf)
            self.add_row({first + j: 1.0, j: 1.0}, centre[j], np.inf)
        return first

    def limit_short(self, limit):
        """sum of max(0, -w) <= limit."""
        n = self.growth.shape[1]
        first = self.add_variables(n, 0.0)
        for j in range(n):
            self.add_row({first + j: 1.0, j: 1.0}, 0.0, np.inf)
        self.add_row({first + j: 1.0 for j in range(n)}, -np.inf, limit)


def cvar(losses, probability, confidence):
    """Exact, the atom at VaR split."""
    order = np.argsort(-losses, kind="stable")
    mass = np.minimum(np.cumsum(probability[order]) / (1 - confidence), 1.0)
    share = np.diff(np.r_[0.0, mass])
    return float(share @ losses[order])


def solve_dual(problem, tolerance=1e-7, time_limit=600.0):
    """max l'q + rows' and bounds' limits times their multipliers, subject to stationarity in x, sum q = 1 and
    0 <= q <= p/(1-b). `tolerance`: feasibility
    of primal and dual, HiGHS's own default. Returns (value, x, seconds)."""
    scenarios, n = problem.growth.shape
    variables, count = len(problem.lower), len(problem.rows)
    rows = sp.lil_matrix((count, variables))
    for i, (terms, _, _) in enumerate(problem.rows):
        for j, value in terms.items():
            rows[i, j] = value
    rows = rows.tocsc()
    row_lower = np.array([r[1] for r in problem.rows])
    row_upper = np.array([r[2] for r in problem.rows])
    identity = sp.eye(variables, format="csc")
    tail = np.vstack([problem.growth.T, np.zeros((variables - n, scenarios))]) if variables > n else problem.growth.T
    columns, cost = [sp.csc_matrix(tail)], [-problem.liability]
    upper = [problem.weight * problem.probability / (1 - problem.confidence)]
    for matrix, limit, sign in ((rows.T, row_lower, 1), (rows.T, row_upper, -1), (identity, problem.lower, 1),
                                (identity, problem.upper, -1)):
        finite = np.where(np.isfinite(limit))[0]
        columns.append(sign * sp.csc_matrix(matrix)[:, finite])
        cost.append(-sign * limit[finite])
        upper.append(np.full(len(finite), np.inf))
    multipliers = sum(c.shape[1] for c in columns[1:])
    total = sp.csr_matrix(np.r_[np.ones(scenarios), np.zeros(multipliers)][None])
    matrix = sp.vstack([sp.hstack(columns), total], format="csc")
    right = np.r_[problem.cost + problem.weight * problem.loss, problem.weight]
    bounds = np.c_[np.zeros(matrix.shape[1]), np.concatenate(upper)]
    begin = time.perf_counter()
    result = linprog(np.concatenate(cost), A_eq=matrix, b_eq=right, bounds=bounds, method="highs-ds",
                     # Presolve finds nothing to remove here and costs the peer almost half its time again.
                     options=dict(presolve=False, time_limit=time_limit, primal_feasibility_tolerance=tolerance,
                                  dual_feasibility_tolerance=tolerance))
    seconds = time.perf_counter() - begin
    if result.status != 0:
        raise RuntimeError(result.message)
    return -result.fun, -result.eqlin.marginals[:variables], seconds


def solve_primal(problem, tolerance=1e-9, time_limit=600.0):
    """The same with limits and several sets of scenarios, shortfalls as variables: slow, and general. Returns
    (value, x, seconds)."""
    variables, n = len(problem.lower), problem.growth.shape[1]
    sets = [(problem.growth, problem.liability, problem.probability)] + problem.others
    # A tail: (set, confidence, limit or None), variables level and shortfalls, a row a scenario.
    tails = [(s, problem.confidence, None) for s in sets] if problem.weight > 0 else []
    tails += [(s, b, most) for b, most in problem.limits for s in sets]
    largest = variables  # the largest CVaR
    width = variables + 1 + sum(1 + len(s[2]) for s, _, _ in tails)
    cost = np.zeros(width)
    cost[:variables], cost[largest] = problem.cost, problem.weight
    blocks, right, at = [], [], variables + 1
    for (growth, liability, probability), confidence, limit in tails:
        count = len(probability)
        level, short = at, at + 1
        at += 1 + count
        # liability - growth w - level - u <= 0
        s = np.arange(count)
        block = sp.csr_matrix((np.r_[-growth.ravel(), -np.ones(count), -np.ones(count)],
                               (np.r_[np.repeat(s, n), s, s],
                                np.r_[np.tile(np.arange(n), count), np.full(count, level), short + s])), (count, width))
        blocks.append(block)
        right.append(-liability)
        # level + h'u + loss'x <= largest, or the limit
        row = np.zeros(width)
        row[level], row[short:at], row[:variables] = 1.0, probability / (1 - confidence), problem.loss
        if limit is None:
            row[largest] = -1.0
        blocks.append(sp.csr_matrix(row))
        right.append([0.0 if limit is None else limit])
    for terms, low, high in problem.rows:
        row = np.zeros(width)
        for j, value in terms.items():
            row[j] += value
        for sign, most in ((1.0, high), (-1.0, -low)):
            if np.isfinite(most):
                blocks.append(sp.csr_matrix(sign * row))
                right.append([most])
    bounds = np.full((width, 2), [-np.inf, np.inf])
    bounds[:variables, 0], bounds[:variables, 1] = problem.lower, problem.upper
    if problem.weight == 0:
        bounds[largest] = 0.0
    at = variables + 1
    for (_, _, probability), _, _ in tails:
        bounds[at + 1 : at + 1 + len(probability), 0] = 0.0
        at += 1 + len(probability)
    begin = time.perf_counter()
    result = linprog(cost, A_ub=sp.vstack(blocks, format="csr"), b_ub=np.concatenate(right), bounds=bounds,
                     method="highs-ds", options=dict(time_limit=time_limit, primal_feasibility_tolerance=tolerance,
                                                     dual_feasibility_tolerance=tolerance))
    if result.status != 0:
        raise RuntimeError(result.message)
    return result.fun, result.x[:variables], time.perf_counter() - begin


def main():
    file, assets = sys.argv[1], int(sys.argv[2])
    confidence = float(sys.argv[3]) if len(sys.argv) > 3 else 0.95
    growth = np.load(file) if file.endswith(".npy") else np.fromfile(file).reshape(-1, assets)
    scenarios = len(growth)
    problem = Problem(growth, np.zeros(scenarios), np.full(scenarios, 1.0 / scenarios), confidence)
    problem.add_row({j: 1.0 for j in range(assets)}, 1.0, 1.0)
    begin = time.perf_counter()
    value, _, seconds = solve_dual(problem)
    print(f"seconds {seconds:.4f}\nlayout {time.perf_counter() - begin - seconds:.4f}\nvalue {value:.15g}")


if __name__ == "__main__":
    main()
