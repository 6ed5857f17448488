// All that the meter reports, counted, and held against the order that events must have.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/pins/event_sink.h"
#include "platform/event_log.h"
#include "tests/soak/broken.h"

namespace soak {

class Diary : public models::pins::EventSink {
 public:
  /// `log_path`: the event log of it all besides; empty for none.
  explicit Diary(const std::string& log_path);

  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;
  /// Ends the event log, if there is one.
  void finish(Ps end);

  static constexpr std::size_t outputs = 4;
  std::array<std::int64_t, outputs> started{};  ///< pulses at the terminals
  std::vector<Ps> warnings;                     ///< mains reported lost
  int power_ups = 0;
  std::string wrong_reset;  ///< the cause of any other reset
  std::string disorder;     ///< the first record that came out of order
  Ps last_write = 0;        ///< of a page of the EEPROM

 private:
  void check_order(Ps t, std::string_view instance, std::string_view event);

  std::optional<platform::EventLog> log_;
  std::map<std::string, Ps, std::less<>> last_;
};

}  // namespace soak
