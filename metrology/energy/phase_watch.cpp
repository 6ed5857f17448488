#include "metrology/energy/phase_watch.h"

#include "metrology/signal/phase_presence.h"

namespace metrology::energy {

namespace {

enum class Place : std::uint8_t { unused, always, measured };

/// What stands in a phase's place.
constexpr Place places[][phase_count] = {
    {Place::measured, Place::measured, Place::measured},  // three phase four wire
    {Place::measured, Place::always, Place::measured},    // Aron
    {Place::measured, Place::unused, Place::unused},      // one phase two wire
};

const Place (&places_of(hal::Connection connection))[phase_count] {
  return places[static_cast<int>(connection)];
}

}  // namespace

void reset(PhaseWatch& watch, hal::Connection connection) {
  watch = {};
  for (int phase = 0; phase < phase_count; ++phase) {
    watch.present[phase] = places_of(connection)[phase] != Place::unused;
  }
}

void judge(PhaseWatch& watch, hal::Connection connection, const signal::Window& window) {
  const signal::SampleTime length = window.end - window.begin;
  for (int phase = 0; phase < phase_count; ++phase) {
    if (places_of(connection)[phase] != Place::measured) continue;
    bool& present = watch.present[phase];
    signal::SampleTime& contradicted = watch.contradicted[phase];
    const std::int64_t limit = present ? signal::lost_mean_square : signal::live_mean_square;
    if (signal::mean_reaches(window.phase[phase].u2, length, limit) == present) {
      contradicted = 0;
      continue;
    }
    contradicted += length;
    if (contradicted < presence_duration) continue;
    present = !present;
    contradicted = 0;
  }
}

}  // namespace metrology::energy
