"""What is installed is locked: each package, wanted or needed, at one version with hashes."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from packaging.requirements import InvalidRequirement
from packaging.utils import canonicalize_name

from tests.locks import LOCKS, ROOT, lock_faults, locked, read_lock, wanted

HASH = f"--hash=sha256:{'0' * 64}"


@pytest.mark.parametrize("group", LOCKS)
def test_every_requirement_has_one_version_and_hashes(group):
    entries = locked(group)
    assert len(entries) > len(wanted(group))
    assert lock_faults(entries) == []


@pytest.mark.parametrize(
    "line",
    [
        "one==1.0",
        f"one {HASH}",
        f"one>=1.0 {HASH}",
        f"one==1.* {HASH}",
        f"one==1.0,!=2 {HASH}",
        "one==1.0 --hash=sha256:123",
        f"one==1.0 --hash=md5:{'0' * 32}",
        f"one==1.0 {HASH} --config-settings=a=b",
        f"one @ https://example.org/one-1.0.tar.gz {HASH}",
        f"one @ git+https://example.org/one {HASH}",
    ],
)
def test_other_requirements_are_named(line):
    assert len(lock_faults(read_lock(f"two==1.0 \\\n    {HASH}\n{line}\n"))) == 1


@pytest.mark.parametrize("line", ["-e .", "-r other.txt", "--index-url https://x", "git+https://x"])
def test_other_lines_are_refused(line):
    with pytest.raises(InvalidRequirement):
        read_lock(f"{line}\n")


@pytest.mark.parametrize("group", LOCKS)
def test_what_is_wanted_is_locked(group):
    entries = locked(group)
    for one in wanted(group):
        versions = [each.version for each in entries if each.name == canonicalize_name(one.name)]
        assert versions, f"{one}: make lock"
        assert all(one.specifier.contains(each) for each in versions), f"{one}: make lock"


def test_each_group_holds_the_one_before_at_the_same_versions():
    held = {group: {(one.name, one.version) for one in locked(group)} for group in LOCKS}
    ground = held.pop("ground")
    assert all(less < more for less, more in pairwise(held.values()))
    assert held["run"] < ground


@pytest.mark.parametrize("group", LOCKS)
def test_what_is_wanted_stands_once(group):
    names = [canonicalize_name(one.name) for one in wanted(group)]
    assert len(set(names)) == len(names)
    assert all(one.specifier and not one.url for one in wanted(group))


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_recipes_install_by_hash(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    installs = re.findall(r"^.*\bpip (?:install|download|wheel)\b.*$", text, re.MULTILINE)
    assert installs
    assert all("--require-hashes" in one for one in installs)
