#!/usr/bin/env python3
"""Records the optima that tests/engine/optimize/optima_test.cpp holds min_cvar against: random instances, each solved once
by SciPy's HiGHS as the dual linear programme. The test makes the same instances from the same integers (instances.h).

usage: record_cvar_optima.py OUT.json     needs numpy and scipy
"""
import json
import sys

import numpy as np
from scipy.special import ndtri

from highs_min_cvar import Problem, cvar, solve_dual, solve_primal

U64 = np.uint64


def uniform(seed, k):
    """Numbers k of stream `seed` (splitmix64), in [0, 1)."""
    with np.errstate(over="ignore"):
        z = U64(seed) * U64(0xD1342543DE82EF95) + (np.asarray(k, dtype=U64) + U64(1)) * U64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
        z = z ^ (z >> U64(31))
    return (z >> U64(11)).astype(float) * 2.0**-53


def bell(seed, k):
    k = np.asarray(k, dtype=U64) * U64(4)
    one = U64(1)
    total = (uniform(seed, k) + uniform(seed, k + one)) + (uniform(seed, k + U64(2)) + uniform(seed, k + U64(3)))
    return (total - 2.0) * 1.7320508075688772


def factor_returns(seed, scenarios, assets):
    i = np.arange(assets)
    mean = 0.001 + 0.009 * uniform(seed, 5 * i)
    noise = 0.01 + 0.04 * uniform(seed, 5 * i + 1)
    loading = np.stack([0.01 + 0.04 * uniform(seed, 5 * i + 2), 0.03 * (uniform(seed, 5 * i + 3) - 0.5),
                        0.03 * (uniform(seed, 5 * i + 4) - 0.5)])
    at = np.arange(scenarios) * (assets + 4)
    f = [bell(seed + 1000, at + k) for k in range(3)]
    scale = 0.3 / np.sqrt(0.05 + 0.95 * uniform(seed + 2000, np.arange(scenarios)))
    growth = np.empty((scenarios, assets))
    for j in range(assets):
        common = (f[0] * loading[0, j] + f[1] * loading[1, j]) + f[2] * loading[2, j]
        growth[:, j] = mean[j] + (common + bell(seed + 1000, at + 4 + j) * noise[j]) * scale
    return growth


RU_MEAN = np.array([0.010111, 0.0043532, 0.0137058])
RU_COVARIANCE = np.array([[0.00324625, 0.00022983, 0.00420395], [0.00022983, 0.00049937, 0.00019247],
                          [0.00420395, 0.00019247, 0.00764097]])


def rockafellar_uryasev_returns(seed, scenarios):
    normal = ndtri(uniform(seed, np.arange(3 * scenarios)) + 2.0**-54).reshape(scenarios, 3)
    return RU_MEAN + normal @ np.linalg.cholesky(RU_COVARIANCE).T


KEY_RATE_DURATIONS = (3.5, 4.0, 4.5)  # of the liabilities


