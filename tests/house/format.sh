#!/usr/bin/env bash
# Every C++ file is as clang-format 14 would write it.
set -euo pipefail
find metrology models peripherals platform tools tests -name '*.h' -o -name '*.cpp' | sort |
  xargs -P "$(nproc)" -n 40 clang-format-14 --dry-run --Werror
