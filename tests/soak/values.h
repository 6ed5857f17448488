// What a row of the register matrix may read, by the matrix of the manual, by what flows at the
// terminals, and by what the counters stood at before and after.
#pragma once

#include <optional>
#include <string>

#include "tests/soak/weather.h"

namespace soak {

enum class RowType { integer, bcd, real, text };

struct Row {
  std::uint16_t address;
  std::uint8_t bytes;
  RowType type;
  bool writable = false;  ///< over the bus
};

/// The matrix as every port shows it (manual §8, and the five rows that it leaves out), in order.
const std::vector<Row>& matrix();
const Row* row_at(std::uint32_t address);

/// What the settings are, as far as the soak has set them.
struct Settings {
  std::uint32_t serial = serial_number;  ///< BCD
  std::uint16_t id = 1;
  std::uint16_t baud = 9600;
  std::uint32_t s0_rate_centi = 100'000;
  std::uint16_t combined_code = 5;
  std::uint16_t lcd_s = 10;
  std::uint32_t ir_password = 0;  ///< BCD
};

/// Whether the value may be written; `code` is the combined code in force.
bool may_write(const Row& row, double value, std::uint16_t code, bool mbus);
/// The rates in imp/kWh.
inline constexpr double s0_rates[] = {10'000, 2000, 1000, 100, 10, 1, 0.1, 0.01};
inline constexpr std::uint16_t bus_bauds[] = {9600, 4800, 2400, 1200, 600, 300};
inline constexpr std::uint16_t combined_codes[] = {1, 4, 5, 6, 9, 10};

/// A look at the meter just before a request is sent, to judge values by.
class Judge {
 public:
  Judge(World& world, Weather& weather) : world_(world), weather_(weather) {}

  Settings settings;
  /// Before a request that may read values.
  void look() {
    before_ = world_.kept();
    looked_ = world_.now();
  }
  /// What is wrong with `value` of a row, in the row's unit; a real may be off by `resolution`
  /// beside what it is rounded to. Empty: nothing.
  std::string wrong(const Row& row, double value, double resolution = 0) const;
  /// The firmware's settings against those that were set: nobody else may have.
  std::string settings_wrong() const;
  double combined(double forward, double reverse) const;

 private:
  std::string wrong_energy(std::uint16_t address, double value, double resolution) const;
  std::string wrong_measured(std::uint16_t address, double value, double resolution) const;
  bool steady() const;

  World& world_;
  Weather& weather_;
  Kept before_;
  Ps looked_ = 0;
};

}  // namespace soak