def specifications():
    base = dict(confidence=0.95, lower=0.0, upper=None, groups=0, group_max=None, min_return=None, turnover=None,
                leverage=None, unequal=False, liability=False, surplus=False, kind="factor", objective="min_cvar",
                risk_aversion=None, trading_cost=None, max_short=None, duration=None, key_rate_gap=None, benchmark=False,
                sets=1, cvar_limits=[])
    table = [
        ("tiny", 3, 30, {}),
        ("tiny_uneven_tail", 4, 37, dict(confidence=0.9)),
        ("small", 10, 200, {}),
        ("small_unequal", 10, 300, dict(unequal=True)),
        ("fewer_scenarios_than_assets", 50, 40, {}),
        ("plain_20", 20, 1000, {}),
        ("plain_50", 50, 10000, {}),
        ("confidence_50", 10, 2000, dict(confidence=0.5)),
        ("confidence_0", 6, 1000, dict(confidence=0.0)),
        ("confidence_99", 20, 10000, dict(confidence=0.99)),
        ("confidence_999", 12, 10000, dict(confidence=0.999, unequal=True)),
        ("uneven_tail", 15, 9973, dict(confidence=0.9531)),
        ("boxes", 20, 5000, dict(lower=0.01, upper=0.15)),
        ("groups", 20, 5000, dict(groups=4, group_max=0.3)),
        ("groups_boxes", 30, 8000, dict(groups=5, group_max=0.25, upper=0.12)),
        ("return_target", 20, 5000, dict(min_return=0.006)),
        ("return_target_groups", 40, 10000, dict(min_return=0.0055, groups=4, group_max=0.35)),
        ("return_target_unequal", 25, 4000, dict(min_return=0.006, unequal=True)),
        ("turnover", 20, 4000, dict(turnover=0.5)),
        ("turnover_box_return", 30, 6000, dict(turnover=0.8, upper=0.1, min_return=0.005)),
        ("turnover_none", 10, 1000, dict(turnover=0.0)),
        ("long_short", 12, 3000, dict(lower=-0.2, upper=0.5)),
        ("long_short_leverage", 20, 5000, dict(lower=None, leverage=1.6)),
        ("leverage_return", 15, 5000, dict(lower=-0.5, leverage=2.0, min_return=0.008)),
        ("liability", 20, 5000, dict(liability=True)),
        ("liability_unequal_box", 30, 8000, dict(liability=True, unequal=True, upper=0.2)),
        ("surplus", 20, 10000, dict(surplus=True)),
        ("surplus_groups_return", 25, 6000, dict(surplus=True, groups=5, group_max=0.3, min_return=0.005)),
        ("surplus_turnover_unequal", 16, 3000, dict(surplus=True, turnover=0.6, unequal=True)),
    ]
    # A limit is (confidence, factor on the least CVaR there is).
    table += [
        ("max_return_limit", 20, 1500, dict(objective="max_return", cvar_limits=[(0.95, 1.2)])),
        ("max_return_limit_box", 40, 1500, dict(objective="max_return", cvar_limits=[(0.9, 1.4)], upper=0.15)),
        ("max_return_two_limits", 15, 1500, dict(objective="max_return", cvar_limits=[(0.9, 1.3), (0.99, 1.25)])),
        ("max_return_limit_unequal", 12, 1200, dict(objective="max_return", cvar_limits=[(0.95, 1.15)], unequal=True)),
        ("max_return_limit_turnover_cost", 25, 1000,
         dict(objective="max_return", cvar_limits=[(0.95, 1.3)], turnover=0.7, trading_cost=0.002)),
        ("max_return_limit_liability", 18, 1200,
         dict(objective="max_return", cvar_limits=[(0.95, 1.1)], liability=True, groups=3, group_max=0.5)),
        ("min_cvar_limit_elsewhere", 20, 1500, dict(cvar_limits=[(0.5, 1.05)], min_return=0.005)),
        ("mean_cvar", 30, 5000, dict(objective="mean_cvar", risk_aversion=0.1)),
        ("mean_cvar_averse_short", 20, 4000,
         dict(objective="mean_cvar", risk_aversion=0.5, lower=-0.3, upper=0.6, max_short=0.5)),
        ("mean_cvar_unequal_cost", 25, 6000,
         dict(objective="mean_cvar", risk_aversion=0.2, unequal=True, trading_cost=0.001, groups=5, group_max=0.3)),
        ("mean_cvar_200", 200, 3000, dict(objective="mean_cvar", risk_aversion=0.05)),
        ("costs_leverage", 15, 4000, dict(lower=-0.2, upper=0.5, leverage=1.8, trading_cost=0.003)),
        ("short_limit", 20, 5000, dict(lower=None, max_short=0.4)),
        ("duration", 20, 5000, dict(duration=(4.0, 5.0))),
        ("duration_return_groups", 40, 8000, dict(duration=(None, 6.0), min_return=0.005, groups=4, group_max=0.4)),
        ("benchmark", 25, 5000, dict(benchmark=True, min_return=0.0065)),
        ("benchmark_turnover_short", 15, 4000,
         dict(benchmark=True, lower=-0.1, upper=0.4, turnover=0.6, max_short=0.2, min_return=0.0052)),
        ("worst_of_two", 15, 1200, dict(sets=2)),
        ("worst_of_three_return", 12, 800, dict(sets=3, min_return=0.005, upper=0.3)),
        ("worst_of_two_limit", 12, 800, dict(sets=2, objective="max_return", cvar_limits=[(0.95, 1.15)])),
        ("everything", 20, 1000,
         dict(objective="mean_cvar", risk_aversion=0.3, lower=-0.1, upper=0.3, groups=4, group_max=0.5, min_return=0.004,
              turnover=1.2, leverage=1.5, max_short=0.3, trading_cost=0.001, duration=(3.0, 15.0), unequal=True,
              liability=True, cvar_limits=[(0.9, 1.3), (0.99, 1.4)])),
        ("large_20", 20, 100000, dict(unequal=True, upper=0.3)),
        ("large_50_return", 50, 60000, dict(min_return=0.006, groups=5, group_max=0.4)),
        ("wide_200", 200, 6000, dict(groups=8, group_max=0.25, upper=0.08, min_return=0.005)),
        ("key_rates", 20, 5000, dict(key_rate_gap=0.2)),
        ("key_rates_duration_turnover_unequal", 40, 4000,
         dict(key_rate_gap=0.3, duration=(8.0, 11.0), turnover=1.2, unequal=True, liability=True)),
        ("key_rates_max_return", 25, 1200,
         dict(key_rate_gap=0.25, objective="max_return", cvar_limits=[(0.95, 1.2)], upper=0.3)),
    ]
    for number, (name, assets, scenarios, options) in enumerate(table):
        yield dict(base, name=name, seed=number + 1, assets=assets, scenarios=scenarios, **options)
    for confidence in (0.90, 0.95, 0.99):
        yield dict(base, name=f"rockafellar_uryasev_{confidence}", seed=77, assets=3, scenarios=100000,
                   confidence=confidence, min_return=0.011, kind="rockafellar_uryasev")


