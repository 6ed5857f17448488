#!/usr/bin/env bash
# CTest takes a semicolon in a test's name for the end of it, a bracket for a tag, and a name that
# begins with two dashes for an option: such a case would never run, or fail for want of itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
found=$(git ls-files 'tests/*.cpp' | xargs awk '
  /TEST_CASE\($/ { wrapped = 1; next }
  wrapped || /TEST_CASE\("/ {
    wrapped = 0
    if (match($0, /"[^"]*"/)) {
      name = substr($0, RSTART + 1, RLENGTH - 2)
      if (name ~ /[;[]/ || name ~ /^--/) print FILENAME ":" FNR ": " name
    }
  }')
[ -z "$found" ] && exit 0
echo "names of tests that CTest cannot have:" >&2
echo "$found" >&2
exit 1
