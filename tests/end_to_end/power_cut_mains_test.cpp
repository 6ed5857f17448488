// The mains fail, so that the brown-out warning comes at any instant of what the storage code does,
// also twice within the hold-up: what comes back is what was booked at the interrupt, exactly.
#include <array>
#include <catch2/catch.hpp>

#include "tests/end_to_end/power_cuts.h"

using namespace end_to_end;

namespace {

constexpr Ps recognition = models::supply::recognition_ps;

void sweep_mains(PowerBench& bench, const Operation& operation) {
  const Course course = course_of(bench, operation);
  sweep(bench, operation, course, recognition,
        [&](const Instant&, const std::function<void()>& begin) {
          bench.set_mains(0);
          begin();
          const Kept warned = run_warned(bench);
          return judge_mains_cut(bench, warned);
        });
}

}  // namespace

TEST_CASE("power cut: the mains, during a periodic save") {
  PowerBench bench({});
  const Operation operation = periodic_save(bench);
  sweep_mains(bench, operation);
}

TEST_CASE("power cut: the mains, during a settings write") {
  PowerBench bench({});
  const Operation operation = settings_write(bench);
  sweep_mains(bench, operation);
}

TEST_CASE("power cut: mains back and gone again, during a power-fail save") {
  // Too short to be noticed, just long enough, long enough to book again. In microseconds.
  constexpr std::array<Ps, 8> back_for{2000, 9999, 10'001, 10'100, 17'000, 40'000, 90'000, 300'000};
  constexpr Ps ps_per_us = ps_per_ms / 1000;
  PowerBench bench({});
  const Operation operation = power_fail_save(bench);
  const Course course = course_of(bench, operation);
  sweep(bench, operation, course, 0, [&](const Instant& instant, const std::function<void()>&) {
    Kept warned = bench.kept();
    bench.set_mains(230);
    bench.run_for(back_for[instant.number % back_for.size()] * ps_per_us);
    bench.set_mains(0);
    const std::size_t warnings = bench.chronicle.warnings.size();
    bench.run_for(recognition);
    bench.run_for(ps_per_ms / 100);
    if (bench.chronicle.warnings.size() > warnings) warned = bench.kept();
    return judge_mains_cut(bench, warned);
  });
}
