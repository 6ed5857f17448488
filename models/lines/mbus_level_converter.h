// What joins a serial port to a master's end of an M-Bus: it feeds the bus while its power is on,
// and what the port releases is a mark.
//
// Without power the bus has none, and what the port sends is lost, a character under way included;
// when power comes back the bus is at mark until the port says otherwise.
#pragma once

#include "models/pins/line.h"

namespace models::lines {

struct MbusLevelConverterState {
  bool on = false;
  pins::Ps own = pins::ps_never;  ///< from when on, if that was not the port's doing
};

class MbusLevelConverter final : public pins::LinePort {
 public:
  /// `bus`, a master's end, must outlive this. At first power is off.
  explicit MbusLevelConverter(pins::LinePort& bus) : bus_(bus) {}

  /// `t`: kernel time. Switching to what it is already changes nothing.
  void power(pins::Ps t, bool on);
  bool powered() const { return state_.on; }

  void drive(pins::Ps t, pins::LineDrive what) override;
  void cut(pins::Ps t) override;
  std::uint64_t marks_at(const pins::Ps* instants, int count) const override {
    return bus_.marks_at(instants, count);
  }
  pins::Ps next_fall(pins::Ps from) const override { return bus_.next_fall(from); }

  const MbusLevelConverterState& state() const { return state_; }
  void restore(const MbusLevelConverterState& state) { state_ = state; }

 private:
  void mark(pins::Ps t);

  pins::LinePort& bus_;
  MbusLevelConverterState state_;
};

}  // namespace models::lines
