# formcheck: set-up, demo and checks. `make help` lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TESTED := $(VENV)/.tested
DEMO   := sample_videos/clips/squat_side_good.mp4

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint clean

help:  ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## Check Python, create .venv and install formcheck into it.

$(READY): pyproject.toml constraints.txt tools/setup_system.py
	@$(PYTHON) tools/setup_system.py
	@echo "Installing formcheck into $(VENV) (the first time takes a minute or two)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,c3d,dask,frames,mediapipe,movement,parquet,sftp]'
	@touch $@

$(TESTED): $(READY)
	@echo "Installing the programs that results are read back with"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[readers,s3]'
	@touch $@

demo: setup  ## Analyse a sample clip and print its report.
	$(BIN)/formcheck analyze $(DEMO) --out demo_report

test: $(TESTED)  ## Run the tests.
	@$(PYTHON) tools/setup_system.py --tests
	@# Tests start many processes: none of them is to compile formcheck again.
	@$(BIN)/python -m compileall -q formcheck
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: setup  ## Check style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:  ## Remove everything that the targets above made.
	rm -rf $(VENV) demo_report build dist .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
