#!/bin/sh
# Prints flash and RAM of the firmware image and fails beyond 128 KiB and 32 KiB.
# Usage: firmware_size.sh [FIRMWARE.elf]; default: what the preset "firmware" builds.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
image=${1:-$root/build/firmware/firmware.elf}
flash_limit=131072
ram_limit=32768
if [ ! -e "$image" ]; then
  echo "firmware_size: $image is missing; build it with cmake --preset firmware && cmake --build --preset firmware" >&2
  exit 2
fi
# From the section table: what is loaded stands in flash; RAM holds .samples, .data, .bss, and at
# least the stack that the linker script keeps free.
riscv64-unknown-elf-size -A "$image" | awk -v flash_limit=$flash_limit -v ram_limit=$ram_limit '
  $1 == ".text" || $1 == ".program_block" || $1 == ".image_checksum" { flash += $2 }
  $1 == ".data" { flash += $2; ram += $2 }
  $1 == ".bss" || $1 == ".samples" { ram += $2 }
  END {
    if (flash == 0 || ram == 0) { print "firmware_size: no sections found"; exit 2 }
    stack = ram_limit - ram
    printf "flash %d of %d bytes (%.1f %%)\n", flash, flash_limit, 100 * flash / flash_limit
    printf "RAM   %d of %d bytes (%.1f %%), %d left for the stack\n", ram, ram_limit, 100 * ram / ram_limit, stack
    if (flash > flash_limit || stack < 8192) { print "firmware_size: too big"; exit 1 }
  }'
