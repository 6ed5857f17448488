// A serial line of the meter's, with a master at its other end who may say anything.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/lines/mbus_level_converter.h"
#include "models/lines/segment.h"
#include "models/masters/serial_end.h"
#include "models/random/random.h"
#include "tests/soak/broken.h"
#include "tools/engine/actor_process.h"

namespace soak {

using models::masters::HeardCharacter;
using models::masters::OutgoingCharacter;
using models::masters::SerialFormat;
using models::random::Random;

class Line : private models::masters::SerialListener {
 public:
  enum class Kind { rs485, mbus, optical };
  Line(Kind kind, const SerialFormat& format, std::uint64_t seed);

  models::pins::LinePort& meter_port() { return segment_->port(meter_end); }
  void connect(models::pins::LineListener& meter) { segment_->listen(meter_end, meter); }

  const SerialFormat& format() const { return serial_.format(); }
  void set_format(const SerialFormat& format);
  /// So many bit times of the present rate.
  Ps bits(std::uint64_t count) const { return format().time_of(count); }
  Ps characters(double count) const;

  /// Forgets what was heard and says this as soon as it may, after `silence` more; `heard_from` is
  /// then the instant from which on it can be heard.
  void say(std::vector<OutgoingCharacter> characters, Ps silence);
  bool sending() const { return serial_.sending(); }
  /// The end of the last character said.
  Ps said_until() const { return said_until_; }

  /// Since the last say().
  const std::vector<HeardCharacter>& heard() const { return heard_; }
  Bytes heard_bytes() const;
  /// All of them free of errors, no two of them further apart than `gap`.
  bool heard_well(Ps gap) const;
  void forget() { heard_.clear(); }

  /// Impulses at the meter's receiver (or the master's), in [from, to), each 1 µs … 1 ms wide.
  void strike(Random& random, bool at_meter, Ps from, Ps to, int count);

 private:
  static constexpr int meter_end = 0;
  static constexpr int master_end = 1;

  void heard(const HeardCharacter& character) override { heard_.push_back(character); }
  void sent(const HeardCharacter& character) override { said_until_ = character.end; }

  std::unique_ptr<models::lines::Segment> segment_;
  std::unique_ptr<models::lines::MbusLevelConverter> converter_;
  models::masters::SerialEnd serial_;
  tools::ActingModel<models::lines::Segment> segment_actor_;
  tools::ActingModel<models::masters::SerialEnd> serial_actor_;
  tools::ActorProcess segment_process_;
  tools::ActorProcess serial_process_;
  double impulse_V_;
  Ps struck_until_[2] = {0, 0};
  std::vector<HeardCharacter> heard_;
  Ps said_until_ = 0;
};

}  // namespace soak
