// The meters' fronts as text, drawn anew in place: glass, symbols, LEDs, tariff.
//
//   m1  PRO380-Mod       12.50 s
//   |  1F 2F 3F|  T1
//   active 34 pulses   reactive 0 pulses   tariff LED off   backlight off
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "models/pins/event_sink.h"
#include "tools/scenario/scenario.h"

namespace tools::live {

class Panel : public models::pins::EventSink {
 public:
  explicit Panel(const Scenario& scenario);

  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;

  /// All fronts as of now; the first call begins where the cursor is, later ones draw over it.
  std::string draw(Ps now);

 private:
  struct Front {
    std::string id;
    std::string variant;
    std::string text;
    std::string symbols;
    std::uint64_t active = 0;
    std::uint64_t reactive = 0;
    bool tariff_led = false;
    bool backlight = false;
  };
  enum class Part { display, led_active, led_reactive, led_tariff, backlight };
  struct Place {
    std::size_t front;
    Part part;
  };

  std::vector<Front> fronts_;
  std::unordered_map<std::string, Place> places_;
  std::string key_;
  bool drawn_ = false;
};

}  // namespace tools::live
