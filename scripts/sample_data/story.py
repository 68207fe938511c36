"""The story the sample data tells, in round numbers: when markets fell, where rates stood, which correlations held.

It is US-like in outline so that an analyst recognises the episodes; no observation of any data vendor is used. Between the
anchors everything is random (market.py, curve.py). Sources of the magnitudes: data/README.md.
"""

import numpy as np

SEED = 20261124  # of forty tried, one of the three with which every check holds (checks.py)
FIRST = np.datetime64("1995-12-29")  # the last business day before the first return month
LAST = np.datetime64("2025-12-31")
DAILY_FROM = np.datetime64("2015-12-31")  # the daily files' first price; their first return is the next business day
DAYS_PER_YEAR = 261  # weekdays; no holiday calendar
TENORS = np.array([0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30])

# World equity: last day of an episode, its total log return, its annual volatility, and the correlation of the equity shock
# with the shocks to the curve's level and (short minus long) slope: negative before 2000 and in the rate shock of 2022 (bonds
# fall with equities), positive between (bonds rise when equities fall).
EPISODES = [  # until, log return, volatility, corr(level), corr(slope), crisis
    ("1998-07-15", 0.55, 0.115, -0.25, -0.05, False),
    ("1998-10-08", -0.22, 0.240, 0.45, 0.30, True),
    ("2000-03-24", 0.50, 0.135, -0.15, 0.00, False),
    ("2002-10-09", -0.60, 0.185, 0.35, 0.20, True),
    ("2007-10-31", 0.93, 0.100, 0.15, 0.05, False),
    ("2008-08-31", -0.17, 0.180, 0.40, 0.20, True),
    ("2009-03-09", -0.54, 0.350, 0.45, 0.25, True),
    ("2011-04-29", 0.68, 0.190, 0.35, 0.00, False),
    ("2011-09-30", -0.21, 0.220, 0.50, 0.00, True),
    ("2015-05-29", 0.52, 0.105, 0.25, 0.00, False),
    ("2016-02-11", -0.17, 0.155, 0.35, 0.00, False),
    ("2018-01-26", 0.40, 0.090, 0.15, 0.05, False),
    ("2018-12-24", -0.15, 0.140, 0.25, 0.10, False),
    ("2020-02-19", 0.31, 0.110, 0.25, 0.10, False),
    ("2020-03-23", -0.41, 0.600, 0.45, 0.20, True),
    ("2021-12-31", 0.72, 0.165, 0.10, 0.00, False),
    ("2022-10-12", -0.29, 0.195, -0.45, -0.10, True),
    ("2025-12-31", 0.60, 0.130, -0.20, -0.05, False),
]

# The curve's centre, percent, continuous: shadow short rate, long rate, Nelson-Siegel curvature. Below zero the short rate is
# a shadow rate; the curve itself is floored softly (curve.py).
CURVE_ANCHORS = [
    ("1995-12-31", 5.25, 6.25, 0.0),
    ("1997-03-31", 5.25, 7.00, 0.0),
    ("1998-06-30", 5.25, 6.00, 0.0),
    ("1998-12-31", 4.50, 5.50, -0.5),
    ("2000-06-30", 6.00, 6.25, 0.5),
    ("2001-12-31", 1.75, 5.75, -1.0),
    ("2003-06-30", 1.00, 5.00, -2.0),
    ("2004-06-30", 1.25, 5.50, -0.5),
    ("2006-06-30", 5.00, 5.25, -0.5),
    ("2007-08-31", 4.75, 5.00, -1.0),
    ("2008-08-31", 1.75, 4.75, -1.5),
    ("2008-12-31", -0.25, 3.50, -2.5),
    ("2009-12-31", -0.50, 5.00, -2.5),
    ("2012-06-30", -1.00, 3.25, -3.5),
    ("2013-12-31", -0.75, 4.25, -3.0),
    ("2015-12-31", 0.25, 3.25, -1.0),
    ("2016-06-30", 0.50, 2.50, -1.5),
    ("2018-10-31", 2.25, 3.50, 0.0),
    ("2020-02-19", 1.50, 2.25, -1.0),
    ("2020-03-31", -0.50, 1.75, -1.5),
    ("2021-03-31", -0.75, 2.75, -2.5),
    ("2021-12-31", 0.00, 2.25, -0.5),
    ("2022-10-31", 3.75, 4.25, 1.0),
    ("2023-10-31", 5.25, 4.75, -0.5),
    ("2024-08-31", 5.00, 4.25, -1.5),
    ("2025-12-31", 3.75, 4.75, -1.0),
]

