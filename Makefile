# Needs git, make and either uv or a Python with pip; everything else is installed into this folder.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check model clean

# A uv on PATH is used; otherwise one is installed here, for this checkout only.
UV := $(shell command -v uv || echo .uv/bin/uv)
PYTHON3 := $(shell command -v python3 || command -v python)
BIN := .venv/bin
SYNCED := .venv/.synced

help: ## this list
	@echo "童行 Tongxing"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST)

run: $(SYNCED) ## install and build what is missing, start everything, stay until Ctrl-C
	@exec $(BIN)/tongxing run

test: $(SYNCED) ## the whole test suite
	@$(BIN)/pytest

check: $(SYNCED) ## style, types, import directions, knowledge base
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy knowledge
	$(BIN)/lint-imports
	$(BIN)/tongxing knowledge check

model: $(SYNCED) ## train the model if its inputs have changed
	@$(BIN)/tongxing train

clean: ## remove what can be made again; the database in var/ stays
	rm -rf models .rasa .ruff_cache .mypy_cache .import_linter_cache .hypothesis .pytest_cache
	find . -name __pycache__ -not -path './.venv/*' -not -path './.uv/*' -prune -exec rm -rf {} +

$(SYNCED): uv.lock pyproject.toml .python-version | $(UV)
	@echo "Installing what is listed in uv.lock (2.4 GB; minutes on a slow line)…"
	@$(UV) sync --frozen --quiet
	@touch $@

# Only reached when uv is not on PATH: order-only, so that a newer file never reinstalls it.
.uv/bin/uv:
	@test -n "$(PYTHON3)" || { echo "Needs uv, or a Python with pip to install it."; exit 1; }
	@echo "Installing uv into .uv…"
	@$(PYTHON3) -m pip install --quiet --disable-pip-version-check --target .uv "uv>=0.8"