def build(spec):
    n, s, seed = spec["assets"], spec["scenarios"], spec["seed"]
    if spec["kind"] == "factor":
        returns = factor_returns(seed, s, n)
        mean = returns.mean(0)
    else:
        returns = rockafellar_uryasev_returns(seed, s)
        mean = RU_MEAN
    probability = np.full(s, 1.0 / s)
    if spec["unequal"]:
        probability = 0.1 + uniform(seed + 3000, np.arange(s))
        probability /= probability.sum()
    if spec["unequal"]:
        mean = probability @ returns
    growth, liability = returns, np.zeros(s)
    if spec["benchmark"]:
        liability = np.zeros(s)
        for j in range(n):
            liability += returns[:, j] / n
    if spec["liability"]:
        liability = 0.002 + 0.01 * bell(seed + 4000, np.arange(s)) + 0.3 * returns[:, 0]
    if spec["surplus"]:
        growth = 1.0 + returns
        liability = 0.95 * (1.0 + 0.5 * returns[:, 0] + 0.02 * bell(seed + 4000, np.arange(s)))
    problem = Problem(growth, liability, probability, spec["confidence"])
    problem.lower[:] = -np.inf if spec["lower"] is None else spec["lower"]
    problem.upper[:] = np.inf if spec["upper"] is None else spec["upper"]
    problem.add_row({j: 1.0 for j in range(n)}, 1.0, 1.0)
    for g in range(spec["groups"]):
        problem.add_row({j: 1.0 for j in range(g, n, spec["groups"])}, -np.inf, spec["group_max"])
    if spec["min_return"] is not None:
        problem.add_row(dict(enumerate(mean)), spec["min_return"], np.inf)
    if spec["trading_cost"] is not None:
        first = problem.add_distances(np.full(n, 1.0 / n), spec["trading_cost"])
        for row in problem.rows[1 + spec["groups"] :]:  # the return is after costs
            if len(row[0]) == n:
                row[0].update({first + j: -spec["trading_cost"] for j in range(n)})
    if spec["turnover"] is not None:
        problem.limit_distance(np.full(n, 1.0 / n), spec["turnover"])
    if spec["leverage"] is not None:
        problem.limit_distance(np.zeros(n), spec["leverage"])
    if spec["max_short"] is not None:
        problem.limit_short(spec["max_short"])
    if spec["duration"] is not None:
        low, high = spec["duration"]
        problem.add_row({j: 20 * uniform(seed + 5000, j) for j in range(n)}, -np.inf if low is None else low,
                        np.inf if high is None else high)
    for k, owed in enumerate(KEY_RATE_DURATIONS if spec["key_rate_gap"] is not None else ()):
        problem.add_row({j: 8 * uniform(seed + 6000 + k, j) for j in range(n)}, owed - spec["key_rate_gap"],
                        owed + spec["key_rate_gap"])
    for k in range(1, spec["sets"]):
        further = factor_returns(seed + 100 * k, s, n)
        problem.others.append((further, np.zeros(s), np.full(s, 1.0 / s)))
    if spec["objective"] != "min_cvar":
        problem.weight = spec["risk_aversion"] or 0.0
        problem.cost[:n] -= mean
        problem.cost += problem.loss
    return problem


def limits_of(spec):
    """(confidence, max), max as written once solved, else the factor times the least CVaR there is."""
    least = {}
    for confidence, factor in spec["cvar_limits"]:
        alone = build(dict(spec, objective="min_cvar", cvar_limits=[], confidence=confidence))
        least[confidence] = solve_primal(alone)[0]
    return [(b, round(factor * least[b], 6)) for b, factor in spec["cvar_limits"]]


def main():
    results = []
    for spec in specifications():
        problem = build(spec)
        spec["cvar_limits"] = problem.limits = limits_of(spec)
        n = spec["assets"]
        if problem.limits or problem.others:
            value, x, seconds = solve_primal(problem, tolerance=1e-10)
        else:
            value, x, seconds = solve_dual(problem, tolerance=1e-10)
        spec["optimum"] = value
        # The value is exact only if the weights that HiGHS gives attain it.
        sets = [(problem.growth, problem.liability, problem.probability)] + problem.others
        largest = max(cvar(l - g @ x[:n], p, problem.confidence) for g, l, p in sets) + problem.loss @ x
        attained = problem.cost @ x + problem.weight * largest
        print(f"{spec['name']:32s} {value:.15g} attained {attained - value:+.1e} {seconds:.2f} s", flush=True)
        if abs(attained - value) > 1e-8 * max(abs(value), 0.01):
            print("  HiGHS's weights do not attain its value: treat this optimum with care", file=sys.stderr)
        results.append(spec)
    with open(sys.argv[1], "w") as out:
        json.dump({"made_by": "scripts/peers/record_cvar_optima.py (SciPy HiGHS, dual simplex, tolerances 1e-10)",
                   "instances": results}, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
