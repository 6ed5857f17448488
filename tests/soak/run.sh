#!/usr/bin/env bash
# Soaks the meter in FRAMES frames of each protocol, from SEED: tests/soak/run.sh FRAMES SEED
# [PROTOCOL...]. Stops at the first protocol in which something does not hold, and says how to see it
# again. Uses the release build and makes it first; episodes run on all cores.
set -euo pipefail
if ! [[ ${1:-} =~ ^[0-9]+$ && ${2:-} =~ ^[0-9]+$ ]]; then
  echo "usage: tests/soak/run.sh FRAMES SEED [modbus|mbus|ir...]" >&2
  exit 2
fi
frames=$1 seed=$2
shift 2
protocols=("$@")
[ $# -gt 0 ] || protocols=(modbus mbus ir)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cmake --preset release >/dev/null
cmake --build --preset release --target soak >/dev/null
export SC_COPYRIGHT_MESSAGE=DISABLE
for protocol in "${protocols[@]}"; do
  time build/release/tests/soak/soak --protocol "$protocol" --frames "$frames" --seed "$seed"
done
