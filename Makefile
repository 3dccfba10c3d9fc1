PYTHON ?= python3
PORT ?= 8000
export PORT

# Makes the machine ready (virtual environment, Debian packages), then runs a module in it.
RUN = $(PYTHON) config/machine.py
RUN_FOR_TESTS = $(PYTHON) config/machine.py --for-tests

.PHONY: help demo demo-reset test check format lock bench

help:
	@echo "make demo        everything, with demo people, on http://localhost:$(PORT)"
	@echo "make demo-reset  remove the demo's data"
	@echo "make test        all tests (ARGS=… for pytest)"
	@echo "make check       format, lint, architecture, migrations, deployment, templates, vendored files"
	@echo "make format      let ruff format and fix"
	@echo "make bench       measure"
	@echo "make lock        lock requirements/*.in anew (needs uv)"

demo:
	@$(RUN) -m config.demo_server

demo-reset:
	@$(RUN) -m config.demo_server reset

# The browser's tests run by themselves: its event loop gives Django another connection, which the
# tests after it in the same process would flush with.
test:
ifdef ARGS
	@$(RUN_FOR_TESTS) -m pytest $(ARGS)
else
	@$(RUN_FOR_TESTS) -m pytest --ignore=tests/e2e
	@$(RUN_FOR_TESTS) -m pytest tests/e2e
endif

check:
	@$(RUN) -m config.project_check

format:
	@$(RUN) -m ruff check --fix --quiet
	@$(RUN) -m ruff format

bench:
	@$(RUN) -m bench $(ARGS)

lock:
	@for name in base dev prod; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--quiet --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done
