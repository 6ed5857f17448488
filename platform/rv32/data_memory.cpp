#include "platform/rv32/data_memory.h"

#include <algorithm>
#include <stdexcept>

namespace platform::rv32 {

void DataMemory::require_free(std::uint32_t base, std::uint32_t size) const {
  const auto touches = [base, size](const auto& region) {
    return base - region.base < region.size || region.base - base < size;
  };
  if (base % 4 != 0 || size % 4 != 0 || size == 0 ||
      std::any_of(writable_.begin(), writable_.end(), touches) ||
      std::any_of(constants_.begin(), constants_.end(), touches)) {
    throw std::invalid_argument("directly reached memory is whole words of its own");
  }
}

void DataMemory::add_writable(std::uint32_t base, std::uint32_t size, unsigned char* bytes) {
  require_free(base, size);
  writable_.push_back({base, size, bytes});
}

void DataMemory::add_constants(std::uint32_t base, std::uint32_t size, const unsigned char* bytes) {
  require_free(base, size);
  constants_.push_back({base, size, bytes});
}

}  // namespace platform::rv32
