// A meter that is saved at any instant and goes on in another process, or in a kernel with another
// base, does what the one that was never saved does: record by record, each access to its bus
// included.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/end_to_end/branches.h"
#include "tests/platform/support/dice.h"
#include "tests/platform/support/saved_world.h"

namespace {

using end_to_end::Branches;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using platform::SyncMode;
using test::SavedWorld;
using test::SavedWorldSpec;
using test::World;

using Lines = std::vector<std::string>;

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

Lines lines_of(const std::string& text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The kernel promises no order among instances at one instant, so each is taken by itself.
std::map<std::string, Lines> by_instance(Lines::const_iterator from, Lines::const_iterator to) {
  std::map<std::string, Lines> found;
  for (; from != to; ++from) found[from->substr(0, from->find(' '))].push_back(*from);
  return found;
}

std::string first_difference(const std::map<std::string, Lines>& expected,
                             const std::map<std::string, Lines>& seen) {
  std::map<std::string, std::pair<Lines, Lines>> both;
  for (const auto& [instance, lines] : expected) both[instance].first = lines;
  for (const auto& [instance, lines] : seen) both[instance].second = lines;
  for (const auto& [instance, lines] : both) {
    const auto& [a, b] = lines;
    const std::size_t most = std::max(a.size(), b.size());
    for (std::size_t n = 0; n < most; ++n) {
      const std::string in_a = n < a.size() ? a[n] : "nothing more";
      const std::string in_b = n < b.size() ? b[n] : "nothing more";
      if (in_a != in_b) return "expected: " + in_a + ", seen: " + in_b;
    }
  }
  return {};
}

struct Cut {
  Ps at;              ///< the first quiet instant from the wish on
  std::size_t lines;  ///< recorded before
  std::string saved;
};

struct Unbroken {
  Lines lines;
  std::vector<Cut> cuts;
};

void put(std::string& out, const std::string& text) {
  const std::uint64_t size = text.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out += text;
}
std::string take(const std::string& from, std::size_t& at) {
  std::uint64_t size = 0;
  std::memcpy(&size, from.data() + at, sizeof size);
  at += sizeof size + size;
  return from.substr(at - size, size);
}

/// To the first instant from `wish` on at which the meter is quiet.
void run_to_quiet(World& world, Ps wish) {
  world.run_until(wish);
  for (Ps step = 0; !world.meter().quiet(); ++step) {
    if (step == 20'000) throw std::runtime_error("the meter was never quiet");
    world.run_until(world.now() + 10 * ps_per_us + 1);
  }
}

/// `wishes`, rising: where to save on the way.
Unbroken run_unbroken(const SavedWorldSpec& spec, const std::vector<Ps>& wishes) {
  const std::string told = Branches::ask([&] {
    World world(spec);
    std::string out;
    for (const Ps wish : wishes) {
      if (wish < world.now()) continue;
      run_to_quiet(world, wish);
      put(out, "cut");
      put(out, std::to_string(world.now()));
      put(out, std::to_string(world.records.lines.size()));
      put(out, test::bytes_of(world.saved()));
    }
    world.run_until(spec.end);
    put(out, "lines");
    put(out, joined(world.records.lines));
    return out;
  });
  Unbroken unbroken;
  for (std::size_t at = 0; at < told.size();) {
    if (take(told, at) == "lines") {
      unbroken.lines = lines_of(take(told, at));
    } else {
      Cut cut{};
      cut.at = std::stoull(take(told, at));
      cut.lines = std::stoull(take(told, at));
      cut.saved = take(told, at);
      unbroken.cuts.push_back(cut);
    }
  }
  return unbroken;
}

/// What a process of its own records that goes on at the cut until the spec's end.
Lines run_continued(SavedWorldSpec spec, const Cut& cut) {
  spec.awaits_state = true;
  spec.from = cut.at;
  return lines_of(Branches::ask([&] {
    World world(spec);
    world.run_until(cut.at);
    world.restore(test::saved_world_of(cut.saved));
    world.run_until(spec.end);
    return joined(world.records.lines);
  }));
}

std::string difference_after(const Unbroken& unbroken, const Cut& cut, const Lines& continued) {
  const auto from = unbroken.lines.begin() + static_cast<std::ptrdiff_t>(cut.lines);
  return first_difference(by_instance(from, unbroken.lines.end()),
                          by_instance(continued.begin(), continued.end()));
}

/// Wishes drawn from a seed, and those at which something special is under way.
std::vector<Ps> wishes_of(std::uint64_t seed, std::uint32_t count, Ps from, Ps to) {
  test::Dice dice(seed);
  std::vector<Ps> wishes;
  for (std::uint32_t n = 0; n < count; ++n) {
    const auto span_us = static_cast<std::uint32_t>((to - from) / ps_per_us);
    wishes.push_back(from + dice.below(span_us) * ps_per_us + dice.below(1'000'000));
  }
  std::sort(wishes.begin(), wishes.end());
  return wishes;
}

bool has(const Lines& lines, const std::string& instance, const std::string& event) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.rfind(instance + ' ', 0) == 0 && line.find(' ' + event) != std::string::npos;
  });
}

