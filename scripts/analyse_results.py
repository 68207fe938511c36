#!/usr/bin/env python3
"""The first five things an analyst does with results.h5, in Python (packages python3-xarray, python3-h5netcdf, python3-h5py,
python3-pandas). The same in R: scripts/analyse_results.R.
usage: scripts/analyse_results.py results/quickstart/results.h5"""
import sys

import h5py
import numpy as np
import pandas as pd
import xarray

path = sys.argv[1]


def table(name):
    """One of the tidy tables under /tables; h5py gives texts as bytes."""
    with h5py.File(path) as file:
        frame = pd.DataFrame(file["tables"][name][:])
    for column in frame.columns[frame.dtypes == object]:
        frame[column] = frame[column].str.decode("utf-8")
    return frame


# 1. Load: dimensions have names, every variable its unit.
results = xarray.open_dataset(path, engine="h5netcdf")
print(results)

# 2. Quantiles of the funding ratio by time.
if "funding_ratio" in results:
    print("\nFunding ratio by time:")
    print(results.funding_ratio.quantile([0.05, 0.5, 0.95], dim="scenario").to_pandas().T)

# 3. CVaR by hand. VaR is the least loss that confidence of the scenarios do not exceed; CVaR averages what lies beyond.
risk = table("risk")
weights = results.weights if "weights" in results else results.weights_current
row = risk[(risk["of"] == "return") & (risk["portfolio"] == ("optimal" if "weights" in results else "current"))].iloc[0]
loss = np.sort(-(results.asset_return @ weights).values)
var = loss[int(np.ceil(row.confidence * loss.size - 1e-9)) - 1]
cvar = var + np.maximum(loss - var, 0).sum() / ((1 - row.confidence) * loss.size)
print(f"\nReturn loss, by hand: VaR {var:.6f}, CVaR {cvar:.6f}; in the file: VaR {row['var']:.6f}, CVaR {row.cvar:.6f}")
assert "probability" in results or abs(cvar - row.cvar) < 1e-6 * abs(row.cvar), "the file's CVaR is another"

# 4. Weights.
print("\nWeights:\n" + table("weights").pivot(index="asset", columns="portfolio", values="weight").to_string())

# 5. The balance sheet under stress.
if "stress" in h5py.File(path)["tables"]:
    columns = ["stress", "portfolio", "assets", "liability_pv", "surplus", "funding_ratio"]
    print("\nStresses:\n" + table("stress")[columns].to_string(index=False))
