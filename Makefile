# Lectern. `make run` starts it, `make test` checks everything; `make help` lists the rest.
# PYTHON=/path/to/python3.12 chooses the interpreter (3.11 or newer).
export PYTHON

BIN = .venv/bin/python -m

.PHONY: run test conformance moodle-check lint types format logs pins clean help

run: ## Start Lectern and the Demo LMS (installs what is missing; Ctrl-C stops)
	@sh deploy/venv.sh requirements.txt
	@exec $(BIN) lti_app.cli.run

test: ## Everything: lint, types, imports, JavaScript, pytest with a real browser
	@sh deploy/venv.sh requirements.txt requirements-test.txt
	@exec $(BIN) tests.tools.check

conformance: ## ADL's xAPI suite against a fresh server: LRS=/path/to/checkout [STATEMENTS=100000]
	@sh deploy/venv.sh requirements.txt requirements-test.txt
	@exec $(BIN) tests.conformance "$(LRS)" $(STATEMENTS)

moodle-check: ## Our tool against a running Moodle: MOODLE=http://… REGISTRATION=https://… [OPTIONS=…]
	@sh deploy/venv.sh requirements.txt requirements-test.txt
	@exec $(BIN) tests.moodle_check "$(MOODLE)" "$(REGISTRATION)" $(OPTIONS)

lint: ## Style and imports
	@sh deploy/venv.sh requirements.txt requirements-test.txt
	@exec $(BIN) tests.tools.check lint format imports

types: ## Types of Python and JavaScript
	@sh deploy/venv.sh requirements.txt requirements-test.txt
	@exec $(BIN) tests.tools.check types js-types

format: ## Bring the Python code into its format
	@sh deploy/venv.sh requirements.txt requirements-test.txt
	$(BIN) ruff check --fix .
	$(BIN) ruff format .

logs: ## Follow what the running processes print
	@tail -n 20 -f "$${LECTERN_DATA:-instance}"/logs/*.log

pins: ## Write down the exact version of every installed package
	@sh deploy/constraints.sh

clean: ## Remove what was installed and cached; the data in ./instance stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
