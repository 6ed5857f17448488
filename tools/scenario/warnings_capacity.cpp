#include <fmt/format.h>

#include "tools/scenario/load_parts.h"
#include "tools/scenario/register_capacity.h"

namespace tools {
namespace {

// The nameplate of a CT meter: full load at its secondary side.
constexpr double rated_V = 230;
constexpr double secondary_full_load_A = 6;
constexpr double secondary_A = 5;

double full_load_W(const metrology::hal::ParameterPage& page) {
  // Two elements between lines carry what three do to neutral.
  const bool one = page.connection == metrology::hal::Connection::one_phase_two_wire;
  return (one ? 1 : 3) * rated_V * secondary_full_load_A * page.ct_primary_A / secondary_A;
}

}  // namespace

void warn_of_capacity(const Scenario& scenario, std::vector<std::string>& out) {
  std::string last;
  for (const MeterSpec& meter : scenario.meters) {
    const metrology::hal::ParameterPage& page = meter.page;
    if (!metrology::hal::is_ct(page.variant) || page.ct_primary_A == 0) continue;
    const double hours = hours_to_roll_over(full_load_W(page));
    if (hours >= least_hours_to_roll_over) continue;
    std::string warning = fmt::format(
        "{}: found a CT ratio of {}/5, with which the energy registers roll over after {:.0f} h of "
        "full load; MID wants them to last {:.0f} h",
        to_string(meter.position), page.ct_primary_A, hours, least_hours_to_roll_over);
    // Meters of one `count` are one line of the file.
    if (warning == last) continue;
    last = warning;
    out.push_back(std::move(warning));
  }
}

}  // namespace tools
