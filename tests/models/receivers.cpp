// S0 pulse receivers (manual: 5–27 V from outside, at most 100 mA, polarity dependent) and LEDs.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/receivers/led_observer.h"
#include "models/receivers/s0_receiver.h"

using models::pins::Field;
using models::pins::Ps;
using models::receivers::LedObserver;
using models::receivers::S0Receiver;
using models::receivers::S0Supply;

namespace {

/// Events as lines: "t instance event name=value …".
class Lines final : public models::pins::EventSink {
 public:
  std::vector<std::string> lines;

  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<Field> fields) override {
    std::string line = std::to_string(t) + " " + std::string(instance) + " " + std::string(event);
    for (const Field& field : fields) {
      line += " " + std::string(field.name) + "=";
      if (const auto* on = std::get_if<bool>(&field.value)) line += *on ? "on" : "off";
      if (const auto* number = std::get_if<double>(&field.value)) {
        line += std::to_string(*number);
      }
      if (const auto* text = std::get_if<std::string_view>(&field.value)) line += *text;
    }
    lines.push_back(line);
  }
};

using Text = std::vector<std::string>;

/// Edges that a pulse of the meter makes at a receiver with this supply.
Text pulse_at(const S0Supply& supply) {
  Lines sink;
  S0Receiver receiver("m1.s0_forward", "m1.diagnostic", sink, supply);
  receiver.drive(100, true);
  receiver.drive(200, false);
  return sink.lines;
}

const Text clean{"100 m1.s0_forward edge on=on", "200 m1.s0_forward edge on=off"};

}  // namespace

TEST_CASE("pulses are seen from 5 V to 27 V") {
  CHECK(pulse_at({5, 1000}) == clean);
  CHECK(pulse_at({24, 2200}) == clean);
  CHECK(pulse_at({27, 1000}) == clean);
}

TEST_CASE("without supply, below 5 V or with the wrong polarity no pulse is seen") {
  CHECK(pulse_at({0, 1000}).empty());
  CHECK(pulse_at({4.99, 1000}).empty());
  CHECK(pulse_at({-24, 1000}).empty());
}

TEST_CASE("at 100 mA all is well, above it and above 27 V a diagnostic says so once") {
  CHECK(pulse_at({20, 200}) == clean);
  Lines sink;
  S0Receiver receiver("m1.s0_forward", "m1.diagnostic", sink, {28, 250});
  for (Ps t = 0; t < 3; ++t) {
    receiver.drive(10 * t, true);
    receiver.drive(10 * t + 5, false);
  }
  CHECK(sink.lines ==
        Text{"0 m1.s0_forward edge on=on",
             "0 m1.diagnostic s0_over_voltage output=m1.s0_forward voltage_V=28.000000",
             "0 m1.diagnostic s0_over_current output=m1.s0_forward current_mA=112.000000",
             "5 m1.s0_forward edge on=off", "10 m1.s0_forward edge on=on",
             "15 m1.s0_forward edge on=off", "20 m1.s0_forward edge on=on",
             "25 m1.s0_forward edge on=off"});
  CHECK(receiver.state().pulses == 3);
}

TEST_CASE("a pulse is cut when its supply goes and seen again when it comes back") {
  Lines sink;
  S0Receiver receiver("m1.s0_reverse", "m1.diagnostic", sink, {});
  receiver.drive(100, true);
  receiver.drive(110, true);  // nothing new
  receiver.set_supply(150, {0, 2200});
  receiver.set_supply(160, {12, 2200});
  receiver.drive(200, false);
  receiver.set_supply(300, {0, 2200});
  CHECK(sink.lines == Text{"100 m1.s0_reverse edge on=on", "150 m1.s0_reverse edge on=off",
                           "160 m1.s0_reverse edge on=on", "200 m1.s0_reverse edge on=off"});
  CHECK(receiver.state().pulses == 2);
  CHECK(receiver.state().cut == 1);
  CHECK(receiver.state().last_edge == 200);
}

TEST_CASE("the loop's current is voltage over resistance") {
  Lines sink;
  CHECK(S0Receiver("a", "b", sink, {24, 2200}).loop_current_mA() == Approx(10.909090909));
  CHECK(S0Receiver("a", "b", sink, {-24, 2200}).loop_current_mA() == 0);
}

TEST_CASE("an impossible supply is refused") {
  Lines sink;
  CHECK_THROWS_AS(S0Receiver("a", "b", sink, {24, 0}), std::invalid_argument);
  CHECK_THROWS_AS(S0Receiver("a", "b", sink, {1001, 100}), std::invalid_argument);
  S0Receiver receiver("a", "b", sink, {});
  CHECK_THROWS_AS(receiver.set_supply(0, {24, -1}), std::invalid_argument);
  CHECK(receiver.state().supply.voltage_V == 24);
}

TEST_CASE("an LED's observer reports changes and counts flashes") {
  Lines sink;
  LedObserver observer("m1.led_active", sink);
  observer.drive(5, false);
  observer.drive(10, true);
  observer.drive(11, true);
  observer.drive(20, false);
  CHECK(sink.lines == Text{"10 m1.led_active edge on=on", "20 m1.led_active edge on=off"});
  CHECK(observer.state().flashes == 1);
  CHECK(observer.state().last_edge == 20);
  CHECK_FALSE(observer.state().on);
}

TEST_CASE("receivers: put back in mid-pulse they see its end and count on") {
  Lines before;
  S0Receiver first("m1.s0_forward", "m1.diagnostic", before, {30, 1000});
  first.drive(100, true);
  first.drive(200, false);
  first.drive(300, true);
  LedObserver lit("m1.led_active", before);
  lit.drive(250, true);

  Lines after;
  S0Receiver second("m1.s0_forward", "m1.diagnostic", after, {24, 2200});
  auto state = first.state();
  rebase(state, 280);
  second.restore(state);
  LedObserver still_lit("m1.led_active", after);
  auto led = lit.state();
  rebase(led, 280);
  still_lit.restore(led);
  CHECK(after.lines.empty());
  CHECK(second.state().last_edge == 20);
  CHECK(still_lit.state().last_edge == 0);
  second.drive(40, false);
  still_lit.drive(50, false);
  second.drive(60, true);  // 30 V are too many, but that has been told
  CHECK(after.lines == Text{"40 m1.s0_forward edge on=off", "50 m1.led_active edge on=off",
                            "60 m1.s0_forward edge on=on"});
  CHECK(second.state().pulses == 3);
  CHECK(still_lit.state().flashes == 1);
}
