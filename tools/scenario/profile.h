// A load profile: what is drawn from the mains by a table of rows, each of which holds until the
// next one begins.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/grid/grid.h"
#include "models/pins/time.h"
#include "tools/scenario/input_error.h"

namespace tools {

using models::pins::Ps;

/// How a profile says what one phase draws: not at all, as active power or energy, or in amperes.
enum class ProfileLoad : std::uint8_t { none, power, current };
/// … and what comes on top: nothing, reactive power, or a power factor.
enum class ProfileReactive : std::uint8_t { none, power, factor };

/// Which quantities of one phase the table holds.
struct ProfileColumns {
  bool voltage = false;
  ProfileLoad load = ProfileLoad::none;
  ProfileReactive reactive = ProfileReactive::none;
};

/// One phase in one row; what the table does not hold is 0.
struct ProfilePhase {
  double voltage_V = 0;
  double load = 0;      ///< W or A; below 0: exported
  double reactive = 0;  ///< var, or the power factor: below 0 capacitive
};

struct ProfileRow {
  Ps begin = 0;  ///< since the first row's
  std::array<ProfilePhase, models::grid::phase_count> phases;
};

/// The table of a file.
struct ProfileTable {
  std::string file;
  std::array<ProfileColumns, models::grid::phase_count> columns;
  bool total_load = false;      ///< `load` is that of all phases together
  bool total_reactive = false;  ///< so is `reactive`
  std::vector<ProfileRow> rows;
  Ps length = 0;                     ///< to the end of the last row
  std::vector<std::string> ignored;  ///< names of columns that mean nothing
};

/// A table as a scenario plays it from its time 0 on.
struct Profile {
  std::shared_ptr<const ProfileTable> table;
  Ps start = 0;  ///< the table is this far in at time 0
  bool repeats = false;
  double scale = 1;  ///< of powers, energies and currents
  Position position;

  /// The last row at or before time 0, which holds from then on.
  const ProfileRow& first() const;
  /// Calls `step(t, row)` for every row that begins after time 0 and before `end`, in order.
  template <typename Step>
  void for_each(Ps end, Step step) const {
    const Ps length = table->length;
    for (Ps round = 0;; round += length) {
      for (const ProfileRow& row : table->rows) {
        if (row.begin > models::pins::ps_max_segment + start - round) return;
        const Ps at = round + row.begin;  // since the first row of the first round
        if (at <= start) continue;
        if (at - start >= end) return;
        step(at - start, row);
      }
      if (!repeats || length > models::pins::ps_max_segment + start - round) return;
    }
  }
  /// How many rows for_each(end) finds, or more than `most`.
  std::size_t steps(Ps end, std::size_t most) const;
};

}  // namespace tools
