#include "tools/scenario/keys.h"

namespace tools {

std::vector<Section> profile_sections() {
  const auto column = [](std::string_view name, std::string_view meaning) {
    return Key{name, "profile_column", false, meaning};
  };
  return {
      {"profile",
       {{"file", "file", true, "A table of loads, .csv; relative to this file."},
        {"time", "channel", false,
         "Column of the time stamps; the one called time, if there is one, without it."},
        {"date", "channel", false, "Column of the dates, where time holds the time of day only."},
        {"interval", "time", false,
         "How long each row holds; needed without time stamps, checked beside them."},
        {"stamps", "profile_stamps", false, "What a stamp marks of its row; begin without it."},
        {"columns", "profile_columns", false, "Columns whose names do not say what they are."},
        {"header_line", "count", false, "The line of the columns' names; 1 without it."},
        {"start", "time", false, "How far into the table the run begins; 0 s without it."},
        {"repeat", "on_or_off", false,
         "on: the table again and again; off without it: its last row holds on."},
        {"scale", "number", false,
         "By what powers, energies and currents are multiplied; 1 without it."}}},
      {"profile_columns",
       {column("P", "Active power of all phases together, shared evenly; below 0: export."),
        column("P1", "Active power of L1."),
        column("P2", "Active power of L2."),
        column("P3", "Active power of L3."),
        column("E", "Active energy of a row, of all phases together, instead of P."),
        column("E1", "Active energy of a row, of L1."),
        column("E2", "Active energy of a row, of L2."),
        column("E3", "Active energy of a row, of L3."),
        column("Q", "Reactive power of all phases together, beside P or E."),
        column("Q1", "Reactive power of L1."),
        column("Q2", "Reactive power of L2."),
        column("Q3", "Reactive power of L3."),
        column("PF", "Power factor of every phase, below 0 capacitive, instead of Q."),
        column("PF1", "Power factor of L1."),
        column("PF2", "Power factor of L2."),
        column("PF3", "Power factor of L3."),
        column("I", "Current of every phase, instead of P; below 0: export."),
        column("I1", "Current of L1."),
        column("I2", "Current of L2."),
        column("I3", "Current of L3."),
        column("U", "Voltage of every phase."),
        column("U1", "Voltage of L1."),
        column("U2", "Voltage of L2."),
        column("U3", "Voltage of L3.")}},
      {"profile_column_map",
       {{"column", "channel", true, "Its name in the file."},
        {"unit", "profile_unit", false, "Its unit, if the name has none in brackets."}}},
  };
}

}  // namespace tools
