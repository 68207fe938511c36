"""What the files must show, measured on the files as written: each check is a line of the table in data/README.md."""

import csv
from itertools import combinations

import numpy as np

from . import curve, story

RISKY = ["equity_world", "equity_em", "real_estate", "commodities", "infrastructure"]
CRISES = [  # name, first and last return month, what the curve must do
    ("dot-com bear market", "2000-04", "2002-09", "flight"),
    ("financial crisis", "2007-11", "2009-02", "flight"),
    ("pandemic", "2020-02", "2020-03", "flight"),
    ("rate shock", "2022-01", "2022-10", "rates"),
]


class Table:
    """Checks as (what, measured, low, high, why); `failures` are sentences."""

    def __init__(self):
        self.rows, self.failures = [], []

    def require(self, what, value, low, high, why, form=".3f"):
        shown = [format(x, form) for x in (value, low, high)]
        self.rows.append([what, shown[0], f"{shown[1]} to {shown[2]}", why])
        if not low <= value <= high:
            self.failures.append(f"{what} is {value:.6g} (it must lie between {low:g} and {high:g}: {why})")

    def markdown(self):
        return markdown(["what", "measured", "required", "because"], self.rows)


def markdown(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def read(path):
    """Dates (or None) and columns by name."""
    with open(path, newline="", encoding="ascii") as file:
        header, *rows = csv.reader(file)
    dated = header[0] in ("", "Date")
    dates = np.array([row[0] for row in rows], dtype="datetime64[D]") if dated else None
    start = 1 if dated else 0
    return dates, {name: np.array([float(row[k]) for row in rows]) for k, name in enumerate(header) if k >= start}


def excess_kurtosis(x):
    return ((x - x.mean()) ** 4).mean() / x.var() ** 2 - 3


def skewness(x):
    return ((x - x.mean()) ** 3).mean() / x.var() ** 1.5


def autocorrelation(x, lag):
    x = x - x.mean()
    return (x[lag:] * x[:-lag]).sum() / (x * x).sum()


def drawdown(returns):
    """The largest loss from a peak."""
    wealth = np.concatenate([[1], np.cumprod(1 + returns)])
    return (wealth / np.maximum.accumulate(wealth) - 1).min()


def total(returns):
    return np.prod(1 + returns) - 1


def mean_correlation(series, rows):
    return np.mean([np.corrcoef(series[a][rows], series[b][rows])[0, 1] for a, b in combinations(RISKY, 2)])


def liability_value(folder):
    """PV, durations (annual compounding) and convexity of the cash flows on yield_curve.csv, and the par yield of eight years."""
    dates, flows = read(folder / "liability_cashflows.csv")
    _, points = read(folder / "yield_curve.csv")
    amounts, continuous = flows["Cashflow"], np.log1p(points["Rate"])
    t = (dates - story.LAST).astype(int) / 365
    rate = np.interp(t, points["Maturity"], continuous)
    pv = amounts * np.exp(-rate * t)
    bond = np.arange(1, 9)
    discount = np.exp(-np.interp(bond, points["Maturity"], continuous) * bond)
    return {
        "pv": pv.sum(),
        "duration": (t * pv).sum() / pv.sum(),
        "modified_duration": (t * pv / np.exp(rate)).sum() / pv.sum(),
        "convexity": (t * (t + 1) * pv / np.exp(2 * rate)).sum() / pv.sum(),
        "yield": np.expm1((rate * t * pv).sum() / (t * pv).sum()),
        "par_yield_8y": (1 - discount[-1]) / discount.sum(),
        "peak_year": t[amounts.argmax()],
        "rows": len(t),
    }


def within_episode(dates, x):
    """x over its mean in the story's episode."""
    episode = story.episode_of(dates)
    return x / (np.bincount(episode, x)[episode] / np.bincount(episode)[episode])


def check_series(table, months, monthly, daily_dates, daily):
    targets = {  # volatility range and long-run return range, annual
        "equity_world": (0.145, 0.165, 0.07, 0.10),
        "equity_em": (0.205, 0.24, 0.05, 0.10),
        "government_bonds": (0.048, 0.062, 0.035, 0.06),
        "corporate_bonds": (0.048, 0.062, 0.04, 0.07),
        "real_estate": (0.165, 0.195, 0.06, 0.10),
        "commodities": (0.145, 0.165, 0.01, 0.06),
        "infrastructure": (0.12, 0.155, 0.06, 0.10),
    }
    rows = []
    for name, (low, high, poorest, richest) in targets.items():
        r = monthly[name]
        growth, volatility = (1 + total(r)) ** (12 / len(r)) - 1, r.std(ddof=1) * np.sqrt(12)
        table.require(f"{name}: annual volatility of monthly returns", volatility, low, high, "published magnitude")
        table.require(f"{name}: annual geometric return", growth, poorest, richest, "published magnitude")
        figures = [growth, volatility, skewness(r), excess_kurtosis(r), r.min(), r.max(), drawdown(r)]
        forms = [".1%", ".1%", ".2f", ".1f", ".1%", ".1%", ".0%"]
        rows.append([name, *[format(x, form) for x, form in zip(figures, forms)]])
    inflation = monthly["inflation"]
    table.require("inflation: annual mean", inflation.mean() * 12, 0.015, 0.035, "published magnitude")
    rows.append(["inflation", f"{(1 + total(inflation)) ** (12 / len(months)) - 1:.1%}", f"{inflation.std() * 12**0.5:.1%}"] + [""] * 5)

    x = daily["equity_world"]
    error = 3 / np.sqrt(len(x))
    table.require("equity_world: excess kurtosis, monthly", excess_kurtosis(monthly["equity_world"]), 1, 8, "fat tails")
    table.require("equity_world: excess kurtosis, daily", excess_kurtosis(x), 4, 30, "fat tails")
    table.require("equity_world: skewness, monthly", skewness(monthly["equity_world"]), -1.5, -0.3, "crashes, not rallies")
    for lag in (1, 5, 10):
        table.require(f"autocorrelation of absolute daily equity returns, lag {lag}", autocorrelation(abs(x), lag), error, 0.5,
                      "volatility clusters; low end is 3 standard errors")  # fmt: skip
    table.require("autocorrelation of squared daily equity returns, lag 1", autocorrelation(x**2, 1), error, 0.5, "the same")
    within = within_episode(daily_dates, abs(x))
    table.require("autocorrelation of absolute daily equity returns over their episode's mean, mean of lags 1 to 5",
                  np.mean([autocorrelation(within, lag) for lag in range(1, 6)]), error / 5**0.5, 0.5, "within episodes too: GARCH, not only regimes")  # fmt: skip
    table.require("autocorrelation of daily equity returns, lag 1", autocorrelation(x, 1), -0.08, 0.08, "no forecast in the sign")
    header = ["series", "return a year", "volatility", "skewness", "excess kurtosis", "worst month", "best month", "worst drawdown"]
    return markdown(header, rows)


def check_crises(table, months, monthly, rates):
    mixed = 0.6 * monthly["equity_world"] + 0.4 * monthly["government_bonds"]
    crisis_rows, rows = np.zeros(len(months), dtype=bool), []
    for name, first, last, kind in CRISES:
        inside = (months >= np.datetime64(first)) & (months <= np.datetime64(last))
        start, end = np.flatnonzero(inside)[0], np.flatnonzero(inside)[-1] + 1  # rates has one row more, in front
        short, ten = (100 * (rates[tenor][end] - rates[tenor][start]) for tenor in ("0.25", "10"))
        equity, bonds = total(monthly["equity_world"][inside]), total(monthly["government_bonds"][inside])
        fall = drawdown(mixed[inside])
        if kind == "flight":
            crisis_rows |= inside
            table.require(f"{name}: world equity", equity, -0.60, -0.20, "a crisis")
            table.require(f"{name}: government bonds", bonds, 0.005, 0.60, "flight to quality")
            table.require(f"{name}: three-month rate, percentage points", short, -6, -0.75, "short rates are cut")
            table.require(f"{name}: ten-year less three-month, percentage points", ten - short, 0.3, 5, "the curve steepens")
        else:
            table.require(f"{name}: world equity", equity, -0.35, -0.15, "rates and equities fall together")
            table.require(f"{name}: government bonds", bonds, -0.25, -0.08, "rates and equities fall together")
            table.require(f"{name}: three-month rate, percentage points", short, 2, 5, "short rates are raised")
        if name == "financial crisis":
            table.require("financial crisis: 60/40, peak to trough", fall, -1 / 3, -1 / 4, "a quarter to a third lost")
        rows.append([name, f"{first} to {last}", f"{equity:.0%}", f"{bonds:.0%}", f"{total(monthly['corporate_bonds'][inside]):.0%}",
                     f"{total(monthly['real_estate'][inside]):.0%}", f"{fall:.0%}", f"{short:+.1f}", f"{ten:+.1f}"])  # fmt: skip
    calm, crisis = mean_correlation(monthly, ~crisis_rows), mean_correlation(monthly, crisis_rows)
    table.require("mean pairwise correlation of the five risky series, other months", calm, 0.25, 0.6, "diversification when calm")
    table.require("the same in the three crises", crisis, calm + 0.1, 0.95, "correlations rise in crises, by 0.1 or more")
    for name, first, last, low, high in [("1996-1999", "1996-01", "1999-12", -0.15, 0.6), ("2000-2021", "2000-01", "2021-12", -0.6, -0.1),
                                         ("2022-2025", "2022-01", "2025-12", 0.05, 0.8)]:  # fmt: skip
        inside = (months >= np.datetime64(first)) & (months <= np.datetime64(last))
        value = np.corrcoef(monthly["equity_world"][inside], monthly["government_bonds"][inside])[0, 1]
        table.require(f"correlation of world equity and government bonds {name}", value, low, high, "its sign changes with the regime")
    header = ["crisis", "months", "world equity", "government bonds", "corporate bonds", "real estate", "60/40 drawdown",
              "three-month rate, points", "ten-year rate, points"]  # fmt: skip
    return markdown(header, rows)


def check_curve(table, dates, rates):
    tenors = np.array([float(name) for name in rates])
    zero = np.log1p(np.column_stack(list(rates.values())))
    forward = np.diff(zero * tenors, axis=1) / np.diff(tenors)
    table.require("lowest zero rate", np.expm1(zero.min()), 0.0002, 0.002, "near zero, never below", ".4f")
    table.require("highest zero rate", np.expm1(zero.max()), 0.05, 0.09, "nothing pathological", ".4f")
    table.require("lowest forward rate between tenors", forward.min(), 0, 0.01, "discount factors fall with time", ".4f")
    table.require("highest forward rate between tenors", forward.max(), 0.05, 0.095, "nothing pathological", ".4f")
    table.require("largest change of the zero rate's slope between neighbouring tenors from 1 year, points a year",
                  100 * abs(np.diff(np.diff(zero[:, 2:], axis=1) / np.diff(tenors[2:]), axis=1)).max(), 0, 0.6, "smooth across tenors")  # fmt: skip

    def mean_rate(tenor, first, last):
        inside = (dates >= np.datetime64(first)) & (dates <= np.datetime64(last))
        return rates[tenor][inside].mean()

    table.require("ten-year rate, mean of 1996", mean_rate("10", "1996-01", "1996-12-31"), 0.05, 0.075, "the story", ".4f")
    table.require("ten-year rate, mean of 2020-06 to 2021-06", mean_rate("10", "2020-06", "2021-06-30"), 0.005, 0.025, "the story", ".4f")
    table.require("three-month rate, the same months", mean_rate("0.25", "2020-06", "2021-06-30"), 0, 0.006, "the story", ".4f")
    table.require("ten-year rate, mean of 2023-2025", mean_rate("10", "2023-01", "2025-12-31"), 0.035, 0.055, "the story", ".4f")

    share = np.linalg.eigvalsh(np.cov(np.diff(zero, axis=0).T))[::-1]
    share = share / share.sum()
    for k, low, high, published in [(0, 0.80, 0.95, "89.5%"), (1, 0.04, 0.15, "8.5%"), (2, 0.005, 0.04, "2.0%")]:
        table.require(f"share of principal component {k + 1} in the variance of monthly changes", share[k], low, high,
                      f"Litterman & Scheinkman: {published} of what three factors explain")  # fmt: skip
    # Regressed on the Nelson-Siegel loadings month by month, as Diebold & Li do.
    factors = np.linalg.lstsq(curve.loadings(tenors), zero.T, rcond=None)[0]
    for name, x, published in zip(("level", "slope", "curvature"), factors, (0.957, 0.969, 0.901)):
        table.require(f"monthly autocorrelation of {name}", autocorrelation(x, 1), published - 0.06, 0.995, f"Diebold & Li: {published}")


def check_bonds(table, dates, months, monthly, rates):
    """The bonds against the monthly curve file: a par bond bought at one month-end and sold at the next."""
    zero = np.log1p(np.column_stack(list(rates.values())))
    copy = curve.constant_maturity_returns(dates, zero, np.zeros(len(dates)), 8)[1:]
    bonds = monthly["government_bonds"]
    table.require("government_bonds against a monthly par bond of 8 years off the curve file: correlation", np.corrcoef(bonds, copy)[0, 1],
                  0.9995, 1, "bonds are bonds", ".5f")  # fmt: skip
    table.require("the same: difference of means, basis points a month", 1e4 * (bonds - copy).mean(), -0.5, 0.5, "daily rolling only", ".2f")
    change = np.diff((2 * rates["7"] + rates["10"]) / 3)
    duration = -np.polyfit(change, bonds, 1)[0]
    table.require("government_bonds: duration by regression on the eight-year rate", duration, 6, 7.5, "7 to 10 years' government bonds")
    duration = -np.polyfit(change, monthly["corporate_bonds"], 1)[0]
    table.require("corporate_bonds: the same", duration, 2.5, 5.5, "lower: spreads widen when rates fall")


def check_credit(table, folder, dates, monthly, rates):
    """The spread file: its own shape, and the corporate bonds from it."""
    _, spreads = read(folder / "credit_spreads_monthly.csv")
    spread = spreads["investment_grade"]
    table.require("investment-grade spread: mean", spread.mean(), 0.010, 0.020, "long-run averages of 1 to 2%", ".4f")
    table.require("the same: largest", spread.max(), 0.03, 0.08, "about 6% in late 2008", ".4f")
    change = np.diff(np.log(spread))
    table.require("the same: volatility of the logarithm, a year", change.std() * np.sqrt(12), 0.2, 0.7, "a quarter to a half")
    correlation = np.corrcoef(change, monthly["equity_world"])[0, 1]
    table.require("the same: correlation of its changes with world equity", correlation, -0.8, -0.3, "widens when equities fall")
    zero = np.log1p(np.column_stack(list(rates.values())))
    copy = curve.constant_maturity_returns(dates, zero, spread, 6)[1:] - 0.005 / 12
    bonds = monthly["corporate_bonds"]
    table.require("corporate_bonds against a monthly par bond of 6 years at curve plus spread, less 0.5% a year: correlation",
                  np.corrcoef(bonds, copy)[0, 1], 0.9995, 1, "bonds are bonds", ".5f")  # fmt: skip
    table.require("the same: difference of means, basis points a month", 1e4 * (bonds - copy).mean(), -0.5, 0.5, "daily rolling only", ".2f")
    _, prices = read(folder / "consumer_prices.csv")
    gap = abs(prices["cpi"][1:] / prices["cpi"][:-1] - 1 - monthly["inflation"]).max()
    table.require("changes of consumer prices less the monthly file's inflation, largest", gap, 0, 1e-8, "rounding", ".1e")


def check_files(table, folder, months, monthly, daily_dates, daily, curve_dates, rates):
    """The files agree with one another."""
    price_dates, prices = read(folder / "asset_prices.csv")
    _, points = read(folder / "yield_curve.csv")
    month_of = daily_dates.astype("datetime64[M]")
    window = np.unique(month_of)
    gap = max(abs(total(daily[name][month_of == m]) - monthly[name][months == m][0]) for name in daily for m in window)
    table.require("daily returns compounded less the monthly file, largest difference", gap, 0, 5.1e-9, "rounding of the eighth decimal", ".1e")
    gap = max(abs(prices[name][1:] / prices[name][:-1] - 1 - daily[name]).max() for name in daily)
    table.require("returns of the prices less the daily file, largest difference", gap, 0, 3e-8, "rounding of the sixth decimal", ".1e")
    gap = max(abs(rate - rates[f"{t:g}"][-1]) for t, rate in zip(points["Maturity"], points["Rate"]))
    table.require("yield_curve.csv less the last row of yield_curve_monthly.csv", gap, 0, 0, "the same curve", ".1e")
    fits = (price_dates[1:] == daily_dates).all() and len(months) == 360 and len(window) == 120
    fits = fits and len(curve_dates) == 361 and (curve_dates[1:].astype("datetime64[M]") == months).all()
    table.require("dates fit: 360 months, 361 curves, 120 months of daily returns, one price more than returns", fits, 1, 1, "alignment", "d")


def check_liability(table, folder):
    value = liability_value(folder)
    table.require("liability: PV on yield_curve.csv, millions", value["pv"] / 1e6, 900, 1100, "about a billion", ",.3f")
    table.require("liability: Macaulay duration, years", value["duration"], 14, 17, "a pension fund's")
    table.require("liability: modified duration (annual), years", value["modified_duration"], 13, 17, "a pension fund's")
    table.require("liability: convexity (annual)", value["convexity"], 250, 500, "a pension fund's", ".1f")
    table.require("liability: payments peak after, years", value["peak_year"], 10, 25, "rise, then decay")
    table.require("liability: months of payments", value["rows"], 780, 780, "65 years", "d")


def check_own_scenarios(table, folder):
    _, own = read(folder / "own_scenarios.csv")
    p = own["probability"]
    table.require("own scenarios: probabilities sum to one within", abs(np.sum(p) - 1), 0, 1e-12, "a law", ".1e")
    table.require("own scenarios: effective number, 1 / sum p^2", 1 / (p**2).sum(), 2500, 4990, "unequal, none dominates", ".0f")
    for name, low, high, least, most in [("equity", 0.06, 0.10, 0.14, 0.20), ("bonds", 0.03, 0.06, 0.04, 0.07), ("gold", 0.03, 0.07, 0.13, 0.19)]:
        mean = p @ own[name]
        table.require(f"own scenarios, {name}: mean", mean, low, high, "magnitude of one year")
        table.require(f"own scenarios, {name}: volatility", np.sqrt(p @ (own[name] - mean) ** 2), least, most, "magnitude of one year")
        table.require(f"own scenarios, {name}: worst", own[name].min(), -0.95, -0.05, "no worse than a total loss")
        table.require(f"own scenarios, {name}: best", own[name].max(), 0.05, 2.0, "nothing pathological")
    bonds, liability = own["bonds"] - p @ own["bonds"], own["liability"] - p @ own["liability"]
    together = p @ (bonds * liability) / np.sqrt(p @ bonds**2 * (p @ liability**2))
    table.require("own scenarios: correlation of bonds and liability", together, 0.9, 0.999, "the same curve moves both")


def run(folder):
    """Check every file in `folder`, write the tables into its README.md if it has one, and return the failures."""
    table = Table()
    monthly_dates, monthly = read(folder / "market_returns_monthly.csv")
    daily_dates, daily = read(folder / "market_returns_daily.csv")
    curve_dates, rates = read(folder / "yield_curve_monthly.csv")
    months = monthly_dates.astype("datetime64[M]")
    series = check_series(table, months, monthly, daily_dates, daily)
    crises = check_crises(table, months, monthly, rates)
    check_curve(table, curve_dates, rates)
    check_bonds(table, curve_dates, months, monthly, rates)
    check_credit(table, folder, curve_dates, monthly, rates)
    check_liability(table, folder)
    check_own_scenarios(table, folder)
    check_files(table, folder, months, monthly, daily_dates, daily, curve_dates, rates)
    print(f"{len(table.rows) - len(table.failures)} of {len(table.rows)} checks hold")
    write_tables(folder / "README.md", {"series": series, "crises": crises, "checks": table.markdown()})
    return table.failures


def write_tables(path, tables):
    """Replace what stands between <!-- NAME --> and <!-- end NAME -->."""
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    for name, body in tables.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
        text = text[: text.index(begin) + len(begin)] + body + text[text.index(end) :]
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path}: tables written")