constexpr Ps whole = 1700 * ps_per_ms;
/// Of the ADC's filter, 18 384 core clocks, and the 768 from a sample to its conversion.
constexpr Ps filter_length = 762 * ps_per_us;

}  // namespace

TEST_CASE("saved meter: the world of these tests has everything under way at one cut or another") {
  SavedWorldSpec spec;
  spec.end = whole;
  const Unbroken unbroken = run_unbroken(spec, wishes_of(1, 120, 10 * ps_per_ms, whole - 1));
  CHECK(has(unbroken.lines, "m1.uart_bus", "byte"));
  CHECK(has(unbroken.lines, "m1.uart_ir", "byte"));
  CHECK(has(unbroken.lines, "m1.s0_forward", "edge"));
  CHECK(has(unbroken.lines, "m1.led_active", "edge"));
  CHECK(has(unbroken.lines, "m1.display", "show"));
  CHECK(has(unbroken.lines, "m1.backlight", "edge"));
  CHECK(has(unbroken.lines, "m1.eeprom", "write"));
  CHECK(has(unbroken.lines, "m1.registers", "write"));
  CHECK(has(unbroken.lines, "m1.reset", "reset"));
  int sending = 0;
  int receiving = 0;
  int pulsing = 0;
  int dead = 0;
  int writing = 0;
  int damaged = 0;
  int drifted = 0;
  for (const Cut& cut : unbroken.cuts) {
    const SavedWorld saved = test::saved_world_of(cut.saved);
    const platform::MeterState& state = saved.meter.hardware;
    sending += state.uart_bus.transmitter.driving;
    receiving += state.uart_bus.receiver.start_ps < cut.at;
    pulsing += state.pulse_timers.channel[0].end != peripherals::cycle_never;
    dead += !state.supervisor.powered;
    writing += saved.eeprom.busy_until > cut.at;
    damaged += !saved.meter.damaged_flash.empty();
    drifted += saved.meter.clock.size() > 1;
    CHECK(saved.meter.firmware.empty() == !state.supervisor.powered);
  }
  CHECK(sending > 0);
  CHECK(receiving > 0);
  CHECK(pulsing > 0);
  CHECK(dead > 0);
  CHECK(writing > 0);
  CHECK(damaged > 0);
  CHECK(drifted > 0);
}

TEST_CASE("saved meter: saving changes nothing") {
  SavedWorldSpec spec;
  spec.end = 400 * ps_per_ms;
  const Unbroken saved = run_unbroken(spec, wishes_of(2, 100, 5 * ps_per_ms, spec.end - 1));
  CHECK(saved.cuts.size() > 60);
  const Unbroken never = run_unbroken(spec, {});
  CHECK(first_difference(by_instance(never.lines.begin(), never.lines.end()),
                         by_instance(saved.lines.begin(), saved.lines.end())) == "");
}

TEST_CASE("saved meter: cut anywhere it goes on in a new process as if it had not been") {
  SavedWorldSpec spec;
  spec.end = whole;
  spec.trace_lcd = true;
  spec.crystal_ppb = 31'415;
  spec.noise_codes = 20;
  Unbroken unbroken = run_unbroken(spec, wishes_of(3, 24, 2 * ps_per_ms, whole - 1));
  CHECK(unbroken.cuts.size() > 16);
  for (const Cut& cut : unbroken.cuts) {
    INFO("cut at " << cut.at);
    CHECK(difference_after(unbroken, cut, run_continued(spec, cut)) == "");
  }
}

