"""Daily zero curves (Nelson-Siegel factors around anchors, softly floored), and bonds priced off them."""

import numpy as np

from . import story

LAMBDA = 0.0609 * 12  # Diebold & Li 2006: 0.0609 a month
# Speeds a year. The slow part of the factors' movement is in the anchors; with it, the factors' monthly autocorrelations come
# out near the 0.96, 0.97 and 0.90 of Diebold & Li 2006, table 3 (checks.py).
REVERSION = np.array([1.0, 1.0, 2.0])
VOLATILITY = np.array([0.0080, 0.0065, 0.0150])  # a year, absolute
LEVEL_SLOPE_CORRELATION = -0.45  # long rates rise with the short rate, but less
FLOOR, FLOOR_WIDTH = 0.0005, 0.0035


def loadings(tenors):
    decay = np.exp(-LAMBDA * tenors)
    slope = (1 - decay) / (LAMBDA * tenors)
    return np.column_stack([np.ones_like(tenors), slope, slope - decay])


def simulate_factors(days, shocks, scale):
    """Level, slope (short minus long), curvature: anchors plus AR(1) deviations driven by `shocks` (days, 3), times `scale`."""
    short, long, curvature = story.along(story.CURVE_ANCHORS, days).T / 100
    centre = np.column_stack([long, short - long, curvature])
    keep = np.exp(-REVERSION / story.DAYS_PER_YEAR)
    steps = VOLATILITY / np.sqrt(story.DAYS_PER_YEAR) * shocks * scale[:, None]
    deviation = np.zeros_like(steps)
    for t in range(1, len(days)):
        deviation[t] = keep * deviation[t - 1] + steps[t]
    return centre + deviation


def zero_rates(factors, tenors):
    """Continuous zero rates (days, tenors). The soft maximum keeps them above zero, as a shadow rate does."""
    shadow = factors @ loadings(tenors).T
    return FLOOR + FLOOR_WIDTH * np.logaddexp(0, (shadow - FLOOR) / FLOOR_WIDTH)


def annual(continuous):
    return np.expm1(continuous)


def interpolation_weights(times, tenors):
    """Linear in the zero rate, flat beyond the ends: rates(times) = weights @ rates(tenors)."""
    return np.array([np.interp(times, tenors, unit) for unit in np.eye(len(tenors))]).T


def constant_maturity_returns(days, rates, spread, years):
    """Simple returns (days,) of buying at each day's close a par bond with half-yearly coupons, and selling it at the next.

    rates: continuous zero rates (days, story.TENORS), spread (days,) added to all of them. The bond ages by the calendar days
    between (roll-down and carry included). The first return is zero.
    """
    times = np.arange(1, 2 * years + 1) / 2
    discount = np.exp(-(rates @ interpolation_weights(times, story.TENORS).T + spread[:, None]) * times)
    coupon = (1 - discount[:, -1]) / discount.sum(axis=1)  # half a year's
    result = np.zeros(len(days))
    gap = np.diff(days).astype(int)
    for length in np.unique(gap):
        rows = 1 + np.flatnonzero(gap == length)
        left = times - length / 365
        aged = np.exp(-(rates[rows] @ interpolation_weights(left, story.TENORS).T + spread[rows, None]) * left)
        result[rows] = coupon[rows - 1] * aged.sum(axis=1) + aged[:, -1] - 1
    return result
