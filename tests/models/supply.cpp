// The supply: what feeds it, how long it holds the meter up, and what it says when.
#include "models/supply/supply.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "level_changes.h"
#include "models/grid/grid.h"
#include "models/wiring/wiring.h"

using models::grid::Grid;
using models::grid::VoltageSpec;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::supply::Supply;
using models::wiring::Connection;
using models::wiring::Terminals;
using models::wiring::Wiring;
using tests::run_until;

namespace {

/// What the meter is told, as lines "ms level on|off", milliseconds with picoseconds behind.
class Told final : public models::pins::SupplyInput {
 public:
  std::vector<std::string> lines;

  void mains(Ps t, bool on) override { add(t, "mains", on); }
  void charged(Ps t, bool on) override { add(t, "charged", on); }
  void rail(Ps t, bool on) override { add(t, "rail", on); }

 private:
  void add(Ps t, const char* level, bool on) {
    std::string at = std::to_string(t / ps_per_ms);
    if (t % ps_per_ms != 0) at += "+" + std::to_string(t % ps_per_ms);
    lines.push_back(at + " " + level + (on ? " on" : " off"));
  }
};

using Text = std::vector<std::string>;

struct Bench {
  explicit Bench(Connection connection = Connection::four_wire) {
    wiring.connection = connection;
    terminals = std::make_unique<Terminals>(grid, wiring);
  }
  void volts(Ps at, double l1, double l2, double l3) {
    const double rms[3] = {l1, l2, l3};
    for (int phase = 0; phase < 3; ++phase) {
      VoltageSpec spec;
      spec.rms_V = rms[phase];
      spec.angle_deg = -120.0 * phase;
      grid.schedule_voltage(phase, at, spec);
    }
  }
  Supply& supply(Ps holdup = models::supply::default_holdup_ps) {
    one = std::make_unique<Supply>(
        std::array<const models::grid::StretchSource*, 3>{
            &terminals->voltage(0), &terminals->voltage(1), &terminals->voltage(2)},
        told, holdup);
    one->advance(0);
    return *one;
  }

  Grid grid;
  Wiring wiring;
  std::unique_ptr<Terminals> terminals;
  Told told;
  std::unique_ptr<Supply> one;
};

}  // namespace

TEST_CASE("supply: on from the start with mains, nothing is said and nothing is due") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  Supply& supply = bench.supply();
  CHECK(bench.told.lines.empty());
  CHECK(supply.next_event() == models::pins::ps_never);
}

TEST_CASE("supply: a cut of 2 s: warned after 10 ms, held up for 500 ms, back after 200 ms") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  bench.volts(ps_per_s, 0, 0, 0);
  bench.volts(3 * ps_per_s, 230, 230, 230);
  run_until(bench.supply(), 10 * ps_per_s);
  // 500 ms full; charged down to 300 ms; empty 500 ms later. Then it fills 500 ms' worth in 1 s:
  // the rail comes at 100 ms' worth, charged at 300 ms' worth.
  CHECK(bench.told.lines == Text{"1010 mains off", "1200+1 charged off", "1500 rail off",
                                 "3010 mains on", "3200 rail on", "3600 charged on"});
}

TEST_CASE("supply: mains back within the hold-up: the rail stays") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  bench.volts(ps_per_s, 0, 0, 0);
  bench.volts(1400 * ps_per_ms, 230, 230, 230);
  run_until(bench.supply(), 10 * ps_per_s);
  // 100 ms' worth are left at 1.4 s; 200 ms' worth more take 400 ms.
  CHECK(bench.told.lines ==
        Text{"1010 mains off", "1200+1 charged off", "1410 mains on", "1800 charged on"});
}

TEST_CASE("supply: an interruption of less than 10 ms is not told, one of 10 ms is") {
  for (const Ps length : {10 * ps_per_ms - 1, 10 * ps_per_ms}) {
    Bench bench;
    bench.volts(0, 230, 230, 230);
    bench.volts(ps_per_s, 0, 0, 0);
    bench.volts(ps_per_s + length, 230, 230, 230);
    run_until(bench.supply(), 2 * ps_per_s);
    CHECK(bench.told.lines.empty());
  }
  Bench bench;
  bench.volts(0, 230, 230, 230);
  bench.volts(ps_per_s, 0, 0, 0);
  bench.volts(ps_per_s + 10 * ps_per_ms + 1, 230, 230, 230);
  run_until(bench.supply(), 2 * ps_per_s);
  CHECK(bench.told.lines == Text{"1010 mains off", "1020+1 mains on"});
}

TEST_CASE("supply: any one phase of 100 V feeds it, and goes on down to 80 V") {
  for (int fed = 0; fed < 3; ++fed) {
    Bench bench;
    const auto only = [&](Ps at, double rms_V) {
      bench.volts(at, fed == 0 ? rms_V : 0, fed == 1 ? rms_V : 0, fed == 2 ? rms_V : 0);
    };
    only(0, 99.9);
    only(ps_per_s, 100.1);
    only(3 * ps_per_s, 80.1);
    only(5 * ps_per_s, 79.9);
    run_until(bench.supply(), 7 * ps_per_s);
    CHECK(bench.told.lines == Text{"0 rail off", "0 mains off", "0 charged off", "1010 mains on",
                                   "1200 rail on", "1600 charged on", "5010 mains off",
                                   "5200+1 charged off", "5500 rail off"});
  }
}

TEST_CASE("supply: a dip to half of 230 V runs on") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  for (int phase = 0; phase < 3; ++phase) {
    bench.grid.schedule_dip(phase, ps_per_s, 60 * ps_per_s, 0.5);
  }
  run_until(bench.supply(), 70 * ps_per_s);
  CHECK(bench.told.lines.empty());
}

