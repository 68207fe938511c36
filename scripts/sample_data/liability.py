"""Expected benefit payments of a closed pension fund: accrued pensions by age, Gompertz mortality, fixed indexation."""

import numpy as np

YEARS = 65
PENSION_AGE = 66
MODAL_AGE, DISPERSION = 89.0, 9.5  # Gompertz: hazard exp((x - modal) / dispersion) / dispersion
INDEXATION = 0.02  # a year, also on pensions not yet in payment
YOUNGEST, OLDEST = 28, 95


def survival(age, years):
    """Probability that a person of `age` lives `years` more."""
    return np.exp(np.exp((age - MODAL_AGE) / DISPERSION) - np.exp((age + years - MODAL_AGE) / DISPERSION))


def members():
    """Ages, head counts and yearly pensions accrued so far, at the valuation date."""
    age = YOUNGEST + (np.arange(12 * (OLDEST - YOUNGEST)) + 0.5) / 12  # by month of birth, so that pensions start evenly
    working = np.clip((age - 24) / (44 - 24), 0, 1) * 160 / 12  # closed to new members: few are young
    heads = np.where(age < PENSION_AGE, working, 140 / 12 * survival(PENSION_AGE, np.maximum(age - PENSION_AGE, 0)))
    service = np.clip((age - 25) / (PENSION_AGE - 25), 0, 1)
    pension = np.where(age < PENSION_AGE, 18_000 * service, 15_500)
    return age, heads, pension


def cashflows():
    """Month-ends 2026-01-31 .. 2090-12-31 and the payment of each month, six significant digits."""
    months = np.arange(np.datetime64("2026-01"), np.datetime64("2026-01") + 12 * YEARS)
    dates = (months + 1).astype("datetime64[D]") - 1
    years = np.arange(1, 12 * YEARS + 1)[:, None] / 12
    age, heads, pension = members()
    alive = survival(age, years) * (age + years >= PENSION_AGE)
    monthly = (heads * pension / 12 * alive).sum(axis=1) * (1 + INDEXATION) ** years[:, 0]
    return dates, np.array([float(f"{amount:.6g}") for amount in monthly])
