# Every command of the project. The work is done by what each target calls; nothing is hidden here.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
BOOTSTRAP := python3 -m project.bootstrap
# Values a production installation would have; only used to check the settings, never to run.
PRODUCTION_ENV := $(PY) -m tests.production
SPECTRAL_RULES := ../shared/specs/nl-api-design-rules-spectral.yaml
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: help install run test check format bench crash lock clean dev

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: ## virtual environment, locked packages, system libraries (root), static files
	@$(BOOTSTRAP) runtime

dev: ## install, plus what tests and checks need
	@$(BOOTSTRAP) dev

run: install ## the demo on http://127.0.0.1:$PORT (8000): web server and worker, Ctrl-C stops both
	@$(PY) -m project.launch

test: dev ## all tests: SQLite, then the database folders on PostgreSQL
	env -u DATABASE_URL $(PY) -m pytest -n 2 --dist loadfile
	$(PY) -m tests.postgres -n 2 --dist loadfile

check: dev ## lint, types, import contracts, templates, migrations, deployment settings, OpenAPI
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	find templates -name '*.html' | xargs .venv/bin/djade --check --target-version 5.2
	$(PRODUCTION_ENV) makemigrations --check --dry-run
	$(PRODUCTION_ENV) check --deploy --fail-level WARNING
	$(PRODUCTION_ENV) openapi --check
	$(PRODUCTION_ENV) lifecycle_docs --check
	$(PY) -m tests.spectral $(SPECTRAL_RULES) docs/openapi.json

format: dev ## put code and templates in the house style
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	-find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2

bench: dev ## the benchmarks of docs/benchmarks.md; a quarter of an hour, with ten million messages of history
	$(PY) -m tests.bench

crash: dev ## kill the engine at random and at every named step, with every fault on; half an hour
	$(PY) -m tests.crash --db postgres --kills 500 --messages 20000 --restarts 5 --clock 60 --redis --clusters 1
	$(PY) -m tests.crash --db sqlite --kills 100 --messages 4000 --clock 60
	$(PY) -m pytest tests/crash/harness_check.py tests/year/harness_check.py

lock: dev ## choose new versions within requirements*.in and package.json, and lock them by hash
	$(COMPILE) --upgrade requirements.in -o requirements.txt
	$(COMPILE) --upgrade requirements-dev.in -o requirements-dev.txt
	$(COMPILE) --upgrade requirements-setup.in -o requirements-setup.txt
	$(COMPILE) --upgrade requirements-node.in -o requirements-node.txt
	npm install --package-lock-only

clean: ## remove everything that was made here, the demo's database and keys included
	rm -rf .venv node_modules var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
