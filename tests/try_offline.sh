#!/bin/sh
# Install from a wheelhouse and serve, with no network at all: make try-offline
# Works in a clean clone of what is committed, inside a network namespace that has loopback only (needs root and Linux).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
port=${PORT:-8501}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
git clone --quiet "$root" "$place/atlas"
cp -r "$root/wheelhouse" "$place/atlas/wheelhouse"
cd "$place/atlas"
cat >"$place/inside.sh" <<'INSIDE'
set -eu
ip link set lo up 2>/dev/null || true
python3 - <<'PYTHON'
import socket, sys
try:
    socket.create_connection(("1.1.1.1", 443), 3)
except OSError as error:
    print("outside:", error)
else:
    sys.exit("there is a network: nothing is proved")
PYTHON
# No index and no folder of packages but the wheelhouse, whatever this machine's pip is set up for.
env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null \
  make run WHEELHOUSE=wheelhouse PORT="$1" &
python3 - "$1" <<'PYTHON'
import json, sys, time, urllib.request
root, end = f"http://127.0.0.1:{sys.argv[1]}", time.monotonic() + 900
while True:
    try:
        urllib.request.urlopen(f"{root}/_stcore/health", timeout=5).read()
        break
    except OSError:
        if time.monotonic() > end:
            sys.exit("the atlas did not answer")
        time.sleep(1)
page = urllib.request.urlopen(f"{root}/", timeout=60).read()
sites = json.load(urllib.request.urlopen(f"{root}/ogc/collections/sites/items?limit=1", timeout=60))
assert b"<script" in page
assert sites["numberMatched"] > 0
print(f"served without a network: page of {len(page)} bytes, {sites['numberMatched']} sites")
PYTHON
INSIDE
# With a process namespace too: when the check ends, so does the server.
unshare --net --pid --fork --kill-child sh "$place/inside.sh" "$port"
