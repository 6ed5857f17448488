// The UART of terminals 22/23, as both of the protocols that may stand behind it drive it:
//
//   uart irq → note():   notes the instant of a frame's end; says when an answer is out
//   main loop → hear():  gives a receiver the characters that wait, a frame's end behind each frame
//               send():  arms an answer, counted from the request's end
//
// What is said on the line between a request and the end of its answer is not heard [twin].
#pragma once

#include <cstdint>

#include "metrology/app/bus_line_state.h"
#include "metrology/app/charges.h"
#include "metrology/hal/bus.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

/// Limits of a line, in core clocks.
struct LineTimes {
  std::uint32_t divider;      ///< bit time in 1/16 clock, to nearest
  std::uint32_t gap_cycles;   ///< silence that tears a frame
  std::uint32_t idle_cycles;  ///< silence that ends it
  std::uint32_t lead_cycles;  ///< driver on before the first start edge
};

/// Bit time in 1/16 core clock, to nearest.
std::uint32_t divider_of(std::uint16_t baud);
/// `half_bits` half bit times in core clocks, rounded up.
std::uint32_t half_bits_in_cycles(std::int64_t half_bits, std::int64_t baud);
/// Milliseconds in core clocks, rounded up.
std::uint32_t ms_in_cycles(std::uint32_t ms);

bool sounds_the_same(const LineSettings& a, const LineSettings& b);
bool same(const LineSettings& a, const LineSettings& b);

/// Lets `wanted` hold. Interrupts disabled, or in the handler; nothing is armed or being sent.
void change(BusLine& line, const LineSettings& wanted, const LineTimes& times, hal::Bus& bus);
/// Whether, with interrupts disabled, no character and no frame's end waits.
bool nothing_waits(const BusLine& line, hal::Bus& bus);

/// For tasks; interrupts are enabled afterwards. close() cuts an answer that is armed or being
/// sent.
void open(BusLine& line, const LineSettings& wanted, const LineTimes& times, hal::Bus& bus);
void close(BusLine& line, hal::Bus& bus);

/// The UART's interrupt. true: an answer is out; what came before its end is forgotten.
bool note(BusLine& line, hal::Bus& bus);

/// Arms an answer whose first start edge is at `start_cycle`, bits 31…0 of the core counter.
void send(BusLine& line, hal::Bus& bus, const std::uint8_t* bytes, int count,
          std::uint32_t start_cycle);

/// A character as the UART received it.
struct HeardCharacter {
  std::uint8_t byte;
  bool damaged;    ///< parity, framing, break, or others lost before it
  bool after_gap;  ///< beyond LineTimes::gap_cycles
  bool first;      ///< beyond LineTimes::idle_cycles
};
HeardCharacter heard(std::uint32_t rx_data);

/// Takes the frame ends noted by now, and returns how many.
int take_ends(BusLine& line, hal::Bus& bus, std::uint32_t (&end_cycle)[frame_end_count]);

/// Gives `receiver` what waits in the FIFO, up to a request that is answered. A frame is over
/// before a first character; the last one when nothing came since its end was noted. The receiver
/// has
///   bool is_idle()                         nothing of a frame was taken yet
///   void take(HeardCharacter)              takes it, and charges for it
///   void finish(std::uint32_t end_cycle)   a frame is over
template <typename Receiver>
void hear(BusLine& line, hal::Bus& bus, Receiver& receiver) {
  std::uint32_t end_cycle[frame_end_count];
  const int count = take_ends(line, bus, end_cycle);
  const std::uint32_t newest_cycle = bus.read(hal::uart::bus_base + hal::uart::rx_end);
  bus.charge(charges::task_entry);
  int next = 0;
  for (;;) {
    const std::uint32_t word = bus.read(hal::uart::bus_base + hal::uart::rx_data);
    if ((word & hal::uart::rx_none) != 0) break;
    const HeardCharacter character = heard(word);
    if (character.first && !receiver.is_idle() && next < count) {
      receiver.finish(end_cycle[next++]);
      if (line.answering) return;
    }
    receiver.take(character);
  }
  if (next < count && end_cycle[count - 1] == newest_cycle) receiver.finish(newest_cycle);
}

}  // namespace metrology::app
