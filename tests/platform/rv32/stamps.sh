#!/usr/bin/env bash
# Every instruction of the stored programs retires in the cycle in which the RTL retired it:
# stamps.sh VMETER. Prints the first line that differs of each program that fails.
set -u
vmeter=$1
programs=$(cd "$(dirname "$0")/programs" && pwd)
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
count=0
failed=0
for program in "$programs"/*.elf; do
  "$vmeter" isa-test "$program" --retire "$lines" >/dev/null
  # The programs' codes are sums of their counters, so 1 is as good as 0.
  [ $? -le 1 ] || failed=1
  if ! cmp -s "$lines" <(zcat "${program%.elf}.retire.gz"); then
    echo "$(basename "$program"): the first difference, ours (<) and the RTL's (>):"
    diff "$lines" <(zcat "${program%.elf}.retire.gz") | head -n 4
    failed=1
  fi
  count=$((count + 1))
done
echo "$count programs"
[ "$count" -eq 10 ] && exit "$failed"
exit 1
