# Two commands do everything on a fresh machine with Python 3.11 or newer:
#   make run    create the environment, install, serve on PORT (default 8501) of this machine alone;
#               HOST=0.0.0.0 NAME=... opens it to others
#   make test   the same with the test tools, then checks and tests
#   make test-fast   the tests that need nothing but Python
#   make check  the checks alone
#   make lock   after a change of pyproject.toml's [dependency-groups]: write the requirements anew
# Each calls run.py, which does the same where there is no make: python run.py, python run.py test.
# HOST, NAME, PORT, WHEELHOUSE (a folder of packages to install from, without any network) and
# VENV are its options.
PYTHON ?= python3
VENV ?= .venv
export VENV
BIN := $(VENV)/bin

# What is locked already stays: RAISE=NAME takes the newest version of a package that others need.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --annotation-style line \
	--custom-compile-command "make lock, from [dependency-groups] of pyproject.toml" $(if $(RAISE),--upgrade-package $(RAISE))

.PHONY: run test test-fast timings check lock bench wheelhouse try-offline golden guide boundaries ground sites sbom clean

run test test-fast check:
	@$(PYTHON) run.py $@

# What is installed: to run, to develop (dev), to measure (bench), to derive the ground.
installed-%:
	@$(PYTHON) run.py install $*

# Write what each test took in the last whole run into tests/README.md.
timings: installed-dev
	$(BIN)/python -m tests.timings

# Write the requirements, hashes included, from the groups of pyproject.toml.
lock: | $(BIN)/uv
	$(LOCK) --group bench --output-file requirements/bench.txt
	$(LOCK) --group dev --constraints requirements/bench.txt --output-file requirements/dev.txt
	$(LOCK) --group ground --constraints requirements/bench.txt --output-file requirements/ground.txt
	$(LOCK) --group scale --constraints requirements/dev.txt --output-file requirements/scale.txt
	$(LOCK) --group run --constraints requirements/dev.txt --output-file requirements.txt

# Measure; ratios against peers and floors go to benchmarks/.
bench: installed-bench
	$(BIN)/python -m benchmarks.command_line
	$(BIN)/python -m benchmarks.documents
	$(BIN)/python -m benchmarks.snapshots
	$(BIN)/python -m benchmarks.register
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.pages

# Download every package that running needs, to carry to a machine without a network.
wheelhouse: | $(BIN)/python
	$(BIN)/python -m pip download --require-hashes --only-binary :all: --quiet --disable-pip-version-check \
	  --dest wheelhouse -r requirements.txt

# Install from the wheelhouse and serve inside a namespace without a network (root, Linux).
try-offline: wheelhouse
	@sh tests/try_offline.sh

# Draw the golden print maps anew, after a change of their look that is meant.
golden: installed-dev
	$(BIN)/python -m tests.golden.redraw

# Draw the pictures of the guide anew, after a change of the pages' look that is meant.
guide: installed-dev
	@sh tests/install_tools.sh
	ATLAS_REDRAW=1 $(BIN)/python -m pytest -q tests/browser/test_guide.py

# Make sites.geojson from sites.csv, and the reference pages and the README's table that count it.
sites: installed-run
	$(BIN)/python -m data.site_places data/provinces/jiangsu
	$(BIN)/python -m layers.words.reference

# Write a bill of materials of what is installed to run (CycloneDX), a licence for each.
sbom: installed-dev
	$(BIN)/python -m tests.bill sbom.json

# Derive the boundary files anew from their source.
boundaries: installed-dev
	$(BIN)/python -m data.authoring.boundaries data/provinces/jiangsu

# Derive the ground under the map anew: water, roads, railways, towns, ports, airports.
ground: installed-ground
	$(BIN)/python -m data.authoring.ground data/provinces/jiangsu

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache test-results

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(BIN)/uv: installed-dev
