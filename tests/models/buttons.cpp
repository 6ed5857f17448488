// Push buttons: contacts that bounce for at most 5 ms.
#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

#include "level_changes.h"
#include "models/buttons/button.h"

using models::buttons::bounce_ps;
using models::buttons::Button;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using tests::LevelChanges;
using tests::run_until;

TEST_CASE("button: makes at the instant of the press, rests pressed within 5 ms, breaks likewise") {
  std::set<std::size_t> edge_counts;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    LevelChanges pin;
    Button button(pin, seed, "m1.button_left");
    button.press(2 * ps_per_s, 100 * ps_per_ms);
    run_until(button, models::pins::ps_never);
    const Ps released = 2 * ps_per_s + 100 * ps_per_ms;
    REQUIRE(pin.changes.size() >= 2);
    CHECK(pin.changes.front().t == 2 * ps_per_s);
    bool level = false;
    bool seen_release = false;
    for (const auto& change : pin.changes) {
      CHECK(change.level != level);  // every record is an edge
      level = change.level;
      const bool in_press = change.t < 2 * ps_per_s + bounce_ps;
      const bool in_release = change.t >= released && change.t < released + bounce_ps;
      CHECK((in_press || in_release));
      seen_release = seen_release || change.t == released;
    }
    CHECK(seen_release);
    CHECK_FALSE(level);
    CHECK_FALSE(button.pressed());
    edge_counts.insert(pin.changes.size());
  }
  CHECK(edge_counts.size() > 4);  // none to four bounces at either end
}

TEST_CASE("button: the same seed bounces the same, another button does not") {
  const auto edges = [](std::uint64_t seed, const char* instance) {
    LevelChanges pin;
    Button button(pin, seed, instance);
    for (Ps n = 0; n < 20; ++n) button.press(n * ps_per_s, 200 * ps_per_ms);
    run_until(button, models::pins::ps_never);
    std::vector<Ps> times;
    for (const auto& change : pin.changes) times.push_back(change.t);
    return times;
  };
  CHECK(edges(7, "m1.button_left") == edges(7, "m1.button_left"));
  CHECK(edges(7, "m1.button_left") != edges(7, "m1.button_right"));
  CHECK(edges(7, "m1.button_left") != edges(8, "m1.button_left"));
}

TEST_CASE("button: a press shorter than a bounce is over before the release bounces") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    LevelChanges pin;
    Button button(pin, seed, "m1.button_left");
    button.press(ps_per_s, ps_per_ms);
    run_until(button, models::pins::ps_never);
    CHECK(pin.changes.back().t < ps_per_s + 2 * ps_per_ms);
    CHECK_FALSE(pin.changes.back().level);
  }
  LevelChanges pin;
  Button button(pin, 1, "m1.button_left");
  button.press(5, 1);
  run_until(button, models::pins::ps_never);
  REQUIRE(pin.changes.size() == 2);
  CHECK(pin.changes[0].t == 5);
  CHECK(pin.changes[1].t == 6);
}

TEST_CASE("button: refuses to be pressed for no time, too long, or while it is not at rest") {
  LevelChanges pin;
  Button button(pin, 1, "m1.button_left");
  CHECK_THROWS_AS(button.press(0, 0), std::invalid_argument);
  CHECK_THROWS_AS(button.press(5, models::pins::ps_max_segment), std::invalid_argument);
  button.press(ps_per_s, ps_per_s);
  CHECK_THROWS_AS(button.press(2 * ps_per_s - 1, ps_per_s), std::invalid_argument);
  button.press(2 * ps_per_s + bounce_ps, ps_per_s);  // queued behind the first
  run_until(button, models::pins::ps_never);
  CHECK(pin.changes.back().t >= 3 * ps_per_s + bounce_ps);
}

TEST_CASE("button: put back into its state in the middle of a bounce it goes on the same") {
  LevelChanges straight;
  Button one(straight, 3, "m1.button_left");
  one.press(ps_per_s, 100 * ps_per_ms);
  LevelChanges before;
  Button first(before, 3, "m1.button_left");
  first.press(ps_per_s, 100 * ps_per_ms);
  first.advance(first.next_event());
  LevelChanges after;
  Button second(after, 99, "another");
  second.restore(first.state());
  for (Button* button : {&one, &second}) {
    button->press(5 * ps_per_s, ps_per_s);
    run_until(*button, models::pins::ps_never);
  }
  REQUIRE(straight.changes.size() == before.changes.size() + after.changes.size());
  for (std::size_t n = 0; n < after.changes.size(); ++n) {
    CHECK(after.changes[n].t == straight.changes[n + 1].t);
    CHECK(after.changes[n].level == straight.changes[n + 1].level);
  }
}
