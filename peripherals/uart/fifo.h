// The FIFO of either direction.
#pragma once

#include <array>
#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace peripherals::uart {

template <typename Entry>
struct Fifo {
  static constexpr std::uint32_t size = metrology::hal::uart::fifo_size;

  std::array<Entry, size> entry;
  std::uint32_t first;
  std::uint32_t count;

  bool full() const { return count == size; }
  void push(Entry value) { entry[(first + count++) % size] = value; }
  Entry pop() {
    const Entry value = entry[first];
    first = (first + 1) % size;
    --count;
    return value;
  }
  void clear() { count = 0; }
};

}  // namespace peripherals::uart
