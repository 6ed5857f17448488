// The energy block's 36 rows: addresses, counters behind them, rounding and roll-over (pro380 §2,
// §3).
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include "tests/metrology/row_meter.h"

using namespace metrology;
using namespace metrology::registers;
using energy::Direction;
using energy::EnergyCounter;
using energy::Kind;
using energy::Tariff;
using tests::float_of;
using tests::RowMeter;

namespace {

struct BlockKind {
  std::uint32_t offset;
  std::uint32_t second_offset;
  Kind kind;
  bool combined;
  Direction direction;
};
constexpr BlockKind block_kinds[] = {
    {0x00, 0x00, Kind::active, true, Direction::forward},
    {0x20, 0x0C, Kind::active, false, Direction::forward},
    {0x40, 0x18, Kind::active, false, Direction::reverse},
    {0x60, 0x24, Kind::reactive, true, Direction::forward},
    {0x80, 0x30, Kind::reactive, false, Direction::forward},
    {0xA0, 0x3C, Kind::reactive, false, Direction::reverse},
};

struct Part {
  std::uint32_t offset;
  std::uint32_t second_offset;
};
constexpr Part parts[] = {{0x000, 0}, {0x100, 2}, {0x200, 4}, {0x008, 6}, {0x00C, 8}, {0x010, 10}};

constexpr std::int64_t uWh_per_kWh = 1'000'000'000;

/// Gives every counter a value of its own: phase n, tariff t, kind k, direction d have
/// 1000·(n + 1) + 100·t + 10·k + d + 1 kWh and as many pWh; the totals are the phases' sums.
void fill(RowMeter& meter) {
  for (const Kind kind : {Kind::active, Kind::reactive}) {
    for (const Direction direction : {Direction::forward, Direction::reverse}) {
      for (const Tariff tariff : {Tariff::t1, Tariff::t2}) {
        for (int phase = 0; phase < 3; ++phase) {
          const int place = 100 * static_cast<int>(tariff) + 10 * static_cast<int>(kind) +
                            static_cast<int>(direction) + 1;
          const std::int64_t own = std::int64_t{1000} * (phase + 1) + place;
          const EnergyCounter counter{own * uWh_per_kWh, static_cast<std::uint32_t>(own)};
          energy::Accounts& accounts = meter.energy.accounts;
          accounts.phase[phase].of(kind, direction, tariff) = counter;
          EnergyCounter& total = accounts.total.of(kind, direction, tariff);
          total = total + counter;
        }
      }
    }
  }
}

/// The kWh that fill() gave a row's one direction.
std::int64_t filled(std::uint32_t part, Kind kind, Direction direction) {
  const std::int64_t own = 10 * static_cast<int>(kind) + static_cast<int>(direction) + 1;
  switch (part) {
    case 0x008:
    case 0x00C:
    case 0x010: {
      const std::int64_t phase = (static_cast<std::int64_t>(part) - 0x008) / 4;
      return 2000 * (phase + 1) + 100 + 2 * own;
    }
    case 0x100:
      return 6000 + 3 * own;
    case 0x200:
      return 6000 + 300 + 3 * own;
    default:
      return 12000 + 300 + 6 * own;
  }
}

void set_code(RowMeter& meter, CombinedCode code) { meter.settings.combined_code = code; }

std::int64_t combined(CombinedCode code, std::int64_t forward, std::int64_t reverse) {
  switch (code) {
    case CombinedCode::forward:
      return forward;
    case CombinedCode::reverse:
      return reverse;
    case CombinedCode::forward_plus_reverse:
      return forward + reverse;
    case CombinedCode::reverse_minus_forward:
      return reverse - forward;
    default:
      return forward - reverse;
  }
}

}  // namespace

TEST_CASE("All 36 rows of the energy block stand at 3000 + kind + part, and in the second map") {
  int found = 0;
  for (const BlockKind& kind : block_kinds) {
    for (const Part& part : parts) {
      CAPTURE(kind.offset, part.offset);
      const Row* row = find(0x3000 + kind.offset + part.offset);
      REQUIRE(row != nullptr);
      ++found;
      CHECK(row->second_address == 0x6000 + kind.second_offset + part.second_offset);
      CHECK(row->bytes == 4);
      CHECK(row->type == ValueType::floating);
      CHECK(row->decimals == 2);
      CHECK(row->unit == (kind.kind == Kind::active ? Unit::kWh : Unit::kvarh));
      for (const Port port : {Port::ir, Port::mbus, Port::modbus, Port::debug}) {
        CHECK(access(*row, port) == Access::read);
      }
    }
  }
  CHECK(found == 36);
  int in_block = 0;
  for (const Row& row : rows) in_block += row.address >> 12U == 3 ? 1 : 0;
  CHECK(in_block == 36);
  CHECK(std::string(find(0x3000)->name) == "active total");
  CHECK(std::string(find(0x32A0)->name) == "reactive reverse T2");
}

