// A meter with everything that a power cut touches: mains of three phases, the supply with its
// hold-up, the EEPROM on a bus that is listened to, and the firmware's state at any instant.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/eeprom/eeprom.h"
#include "models/supply/supply.h"
#include "tests/end_to_end/kept.h"
#include "tests/end_to_end/workbench.h"

namespace end_to_end {

/// What the meter told of itself.
struct Chronicle : models::pins::EventSink {
  struct Write {
    Ps stop;
    std::uint32_t page;
  };
  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;

  std::array<std::int64_t, Kept::outputs> started{};  ///< pulses at the terminals
  std::vector<Write> writes;                          ///< of the EEPROM
  int torn = 0;
  std::vector<Ps> warnings;  ///< mains reported lost
  int resets = 0;
};

/// Listens to the wires between I²C master and EEPROM.
class Tap : public models::pins::I2cDevice {
 public:
  explicit Tap(models::pins::I2cDevice& device) : device_(device) {}
  void start(Ps t) override { device_.start(t); }
  void stop(Ps t) override { device_.stop(t); }
  bool scl_falls(Ps t) override { return device_.scl_falls(t); }
  void scl_rises(Ps t, bool sda) override;
  void write_protect(Ps t, bool on) override { device_.write_protect(t, on); }
  void power(Ps t, bool on) override { device_.power(t, on); }

  bool listening = false;
  std::vector<Ps> bits;  ///< SCL's rising edges while it listens

 private:
  models::pins::I2cDevice& device_;
};

class PowerBench : private models::pins::WorldSchedule {
 public:
  struct Setup {
    Ps holdup = models::supply::default_holdup_ps;
    /// On every phase; the third one feeds back.
    double current_A = 60;
    std::uint32_t s0_rate_centi = 1'000'000;
    std::uint64_t seed = 0;
    std::vector<std::uint8_t> image;
  };
  explicit PowerBench(const Setup& setup);
  ~PowerBench() override;

  Ps now() const;
  void run_until(Ps t);
  void run_for(Ps duration) { run_until(now() + duration); }
  /// Runs on in steps of `step` until `holds`; throws std::runtime_error after `limit`.
  void run_to(const std::function<bool()>& holds, Ps step, Ps limit, const char* what);

  /// All phases go to `voltage_V` now.
  void set_mains(double voltage_V);
  void set_current(double current_A);
  /// For scripts in advance; follow with announce().
  models::grid::Grid& grid() { return grid_; }
  void announce() { supply_->advance(now()); }
  /// The internal supply is gone now, for `duration`.
  void cut_supply(Ps duration) { supply_->cut(now(), duration); }
  /// Two bytes into a row through the debug port; runs until it is answered if `waits`.
  void write_row(std::uint32_t row, std::uint16_t value, bool waits = true);
  /// Four bytes, without waiting: several are answered one after the other.
  void begin_write(std::uint32_t row, std::int32_t value);

  /// A row that was written is not answered yet.
  bool is_asking() const { return meter_->debug_port().waiting() > 0; }

  /// The firmware that runs has loaded its counters.
  bool loaded() const;
  const metrology::app::State& firmware() const;
  Kept kept() const { return kept_of(firmware()); }
  /// The self-test's digit e.
  bool memory_good() const;
  /// Runs until the save under way, or about to begin, is over.
  void run_saved();

  const models::eeprom::Eeprom& eeprom() const { return eeprom_; }
  const models::supply::Supply& supply() const { return *supply_; }
  const platform::Meter& meter() const { return *meter_; }
  const std::array<std::uint32_t, 4>& rates() const { return rates_; }
  Tap& tap() { return tap_; }
  Chronicle chronicle;

 private:
  Ps next_event() const override { return horizon_; }

  Ps horizon_ = 0;
  double voltage_V_ = 230;
  double current_A_;
  models::grid::Grid grid_;
  models::wiring::Terminals terminals_;
  models::thermal::Ambient air_;
  models::sensors::FrontEnd front_end_;
  models::eeprom::Eeprom eeprom_;
  Tap tap_{eeprom_};
  std::array<std::uint32_t, 4> rates_;
  std::unique_ptr<platform::Meter> meter_;
  std::unique_ptr<models::supply::Supply> supply_;
};

}  // namespace end_to_end
