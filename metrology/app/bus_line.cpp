#include "metrology/app/bus_line.h"

namespace metrology::app {

namespace {

namespace uart = hal::uart;

constexpr std::uint32_t at(std::uint32_t offset) { return uart::bus_base + offset; }

constexpr std::uint32_t interrupting = uart::status_frame_end | uart::status_tx_done;
constexpr std::uint32_t clearable =
    interrupting | uart::status_tx_late | uart::status_overrun | uart::status_tx_overflow;

void configure(const LineSettings& line, const LineTimes& times, hal::Bus& bus) {
  const std::uint32_t parity =
      line.parity == registers::Parity::even ? uart::control_parity_even : 0U;
  bus.write(at(uart::divider), times.divider);
  bus.write(at(uart::rx_gap), times.gap_cycles);
  bus.write(at(uart::rx_idle), times.idle_cycles);
  bus.write(at(uart::tx_driver), times.lead_cycles);  // tail 0
  bus.write(at(uart::control), uart::control_enable | uart::control_mute | parity);
}

}  // namespace

std::uint32_t divider_of(std::uint16_t baud) {
  return static_cast<std::uint32_t>((16 * hal::core_hz + baud / 2) / baud);
}

std::uint32_t half_bits_in_cycles(std::int64_t half_bits, std::int64_t baud) {
  return static_cast<std::uint32_t>((half_bits * hal::core_hz + 2 * baud - 1) / (2 * baud));
}

std::uint32_t ms_in_cycles(std::uint32_t ms) {
  constexpr std::int64_t ms_per_second = 1000;
  return static_cast<std::uint32_t>((ms * hal::core_hz + ms_per_second - 1) / ms_per_second);
}

bool sounds_the_same(const LineSettings& a, const LineSettings& b) {
  return a.baud == b.baud && a.parity == b.parity;
}

bool same(const LineSettings& a, const LineSettings& b) {
  return sounds_the_same(a, b) && a.id == b.id;
}

void change(BusLine& line, const LineSettings& wanted, const LineTimes& times, hal::Bus& bus) {
  if (!sounds_the_same(wanted, line.settings)) configure(wanted, times, bus);
  line.settings = wanted;
}

bool nothing_waits(const BusLine& line, hal::Bus& bus) {
  return line.ends == 0 && bus.read(at(uart::rx_level)) == 0;
}

void open(BusLine& line, const LineSettings& wanted, const LineTimes& times, hal::Bus& bus) {
  bus.disable_interrupts();
  line.open = true;
  line.ends = 0;
  line.settings = wanted;
  bus.write(at(uart::rx_flush), 1);
  bus.write(at(uart::status), clearable);
  bus.write(at(uart::irq_enable), interrupting);
  configure(wanted, times, bus);
  bus.charge(charges::open_port);
  bus.enable_interrupts();
}

void close(BusLine& line, hal::Bus& bus) {
  bus.disable_interrupts();
  bus.write(at(uart::irq_enable), 0);
  bus.write(at(uart::command), uart::command_abort);
  bus.write(at(uart::control), 0);
  line.open = false;
  line.answering = false;
  bus.charge(charges::open_port);
  bus.enable_interrupts();
}

bool note(BusLine& line, hal::Bus& bus) {
  const std::uint32_t status = bus.read(at(uart::status));
  bus.write(at(uart::status), status & clearable);
  if ((status & uart::status_tx_done) != 0) {
    bus.write(at(uart::rx_flush), 1);
    line.ends = 0;
    line.answering = false;
    return true;
  }
  if ((status & uart::status_frame_end) != 0 && line.ends < frame_end_count) {
    line.end_cycle[line.ends] = bus.read(at(uart::rx_end));
    ++line.ends;
  }
  return false;
}

void send(BusLine& line, hal::Bus& bus, const std::uint8_t* bytes, int count,
          std::uint32_t start_cycle) {
  for (int n = 0; n < count; ++n) bus.write(at(uart::tx_data), bytes[n]);
  bus.charge(charges::arm_answer, charges::armed_byte, static_cast<std::uint32_t>(count));
  bus.write(at(uart::tx_start), start_cycle);
  line.answering = true;
  bus.write(at(uart::command), uart::command_start_at);
}

HeardCharacter heard(std::uint32_t rx_data) {
  const bool first = (rx_data & uart::rx_first) != 0;
  constexpr std::uint32_t damage = uart::rx_parity_error | uart::rx_framing_error | uart::rx_break;
  // What was lost before the first character belongs to the frame before.
  const std::uint32_t damaged = rx_data & (first ? damage : damage | uart::rx_overrun);
  return {static_cast<std::uint8_t>(rx_data & uart::rx_byte), damaged != 0,
          (rx_data & uart::rx_after_gap) != 0, first};
}

int take_ends(BusLine& line, hal::Bus& bus, std::uint32_t (&end_cycle)[frame_end_count]) {
  bus.disable_interrupts();
  const int count = line.ends;
  for (int n = 0; n < count; ++n) end_cycle[n] = line.end_cycle[n];
  line.ends = 0;
  bus.enable_interrupts();
  return count;
}

}  // namespace metrology::app
