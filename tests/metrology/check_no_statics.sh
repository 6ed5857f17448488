#!/bin/sh
# Fails if the native firmware library has a mutable variable: all state must be in app::State, since
# a process holds many meters. Usage: check_no_statics.sh LIBMETROLOGY.a
set -eu
if [ ! -s "$1" ]; then
  echo "check_no_statics: $1 is missing or empty" >&2
  exit 2
fi
# b, B: zero-initialised; d, D: initialised, or constants that need relocation; C: common.
symbols=$(nm "$1")
variables=$(echo "$symbols" | grep -E ' [bBdDC] ' || true)
if [ -n "$variables" ]; then
  echo "check_no_statics: mutable variables in the firmware:" >&2
  echo "$variables" | c++filt >&2
  exit 1
fi
echo "$symbols" | grep -q ' T ' || { echo "check_no_statics: $1 holds no code" >&2; exit 2; }
echo "no mutable variables in $(basename "$1")"
