// Memory that is written in production and only read afterwards: flash and the parameter page.
// Reads any bytes of one aligned word without a wait cycle; a write is a bus error. What was never
// written reads as ones, as erased flash does.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

namespace peripherals {

class ReadOnlyMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<ReadOnlyMemory> socket;

  /// `size` in bytes; `image` (little-endian words) stands at its beginning and is no longer.
  ReadOnlyMemory(const sc_core::sc_module_name& name, std::uint32_t size,
                 std::vector<std::uint32_t> image);

  /// The word at byte address `offset` (a multiple of 4 inside the memory).
  std::uint32_t word(std::uint32_t offset) const;
  /// Bits of a word of the image fall over, as in a cell that loses its charge; `offset` as above.
  /// Throws std::out_of_range beyond the image.
  void damage(std::uint32_t offset, std::uint32_t flipped_bits) {
    image_.at(offset / 4) ^= flipped_bits;
  }
  /// The image's words.
  const std::vector<std::uint32_t>& image() const { return image_; }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);

  std::uint32_t size_;
  std::vector<std::uint32_t> image_;
};

}  // namespace peripherals
