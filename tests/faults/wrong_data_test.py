"""Data files that are wrong: never a silent zero, always file, line and column."""

from program import BAD_DATA, OWN_STUDY, USAGE, Case


class WrongMarketData(Case):
    def refused_cell(self, value, says, name="data/returns.csv", line=14, column=2):
        place = self.change_cell(name, line, column, value)
        for command in ("run", "validate"):
            self.run_ballast(command, "study.yaml", expect=BAD_DATA, says=[f"{name.split('/')[-1]}:{place}: error:", says])

    def test_nan_cell(self):
        self.refused_cell("NaN", "NaN")

    def test_empty_cell(self):
        self.refused_cell("", "empty")

    def test_text_cell(self):
        self.refused_cell("n/a", "n/a")

    def test_infinite_cell(self):
        self.refused_cell("-inf", "inf")

    def test_decimal_comma_makes_a_ragged_row(self):
        self.change_cell("data/returns.csv", 14, 2, "0,02")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="returns.csv:14")

    def test_cell_in_the_curve(self):
        self.refused_cell("oops", "oops", name="data/curve.csv", line=3)

    def test_cell_in_the_cash_flows(self):
        self.refused_cell("1.000.000", "1.000.000", name="data/flows.csv", line=5)

    def test_date_that_is_none(self):
        self.refused_cell("2001-02-30", "2001-02-30", column=1)

    def test_every_bad_cell_is_listed(self):
        places = [self.change_cell("data/returns.csv", line, 2, "x") for line in (9, 20, 31)]
        done = self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=[f"returns.csv:{p}" for p in places])
        order = [done.stderr.index(f"returns.csv:{p}") for p in places]
        self.assertEqual(order, sorted(order))

    def test_very_many_bad_cells_are_listed_up_to_a_number(self):
        for line in range(5, 105):
            self.change_cell("data/returns.csv", line, 2, "x")
        lines = self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="returns.csv:5:").stderr.splitlines()
        self.assertLess(len(lines), 40)
        self.assertIn("more problems", lines[-1])

    def test_duplicate_date(self):
        lines = (self.folder / "data/returns.csv").read_text().split("\n")
        lines.insert(10, lines[9])
        self.write("data/returns.csv", "\n".join(lines))
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=["returns.csv:11:1", "twice"])

    def test_unsorted_dates(self):
        lines = (self.folder / "data/returns.csv").read_text().split("\n")
        lines[9], lines[10] = lines[10], lines[9]
        self.write("data/returns.csv", "\n".join(lines))
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="returns.csv:11:1")

    def percent(self, name):
        lines = (self.folder / name).read_text().strip().split("\n")
        scaled = [lines[0]]
        for line in lines[1:]:
            cells = line.split(",")
            scaled.append(",".join([cells[0]] + [f"{float(c) * 100:.6f}" for c in cells[1:]]))
        self.write(name, "\n".join(scaled) + "\n")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=[name.split("/")[-1], "percent"])

    def test_percent_returns(self):
        self.percent("data/returns.csv")

    def test_percent_curve(self):
        self.percent("data/curve.csv")

    def test_percent_curve_history(self):
        self.percent("data/curves.csv")

    def test_file_with_a_header_only(self):
        for name in ("returns.csv", "curve.csv", "curves.csv", "flows.csv"):
            with self.subTest(name=name):
                path = self.folder / "data" / name
                text = path.read_text()
                path.write_text(text.split("\n")[0] + "\n")
                self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=name)
                path.write_text("")
                self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=name)
                path.write_text(text)

    def test_history_that_is_too_short(self):
        lines = (self.folder / "data/returns.csv").read_text().split("\n")
        self.write("data/returns.csv", "\n".join(lines[:3]) + "\n")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="study.yaml")

    def test_curve_with_a_maturity_twice(self):
        lines = (self.folder / "data/curve.csv").read_text().split("\n")
        lines.insert(3, lines[2])
        self.write("data/curve.csv", "\n".join(lines))
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="curve.csv:4:1")

    def test_flows_all_in_the_past(self):
        self.write("data/flows.csv", "Date,Cashflow\n2001-01-31,100\n")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="flows.csv")


