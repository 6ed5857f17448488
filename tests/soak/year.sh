#!/usr/bin/env bash
# A year of a load profile: segments of 73 days, each of which takes the meter over from the one
# before, so that its counters and its log's times go on beyond what a kernel's 64 bits hold. At each
# segment's end the counters are held against what the table adds up to since the first day.
#
#   tests/soak/year.sh DIR [SEGMENTS]     5 segments without it, which is a year
#
# What is in DIR already is not run again: a year that was broken off goes on where it stood. Takes
# some hours. VMETER names another program than build/release/tools/vmeter, DAYS another length of a
# segment, at most 200.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || { echo "Usage: tests/soak/year.sh DIR [SEGMENTS]" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
segments=${2:-5}
days=${DAYS:-73}
[ -f "$dir/week.csv" ] || python3 "$here/make_week.py" table > "$dir/week.csv"

# holds FILE: whether a run's result is there and says pass.
holds() {
  [ -f "$1" ] && python3 -c 'import json, sys
sys.exit(json.load(open(sys.argv[1]))["verdict"] != "pass")' "$1"
}

for ((i = 1; i <= segments; ++i)); do
  if [ -f "$dir/$i.state" ] && holds "$dir/$i.json"; then
    echo "segment $i: there already"
    continue
  fi
  total 0 $((i * days))
  load=()
  [ "$i" -eq 1 ] || load=(--load-state "$dir/$((i - 1)).state")
  SECONDS=0
  "$vmeter" run "$here/week.yaml" --set "parameters.table=$dir/week.csv" \
    --set "parameters.days=$days d" --set "parameters.start=$(((i - 1) * days % 7)) d" \
    --set "parameters.last=$((days * 86400 - 2)) s" "${sums[@]}" "${load[@]}" \
    --save-state "$dir/$i.state" --json "$dir/$i.json"
  echo "segment $i of $segments: $days days in $SECONDS s"
done
echo "all $((segments * days)) days hold"
