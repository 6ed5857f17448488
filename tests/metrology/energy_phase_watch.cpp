// Which phases the status word calls present (pro380 §11): from 100 V, gone below 80 V, 0.5 s.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>

#include "metrology/energy/phase_watch.h"

using namespace metrology;
using namespace metrology::energy;
using hal::Connection;

namespace {

constexpr signal::SampleTime half_second = std::int64_t{65536} * 2048;

/// A window of the three voltages (V r.m.s.; full scale 800 V is 2^27 in 1/16 LSB).
signal::Window window_of(signal::SampleTime length, const std::array<double, 3>& volts) {
  signal::Window window{};
  window.end = length;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const double code = volts[phase] / 800.0 * 0x1p27;
    const double samples = static_cast<double>(length) / 65536.0;
    window.phase[phase].u2 = static_cast<std::int64_t>(std::llround(code * code * samples));
  }
  return window;
}

struct Watched {
  explicit Watched(Connection wiring = Connection::three_phase_four_wire) : connection(wiring) {
    reset(watch, connection);
  }
  void see(double volts, signal::SampleTime length) { see({volts, volts, volts}, length); }
  void see(const std::array<double, 3>& volts, signal::SampleTime length) {
    judge(watch, connection, window_of(length, volts));
  }
  std::array<bool, 3> present() const {
    return {watch.present[0], watch.present[1], watch.present[2]};
  }

  Connection connection;
  PhaseWatch watch{};
};

using Phases = std::array<bool, 3>;

}  // namespace

TEST_CASE("A phase below 80 V is gone after half a second, not a moment sooner") {
  Watched meter;
  CHECK(meter.present() == Phases{true, true, true});
  meter.see({79.99, 230, 80.01}, half_second - 65536);
  meter.see({79.99, 230, 80.01}, 65535);
  CHECK(meter.present() == Phases{true, true, true});
  meter.see({79.99, 230, 80.01}, 1);
  CHECK(meter.present() == Phases{false, true, true});
}

TEST_CASE("A phase is back half a second after 100 V, and one window below begins anew") {
  Watched meter;
  meter.see(0, half_second);
  CHECK(meter.present() == Phases{false, false, false});
  meter.see({99.99, 100.01, 230}, half_second);
  CHECK(meter.present() == Phases{false, true, true});
  meter.see(100.01, half_second - 1);
  meter.see(99.99, 65536);
  meter.see(100.01, half_second - 1);
  CHECK(meter.present() == Phases{false, true, true});
  meter.see(100.01, 1);
  CHECK(meter.present() == Phases{true, true, true});
}

TEST_CASE("Between 80 V and 100 V a phase stays what it was") {
  Watched meter;
  meter.see(90, 4 * half_second);
  CHECK(meter.present() == Phases{true, true, true});
  meter.see(0, half_second);
  meter.see(90, 4 * half_second);
  CHECK(meter.present() == Phases{false, false, false});
}

TEST_CASE("Aron always has L2, and one phase two wire never more than L1") {
  Watched aron(Connection::aron);
  CHECK(aron.present() == Phases{true, true, true});
  aron.see(0, half_second);
  CHECK(aron.present() == Phases{false, true, false});
  Watched single(Connection::one_phase_two_wire);
  CHECK(single.present() == Phases{true, false, false});
  single.see(230, 2 * half_second);
  CHECK(single.present() == Phases{true, false, false});
}
