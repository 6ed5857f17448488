// The display's pages P01…P67 in the manual's order (pro380 §8): one table, read by the renderer,
// by the panel's stepping and scrolling, and by `vmeter pages`.
//
// [twin] Which meters have which page: P58 is for CT meters, whose ratio can be set; P61 and P64
// are for meters with a bus (Mb, Mod). All others are in every meter: the rows of phases that the
// connection does not have read 0, as they do on the ports.
#pragma once

#include <cstdint>

#include "metrology/hal/parameter_page.h"
#include "metrology/registers/settings.h"

namespace metrology::ui {

/// The symbols of the lower row, a bit each.
enum class Symbol : std::uint8_t {
  kWh,
  kvarh,
  V,
  A,
  kW,
  kVA,
  Hz,
  PF,
  L1,
  L2,
  L3,
  FW,
  RV,
  T1,
  T2,
};
inline constexpr int symbol_count = 15;
using Symbols = std::uint16_t;
constexpr Symbols bit(Symbol symbol) {
  return static_cast<Symbols>(1U << static_cast<unsigned>(symbol));
}
template <typename... Each>
constexpr Symbols lights(Each... each) {
  return static_cast<Symbols>((0U | ... | bit(each)));
}
inline constexpr char symbol_names[symbol_count][8] = {
    "kWh", "kvarh", "V", "A", "kW", "kVA", "Hz", "PF", "L1", "L2", "L3", "FW", "RV", "T1", "T2"};

/// How a page's upper row comes about.
enum class Content : std::uint8_t {
  value,          ///< the row's value with the row's decimals
  directions,     ///< "1F 2F 3R"
  ratio,          ///< "5/5"
  s0_rate,        ///< "S0 1000"
  combined_code,  ///< "C-05"
  meter_id,       ///< "id 001"
  serial,         ///< "14500001"
  scroll_time,    ///< "rt 10"
  baud_rate,      ///< "bd 9600"
  status,         ///< "S 11 111"
  backlight,      ///< "bl btn"
  versions,       ///< "1.01 1.01": software, hardware
};

/// What holding a button opens on a page.
enum class Procedure : std::uint8_t { none, day_counter_reset, ratio, scroll_time, backlight };

enum class Models : std::uint8_t { all, with_bus, ct };

struct Page {
  std::uint8_t number;
  Content content;
  std::uint16_t row;  ///< address in the register table; 0: no row
  Symbols symbols;    ///< always lit on it
  Models models;
  Procedure procedure;
  char title[24];
};

// clang-format off
inline constexpr Page pages[] = {
    // number, content, row, symbols, models, procedure, title
    { 1, Content::directions, 0x0000, lights(), Models::all, Procedure::none, "direction per phase"},
    { 2, Content::value, 0x3000, lights(Symbol::kWh), Models::all, Procedure::none, "active total"},
    { 3, Content::value, 0x3100, lights(Symbol::kWh, Symbol::T1), Models::all, Procedure::none, "active total T1"},
    { 4, Content::value, 0x3200, lights(Symbol::kWh, Symbol::T2), Models::all, Procedure::none, "active total T2"},
    { 5, Content::value, 0x3020, lights(Symbol::kWh, Symbol::FW), Models::all, Procedure::none, "active forward"},
    { 6, Content::value, 0x3120, lights(Symbol::kWh, Symbol::FW, Symbol::T1), Models::all, Procedure::none, "active forward T1"},
    { 7, Content::value, 0x3220, lights(Symbol::kWh, Symbol::FW, Symbol::T2), Models::all, Procedure::none, "active forward T2"},
    { 8, Content::value, 0x3040, lights(Symbol::kWh, Symbol::RV), Models::all, Procedure::none, "active reverse"},
    { 9, Content::value, 0x3140, lights(Symbol::kWh, Symbol::RV, Symbol::T1), Models::all, Procedure::none, "active reverse T1"},
    {10, Content::value, 0x3240, lights(Symbol::kWh, Symbol::RV, Symbol::T2), Models::all, Procedure::none, "active reverse T2"},
    {11, Content::value, 0x3008, lights(Symbol::kWh, Symbol::L1), Models::all, Procedure::none, "active total L1"},
    {12, Content::value, 0x3028, lights(Symbol::kWh, Symbol::L1, Symbol::FW), Models::all, Procedure::none, "active forward L1"},
    {13, Content::value, 0x3048, lights(Symbol::kWh, Symbol::L1, Symbol::RV), Models::all, Procedure::none, "active reverse L1"},
    {14, Content::value, 0x300C, lights(Symbol::kWh, Symbol::L2), Models::all, Procedure::none, "active total L2"},
    {15, Content::value, 0x302C, lights(Symbol::kWh, Symbol::L2, Symbol::FW), Models::all, Procedure::none, "active forward L2"},
    {16, Content::value, 0x304C, lights(Symbol::kWh, Symbol::L2, Symbol::RV), Models::all, Procedure::none, "active reverse L2"},
    {17, Content::value, 0x3010, lights(Symbol::kWh, Symbol::L3), Models::all, Procedure::none, "active total L3"},
    {18, Content::value, 0x3030, lights(Symbol::kWh, Symbol::L3, Symbol::FW), Models::all, Procedure::none, "active forward L3"},
    {19, Content::value, 0x3050, lights(Symbol::kWh, Symbol::L3, Symbol::RV), Models::all, Procedure::none, "active reverse L3"},
    {20, Content::value, 0x3060, lights(Symbol::kvarh), Models::all, Procedure::none, "reactive total"},
    {21, Content::value, 0x3160, lights(Symbol::kvarh, Symbol::T1), Models::all, Procedure::none, "reactive total T1"},
    {22, Content::value, 0x3260, lights(Symbol::kvarh, Symbol::T2), Models::all, Procedure::none, "reactive total T2"},
    {23, Content::value, 0x3080, lights(Symbol::kvarh, Symbol::FW), Models::all, Procedure::none, "reactive forward"},
    {24, Content::value, 0x3180, lights(Symbol::kvarh, Symbol::FW, Symbol::T1), Models::all, Procedure::none, "reactive forward T1"},
    {25, Content::value, 0x3280, lights(Symbol::kvarh, Symbol::FW, Symbol::T2), Models::all, Procedure::none, "reactive forward T2"},
    {26, Content::value, 0x30A0, lights(Symbol::kvarh, Symbol::RV), Models::all, Procedure::none, "reactive reverse"},
    {27, Content::value, 0x31A0, lights(Symbol::kvarh, Symbol::RV, Symbol::T1), Models::all, Procedure::none, "reactive reverse T1"},
    {28, Content::value, 0x32A0, lights(Symbol::kvarh, Symbol::RV, Symbol::T2), Models::all, Procedure::none, "reactive reverse T2"},
    {29, Content::value, 0x3068, lights(Symbol::kvarh, Symbol::L1), Models::all, Procedure::none, "reactive total L1"},
    {30, Content::value, 0x3088, lights(Symbol::kvarh, Symbol::L1, Symbol::FW), Models::all, Procedure::none, "reactive forward L1"},
    {31, Content::value, 0x30A8, lights(Symbol::kvarh, Symbol::L1, Symbol::RV), Models::all, Procedure::none, "reactive reverse L1"},
    {32, Content::value, 0x306C, lights(Symbol::kvarh, Symbol::L2), Models::all, Procedure::none, "reactive total L2"},
    {33, Content::value, 0x308C, lights(Symbol::kvarh, Symbol::L2, Symbol::FW), Models::all, Procedure::none, "reactive forward L2"},
    {34, Content::value, 0x30AC, lights(Symbol::kvarh, Symbol::L2, Symbol::RV), Models::all, Procedure::none, "reactive reverse L2"},
    {35, Content::value, 0x3070, lights(Symbol::kvarh, Symbol::L3), Models::all, Procedure::none, "reactive total L3"},
    {36, Content::value, 0x3090, lights(Symbol::kvarh, Symbol::L3, Symbol::FW), Models::all, Procedure::none, "reactive forward L3"},
    {37, Content::value, 0x30B0, lights(Symbol::kvarh, Symbol::L3, Symbol::RV), Models::all, Procedure::none, "reactive reverse L3"},
    {38, Content::value, 0x2008, lights(Symbol::V, Symbol::L1), Models::all, Procedure::none, "U L1"},
    {39, Content::value, 0x200C, lights(Symbol::V, Symbol::L2), Models::all, Procedure::none, "U L2"},
    {40, Content::value, 0x2010, lights(Symbol::V, Symbol::L3), Models::all, Procedure::none, "U L3"},
    {41, Content::value, 0x2068, lights(Symbol::A, Symbol::L1), Models::all, Procedure::none, "I L1"},
    {42, Content::value, 0x206C, lights(Symbol::A, Symbol::L2), Models::all, Procedure::none, "I L2"},
    {43, Content::value, 0x2070, lights(Symbol::A, Symbol::L3), Models::all, Procedure::none, "I L3"},
    {44, Content::value, 0x2080, lights(Symbol::kW), Models::all, Procedure::none, "P total"},
    {45, Content::value, 0x2088, lights(Symbol::kW, Symbol::L1), Models::all, Procedure::none, "P L1"},
    {46, Content::value, 0x208C, lights(Symbol::kW, Symbol::L2), Models::all, Procedure::none, "P L2"},
    {47, Content::value, 0x2090, lights(Symbol::kW, Symbol::L3), Models::all, Procedure::none, "P L3"},
    {48, Content::value, 0x20C0, lights(Symbol::kVA), Models::all, Procedure::none, "S total"},
    {49, Content::value, 0x20C8, lights(Symbol::kVA, Symbol::L1), Models::all, Procedure::none, "S L1"},
    {50, Content::value, 0x20CC, lights(Symbol::kVA, Symbol::L2), Models::all, Procedure::none, "S L2"},
    {51, Content::value, 0x20D0, lights(Symbol::kVA, Symbol::L3), Models::all, Procedure::none, "S L3"},
    {52, Content::value, 0x20E0, lights(Symbol::PF), Models::all, Procedure::none, "PF total"},
    {53, Content::value, 0x20E8, lights(Symbol::PF, Symbol::L1), Models::all, Procedure::none, "PF L1"},
    {54, Content::value, 0x20EC, lights(Symbol::PF, Symbol::L2), Models::all, Procedure::none, "PF L2"},
    {55, Content::value, 0x20F0, lights(Symbol::PF, Symbol::L3), Models::all, Procedure::none, "PF L3"},
    {56, Content::value, 0x2020, lights(Symbol::Hz), Models::all, Procedure::none, "frequency"},
    {57, Content::value, 0xF060, lights(Symbol::kWh), Models::all, Procedure::day_counter_reset, "day counter"},
    {58, Content::ratio, 0x1062, lights(Symbol::A), Models::ct, Procedure::ratio, "CT ratio"},
    {59, Content::s0_rate, 0x1066, lights(Symbol::kWh), Models::all, Procedure::none, "S0 output rate"},
    {60, Content::combined_code, 0x107A, lights(), Models::all, Procedure::none, "combined code"},
    {61, Content::meter_id, 0x1018, lights(), Models::with_bus, Procedure::none, "meter ID"},
    {62, Content::serial, 0x1000, lights(), Models::all, Procedure::none, "serial number"},
    {63, Content::scroll_time, 0x1510, lights(), Models::all, Procedure::scroll_time, "scroll time"},
    {64, Content::baud_rate, 0x1020, lights(), Models::with_bus, Procedure::none, "baud rate"},
    {65, Content::status, 0x0000, lights(), Models::all, Procedure::none, "status"},
    {66, Content::backlight, 0x0000, lights(), Models::all, Procedure::backlight, "backlight"},
    {67, Content::versions, 0x0000, lights(), Models::all, Procedure::none, "versions"},
};
// clang-format on
inline constexpr int page_count = static_cast<int>(sizeof(pages) / sizeof(pages[0]));
inline constexpr std::uint8_t first_page = 1;
using ScrollMask = std::uint8_t[registers::scroll_mask_bytes];

/// Page `number`, 1 … page_count.
constexpr const Page& page_of(std::uint8_t number) { return pages[number - first_page]; }

/// Whether a meter of `variant` has `page`.
bool has(hal::MeterVariant variant, const Page& page);

/// The page after or before `number` that `variant` has; behind the last comes the first.
std::uint8_t next_page(hal::MeterVariant variant, std::uint8_t number);
std::uint8_t previous_page(hal::MeterVariant variant, std::uint8_t number);

static_assert(registers::scroll_mask_bytes * 8 >= page_count);
/// Whether page `number` scrolls: bit 0 of byte 0 is P01 (register 1600).
constexpr bool is_set(const ScrollMask& mask, std::uint8_t number) {
  const int n = number - first_page;
  return ((mask[n / 8] >> (n % 8)) & 1) != 0;
}

/// The page that scrolls after `number`: the next of the set that `variant` has. The page itself
/// when it is the only one, P01 when there is none [twin].
std::uint8_t next_scrolling_page(hal::MeterVariant variant, const ScrollMask& mask,
                                 std::uint8_t number);

}  // namespace metrology::ui
