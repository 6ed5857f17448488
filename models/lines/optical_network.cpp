#include "models/lines/optical_network.h"

#include <stdexcept>

namespace models::lines {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::invalid_argument(what);
}

constexpr double volts(double uW_cm2) { return -optical_V_per_uW_cm2 * uW_cm2; }

}  // namespace

OpticalNetwork::OpticalNetwork(const OpticalSpec& spec) : spec_(spec) {
  require(spec.meter_uW_cm2 >= 0 && spec.meter_uW_cm2 <= 1e4 && spec.head_uW_cm2 >= 0 &&
              spec.head_uW_cm2 <= 1e4,
          "an optical end's light lies outside 0 … 10 000 uW/cm2");
  require(spec.attenuation >= 0 && spec.attenuation <= 1,
          "an optical head's attenuation lies outside 0 … 1");
  require(spec.ambient_uW_cm2 >= 0 && spec.ambient_uW_cm2 <= 1e5,
          "ambient light lies outside 0 … 100 000 uW/cm2");
  const Thresholds thresholds{volts(optical_dark_uW_cm2), volts(optical_light_uW_cm2)};
  set_ends({{0, 1, thresholds, spec.meter_noise},
            {0, 1, thresholds, spec.head_noise},
            {0, 1, thresholds, {}}},
           0);
}

NetworkState OpticalNetwork::solve(const Drivers& drivers) const {
  const auto light = [&](int end, double uW_cm2) {
    return drivers.on.has(end) && !drivers.mark.has(end) ? uW_cm2 : 0.0;
  };
  const double meter = light(optical_meter_end, spec_.meter_uW_cm2);
  const double head = light(optical_head_end, spec_.head_uW_cm2);
  const double passes = 1 - spec_.attenuation;
  const double tau_ps = optical_tau_us * static_cast<double>(pins::ps_per_us);
  return {{volts(spec_.ambient_uW_cm2 + passes * head),
           volts(spec_.ambient_uW_cm2 + passes * meter), volts(meter + head)},
          {tau_ps, tau_ps, tau_ps}};
}

std::unique_ptr<Segment> make_optical_segment(const OpticalSpec& spec, std::uint64_t run_seed,
                                              const std::string& name) {
  return std::make_unique<Segment>(std::make_unique<OpticalNetwork>(spec), run_seed, name);
}

}  // namespace models::lines