class WrongBalanceSheet(Case):
    """What an actuary or a regulator's form can get wrong: (what is changed, what the message says), all with exit code 65."""

    LIABILITY = "  - {name: pensions, cashflows: data/flows.csv}"

    def liability(self, text):
        self.change(self.LIABILITY, "  - {name: pensions, " + text + "}")

    def unknown_currency(self):
        self.change("balance:", "stress: [irrbb_2024/EUX]\nbalance:")
        return ["study.yaml:21:10: error:", "no currency 'EUX'; did you mean 'EUR'?"]

    def death_is_more_than_certain(self):
        self.liability("life_annuity: {amount: 1, age: 64, mortality: {file: data/table.csv}}")
        self.write("data/table.csv", "age,qx\n64,0.01\n65,1.2\n66,1\n")
        return ["table.csv:3:4: error:", "1.2"]

    def ages_with_a_hole(self):
        self.liability("life_annuity: {amount: 1, age: 64, mortality: {file: data/table.csv}}")
        self.write("data/table.csv", "age,qx\n64,0.01\n66,1\n")
        return ["table.csv:3:1: error:", "66"]

    def tenors_out_of_order(self):
        lines = (self.folder / "data/curve.csv").read_text().split("\n")
        lines[2], lines[3] = lines[3], lines[2]
        self.write("data/curve.csv", "\n".join(lines))
        return ["curve.csv:4:1: error:"]

    def flow_before_the_valuation_date(self):
        self.write("data/flows.csv", "Date,Cashflow\n2026-12-31,100\n2024-06-30,100\n")
        return ["flows.csv:3:1: error:", "2024-06-30"]

    def perpetuity_below_growth(self):
        self.liability("perpetuity: {amount: 1, growth: 0.2}")
        return ["study.yaml:20:", "error:", "growth"]

    def spread_that_is_not_positive(self):
        self.change("  - {name: bonds, constant_maturity_years: 10}",
                    "  - {name: bonds, corporate_bond: {years: 10, spread: bbb, default_rate: 0.002}}")
        self.change("  curve: data/curve.csv", "  spreads: data/spreads.csv\n  curve: data/curve.csv")
        dates = [line.split(",")[0] for line in (self.folder / "data/returns.csv").read_text().strip().split("\n")[1:]]
        rows = [f"{date},{0.01 if k != 7 else -0.01}" for k, date in enumerate(dates)]
        self.write("data/spreads.csv", "Date,bbb\n" + "\n".join(rows) + "\n")
        return ["spreads.csv:9:12: error:", "not positive"]

    def spread_without_a_file(self):
        self.change("  - {name: bonds, constant_maturity_years: 10}",
                    "  - {name: bonds, corporate_bond: {years: 10, spread: bbb, default_rate: 0.002}}")
        return ["study.yaml:17:", "error:", "market.spreads"]

    def two_stresses_of_one_name(self):
        self.change("balance:", "stress: [{name: up, parallel_shift: 0.01}, {name: up, parallel_shift: 0.02}]\nbalance:")
        return ["study.yaml:21:44: error:", "'up' is already the name of a stress"]

    def test_each(self):
        original = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        for case in (self.unknown_currency, self.death_is_more_than_certain, self.ages_with_a_hole, self.tenors_out_of_order,
                     self.flow_before_the_valuation_date, self.perpetuity_below_growth, self.spread_that_is_not_positive,
                     self.spread_without_a_file, self.two_stresses_of_one_name):
            with self.subTest(case=case.__name__):
                says = case()
                for command in ("run", "validate"):
                    self.run_ballast(command, "study.yaml", expect=BAD_DATA, says=says)
            for path, content in original.items():
                path.write_bytes(content)


