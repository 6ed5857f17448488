// DMA: carries each sample set of the ADC to a double buffer in RAM, two blocks of 128 sets, and
// interrupts a block.
//
//   offset  name         access  reset        bits
//   0x00    CONTROL      R/W     0            bit 0 enable
//   0x04    DESTINATION  R/W     0x2000'0000  address of block 0, a multiple of 4; both blocks must
//                                             lie in RAM; a write while enabled is a bus error
//   0x08    STATUS       R/W1C   0            bit 0 block done (interrupt), bit 1 overrun: a block
//                                             was done before the last one's DONE was cleared
//   0x0C    BLOCKS_DONE  R       0            complete blocks since enable; the newest lies in
//                                             buffer (n − 1) & 1
//
// Set n is moved at edges [w, w + 14), w = START + 6144·n + 768, and stands in RAM at w + 14; with
// the last set of a block DONE rises at that edge. The DMA always wins the bus: an access of the
// CPU that would overlap [w, w + 14) waits until w + 14, wherever it goes. So no time of the DMA's
// ever depends on the CPU, and waiting is arithmetic.
// An enabling write that commits at edge c takes the sets with w > c, a disabling one keeps those
// with w < c. A start of the ADC begins a block anew, and so does an enabling write; an unfinished
// block is left as it is. No wait cycles.
//
// RAM is written lazily, when somebody reads it or a block is done.
#pragma once

#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/adc/adc.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"
#include "peripherals/memory/ram.h"

namespace peripherals {

class Dma : public RegisterTarget, public ConversionListener, public LazyWriter {
 public:
  struct State {
    bool enabled;
    std::uint32_t destination;
    std::uint32_t status;
    std::uint32_t blocks_done;
    std::int64_t first_set;  ///< the first that is moved at all
    std::int64_t next_set;   ///< the next to be written to RAM
    std::int32_t fill;       ///< sets of the present block that stand in RAM
  };
  static_assert(std::is_trivially_copyable_v<State>);

  Dma(const sc_core::sc_module_name& name, Agenda& agenda, IrqLine& irq, Adc& adc, Ram& ram);

  /// The first edge at or after `begin` from which on the bus is free for `cycles` cycles; for
  /// edges not before the last access of the CPU.
  Cycle bus_free_at(Cycle begin, int cycles);

  /// For one-cycle accesses from edge `begin` on: as long as they commit at or before the edge that
  /// is returned, the bus is free; `begin` inside a window.
  Cycle bus_free_until(Cycle begin);

  void conversion_started() override;
  void conversion_stopping(Cycle at) override;
  void catch_up(Cycle at) override;

  void reset(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  bool moving() const { return state_.enabled && adc_.running(); }
  void enable(Cycle at);
  void disable(Cycle at);
  void begin_block(std::int64_t first_set);
  void block_done();
  void schedule();
  void tell_irq();

  IrqLine& irq_;
  Adc& adc_;
  Ram& ram_;
  DueTime block_due_;
  /// Bus windows up to here are known: the gap [free_from_, free_until_) holds none.
  Cycle free_from_ = 0;
  Cycle free_until_ = 0;
  State state_{};
};

}  // namespace peripherals
