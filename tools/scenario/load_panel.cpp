#include "models/display/glass.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

constexpr Ps short_press = 200 * models::pins::ps_per_ms;
constexpr double highest_V = 1000;
constexpr int pages_max = 67;

/// Names as the glass has them, in its own order; "none" is no symbol.
std::string load_symbol_names(const TreeNode& node, std::string_view key) {
  const std::string text = read_text(node, key, 80);
  if (text == "none") return "";
  const std::optional<std::uint32_t> symbols = models::display::symbols_of(text);
  if (!symbols) {
    std::string known;
    for (const std::string_view name : models::display::symbol_names) {
      known += (known.empty() ? "" : " ") + std::string(name);
    }
    refuse(node, key, "none, or some of " + known);
  }
  return models::display::symbol_text(*symbols);
}

}  // namespace

Press load_press(const TreeNode& node) {
  const SectionReader reader(node, section("press"));
  Press out;
  const std::size_t button = read_choice(reader.get("button"), "button", "button");
  out.left = button != 1;
  out.right = button != 0;
  const TreeNode* duration = reader.find("for");
  out.duration = duration != nullptr ? read_duration(*duration, "for") : short_press;
  return out;
}

TariffVoltage load_tariff_voltage(const TreeNode& node) {
  TariffVoltage out;
  const TreeNode* voltage = &node;
  if (node.kind == TreeNode::Kind::map) {
    const SectionReader reader(node, section("tariff_voltage_map"));
    voltage = &reader.get("voltage");
    if (const TreeNode* n = reader.find("frequency")) {
      const std::optional<Int128> nHz = read_quantity(*n, "frequency", "frequency").scaled(9);
      if (!nHz || *nHz < models::grid::nHz_per_Hz ||
          *nHz > Int128{1000} * models::grid::nHz_per_Hz) {
        refuse(*n, "frequency", "1 Hz to 1 kHz, in steps of 1 nHz");
      }
      out.frequency_nHz = static_cast<std::int64_t>(*nHz);
    }
  }
  out.rms_V = read_value(*voltage, "tariff_input", "voltage", 0, highest_V, "0 V to 1 kV");
  return out;
}

Ps load_supply_cut(const TreeNode& node) {
  const SectionReader reader(node, section("supply_cut"));
  return read_duration(reader.get("for"), "for");
}

Fault load_fault(const TreeNode& node) {
  return static_cast<Fault>(read_choice(node, "fault", "fault"));
}

ExpectDisplay load_display(const SectionReader& reader) {
  ExpectDisplay out;
  const TreeNode& text = reader.get("display");
  out.text = read_text(text, "display", 16);
  if (!models::display::patterns_of(*out.text)) {
    refuse(text, "display", "up to eight characters that seven segments can show");
  }
  if (const TreeNode* n = reader.find("with")) out.symbols = load_symbol_names(*n, "with");
  out.at = read_time(reader.get("at"), "at");
  return out;
}

ExpectDisplay load_symbols(const SectionReader& reader) {
  ExpectDisplay out;
  out.symbols = load_symbol_names(reader.get("symbols"), "symbols");
  out.at = read_time(reader.get("at"), "at");
  return out;
}

int load_page_number(const TreeNode& node, std::string_view key) {
  const std::string text = read_text(node, key, 3);
  const auto digit = [&text](std::size_t n) { return text[n] >= '0' && text[n] <= '9'; };
  if (text.size() == 3 && text[0] == 'P' && digit(1) && digit(2)) {
    const int page = (text[1] - '0') * 10 + (text[2] - '0');
    if (page >= 1 && page <= pages_max) return page;
  }
  refuse(node, key, "a page, P01 to P67");
}

ExpectPage load_page(const SectionReader& reader) {
  ExpectPage out;
  out.page = load_page_number(reader.get("page"), "page");
  out.at = read_time(reader.get("at"), "at");
  return out;
}

ExpectBacklight load_backlight(const SectionReader& reader) {
  ExpectBacklight out;
  out.on = read_choice(reader.get("backlight"), "backlight", "on_or_off") == 0;
  out.at = read_time(reader.get("at"), "at");
  return out;
}

}  // namespace tools
