#include "tools/report/glass_svg.h"

#include <fmt/format.h>

#include <array>
#include <pugixml.hpp>
#include <sstream>
#include <string_view>

#include "models/display/glass.h"

namespace tools {
namespace {

namespace display = models::display;

// All lengths in the picture's own units, a pixel when shown at its natural size.
constexpr double width = 500;
constexpr double height = 152;
constexpr double first_digit_x = 28;
constexpr double digit_pitch = 57;
constexpr double digit_y = 22;
constexpr double digit_width = 34;
constexpr double digit_height = 74;
constexpr double thickness = 8;
constexpr double gap = 1.2;  ///< between the ends of two segments
constexpr double slant_degrees = -6;
constexpr double point_radius = 4.6;
constexpr double bar_y = 112;
constexpr double symbol_y = 136;
constexpr double symbol_size = 14;

struct Colours {
  const char* glass;
  const char* lit;
  const char* unlit;
  const char* frame;
};
constexpr Colours dark{"#b9c2b4", "#1b221d", "#adb6a8", "#3c423e"};
constexpr Colours shining{"#2f6fe0", "#f3f8ff", "#3c79e3", "#1b3f86"};

/// Where a symbol stands in the lower row, its left edge, in the order of the glass map.
constexpr std::array<double, display::symbol_count - 1> symbol_x{
    254, 292, 340, 358, 376, 404, 438, 462,  // kWh kvarh V A kW kVA Hz PF
    16,  44,  72,                            // L1 L2 L3
    112, 144,                                // FW RV
    188, 216};                               // T1 T2
constexpr int bar_symbol = display::symbol_count - 1;

/// The ends of segment n (a … g) in halves of the digit: columns 0 … 1, rows 0 … 2.
struct Ends {
  int x1, y1, x2, y2;
};
constexpr std::array<Ends, 7> segment_ends{{{0, 0, 1, 0},
                                            {1, 0, 1, 1},
                                            {1, 1, 1, 2},
                                            {0, 2, 1, 2},
                                            {0, 1, 0, 2},
                                            {0, 0, 0, 1},
                                            {0, 1, 1, 1}}};

/// The six corners of a segment of the digit whose upper left corner is (0, 0).
std::string corners(const Ends& ends) {
  const double x1 = ends.x1 * digit_width;
  const double y1 = ends.y1 * digit_height / 2;
  const double x2 = ends.x2 * digit_width;
  const double y2 = ends.y2 * digit_height / 2;
  const double half = thickness / 2;
  if (ends.y1 == ends.y2) {
    return fmt::format(
        "{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} "
        "{:.1f},{:.1f}",
        x1 + gap, y1, x1 + gap + half, y1 - half, x2 - gap - half, y1 - half, x2 - gap, y1,
        x2 - gap - half, y1 + half, x1 + gap + half, y1 + half);
  }
  return fmt::format(
      "{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", x1,
      y1 + gap, x1 + half, y1 + gap + half, x1 + half, y2 - gap - half, x1, y2 - gap, x1 - half,
      y2 - gap - half, x1 - half, y1 + gap + half);
}

pugi::xml_node add(pugi::xml_node parent, const char* name, const char* colour) {
  pugi::xml_node node = parent.append_child(name);
  node.append_attribute("fill") = colour;
  return node;
}

void set(pugi::xml_node node, const char* name, double value) {
  node.append_attribute(name) = fmt::format("{:.1f}", value).c_str();
}

void add_digit(pugi::xml_node svg, int digit, display::Pattern pattern, const Colours& colours) {
  pugi::xml_node group = svg.append_child("g");
  group.append_attribute("transform") =
      fmt::format("translate({:.1f} {:.1f}) skewX({:.1f})", first_digit_x + digit * digit_pitch,
                  digit_y, slant_degrees)
          .c_str();
  const auto colour = [&](std::size_t n) {
    return ((pattern >> n) & 1U) != 0 ? colours.lit : colours.unlit;
  };
  for (std::size_t n = 0; n < segment_ends.size(); ++n) {
    add(group, "polygon", colour(n)).append_attribute("points") = corners(segment_ends[n]).c_str();
  }
  pugi::xml_node point = add(group, "circle", colour(segment_ends.size()));
  set(point, "cx", digit_width + 11);
  set(point, "cy", digit_height);
  set(point, "r", point_radius);
}

void add_symbols(pugi::xml_node svg, std::uint32_t symbols, const Colours& colours) {
  const auto colour = [&](std::size_t n) {
    return ((symbols >> n) & 1U) != 0 ? colours.lit : colours.unlit;
  };
  for (std::size_t n = 0; n < symbol_x.size(); ++n) {
    pugi::xml_node text = add(svg, "text", colour(n));
    set(text, "x", symbol_x[n]);
    set(text, "y", symbol_y);
    text.text() = std::string(display::symbol_names[n]).c_str();
  }
  pugi::xml_node bar = add(svg, "rect", colour(bar_symbol));
  set(bar, "x", 16);
  set(bar, "y", bar_y);
  set(bar, "width", width - 32);
  set(bar, "height", 2);
}

}  // namespace

std::string glass_svg(const models::pins::GlassSegments& segments, bool backlight,
                      const std::string& caption) {
  const Colours& colours = backlight ? shining : dark;
  pugi::xml_document document;
  pugi::xml_node svg = document.append_child("svg");
  svg.append_attribute("xmlns") = "http://www.w3.org/2000/svg";
  set(svg, "width", width);
  set(svg, "height", height);
  svg.append_attribute("viewBox") = fmt::format("0 0 {:.0f} {:.0f}", width, height).c_str();
  svg.append_attribute("font-family") = "Helvetica, Arial, sans-serif";
  svg.append_attribute("font-weight") = "bold";
  set(svg, "font-size", symbol_size);
  svg.append_child("title").text() = caption.c_str();

  pugi::xml_node glass = add(svg, "rect", colours.glass);
  set(glass, "x", 2);
  set(glass, "y", 2);
  set(glass, "width", width - 4);
  set(glass, "height", height - 4);
  set(glass, "rx", 8);
  glass.append_attribute("stroke") = colours.frame;
  set(glass, "stroke-width", 3);

  const display::Patterns patterns = display::patterns(segments);
  for (int digit = 0; digit < display::digit_count; ++digit) {
    add_digit(svg, digit, patterns[static_cast<std::size_t>(digit)], colours);
  }
  add_symbols(svg, display::symbols(segments), colours);

  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace tools
