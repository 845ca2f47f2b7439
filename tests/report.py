"""End a run of the tests with what was not tested here, what it cost, and one line.

A pytest plugin. What each test took goes to ``test-results/durations.json``, for
``python -m tests.timings``.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.missing import NOT_TESTED

DURATIONS = Path(__file__).parents[1] / "test-results" / "durations.json"


class Report:
    """What became of each test, and the seconds of its set-up, itself and its tear-down."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.outcomes: dict[str, str] = {}
        self.seconds: dict[str, dict[str, float]] = defaultdict(dict)
        self.lacking: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid][report.when] = report.duration
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome
        if report.outcome == "skipped":
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            said = reason.removeprefix("Skipped: ")
            if said.startswith(NOT_TESTED):
                self.lacking[said.removeprefix(NOT_TESTED)] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.lacking:
            terminalreporter.section("not tested here")
            for reason, count in sorted(self.lacking.items()):
                terminalreporter.line(f"{count:4} tests: {reason}")

    def pytest_sessionfinish(self) -> None:
        self.took = time.monotonic() - self.began
        DURATIONS.parent.mkdir(exist_ok=True)
        found = {"seconds": self.took, "tests": self.seconds}
        DURATIONS.write_text(json.dumps(found), encoding="utf-8")

    def pytest_unconfigure(self) -> None:
        if not self.outcomes:
            return
        counts = Counter(self.outcomes.values())
        files: Counter[str] = Counter()
        for name, phases in self.seconds.items():
            files[name.partition("::")[0]] += sum(phases.values())
        slowest, seconds = files.most_common(1)[0]
        print(
            f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"
            f" in {self.took:.0f} s; slowest file: {slowest} ({seconds:.0f} s)"
        )


def pytest_configure(config: pytest.Config) -> None:
    """Listen in the process that hears of all tests; workers of ``pytest-xdist`` tell it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(), "atlas-report")
