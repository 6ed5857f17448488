#!/usr/bin/env bash
# Who may include whom: the firmware nothing but itself and freestanding headers, the world outside
# nothing but itself, the peripherals only register layouts and pins, the platform no models.
set -u
broken=0

# forbid FOLDER PATTERN WHY [EXCEPT]
forbid() {
  local found
  found=$(grep -rnE "#include *[<\"]($2)" "$1" --include='*.h' --include='*.cpp' | grep -vE "${4:-^$}")
  if [ -n "$found" ]; then
    printf '%s\n%s\n' "$1: $3" "$found"
    broken=1
  fi
}

hosted='systemc|tlm|iostream|ostream|sstream|vector>|string>|map>|set>|memory>|functional>|mutex>|thread>|fmt/|yaml|nlohmann'
forbid metrology "$hosted|platform/|peripherals/|models/|tools/" "is firmware: freestanding, itself only"
forbid models 'systemc|tlm|platform/|peripherals/|metrology/|tools/' "is the world outside: itself only"
forbid peripherals 'platform/|tools/|models/|metrology/' "sees register layouts and pins only" \
  '"(models/pins|metrology/hal)/'
forbid platform 'tools/|models/' "sees pins, not models" '"models/pins/'

found=$(grep -rn 'sc_time_stamp' peripherals)
if [ -n "$found" ]; then
  printf '%s\n%s\n' "peripherals: take time from the access's commit edge, never from the kernel" "$found"
  broken=1
fi
exit $broken
