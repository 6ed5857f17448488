#include "tests/end_to_end/power_cuts.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "models/random/random.h"

namespace end_to_end {

namespace {

constexpr Ps write_time = 5 * ps_per_ms;
/// 603 bits of 64 clocks, and less than the transfer and a look at the page before.
constexpr Ps page_transfer = 1'600'000'000;
constexpr Ps longest_lead = 20 * ps_per_ms;
/// From one look at the storage code's state to the next: shorter than a charge for one of its
/// steps.
constexpr Ps look = 5'000'000;

/// What the storage code's next move depends on.
std::string state_of(const PowerBench& bench) {
  const auto& power = bench.firmware().power;
  const auto& task = bench.firmware().storage;
  const auto& store = task.store;
  std::ostringstream text;
  const auto put = [&](auto value) { text << static_cast<int>(value) << ' '; };
  put(power.failing), put(power.snapshot_due), put(power.look);
  put(task.look), put(task.protect), put(task.transfer_over), put(task.save_due);
  put(store.saving), put(store.saving_first), put(store.sealed), put(store.slot_page);
  put(store.save_sequence), put(store.sequence), put(store.image_saved), put(store.operation);
  put(store.in_flight), put(store.programming), put(store.obsolete), put(store.target);
  for (const auto& config : store.config) put(config.changed), put(config.in_use);
  return text.str();
}

bool makes_save_count(std::uint32_t page) { return page < 2 || (page >= 8 && page % 8 == 0); }

/// Bits of the pages' transfers, by their distance from STOP, and of what is between them. In
/// several pages every eighth, another one in each, so that among eight pages every position comes
/// up; a single page's bits all.
void put_bits(std::vector<Instant>& instants, const std::vector<Ps>& bits,
              const std::vector<Chronicle::Write>& writes) {
  const std::size_t every = writes.size() > 1 ? 8 : 1;
  for (std::size_t n = 0; n < bits.size(); ++n) {
    const auto next =
        std::find_if(writes.begin(), writes.end(),
                     [&](const Chronicle::Write& write) { return write.stop >= bits[n]; });
    std::size_t place = n;
    std::string what = "bit between pages";
    if (next != writes.end() && next->stop - bits[n] < page_transfer) {
      const auto stop_bit = std::upper_bound(bits.begin(), bits.end(), next->stop);
      const auto distance = static_cast<std::size_t>(stop_bit - bits.begin()) - n;
      place = distance + next->page;
      what = "bit " + std::to_string(distance) + " before page " + std::to_string(next->page);
    }
    if (place % every != 0) continue;
    const Ps half = place / every % 2 == 0 ? 0 : 1'300'000;  // of the bit: low or high
    instants.push_back({bits[n] + half, what, 0});
  }
}

/// Runs the operation with everything listened to; in a branch.
std::vector<Instant> listen(PowerBench& bench, const Operation& operation) {
  std::vector<Instant> instants;
  const Ps end = operation.at + operation.duration;
  bench.run_until(operation.at);
  bench.tap().listening = true;
  bench.chronicle.writes.clear();
  operation.begin(bench);
  std::string state = state_of(bench);
  while (bench.now() < end) {
    bench.run_for(look);
    const std::string next = state_of(bench);
    if (next != state) instants.push_back({bench.now(), "state", 0});
    state = next;
  }
  for (const Chronicle::Write& write : bench.chronicle.writes) {
    const std::string page = "page " + std::to_string(write.page) + " ";
    instants.push_back({write.stop, page + "begin", 0});
    instants.push_back({write.stop + write_time / 2, page + "middle", 0});
    instants.push_back({write.stop + write_time - 1, page + "end", 0});
    instants.push_back({write.stop + write_time, page + "written", 0});
    if (makes_save_count(write.page)) instants.push_back({write.stop, "counts", 0});
  }
  put_bits(instants, bench.tap().bits, bench.chronicle.writes);
  return instants;
}

std::string to_text(const std::vector<Instant>& instants) {
  std::ostringstream text;
  for (const Instant& instant : instants) text << instant.t << ' ' << instant.what << '\n';
  return text.str();
}

std::vector<Instant> from_text(const std::string& text) {
  std::vector<Instant> instants;
  std::istringstream lines(text);
  Instant instant;
  while (lines >> instant.t && lines.ignore() && std::getline(lines, instant.what)) {
    instants.push_back(instant);
  }
  return instants;
}

std::uint32_t number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? 0 : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

/// Of the heard ones those that are swept, and random ones when asked for.
void choose(Course& course, const std::vector<Instant>& heard, const Operation& operation) {
  for (const Instant& instant : heard) {
    if (instant.what != "counts") course.instants.push_back(instant);
  }
  models::random::Random random(number_in("PRO380_POWER_CUT_SEED"), operation.name);
  const std::uint32_t random_cuts = number_in("PRO380_POWER_CUTS");
  for (std::uint32_t n = 0; n < random_cuts; ++n) {
    course.instants.push_back({operation.at + random.below(operation.duration), "random", 0});
  }
  std::sort(course.instants.begin(), course.instants.end(),
            [](const Instant& a, const Instant& b) { return a.t < b.t; });
  for (std::size_t n = 0; n < course.instants.size(); ++n) course.instants[n].number = n;
}

void run_in(PowerBench& bench) {
  bench.run_to([&] { return bench.loaded(); }, ps_per_ms, ps_per_s, "the first load");
  bench.run_saved();
}

Operation ready(PowerBench& bench, Operation operation) {
  bench.run_until(operation.at - longest_lead);
  return operation;
}

}  // namespace

Operation periodic_save(PowerBench& bench) {
  run_in(bench);
  // The timer runs from loading on, within the first quarter of a second.
  const auto saved = bench.chronicle.writes.size();
  bench.run_until(899 * ps_per_s);
  if (bench.chronicle.writes.size() != saved) throw std::runtime_error("saved too soon");
  const auto due = [&] { return bench.firmware().storage.store.saving; };
  // How long until then is found out in a branch: the parent stays before it.
  const Ps begin = std::stoull(Branches::ask([&] {
    bench.run_to(due, look, ps_per_s, "the periodic save");
    return std::to_string(bench.now());
  }));
  return ready(bench, {"periodic save", begin - ps_per_ms, [](PowerBench&) {}, 100 * ps_per_ms});
}

Operation settings_write(PowerBench& bench) {
  run_in(bench);
  return ready(bench,
               {"settings write", 3 * ps_per_s + 7 * ps_per_ms,
                [](PowerBench& at) { at.write_row(0x1018, new_meter_id, false); }, 60 * ps_per_ms});
}

Operation power_fail_save(PowerBench& bench) {
  run_in(bench);
  return ready(bench, {"power-fail save", 3 * ps_per_s + 11 * ps_per_ms,
                       [](PowerBench& at) { at.set_mains(0); }, 100 * ps_per_ms});
}

Course course_of(PowerBench& bench, const Operation& operation) {
  const std::vector<Instant> heard =
      from_text(Branches::ask([&] { return to_text(listen(bench, operation)); }));
  Course course;
  for (const Instant& instant : heard) {
    if (instant.what != "counts") continue;
    if (course.counts_from != 0) throw std::runtime_error("two saves in one operation");
    course.counts_from = instant.t;
    course.counts_for_sure = instant.t + write_time;
  }
  if (course.counts_from == 0) throw std::runtime_error("no save in the operation");
  course.before = newest_record(bench.eeprom().image()).value();
  const std::string after = Branches::ask([&] {
    bench.run_until(operation.at);
    const Kept at_begin = bench.kept();
    operation.begin(bench);
    bench.run_until(course.counts_from);
    const Kept at_save = bench.kept();
    bench.run_until(operation.at + operation.duration);
    const Kept kept = newest_record(bench.eeprom().image()).value();
    // What was asked to be saved lies between what was booked before and what was at the end.
    const bool saves_counters = !differ(kept, course.before).empty();
    const bool between = ahead(kept, at_save).empty() && ahead(at_begin, kept).empty();
    if (saves_counters && !between) throw std::runtime_error("something else was saved");
    return std::string(reinterpret_cast<const char*>(&kept), sizeof kept);
  });
  std::copy_n(after.data(), sizeof course.after, reinterpret_cast<char*>(&course.after));
  choose(course, heard, operation);
  return course;
}

void run_loaded(PowerBench& bench) {
  bench.run_to([&] { return bench.loaded(); }, ps_per_ms, 500 * ps_per_ms, "the load");
  bench.run_for(ps_per_ms);
}

Kept run_warned(PowerBench& bench) {
  const std::size_t warnings = bench.chronicle.warnings.size();
  while (bench.chronicle.warnings.size() == warnings) bench.run_until(bench.supply().next_event());
  bench.run_to([&] { return bench.firmware().power.failing; }, ps_per_ms / 1000, ps_per_ms,
               "the power interrupt");
  return bench.kept();
}

std::string judge_mains_cut(PowerBench& bench, const Kept& warned) {
  const Ps warning = bench.chronicle.warnings.back();
  Ps limit = warning + 100 * ps_per_ms;
  if (bench.now() < limit) bench.run_until(limit);
  Kept frozen = bench.kept();
  ++frozen.power_downs;
  const auto saved = newest_record(bench.eeprom().image());
  if (!saved) return "no whole record after the save";
  if (const std::string wrong = differ(*saved, frozen); !wrong.empty()) return "saved: " + wrong;
  const metrology::registers::Settings settings = bench.firmware().settings;
  const models::supply::SupplyState& supply = bench.supply().state();
  const Ps dies = supply.now + supply.level;
  if (dies < bench.now() + ps_per_ms) return "the hold-up is too short for a save";
  bench.run_until(dies - ps_per_ms);
  if (const std::string wrong = counters_differ(bench.kept(), warned); !wrong.empty()) {
    return "booked after the interrupt: " + wrong;
  }
  if (const std::string wrong = counters_differ(bench.kept(), frozen); !wrong.empty()) {
    return "booked after the save: " + wrong;
  }
  bench.run_for(20 * ps_per_ms);
  if (bench.meter().powered()) return "the meter did not die";
  if (bench.chronicle.torn != 0) return "a page was torn";
  bench.set_mains(230);
  run_loaded(bench);
  const Kept restored = bench.kept();
  if (const std::string wrong = differ(restored, frozen); !wrong.empty()) {
    return "restored: " + wrong;
  }
  if (bench.firmware().settings != settings) return "other settings";
  if (!bench.memory_good()) return "the self-test's e is bad";
  return pulses_disagree(restored, bench.chronicle.started, bench.rates());
}

void sweep(PowerBench& bench, const Operation& operation, const Course& course, Ps lead,
           const Future& future) {
  bool begun = false;
  const auto begin = [&] {
    if (begun) return;
    bench.run_until(operation.at);
    operation.begin(bench);
    begun = true;
  };
  Branches branches;
  for (const Instant& instant : course.instants) {
    if (instant.t - lead >= operation.at) begin();
    bench.run_until(instant.t - lead);
    const double into_ms =
        (static_cast<double>(instant.t) - static_cast<double>(operation.at)) * 1e-9;
    const std::string label = operation.name + ", " + instant.what + " at " +
                              std::to_string(instant.t) + " ps, " + std::to_string(into_ms) +
                              " ms into it";
    branches.run(label, [&] { return future(instant, begin); });
  }
  branches.finish();
  std::cout << operation.name << ": " << branches.count() << " cuts\n";
  CHECK_THAT(branches.complaints(), Catch::Equals(""));
}

}  // namespace end_to_end
