// COMTRADE's configuration (IEEE C37.111-1991, -1999 and -2013, which is IEC 60255-24): what the
// data file holds and how its numbers become volts and amperes.
//
// clang-format off
//   station,device[,year]                              no year: 1991
//   total,#A,#D                                        channels: analog and status
//   n,name,phase,component,unit,a,b,skew,min,max[,primary,secondary,P|S]      one an analog channel
//   n,name[,phase,component],normal                                           one a status channel
//   nominal frequency
//   number of rates, then for each: rate,last sample
//                                                (0: one line 0,last sample; times in the data)
//   time of the first sample
//   time of the trigger
//   ASCII | BINARY | BINARY32 | FLOAT32          the last two from 2013 on
//   timestamp multiplier                         from 1999 on
//   time codes, leap seconds                     from 2013 on, not used here
// clang-format on
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/recordings/recording.h"
#include "models/recordings/text.h"

namespace models::recordings {

enum class Encoding : std::uint8_t { ascii, binary, binary32, float32 };

/// "ASCII" … as a configuration spells it.
std::string_view name_of(Encoding encoding);

struct ComtradeConfig {
  struct Analog {
    std::string name;
    std::string unit;
    double a = 1;  ///< value = a · number + b, in the unit
    double b = 0;
    double skew_us = 0;
    double primary = 0;  ///< ratings of the transformer in front; 0 where the year has none
    double secondary = 0;
    bool on_primary = false;
  };
  struct Rate {
    double rate_Hz;
    std::uint64_t last;  ///< number, from 1, of the last sample at this rate
  };

  int year = 1991;
  std::vector<Analog> analog;
  std::uint32_t status_channels = 0;
  double frequency_Hz = 0;
  std::vector<Rate> rates;    ///< empty: times stand in the data
  std::uint64_t samples = 0;  ///< as claimed
  Encoding encoding = Encoding::ascii;
  bool nanoseconds = false;  ///< what a timestamp counts, before the multiplier: else microseconds
  double time_multiplier = 1;
};

/// Throws RecordingError for whatever the standard's form does not allow.
ComtradeConfig parse_comtrade_config(std::string_view text, const Source& source);

/// "kV" as volts and 1000 …; `factor` is 1 for what is neither a voltage nor a current.
Unit parse_unit(std::string_view text, double& factor);

}  // namespace models::recordings
