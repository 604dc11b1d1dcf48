# What a person types. `make` alone prints this list; the work itself is in scripts/.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
# Written last, so a set-up that was interrupted is done again and a finished one costs nothing.
SET_UP := $(VENV)/.set-up
SET_UP_DEV := $(VENV)/.set-up-dev
SET_UP_SERVER := $(VENV)/.set-up-server

.PHONY: help setup setup-server setup-dev run test test-containers check attack audit bench messages docs lock clean

help: ## Print this list
	@echo "Pushcart: search the literature of the informal economy."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Start with: make run"

setup: $(SET_UP) ## Make .venv with everything pinned, and the command .venv/bin/pushcart
	@echo "Ready: $(BIN)/pushcart"

setup-server: $(SET_UP_SERVER) ## The same, and the client of Elasticsearch and the driver of PostgreSQL
	@echo "Ready: $(BIN)/pushcart, also on Elasticsearch and PostgreSQL"

setup-dev: $(SET_UP_DEV) ## The same, and what the tests and checks need
	@echo "Ready: $(BIN)/pushcart, and make test"

run: $(SET_UP) ## Harvest the built-in sample publisher and serve the search pages on this machine
	@exec $(BIN)/pushcart demo

test: $(SET_UP_DEV) ## Everything: format, lint, types, import contract, every test (also in a browser)
	@exec scripts/check.sh everything

check: $(SET_UP_DEV) ## The quick part of it, for while you work: no slow tests, no browser
	@exec scripts/check.sh quick

test-containers: $(SET_UP_DEV) ## Run the compose files from nothing in a Docker engine, under names of their own
	@$(BIN)/pytest -n0 -rfEs -m containers tests/containers

attack: $(SET_UP_DEV) ## Attack it over loopback for ten minutes, and say what got through; OPTIONS=--help
	@exec scripts/attack.sh $(OPTIONS)

audit: $(SET_UP_DEV) ## Ask an advisory database about the pinned packages, where one answers
	@exec scripts/audit.sh

bench: $(SET_UP_DEV) ## Measure, and print tables: see benchmarks/README.md
	@exec scripts/bench.sh

messages: $(SET_UP_DEV) ## Collect what Pushcart says to people into the catalogues of corpus/locale
	@exec $(BIN)/python scripts/messages.py

docs: $(SET_UP_DEV) ## Build the documentation as a site into site/; open site/index.html
	@PYTHONPATH=. NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: $(SET_UP_DEV) ## Choose new versions within pyproject.toml and write both lock files
	@exec scripts/lock.sh

clean: ## Remove .venv and every cache; what you harvested (pushcart-data) stays
	rm -rf $(VENV) site build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(SET_UP): requirements.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh requirements.lock
	@touch $@

$(SET_UP_SERVER): requirements-server.lock requirements.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh requirements-server.lock
	@touch $(SET_UP) $@

# requirements-dev.lock holds the same versions of everything in the two others, and more.
$(SET_UP_DEV): requirements-dev.lock requirements.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh requirements-dev.lock
	@touch $(SET_UP) $@