TEST_CASE("Every row of the energy block shows its own counters, under every combined code") {
  RowMeter meter;
  fill(meter);
  for (const CombinedCode code : combined_codes) {
    set_code(meter, code);
    for (const BlockKind& kind : block_kinds) {
      for (const Part& part : parts) {
        CAPTURE(static_cast<int>(code), kind.offset, part.offset);
        const std::int64_t forward = filled(part.offset, kind.kind, Direction::forward);
        const std::int64_t reverse = filled(part.offset, kind.kind, Direction::reverse);
        std::int64_t kWh = kind.direction == Direction::forward ? forward : reverse;
        if (kind.combined) kWh = combined(code, forward, reverse);
        const std::uint32_t address = 0x3000 + kind.offset + part.offset;
        // The pWh beside are cut, upwards when the total is negative: it is a little more then.
        const std::int64_t steps = kWh * 100;
        CHECK(meter.steps(address) == steps);
        CHECK(meter.value(address) == static_cast<float>(kWh));
        const Raw raw = read_raw(meter.data(), *find(address));
        CHECK(raw.kind == Raw::Kind::energy);
        CHECK(raw.reactive == (kind.kind == Kind::reactive));
        // kWh and pWh have the same number: kWh · 10⁹ µWh + kWh pWh.
        CHECK(raw.energy.counter_uWh == kWh * uWh_per_kWh + (kWh < 0 ? -1 : 0));
        CHECK(raw.energy.residue_pWh ==
              static_cast<std::uint32_t>(kWh < 0 ? kWh + 1'000'000 : kWh));
      }
    }
  }
}

