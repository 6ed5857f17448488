// Reads a table of loads from a file as utilities and data loggers write them.
//
// One line holds the columns' names, the lines below it a row each. A semicolon or a tabulator in
// the names' line separates cells, else a comma does; a cell may stand in double quotes. A comma
// inside a cell is a decimal sign. A column is known by its name and unit, `P1 [kW]`, or by what
// the format says of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/scenario/profile.h"

namespace tools {

/// Every name of a quantity: U, I, P, E, Q and PF, alone or with a phase's number behind.
std::vector<std::string> profile_quantities();
/// Whether that quantity can be in that unit.
bool is_profile_unit(std::string_view quantity, std::string_view unit);
/// "W, kW or MW"; empty for what has no unit.
std::string profile_units(std::string_view quantity);

/// Where a quantity stands if not under its own name.
struct ProfileColumn {
  std::string quantity;  ///< "P1"
  std::string column;    ///< the column's name, its unit included
  std::string unit;      ///< empty: as in the column's name
};

struct ProfileFormat {
  int header_line = 1;
  std::string time;            ///< column of the time stamps; empty: the one called time, if any
  std::string date;            ///< column of dates, when `time` holds the time of day only
  std::optional<Ps> interval;  ///< how long a row holds
  bool stamps_at_end = false;  ///< a row's stamp is its end
  std::vector<ProfileColumn> columns;
};

/// Limit that keeps a file's claims from taking the machine's memory. [twin]
inline constexpr std::size_t most_profile_rows = 1'000'000;

/// Throws RecordingError "FILE:LINE:COLUMN: found …, expected …", or "FILE: …".
ProfileTable read_profile(const std::string& path, const ProfileFormat& format);

}  // namespace tools
