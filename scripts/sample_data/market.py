"""Daily returns of every series over thirty years, from one volatility process, one equity factor and the curve."""

import numpy as np

from . import curve, story

# GJR-GARCH(1,1) of the multiplier of an episode's variance (Glosten, Jagannathan & Runkle 1993): mean one, leverage.
ALPHA, LEVERAGE, BETA = 0.04, 0.10, 0.895
DEGREES_OF_FREEDOM = 6
GOVERNMENT_YEARS, CORPORATE_YEARS = 8, 6
CREDIT_LOSS = 0.005  # a year: defaults and forced sales after downgrades; an index keeps about half its spread (Ng & Phelps 2011)
SPREAD_REVERSION, SPREAD_VOLATILITY, SPREAD_EQUITY_CORRELATION = 2.0, 0.32, -0.55


def student(generator, shape):
    """Student t shocks of unit variance from normals only, so that the numbers survive changes of NumPy's other variates."""
    chi = (generator.standard_normal((*shape, DEGREES_OF_FREEDOM)) ** 2).sum(axis=-1)
    return generator.standard_normal(shape) * np.sqrt((DEGREES_OF_FREEDOM - 2) / chi)


def volatility_multiplier(shock):
    """Square root of the GJR-GARCH variance driven by `shock` (days,)."""
    variance = np.ones(len(shock))
    for t in range(1, len(shock)):
        hit = ALPHA + LEVERAGE * (shock[t - 1] < 0)
        variance[t] = 1 - ALPHA - LEVERAGE / 2 - BETA + (hit * shock[t - 1] ** 2 + BETA) * variance[t - 1]
    return np.sqrt(variance)


def simulate():
    """A dict: `days`; `rates`, continuous zero (days, tenors); `series`, daily simple returns by name;
    `spread`, of the corporate bonds, continuous; `inflation`, monthly."""
    generator = np.random.Generator(np.random.PCG64(story.SEED))
    days = story.business_days()
    n = len(days)
    shock = student(generator, (n,))
    own = student(generator, (n, len(story.RISKY) + 1))
    rate_own = student(generator, (n, 3))

    episode = story.episode_of(days)
    _, totals, volatility, with_level, with_slope, crisis = zip(*story.EPISODES)
    crisis = np.array(crisis)[episode]
    multiplier = even_out(volatility_multiplier(shock), episode)
    daily = np.array(volatility)[episode] / np.sqrt(story.DAYS_PER_YEAR) * multiplier
    equity = bridge(daily * shock, daily, episode, totals)

    # Curve shocks share the equity shock by the episode's correlations; level and slope are correlated with each other.
    to_level, to_slope = np.array(with_level)[episode], np.array(with_slope)[episode]
    level = to_level * shock + np.sqrt(1 - to_level**2) * rate_own[:, 0]
    rest = np.sqrt(1 - curve.LEVEL_SLOPE_CORRELATION**2 - to_slope**2)
    slope = curve.LEVEL_SLOPE_CORRELATION * rate_own[:, 0] + to_slope * shock + rest * rate_own[:, 1]
    factors = curve.simulate_factors(days, np.column_stack([level, slope, rate_own[:, 2]]), multiplier**0.5)
    rates = curve.zero_rates(factors, story.TENORS)
    ten_year_change = np.diff(rates[:, list(story.TENORS).index(10)], prepend=np.nan)
    ten_year_change[0] = 0

    series = {"equity_world": np.expm1(equity)}
    for k, (name, (calm_beta, crisis_beta, own_volatility, duration, growth)) in enumerate(story.RISKY.items()):
        x = np.where(crisis, crisis_beta, calm_beta) * equity - duration * ten_year_change
        x = x + own_volatility / np.sqrt(story.DAYS_PER_YEAR) * multiplier**0.5 * own[:, k]
        for since, until, total in story.OWN_EPISODES[name]:
            inside = (days >= np.datetime64(since)) & (days <= np.datetime64(until))
            x = x + inside * (total / inside.sum())
        x = x + (growth * 30 - x[1:].sum()) / (n - 1)
        series[name] = np.expm1(x)
    spread = simulate_spread(days, shock, own[:, -1], multiplier)
    series["government_bonds"] = curve.constant_maturity_returns(days, rates, np.zeros(n), GOVERNMENT_YEARS)
    loss = np.diff(days, prepend=days[0]).astype(int) / 365 * CREDIT_LOSS
    series["corporate_bonds"] = curve.constant_maturity_returns(days, rates, spread, CORPORATE_YEARS) - loss
    inflation = simulate_inflation(generator)
    return {"days": days, "rates": rates, "series": series, "spread": spread, "inflation": inflation}


def even_out(multiplier, episode):
    """The multiplier scaled to a mean square of one within each episode, whose volatility is then the story's."""
    mean_square = np.bincount(episode, multiplier**2) / np.bincount(episode)
    return multiplier / np.sqrt(mean_square[episode])


def bridge(noise, volatility, episode, totals):
    """Noise moved, in proportion to its volatility, so that each episode's log returns sum to the story's total."""
    result = noise.copy()
    result[0] = 0
    for k, total in enumerate(totals):
        inside = (episode == k) & (np.arange(len(noise)) > 0)
        result[inside] += (total - result[inside].sum()) * volatility[inside] / volatility[inside].sum()
    return result


def simulate_spread(days, shock, own, multiplier):
    """Investment-grade spread, continuous: an AR(1) of its logarithm around the anchors, widening when equities fall."""
    centre = np.log(story.along(story.SPREAD_ANCHORS, days)[:, 0] / 100)
    rho = SPREAD_EQUITY_CORRELATION
    step = SPREAD_VOLATILITY / np.sqrt(story.DAYS_PER_YEAR) * multiplier * (rho * shock + np.sqrt(1 - rho**2) * own)
    keep = np.exp(-SPREAD_REVERSION / story.DAYS_PER_YEAR)
    deviation = np.zeros(len(days))
    for t in range(1, len(days)):
        deviation[t] = keep * deviation[t - 1] + step[t]
    return np.exp(centre + deviation)


def month_ends():
    """Calendar month-ends 1995-12 to 2025-12."""
    months = np.arange(np.datetime64("1996-01"), np.datetime64("2026-02"))
    return months.astype("datetime64[D]") - 1


def simulate_inflation(generator):
    """Monthly inflation: the anchors' rate plus an AR(1) of monthly standard deviation 0.2%."""
    ends = month_ends()[1:]
    centre = story.along(story.INFLATION_ANCHORS, ends)[:, 0] / 1200
    noise = generator.standard_normal(len(ends)) * 0.0018
    for t in range(1, len(ends)):
        noise[t] += 0.3 * noise[t - 1]
    return centre + noise


def compound_by_month(days, returns):
    """Product of (1 + daily) less one over each month of month_ends()[1:]; `days` after the first only."""
    growth = np.log1p(returns)
    months = days.astype("datetime64[M]")
    wanted = month_ends()[1:].astype("datetime64[M]")
    return np.array([np.expm1(growth[months == month].sum()) for month in wanted[wanted >= months[0]]])
