#!/bin/sh
# Compares the digest of the firmware's arithmetic: native against RV32 under QEMU.
# Usage: compare_digests.sh [NATIVE_DIGEST [RV32_DIGEST_ELF]]; the defaults are what the presets
# "release" and "firmware" build.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
native=${1:-$root/build/release/tests/metrology/rv32/digest}
image=${2:-$root/build/firmware/tests/metrology/rv32/digest.elf}
for file in "$native" "$image"; do
  if [ ! -e "$file" ]; then
    echo "compare_digests: $file is missing; build it with cmake --preset firmware && cmake --build --preset firmware, and the same for release" >&2
    exit 2
  fi
done
native_output=$("$native")
rv32_output=$(timeout 300 qemu-system-riscv32 -M virt -bios none -nographic -monitor none \
  -serial stdio -icount shift=0 -kernel "$image" </dev/null)
native_digest=$(echo "$native_output" | grep '^digest ' || true)
rv32_digest=$(echo "$rv32_output" | tr -d '\r' | grep '^digest ' || true)
echo "native: ${native_digest:-none}"
echo "RV32:   ${rv32_digest:-none}"
echo "$rv32_output" | grep '^instructions' || true
if [ -z "$native_digest" ] || [ "$native_digest" != "$rv32_digest" ]; then
  echo "compare_digests: the digests differ" >&2
  exit 1
fi