TEST_CASE("supply: a dried-out capacitor goes with the mains, before the warning") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  bench.volts(ps_per_s, 0, 0, 0);
  bench.volts(2 * ps_per_s, 230, 230, 230);
  run_until(bench.supply(0), 3 * ps_per_s);
  CHECK(bench.told.lines == Text{"1000 rail off", "1000 charged off", "1010 mains off",
                                 "2000 charged on", "2000 rail on", "2010 mains on"});
}

TEST_CASE("supply: cut from the microcontroller it is gone at once, without a warning") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  Supply& supply = bench.supply();
  run_until(supply, ps_per_s);
  supply.cut(ps_per_s + 17, 50 * ps_per_ms);
  run_until(supply, 3 * ps_per_s);
  CHECK(bench.told.lines ==
        Text{"1000+17 rail off", "1000+17 charged off", "1250+17 rail on", "1650+17 charged on"});
}

TEST_CASE("supply: of a cut during a cut the longer one holds") {
  Bench bench;
  bench.volts(0, 230, 230, 230);
  Supply& supply = bench.supply();
  supply.cut(0, ps_per_s);
  run_until(supply, 100 * ps_per_ms);
  supply.cut(100 * ps_per_ms, ps_per_ms);
  run_until(supply, 3 * ps_per_s);
  CHECK(bench.told.lines == Text{"0 rail off", "0 charged off", "1200 rail on", "1600 charged on"});
}

TEST_CASE("supply: between two lines it sees their difference, in one-phase connection L1 alone") {
  Bench aron(Connection::aron);
  aron.volts(0, 57, 57, 57);         // 98.7 V between lines
  aron.volts(ps_per_s, 58, 58, 58);  // 100.5 V
  run_until(aron.supply(), 2 * ps_per_s);
  CHECK(aron.told.lines == Text{"0 rail off", "0 mains off", "0 charged off", "1010 mains on",
                                "1200 rail on", "1600 charged on"});
  Bench one(Connection::one_phase);
  one.volts(0, 230, 230, 230);
  one.volts(ps_per_s, 0, 230, 230);
  run_until(one.supply(), 2 * ps_per_s);
  CHECK(one.told.lines == Text{"1010 mains off", "1200+1 charged off", "1500 rail off"});
}

TEST_CASE("supply: harmonics count into the r.m.s. value") {
  models::grid::Stretch stretch{};
  stretch.start = 7;
  stretch.tones = {{3, 50'000'000'000, 0, 0.1}, {4, 50'000'000'000, 0, 0.35}, {2, 1, 3, 0}};
  // 3 and 4 are a quarter turn apart: 5. With 2 and the d.c. part: 25/2 + 4/2 + 36.
  stretch.dc = 6;
  CHECK(models::supply::rms_of(stretch) == Approx(std::sqrt(50.5)).epsilon(1e-12));
}

TEST_CASE("supply: refuses a capacitor for more than a minute") {
  Bench bench;
  CHECK_THROWS_AS(bench.supply(60 * ps_per_s + 1), std::invalid_argument);
}

TEST_CASE("supply: what is under way goes on in a kernel whose time 0 lies later") {
  // A cut of 2 s at 1 s, as above: told 10 ms, 200 ms and 500 ms after its begin, and 10 ms, 200 ms
  // and 600 ms after its end.
  const Text all{"1010 mains off", "1200+1 charged off", "1500 rail off",
                 "3010 mains on",  "3200 rail on",       "3600 charged on"};
  for (const Ps cut : {Ps{500}, Ps{1004}, Ps{1010}, Ps{1200}, Ps{1400}, Ps{2000}, Ps{3006},
                       Ps{3100}, Ps{3400}, Ps{5000}}) {
    INFO("cut at " << cut << " ms");
    Bench before;
    before.volts(0, 230, 230, 230);
    before.volts(ps_per_s, 0, 0, 0);
    before.volts(3 * ps_per_s, 230, 230, 230);
    Supply& first = before.supply();
    run_until(first, cut * ps_per_ms);
    models::supply::SupplyState state = first.state();
    rebase(state, cut * ps_per_ms);

    Bench after;
    const auto later = [&](Ps ms) { return ms > cut ? (ms - cut) * ps_per_ms : 0; };
    after.volts(0, 230, 230, 230);
    if (later(3000) > 0) after.volts(later(1000), 0, 0, 0);
    after.volts(later(3000), 230, 230, 230);
    Supply& second = after.supply();
    after.told.lines.clear();
    second.restore(state);
    second.advance(0);
    run_until(second, 10 * ps_per_s);
    Text expected;
    for (const std::string& line : all) {
      std::size_t digits = 0;
      const Ps ms = std::stoull(line, &digits);
      // What is due at the very instant is still to come.
      if (ms >= cut) expected.push_back(std::to_string(ms - cut) + line.substr(digits));
    }
    CHECK(after.told.lines == expected);
  }
}

TEST_CASE("supply: mains that are gone at a later time 0 are told of 10 ms after it") {
  Bench before;
  before.volts(0, 230, 230, 230);
  models::supply::SupplyState state = before.supply().state();
  rebase(state, 5 * ps_per_s);
  Bench after;
  after.volts(0, 0, 0, 0);
  Supply& second = after.supply();
  after.told.lines.clear();
  second.restore(state);
  second.advance(0);
  run_until(second, 10 * ps_per_s);
  CHECK(after.told.lines == Text{"10 mains off", "200+1 charged off", "500 rail off"});
}
