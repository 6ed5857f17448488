// Records of an M-Bus telegram as numbers of the register matrix, by the standard's and pro380's
// coding of quantities alone (EN 13757-3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/soak/values.h"

namespace soak {

struct MbusRecord {
  const Row* row = nullptr;
  double value = 0;  ///< in the row's unit
  double step = 0;   ///< of its last digit
  std::string text;  ///< of a name
};

struct MbusRecords {
  std::vector<MbusRecord> records;
  bool more_follow = false;
  std::string wrong;  ///< empty, or what could not be understood
};

/// Of the data behind the fixed header.
MbusRecords read_records(const std::uint8_t* data, std::size_t count);

}  // namespace soak
