"""Runs that are stopped or whose disk fills up leave nothing that looks like results."""

import fcntl
import os
import pathlib
import select
import signal
import subprocess
import unittest

from program import CANNOT_WRITE, OWN_STUDY, Case, end, wait_until

F_SETPIPE_SZ = 1031  # fcntl's own from Python 3.10 on


class Interrupted(Case):
    def stopped_by(self, number, code, *words):
        folder = self.folder / "results"
        process = self.start("run", "study.yaml", "--scenarios", 2000000, *words)
        self.addCleanup(end, process)
        began = wait_until(lambda: folder.is_dir() and any(folder.glob("results.h5*")), process)
        self.assertTrue(began, "the run ended before it had begun to write")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, out + err)
        self.assertEqual(out, "")
        self.assertIn("stopped", err)
        self.nothing_left(folder)

    def test_ctrl_c_while_it_simulates(self):
        self.stopped_by(signal.SIGINT, 130)

    def test_lost_terminal_while_it_simulates_for_the_optimizer(self):
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))
        self.stopped_by(signal.SIGHUP, 129, "--set", "scenarios.optimise_count=2000000")

    def test_termination_while_it_simulates_for_the_optimizer(self):
        self.stopped_by(signal.SIGTERM, 143, "--set", "scenarios.optimise_count=2000000")

    def test_ctrl_c_while_it_simulates_for_the_optimizer(self):
        self.stopped_by(signal.SIGINT, 130, "--set", "scenarios.optimise_count=2000000")

    def test_earlier_results_survive(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        before = {p.name: p.read_bytes() for p in (self.folder / "results").iterdir()}
        process = self.start("run", "study.yaml", "--scenarios", 2000000)
        self.addCleanup(end, process)
        began = wait_until(lambda: any((self.folder / "results").glob("*.partial")), process)
        self.assertTrue(began, "the run ended before it had begun to write")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(before, {p.name: p.read_bytes() for p in (self.folder / "results").iterdir()})


class ReadersInterrupted(Case):
    """Commands that only read end at the first signal, wherever they are."""

    def ended_by(self, process, number, code, examiner=None):
        process.send_signal(number)
        process.wait(timeout=60)
        if examiner and alive(examiner):
            os.kill(examiner, signal.SIGCONT)  # it had not yet asked to end with the program
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, out + err)
        self.assertEqual(out, "")
        self.assertEqual(err, "stopped by a signal\n")

    def stopped_at_data(self, number, code, *words):
        """The history is a pipe that never comes to an end."""
        os.unlink(self.folder / "data/returns.csv")
        os.mkfifo(self.folder / "data/returns.csv")
        process = self.start(*words)
        self.addCleanup(end, process)
        with open(self.folder / "data/returns.csv", "w"):  # waits until the program has opened it
            self.ended_by(process, number, code)

    def test_ctrl_c_while_validate_reads(self):
        self.stopped_at_data(signal.SIGINT, 130, "validate", "study.yaml")

    def test_termination_while_calibrate_reads(self):
        self.stopped_at_data(signal.SIGTERM, 143, "calibrate", "study.yaml")

    def test_ctrl_c_while_optimize_reads(self):
        self.stopped_at_data(signal.SIGINT, 130, "optimize", "study.yaml", "-o", "weights.csv")
        self.assertFalse((self.folder / "weights.csv").exists())

    def examiner_of(self, process):
        """The process, made to wait, in which the program first looks through a results file."""
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        found = []

        def caught():
            try:
                found[:] = [int(word) for word in children.read_text().split()]
                for child in found:
                    os.kill(child, signal.SIGSTOP)
            except (FileNotFoundError, ProcessLookupError):
                return False
            return bool(found)

        return found[0] if wait_until(caught, process) else None

    def stopped_at_results(self, number, code, *words):
        self.run_ballast("run", "study.yaml", "--quiet")
        if not pathlib.Path(f"/proc/self/task/{os.getpid()}/children").exists():
            self.skipTest("left out: this kernel does not tell a process's children")
        for _ in range(20):
            process = self.start(*words)
            self.addCleanup(end, process)
            examiner = self.examiner_of(process)
            if examiner is not None:
                break
        else:
            self.fail("the program was always faster")
        self.ended_by(process, number, code, examiner)
        self.assertTrue(wait_until(lambda: not alive(examiner), None), "it went on reading")

    def test_ctrl_c_while_report_reads(self):
        self.stopped_at_results(signal.SIGINT, 130, "report", "results/results.h5", "-o", "page.html")
        self.assertEqual(sorted(p.name for p in self.folder.glob("page*")), [])

    def test_lost_terminal_while_export_reads(self):
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))
        self.stopped_at_results(signal.SIGHUP, 129, "export", "results/results.h5", "--csv", "tables")
        self.assertFalse((self.folder / "tables").exists())

    def test_ctrl_c_while_report_writes_into_a_pipe(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        os.mkfifo(self.folder / "page")
        reader = os.open(self.folder / "page", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        fcntl.fcntl(reader, F_SETPIPE_SZ, 4096)
        process = self.start("report", "results/results.h5", "-o", "page")
        self.addCleanup(end, process)
        writing, _, _ = select.select([reader], [], [], 60)  # and it cannot come to an end
        self.assertTrue(writing)
        self.ended_by(process, signal.SIGINT, 130)


def alive(pid):
    """Whether it runs; a process that ended but whose parent has not asked (a zombie) does not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Disk(Case):
    def mount(self, size):
        """A file system of that size; skips the test where none can be mounted."""
        where = self.folder / "disk"
        where.mkdir()
        try:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(where)],
                                  capture_output=True, text=True, check=False)
        except FileNotFoundError:
            self.skipTest("left out: there is no mount command")
        if done.returncode != 0:
            self.skipTest(f"left out: a full disk needs the right to mount one ({done.stderr.strip()})")
        self.addCleanup(subprocess.run, ["umount", str(where)], check=False)
        return where

    def full(self, where, *words):
        self.run_ballast("run", "study.yaml", "-o", where / "results", *words, expect=CANNOT_WRITE,
                         says=["results", "No space left"])
        self.nothing_left(where)

    def test_full_while_it_simulates(self):
        self.full(self.mount("256k"), "--scenarios", 20000)

    def test_full_while_it_writes_the_optimise_set(self):
        self.full(self.mount("256k"), "--set", "scenarios.optimise_count=50000")

    def test_full_at_the_first_byte(self):
        where = self.mount("8k")
        self.full(where)

    def test_full_at_the_files_beside_results_h5(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        pages = -(-(self.folder / "results/results.h5").stat().st_size // 4096)
        where = self.mount(f"{(pages + 3) * 4096}")
        self.run_ballast("run", "study.yaml", "-o", where, expect=CANNOT_WRITE, says=["No space left"])
        self.nothing_left(where)

    def test_limit_on_the_size_of_files(self):
        """Like a full disk, without the right to mount one."""
        shell = f'ulimit -f 200; exec "{self.ballast}" run study.yaml --scenarios 20000'
        done = subprocess.run(["bash", "-c", shell], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, CANNOT_WRITE, done.stderr)
        self.assertIn("results.h5", done.stderr)
        self.nothing_left(self.folder / "results")

    def test_full_disk_behind_standard_output(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("left out: there is no /dev/full")
        for words in (["run", "study.yaml"], ["run", "study.yaml", "--json"], ["curve", "study.yaml", "--at", "1"],
                      ["schema"]):
            with self.subTest(words=words), open("/dev/full", "w") as full:
                done = subprocess.run([self.ballast, *words], cwd=self.folder, stdout=full, stderr=subprocess.PIPE,
                                      text=True, timeout=60)
                self.assertEqual(done.returncode, CANNOT_WRITE, done.stderr)

    def test_own_scenarios_on_a_full_disk(self):
        where = self.mount("64k")
        self.write("own.yaml", OWN_STUDY)
        self.write("own.csv", "a,b\n" + "".join(f"{k % 7 / 50},{k % 11 / 90}\n" for k in range(20000)))
        self.run_ballast("run", "own.yaml", "-o", where / "results", expect=CANNOT_WRITE, says="No space left")
        self.nothing_left(where)
