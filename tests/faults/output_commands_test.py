"""`ballast report` and `ballast export`: what they make of sound files, and of files that are not whole, not ours, or from the future."""

import shutil

from program import BAD_DATA, CANNOT_CREATE, NO_INPUT, USAGE, Case, end, wait_until


class OutputCommands(Case):
    def setUp(self):
        super().setUp()
        self.run_ballast("run", "study.yaml", "--quiet", "--scenarios", 200, "--set", "scenarios.optimise_count=300")
        self.file = self.folder / "results/results.h5"

    def each_refuses(self, file, says, expect=BAD_DATA):
        for words in (["report", file, "-o", "new.html"], ["export", file, "--csv", "new"], ["export", file, "--xlsx", "new.xlsx"]):
            self.run_ballast(*words, expect=expect, says=says)
        for name in ("new.html", "new", "new.xlsx"):
            self.assertFalse((self.folder / name).exists(), name)
        self.assertFalse(list(self.folder.glob("*.partial")))

    def test_the_page_comes_out_of_the_file_alone(self):
        shutil.move(self.file, self.folder / "results.h5")
        self.run_ballast("report", "results.h5", "-o", "page.html")
        self.assertEqual((self.folder / "page.html").read_text(), (self.folder / "results/report.html").read_text())

    def test_truncated(self):
        whole = self.file.read_bytes()
        for share in (0.3, 0.9):
            self.write("cut.h5", whole[:int(share * len(whole))])
            self.each_refuses("cut.h5", "cut.h5")
        self.write("empty.h5", b"")
        self.each_refuses("empty.h5", "not an HDF5 file")

    def test_foreign(self):
        self.each_refuses("data/curve.csv", "not an HDF5 file")
        self.each_refuses("no_such.h5", "no_such.h5", expect=NO_INPUT)

    def test_killed_half_way(self):
        process = self.start("run", "study.yaml", "--scenarios", 2000000, "-o", "killed")
        self.addCleanup(end, process)
        partial = lambda: [p for p in (self.folder / "killed").glob("results.h5.*partial") if p.stat().st_size > 1000000]
        self.assertTrue(wait_until(partial, process), "the run ended before it had begun to write")
        process.kill()
        process.communicate(timeout=60)
        self.assertFalse((self.folder / "killed/results.h5").exists())
        self.each_refuses(partial()[0], "results.h5")

    def test_of_a_newer_format(self):
        try:
            import h5py
        except ImportError:
            self.skipTest("left out: python3-h5py is not installed")
        shutil.copy(self.file, self.folder / "newer.h5")
        with h5py.File(self.folder / "newer.h5", "r+") as file:
            file.attrs["format_version"] = "2"
        self.each_refuses("newer.h5", "use a newer ballast")

    def test_options(self):
        self.run_ballast("report", self.file, expect=USAGE, says="-o X.html")
        self.run_ballast("export", self.file, expect=USAGE, says="--csv DIR or --xlsx FILE")
        self.run_ballast("export", self.file, "--xlsx", "x.xlsx", "--scenarios", expect=USAGE, says="--scenarios needs --csv")
        self.run_ballast("report", self.file, "-o", "no/such/folder/x.html", expect=CANNOT_CREATE)
        self.run_ballast("export", self.file, "--xlsx", "no/such/folder/x.xlsx", expect=CANNOT_CREATE)

    def test_without_a_page(self):
        self.run_ballast("run", "study.yaml", "--quiet", "--scenarios", 100, "-o", "bare", "--set", "output.report=false", "--set",
                         "scenarios.optimise_count=300")
        self.assertFalse((self.folder / "bare/report.html").exists())
