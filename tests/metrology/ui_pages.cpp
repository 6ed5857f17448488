// Every page's text and symbols against numbers set by hand.
#include <catch2/catch.hpp>
#include <cstdint>
#include <iterator>
#include <string>

#include "metrology/registers/access.h"
#include "metrology/registers/table.h"
#include "metrology/ui/render.h"
#include "models/display/glass.h"
#include "tests/metrology/panel_bench.h"

using namespace metrology;
using namespace metrology::ui;
using energy::Direction;
using energy::Kind;
using energy::Tariff;
using hal::MeterVariant;

namespace {

models::display::GlassSegments glass_of(const Frame& frame) {
  return {frame.common[0], frame.common[1], frame.common[2], frame.common[3]};
}

struct Face {
  hal::ParameterPage page{};
  registers::Settings settings{};
  energy::Measurements measurements{};
  energy::EnergyState energy{};
  energy::PulseState pulses{};
  registers::Diagnostics diagnostics{};
  energy::TariffState tariff{};
  registers::Status status{};

  explicit Face(MeterVariant variant = MeterVariant::mod) {
    page.variant = variant;
    page.serial_lo = 0x14500001;
    page.s0_rate_centi = 100'000;
    settings = registers::factory_settings(page);
    for (double& factor : measurements.power_factor) factor = 1.0;
    for (bool& present : status.phases.present) present = true;
  }
  registers::MeterData data() const {
    return {page, settings, measurements, energy, pulses, diagnostics, tariff, status, 0};
  }
  /// Books `centi` hundredths of a kWh or kvarh to phase `n` and to the total.
  void book(Kind kind, Direction direction, Tariff t, int n, std::int64_t centi) {
    const energy::EnergyCounter more{centi * 10'000'000, 0};
    energy::EnergyCounter& phase = energy.accounts.phase[n].of(kind, direction, t);
    energy::EnergyCounter& total = energy.accounts.total.of(kind, direction, t);
    phase = phase + more;
    total = total + more;
  }
  models::display::GlassSegments glass(std::uint8_t number, Mode mode = Mode::by_hand,
                                       std::uint8_t choice = 0) const {
    return glass_of(frame_for(data(), {mode, number, choice, false}));
  }
  /// What is read from the glass, blanks at the left apart.
  std::string text(std::uint8_t number, Mode mode = Mode::by_hand, std::uint8_t choice = 0) const {
    const std::string all = models::display::text(glass(number, mode, choice));
    const std::size_t first = all.find_first_not_of(' ');
    return first == std::string::npos ? "" : all.substr(first);
  }
  std::string symbols(std::uint8_t number, Mode mode = Mode::by_hand) const {
    return models::display::symbol_text(models::display::symbols(glass(number, mode)));
  }
};

/// A day of a house: L1 and L3 draw, L2 feeds in; T1 holds.
Face lived_in() {
  Face face;
  constexpr auto a = Kind::active;
  constexpr auto r = Kind::reactive;
  constexpr auto fw = Direction::forward;
  constexpr auto rv = Direction::reverse;
  const std::int64_t t1[][3] = {
      {10'001, 20'002, 30'003}, {101, 202, 303}, {400, 500, 600}, {4'000, 5'000, 6'000}};
  const std::int64_t t2[][3] = {{1'010, 2'020, 3'030}, {50, 25, 25}, {4, 5, 6}, {40, 50, 60}};
  for (int n = 0; n < 3; ++n) {
    face.book(a, fw, Tariff::t1, n, t1[0][n]);
    face.book(a, rv, Tariff::t1, n, t1[1][n]);
    face.book(r, fw, Tariff::t1, n, t1[2][n]);
    face.book(r, rv, Tariff::t1, n, t1[3][n]);
    face.book(a, fw, Tariff::t2, n, t2[0][n]);
    face.book(a, rv, Tariff::t2, n, t2[1][n]);
    face.book(r, fw, Tariff::t2, n, t2[2][n]);
    face.book(r, rv, Tariff::t2, n, t2[3][n]);
  }
  face.energy.accounts.day_start = {std::int64_t{64'800} * 10'000'000, 0};
  energy::Measurements& m = face.measurements;
  m.voltage_V[0] = 230.04;
  m.voltage_V[1] = 229.96;
  m.voltage_V[2] = 231.25;
  m.current_A[0] = 10.004;
  m.current_A[1] = -5.678;
  m.current_A[2] = 0.0949;
  m.active_W[0] = 2300.4;
  m.active_W[1] = -1150.6;
  m.active_W[2] = 12.0;
  m.active_W[3] = 1161.8;
  m.apparent_VA[0] = 2400.0;
  m.apparent_VA[1] = 1305.4;
  m.apparent_VA[2] = 21.9;
  m.apparent_VA[3] = 3727.3;
  m.power_factor[0] = 0.9585;
  m.power_factor[1] = 0.88;
  m.power_factor[2] = 0.548;
  m.power_factor[3] = 0.999;
  m.frequency_Hz = 49.987;
  return face;
}

struct Expected {
  int page;
  const char* text;
  const char* symbols;
};

void check(const Face& face, const Expected& expected) {
  CAPTURE(expected.page);
  const auto number = static_cast<std::uint8_t>(expected.page);
  CHECK(face.text(number) == expected.text);
  CHECK(face.symbols(number) == expected.symbols);
}

}  // namespace

TEST_CASE("Each page shows its value, unit, phase, direction and tariff") {
  // Seven segments: an R reads as r, an S as 5.
  const Expected expected[] = {
      {1, "1F 2r 3F", "FW T1"},
      // Active: forward T1 600.06 T2 60.60, reverse T1 6.06 T2 1.00; total is their sum (C-05).
      {2, "667.72", "kWh FW T1"},
      {3, "606.12", "kWh FW T1"},
      {4, "61.60", "kWh FW T2"},
      {5, "660.66", "kWh FW T1"},
      {6, "600.06", "kWh FW T1"},
      {7, "60.60", "kWh FW T2"},
      {8, "7.06", "kWh RV T1"},
      {9, "6.06", "kWh RV T1"},
      {10, "1.00", "kWh RV T2"},
      {11, "111.62", "kWh L1 FW T1"},
      {12, "110.11", "kWh L1 FW T1"},
      {13, "1.51", "kWh L1 RV T1"},
      {14, "222.49", "kWh L2 FW T1"},
      {15, "220.22", "kWh L2 FW T1"},
      {16, "2.27", "kWh L2 RV T1"},
      {17, "333.61", "kWh L3 FW T1"},
      {18, "330.33", "kWh L3 FW T1"},
      {19, "3.28", "kWh L3 RV T1"},
      // Reactive: forward T1 15.00 T2 0.15, reverse T1 150.00 T2 1.50.
      {20, "166.65", "kvarh FW T1"},
      {21, "165.00", "kvarh FW T1"},
      {22, "1.65", "kvarh FW T2"},
      {23, "15.15", "kvarh FW T1"},
      {24, "15.00", "kvarh FW T1"},
      {25, "0.15", "kvarh FW T2"},
      {26, "151.50", "kvarh RV T1"},
      {27, "150.00", "kvarh RV T1"},
      {28, "1.50", "kvarh RV T2"},
      {29, "44.44", "kvarh L1 FW T1"},
      {30, "4.04", "kvarh L1 FW T1"},
      {31, "40.40", "kvarh L1 RV T1"},
      {32, "55.55", "kvarh L2 FW T1"},
      {33, "5.05", "kvarh L2 FW T1"},
      {34, "50.50", "kvarh L2 RV T1"},
      {35, "66.66", "kvarh L3 FW T1"},
      {36, "6.06", "kvarh L3 FW T1"},
      {37, "60.60", "kvarh L3 RV T1"},
      {38, "230.0", "V L1 FW T1"},
      {39, "230.0", "V L2 FW T1"},
      {40, "231.3", "V L3 FW T1"},
      {41, "10.00", "A L1 FW T1"},
      {42, "-5.68", "A L2 FW T1"},
      {43, "0.09", "A L3 FW T1"},
      {44, "1.162", "kW FW T1"},
      {45, "2.300", "kW L1 FW T1"},
      {46, "-1.151", "kW L2 FW T1"},
      {47, "0.012", "kW L3 FW T1"},
      {48, "3.727", "kVA FW T1"},
      {49, "2.400", "kVA L1 FW T1"},
      {50, "1.305", "kVA L2 FW T1"},
      {51, "0.022", "kVA L3 FW T1"},
      {52, "1.00", "PF FW T1"},
      {53, "0.96", "PF L1 FW T1"},
      {54, "0.88", "PF L2 FW T1"},
      {55, "0.55", "PF L3 FW T1"},
      {56, "49.99", "Hz FW T1"},
      {57, "12.66", "kWh FW T1"},  // 660.66 − 648.00
      // 58 is for CT meters
      {59, "50 1000", "kWh FW T1"},
      {60, "C-05", "FW T1"},
      {61, "id 001", "FW T1"},
      {62, "14500001", "FW T1"},
      {63, "rt 10", "FW T1"},
      {64, "bd 9600", "FW T1"},
      {65, "5 11 111", "FW T1"},
      {66, "bl btn", "FW T1"},
      {67, "1.01 1.01", "FW T1"},
  };
  const Face face = lived_in();
  for (const Expected& e : expected) check(face, e);
  CHECK(std::size(expected) == page_count - 1);
}

TEST_CASE("The page table is in the manual's order and points at rows that exist") {
  for (int n = 0; n < page_count; ++n) {
    const Page& page = pages[n];
    CAPTURE(n, page.title);
    CHECK(page.number == n + 1);
    CHECK(&page_of(page.number) == &page);
    if (page.row != 0) CHECK(registers::find(page.row) != nullptr);
    CHECK((page.content != Content::value || page.row != 0));
  }
}

TEST_CASE("FW and RV follow the sign of total P, but on pages of one direction") {
  Face face = lived_in();
  face.measurements.active_W[3] = -0.6;  // reads −0.001 kW
  CHECK(face.symbols(2) == "kWh RV T1");
  CHECK(face.symbols(44) == "kW RV T1");
  CHECK(face.symbols(65) == "RV T1");
  CHECK(face.symbols(5) == "kWh FW T1");
  CHECK(face.symbols(8) == "kWh RV T1");
  CHECK(face.text(44) == "-0.001");
  face.measurements.active_W[3] = -0.4;  // reads 0.000 kW: zero counts as forward
  CHECK(face.symbols(2) == "kWh FW T1");
  CHECK(face.text(44) == "0.000");
  face.measurements.active_W[0] = -0.4;
  face.measurements.active_W[2] = -0.6;
  CHECK(face.text(1) == "1F 2r 3r");
}

TEST_CASE("T1 and T2 show the active tariff, but on pages of one tariff") {
  Face face = lived_in();
  face.tariff.active = Tariff::t2;
  CHECK(face.symbols(2) == "kWh FW T2");
  CHECK(face.symbols(1) == "FW T2");
  CHECK(face.symbols(3) == "kWh FW T1");
  CHECK(face.symbols(4) == "kWh FW T2");
  CHECK(face.symbols(31) == "kvarh L1 RV T2");
}

TEST_CASE("Energies are cut to 0.01, roll over at 999999.99, and show a minus with seven digits") {
  Face face;
  CHECK(face.text(5) == "0.00");
  energy::EnergyCounter& forward =
      face.energy.accounts.total.of(Kind::active, Direction::forward, Tariff::t1);
  forward = {9'999'999, 999'999};
  CHECK(face.text(5) == "0.00");
  forward = {10'000'000, 0};
  CHECK(face.text(5) == "0.01");
  forward = {999'999'999'999'999, 999'999};  // 1 pWh below 10⁶ kWh
  CHECK(face.text(5) == "999999.99");
  forward = {1'000'000'000'000'000, 0};
  CHECK(face.text(5) == "0.00");

  forward = {};
  face.settings.combined_code = registers::CombinedCode::forward_minus_reverse;
  energy::EnergyCounter& reverse =
      face.energy.accounts.total.of(Kind::active, Direction::reverse, Tariff::t1);
  reverse = {123'456'789, 0};  // −0.12 kWh
  CHECK(face.text(2) == "-0.12");
  reverse = {99'999'990'000'000, 0};
  CHECK(face.text(2) == "-99999.99");
  reverse = {100'000'000'000'000, 0};
  CHECK(face.text(2) == "0.00");
}

TEST_CASE("A number that does not fit the glass is eight dashes") {
  Face face(MeterVariant::mod_ct);
  face.measurements.active_W[3] = 99'999'999.4;
  CHECK(face.text(44) == "99999.999");
  face.measurements.active_W[3] = 99'999'999.6;
  CHECK(face.text(44) == "--------");
  face.measurements.active_W[3] = -9'999'999.4;
  CHECK(face.text(44) == "-9999.999");
  face.measurements.active_W[3] = -9'999'999.6;
  CHECK(face.text(44) == "--------");
}

TEST_CASE("Settings read as the manual writes them") {
  Face face;
  const std::uint32_t rates[] = {1'000'000, 200'000, 100'000, 10'000, 1'000, 100, 10, 1};
  const char* const shown[] = {"50 10000", "50 2000", "50 1000", "50 100",
                               "50 10",    "50 1",    "50 0.1",  "50 0.01"};
  for (std::size_t n = 0; n < std::size(rates); ++n) {
    face.settings.s0_rate_centi = rates[n];
    CHECK(face.text(59) == shown[n]);
  }
  for (const int code : {1, 4, 5, 6, 9, 10}) {
    face.settings.combined_code = static_cast<registers::CombinedCode>(code);
    CHECK(face.text(60) == (code < 10 ? "C-0" : "C-") + std::to_string(code));
  }
  face.settings.meter_id = 247;
  CHECK(face.text(61) == "id 247");
  face.settings.meter_id = 0;
  CHECK(face.text(61) == "id 000");
  face.settings.serial_bcd = 0x09876543;
  CHECK(face.text(62) == "09876543");
  face.settings.lcd_cycle_s = 1;
  CHECK(face.text(63) == "rt 01");
  face.settings.lcd_cycle_s = 30;
  CHECK(face.text(63) == "rt 30");
  face.settings.baud = 300;
  CHECK(face.text(64) == "bd 300");
  face.settings.backlight = registers::BacklightMode::off;
  CHECK(face.text(66) == "bl oFF");
  face.settings.backlight = registers::BacklightMode::on;
  CHECK(face.text(66) == "bl on");
  // What is being chosen stands in the setting's place.
  CHECK(face.text(63, Mode::scroll_time_choice, 7) == "rt 07");
  CHECK(face.text(66, Mode::backlight_choice, 0) == "bl btn");
}

TEST_CASE("The status page spells program, EEPROM and phases") {
  Face face;
  face.status.program_fault = true;
  CHECK(face.text(65) == "5 01 111");
  face.status.program_fault = false;
  face.status.memory_fault = true;
  CHECK(face.text(65) == "5 10 111");
  face.status.memory_fault = false;
  face.status.phases.present[0] = false;
  CHECK(face.text(65) == "5 11 011");
  face.status.phases.present[2] = false;
  CHECK(face.text(65) == "5 11 010");
}

TEST_CASE("The CT ratio reads n/5, on its page and while it is chosen") {
  Face face(MeterVariant::s_ct);
  CHECK(face.text(58) == "5/5");  // while never set
  CHECK(face.symbols(58) == "A FW T1");
  face.settings.ct_primary_A = 7500;
  CHECK(face.text(58) == "7500/5");
  CHECK(face.text(1, Mode::ratio_choice, 0) == "Ct   5/5");
  CHECK(face.text(1, Mode::ratio_choice, 1) == "Ct  40/5");
  CHECK(face.text(1, Mode::ratio_choice, 24) == "Ct7500/5");
  CHECK(face.symbols(1, Mode::ratio_choice) == "A");
}

TEST_CASE("The test pattern lights everything that the glass has") {
  const Face face;
  CHECK(face.glass(1, Mode::test_pattern) == models::display::all_segments());
}

TEST_CASE("Font and glass map are the glass maker's") {
  for (const Glyph& glyph : font) {
    CAPTURE(glyph.character);
    const auto pattern = models::display::pattern(glyph.character);
    REQUIRE(pattern.has_value());
    CHECK(*pattern == glyph.segments);
  }
  for (int digit = 0; digit < digit_count; ++digit) {
    for (int n = 0; n < segments_per_digit; ++n) {
      Picture picture{};
      picture.digit[digit] = static_cast<std::uint8_t>(1 << n);
      models::display::Patterns patterns{};
      patterns[static_cast<std::size_t>(digit)] = static_cast<std::uint8_t>(1 << n);
      CHECK(glass_of(frame_of(picture)) == models::display::segments(patterns, 0));
    }
  }
  for (int n = 0; n < symbol_count; ++n) {
    Picture picture{};
    picture.symbols = bit(static_cast<Symbol>(n));
    const auto glass = glass_of(frame_of(picture));
    CHECK(models::display::symbol_text(models::display::symbols(glass)) == symbol_names[n]);
  }
}

TEST_CASE("Pages that a variant does not have") {
  struct Has {
    MeterVariant variant;
    bool ratio;
    bool bus;
  };
  for (const Has& e :
       {Has{MeterVariant::s, false, false}, Has{MeterVariant::mb, false, true},
        Has{MeterVariant::mod, false, true}, Has{MeterVariant::s_ct, true, false},
        Has{MeterVariant::mb_ct, true, true}, Has{MeterVariant::mod_ct, true, true}}) {
    for (const Page& page : pages) {
      const bool expected = page.number == 58                        ? e.ratio
                            : page.number == 61 || page.number == 64 ? e.bus
                                                                     : true;
      CAPTURE(static_cast<int>(e.variant), static_cast<int>(page.number));
      CHECK(has(e.variant, page) == expected);
    }
  }
}
