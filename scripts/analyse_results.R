#!/usr/bin/env Rscript
# The first five things an analyst does with results.h5, in R (package r-cran-hdf5r). The same in Python:
# scripts/analyse_results.py.
# usage: scripts/analyse_results.R results/quickstart/results.h5
library(hdf5r)
path <- commandArgs(trailingOnly = TRUE)[1]

# 1. Load. R counts dimensions the other way round: funding_ratio(scenario, time) is a matrix time x scenario.
results <- H5File$new(path, mode = "r")
print(results$ls()[, c("name", "dataset.dims")])
value <- function(name) results[[name]]$read()
has <- function(name) results$exists(name)

# 2. Quantiles of the funding ratio by time.
if (has("funding_ratio")) {
  quantiles <- apply(value("funding_ratio"), 1, quantile, probs = c(0.05, 0.5, 0.95), na.rm = TRUE)
  colnames(quantiles) <- value("time")
  cat("\nFunding ratio by time:\n")
  print(t(quantiles))
}

# 3. CVaR by hand. VaR is the least loss that confidence of the scenarios do not exceed; CVaR averages what lies beyond.
risk <- value("tables/risk")
portfolio <- if (has("weights")) "optimal" else "current"
weights <- if (has("weights")) value("weights") else value("weights_current")
row <- risk[risk$of == "return" & risk$portfolio == portfolio, ][1, ]
loss <- sort(-as.vector(weights %*% value("asset_return")))
var <- loss[ceiling(row$confidence * length(loss) - 1e-9)]
cvar <- var + sum(pmax(loss - var, 0)) / ((1 - row$confidence) * length(loss))
cat(sprintf("\nReturn loss, by hand: VaR %.6f, CVaR %.6f; in the file: VaR %.6f, CVaR %.6f\n", var, cvar, row$var, row$cvar))
stopifnot(has("probability") || abs(cvar - row$cvar) < 1e-6 * abs(row$cvar))

# 4. Weights.
cat("\nWeights:\n")
print(value("tables/weights"))

# 5. The balance sheet under stress.
if (has("tables/stress")) {
  cat("\nStresses:\n")
  print(value("tables/stress")[, c("stress", "portfolio", "assets", "liability_pv", "surplus", "funding_ratio")])
}
results$close_all()
