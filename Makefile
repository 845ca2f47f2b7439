# Two commands do everything on a fresh machine with Python 3.11 or newer:
#   make run    create the environment, install, serve on PORT (default 8501)
#   make test   the same with the test tools, then checks and tests
PYTHON ?= python3
PORT ?= 8501
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test check bench golden boundaries sites clean

run: $(VENV)/run.stamp
	@echo "Atlas: http://localhost:$(PORT)"
	@$(BIN)/streamlit run app.py --server.port $(PORT)

test: check
	@sh tests/install_browser.sh
	$(BIN)/python -m pytest

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Measure; ratios against peers and floors go to benchmarks/.
bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks.snapshots
	$(BIN)/python -m benchmarks.register

# Draw the golden print maps anew, after a change of their look that is meant.
golden: $(VENV)/dev.stamp
	$(BIN)/python -m tests.golden.redraw

# Make sites.geojson from sites.csv.
sites: $(VENV)/run.stamp
	$(BIN)/python -m data.sites data/provinces/jiangsu

# Derive the boundary files anew from their source.
boundaries: $(VENV)/dev.stamp
	$(BIN)/python -m data.boundaries data/provinces/jiangsu

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache test-results

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-scale.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/run.stamp $@

$(VENV)/bench.stamp: requirements-bench.txt $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@
