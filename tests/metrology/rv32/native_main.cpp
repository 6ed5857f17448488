// Prints the digest as the native build finds it.
#include <cinttypes>
#include <cstdio>

#include "tests/metrology/rv32/digest.h"

int main() {
  const digest::Result result =
      digest::run(digest::blocks_compared, [] { return std::uint32_t{0}; });
  std::printf("digest %016" PRIx64 " windows %" PRIu32 " pulses %" PRIu32 "\n", result.digest,
              result.windows, result.pulses);
  return 0;
}
