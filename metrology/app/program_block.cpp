#include "metrology/app/program_block.h"

#include <initializer_list>

#include "metrology/energy/pulse_width.h"
#include "metrology/registers/table.h"
#include "metrology/signal/signal_path.h"
#include "metrology/storage/crc32.h"

namespace metrology::app {

namespace {

constexpr std::uint32_t header_words = 3;

/// Takes bytes one by one: first to count them …
struct Counter {
  std::uint32_t bytes = 0;
  constexpr void take(std::uint8_t) { ++bytes; }
};

/// … then to keep them, behind the header.
template <std::uint32_t words>
struct Block {
  std::uint32_t word[words] = {};
  std::uint32_t bytes = 0;
  std::uint32_t crc = 0xFFFF'FFFF;

  constexpr void take(std::uint8_t byte) {
    word[header_words + bytes / 4] |= std::uint32_t{byte} << (8 * (bytes % 4));
    ++bytes;
    crc = storage::crc32_step(crc, byte);
  }
};

template <typename Sink>
constexpr void put(Sink& sink, std::uint32_t value, int bytes) {
  for (int n = 0; n < bytes; ++n) sink.take(static_cast<std::uint8_t>(value >> (8 * n)));
}

template <typename Sink>
constexpr void put_registers(Sink& sink) {
  for (const registers::Row& row : registers::rows) {
    put(sink, row.address, 2);
    put(sink, row.second_address, 2);
    for (const std::uint32_t field :
         {std::uint32_t{row.bytes}, static_cast<std::uint32_t>(row.type),
          static_cast<std::uint32_t>(row.unit), std::uint32_t{row.decimals},
          static_cast<std::uint32_t>(row.ir), static_cast<std::uint32_t>(row.mbus),
          static_cast<std::uint32_t>(row.modbus), static_cast<std::uint32_t>(row.second),
          static_cast<std::uint32_t>(row.content), std::uint32_t{row.index}}) {
      put(sink, field, 1);
    }
    for (const char c : row.name) put(sink, static_cast<unsigned char>(c), 1);
  }
}

template <typename Sink>
constexpr void put_pulse_widths(Sink& sink) {
  for (const std::uint32_t rate_centi : energy::s0_rates_centi) put(sink, rate_centi, 4);
  for (const energy::WidthBand& band : energy::width_bands) {
    put(sink, band.least_rate_centi, 4);
    put(sink, band.below_W, 4);
    put(sink, band.width_half_ms, 4);
  }
  put(sink, energy::led_width_cycles, 4);
}

template <typename Sink>
constexpr void put_constants(Sink& sink) {
  put_registers(sink);
  put_pulse_widths(sink);
  put(sink, static_cast<std::uint32_t>(signal::signal_delay_half_cycles), 4);
  put(sink, static_cast<std::uint32_t>(signal::reactive_extra_delay_samples), 4);
}

constexpr std::uint32_t constant_bytes() {
  Counter counter;
  put_constants(counter);
  return counter.bytes;
}

constexpr std::uint32_t block_words = header_words + (constant_bytes() + 3) / 4;
static_assert(hal::program_block_base + block_words * 4 <= hal::image_checksum_base);

constexpr Block<block_words> make_block() {
  Block<block_words> block;
  put_constants(block);
  block.word[0] = program_block_magic;
  block.word[1] = block.bytes;
  block.word[2] = ~block.crc;
  return block;
}

// At hal::program_block_base in the image for the microcontroller (firmware.ld); natively the
// platform copies it there.
__attribute__((section(".program_block"), used)) constexpr Block<block_words> block = make_block();

}  // namespace

const std::uint32_t* program_block() { return block.word; }
std::uint32_t program_block_words() { return block_words; }
std::uint32_t program_checksum() { return block.word[2]; }

void begin(ProgramCheck& check) { check = {true, true, 0, 0xFFFF'FFFF}; }

void check_slice(ProgramCheck& check, const std::int32_t* words) {
  if (check.offset == 0) {
    check.intact = static_cast<std::uint32_t>(words[0]) == program_block_magic &&
                   static_cast<std::uint32_t>(words[1]) == block.bytes &&
                   static_cast<std::uint32_t>(words[2]) == program_checksum();
  }
  const std::uint32_t left = block.bytes - check.offset;
  const bool last = left <= program_check_slice_bytes;
  const std::uint32_t end = check.offset + (last ? left : program_check_slice_bytes);
  for (; check.offset < end; ++check.offset) {
    const auto word = static_cast<std::uint32_t>(words[header_words + check.offset / 4]);
    // The lowest byte of a word first.
    check.crc =
        storage::crc32_step(check.crc, static_cast<std::uint8_t>(word >> (8 * (check.offset % 4))));
  }
  if (!last) return;
  check.under_way = false;
  if (~check.crc != program_checksum()) check.intact = false;
}

bool program_intact(const std::int32_t* words) {
  ProgramCheck check{};
  begin(check);
  while (check.under_way) check_slice(check, words);
  return check.intact;
}

}  // namespace metrology::app
