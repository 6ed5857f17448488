#!/usr/bin/env bash
# Which lines of the firmware its tests reach: builds metrology/ and its tests with counters, runs them
# natively, prints a line a folder, writes the whole as HTML to build/coverage/report, and fails
# below the share asked for: tests/coverage.sh [PERCENT [BUILD]], 90 if not said. With BUILD, a folder
# with counters whose tests have just run (build/asan), that is looked at instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
percent=${1:-90}
if ! [[ $percent =~ ^[0-9]+$ ]]; then
  echo "usage: tests/coverage.sh [PERCENT]" >&2
  exit 2
fi
if ! command -v gcovr >/dev/null; then
  echo "coverage: gcovr is missing; install Debian's gcovr" >&2
  exit 2
fi
. tools/prepare.sh
out=${2:-build/coverage}
if [ $# -lt 2 ]; then
  build coverage metrology_tests
  find "$out" -name '*.gcda' -delete
  quietly "the tests fail" "$out/tests/metrology/metrology_tests"
fi

# Counters are read by the tool of the compiler that wrote them.
gcov=gcov
grep -q '^CMAKE_CXX_COMPILER:.*clang' "$out/CMakeCache.txt" && gcov='llvm-cov-14 gcov'

mkdir -p "$out/report"
# Whatever is not the firmware's own text, the tests and what they borrow, is not counted.
gcovr --root . --gcov-executable "$gcov" --object-directory "$out" --filter metrology/ --exclude-unreachable-branches \
  --html-details "$out/report/index.html" --json "$out/report/lines.json" \
  --txt "$out/report/files.txt" --fail-under-line "$percent" \
  "$out/metrology" || failed=$?
/usr/bin/python3 tests/coverage_table.py "$out/report/lines.json"
exit "${failed:-0}"
