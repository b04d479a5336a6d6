# Every command of the project; `make help` lists them. CI calls the same ones.
.DEFAULT_GOAL := check
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Files of tests in a few processes: most of their time is waiting.
SIDE_BY_SIDE := --numprocesses 3 --dist loadfile
PIP_FLAGS := --quiet --disable-pip-version-check --require-hashes

.PHONY: check run build migrate test test-fast test-faults test-simulation lint types format bench bench-pages lock screenshots clean help

check: lint types test ## Lint, types and all tests

run: $(VENV)/run.stamp ## Install, migrate, build what changed, and serve http://127.0.0.1:9000
	@exec $(BIN)/python -m renum_app.cli serve

build: $(VENV)/run.stamp ## Build the pages, unless a build of these sources is there
	@$(BIN)/python -m renum_app.cli build

migrate: $(VENV)/run.stamp ## Bring the database to this version's schema
	@$(BIN)/python -m renum_app.cli migrate

test: $(VENV)/dev.stamp build ## All tests, also those in a browser
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not faults and not alone"
	$(BIN)/python -m pytest -m "alone and not faults"

test-fast: $(VENV)/dev.stamp ## Tests without a browser or a server process
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not e2e and not faults"

test-faults: $(VENV)/dev.stamp ## Long fault injection
	$(BIN)/python -m pytest -m faults

test-simulation: $(VENV)/dev.stamp ## 10,000 random actions against the engine; RENUM_SIMULATION_SEED=… plays one again
	RENUM_SIMULATION_ACTIONS=$${RENUM_SIMULATION_ACTIONS:-10000} $(BIN)/python -m pytest tests/simulation -s

lint: $(VENV)/dev.stamp ## ruff, formatting and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/dev.stamp ## pyright
	$(BIN)/pyright

format: $(VENV)/dev.stamp ## Format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## Measure the engine against a bare loop, as ratios
	$(BIN)/python -m bench

bench-pages: $(VENV)/dev.stamp ## Measure what pages cost a browser: first load, 10,000 events, how soon an event is seen
	$(BIN)/python -m tests.e2e.figures

screenshots: $(VENV)/dev.stamp ## Pictures of every page, in both languages and themes, into screenshots/
	$(BIN)/python -m tests.e2e.screenshots

lock: $(VENV)/dev.stamp ## Pin everything below requirements*.txt, with hashes
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  requirements.txt -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  requirements-dev.txt -o requirements-dev.lock

clean: ## Remove the virtual environment and the build; data stays
	rm -rf $(VENV) .web

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Renum needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installing what Renum runs on…"
	@$(BIN)/pip install $(PIP_FLAGS) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(BIN)/python
	@echo "Installing what working on Renum needs…"
	@$(BIN)/pip install $(PIP_FLAGS) -r requirements-dev.lock
	@touch $@ $(VENV)/run.stamp
