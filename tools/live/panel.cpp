#include "tools/live/panel.h"

#include <fmt/format.h>

#include "metrology/registers/access.h"

namespace tools::live {
namespace {

constexpr int lines_per_front = 3;

}  // namespace

Panel::Panel(const Scenario& scenario) {
  for (const MeterSpec& meter : scenario.meters) {
    const std::size_t number = fronts_.size();
    Front& front = fronts_.emplace_back();
    front.id = meter.id;
    front.variant = metrology::registers::variant_name(meter.page.variant);
    for (const auto& [name, part] :
         {std::pair{".display", Part::display}, std::pair{".led_active", Part::led_active},
          std::pair{".led_reactive", Part::led_reactive},
          std::pair{".led_tariff", Part::led_tariff}, std::pair{".backlight", Part::backlight}}) {
      places_[meter.id + name] = {number, part};
    }
  }
}

void Panel::record(Ps, std::string_view instance, std::string_view event,
                   std::initializer_list<models::pins::Field> fields) {
  key_.assign(instance);
  const auto place = places_.find(key_);
  if (place == places_.end()) return;
  Front& front = fronts_[place->second.front];
  for (const models::pins::Field& field : fields) {
    if (place->second.part == Part::display && event == "show") {
      if (field.name == "text") front.text = std::get<std::string_view>(field.value);
      if (field.name == "symbols") front.symbols = std::get<std::string_view>(field.value);
    } else if (event == "edge" && field.name == "on") {
      const bool on = std::get<bool>(field.value);
      if (place->second.part == Part::led_active && on) ++front.active;
      if (place->second.part == Part::led_reactive && on) ++front.reactive;
      if (place->second.part == Part::led_tariff) front.tariff_led = on;
      if (place->second.part == Part::backlight) front.backlight = on;
    }
  }
}

std::string Panel::draw(Ps now) {
  constexpr double ps_per_s = 1e12;
  std::string out;
  if (drawn_) out = fmt::format("\033[{}A", lines_per_front * static_cast<int>(fronts_.size()));
  drawn_ = true;
  const auto on = [](bool level) { return level ? "on" : "off"; };
  for (const Front& front : fronts_) {
    out += fmt::format("\r\033[K{}  {}  {:.2f} s\n", front.id, front.variant,
                       static_cast<double>(now) / ps_per_s);
    out += fmt::format("\r\033[K|{:>16}|  {}\n", front.text, front.symbols);
    out += fmt::format(
        "\r\033[Kactive {} pulses   reactive {} pulses   tariff LED {}   backlight {}\n",
        front.active, front.reactive, on(front.tariff_led), on(front.backlight));
  }
  return out;
}

}  // namespace tools::live