TEST_CASE(
    "saved meter: cut at the very instant of an event or 1 ps beside it nothing is lost or told "
    "twice") {
  SavedWorldSpec spec;
  spec.end = whole;
  spec.trace_lcd = true;
  const Unbroken first = run_unbroken(spec, {});
  // A button, the tariff input, the loss of mains and of the rail, as the world's script has them.
  std::vector<Ps> wishes{260 * ps_per_ms + 11, 447 * ps_per_ms, 1300 * ps_per_ms + 3,
                         1340 * ps_per_ms};
  std::map<std::string, int> of_instance;
  for (const std::string& line : first.lines) {
    const std::string instance = line.substr(0, line.find(' '));
    if (instance == "m1.cpu" || ++of_instance[instance] % 7 != 3) continue;
    if (of_instance[instance] > 40) continue;
    const Ps at = std::stoull(line.substr(instance.size() + 1));
    wishes.insert(wishes.end(), {at - 1, at, at + 1});
  }
  std::sort(wishes.begin(), wishes.end());
  const Unbroken unbroken = run_unbroken(spec, wishes);
  int exact = 0;
  for (const Cut& cut : unbroken.cuts) {
    if (!std::binary_search(wishes.begin(), wishes.end(), cut.at)) continue;
    INFO("cut at " << cut.at);
    ++exact;
    CHECK(difference_after(unbroken, cut, run_continued(spec, cut)) == "");
  }
  CHECK(exact > 40);
}

TEST_CASE("saved meter: what one sync mode saved goes on in the other") {
  SavedWorldSpec horizon;
  horizon.end = 320 * ps_per_ms;
  SavedWorldSpec cycle = horizon;
  cycle.sync = SyncMode::cycle;
  const std::vector<Ps> wishes = wishes_of(4, 4, 3 * ps_per_ms, 310 * ps_per_ms);
  const Unbroken by_horizon = run_unbroken(horizon, wishes);
  const Unbroken by_cycle = run_unbroken(cycle, wishes);
  REQUIRE(by_horizon.cuts.size() == by_cycle.cuts.size());
  for (std::size_t n = 0; n < by_horizon.cuts.size(); ++n) {
    const Cut& cut = by_horizon.cuts[n];
    INFO("cut at " << cut.at);
    CHECK(cut.at == by_cycle.cuts[n].at);
    CHECK(difference_after(by_horizon, cut, run_continued(cycle, cut)) == "");
    CHECK(difference_after(by_horizon, by_cycle.cuts[n],
                           run_continued(horizon, by_cycle.cuts[n])) == "");
  }
}

TEST_CASE("saved meter: it goes on in a kernel whose time 0 is the instant at which it was saved") {
  SavedWorldSpec spec;
  spec.end = whole;
  // Of the world's time 0 more than 64 bits of picoseconds, a year and a half, have gone by.
  spec.base = (platform::WideTime{3} << 64) + 12'345;
  spec.noise_codes = 5;
  spec.rectangles = true;
  const Unbroken unbroken = run_unbroken(spec, wishes_of(5, 36, 2 * ps_per_ms, whole - 1));
  int compared = 0;
  for (const Cut& cut : unbroken.cuts) {
    INFO("cut at " << cut.at);
    // By contract a character under way is lost, and what a filter saw before time 0 is what stands
    // there at it.
    const platform::MeterState state = test::saved_world_of(cut.saved).meter.hardware;
    if (state.uart_bus.receiver.start_ps < cut.at || state.uart_ir.receiver.start_ps < cut.at ||
        World::waveform_changes(cut.at - filter_length, cut.at)) {
      continue;
    }
    ++compared;
    SavedWorldSpec later = spec;
    later.zero = cut.at;
    CHECK(difference_after(unbroken, cut, run_continued(later, cut)) == "");
  }
  CHECK(compared > 8);
}

