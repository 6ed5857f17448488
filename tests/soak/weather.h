// What befalls the meter beside what is said to it: load steps, dips, tariff edges, fingers, time,
// and cuts of the mains and of its supply, with what each must leave behind.
#pragma once

#include <algorithm>

#include "tests/soak/books.h"
#include "tests/soak/bystander.h"

namespace soak {

/// The tariff as the rules have it (an edge of the input or a write, the last event wins).
struct TariffRules {
  bool t2 = false;
  bool saved_t2 = false;
  Ps changed = 0;

  void edge(Ps t, bool on);
  /// 1, 2: saved; 11, 12: not.
  void write(Ps t, std::uint16_t value);
  /// The meter has started again; `input`: 230 V stand at it now, `was_on`: at the cut.
  void start(Ps t, bool input, bool was_on);
};

class Weather {
 public:
  Weather(World& world, Books& books, Random& random);

  /// Runs the meter in for the first time.
  void begin();
  /// Between two frames: nothing, most of the time. Says what it did, for the trace.
  std::string befall();
  /// While a frame is under way: something that no answer may feel, planned within `span`.
  std::string plan_harmless(Ps span);
  /// Cuts the power in the middle of a frame, and brings it back. Whatever was being said is lost.
  std::string cut_in_frame();
  /// Mains off and on once more: what was booked is there, what was owed is owed.
  void last_cut();

  /// From here on every good request must be answered.
  Ps answers_from() const { return answers_from_; }
  void await_answers() { world_.run_until(std::max(world_.now(), answers_from_)); }
  /// How often the power has gone so that no dialogue survives it.
  int cuts() const { return cuts_; }
  /// … and the meter has started anew.
  int starts() const { return starts_; }
  TariffRules& tariff() { return tariff_; }
  /// A setting has been written: stored within a second, what cuts the supply waits.
  void written(Ps t) { written_ = t; }

 private:
  std::string change_load();
  std::string change_voltage();
  std::string change_tariff();
  std::string press();
  std::string wait(Ps least, Ps most);
  std::string cut_mains();
  std::string cut_supply();

  Ps draw(Ps least, Ps most) { return least + random_.below(most - least + 1); }
  bool run_into_warning(Ps until);
  void check_silent(Ps from) const;
  void check_restored(const Kept& found, const Kept& warned, std::uint32_t power_downs) const;
  Kept run_warned();
  void come_back(const Kept& warned, const metrology::registers::Settings& settings);
  void run_booking();

  World& world_;
  Books& books_;
  Random& random_;
  Bystander bystander_;
  TariffRules tariff_;
  Ps answers_from_ = 0;
  Ps written_ = 0;
  int cuts_ = 0;
  int starts_ = 0;
};

}  // namespace soak
