# Each target installs what it needs, says what it does, and may be run again at any time.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS := 1

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/.installed: pyproject.toml constraints.txt scripts/install-python
	@scripts/install-python $(PYTHON) $(VENV) llm

# With torch and all that the tests need; what runs the package alone does without.
$(VENV)/.installed-dev: $(VENV)/.installed
	@scripts/install-python $(PYTHON) $(VENV) dev

setup: $(VENV)/.installed  ## install the package, a browser, fonts, bubblewrap and Node.js where they are missing
	@scripts/install-system
	@$(BIN)/webgen doctor

demo: $(VENV)/.installed  ## watch the template agent build websites, then open the report
	@scripts/install-system
	@$(BIN)/python examples/demo.py

test: $(VENV)/.installed-dev  ## the tests that every change must pass (under 10 minutes on 2 cores)
	@scripts/install-system
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-slow: $(VENV)/.installed-dev  ## the long suites
	@scripts/install-system
	@$(BIN)/python -m pytest -m slow

check: $(VENV)/.installed-dev  ## format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: $(VENV)/.installed-dev  ## the benchmarks, each a comparison in one run
	@scripts/install-system
	@for file in benchmarks/bench_*.py; do \
		echo "== $$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

.PHONY: help setup demo test test-slow check bench
