// What memories take: one to four bytes of one aligned word, as byte lanes give them.
#pragma once

#include <cstdint>
#include <cstring>
#include <tlm>

namespace peripherals {

inline bool is_plain_memory_access(const tlm::tlm_generic_payload& payload, std::uint64_t size) {
  const unsigned length = payload.get_data_length();
  return length >= 1 && payload.get_address() % 4 + length <= 4 &&
         payload.get_address() + length <= size && payload.get_byte_enable_ptr() == nullptr &&
         (payload.is_read() || payload.is_write());
}

}  // namespace peripherals
