// The loading half of the store's state machine, for store.cpp alone.
#pragma once

#include <cstdint>

#include "metrology/storage/store.h"

namespace metrology::storage::load {

/// What loading reads next: `address` and how many bytes.
struct Read {
  std::uint32_t address;
  std::uint8_t count;
};
Read next_read(const Store& store);

/// Takes what was read.
void take(Store& store, const std::uint8_t* bytes);

/// The EEPROM does not answer: what is not loaded yet stays as it is by default.
void fail(Store& store);

}  // namespace metrology::storage::load
