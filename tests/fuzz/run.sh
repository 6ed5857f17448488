#!/usr/bin/env bash
# Builds every fuzz target with clang and libFuzzer, under the address and undefined sanitizers, and
# runs each for SECONDS, as many at a time as there are processors: tests/fuzz/run.sh SECONDS
# [TARGET…]. The corpus that it grows and the inputs that it finds stay in build/fuzz.
set -euo pipefail
if ! [[ ${1:-} =~ ^[0-9]+$ ]]; then
  echo "usage: tests/fuzz/run.sh SECONDS [TARGET...]" >&2
  exit 2
fi
seconds=$1
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
compiler=clang++-14
if ! command -v "$compiler" >/dev/null; then
  echo "fuzz: $compiler is missing; install Debian's clang-14" >&2
  exit 2
fi
all=(modbus_frame modbus_slave mbus_frame mbus_slave iec62056_message iec62056_session recording)
targets=("${all[@]}")
[ $# -gt 0 ] && targets=("$@")
out=build/fuzz
mkdir -p "$out/obj"
for target in "${all[@]}"; do mkdir -p "$out/corpus/$target"; done
options=(-std=c++17 -O1 -g -I. -Wall -Wextra -Werror -ffp-contract=off
  -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all)

# The parts of the firmware that the targets reach, once.
compile() {
  "$compiler" "${options[@]}" -fsanitize=fuzzer-no-link -c "$1" \
    -o "$out/obj/$(echo "${1%.cpp}" | tr / -).o"
}

# What the target says stands together, also when others run beside it.
run() {
  local said=$out/$1.txt status=0
  {
    echo "== $1, $seconds s"
    "$compiler" "${options[@]}" -fsanitize=fuzzer "tests/fuzz/$1.cpp" "$out"/obj/*.o -o "$out/$1" &&
      "$out/$1" -max_total_time="$seconds" -max_len=1200 -artifact_prefix="$out/$1-" \
        -print_final_stats=1 -verbosity=0 "$out/corpus/$1" &&
      echo "$1: $(find "$out/corpus/$1" -type f | wc -l) inputs, nothing found"
  } >"$said" 2>&1 || status=$?
  cat "$said"
  return "$status"
}

# each FUNCTION WORD…: the function with each of the words; fails when one of them does.
each() {
  local function=$1 word pids=() pid failed=0
  shift
  for word in "$@"; do
    while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    "$function" "$word" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return "$failed"
}

rm -f "$out"/obj/*.o
each compile metrology/protocol/{modbus,mbus,iec62056}/*.cpp metrology/{registers,energy,signal}/*.cpp \
  models/recordings/{cff,comtrade_cfg,comtrade_dat,csv,playback,prepare,recording,resampler,text}.cpp
"$compiler" "${options[@]}" tests/fuzz/make_corpus.cpp -o "$out/make_corpus"
"$out/make_corpus" "$out/corpus"
each run "${targets[@]}"
