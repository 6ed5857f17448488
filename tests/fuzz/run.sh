#!/usr/bin/env bash
# Builds every fuzz target with clang and libFuzzer, under the address and undefined sanitizers, and
# runs each for SECONDS: tests/fuzz/run.sh SECONDS [TARGET…]. The corpus that it grows and the inputs
# that it finds stay in build/fuzz.
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
all=(modbus_frame modbus_slave iec62056_message iec62056_session)
targets=("${all[@]}")
[ $# -gt 0 ] && targets=("$@")
out=build/fuzz
mkdir -p "$out/obj"
for target in "${all[@]}"; do mkdir -p "$out/corpus/$target"; done
options=(-std=c++17 -O1 -g -I. -Wall -Wextra -Werror -ffp-contract=off
  -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all)

# The parts of the firmware that the targets reach, once.
objects=()
for source in metrology/protocol/modbus/*.cpp metrology/protocol/iec62056/*.cpp \
  metrology/registers/*.cpp metrology/energy/*.cpp metrology/signal/*.cpp; do
  object=$out/obj/$(echo "${source%.cpp}" | tr / -).o
  "$compiler" "${options[@]}" -fsanitize=fuzzer-no-link -c "$source" -o "$object"
  objects+=("$object")
done
"$compiler" "${options[@]}" tests/fuzz/make_corpus.cpp -o "$out/make_corpus"
"$out/make_corpus" "$out/corpus"

for target in "${targets[@]}"; do
  "$compiler" "${options[@]}" -fsanitize=fuzzer "tests/fuzz/$target.cpp" "${objects[@]}" \
    -o "$out/$target"
  echo "== $target, $seconds s"
  "$out/$target" -max_total_time="$seconds" -max_len=1200 -artifact_prefix="$out/$target-" \
    -print_final_stats=1 -verbosity=0 "$out/corpus/$target"
  echo "$target: $(find "$out/corpus/$target" -type f | wc -l) inputs, nothing found"
done
