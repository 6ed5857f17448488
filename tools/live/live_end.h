// The end of a line that a real master sits at: frames go onto the wires bit by bit, and what the
// meters send is told byte by byte.
#pragma once

#include <deque>
#include <functional>

#include "models/masters/serial_end.h"
#include "models/pins/event_sink.h"
#include "tools/engine/actor_process.h"
#include "tools/engine/led_line.h"

namespace tools::live {

using models::pins::Ps;

class LiveEnd final : models::masters::SerialListener, ScriptActor {
 public:
  using Heard = std::function<void(const models::masters::HeardCharacter&)>;

  /// During elaboration. Frames follow each other and answers with `silence` characters between
  /// them at least; 0: as they come. Events "byte" {value, start} and "heard" {value, start, good}
  /// of the line's port_instance() go to `sink`. A character during which the line says that ends
  /// were at odds is a damaged 00, as of a break: so a level converter tells of too much current
  /// [twin], without which two meters that say the same together would be taken for one. `line` and
  /// `sink` must outlive this.
  LiveEnd(LedLine& line, models::pins::EventSink& sink, int silence, Heard on_heard);

  /// A frame at the master's `baud`, from `t`, the present kernel time, on: as soon as the driver
  /// is on and the frame before it has gone. Of each byte as many bits as the line's characters
  /// have. Without bytes: only the rate is another, at which he hears, too. A rate holds when all
  /// has gone that was sent before.
  void send(Ps t, std::uint32_t baud, std::vector<std::uint8_t> bytes);
  /// When all frames have gone.
  Ps free_from() const { return serial_.free_from() + waiting_time_; }

 private:
  /// What waits for the rate before to be done with.
  struct Waiting {
    std::uint32_t baud;
    std::vector<std::uint8_t> bytes;
    Ps time;  ///< on the line
  };

  Ps next_event() const override { return serial_.next_event(); }
  void advance(Ps t) override;
  void proceed(Ps t);
  void start(Ps t, const std::vector<std::uint8_t>& bytes);
  void heard(const models::masters::HeardCharacter& character) override;
  void sent(const models::masters::HeardCharacter& character) override;

  const LedLine& line_;
  models::pins::EventSink& sink_;
  std::string instance_;
  models::masters::SerialEnd serial_;
  int silence_;
  Heard on_heard_;
  Ps heard_until_ = 0;
  std::deque<Waiting> waiting_;
  Ps waiting_time_ = 0;
  ActorProcess process_;
};

}  // namespace tools::live
