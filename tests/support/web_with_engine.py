"""A whole deployment with quick workers: `python -m tests.support.web_with_engine --port N`, settings from
the environment. With REDIS_URL and WORKER_PROCESSES=0 the web alone."""

from __future__ import annotations

import argparse
import sys

from app import main
from tests.support.clock import mend_sleep

LEASE_S = 1.5
QUICK_WORKER = (sys.executable, "-m", "tests.support.worker_with_engine", str(LEASE_S), "quick")

if __name__ == "__main__":
    mend_sleep()
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    main.run("127.0.0.1", options.parse_args().port, alone=False, worker=QUICK_WORKER)
