// LCD controller: four commons, twenty segment lines, 64 frames a second.
//
//   offset      name       access  reset  bits
//   0x00        CONTROL    R/W     0      bit 0 enable
//   0x10 + 4n   SEGMENT_n  R/W     0      19…0: segment lines that are on with common n = 0…3
//
// A frame is four slots of 128 ticks of 1/32 768 s, one a common; frames begin at multiples of
// 512 ticks after power-on. At its begin the segments are taken over for the whole frame: what a
// write that commits at edge c put there shows from the first frame that begins after c. A frame
// that begins between two of four writes shows what stands there by then. Enabling and
// disabling show from the first frame after c too; a reset darkens the glass one clock after its
// edge, the loss of the supply at its edge. Behind the APB bridge.
//
// Nothing ticks: a frame is due only when it would show something else. With a trace (off unless
// asked for) every slot of an enabled controller is reported as an event of its instance:
//   slot  com 0…3, segments (mask of the lines), inverted (every other frame, so that the glass
//         sees no direct voltage)
#pragma once

#include <array>
#include <string>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "models/pins/display.h"
#include "models/pins/event_sink.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

struct LcdTrace {
  std::string instance;                    ///< "<id>.lcd"
  models::pins::EventSink* log = nullptr;  ///< null: no tracing
};

class Lcd : public RegisterTarget {
 public:
  using Segments = models::pins::GlassSegments;

  struct State {
    bool enabled;
    Segments written;  ///< segment RAM
    Segments visible;  ///< what the glass has been told
    Cycle change_due;  ///< edge at which it will be told something else, else cycle_never
    Cycle slot_due;    ///< of the next slot that is reported, else cycle_never
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// `glass` may be null: nobody looks.
  Lcd(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
      const CoreCounter& counter, models::pins::Glass* glass, LcdTrace trace = {});

  void reset(Cycle at) override;
  void power_off(Cycle at) override;
  const State& state() const { return state_; }
  /// At edge `at`, the first that has not been served. Slots are reported as this controller's
  /// trace asks for, whatever the saved one's did.
  void restore(const State& state, Cycle at);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  /// The first frame that begins after edge `at`.
  Cycle next_frame(Cycle at) const;
  void switch_on(Cycle at, bool enabled);
  void plan(Cycle at);
  void change_at(Cycle edge);
  void show(Cycle at);
  void report_slot(Cycle at);

  const CoreClock& clock_;
  const CoreCounter& counter_;
  models::pins::Glass* glass_;
  LcdTrace trace_;
  DueTime change_due_;
  DueTime slot_due_;
  State state_{};
};

}  // namespace peripherals
