#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What summary.py makes of the runner's logs: nothing that failed twice, or was not run again, counts as passed."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).with_name("summary.py")
FIRST = {"a": "OK", "b": "FAIL", "c": "TIMEOUT", "d": "SKIP", "e": "ERROR", "f": "EXPECTEDFAIL"}


class Summary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def log(self, name, results, **said):
        path = self.folder / name
        path.write_text("".join(json.dumps({"name": f"madoguchi:real / {test}", "result": result, **said}) + "\n"
                                for test, result in results.items()), encoding="utf-8")
        return str(path)

    def told(self, *words, status=1):
        run = subprocess.run([sys.executable, SCRIPT, *words], check=False, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0 if words[0] == "--failed" else status, run.stderr)
        return [line for line in run.stdout.splitlines() if not line.startswith("skipped: d:")]

    def test_counts_each_once(self):
        self.assertEqual(self.told(self.log("first.json", FIRST)), ["tests: 2 passed, 3 failed, 1 skipped"])
        self.assertEqual(self.told(self.log("good.json", {"a": "OK"}), status=0), ["tests: 1 passed, 0 failed, 0 skipped"])

    def test_what_was_skipped(self):
        """A whole test, a part of a green one by either runner, and one that skips when it is run again: none of it is green."""
        self.assertEqual(self.told(self.log("whole.json", {"a": "SKIP"}))[0].split()[:2], ["skipped:", "a:"])
        for said in ({"stdout": "ok 1 /a/one\nok 2 /a/part # SKIP no right\n"}, {"stderr": "test_it (__main__.A.test_it)\n/a/part (A) ... skipped 'why'\n"}):
            self.assertEqual(self.told(self.log("part.json", {"a": "OK"}, **said))[0].split()[:3], ["skipped:", "a", "/a/part:"])
        self.assertEqual(self.told(self.log("quiet.json", {"a": "OK"}, stderr="Ran 2 tests in 0.1s\n\nOK (skipped=1)\n"))[0].split()[:3],
                         ["skipped:", "a", "skipped=1:"])
        self.assertEqual(self.told(self.log("first.json", {"a": "FAIL"}), self.log("first-again.json", {"a": "SKIP"}))[-1],
                         "tests: 0 passed, 1 failed, 0 skipped")
        allowed = self.log("guard.json", {"process-guard": "OK"}, stdout="ok 2 /process/guard/free # SKIP the sanitizer\n")
        self.assertEqual(self.told(allowed, status=0), ["tests: 1 passed, 0 failed, 0 skipped"])

    def test_names_what_failed(self):
        self.assertEqual(self.told("--failed", self.log("first.json", FIRST)), ["b", "c", "e"])
        self.assertEqual(self.told("--failed", self.log("first.json", {"a": "OK"})), [])

    def test_what_passed_alone_is_named_and_counts(self):
        lines = self.told(self.log("first.json", FIRST), self.log("first-again.json", {"b": "OK", "c": "TIMEOUT"}))
        self.assertEqual([line.split()[:2] for line in lines[:-1]], [["alone:", "b"]])
        self.assertEqual(lines[-1], "tests: 3 passed, 2 failed, 1 skipped")

    def test_a_run_that_found_nothing_changes_nothing(self):
        self.assertEqual(self.told(self.log("first.json", FIRST), self.log("first-again.json", {})), ["tests: 2 passed, 3 failed, 1 skipped"])

    def test_two_runs_are_added(self):
        other = self.log("other.json", {"g": "OK", "h": "FAIL"})
        self.assertEqual(self.told(self.log("first.json", FIRST), other), ["tests: 3 passed, 4 failed, 1 skipped"])
        lines = self.told(self.log("first.json", FIRST), other, self.log("other-again.json", {"h": "OK"}))
        self.assertEqual(lines[-1], "tests: 4 passed, 3 failed, 1 skipped")

    def test_no_test_is_counted_twice(self):
        result = subprocess.run([sys.executable, SCRIPT, self.log("first.json", FIRST), self.log("other.json", {"a": "OK"})],
                                capture_output=True, text=True, check=False)
        self.assertNotEqual(result.returncode, 0)


if __name__ == "__main__":
    unittest.main()
