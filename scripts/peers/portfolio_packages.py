#!/usr/bin/env python3
"""Minimum CVaR, long-only and fully invested, by other packages, for scripts/bench: cvxpy with Clarabel, skfolio, Riskfolio-Lib.

usage: portfolio_packages.py PACKAGE FILE ASSETS     FILE: row-major float64, scenarios x ASSETS
Prints seconds (of the solver), layout (what else the package's users wait for) and value. Fails where the package is not installed.
"""
import sys
import time

import numpy as np

CONFIDENCE = 0.95


def with_cvxpy(returns):
    import cvxpy

    scenarios, assets = returns.shape
    w, level, short = cvxpy.Variable(assets, nonneg=True), cvxpy.Variable(), cvxpy.Variable(scenarios, nonneg=True)
    risk = level + cvxpy.sum(short) / ((1 - CONFIDENCE) * scenarios)
    problem = cvxpy.Problem(cvxpy.Minimize(risk), [cvxpy.sum(w) == 1, short >= -returns @ w - level])
    problem.solve(solver=cvxpy.CLARABEL)
    return w.value


def with_skfolio(returns):
    from skfolio import RiskMeasure
    from skfolio.optimization import MeanRisk

    return MeanRisk(risk_measure=RiskMeasure.CVAR, cvar_beta=CONFIDENCE).fit(returns).weights_


def with_riskfolio(returns):
    import pandas
    import riskfolio

    portfolio = riskfolio.Portfolio(returns=pandas.DataFrame(returns), alpha=1 - CONFIDENCE)
    portfolio.assets_stats(method_mu="hist", method_cov="hist")
    return portfolio.optimization(model="Classic", rm="CVaR", obj="MinRisk").to_numpy()[:, 0]


class SolverClock:
    """The seconds of every solver that is called through cvxpy, as all three packages do."""

    def __init__(self):
        import cvxpy

        self.seconds = 0.0
        solve = cvxpy.Problem.solve

        def timed(problem, *arguments, **options):
            value = solve(problem, *arguments, **options)
            self.seconds += problem.solver_stats.solve_time
            return value

        cvxpy.Problem.solve = timed


def cvar(losses):
    worst = np.sort(losses)[::-1]
    mass = np.minimum(np.arange(1, len(worst) + 1) / (len(worst) * (1 - CONFIDENCE)), 1.0)
    return float(np.diff(np.r_[0.0, mass]) @ worst)


def main():
    package, file, assets = sys.argv[1], sys.argv[2], int(sys.argv[3])
    returns = np.fromfile(file).reshape(-1, assets)
    clock = SolverClock()
    begin = time.perf_counter()
    weights = {"cvxpy": with_cvxpy, "skfolio": with_skfolio, "riskfolio": with_riskfolio}[package](returns)
    layout = time.perf_counter() - begin - clock.seconds
    weights = np.maximum(weights, 0.0) / np.maximum(weights, 0.0).sum()
    print(f"seconds {clock.seconds:.4f}\nlayout {layout:.4f}\nvalue {cvar(-returns @ weights):.15g}")


if __name__ == "__main__":
    main()
