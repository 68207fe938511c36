"""Shards as a cluster leaves them: missing, twice, of another study, cut off, in folders that cannot be written."""

import os
import subprocess

from program import BAD_DATA, CANNOT_CREATE, CANNOT_WRITE, NO_INPUT, OWN_STUDY, USAGE, Case, strip_run


class Shards(Case):
    def setUp(self):
        super().setUp()
        self.write("w.csv", "asset,weight\nequity,0.5\nbonds,0.4\ncash,0.1\n")

    def shard(self, number, of=2, *words, **options):
        return self.run_ballast("run", "study.yaml", "--weights", "w.csv", "--shard", f"{number}/{of}", "-o", "shards",
                                "--scenarios", 2048, "--quiet", *words, **options)

    def merge(self, *names, **options):
        return self.run_ballast("merge", *[f"shards/{name}" for name in names], "-o", "merged/results.h5", "--quiet",
                                **options)

    def refused(self, *names, says, expect=BAD_DATA):
        self.merge(*names, expect=expect, says=says)
        self.nothing_left(self.folder / "merged")

    def test_merged_is_undivided_whatever_the_clock_and_the_host(self):
        self.shard(1)
        shell = f'export TZ=Asia/Tokyo HOSTNAME=elsewhere; exec "{self.ballast}" run study.yaml --weights w.csv ' \
                '--shard 2/2 -o shards --scenarios 2048 --quiet --threads 1'
        subprocess.run(["bash", "-c", shell], cwd=self.folder, check=True, timeout=60)
        os.utime(self.folder / "shards/shard_1_of_2.h5", (0, 0))
        self.merge("shard_2_of_2.h5", "shard_1_of_2.h5")
        self.run_ballast("run", "study.yaml", "--weights", "w.csv", "--scenarios", 2048, "-o", "whole", "--quiet")
        self.assertEqual(strip_run(self.summary("whole")), strip_run(self.summary("merged")))
        for name in ("weights.csv", "distributions.csv", "stress.csv", "summary.csv"):
            self.assertEqual((self.folder / "whole" / name).read_text(), (self.folder / "merged" / name).read_text())
        self.run_ballast("replay", "merged/results.h5", "--scenario", 1999)

    def test_missing(self):
        self.shard(2)
        self.refused("shard_2_of_2.h5", says="shard 1 of 2 is missing", expect=NO_INPUT)
        self.refused("shard_1_of_2.h5", "shard_2_of_2.h5", says="shard_1_of_2.h5", expect=NO_INPUT)

    def test_twice(self):
        self.shard(1)
        self.shard(2)
        (self.folder / "shards/copy.h5").write_bytes((self.folder / "shards/shard_1_of_2.h5").read_bytes())
        self.refused("shard_1_of_2.h5", "copy.h5", "shard_2_of_2.h5", says=["copy.h5", "is shard 1, and so is"])

    def test_truncated(self):
        self.shard(1)
        self.shard(2)
        path = self.folder / "shards/shard_2_of_2.h5"
        content = path.read_bytes()
        for size in (len(content) - 1000, len(content) // 2, 100, 0):
            path.write_bytes(content[:size])
            self.refused("shard_1_of_2.h5", "shard_2_of_2.h5", says="shard_2_of_2.h5")

    def test_of_other_inputs_weights_and_study(self):
        self.shard(1)
        self.write("w.csv", "asset,weight\nequity,0.4\nbonds,0.5\ncash,0.1\n")
        self.shard(2)
        self.refused("shard_1_of_2.h5", "shard_2_of_2.h5", says="has other weights")
        self.shard(1)
        self.change_cell("data/curve.csv", 3, 2, "0.031")
        self.shard(2)
        self.refused("shard_1_of_2.h5", "shard_2_of_2.h5", says="another content of input 'data/curve.csv'")
        self.shard(1)
        self.shard(2, 2, "--seed", 99)
        self.refused("shard_1_of_2.h5", "shard_2_of_2.h5", says="another study")

    def test_has_scenarios_but_no_results(self):
        self.shard(2)
        for words in (["report", "-o", "x.html"], ["export", "--csv", "tables"], ["export", "--xlsx", "x.xlsx"], ["compare"]):
            self.run_ballast(words[0], "shards/shard_2_of_2.h5", *words[1:], expect=BAD_DATA,
                             says=["shard_2_of_2.h5: error: is shard 2 of 2", "ballast merge"])
        done = self.run_ballast("replay", "shards/shard_2_of_2.h5", "--scenario", 2047)
        self.assertIn("all the same, bit for bit", done.stdout)
        self.run_ballast("replay", "shards/shard_2_of_2.h5", "--scenario", 1023, expect=USAGE, says="scenarios 1024 to 2047")

    def test_full_disk_while_merging(self):
        self.shard(1)
        self.shard(2)
        shell = f'ulimit -f 100; exec "{self.ballast}" merge shards/*.h5 -o merged/results.h5'
        done = subprocess.run(["bash", "-c", shell], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, CANNOT_WRITE, done.stderr)
        self.assertIn("results.h5", done.stderr)
        self.nothing_left(self.folder / "merged")
        self.merge("shard_1_of_2.h5", "shard_2_of_2.h5")

    def test_output_that_cannot_be_created(self):
        self.shard(1, 1)
        self.run_ballast("merge", "shards/shard_1_of_1.h5", "-o", "/proc/merged.h5", expect=CANNOT_CREATE, says="merged.h5")
        self.run_ballast("merge", "shards/shard_1_of_1.h5", "-o", "shards/shard_1_of_1.h5", expect=USAGE,
                         says="both a shard and the output")
        self.run_ballast("merge", "shards/shard_1_of_1.h5", expect=USAGE, says="-o FILE.h5 is missing")
        self.run_ballast("merge", "-o", "x.h5", expect=USAGE, says="SHARD.h5")

    def test_parts_that_do_not_exist(self):
        for part in ("0/2", "3/2", "2", "a/b", "1/0", "/"):
            self.run_ballast("run", "study.yaml", "--shard", part, expect=USAGE, says="--shard")
        self.run_ballast("run", "study.yaml", "--shard", "1/2", expect=USAGE, says=["ballast optimize", "--weights"])
        self.run_ballast("run", "study.yaml", "--shard", "1/3", "--weights", "w.csv", expect=USAGE,
                         says="2 shards or fewer")
        self.write("own.csv", "a,b\n0.1,0.2\n-0.1,0.0\n")
        self.write("own.yaml", OWN_STUDY)
        self.run_ballast("run", "own.yaml", "--shard", "1/1", expect=USAGE, says="nothing to divide")
