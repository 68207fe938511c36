"""What the optimizer is asked for in studies, and what its results say; each objective measured again by hand."""

from program import BAD_DATA, NO_SOLUTION, OPTIMIZE, OWN_STUDY, STUDY, Case


class Optimizer(Case):
    def optimise(self, section, **expected):
        self.write("study.yaml", STUDY.replace(OPTIMIZE, f"optimize: {section}\n"))
        return self.run_ballast("run", "study.yaml", **expected)

    def test_every_objective(self):
        for section, loss in (
                ("{objective: max_return, loss: return, constraints: {max_cvar: 0.08}}", "return"),
                ("{objective: mean_cvar, risk_aversion: 0.5, worst_case: [{file: bad.csv}]}", "surplus"),
                ("{objective: mean_variance, risk_aversion: 2}", "surplus"),
                ("{objective: min_variance, constraints: {tracking_error: 0.03}, "
                 "benchmark: {equity: 0.5, bonds: 0.5}}", "surplus"),
                ("{objective: max_sharpe, trading_costs: {cost: 0.001}}", "return"),
                ("{objective: min_cvar, loss: benchmark, benchmark: {equity: 0.5, bonds: 0.5}, "
                 "constraints: {min_return: 0.045}}", "benchmark"),
                ("{objective: min_cvar, constraints: {cvar_limits: [{max: 0.05, confidence: 0.5}], max_short: 0}}",
                 "surplus")):
            rows = "\n".join(f"{-0.3 + k / 500},0.0{k % 5},0.01,1.0{k % 7}" for k in range(100))
            self.write("bad.csv", "equity,bonds,cash,liability\n" + rows + "\n")
            text = self.optimise(section).stdout
            summary = self.summary()
            found = summary["optimizer"]
            self.assertEqual((found["status"], found["loss"]), ("optimal", loss), section)
            self.assertLessEqual(found["lower_bound"], found["value"] + 1e-15)
            self.assertLess(abs(summary["fresh_scenarios"]["value"] - found["value"]), 0.2, section)
            self.assertEqual(set(found["reduced_costs"]), {"equity", "bonds", "cash"})
            row = next(r for r in summary["contributions"] if (r["portfolio"], r["of"]) == ("optimal", "return"))
            total = row["rest"]["value"] + sum(one["value"] for one in row["assets"].values())
            self.assertAlmostEqual(total, summary["portfolio"]["cvar"], delta=1e-9)
            self.assertIn("What Adds to 5% CVaR", text)

    def test_a_limit_that_binds_has_a_price(self):
        self.assertIn("binds: optimize.constraints.max_cvar", self.optimise(
            "{objective: max_return, loss: return, constraints: {max_cvar: 0.08}}").stdout)
        prices = {p["constraint"]: p for p in self.summary()["optimizer"]["shadow_prices"]}
        self.assertEqual(prices["optimize.constraints.max_cvar"]["limit"], 0.08)
        self.assertLess(prices["optimize.constraints.max_cvar"]["price"], 0)

    def test_limits_of_gaps_are_told_as_the_study_writes_them(self):
        self.optimise("{objective: min_cvar, constraints: {duration_gap: {max: -8}, key_rate_duration_gap: 6}}")
        prices = {p["constraint"]: p["limit"] for p in self.summary()["optimizer"]["shadow_prices"]}
        self.assertAlmostEqual(prices["optimize.constraints.duration_gap.max"], -8, delta=1e-12)
        self.assertAlmostEqual(self.summary()["balance"]["duration_gap"], -8, delta=1e-4)

    def test_shares_of_risk(self):
        self.write("study.yaml", OWN_STUDY.replace("{objective: min_cvar, loss: return}", "{objective: risk_parity}"))
        self.write("own.csv", "a,b\n0.1,0.3\n0.1,-0.3\n-0.1,0.3\n-0.1,-0.3\n")
        self.run_ballast("run", "study.yaml")
        self.assertAlmostEqual(self.summary()["portfolio"]["weights"]["a"], 0.75, delta=1e-9)
        self.assertLess(self.summary()["optimizer"]["residual"], 1e-8)
        self.assertIsNone(self.summary()["optimizer"]["lower_bound"])

    def test_a_band_around_the_frontier(self):
        self.optimise("{objective: min_cvar, frontier: {points: 3, resamples: 8}}")
        for point in self.summary()["frontier"]:
            self.assertLess(point["band"]["cvar_low"], point["band"]["cvar_high"])

    def test_what_cannot_be(self):
        self.optimise("{objective: max_return, loss: return, constraints: {max_cvar: -0.9}}", expect=NO_SOLUTION,
                      says="optimize.constraints.max_cvar: at most -0.9; the least attainable is")
        self.optimise("{objective: mean_cvar}", expect=BAD_DATA, says="'risk_aversion' is missing")
        self.optimise("{objective: min_cvar, constraints: {duration_gap: {min: 30}}}", expect=NO_SOLUTION,
                      says="optimize.constraints.duration_gap.min: at least 30;")
        self.optimise("{objective: min_cvar, loss: benchmark}", expect=BAD_DATA, says="'benchmark' is missing")
        self.optimise("{objective: min_cvar, loss: benchmark, benchmark: {gold: 1}}", expect=BAD_DATA, says="gold")


class Objectives(Case):
    """The fresh value of each objective measures what was optimised, so that it differs by sampling only."""

    def fresh(self, *settings):
        words = [word for setting in settings for word in ("--set", setting)]
        self.run_ballast("run", "study.yaml", "--quiet", "--set", "scenarios.count=20000", "--set",
                         "scenarios.optimise_count=20000", *words)
        summary = self.summary()
        fresh, value = summary["fresh_scenarios"], summary["optimizer"]["value"]
        self.assertAlmostEqual(fresh["optimism"], fresh["value"] - value, delta=1e-12)
        # Both sets are as large, so the difference has sqrt(2) of the fresh error; 6 of them at 1e-6 with room.
        self.assertLess(abs(fresh["optimism"]), 6 * 2**0.5 * fresh["standard_error"], (settings, fresh, value))
        return summary

    def test_variance_of_the_surplus(self):
        self.fresh("optimize.objective=min_variance")

    def test_variance_of_the_return_over_two_years(self):
        self.fresh("optimize.objective=min_variance", "optimize.loss=return", "optimize.horizon_years=2")

    def test_sharpe_ratio_over_two_years(self):
        summary = self.fresh("optimize.objective=max_sharpe", "optimize.loss=return", "optimize.horizon_years=2")
        self.assertAlmostEqual(-summary["fresh_scenarios"]["value"] / 2**0.5, summary["portfolio"]["sharpe"],
                               delta=1e-12)

    def test_tail_of_the_return(self):
        summary = self.fresh("optimize.loss=return", "optimize.horizon_years=2")
        self.assertEqual(summary["fresh_scenarios"]["value"], summary["portfolio"]["cvar"])

    def test_sharpe_ratio_takes_returns_when_the_loss_is_left_open(self):
        self.change("  loss: surplus\n", "")
        self.run_ballast("run", "study.yaml", "--quiet", "--set", "optimize.objective=max_sharpe")
        self.assertEqual(self.summary()["optimizer"]["loss"], "return")
