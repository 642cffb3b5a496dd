# The same words everywhere: demo, test, serve, check, bench. Each sets up what it needs first.
SHELL := /bin/bash
PY := .venv/bin/python
READY := .venv/.ready

.PHONY: help setup demo scale-demo test soak serve check bench bench-service format clean
help:
	@echo "make demo    convert the sample images through a real server, workbooks land in out/"
	@echo "make scale-demo  the same through Redis, S3-style storage, two web processes and three workers"
	@echo "make serve   run the service on http://localhost:8000"
	@echo "make test    run every test on real servers and a real browser"
	@echo "make soak    the tests that take long: hundreds of jobs while processes and servers die"
	@echo "make check   format, lint, types, house rules"
	@echo "make bench-service  the service under load: latencies, jobs a second, memory, 1,000 sockets (BENCH=--quick)"
	@echo "make bench   accuracy, speed and memory beside two peers"

setup: $(READY)
$(READY): pyproject.toml uv.lock scripts/setup.sh
	@scripts/setup.sh
	@touch $@

demo: $(READY)
	@$(PY) scripts/demo.py

scale-demo: $(READY)
	@scripts/test_servers.sh
	@$(PY) -m scripts.scale_demo

serve: $(READY)
	@.venv/bin/olmocr-backend serve

test: $(READY)
	@scripts/test_servers.sh
	@$(PY) scripts/run_tests.py

soak: $(READY)
	@scripts/test_servers.sh
	@$(PY) -m pytest -q -rP -m soak tests

check: $(READY)
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/pyright
	@$(PY) -m pytest -q tests/house

format: $(READY)
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: $(READY)
	@$(PY) -m bench.run $(BENCH)

bench-service: $(READY)
	@$(PY) -m bench.service $(BENCH)
	@$(PY) -m bench.sockets

clean:
	rm -rf .venv out bench/.venv bench/out
