// The end of a bus that a real master sits at: frames go onto the wires bit by bit, and what the
// meters send is told byte by byte.
#pragma once

#include <functional>

#include "models/masters/serial_end.h"
#include "models/pins/event_sink.h"
#include "tools/engine/actor_process.h"
#include "tools/engine/led_line.h"

namespace tools::live {

using models::pins::Ps;

class LiveEnd final : models::masters::SerialListener {
 public:
  using Heard = std::function<void(const models::masters::HeardCharacter&)>;

  /// During elaboration. `strict_gaps`: frames follow each other and answers as they come, else
  /// with 3.5 characters of silence at least [twin]: few masters wait, since their adapters do.
  /// Events "byte" {value, start} and "heard" {value, start, good}
  /// of "bus.port" go to `sink`. `bus` and `sink` must outlive this.
  LiveEnd(LedLine& bus, models::pins::EventSink& sink, bool strict_gaps, Heard on_heard);

  /// A frame at the master's `baud`, from `t`, the present kernel time, on: as soon as the driver
  /// is on and the frame before it has gone.
  void send(Ps t, std::uint32_t baud, const std::vector<std::uint8_t>& bytes);
  /// When all frames have gone.
  Ps free_from() const { return serial_.free_from(); }

 private:
  void heard(const models::masters::HeardCharacter& character) override;
  void sent(const models::masters::HeardCharacter& character) override;

  models::pins::EventSink& sink_;
  models::masters::SerialEnd serial_;
  bool strict_gaps_;
  Heard on_heard_;
  Ps heard_until_ = 0;
  ActingModel<models::masters::SerialEnd> actor_;
  ActorProcess process_;
};

}  // namespace tools::live
