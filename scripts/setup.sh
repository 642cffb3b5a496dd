#!/usr/bin/env bash
# Makes .venv with uv inside it and the locked dependencies. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for name in "${PYTHON:-}" python3.11 python3.12 python3 python3.13; do
    [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python=$name && break
done
[ -n "$python" ] || { echo "Python 3.11 or newer is needed. Install it (Debian: apt-get install python3 python3-venv) or set PYTHON." >&2; exit 1; }

if ! [ -x .venv/bin/python ]; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        else
            echo "Python's venv module is missing. Install it (Debian: apt-get install python3-venv)." >&2; exit 1
        fi
    fi
    "$python" -m venv .venv
fi
.venv/bin/python -c 'import uv' 2>/dev/null || .venv/bin/python -m pip install -q --disable-pip-version-check 'uv>=0.13'
# The running interpreter stays the one of .venv; no interpreter is downloaded.
UV_PROJECT_ENVIRONMENT=.venv .venv/bin/python -m uv sync -q --frozen --inexact --no-python-downloads
