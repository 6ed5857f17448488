// Power that fails while calibration constants are written: each of the EEPROM's two records holds
// what it held before or what was written, and what the meter has said to be stored is stored.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/end_to_end/power_cuts.h"

using namespace end_to_end;
using metrology::hal::PhaseCalibration;

namespace {

constexpr Ps ps_per_us = ps_per_ms / 1000;

using Constants = std::array<PhaseCalibration, 3>;
Constants constants_of(const PowerBench& bench) {
  Constants constants;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    constants[phase] = bench.firmware().page.calibration[phase];
  }
  return constants;
}

/// What is written: gains and leads stand in one record, drifts and offsets in the other.
void begin_writes(PowerBench& bench) {
  bench.begin_write(0xF100, 1234);
  bench.begin_write(0xF110, -20'000);
  bench.begin_write(0xF18C, 5800);
  bench.begin_write(0xF19C, -100'000);
}

Constants written() {
  Constants constants{};
  constants[0].voltage_ppm = 1234;
  constants[0].voltage_ppb_per_K = -20'000;
  constants[2].current_lead_urad = 5800;
  constants[2].active_offset_uW = -100'000;
  return constants;
}

bool one_of(std::int32_t found, std::int32_t value) { return found == 0 || found == value; }

/// Nothing but what was written, each constant old or new, and in the order of writing within a
/// record.
std::string judge_constants(const Constants& found) {
  const Constants after = written();
  for (std::size_t phase = 0; phase < 3; ++phase) {
    for (const auto& field : metrology::hal::calibration_fields) {
      if (!one_of(found[phase].*field.value, after[phase].*field.value)) {
        return "a constant of phase " + std::to_string(phase) + " is " +
               std::to_string(found[phase].*field.value);
      }
    }
  }
  if (found[2].current_lead_urad != 0 && found[0].voltage_ppm == 0) return "the gain is lost";
  if (found[2].active_offset_uW != 0 && found[0].voltage_ppb_per_K == 0) {
    return "the drift is lost";
  }
  return {};
}

bool all_loaded(const PowerBench& bench) {
  return bench.loaded() && bench.firmware().storage.constants_loaded;
}

void run_all_loaded(PowerBench& bench) {
  bench.run_to([&] { return all_loaded(bench); }, ps_per_ms, 500 * ps_per_ms, "the load");
}

void restart(PowerBench& bench) {
  bench.cut_supply(50 * ps_per_ms);
  bench.run_for(60 * ps_per_ms);
  run_all_loaded(bench);
}

/// The supply is cut now.
std::string judge_supply_cut(PowerBench& bench) {
  const Constants before = constants_of(bench);
  const bool stored = !bench.firmware().status.constants_pending;
  restart(bench);
  const Constants found = constants_of(bench);
  if (std::string wrong = judge_constants(found); !wrong.empty()) return wrong;
  if (stored && found != before) return "said to be stored, and lost";
  if (bench.memory_good()) return {};
  // A torn copy is said once, and mended from the other one.
  bench.run_saved();
  const Constants mended = constants_of(bench);
  restart(bench);
  if (constants_of(bench) != mended) return "what was mended is something else";
  return bench.memory_good() ? "" : "the self-test's e stays bad";
}

/// Branches from the first write's begin until all is stored. The step is prime, so that no part of
/// a transaction is always missed.
void sweep_writes(PowerBench& bench, Ps step, const std::function<std::string()>& future) {
  bench.run_to([&] { return bench.loaded(); }, ps_per_ms, ps_per_s, "the first load");
  bench.run_saved();
  bench.run_until(3 * ps_per_s + 7 * ps_per_ms);
  begin_writes(bench);
  Branches branches;
  int stored = 0;
  for (int after_last = 0; after_last < 3;) {
    bench.run_for(step);
    branches.run(std::to_string(bench.now() / ps_per_us) + " us", future);
    const bool over = !bench.is_asking() && !bench.firmware().status.constants_pending;
    stored += bench.firmware().status.constants_pending ? 0 : 1;
    after_last += over ? 1 : 0;
  }
  branches.finish();
  std::cout << "constants: " << branches.count() << " cuts, " << stored << " of stored ones\n";
  CHECK(constants_of(bench) == written());
  CHECK_THAT(branches.complaints(), Catch::Equals(""));
}

}  // namespace

TEST_CASE("power cut: the supply alone while constants are written") {
  PowerBench bench({});
  sweep_writes(bench, 397 * ps_per_us, [&] { return judge_supply_cut(bench); });
}

TEST_CASE("power cut: the mains while constants are written") {
  PowerBench bench({});
  sweep_writes(bench, 2003 * ps_per_us, [&] {
    bench.set_mains(0);
    const Kept warned = run_warned(bench);
    const Constants before = constants_of(bench);
    const bool stored = !bench.firmware().status.constants_pending;
    if (std::string wrong = judge_mains_cut(bench, warned); !wrong.empty()) return wrong;
    run_all_loaded(bench);
    const Constants found = constants_of(bench);
    if (std::string wrong = judge_constants(found); !wrong.empty()) return wrong;
    return std::string(stored && found != before ? "said to be stored, and lost" : "");
  });
}
