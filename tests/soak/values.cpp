#include "tests/soak/values.h"

#include <algorithm>
#include <cmath>

namespace soak {

namespace {

constexpr double pi = 3.14159265358979323846;

/// A refresh a second over whole cycles, after what the change is on its way for.
constexpr Ps refreshed = 2'500 * ps_per_ms;

std::vector<Row> make_matrix() {
  std::vector<Row> rows = {{0x1000, 4, RowType::bcd},           {0x1010, 2, RowType::integer},
                           {0x1018, 2, RowType::integer, true}, {0x1020, 2, RowType::integer, true},
                           {0x1030, 32, RowType::text},         {0x1050, 4, RowType::real},
                           {0x1054, 4, RowType::real},          {0x1058, 4, RowType::real},
                           {0x1060, 2, RowType::integer},       {0x1062, 2, RowType::integer},
                           {0x1066, 4, RowType::real, true},    {0x107A, 2, RowType::integer, true},
                           {0x1510, 2, RowType::bcd, true}};
  for (const int address : {0x2008, 0x200C, 0x2010, 0x2020, 0x2068, 0x206C, 0x2070}) {
    rows.push_back({static_cast<std::uint16_t>(address), 4, RowType::real});
  }
  for (const int kind : {0x2080, 0x20A0, 0x20C0, 0x20E0}) {
    for (const int part : {0, 8, 12, 16}) {
      rows.push_back({static_cast<std::uint16_t>(kind + part), 4, RowType::real});
    }
  }
  rows.push_back({0x2200, 2, RowType::integer, true});
  for (const int tariff : {0, 0x100, 0x200}) {
    for (const int kind : {0, 0x20, 0x40, 0x60, 0x80, 0xA0}) {
      for (const int part : {0, 8, 12, 16}) {
        if (tariff != 0 && part != 0) continue;
        rows.push_back(
            {static_cast<std::uint16_t>(0x3000 + tariff + kind + part), 4, RowType::real});
      }
    }
  }
  return rows;
}

std::string complain(const char* what, double low, double high, double seen) {
  return std::string("expected ") + what + " of " + std::to_string(low) + " … " +
         std::to_string(high) + ", seen " + std::to_string(seen);
}

/// Which part of the total stands `offset` behind it: 0 … 2 a phase, 3 the total.
int part_of(int offset) { return offset == 0 ? 3 : offset / 4 - 2; }

}  // namespace

const std::vector<Row>& matrix() {
  static const std::vector<Row> rows = make_matrix();
  return rows;
}

const Row* row_at(std::uint32_t address) {
  for (const Row& row : matrix()) {
    if (row.address == address) return &row;
  }
  return nullptr;
}

bool may_write(const Row& row, double value, std::uint16_t code, bool mbus) {
  const auto is_in = [value](const auto& list) {
    return std::any_of(std::begin(list), std::end(list),
                       [value](auto entry) { return static_cast<double>(entry) == value; });
  };
  switch (row.address) {
    case 0x1018:
      return mbus ? value >= 0 && value <= 250 : value >= 1 && value <= 247;
    case 0x1020:
      return is_in(bus_bauds);
    case 0x1066:
      return std::any_of(std::begin(s0_rates), std::end(s0_rates), [value](double rate) {
        return static_cast<float>(rate) == static_cast<float>(value);
      });
    case 0x107A:
      return code != 10 && is_in(combined_codes);
    case 0x1510:
      return value >= 1 && value <= 30;
    case 0x2200:
      return value == 1 || value == 2 || value == 11 || value == 12;
    default:
      return false;
  }
}

double Judge::combined(double forward, double reverse) const {
  switch (settings.combined_code) {
    case 1:
      return forward;
    case 4:
      return reverse;
    case 5:
      return forward + reverse;
    case 6:
      return reverse - forward;
    default:
      return forward - reverse;
  }
}

bool Judge::steady() const {
  return looked_ > std::max(world_.changed_at(), weather_.answers_from()) + refreshed;
}

std::string Judge::wrong_energy(std::uint16_t address, double value, double resolution) const {
  const auto kind = static_cast<std::size_t>((address >> 5U) & 7U);  // 0 … 2 active, 3 … 5 reactive
  const auto part = static_cast<std::size_t>(part_of(address & 0x1F));
  const auto tariff = static_cast<int>((address >> 8U) & 3U);
  const Kept after = world_.kept();
  // Hundredths, before and after, forward and reverse.
  double hundredths[2][2] = {};
  for (std::size_t t = 0; t < 2; ++t) {
    if (tariff != 0 && tariff != static_cast<int>(t) + 1) continue;
    for (std::size_t direction = 0; direction < 2; ++direction) {
      const std::size_t counter = counter_of(t, part, kind / 3, direction);
      hundredths[0][direction] += static_cast<double>(before_.uWh[counter]) * 1e-7;
      hundredths[1][direction] += static_cast<double>(after.uWh[counter]) * 1e-7;
    }
  }
  double low = 0;
  double high = 0;
  if (kind % 3 == 0) {
    const double corners[] = {
        combined(hundredths[0][0], hundredths[0][1]), combined(hundredths[0][0], hundredths[1][1]),
        combined(hundredths[1][0], hundredths[0][1]), combined(hundredths[1][0], hundredths[1][1])};
    low = *std::min_element(std::begin(corners), std::end(corners));
    high = *std::max_element(std::begin(corners), std::end(corners));
  } else {
    low = hundredths[0][kind % 3 - 1];
    high = hundredths[1][kind % 3 - 1];
  }
  // Cut toward zero; a float may lie a digit of its own below.
  const double slack = resolution + 1e-6 * std::abs(value) + 1e-9;
  low = std::trunc(low - 1e-6) / 100;
  high = std::trunc(high + 1e-6) / 100;
  if (value >= low - slack && value <= high + slack) return {};
  return complain("an energy", low, high, value);
}

std::string Judge::wrong_measured(std::uint16_t address, double value, double resolution) const {
  const int group = address < 0x2080 ? 0 : (address - 0x2080) / 0x20;
  if (!steady()) {
    // Nothing that a meter of 3 × 276 V and 100 A, overshoot included, could not show.
    const double most = address < 0x2014 ? 400 : address < 0x2060 ? 80 : 250;
    if (std::abs(value) <= most) return {};
    return complain("a value", -most, most, value);
  }
  double expected = 0;
  double slack = resolution;
  if (address < 0x2014) {
    expected = world_.voltage_V((address - 0x2008) / 4);
    slack += 0.051 + 1e-3 * expected;
    return std::abs(value - expected) <= slack
               ? std::string()
               : complain("a voltage", expected - slack, expected + slack, value);
  }
  if (address == 0x2020) {
    slack += 0.02;
    return std::abs(value - 50) <= slack ? std::string()
                                         : complain("a frequency", 50 - slack, 50 + slack, value);
  }
  if (address < 0x2080) {
    const int phase = (address - 0x2068) / 4;
    const Load& load = world_.load(phase);
    expected = load.current_A * (std::cos(load.lag_deg * pi / 180) < 0 ? -1 : 1);
    slack += 0.0051 + 2e-3 * load.current_A;
    return std::abs(value - expected) <= slack
               ? std::string()
               : complain("a current", expected - slack, expected + slack, value);
  }
  if (group == 3) {
    return value >= 0 && value <= 1 ? std::string() : complain("a power factor", 0, 1, value);
  }
  const int part = part_of((address - 0x2080) % 0x20);
  for (int phase = 0; phase < phase_count; ++phase) {
    if (part != 3 && part != phase) continue;
    const Load& load = world_.load(phase);
    const double s_kVA = world_.voltage_V(phase) * load.current_A / 1000;
    const double angle = load.lag_deg * pi / 180;
    expected += group == 0 ? s_kVA * std::cos(angle) : group == 1 ? s_kVA * std::sin(angle) : s_kVA;
    slack += 0.0006 + 2e-3 * s_kVA;
  }
  if (std::abs(value - expected) <= slack) return {};
  return complain("a power", expected - slack, expected + slack, value);
}

std::string Judge::wrong(const Row& row, double value, double resolution) const {
  if (!std::isfinite(value)) return "expected a number, seen none";
  if (row.address >= 0x3000) return wrong_energy(row.address, value, resolution);
  if (row.address >= 0x2000 && row.address < 0x2200) {
    return wrong_measured(row.address, value, resolution);
  }
  double expected = 0;
  switch (row.address) {
    case 0x1010:
      expected = 0x0102;
      break;
    case 0x1018:
      expected = settings.id;
      break;
    case 0x1020:
      expected = settings.baud;
      break;
    case 0x1050:
    case 0x1054:
    case 0x1058:
      expected = 1.01;
      break;
    case 0x1060:
      expected = 100;
      break;
    case 0x1066:
      expected = settings.s0_rate_centi / 100.0;
      break;
    case 0x107A:
      expected = settings.combined_code;
      break;
    case 0x1510:
      expected = settings.lcd_s;
      break;
    case 0x2200:
      expected = weather_.tariff().t2 ? 2 : 1;
      break;
    default:
      break;  // no CT ratio, 0; serial number and name are judged as they come
  }
  const double slack = resolution + 1e-6 * expected;
  if (std::abs(value - expected) <= slack) return {};
  return complain("a setting", expected, expected, value);
}

std::string Judge::settings_wrong() const {
  const metrology::registers::Settings& in_force = world_.firmware().settings;
  const auto check = [](const char* what, std::uint64_t expected, std::uint64_t seen) {
    if (expected == seen) return std::string();
    return std::string("settings: expected ") + what + ' ' + std::to_string(expected) + ", seen " +
           std::to_string(seen);
  };
  for (const std::string& wrong : {check("ID", settings.id, in_force.meter_id),
                                   check("baud rate", settings.baud, in_force.baud),
                                   check("S0 rate", settings.s0_rate_centi, in_force.s0_rate_centi),
                                   check("scroll time", settings.lcd_s, in_force.lcd_cycle_s),
                                   check("serial number", settings.serial, in_force.serial_bcd),
                                   check("combined code", settings.combined_code,
                                         static_cast<std::uint64_t>(in_force.combined_code)),
                                   check("password", settings.ir_password, in_force.ir_password)}) {
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace soak
