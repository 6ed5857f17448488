# Sourced by week.sh and year.sh: what they have in common.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
vmeter=${VMETER:-$root/build/release/tools/vmeter}
[ -x "$vmeter" ] || { echo "$vmeter is not there; build it with tools/vmeter --version" >&2; exit 2; }

# total OFFSET DAYS: --set arguments with what DAYS of the table add up to, as an array `sums`.
total() {
  local forward=() reverse=() f r
  while read -r f r; do forward+=("$f"); reverse+=("$r"); done \
    < <(python3 "$here/make_week.py" energy "$1" "$2")
  sums=(--set "parameters.L1=${forward[0]} kWh" --set "parameters.L2=${forward[1]} kWh"
        --set "parameters.L3=${forward[2]} kWh" --set "parameters.L1_out=${reverse[0]} kWh")
}
