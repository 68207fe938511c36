"""Scenarios as a user would bring them: returns over one year, unequal probabilities, liabilities at the horizon."""

import numpy as np

from . import story

COUNT = 5000
TILT = 1.6  # the common shock is drawn this much wider than its law, so that tails are well filled; probabilities undo it
PROBABILITY_UNITS = 10**12
FUNDING_RATIO = 1.05


def simulate(yield_8y, liability_yield, liability_duration, liability_convexity):
    """Columns equity, bonds, gold, probability, liability, each (COUNT,).

    liability: value at the horizon, payments of the year included, per unit of assets today. Bonds and liabilities re-price under
    the same parallel shift of the curve; its correlation with equity is positive, as since 2000.
    """
    generator = np.random.Generator(np.random.PCG64([story.SEED, 2]))
    wide, rate, gold, longevity = generator.standard_normal((4, COUNT))
    common = TILT * wide
    weight = np.exp(-0.5 * (common**2 - wide**2))
    probability = whole_units(weight / weight.sum())

    fat = np.where(common < 0, np.sinh(0.45 * common) / 0.45, common)  # a fat lower tail
    shift = 0.0085 * (0.25 * common + np.sqrt(1 - 0.25**2) * rate)
    return {
        "equity": np.expm1(0.070 + 0.150 * fat),
        "bonds": yield_8y - 6.6 * shift + 0.5 * 52 * shift**2,
        "gold": np.expm1(0.035 + 0.155 * (0.92 * gold - 0.39 * rate)),
        "probability": probability,
        "liability": (1 + liability_yield - liability_duration * shift + 0.5 * liability_convexity * shift**2)
        * np.exp(0.01 * longevity)
        / FUNDING_RATIO,
    }


def whole_units(probability):
    """Rounded to 1 / PROBABILITY_UNITS so that the decimals written sum to one exactly."""
    units = np.floor(probability * PROBABILITY_UNITS).astype(np.int64)
    units[np.argmax(units)] += PROBABILITY_UNITS - units.sum()
    return units / PROBABILITY_UNITS