class WrongOwnScenarios(Case):
    def setUp(self):
        super().setUp()
        self.write("own.yaml", OWN_STUDY)

    def refused(self, text, *says, expect=BAD_DATA):
        self.write("own.csv", text)
        for command in ("run", "validate"):
            self.run_ballast(command, "own.yaml", expect=expect, says=says)

    def test_probabilities_that_do_not_sum_to_one(self):
        self.refused("a,b,probability\n0.1,0.2,0.5\n-0.1,0.0,0.4\n", "own.csv", "sum to 0.9")

    def test_negative_probability(self):
        self.refused("a,b,probability\n0.1,0.2,1.5\n-0.1,0.0,-0.5\n", "own.csv:3:10", "negative")

    def test_percent_returns(self):
        self.refused("a,b\n10,20\n-8,3\n", "own.csv", "percent")

    def test_holes(self):
        self.refused("a,b\n0.1,\n-0.1,nan\n", "own.csv:2:5", "own.csv:3:6")

    def test_two_columns_of_one_name(self):
        self.refused("a,a\n0.1,0.2\n-0.1,0.0\n", "own.csv:1:3")

    def test_no_rows(self):
        self.refused("a,b\n", "own.csv")

    def test_surplus_without_a_liability_column(self):
        self.write("own.csv", "a,b\n0.1,0.2\n-0.1,0.0\n")
        self.run_ballast("run", "own.yaml", "--set", "optimize.loss=surplus", expect=BAD_DATA, says="liability")

    def test_current_weights_of_an_asset_that_the_file_has_not(self):
        self.write("own.csv", "a,b\n0.1,0.2\n-0.1,0.0\n")
        self.write("own.yaml", OWN_STUDY + "balance: {current: {a: 0.5, c: 0.5}}\n")
        self.run_ballast("run", "own.yaml", expect=BAD_DATA, says=["own.yaml:5:", "'c'"])

    def test_constraint_on_an_asset_that_the_file_has_not(self):
        self.write("own.csv", "a,b\n0.1,0.2\n-0.1,0.0\n")
        self.write("own.yaml", OWN_STUDY.replace("loss: return", "loss: return, constraints: {max_weight: {c: 0.5}}"))
        self.run_ballast("run", "own.yaml", expect=BAD_DATA, says=["own.yaml:3:", "'c'"])


class WrongWeights(Case):
    def refused(self, text, *says):
        self.write("w.csv", text)
        self.run_ballast("run", "study.yaml", "--weights", "w.csv", expect=BAD_DATA, says=["w.csv", *says])

    def test_other_assets(self):
        self.refused("asset,weight\nequity,0.5\ngold,0.5\n", "w.csv:3:1", "'gold' is not an asset")
        self.refused("asset,weight\nequity,0.5\nbonds,0.3\ncahs,0.2\n", "w.csv:4:1", "did you mean 'cash'?")

    def test_asset_without_a_weight(self):
        self.refused("asset,weight\nequity,0.5\nbonds,0.5\n", "'cash' has no weight")

    def test_asset_twice(self):
        self.refused("asset,weight\nequity,0.5\nbonds,0.25\nbonds,0.25\ncash,0\n", "w.csv:4:1", "twice")

    def test_sum(self):
        self.refused("asset,weight\nequity,0.5\nbonds,0.4\ncash,0.2\n", "sum to 1.1")
        self.refused("asset,weight\nequity,50\nbonds,30\ncash,20\n", "sum to 100", "50% is 0.5")

    def test_weight_that_is_no_number(self):
        self.refused("asset,weight\nequity,half\nbonds,0.4\ncash,0.1\n", "w.csv:2:8")

    def test_columns(self):
        self.refused("name,share\nequity,1\n", "asset", "weight")


class WrongResultsFile(Case):
    def setUp(self):
        super().setUp()
        self.run_ballast("run", "study.yaml", "--quiet")
        self.file = self.folder / "results/results.h5"

    def test_truncated(self):
        content = self.file.read_bytes()
        for part in (len(content) // 2, 4096, 100, 0):
            with self.subTest(bytes=part):
                self.file.write_bytes(content[:part])
                self.run_ballast("replay", self.file, "--scenario", 0, expect=BAD_DATA, says="results.h5")

    def test_of_another_kind(self):
        self.run_ballast("replay", "data/curve.csv", "--scenario", 0, expect=BAD_DATA, says="curve.csv")

    def test_scenario_beyond_the_count(self):
        self.run_ballast("replay", self.file, "--scenario", 1500, expect=USAGE, says=["1500", "counted from 0"])
        self.run_ballast("replay", self.file, "--scenario", 1100, "--set", "optimise", expect=USAGE, says="1100")
        self.run_ballast("replay", self.file, "--scenario", -1, expect=USAGE)
        self.run_ballast("replay", self.file, expect=USAGE, says="--scenario")
