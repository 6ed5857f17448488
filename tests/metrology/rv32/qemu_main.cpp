// Prints the digest as the RV32 build finds it, and the instructions its stages take at most (with
// -icount), on QEMU's "virt" board: UART at 0x1000'0000, test finisher at 0x10'0000.
#include <cstdint>

#include "tests/metrology/rv32/digest.h"

namespace {

void print(const char* text) {
  volatile auto* const transmit = reinterpret_cast<volatile std::uint8_t*>(0x1000'0000);
  for (; *text != 0; ++text) *transmit = static_cast<std::uint8_t>(*text);
}

void print_hex(std::uint64_t value) {
  char text[17] = {};
  for (int n = 15; n >= 0; --n, value >>= 4U) text[n] = "0123456789abcdef"[value & 0xFU];
  print(text);
}

void print_decimal(std::uint32_t value) {
  char text[11] = {};
  int first = 10;
  do {
    text[--first] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  print(text + first);
}

void print_worst(const char* stage, std::uint32_t instructions) {
  print("instructions ");
  print(stage);
  print(" ");
  print_decimal(instructions);
  print("\n");
}

std::uint32_t instructions_retired() {
  std::uint32_t count = 0;
  asm volatile("csrr %0, minstret" : "=r"(count));
  return count;
}

}  // namespace

extern "C" void digest_main() {
  const digest::Result result = digest::run(digest::blocks_compared, instructions_retired);
  print("digest ");
  print_hex(result.digest);
  print(" windows ");
  print_decimal(result.windows);
  print(" pulses ");
  print_decimal(result.pulses);
  print("\n");
  print_worst("block", result.worst.block);
  print_worst("book", result.worst.book);
  print_worst("refresh", result.worst.refresh);
  print_worst("correction", result.worst.correction);
  print_worst("settle", result.worst.settle);
  print_worst("plan", result.worst.plan);
  print_worst("request", result.worst.request);
  print_worst("page", result.worst.page);
  print_worst("panel", result.worst.panel);
  print_worst("character", result.worst.character);
  print_worst("modbus", result.worst.modbus);
  print_worst("write", result.worst.write);
  print_worst("ir character", result.worst.ir_character);
  print_worst("ir message", result.worst.ir_message);
  print_worst("ir line", result.worst.ir_line);
  print_worst("mbus character", result.worst.mbus_character);
  print_worst("mbus frame", result.worst.mbus_frame);
  print_worst("mbus answer", result.worst.mbus_answer);
  print_worst("mbus write", result.worst.mbus_write);
  print_worst("slice", result.worst.slice);
}