TEST_CASE("With one phase exporting each code's totals are the arithmetic of the counters") {
  RowMeter meter;
  const auto book = [&](int phase, Kind kind, Direction direction, std::uint64_t pWh) {
    add(meter.energy.accounts.phase[phase].of(kind, direction, Tariff::t1), pWh);
    add(meter.energy.accounts.total.of(kind, direction, Tariff::t1), pWh);
  };
  // L1 100.004 999 and L3 50.00 kWh forward, L2 30.01 kWh reverse; reactive the other way round.
  book(0, Kind::active, Direction::forward, 100'004'999'999'999'999U);
  book(2, Kind::active, Direction::forward, 50'000'000'000'000'000U);
  book(1, Kind::active, Direction::reverse, 30'010'000'000'000'000U);
  book(0, Kind::reactive, Direction::reverse, 7'019'999'999'000'000U);
  book(1, Kind::reactive, Direction::forward, 2'000'000'000'000'000U);
  struct Expected {
    CombinedCode code;
    std::int64_t active, l1, l2, reactive;  // in 0.01 kWh, kvarh
  };
  const Expected expected[] = {
      {CombinedCode::forward, 150'00, 100'00, 0, 2'00},
      {CombinedCode::reverse, 30'01, 0, 30'01, 7'01},
      {CombinedCode::forward_plus_reverse, 180'01, 100'00, 30'01, 9'01},
      {CombinedCode::reverse_minus_forward, -119'99, -100'00, 30'01, 5'01},
      {CombinedCode::forward_minus_reverse, 119'99, 100'00, -30'01, -5'01},
      {CombinedCode::forward_minus_reverse_for_ever, 119'99, 100'00, -30'01, -5'01},
  };
  for (const Expected& e : expected) {
    CAPTURE(static_cast<int>(e.code));
    set_code(meter, e.code);
    CHECK(meter.steps(0x3000) == e.active);
    CHECK(meter.steps(0x3008) == e.l1);
    CHECK(meter.steps(0x300C) == e.l2);
    CHECK(meter.steps(0x3100) == e.active);
    CHECK(meter.steps(0x3200) == 0);
    CHECK(meter.steps(0x3060) == e.reactive);
    // The register shows the same, but for what its float cannot hold.
    CHECK(std::lround(static_cast<double>(meter.value(0x3000)) * 100) == e.active);
    CHECK(std::lround(static_cast<double>(meter.value(0x3060)) * 100) == e.reactive);
  }
}

TEST_CASE("Energies are cut towards zero, to the picowatt hour") {
  constexpr std::int64_t step_uWh = 10'000'000;
  CHECK(energy_steps({0, 999'999}) == 0);
  CHECK(energy_steps({step_uWh - 1, 999'999}) == 0);
  CHECK(energy_steps({step_uWh, 0}) == 1);
  // Negative: −1 µWh + 1 pWh is −0.999 999 µWh.
  CHECK(energy_steps({-1, 1}) == 0);
  CHECK(energy_steps({-step_uWh, 1}) == 0);
  CHECK(energy_steps({-step_uWh, 0}) == -1);
  CHECK(energy_steps({-2 * step_uWh, 1}) == -1);
  CHECK(energy_steps({-2 * step_uWh, 0}) == -2);
  CHECK(energy_float(0) == 0);
  CHECK(float_of(energy_float(-1)) == -0.01F);  // 0.01F lies below 0.01
}

TEST_CASE("Row and display roll over at a million, negative totals on the display a digit sooner") {
  RowMeter meter;
  EnergyCounter& forward =
      meter.energy.accounts.total.of(Kind::active, Direction::forward, Tariff::t2);
  EnergyCounter& reverse =
      meter.energy.accounts.total.of(Kind::active, Direction::reverse, Tariff::t1);
  const auto set = [](EnergyCounter& counter, std::int64_t steps, std::uint32_t pWh) {
    counter = {steps * 10'000'000, pWh};
  };
  set(forward, 99'999'998, 0);
  CHECK(meter.steps(0x3020) == 99'999'998);
  set(forward, 99'999'999, 999'999);
  CHECK(meter.steps(0x3220) == 99'999'999);  // 999 999.99
  CHECK(meter.value(0x3220) == 999'999.9375F);
  set(forward, 100'000'000, 0);
  CHECK(meter.steps(0x3220) == 0);
  CHECK(meter.value(0x3220) == 0.0F);
  set(forward, 100'000'001, 0);
  CHECK(meter.steps(0x3020) == 1);
  CHECK(meter.steps(0x3000) == 1);

  set(forward, 0, 0);
  set_code(meter, CombinedCode::forward_minus_reverse);
  set(reverse, 9'999'999, 999'999);
  CHECK(meter.steps(0x3000) == -9'999'999);  // −99 999.99
  CHECK(meter.value(0x3000) == -99'999.984375F);
  set(reverse, 10'000'000, 0);
  CHECK(meter.steps(0x3000) == 0);
  CHECK(meter.value(0x3000) == -100'000.0F);
  set(reverse, 10'000'001, 0);
  CHECK(meter.steps(0x3000) == -1);
  set(reverse, 100'000'000, 0);
  CHECK(meter.value(0x3000) == 0.0F);
  CHECK(meter.bytes(0x3000) == "00000000");  // no minus zero
}

TEST_CASE("An energy row's float never shows more than the display, whatever the sign") {
  std::mt19937_64 random(5);
  for (int n = 0; n < 100'000; ++n) {
    const auto size = static_cast<std::int64_t>(random() % 10'000'000);
    const std::int64_t steps = random() % 2 == 0 ? size : -size;
    const double shown = std::abs(static_cast<double>(float_of(energy_float(steps))));
    REQUIRE(shown * 100.0 <= static_cast<double>(size));
    const double next = std::nextafter(static_cast<float>(shown), 1e9F);
    REQUIRE(next * 100.0 > static_cast<double>(size));
  }
}

TEST_CASE("The day counter is forward energy of all tariffs since it was set to 0") {
  RowMeter meter;
  CHECK(find(0xF060)->second_address == 0x6049);
  fill(meter);
  CHECK(meter.steps(0xF060) == filled(0, Kind::active, Direction::forward) * 100);
  CHECK(meter.write_word(0xF060, 0x3F800000) == WriteResult::bad_value);  // 1.0
  CHECK(meter.write_word(0xF060, 0) == WriteResult::ok);
  CHECK(meter.steps(0xF060) == 0);
  CHECK(meter.write_word(0xF060, 0) == WriteResult::unchanged);
  add(meter.energy.accounts.total.of(Kind::active, Direction::forward, Tariff::t1),
      40'000'000'000'000U);
  add(meter.energy.accounts.total.of(Kind::active, Direction::forward, Tariff::t2),
      9'999'999'000'000U);
  add(meter.energy.accounts.total.of(Kind::active, Direction::reverse, Tariff::t2),
      90'000'000'000'000U);
  CHECK(meter.steps(0xF060) == 4);  // 0.049 99
  CHECK(meter.steps(0x3020) == filled(0, Kind::active, Direction::forward) * 100 + 4);
  CHECK(meter.write_word(0xF060, 0, Port::modbus) == WriteResult::read_only);
}
