#!/bin/sh
# Writes the CRC-32 of the linked image's flash (hal::image_checksum_base) into its section, so that
# whoever flashes the image finds damage. Usage: write_checksum.sh OBJCOPY FIRMWARE.elf
set -eu
objcopy=$1
image=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$objcopy" -O binary --remove-section .image_checksum --gap-fill 0xff --pad-to 0x1fffc \
  "$image" "$work/flash"
# gzip ends with the CRC-32 of what it packed, lowest byte first, and its length.
gzip -c "$work/flash" | tail -c 8 | head -c 4 >"$work/checksum"
"$objcopy" --update-section .image_checksum="$work/checksum" "$image"
