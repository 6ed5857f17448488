// Debouncing, and what counts as a press.
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "metrology/ui/buttons.h"
#include "tests/metrology/panel_bench.h"

using namespace metrology::ui;
using Kind = ButtonEvent::Kind;
using tests::debounce;
using tests::ticks;

namespace {

struct Seen {
  Tick at;
  Kind kind;
  Button button;
};
bool operator==(const Seen& a, const Seen& b) {
  return a.at == b.at && a.kind == b.kind && a.button == b.button;
}

class Fingers {
 public:
  Fingers() { reset(buttons_); }
  void run_to(Tick at) {
    for (Tick due = next_event(buttons_, times_); due <= at; due = next_event(buttons_, times_)) {
      for (ButtonEvent event = take_event(buttons_, times_, due); event.kind != Kind::none;
           event = take_event(buttons_, times_, due)) {
        seen.push_back({due, event.kind, event.button});
      }
    }
  }
  void level(Tick at, Button button, bool level) {
    run_to(at);
    tell_edge(buttons_, button, level, at);
  }
  std::vector<Seen> seen;

 private:
  ButtonState buttons_{};
  Times times_ = make_times(0);
};

}  // namespace

TEST_CASE("A level counts as a button's when it has stood for 20 ms") {
  // 20 ms are 655.36 ticks.
  Fingers fingers;
  fingers.level(1000, Button::left, true);
  fingers.level(1000 + 655, Button::left, false);
  fingers.run_to(10'000);
  CHECK(fingers.seen.empty());
  fingers.level(20'000, Button::left, true);
  fingers.level(20'000 + 656, Button::left, false);
  fingers.run_to(40'000);
  CHECK(fingers.seen == std::vector<Seen>{{20'656, Kind::down, Button::left},
                                          {21'312, Kind::pressed, Button::left}});
}

TEST_CASE("Bounce delays press and release and makes no others") {
  Fingers fingers;
  // Five edges within 5 ms at each end, as contacts do.
  for (const Tick at : {0, 40, 70, 120, 160}) fingers.level(at, Button::right, at % 20 == 0);
  fingers.level(160, Button::right, true);
  for (const Tick at : {9'000, 9'030, 9'060, 9'120, 9'164}) {
    fingers.level(at, Button::right, at == 9'030 || at == 9'120);
  }
  fingers.run_to(20'000);
  CHECK(fingers.seen == std::vector<Seen>{{160 + 656, Kind::down, Button::right},
                                          {9'164 + 656, Kind::pressed, Button::right}});
}

TEST_CASE("A chatter too short to be read as a level begins the debounce time anew") {
  Fingers fingers;
  fingers.level(0, Button::left, true);
  fingers.level(600, Button::left, true);  // low and high again between two looks
  fingers.run_to(1'255);
  CHECK(fingers.seen.empty());
  fingers.run_to(1'256);
  CHECK(fingers.seen.size() == 1);
}

TEST_CASE("A press of 5 s is a hold, one tick less is not") {
  for (const Tick short_by : {Tick{0}, Tick{1}}) {
    Fingers fingers;
    fingers.level(100, Button::right, true);
    fingers.level(100 + ticks(5) - short_by, Button::right, false);
    fingers.run_to(ticks(10));
    REQUIRE(fingers.seen.size() == 2);
    CHECK(fingers.seen[1].kind == (short_by == 0 ? Kind::held : Kind::pressed));
    CHECK(fingers.seen[1].at == 100 + ticks(5) - short_by + debounce);
  }
}

TEST_CASE("Both buttons for 30 s are told while they are still down, and neither is a press") {
  Fingers fingers;
  fingers.level(0, Button::left, true);
  fingers.level(1'000, Button::right, true);
  const Tick told = 1'000 + debounce + ticks(30);
  fingers.run_to(told - 1);
  CHECK(fingers.seen == std::vector<Seen>{{debounce, Kind::down, Button::left},
                                          {1'000 + debounce, Kind::down, Button::right}});
  fingers.run_to(told);
  REQUIRE(fingers.seen.size() == 3);
  CHECK(fingers.seen[2].at == told);
  CHECK(fingers.seen[2].kind == Kind::both_held);
  fingers.level(ticks(70), Button::right, false);
  fingers.level(ticks(71), Button::left, false);
  fingers.run_to(ticks(80));
  CHECK(std::vector<Seen>(fingers.seen.begin() + 3, fingers.seen.end()) ==
        std::vector<Seen>{{ticks(70) + debounce, Kind::released, Button::right},
                          {ticks(71) + debounce, Kind::released, Button::left}});
}

TEST_CASE("Both held for 30 s and let go in that very tick counts, a tick less does not") {
  for (const Tick short_by : {Tick{0}, Tick{1}}) {
    Fingers fingers;
    fingers.level(0, Button::left, true);
    fingers.level(0, Button::right, true);
    fingers.level(ticks(30) - short_by, Button::left, false);
    fingers.run_to(ticks(60));
    int told = 0;
    for (const Seen& seen : fingers.seen) told += seen.kind == Kind::both_held ? 1 : 0;
    CHECK(told == (short_by == 0 ? 1 : 0));
  }
}

TEST_CASE("One button let go and pressed again begins the time of both anew") {
  Fingers fingers;
  fingers.level(0, Button::left, true);
  fingers.level(0, Button::right, true);
  fingers.level(ticks(20), Button::right, false);
  fingers.level(ticks(21), Button::right, true);
  fingers.run_to(ticks(51) + debounce - 1);
  for (const Seen& seen : fingers.seen) CHECK(seen.kind != Kind::both_held);
  fingers.run_to(ticks(51) + debounce);
  CHECK(fingers.seen.back().kind == Kind::both_held);
  // A new press, alone, counts again.
  fingers.level(ticks(60), Button::right, false);
  fingers.level(ticks(61), Button::left, false);
  fingers.level(ticks(62), Button::left, true);
  fingers.level(ticks(63), Button::left, false);
  fingers.run_to(ticks(70));
  CHECK(fingers.seen.back() == Seen{ticks(63) + debounce, Kind::pressed, Button::left});
}

TEST_CASE("A press that is disregarded ends as a mere release") {
  ButtonState buttons{};
  const Times times = make_times(0);
  tell_edge(buttons, Button::left, true, 0);
  REQUIRE(take_event(buttons, times, debounce).kind == Kind::down);
  disregard(buttons);
  tell_edge(buttons, Button::left, false, 5'000);
  CHECK(take_event(buttons, times, 5'000 + debounce).kind == Kind::released);
  tell_edge(buttons, Button::left, true, 10'000);
  CHECK(take_event(buttons, times, 10'000 + debounce).kind == Kind::down);
  tell_edge(buttons, Button::left, false, 15'000);
  CHECK(take_event(buttons, times, 15'000 + debounce).kind == Kind::pressed);
}

TEST_CASE("Two buttons that are disregarded are not told as held together") {
  ButtonState buttons{};
  const Times times = make_times(0);
  tell_edge(buttons, Button::left, true, 0);
  tell_edge(buttons, Button::right, true, 0);
  REQUIRE(take_event(buttons, times, debounce).kind == Kind::down);
  REQUIRE(take_event(buttons, times, debounce).kind == Kind::down);
  disregard(buttons);
  CHECK(next_event(buttons, times) == never);
  const Tick long_after = debounce + 2 * times[Time::ratio_hold];
  CHECK(take_event(buttons, times, long_after).kind == Kind::none);
  // One let go and pressed again: from then on they are held anew.
  tell_edge(buttons, Button::left, false, long_after);
  CHECK(take_event(buttons, times, long_after + debounce).kind == Kind::released);
  const Tick again = long_after + 2 * debounce;
  tell_edge(buttons, Button::left, true, again);
  CHECK(take_event(buttons, times, again + debounce).kind == Kind::down);
  CHECK(next_event(buttons, times) == again + debounce + times[Time::ratio_hold]);
}

TEST_CASE("The times in ticks are the manual's, rounded up, and scale but for the debounce") {
  struct Expected {
    Time time;
    Tick unscaled;
    Tick tenth;
  };
  const Expected expected[] = {
      {Time::debounce, 656, 656},  // 20 ms · 32 768 = 655.36
      {Time::test_pattern, 65'536, 6'554}, {Time::manual_timeout, 983'040, 98'304},
      {Time::hold, 163'840, 16'384},       {Time::programming_idle, 327'680, 32'768},
      {Time::ratio_hold, 983'040, 98'304}, {Time::ratio_idle, 983'040, 98'304},
      {Time::backlight, 983'040, 98'304},  {Time::blink, 8'192, 820},
  };
  const Times manual = make_times(1000);
  const Times by_default = make_times(0);
  const Times tenth = make_times(100);
  int rows = 0;
  for (const Expected& e : expected) {
    CAPTURE(static_cast<int>(e.time));
    CHECK(manual[e.time] == e.unscaled);
    CHECK(by_default[e.time] == e.unscaled);
    CHECK(tenth[e.time] == e.tenth);
    ++rows;
  }
  CHECK(rows == time_constant_count);
  for (int n = 0; n < time_constant_count; ++n) {
    CHECK(static_cast<int>(time_constants[n].time) == n);
  }
  // Never nothing, and no overflow.
  CHECK(make_times(1)[Time::blink] == 9);
  CHECK(make_times(UINT32_MAX)[Time::hold] ==
        (Tick{5'000} * UINT32_MAX * 32'768 + 999'999) / 1'000'000);
}