TEST_CASE("saved meter: any part left out of the state is found out") {
  SavedWorldSpec spec;
  spec.end = whole;
  spec.trace_lcd = true;
  const Unbroken unbroken = run_unbroken(spec, wishes_of(6, 40, 60 * ps_per_ms, whole - 1));
  // Without supply all peripherals are as at the very first.
  const auto dead = std::find_if(unbroken.cuts.begin(), unbroken.cuts.end(), [](const Cut& cut) {
    return !test::saved_world_of(cut.saved).meter.hardware.supervisor.powered;
  });
  REQUIRE(dead != unbroken.cuts.end());
  const SavedWorld fresh = test::saved_world_of(dead->saved);

  struct Part {
    const char* name;
    void (*leave_out)(SavedWorld& saved, const SavedWorld& fresh);
  };
#define PART(member)                                                                               \
  Part {                                                                                           \
#member,                                                                                       \
        [](SavedWorld & saved,                                                                     \
           const SavedWorld& fresh) { saved.meter.hardware.member = fresh.meter.hardware.member; } \
  }
  const Part parts[] = {
      PART(adc),
      PART(dma),
      PART(interrupt_controller),
      PART(pulse_timers),
      PART(gpio),
      PART(rtc),
      PART(lcd),
      PART(power_monitor),
      PART(uart_bus),
      PART(uart_ir),
      PART(ram),
#undef PART
      {"when pins went high",
       [](SavedWorld& saved, const SavedWorld&) { saved.meter.hardware.gpio.high_since.fill(0); }},
      {"core counter's origin",
       [](SavedWorld& saved, const SavedWorld&) { saved.meter.hardware.counter_origin = 0; }},
      {"crystal", [](SavedWorld& saved, const SavedWorld&) { saved.meter.clock.back().ppb = 0; }},
      {"half of the firmware's state",
       [](SavedWorld& saved, const SavedWorld&) {
         std::vector<std::uint8_t>& state = saved.meter.firmware;
         std::fill(state.begin() + static_cast<std::ptrdiff_t>(state.size() / 2), state.end(), 0);
       }},
      {"EEPROM's write under way",
       [](SavedWorld& saved, const SavedWorld&) { saved.eeprom.busy_until = 0; }},
      {"EEPROM's cells",
       [](SavedWorld& saved, const SavedWorld&) { saved.eeprom.cells.fill(0xFF); }},
      {"display", [](SavedWorld& saved, const SavedWorld&) { saved.display = {}; }},
      {"S0 receiver", [](SavedWorld& saved, const SavedWorld&) { saved.s0 = {}; }},
      {"LED observer", [](SavedWorld& saved, const SavedWorld&) { saved.led = {}; }},
  };
  for (const Part& part : parts) {
    INFO(part.name);
    const bool found = std::any_of(unbroken.cuts.begin(), unbroken.cuts.end(), [&](Cut cut) {
      SavedWorld saved = test::saved_world_of(cut.saved);
      part.leave_out(saved, fresh);
      cut.saved = test::bytes_of(saved);
      try {
        return !difference_after(unbroken, cut, run_continued(spec, cut)).empty();
      } catch (const std::runtime_error&) {
        return true;  // it came to nothing
      }
    });
    CHECK(found);
  }
}

TEST_CASE("saved meter: what it was saved as it is saved as again") {
  SavedWorldSpec spec;
  spec.end = whole;
  const Unbroken unbroken = run_unbroken(spec, wishes_of(7, 12, 60 * ps_per_ms, whole - 1));
  for (const Cut& cut : unbroken.cuts) {
    INFO("cut at " << cut.at);
    SavedWorldSpec again = spec;
    again.awaits_state = true;
    again.from = cut.at;
    const SavedWorld saved = test::saved_world_of(cut.saved);
    const SavedWorld second = test::saved_world_of(Branches::ask([&] {
      World world(again);
      world.run_until(cut.at);
      world.restore(saved);
      return test::bytes_of(world.saved());
    }));
    // What no run of these shows, for nothing in them ever comes of it.
    CHECK(second.meter.hardware.watchdog.due == saved.meter.hardware.watchdog.due);
    CHECK(second.meter.hardware.watchdog.timeout == saved.meter.hardware.watchdog.timeout);
    CHECK(second.meter.hardware.system_control.reset_cause ==
          saved.meter.hardware.system_control.reset_cause);
    CHECK(second.meter.hardware.system_control.latched_hi ==
          saved.meter.hardware.system_control.latched_hi);
    CHECK(second.meter.hardware.adc.keep_up_due == saved.meter.hardware.adc.keep_up_due);
    CHECK(second.meter.hardware.cpu.now == saved.meter.hardware.cpu.now);
    CHECK(second.meter.hardware.cpu.interrupts_enabled ==
          saved.meter.hardware.cpu.interrupts_enabled);
    CHECK(second.meter.hardware.debug_mailbox.response ==
          saved.meter.hardware.debug_mailbox.response);
    CHECK(second.meter.hardware.i2c_master.buffer == saved.meter.hardware.i2c_master.buffer);
    CHECK(second.meter.hardware.ram.words == saved.meter.hardware.ram.words);
    CHECK(second.meter.hardware.supervisor.rail == saved.meter.hardware.supervisor.rail);
    CHECK(second.meter.firmware == saved.meter.firmware);
    CHECK(second.meter.damaged_flash.size() == (cut.at > 700 * ps_per_ms ? 1 : 0));
    CHECK(second.meter.clock.size() == saved.meter.clock.size());
    CHECK(second.meter.instant == saved.meter.instant);
  }
}

