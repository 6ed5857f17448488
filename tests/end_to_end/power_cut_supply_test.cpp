// The internal supply fails without a warning, at any instant: what comes back is the last save
// that was complete, whole, and never more than was booked.
#include <catch2/catch.hpp>

#include "tests/end_to_end/power_cuts.h"

using namespace end_to_end;

namespace {

/// Cuts the supply at the present instant and judges what comes back against the bytes that stand
/// in the EEPROM now. `tears`: the page that makes the save count may come back old, new or torn.
std::string judge_supply_cut(PowerBench& bench, const Instant& instant, const Course& course) {
  const Kept booked = bench.kept();
  const std::vector<std::uint8_t> image = bench.eeprom().image();
  const auto settings = bench.firmware().settings;
  // The debug port asks on until it is answered, also by the meter that has started again.
  const bool asking = bench.is_asking();
  const bool deciding = instant.t >= course.counts_from && instant.t < course.counts_for_sure;
  bench.cut_supply(50 * ps_per_ms);
  bench.run_for(60 * ps_per_ms);
  if (bench.meter().powered()) return "the meter did not die";
  bench.set_mains(230);
  run_loaded(bench);
  const Kept restored = bench.kept();
  // The bytes before the cut, a write under way counted as done, and the course say which record.
  const bool is_old = differ(restored, course.before).empty();
  const bool is_new = differ(restored, course.after).empty();
  if (!deciding) {
    const bool complete = instant.t >= course.counts_for_sure;
    const std::string wrong = differ(restored, complete ? course.after : course.before);
    if (!wrong.empty()) return (complete ? "the complete save: " : "the save before: ") + wrong;
    const std::string other = differ(restored, newest_record(image).value());
    if (!other.empty()) return "the EEPROM's bytes: " + other;
  }
  if (!is_old && !is_new) return "neither save: " + differ(restored, course.before);
  if (std::string more = ahead(restored, booked); !more.empty()) return more;
  auto as_before = settings;
  as_before.meter_id = 1;
  auto as_written = settings;
  as_written.meter_id = new_meter_id;
  const auto& found = bench.firmware().settings;
  if (found != as_before && found != as_written) return "settings are mixed";
  if (!deciding && !asking) {
    const bool written = newest_meter_id(image) == new_meter_id;
    if (found != (written ? as_written : as_before)) return "not the settings in the EEPROM";
  }
  // A deciding page that was torn is a damaged copy, and the meter says so, once.
  if (bench.memory_good()) return {};
  if (!deciding) return "the self-test's e is bad";
  bench.run_saved();
  bench.cut_supply(50 * ps_per_ms);
  bench.run_for(60 * ps_per_ms);
  run_loaded(bench);
  if (!differ(bench.kept(), restored).empty()) return "what was mended is something else";
  return bench.memory_good() ? "" : "the self-test's e stays bad";
}

void sweep_supply(PowerBench& bench, const Operation& operation) {
  const Course course = course_of(bench, operation);
  sweep(bench, operation, course, 0, [&](const Instant& instant, const std::function<void()>&) {
    return judge_supply_cut(bench, instant, course);
  });
}

}  // namespace

TEST_CASE("power cut: the supply alone, during a periodic save") {
  PowerBench bench({});
  const Operation operation = periodic_save(bench);
  sweep_supply(bench, operation);
}

TEST_CASE("power cut: the supply alone, during a settings write") {
  PowerBench bench({});
  const Operation operation = settings_write(bench);
  sweep_supply(bench, operation);
}

TEST_CASE("power cut: the supply alone, during a power-fail save") {
  PowerBench bench({});
  const Operation operation = power_fail_save(bench);
  sweep_supply(bench, operation);
}
