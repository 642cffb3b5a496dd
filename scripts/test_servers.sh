#!/usr/bin/env bash
# The tests run on a real Redis, a real nginx, a real browser and clocks that jump: install them where we may, say how where we may not.
set -euo pipefail

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
PATH="$PATH:/usr/sbin:/sbin" command -v nginx >/dev/null || missing+=(nginx-light)
[ "$(uname)" != Linux ] || compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || missing+=(libfaketime)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "The tests need: ${missing[*]}. Install them (Debian: sudo apt-get install ${missing[*]}; macOS: brew install redis nginx chromium) and run again." >&2
    exit 1
fi
