# Two commands do everything on a fresh machine with Python (3.11 or newer) and make:
#   make demo    environment, install, example graph, three queries, a page        (under two minutes)
#   make test    environment, system parts where they may be installed, lint, types, tests
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: help demo test lint types tests system bench clean

help:
	@sed -n '2,3s/^# *//p' Makefile

demo: $(VENV)/.installed
	$(BIN)/kg demo -o demo

test: $(VENV)/.dev system lint types tests

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

tests: $(VENV)/.dev
	$(BIN)/pytest -q --cov --cov-branch --cov-report=term

# Chromium for the pages, Java and Maven for Neo4j and Jena: a missing one makes its tests fail, not skip.
system:
	tests/install-system-parts

bench: $(VENV)/.dev
	@echo "see benchmarks/README.md"

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kg needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "no venv module: install it (Debian: apt-get install python3-venv)" >&2; exit 1; }

$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .coverage