# Centre of the investment-grade spread, percent.
SPREAD_ANCHORS = [
    ("1995-12-31", 0.8), ("1998-07-15", 0.9), ("1998-10-08", 1.5), ("2000-03-24", 1.4), ("2002-10-09", 2.4),
    ("2004-06-30", 1.0), ("2007-06-30", 1.0), ("2008-08-31", 2.8), ("2008-12-05", 5.5), ("2009-03-09", 5.0),
    ("2009-12-31", 1.9), ("2011-04-29", 1.5), ("2011-09-30", 2.5), ("2014-06-30", 1.1), ("2016-02-11", 2.0),
    ("2018-01-26", 0.9), ("2018-12-24", 1.5), ("2020-02-19", 1.0), ("2020-03-23", 3.7), ("2020-12-31", 1.0),
    ("2021-12-31", 0.9), ("2022-10-12", 1.7), ("2024-12-31", 0.9), ("2025-12-31", 0.9),
]  # fmt: skip

# Centre of annual consumer price inflation, percent.
INFLATION_ANCHORS = [
    ("1995-12-31", 2.7), ("1998-12-31", 1.5), ("2000-06-30", 3.3), ("2002-06-30", 1.5), ("2006-06-30", 3.5),
    ("2008-07-31", 4.5), ("2008-10-31", -4.0), ("2009-03-31", 1.0), ("2011-06-30", 3.0), ("2015-06-30", 0.8),
    ("2018-06-30", 2.3), ("2020-02-29", 1.5), ("2020-04-30", -2.0), ("2020-09-30", 2.5), ("2021-06-30", 6.5),
    ("2022-06-30", 8.5), ("2022-09-30", 4.0), ("2023-06-30", 3.3), ("2025-12-31", 2.6),
]  # fmt: skip

# The other risky assets: beta to world equity when calm and in a crisis (correlations rise), volatility of their own, exposure
# to the ten-year rate, and the annual log return that the whole history is centred on.
RISKY = {  # name: (calm beta, crisis beta, own volatility, rate duration, annual log return)
    "equity_em": (1.05, 1.15, 0.140, 0.0, 0.070),
    "real_estate": (0.70, 0.95, 0.118, 2.0, 0.077),
    "commodities": (0.20, 0.40, 0.127, -1.0, 0.030),
    "infrastructure": (0.68, 0.85, 0.078, 1.5, 0.076),
}
# Episodes of their own: from, until, log return beyond the beta.
OWN_EPISODES = {
    "equity_em": [("1997-07-01", "1998-10-08", -0.50), ("2002-10-10", "2007-10-31", 0.55), ("2021-02-15", "2022-10-12", -0.20)],
    "real_estate": [("2000-03-25", "2002-10-09", 0.50), ("2007-02-01", "2009-03-09", -0.40), ("2009-03-10", "2010-12-31", 0.30)],
    "commodities": [
        ("1997-10-01", "1998-12-31", -0.35), ("1999-01-01", "2000-09-30", 0.45), ("2004-01-01", "2008-06-30", 0.45),
        ("2008-07-01", "2009-02-28", -0.55), ("2014-07-01", "2016-01-31", -0.65), ("2021-01-01", "2022-06-08", 0.60),
    ],
    "infrastructure": [],
}  # fmt: skip


def business_days():
    """Every weekday from FIRST to LAST."""
    days = np.arange(FIRST, LAST + 1)
    return days[np.is_busday(days)]


def along(anchors, days):
    """Anchor columns interpolated linearly in time: shape (days, columns)."""
    at = np.array([row[0] for row in anchors], dtype="datetime64[D]").astype(float)
    columns = np.array([row[1:] for row in anchors], dtype=float)
    return np.column_stack([np.interp(days.astype(float), at, column) for column in columns.T])


def episode_of(days):
    """The index into EPISODES of each day."""
    until = np.array([row[0] for row in EPISODES], dtype="datetime64[D]")
    return np.searchsorted(until, days)
