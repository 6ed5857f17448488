// The display's glass: its map as the table of glass.h says, and what a person reads from it.
#include "models/display/glass.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "models/display/display.h"

namespace {

namespace display = models::display;
using display::GlassSegments;

GlassSegments glass_of(std::string_view text, std::uint32_t symbols = 0) {
  return display::segments(display::patterns_of(text).value(), symbols);
}

GlassSegments one_dot(int common, int line) {
  GlassSegments segments{};
  segments.at(static_cast<std::size_t>(common)) = std::uint32_t{1} << line;
  return segments;
}

}  // namespace

TEST_CASE("glass: every dot of a digit lies where the map says") {
  struct Row {
    int common;
    int line;  // of digit 0
    display::Pattern segment;
  };
  for (const Row& row : {Row{0, 0, 0x01}, Row{1, 0, 0x20}, Row{2, 0, 0x10}, Row{3, 0, 0x08},
                         Row{0, 1, 0x02}, Row{1, 1, 0x40}, Row{2, 1, 0x04}, Row{3, 1, 0x80}}) {
    for (int digit = 0; digit < 8; ++digit) {
      INFO("COM" << row.common << " SEG" << row.line + 2 * digit);
      display::Patterns expected{};
      expected[static_cast<std::size_t>(digit)] = row.segment;
      const GlassSegments segments = one_dot(row.common, row.line + 2 * digit);
      CHECK(display::patterns(segments) == expected);
      CHECK(display::symbols(segments) == 0);
      CHECK(display::segments(expected, 0) == segments);
    }
  }
}

TEST_CASE("glass: every symbol lies where the map says") {
  struct Row {
    int common;
    int line;
    const char* name;
  };
  for (const Row& row : {Row{0, 16, "kWh"}, Row{1, 16, "kvarh"}, Row{2, 16, "V"}, Row{3, 16, "A"},
                         Row{0, 17, "kW"}, Row{1, 17, "kVA"}, Row{2, 17, "Hz"}, Row{3, 17, "PF"},
                         Row{0, 18, "L1"}, Row{1, 18, "L2"}, Row{2, 18, "L3"}, Row{3, 18, "FW"},
                         Row{0, 19, "RV"}, Row{1, 19, "T1"}, Row{2, 19, "T2"}, Row{3, 19, "bar"}}) {
    INFO(row.name);
    const GlassSegments segments = one_dot(row.common, row.line);
    CHECK(display::symbol_text(display::symbols(segments)) == row.name);
    CHECK(display::text(segments) == "        ");
    CHECK(display::segments({}, display::symbols_of(row.name).value()) == segments);
  }
}

TEST_CASE("glass: no two dots are one, and together they are all 80") {
  std::set<std::pair<int, int>> dots;
  for (int common = 0; common < 4; ++common) {
    for (int line = 0; line < 20; ++line) {
      const GlassSegments segments = one_dot(common, line);
      const display::Patterns patterns = display::patterns(segments);
      int seen = display::symbols(segments) != 0 ? 1 : 0;
      for (const display::Pattern pattern : patterns) seen += pattern != 0 ? 1 : 0;
      CHECK(seen == 1);
      dots.emplace(common, line);
    }
  }
  CHECK(dots.size() == 80);
  const GlassSegments all = display::all_segments();
  CHECK(display::text(all) == "8.8.8.8.8.8.8.8.");
  CHECK(display::symbols(all) == 0xFFFF);
}

TEST_CASE("glass: what is written is read back, with its points") {
  CHECK(display::text(glass_of("999999.98")) == "999999.98");
  CHECK(display::text(glass_of("12.34")) == "    12.34");
  CHECK(display::text(glass_of("-0.05")) == "    -0.05");
  CHECK(display::text(glass_of("1F 2F 3r")) == "1F 2F 3r");
  CHECK(display::text(glass_of("C-01")) == "    C-01");
  CHECK(display::text(glass_of("bl btn")) == "  bl btn");
  CHECK(display::text(glass_of("..")) == "       . .");
  const GlassSegments with_symbols = glass_of("1", display::symbols_of(" T1  kWh ").value());
  CHECK(display::symbol_text(display::symbols(with_symbols)) == "kWh T1");
}

TEST_CASE("glass: letters that look like digits read as digits and compare as equal") {
  CHECK(display::text(glass_of("S 11 111")) == "5 11 111");
  CHECK(display::shows(glass_of("S 11 111"), "S 11 111"));
  CHECK(display::shows(glass_of("5 11 111"), "S 11 111"));
  CHECK(display::looks_like("1F 2F 3R", "1F 2F 3r"));
  CHECK(display::looks_like("   12.3", "12.3"));
  CHECK(!display::looks_like("12.3", "123"));
  CHECK(!display::looks_like("1 2", "12"));
  CHECK(!display::shows(glass_of("1234"), "1235"));
  CHECK(!display::shows(glass_of("S 11 111"), "S 11 101"));
  CHECK(display::shows(GlassSegments{}, ""));
  CHECK(!display::shows(glass_of("8"), ""));
}

TEST_CASE("glass: what seven segments cannot show is refused") {
  CHECK(!display::patterns_of("kW"));
  CHECK(!display::patterns_of("123456789"));
  CHECK(!display::looks_like("X", "X"));
  CHECK(!display::symbols_of("kWh W"));
  CHECK(display::symbols_of("") == 0u);
  CHECK(display::character(0x01) == '?');
}

TEST_CASE("display: put back it tells of the next change only") {
  struct Count final : models::pins::EventSink {
    void record(models::pins::Ps, std::string_view, std::string_view,
                std::initializer_list<models::pins::Field>) override {
      ++records;
    }
    int records = 0;
  } sink;
  display::Display first("m1.display", sink);
  first.show(100, glass_of("123"));
  display::DisplayState state = first.state();
  rebase(state, 60);
  CHECK(state.last_change == 40);
  display::Display second("m1.display", sink);
  second.restore(state);
  second.show(50, glass_of("123"));
  CHECK(sink.records == 1);
  second.show(60, glass_of("124"));
  CHECK(sink.records == 2);
  CHECK(second.state().changes == 2);
}
