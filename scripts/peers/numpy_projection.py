#!/usr/bin/env python3
"""The speed study (tests/bench/speed.yaml) as a good NumPy programmer would write it: a stationary bootstrap of returns and curve
changes, a constant-mix portfolio and a par bond fund, the liability's value and duration re-computed every year.
Prints seconds and a few figures. Vectorised over scenarios in chunks; single process."""
import csv
import pathlib
import time

import numpy as np

root = pathlib.Path(__file__).resolve().parent.parent.parent / "data"
SCENARIOS, STEPS, CHUNK, BLOCK = 100_000, 120, 5_000, 6.0


def table(name):
    with open(root / name, newline="") as f:
        rows = list(csv.reader(f))
    return rows[0], [r[0] for r in rows[1:]], np.array([[float(x) for x in r[1:]] for r in rows[1:]])


def days(text):
    return np.datetime64(text, "D").astype(int)


began = time.perf_counter()
header, _, returns = table("market_returns_monthly.csv")
pick = [header.index(n) - 1 for n in ("equity_world", "equity_em", "real_estate", "corporate_bonds")]
returns = returns[:, pick]
tenor_names, _, rates = table("yield_curve_monthly.csv")
tenors = np.array([float(x) for x in tenor_names[1:]])
zero = np.log1p(rates)
cash = zero[:-1, 0] / 12
log_excess = np.log1p(returns) - cash[:, None]
mean_curve = zero.mean(axis=0)
phi = 0.99
shocks = (zero[1:] - mean_curve) - phi * (zero[:-1] - mean_curve)
shocks -= shocks.mean(axis=0)

_, dates, flows = table("liability_cashflows.csv")
times = np.array([(days(d) - days("2025-12-31")) / 365 for d in dates])
flows = flows[:, 0]
weights = np.array([0.4, 0.1, 0.1, 0.2, 0.15, 0.05])


def interpolation(at):
    """Sparse weights of linear interpolation as a dense tenor x time matrix."""
    at = np.clip(at, tenors[0], tenors[-1])
    j = np.clip(np.searchsorted(tenors, at), 1, len(tenors) - 1)
    w = (at - tenors[j - 1]) / (tenors[j] - tenors[j - 1])
    m = np.zeros((len(tenors), len(at)))
    m[j - 1, np.arange(len(at))] = 1 - w
    m[j, np.arange(len(at))] += w
    return m


coupon_times = np.arange(1, 21) / 2
aged_times = coupon_times - 1 / 12
to_coupons, to_aged = interpolation(coupon_times), interpolation(aged_times)
valuations = {}
for year in range(1, 11):
    left = times - year
    live = left > 1e-9
    valuations[12 * year] = (left[live], flows[live], interpolation(left[live]))
pv0 = np.sum(flows * np.exp(-(np.log1p(rates[-1]) @ interpolation(times)) * times))

rng = np.random.default_rng(1)
funding = []
for first in range(0, SCENARIOS, CHUNK):
    z = np.repeat(zero[-1][None, :], CHUNK, axis=0)
    assets = np.full(CHUNK, 1.05 * pv0)
    row = rng.integers(0, len(shocks), CHUNK)
    due = 0
    for step in range(1, STEPS + 1):
        new = rng.random(CHUNK) < 1 / BLOCK
        row = np.where(new, rng.integers(0, len(shocks), CHUNK), (row + 1) % len(shocks))
        growth = z[:, 0] / 12
        par_discounts = np.exp(-(z @ to_coupons) * coupon_times)
        coupon = (1 - par_discounts[:, -1]) / par_discounts.sum(axis=1)
        z = mean_curve + phi * (z - mean_curve) + shocks[row]
        aged = np.exp(-(z @ to_aged) * aged_times)
        gross = np.empty((CHUNK, 6))
        gross[:, :4] = np.exp(log_excess[row] + growth[:, None])
        gross[:, 4] = coupon * aged.sum(axis=1) + aged[:, -1]
        gross[:, 5] = np.exp(growth)
        assets *= gross @ weights
        while due < len(times) and times[due] <= step / 12 + 1e-9:
            assets -= flows[due]
            due += 1
        assets = np.maximum(assets, 0)
        if step in valuations:
            left, amounts, to_flows = valuations[step]
            present = amounts * np.exp(-(z @ to_flows) * left)
            pv = present.sum(axis=1)
            duration = present @ left / pv
            funding.append((step, assets / pv, duration))
seconds = time.perf_counter() - began
last = np.concatenate([f for s, f, _ in funding if s == STEPS])
print(f"seconds {seconds:.3f}")
print(f"funding ratio after 10 years: median {np.median(last):.3f}, 5% {np.quantile(last, 0.05):.3f}")
