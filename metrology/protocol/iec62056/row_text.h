// Values of rows as the infra-red port writes them in data sets, and back. Pure functions.
//
//   row                      text
//   floating                 the display's decimals, '-' before negative ones, no padding: 230.1
//   integer                  the number: 5
//   bcd of 2 bytes           the number: 10
//   bcd of 4 bytes           eight digits: serial number, password
//   bits                     hexadecimal digits, two a byte: pages that scroll
//   ascii                    the characters
//   error code (F.F)         four hexadecimal digits
//
// The unit stands behind '*'. imp/kWh has a character that units may not have, so the S0 rate has
// none [twin]. What is written may name the unit or leave it out, and may have fewer decimals.
#pragma once

#include <cstdint>

#include "metrology/protocol/iec62056/message.h"
#include "metrology/protocol/iec62056/obis.h"
#include "metrology/registers/access.h"

namespace metrology::iec62056 {

/// Adds (value*unit) of `part` of a row that may be read.
void add_value(Answer& answer, const registers::MeterData& data, const registers::Row& row,
               Part part);

/// The row's bytes, big endian, for what stands in a data set; false: the row has no such value.
bool parse_value(const DataSet& set, const registers::Row& row, std::uint8_t* bytes);

}  // namespace metrology::iec62056
