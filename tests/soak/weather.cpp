#include "tests/soak/weather.h"

#include <algorithm>

namespace soak {

namespace {

/// The meter is at work within five seconds of its voltage (standards, 1.6); the supply's model
/// needs 0.6 s until the hold-up is charged, so this is well within it.
constexpr Ps at_work = ps_per_s;
/// A tariff edge is recognised within so much (pro380 §9).
constexpr Ps recognised = 100 * ps_per_ms;
/// Settings are stored within a second of the reply (pro380 §3).
constexpr Ps stored = 1'100 * ps_per_ms;
/// The main loop looks at a port at least so often, to close it: 4 ms, and once a block of samples
/// (31.25 ms).
constexpr Ps bus_closed_within = 5 * ps_per_ms;
constexpr Ps ir_closed_within = 33 * ps_per_ms;
constexpr Ps save_limit = 100 * ps_per_ms;

}  // namespace

void TariffRules::edge(Ps t, bool on) {
  t2 = on;
  changed = t;
}

void TariffRules::write(Ps t, std::uint16_t value) {
  t2 = value == 2 || value == 12;
  if (value == 1 || value == 2) saved_t2 = t2;
  changed = t;
}

void TariffRules::start(Ps t, bool input, bool was_on) {
  if (!input && was_on) saved_t2 = false;
  t2 = input || saved_t2;
  changed = t;
}

Weather::Weather(World& world, Books& books, Random& random)
    : world_(world), books_(books), random_(random), bystander_(world, random) {}

void Weather::begin() {
  world_.run_to([this] { return world_.loaded(); }, ps_per_ms, 5 * ps_per_s, "a meter that starts");
  books_.open();
  answers_from_ = at_work;
  world_.run_until(at_work);
  starts_ = 1;
}

std::string Weather::befall() {
  const std::uint64_t dice = random_.below(1000);
  if (dice < 80) return change_load();
  if (dice < 100) return change_voltage();
  if (dice < 130) return change_tariff();
  if (dice < 170) return press();
  if (dice < 200) return wait(500 * ps_per_ms, 6 * ps_per_s);
  if (dice < 202) return wait(30 * ps_per_s, 120 * ps_per_s);
  if (dice < 212) return cut_mains();
  if (dice >= 980 && world_.has_bus()) return bystander_.begin([this] { return cuts_; });
  if (dice < 215) return cut_supply();
  return {};
}

std::string Weather::plan_harmless(Ps span) {
  const Ps at = world_.now() + 1 + random_.below(span);
  switch (random_.below(12)) {
    case 0:
      world_.plan(at, [this] { change_load(); });
      return "a load step within";
    case 1: {
      const bool left = random_.below(2) == 0;
      const Ps duration = draw(30 * ps_per_ms, 400 * ps_per_ms);
      world_.plan(at, [this, left, duration] { world_.press(left, duration); });
      return "a press within";
    }
    default:
      return {};
  }
}

// --- what no answer may feel
// --------------------------------------------------------------------------------------

std::string Weather::change_load() {
  // Powers well above the start, angles at which neither P nor Q is about to change its sign.
  constexpr double lags_deg[] = {0, 180, 30, -30, 60, -60, 150, 210};
  const int phase = static_cast<int>(random_.below(phase_count));
  Load load;
  if (random_.below(4) != 0) {
    load.current_A = random_.below(3) == 0 ? 1 + 99 * random_.uniform() : 0.3 + random_.uniform();
    load.lag_deg = lags_deg[random_.below(std::size(lags_deg))];
  }
  world_.set_load(phase, load);
  return "L" + std::to_string(phase + 1) + " " + std::to_string(load.current_A) + " A at " +
         std::to_string(load.lag_deg);
}

std::string Weather::change_voltage() {
  const int phase = static_cast<int>(random_.below(phase_count));
  const double rms_V = 184 + 92 * random_.uniform();
  world_.set_voltage(phase, rms_V);
  return "L" + std::to_string(phase + 1) + " " + std::to_string(rms_V) + " V";
}

std::string Weather::change_tariff() {
  const bool on = !world_.tariff_input();
  world_.set_tariff_input(on);
  world_.run_for(recognised);
  tariff_.edge(world_.now(), on);
  return on ? "230 V at the tariff input" : "0 V at the tariff input";
}

std::string Weather::press() {
  // Shorter than what opens a procedure, which would change settings.
  const bool left = random_.below(2) == 0;
  const Ps duration = draw(20 * ps_per_ms, 3 * ps_per_s);
  world_.press(left, duration);
  return left ? "left pressed" : "right pressed";
}

std::string Weather::wait(Ps least, Ps most) {
  const Ps duration = draw(least, most);
  world_.run_for(duration);
  return "waited " + seconds(duration);
}

// --- power
// --------------------------------------------------------------------------------------------------

std::string Weather::cut_in_frame() { return random_.below(4) == 0 ? cut_supply() : cut_mains(); }

bool Weather::run_into_warning(Ps until) {
  const std::size_t warnings = world_.diary().warnings.size();
  while (world_.now() < until && world_.diary().warnings.size() == warnings) {
    world_.run_until(std::min(until, world_.supply().next_event()));
  }
  return world_.diary().warnings.size() > warnings;
}

Kept Weather::run_warned() {
  world_.run_to([this] { return world_.firmware().power.failing; }, ps_per_ms / 1000, ps_per_ms,
                "the power interrupt");
  return world_.kept();
}

void Weather::check_silent(Ps from) const {
  for (Line* line : {&world_.ir(), world_.has_bus() ? &world_.bus() : nullptr}) {
    if (line == nullptr) continue;
    const Ps closed_within = line == &world_.ir() ? ir_closed_within : bus_closed_within;
    for (const HeardCharacter& character : line->heard()) {
      // An answer under way is cut, and what is left of it may look like a character.
      if (character.start <= from + closed_within) continue;
      throw Broken("power: expected silence after the warning at " + seconds(from) +
                   ", seen a character that began at " + seconds(character.start));
    }
  }
}

void Weather::check_restored(const Kept& found, const Kept& warned,
                             std::uint32_t power_downs) const {
  if (const std::string wrong = end_to_end::counters_differ(found, warned); !wrong.empty()) {
    throw Broken("power: what came back is not what was booked at the warning: " + wrong);
  }
  if (found.power_downs != warned.power_downs + power_downs) {
    throw Broken("power: expected " + std::to_string(warned.power_downs + power_downs) +
                 " power-downs, seen " + std::to_string(found.power_downs));
  }
  // The window of the warning may have been on its way to the outputs, and a pulse have started
  // since: what is owed follows from the counters.
  books_.audit(found);
}

std::string Weather::cut_mains() {
  const metrology::registers::Settings settings = world_.firmware().settings;
  // Not noticed; within the hold-up; beyond it.
  constexpr Ps longest[] = {9 * ps_per_ms, 450 * ps_per_ms, 5 * ps_per_s};
  const Ps duration = draw(ps_per_ms, longest[random_.below(std::size(longest))]);
  const Ps begin = world_.now();
  const Ps back = begin + duration;
  books_.look();
  world_.set_mains(false);
  if (!run_into_warning(back)) {
    world_.set_mains(true);
    if (run_into_warning(world_.now() + 20 * ps_per_ms)) {
      throw Broken("power: a gap of " + seconds(duration) + " was taken for a failure");
    }
    books_.resume();
    return "mains away for " + seconds(duration) + ", not noticed";
  }
  ++cuts_;
  Kept warned = run_warned();
  Ps silent_from = world_.now();
  // Back and gone again, once or twice.
  for (std::uint64_t flickers = random_.below(8) == 0 ? 1 + random_.below(2) : 0; flickers > 0;
       --flickers) {
    world_.run_for(draw(ps_per_ms, 40 * ps_per_ms));
    if (!world_.powered()) break;
    world_.set_mains(true);
    world_.run_for(draw(ps_per_ms, 300 * ps_per_ms));
    world_.set_mains(false);
    if (run_into_warning(world_.now() + 20 * ps_per_ms)) {
      warned = run_warned();
      silent_from = world_.now();
    }
  }
  const Ps saved_by = std::max(world_.now(), silent_from + save_limit);
  if (saved_by <= back) {
    world_.run_until(saved_by);
    const auto saved = end_to_end::newest_record(world_.image());
    if (!saved) throw Broken("power: no whole record in the EEPROM after the save");
    check_restored(*saved, warned, 1);
  }
  if (back > world_.now()) world_.run_until(back);
  check_silent(silent_from);
  come_back(warned, settings);
  return "mains away for " + seconds(duration);
}

void Weather::come_back(const Kept& warned, const metrology::registers::Settings& settings) {
  const bool died = !world_.powered();
  const bool was_on = warned.input_on;
  world_.set_mains(true);
  const Ps back = world_.now();
  if (died) {
    world_.run_to([this] { return world_.loaded(); }, ps_per_ms, at_work, "a meter that starts");
    ++starts_;
    tariff_.start(world_.now(), world_.tariff_input(), was_on);
  } else {
    // A window that the warning came upon is booked to its end; nothing is booked before mains have
    // been recognised.
    world_.run_for(models::supply::recognition_ps / 2);
  }
  check_restored(world_.kept(), warned, died ? 1 : 0);
  if (world_.firmware().settings != settings) throw Broken("power: other settings came back");
  if (world_.firmware().status.memory_fault) throw Broken("power: the self-test's e is bad");
  books_.look();
  books_.resume();
  answers_from_ = back + at_work;
  run_booking();
}

void Weather::run_booking() {
  world_.run_to([this] { return !world_.firmware().power.failing; }, ps_per_ms, at_work,
                "a meter that books again");
  world_.run_for(draw(0, 2 * at_work));
}

std::string Weather::cut_supply() {
  // What a dried-out hold-up does: nothing is saved, the last save is what comes back.
  const Ps safe = std::max(written_, tariff_.changed) + stored;
  if (world_.now() < safe) world_.run_until(safe);
  const metrology::registers::Settings settings = world_.firmware().settings;
  const Kept before = world_.kept();
  const auto saved = end_to_end::newest_record(world_.image());
  const Ps begin = world_.now();
  const Ps duration = draw(ps_per_ms, 2 * ps_per_s);
  ++cuts_;
  world_.cut_supply(duration);
  world_.run_for(ps_per_ms);
  if (world_.powered()) throw Broken("power: the meter runs on without a supply");
  world_.run_until(begin + duration);
  check_silent(begin);
  world_.run_to([this] { return world_.loaded(); }, ps_per_ms, at_work, "a meter that starts");
  ++starts_;
  answers_from_ = world_.now() + at_work;
  tariff_.start(world_.now(), world_.tariff_input(), before.input_on);
  const Kept found = world_.kept();
  if (const std::string wrong = end_to_end::ahead(found, before); !wrong.empty()) {
    throw Broken("power: restored counters are ahead of what was booked: " + wrong);
  }
  if (saved) {
    if (const std::string wrong = end_to_end::ahead(*saved, found); !wrong.empty()) {
      throw Broken("power: a save that was complete is lost: " + wrong);
    }
  }
  const auto newest = end_to_end::newest_record(world_.image());
  if (newest) {
    if (const std::string wrong = end_to_end::differ(found, *newest); !wrong.empty()) {
      throw Broken("power: restored is not the newest whole record: " + wrong);
    }
  }
  if (world_.firmware().settings != settings) throw Broken("power: other settings came back");
  books_.open();
  world_.run_for(draw(0, 2 * at_work));
  return "supply cut for " + seconds(duration);
}

void Weather::last_cut() {
  const metrology::registers::Settings settings = world_.firmware().settings;
  ++cuts_;
  world_.set_mains(false);
  if (!run_into_warning(world_.now() + 20 * ps_per_ms)) {
    throw Broken("power: mains that went were not reported");
  }
  const Kept warned = run_warned();
  world_.run_for(ps_per_s);
  if (world_.powered()) throw Broken("power: the meter runs on a second after the mains went");
  come_back(warned, settings);
}

}  // namespace soak
