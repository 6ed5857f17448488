#include <fmt/format.h>

#include <algorithm>

#include "models/buttons/button.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

/// Who changes what of one meter from when to when; an instant has end == start.
struct Claim {
  int quantity;
  Ps start;
  Ps end;
  const Position* position;
  bool profile;  ///< it is the meter's load profile, no entry
};

constexpr int frequency = 0;
constexpr int sequence = 1;
constexpr int crystal = 2;
constexpr int voltage = 3;
constexpr int current = voltage + phase_count;
constexpr int sag = current + phase_count;
constexpr int button_left = sag + phase_count;
constexpr int button_right = button_left + 1;
constexpr int tariff_input = button_right + 1;
constexpr int mbus_power = tariff_input + 1;
constexpr int temperature = mbus_power + 1;

std::string name_of_quantity(int quantity) {
  if (quantity == frequency) return "the frequency";
  if (quantity == sequence) return "the sequence";
  if (quantity == crystal) return "the crystal";
  if (quantity == button_left) return "the left button";
  if (quantity == button_right) return "the right button";
  if (quantity == tariff_input) return "the tariff input";
  if (quantity == temperature) return "the temperature";
  if (quantity == mbus_power) return "the M-Bus's power";
  const int phase = (quantity - voltage) % phase_count + 1;
  if (quantity >= sag) return fmt::format("a dip, swell or interruption of L{}", phase);
  return fmt::format("the {} of L{}", quantity >= current ? "current" : "voltage", phase);
}

void add_claims(const TimelineEntry& entry, Ps t, std::vector<Claim>& claims) {
  const auto claim = [&](int quantity, Ps duration) {
    claims.push_back({quantity, t, t + duration, &entry.position, false});
  };
  if (entry.set) {
    if (entry.set->frequency_nHz) claim(frequency, 0);
    if (entry.set->reversed_sequence) claim(sequence, 0);
    if (entry.set->temperature_C) claim(temperature, 0);
    for (int i = 0; i < phase_count; ++i) {
      const auto phase = static_cast<std::size_t>(i);
      const bool played = entry.set->recording.has_value();  // ends whatever was played before
      if (played || !entry.set->voltage[phase].empty()) claim(voltage + i, 0);
      if (played || !entry.set->current[phase].empty()) claim(current + i, 0);
    }
  }
  if (entry.ramp) {
    if (entry.ramp->frequency_nHz) claim(frequency, entry.ramp->over);
    if (entry.ramp->temperature_C) claim(temperature, entry.ramp->over);
    for (int i = 0; i < phase_count; ++i) {
      const auto phase = static_cast<std::size_t>(i);
      if (entry.ramp->voltage_V[phase]) claim(voltage + i, entry.ramp->over);
      if (entry.ramp->current_A[phase]) claim(current + i, entry.ramp->over);
    }
  }
  for (const Sag& s : entry.sags) {
    for (int i = 0; i < phase_count; ++i) {
      if (s.phases[static_cast<std::size_t>(i)]) claim(sag + i, s.duration);
    }
  }
  if (entry.crystal_ppb) claim(crystal, 0);
  if (entry.press) {
    // A button is released and has come to rest before it is pressed again.
    const Ps rest = entry.press->duration + models::buttons::bounce_ps;
    if (entry.press->left) claim(button_left, rest);
    if (entry.press->right) claim(button_right, rest);
  }
  if (entry.tariff_input) claim(tariff_input, 0);
  if (entry.mbus && entry.mbus->action == MbusAction::power_off) {
    claim(mbus_power, entry.mbus->power_off + 1);  // it comes back at its end
  }
}

void add_claims(const Profile& profile, Ps end, std::vector<Claim>& claims) {
  profile.for_each(end, [&](Ps t, const ProfileRow&) {
    for (int i = 0; i < phase_count; ++i) {
      const ProfileColumns& columns = profile.table->columns[static_cast<std::size_t>(i)];
      if (columns.voltage) claims.push_back({voltage + i, t, t, &profile.position, true});
      if (columns.load != ProfileLoad::none) {
        claims.push_back({current + i, t, t, &profile.position, true});
      }
    }
  });
}

void refuse_overlaps_of(const Scenario& scenario, int meter) {
  std::vector<Claim> claims;
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.meter && *entry.meter != meter) continue;
    for (const Ps t : entry.at) add_claims(entry, t, claims);
  }
  if (const auto& profile = scenario.meters[static_cast<std::size_t>(meter)].profile) {
    if (!claims.empty()) add_claims(*profile, scenario.duration, claims);
  }
  std::stable_sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
    return a.quantity != b.quantity ? a.quantity < b.quantity : a.start < b.start;
  });
  for (std::size_t i = 1; i < claims.size(); ++i) {
    // Neighbours suffice: the first overlap is always one of a claim with the one before it.
    const Claim& before = claims[i - 1];
    const Claim& after = claims[i];
    if (after.quantity != before.quantity) continue;
    if (after.start >= std::max(before.end, before.start + 1)) continue;
    const bool shown_before = after.profile;  // an entry is what can be mended
    throw InputError(shown_before ? *before.position : *after.position,
                     fmt::format("found {} changing at {}, expected nothing to change it there "
                                 "besides the {} in line {}",
                                 name_of_quantity(after.quantity), show_time(after.start),
                                 before.profile || after.profile ? "profile" : "entry",
                                 shown_before ? after.position->line : before.position->line));
  }
}

}  // namespace

void refuse_overlaps(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
    refuse_overlaps_of(scenario, static_cast<int>(i));
  }
}

}  // namespace tools
