# The commands of a fresh clone. Everything is installed into .venv on first use; Python >= 3.11, git and make suffice.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
MANIFEST := dbt_project/target/manifest.json
INBOX ?=
PORTALS ?=
REPORTS ?= ../shared
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test up page test-page score lint bench format clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(INSTALLED): pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "weijian needs Python 3.11, 3.12 or 3.13 on the PATH (or make PYTHON=/path/to/python)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	@UV_PROJECT_ENVIRONMENT=$(VENV) UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_SYSTEM_CERTS=1 $(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

DBT_SOURCES := $(shell find dbt_project -path dbt_project/target -prune -o -path dbt_project/logs -prune -o -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' -o -name '*.md' \) -print)

# The manifest is built ahead, from inside the dbt folder, so that importing the definitions parses nothing.
$(MANIFEST): $(INSTALLED) $(DBT_SOURCES)
	@$(BIN)/weijian manifest

run: $(MANIFEST) ## Build the warehouse from the sample pack, INBOX=folder or PORTALS=demo
	@$(BIN)/weijian run $(if $(INBOX),--inbox "$(INBOX)") $(foreach portal,$(PORTALS),--portal "$(portal)")

up: $(MANIFEST) ## Start the Dagster UI and the daemon (nightly schedule) on loopback
	@exec $(BIN)/weijian up

# The page's own packages are installed when it is first opened.
$(VENV)/.page: $(INSTALLED)
	@UV_PROJECT_ENVIRONMENT=$(VENV) UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 $(BIN)/uv sync --frozen --inexact --quiet --extra page
	@touch $@

page: $(VENV)/.page ## Look at the published warehouse in a browser, on loopback
	@exec $(BIN)/streamlit run warehouse/page/app.py $(ARGS)

# Each process takes file after file, in the order of tests/conftest.py; ARGS=-n0 runs all in one.
test: $(MANIFEST) ## Run the tests, in two processes (WORKERS=…) or as ARGS=… says
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-page: $(VENV)/.page ## Run the page's tests, in a browser too where Chromium is installed
	@UV_PROJECT_ENVIRONMENT=$(VENV) UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 $(BIN)/uv sync --frozen --inexact --quiet --extra page --group page-test
	@$(BIN)/python -m pytest tests/warehouse/page $(ARGS)

score: $(MANIFEST) ## Compare the facts of the shared reports with their gold
	@$(BIN)/weijian run --inbox "$(REPORTS)/seeds" --data warehouse/data/score --quiet
	@$(BIN)/python "$(REPORTS)/score/score.py" --db warehouse/data/score/published/weijian.duckdb --gold "$(REPORTS)/gold" $(ARGS)

lint: $(INSTALLED) ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(MANIFEST) ## Measure the speed of extraction, and how it grows with the length
	@$(BIN)/python -m benchmarks.extraction
	@$(BIN)/python -m benchmarks.linear

format: $(INSTALLED) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove what was built (the data folder stays)
	@rm -rf $(VENV) dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache
