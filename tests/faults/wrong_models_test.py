"""Histories that a scenario model cannot be fitted to: each says so in the first seconds, with the contract's exit code."""

import math

from program import BAD_DATA, DONE, NO_SOLUTION, STUDY, Case

FITTED = ("filtered_historical", "student_t", "gaussian_copula", "t_copula", "regime_switching", "stochastic_log_volatility")
FITTED_CURVES = ("nelson_siegel", "vasicek", "cir", "hull_white", "g2pp")


class WrongModels(Case):
    def use(self, model="normal", curve="principal_components"):
        text = STUDY.replace("model: block_bootstrap", f"model: {model}\n  curve_model: {curve}")
        if model == "stochastic_log_volatility":
            text = text.replace(f"curve_model: {curve}", f"curve_model: {curve}\n  {model}: {{drift: history}}")
        self.write("study.yaml", text)

    def rewrite(self, name, change, rows=None):
        """Replaces the numbers of a data file: change(row from 0, column from 0, value) -> value."""
        lines = (self.folder / "data" / name).read_text().strip().split("\n")[:None if rows is None else rows + 1]
        for t, line in enumerate(lines[1:]):
            date, *values = line.split(",")
            lines[t + 1] = ",".join([date] + [f"{change(t, c, float(v)):.10g}" for c, v in enumerate(values)])
        self.write(f"data/{name}", "\n".join(lines) + "\n")

    def keep(self, rows):
        self.rewrite("returns.csv", lambda t, c, v: v, rows)
        self.rewrite("curves.csv", lambda t, c, v: v, rows + 1)

    def each(self, models, **expected):
        for model in models:
            with self.subTest(model=model):
                self.use(model)
                self.run_ballast("calibrate", "study.yaml", **expected)

    def test_a_series_that_never_changes(self):
        self.rewrite("returns.csv", lambda t, c, v: 0.002 if c == 0 else v)
        self.each(FITTED, expect=BAD_DATA, says=["equity", "never changes"])
        self.each(("block_bootstrap", "normal"), expect=DONE)  # these have nothing to fit but a mean

    def test_a_curve_that_never_moves(self):
        self.rewrite("curves.csv", lambda t, c, v: 0.02 + 0.001 * c)
        for curve in FITTED_CURVES:
            with self.subTest(curve=curve):
                self.use(curve=curve)
                self.run_ballast("calibrate", "study.yaml", expect=BAD_DATA, says=["study.yaml:15:18", "never moves"])

    def test_a_history_shorter_than_the_parameters_need(self):
        self.keep(11)
        self.each(FITTED + ("normal",), expect=BAD_DATA, says="(the history has 11)")
        for curve in FITTED_CURVES:
            with self.subTest(curve=curve):
                self.use("block_bootstrap", curve)
                self.run_ballast("calibrate", "study.yaml", expect=BAD_DATA, says="longer history")

    def test_a_history_shorter_than_the_block(self):
        self.keep(11)
        self.use("block_bootstrap")
        self.run_ballast("calibrate", "study.yaml", "--set", "scenarios.block_bootstrap.mean_block=24", expect=BAD_DATA,
                         says=["scenarios.block_bootstrap.mean_block", "longer than the history"])

    def test_correlations_that_no_returns_can_have(self):
        pairs = ("scenarios.correlation={pairs: [{between: [equity, curve component 1], value: 0.9}, "
                 "{between: [equity, curve component 2], value: 0.9}, "
                 "{between: [curve component 1, curve component 2], value: -0.9}]}")
        for model in FITTED + ("block_bootstrap", "normal"):
            with self.subTest(model=model):
                self.use(model)
                self.run_ballast("calibrate", "study.yaml", "--set", pairs, expect=BAD_DATA,
                                 says=["scenarios.correlation", "repair"])
        self.use("normal")
        done = self.run_ballast("calibrate", "study.yaml", "--set", pairs[:-1] + ", repair: true}")
        self.assertIn("orrelation", done.stdout)

    def test_likelihoods_of_returns_without_a_maximum(self):
        # One jump in years of nearly the same return: no shape fits it better than another, and no regime can live on it.
        self.rewrite("returns.csv", lambda t, c, v: v if c else 0.1 if t == 30 else 0.002 + 1e-6 * (t % 2))
        for model in ("gaussian_copula", "t_copula"):
            with self.subTest(model=model):
                self.use(model)
                self.run_ballast("calibrate", "study.yaml", "--set", f"scenarios.{model}.marginals=skewed_t", expect=NO_SOLUTION,
                                 says=["skewed t likelihood of equity has no distinct maximum", "use a longer history"])
        self.keep(120)
        self.use("regime_switching")
        self.run_ballast("calibrate", "study.yaml", "--set", "scenarios.regime_switching.regimes=3", expect=NO_SOLUTION,
                         says=["a regime holds only", "of 120 periods", "use fewer regimes, or a longer history"])
        # One jump, in the first of five years of one return: what a fall would add, nothing says.
        self.rewrite("returns.csv", lambda t, c, v: v if c else 0.002 if t else 0.1, 60)
        self.use("filtered_historical")
        self.run_ballast("calibrate", "study.yaml", "--set", "scenarios.filtered_historical={variance: gjr}", expect=NO_SOLUTION,
                         says=["likelihood of equity did not converge", "use a longer history"])

    def test_every_choice_of_a_model_is_fitted_to_the_sample_history(self):
        for model, choices in {"filtered_historical": ("variance: garch", "variance: gjr", "likelihood: normal", "start: long_run"),
                               "gaussian_copula": ("marginals: skewed_t",), "t_copula": ("marginals: skewed_t",),
                               "regime_switching": ("regimes: 3",)}.items():
            for choice in choices:
                with self.subTest(model=model, choice=choice):
                    self.use(model)
                    self.run_ballast("calibrate", "study.yaml", "--set", f"scenarios.{model}={{{choice}}}")

    def test_likelihoods_of_curves_without_a_maximum(self):
        # Curves that only move up and down, all tenors alike, say nothing of a decay or of a second factor.
        self.rewrite("curves.csv", lambda t, c, v: 0.03 + 0.0002 * t)
        for curve, says in (("nelson_siegel", "no distinct maximum"), ("g2pp", "likelihood of the G2++ model")):
            with self.subTest(curve=curve):
                self.use(curve=curve)
                self.run_ballast("calibrate", "study.yaml", expect=NO_SOLUTION, says=[says, "longer history"])
