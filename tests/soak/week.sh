#!/usr/bin/env bash
# A week of a load profile in one run and in three segments: the logs must be the same, byte for
# byte, and so must the verdicts. Takes some ten minutes, and as many megabytes in DIR.
#
#   tests/soak/week.sh [DIR]        DIR: where everything goes; a temporary folder without it
#
# VMETER names another program than build/release/tools/vmeter.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

dir=${1:-$(mktemp -d)}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
python3 "$here/make_week.py" table > "$dir/week.csv"
total 0 7
run() { "$vmeter" run "$here/week.yaml" --set "parameters.table=$dir/week.csv" "${sums[@]}" "$@"; }

SECONDS=0
run --log "$dir/whole.jsonl" --json "$dir/whole.json"
echo "the week in one: $SECONDS s"
SECONDS=0
run --until 2.3d --save-state "$dir/1.state" --log "$dir/1.jsonl"
run --load-state "$dir/1.state" --until 5d --save-state "$dir/2.state" --log "$dir/2.jsonl"
run --load-state "$dir/2.state" --log "$dir/3.jsonl" --json "$dir/cut.json"
echo "the week in three: $SECONDS s"

cat "$dir"/[123].jsonl | cmp - "$dir/whole.jsonl"
python3 - "$dir/whole.json" "$dir/cut.json" <<'PYTHON'
import json, sys
whole, cut = (json.load(open(name))["expectations"] for name in sys.argv[1:])
sys.exit("the verdicts differ" if whole != cut else 0)
PYTHON
echo "the week in three segments is the week in one: $(wc -l < "$dir/whole.jsonl") records, $dir"
