// A serial line of the meter as levels on ports: true is mark, the idle level.
//
// What is sent appears at the picosecond of its edge. What comes in acts at once, without the
// input delay: a character shows to the CPU nine bit times after its start edge at the soonest, and
// the CPU never runs further ahead than that.
#pragma once

#include <deque>

#include "models/pins/line.h"
#include "tools/embedding/output_wire.h"

namespace vmeter {

using models::pins::Ps;

/// The pins of a transceiver. An open `rx` is mark for ever.
struct SerialPorts {
  OptionalIn<bool>& rx;
  OptionalOut<bool>& tx;
  OptionalOut<bool>* tx_enable;  ///< the driver is on; null where there is no such pin
};

class SerialPins final : public sc_core::sc_module, public models::pins::LinePort {
 public:
  SC_HAS_PROCESS(SerialPins);

  /// The ports must outlive this.
  SerialPins(const sc_core::sc_module_name& name, const SerialPorts& ports);
  /// Whoever hears what comes in at rx; once, before the simulation.
  void listen(models::pins::LineListener& listener) { listener_ = &listener; }

  void drive(Ps t, models::pins::LineDrive what) override;
  void cut(Ps t) override;
  std::uint64_t marks_at(const Ps* instants, int count) const override;
  Ps next_fall(Ps from) const override;

 private:
  struct Edge {
    Ps t;
    bool mark;
  };
  struct Announced {
    Ps t;
    models::pins::LineDrive what;
  };

  void end_of_elaboration() override;
  void start_of_simulation() override;
  void receive();
  void send();
  bool mark_at(Ps t) const;

  SerialPorts ports_;
  models::pins::LineListener* listener_ = nullptr;
  OutputWire tx_;
  OptionalOut<bool> nobody_{"nobody"};
  OutputWire tx_enable_;
  std::deque<Edge> heard_;         ///< rising in time, alternating; never empty
  std::deque<Announced> to_send_;  ///< what has not come yet
  sc_core::sc_event due_{"due"};
};

}  // namespace vmeter
