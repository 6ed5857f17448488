// A meter with all that can be under way at it, in a world that is a function of time alone: load
// that steps, a request after the other on the bus, a reader at the infra-red port, buttons, the
// tariff input, settings that are saved, a crystal that drifts, a flash cell that falls over, a cut
// of the supply. It can be built to go on from what was saved of another, in a process of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/display/display.h"
#include "models/eeprom/eeprom.h"
#include "models/receivers/led_observer.h"
#include "models/receivers/s0_receiver.h"
#include "platform/meter.h"
#include "tests/platform/support/script.h"

namespace test {

struct SavedWorldSpec {
  platform::SyncMode sync = platform::SyncMode::horizon;
  models::pins::Ps end = 0;      ///< in the world's time
  models::pins::Ps from = 0;     ///< what happens before is not performed
  models::pins::Ps zero = 0;     ///< kernel time 0 in the world's time
  platform::WideTime base = 0;   ///< of the world's time 0
  std::int32_t crystal_ppb = 0;  ///< at first
  double noise_codes = 0;
  bool awaits_state = false;
  bool trace_lcd = false;
  /// Voltages and currents of rectangles, which are the same to the last bit wherever time 0 lies:
  /// a tone's phase, given elsewhere, is rounded anew.
  bool rectangles = false;
};

/// All that a continuation needs.
struct SavedWorld {
  platform::SavedMeter meter;
  models::eeprom::EepromState eeprom;
  models::display::DisplayState display;
  models::receivers::S0State s0;
  models::receivers::LedState led;
};
std::string bytes_of(const SavedWorld& saved);
SavedWorld saved_world_of(const std::string& bytes);

/// Records as lines, with all instants in the world's time.
class WorldRecords : public models::pins::EventSink {
 public:
  explicit WorldRecords(models::pins::Ps zero) : zero_(zero) {}
  void record(models::pins::Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;

  std::vector<std::string> lines;

 private:
  models::pins::Ps zero_;
};

class World {
 public:
  explicit World(const SavedWorldSpec& spec);
  ~World();

  /// Whether rectangles change in (from, to].
  static bool waveform_changes(models::pins::Ps from, models::pins::Ps to);

  /// Runs on up to `t` of the world's time: what is due at `t` itself is still to come.
  void run_until(models::pins::Ps t);
  models::pins::Ps now() const;
  platform::Meter& meter() { return *meter_; }
  /// The meter must be quiet.
  SavedWorld saved() const;
  /// At the world's time of the saved one, or at kernel time 0 if that is it.
  void restore(SavedWorld saved);

  WorldRecords records;

 private:
  class Wire;

  void plan();
  void at(models::pins::Ps t, std::function<void()> what);

  SavedWorldSpec spec_;
  Script script_;
  std::vector<std::unique_ptr<models::pins::AnalogSource>> sources_;
  models::eeprom::Eeprom eeprom_;
  models::display::Display display_;
  models::receivers::S0Receiver s0_;
  models::receivers::LedObserver led_;
  std::unique_ptr<Wire> bus_;
  std::unique_ptr<Wire> head_;
  std::unique_ptr<platform::Meter> meter_;
};

}  // namespace test
