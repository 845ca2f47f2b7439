"""Lint the scripts of the browser: ``python -m tests.lint_scripts``.

Biome is installed by npm into ``tests/scripts/node_modules``, at the version and with the hash that
``package-lock.json`` beside it names; npm is asked only where that version is not there. What
keeps it from running is said. On CI node is never missing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.missing import NOT_TESTED

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "scripts"
SCRIPTS = ("layers/web/assets", "ui/assets", "tests/scripts")
LINTER = "node_modules/@biomejs/biome"
QUIETLY = ("--no-audit", "--no-fund", "--loglevel", "error", "--fetch-retries", "0")
REMEDY = "tests/install_tools.sh installs it"


def main() -> int:
    """Return the status of the linter; 0, and say why, where it could not run."""
    programs = [shutil.which(name) for name in ("node", "npm")]
    if None in programs:
        print(f"{NOT_TESTED}scripts of the browser, for want of node with npm ({REMEDY})")
        return 1 if os.environ.get("CI") else 0
    node, npm = map(str, programs)
    if installed() != wanted():
        command = [npm, "ci", *QUIETLY]
        done = subprocess.run(command, cwd=FOLDER, check=False, capture_output=True, text=True)
        if done.returncode:
            why = done.stderr.partition("\n")[0]
            print(f"{NOT_TESTED}scripts of the browser: Biome could not be installed ({why})")
            return 0
    linter = str(FOLDER / LINTER / "bin" / "biome")
    rules = ["--config-path", str(FOLDER / "lint.jsonc"), "--error-on-warnings"]
    return subprocess.run(
        [node, linter, "lint", *rules, *SCRIPTS], cwd=ROOT, check=False
    ).returncode


def wanted() -> str:
    """Return the version of the linter that is locked."""
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][LINTER]["version"])


def installed() -> str | None:
    """Return the version of the linter that is installed, if any is."""
    package = FOLDER / LINTER / "package.json"
    if not package.exists():
        return None
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])


if __name__ == "__main__":
    sys.exit(main())
