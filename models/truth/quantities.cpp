#include <algorithm>
#include <cmath>

#include "models/truth/fundamental.h"
#include "models/truth/product.h"
#include "models/truth/truth.h"

namespace models::truth {

namespace {

/// A waveform's part at one frequency: in_phase · sin ωt + ahead · cos ωt, from the stretch's
/// start.
struct Phasor {
  double in_phase;
  double ahead;
};

Stretch unit_tone(const Stretch& around, double phase_turns) {
  Stretch unit{};
  unit.start = around.start;
  unit.end = around.end;
  unit.tones = {{1, around.fundamental_nHz, around.start, phase_turns}};
  return unit;
}

Phasor fundamental_of(const Stretch& waveform, const Stretch& sine, const Stretch& cosine) {
  return {2 * Product(sine, waveform).mean(), 2 * Product(cosine, waveform).mean()};
}

double ac_rms(const Stretch& waveform) {
  Stretch one{};
  one.start = waveform.start;
  one.end = waveform.end;
  one.dc = 1;
  const double mean = Product(one, waveform).mean();
  return std::sqrt(std::max(0.0, Product(waveform, waveform).mean() - mean * mean));
}

}  // namespace

double fundamental_reactive_power(const Stretch& voltage, const Stretch& current) {
  if (voltage.fundamental_nHz == 0) return 0;
  const Stretch sine = unit_tone(voltage, 0);
  const Stretch cosine = unit_tone(voltage, 0.25);
  const Phasor u = fundamental_of(voltage, sine, cosine);
  const Phasor i = fundamental_of(current, sine, cosine);
  return (u.ahead * i.in_phase - u.in_phase * i.ahead) / 2;
}

Quantities quantities_at(const Element& element, Ps t) {
  Stretch voltage{};
  Stretch current{};
  element.voltage->stretch_at(t, voltage);
  element.current->stretch_at(t, current);
  Quantities q;
  q.u_rms_V = ac_rms(voltage);
  q.i_rms_A = ac_rms(current);
  q.p_W = Product(voltage, current).mean();
  q.q_var = fundamental_reactive_power(voltage, current);
  q.s_VA = std::hypot(q.p_W, q.q_var);
  q.frequency_Hz = static_cast<double>(voltage.fundamental_nHz) * 1e-9;
  return q;
}

}  // namespace models::truth
