#include <fmt/format.h>

#include <cmath>

#include "tools/checks/judge_parts.h"
#include "tools/checks/raw_value.h"

namespace tools {
namespace {

Dimension dimension_of(Measured what) {
  switch (what) {
    case Measured::active_energy:
      return Dimension::active_energy;
    case Measured::reactive_energy:
      return Dimension::reactive_energy;
    case Measured::active_power:
      return Dimension::active_power;
    case Measured::reactive_power:
      return Dimension::reactive_power;
    case Measured::voltage:
      return Dimension::voltage;
    case Measured::current:
      return Dimension::current;
    case Measured::frequency:
      return Dimension::frequency;
  }
  return Dimension::number;
}

/// Rows of powers and energies stand in thousands of what the truth is in.
double base_units(Measured what) {
  return what == Measured::active_power || what == Measured::reactive_power ? 1000 : 1;
}

/// The last instant of an interval that ends at `to`: what changes at `to` comes after it.
Ps before(Ps to) { return to > 0 ? to - 1 : 0; }

/// What was measured, what is true, what a percentage refers to; in W, V, A, Hz or W·s.
struct Comparison {
  double seen;
  double truth;
  double reference;
};

Comparison compare_energy(const ExpectAccuracy& e, const MeterEvidence& meter,
                          const ExpectationReadings& readings) {
  const bool reactive = e.what == Measured::reactive_energy;
  const Reading& first = *readings.first;
  const Reading& last = *readings.last;
  Comparison out{};
  out.seen = booked_between(first, last);
  const auto from = static_cast<Ps>(std::max<std::int64_t>(first.booked_until, 0));
  const auto to = static_cast<Ps>(std::max<std::int64_t>(last.booked_until, 0));
  out.truth = meter.truth->energy(reactive, e.reverse, e.phase, from, to);
  // The parts of a picosecond at both ends, at the mean power: below 1e-12 of a second.
  const double seconds = static_cast<double>(to - from) * 1e-12;
  if (seconds > 0) {
    out.truth *= 1 + (last.booked_until_rest - first.booked_until_rest) * 1e-12 / seconds;
  }
  out.reference =
      e.of_apparent ? meter.truth->apparent_VA(e.phase, before(to)) * seconds : out.truth;
  return out;
}

Comparison compare_value(const ExpectAccuracy& e, const MeterEvidence& meter,
                         const ExpectationReadings& readings) {
  Comparison out{};
  out.seen = raw_value(*readings.last) * base_units(e.what);
  out.truth = meter.truth->value(e.what, e.phase, before(e.to));
  // The register carries the sign of its phase's power; an r.m.s. has none.
  if (e.what == Measured::current) out.seen = std::fabs(out.seen);
  out.reference = e.of_apparent ? meter.truth->apparent_VA(e.phase, before(e.to)) : out.truth;
  return out;
}

}  // namespace

void judge(const ExpectAccuracy& e, const MeterEvidence& meter, const ExpectationReadings& readings,
           Verdict& verdict) {
  const char* reference = e.of_apparent ? " of apparent" : "";
  verdict.expected = fmt::format("truth ± {}{}", e.within.shown, reference);
  verdict.at = e.to;
  if (!readings.last || (is_energy(e.what) && !readings.first)) return;
  verdict.at = readings.last->at;
  if (readings.last->status != metrology::hal::MailboxReply::ok) {
    verdict.seen = fmt::format("refused: {}", reason_of(readings.last->status));
    return;
  }
  const Comparison c =
      is_energy(e.what) ? compare_energy(e, meter, readings) : compare_value(e, meter, readings);
  const Dimension dimension = dimension_of(e.what);
  const double shown_per = is_energy(e.what) ? 3600 : 1;  // W·s as Wh
  verdict.expected =
      fmt::format("{} ± {}{}", show(c.truth / shown_per, dimension), e.within.shown, reference);
  const double error = c.seen - c.truth;
  const double allowed =
      e.within.relative ? e.within.value * std::fabs(c.reference) : e.within.value * shown_per;
  // Nothing true and nothing measured agree, whatever a percentage of nothing is.
  verdict.pass = std::fabs(error) <= allowed;
  std::string deviation = show(error / shown_per, dimension);
  if (e.within.relative && c.reference != 0) {
    const double percent = 100 * error / std::fabs(c.reference);
    // Not rounded to a limit that it exceeds.
    deviation =
        verdict.pass ? fmt::format("{:+.5f} %", percent) : fmt::format("{:+.9g} %", percent);
  }
  verdict.seen = fmt::format("{} ({})", show(c.seen / shown_per, dimension), deviation);
}

}  // namespace tools