TEST_CASE("saved meter: it can be saved and put back over and over") {
  SavedWorldSpec spec;
  spec.end = whole;
  const Unbroken unbroken = run_unbroken(spec, {100 * ps_per_ms});
  Cut cut = unbroken.cuts.front();
  Lines lines(unbroken.lines.begin(),
              unbroken.lines.begin() + static_cast<std::ptrdiff_t>(cut.lines));
  for (const Ps next : {400 * ps_per_ms, 900 * ps_per_ms, 1'390 * ps_per_ms, whole}) {
    const std::string told = Branches::ask([&] {
      SavedWorldSpec part = spec;
      part.awaits_state = true;
      part.from = cut.at;
      World world(part);
      world.run_until(cut.at);
      world.restore(test::saved_world_of(cut.saved));
      if (next < whole) {
        run_to_quiet(world, next);
      } else {
        world.run_until(whole);
      }
      std::string out;
      put(out, std::to_string(world.now()));
      put(out, joined(world.records.lines));
      if (next < whole) put(out, test::bytes_of(world.saved()));
      return out;
    });
    std::size_t at = 0;
    cut.at = std::stoull(take(told, at));
    const Lines more = lines_of(take(told, at));
    lines.insert(lines.end(), more.begin(), more.end());
    if (next < whole) cut.saved = take(told, at);
  }
  CHECK(first_difference(by_instance(unbroken.lines.begin(), unbroken.lines.end()),
                         by_instance(lines.begin(), lines.end())) == "");
}

TEST_CASE("saved meter: a busy one is not saved and a state is put back once and in its place") {
  SavedWorldSpec spec;
  spec.end = whole;
  const Unbroken unbroken = run_unbroken(spec, {100 * ps_per_ms, 200 * ps_per_ms});
  REQUIRE(unbroken.cuts.size() == 2);
  const SavedWorld saved = test::saved_world_of(unbroken.cuts[0].saved);
  const Ps at = unbroken.cuts[0].at;

  CHECK(Branches::ask([&]() -> std::string {
          World world(spec);
          try {
            world.run_until(ps_per_ms);
            world.meter().state();
          } catch (const std::logic_error& error) {
            return error.what();
          }
          return {};
        }) == "a meter that is busy has no state to save");
  CHECK(Branches::ask([&]() -> std::string {
          World world(spec);
          world.run_until(at);
          try {
            world.restore(saved);
          } catch (const std::logic_error& error) {
            return error.what();
          }
          return {};
        }) == "a meter that has begun cannot be given a state");
  SavedWorldSpec awaiting = spec;
  awaiting.awaits_state = true;
  awaiting.from = at;
  CHECK(Branches::ask([&]() -> std::string {
          World world(awaiting);
          world.run_until(at + 1);
          try {
            world.restore(saved);
          } catch (const std::logic_error& error) {
            return error.what();
          }
          return {};
        }) == "a saved state goes on at the instant at which it was saved");
  CHECK(Branches::ask([&]() -> std::string {
          World world(awaiting);
          world.run_until(at);
          SavedWorld other = saved;
          other.meter.firmware.pop_back();
          try {
            world.restore(other);
          } catch (const std::invalid_argument& error) {
            return error.what();
          }
          return {};
        }) == "a saved state is not one of this firmware");
  CHECK(Branches::ask([&] {
          World world(awaiting);
          world.run_until(at);
          return joined(world.records.lines);
        }) == "");
}
