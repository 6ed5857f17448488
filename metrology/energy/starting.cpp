#include "metrology/energy/starting.h"

#include "metrology/energy/wide.h"

namespace metrology::energy {

namespace {

struct Row {
  Kind kind;
  bool ct;
  StartingLimits limits;
};

// Un·Ist is 230 V × 20 mA, 25 mA direct; 230 V × 1.5 mA, 4.5 mA with CT.
constexpr Row rows[] = {
    {Kind::active, false, {2'300'000, 2'760'000}},
    {Kind::reactive, false, {2'875'000, 3'450'000}},
    {Kind::active, true, {172'500, 207'000}},
    {Kind::reactive, true, {517'500, 621'000}},
};

}  // namespace

StartingLimits starting_limits(Kind kind, bool ct, hal::Connection connection) {
  for (const Row& row : rows) {
    if (row.kind != kind || row.ct != ct) continue;
    const std::uint32_t elements = connection == hal::Connection::aron ? 3 : 1;
    return {row.limits.stop_uW * elements, row.limits.resume_uW * elements};
  }
  return {};
}

bool books(bool booked_before, const StartingLimits& limits, std::uint64_t energy_pWh,
           std::int64_t duration) {
  // pWh · 3600·10⁻⁶ = µWs; a second is 4096 · 65536 = 2^28 units of duration. So
  // energy · 3600 · 2^28 / 10⁶ = energy · 9 · 2^26 / 625 against limit · duration.
  constexpr std::uint64_t energy_side = std::uint64_t{9} << 26U;
  constexpr std::uint64_t limit_side = 625;
  const Wide power = multiply(energy_pWh, energy_side);
  const auto time = static_cast<std::uint64_t>(duration);
  if (booked_before) return !(power < multiply(limits.stop_uW * limit_side, time));
  return multiply(limits.resume_uW * limit_side, time) < power;
}

}  // namespace metrology::energy
