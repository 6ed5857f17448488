#include "metrology/app/modbus_port.h"

#include "metrology/app/charges.h"
#include "metrology/app/meter_data.h"
#include "metrology/app/row_writes.h"
#include "metrology/hal/memory_map.h"
#include "metrology/protocol/modbus/register_access.h"

namespace metrology::app {

namespace {

namespace uart = hal::uart;

constexpr std::uint32_t at(std::uint32_t offset) { return uart::bus_base + offset; }

constexpr std::uint32_t interrupting = uart::status_frame_end | uart::status_tx_done;
constexpr std::uint32_t clearable =
    interrupting | uart::status_tx_late | uart::status_overrun | uart::status_tx_overflow;
constexpr std::uint32_t lead_max = 0xFFFF;

/// `half_bits` half bit times in core clocks, rounded up.
std::uint32_t half_bits_in_cycles(std::int64_t half_bits, std::int64_t baud) {
  return static_cast<std::uint32_t>((half_bits * hal::core_hz + 2 * baud - 1) / (2 * baud));
}

// --- line ---------------------------------------------------------------------------------------

LineSettings wanted_line(const State& state) {
  return {state.settings.baud, state.settings.parity,
          static_cast<std::uint8_t>(state.settings.meter_id)};
}

bool sounds_the_same(const LineSettings& a, const LineSettings& b) {
  return a.baud == b.baud && a.parity == b.parity;
}

bool same(const LineSettings& a, const LineSettings& b) {
  return sounds_the_same(a, b) && a.id == b.id;
}

/// Interrupts disabled, or in the handler; nothing is armed or being sent.
void configure_uart(const LineSettings& line, hal::Bus& bus) {
  const LineTimes times = times_of(line);
  const std::uint32_t parity =
      line.parity == registers::Parity::even ? uart::control_parity_even : 0U;
  bus.write(at(uart::divider), times.divider);
  bus.write(at(uart::rx_gap), times.gap_cycles);
  bus.write(at(uart::rx_idle), times.idle_cycles);
  bus.write(at(uart::tx_driver), times.lead_cycles);  // tail 0
  bus.write(at(uart::control), uart::control_enable | uart::control_mute | parity);
}

/// Lets the settings' line hold, if it does not yet.
void follow_settings(State& state, hal::Bus& bus) {
  ModbusPort& port = state.modbus;
  const LineSettings line = wanted_line(state);
  if (!sounds_the_same(line, port.line)) configure_uart(line, bus);
  port.line = line;
}

void open(State& state, hal::Bus& bus) {
  ModbusPort& port = state.modbus;
  bus.disable_interrupts();
  modbus::reset(port.slave);
  port.open = true;
  port.ends = 0;
  port.line = wanted_line(state);
  bus.write(at(uart::rx_flush), 1);
  bus.write(at(uart::status), clearable);
  bus.write(at(uart::irq_enable), interrupting);
  configure_uart(port.line, bus);
  bus.enable_interrupts();
}

void close(State& state, hal::Bus& bus) {
  ModbusPort& port = state.modbus;
  bus.disable_interrupts();
  bus.write(at(uart::irq_enable), 0);
  bus.write(at(uart::command), uart::command_abort);
  bus.write(at(uart::control), 0);
  port.open = false;
  port.answering = false;
  bus.enable_interrupts();
}

/// Lets settings hold that another port has changed, if no frame is on its way.
void follow_others(State& state, hal::Bus& bus) {
  ModbusPort& port = state.modbus;
  if (same(port.line, wanted_line(state)) || port.answering) return;
  if (port.slave.phase != modbus::Phase::idle || port.ends != 0) return;
  bus.disable_interrupts();
  if (bus.read(at(uart::rx_level)) == 0) follow_settings(state, bus);
  bus.enable_interrupts();
}

// --- requests -----------------------------------------------------------------------------------

/// What the register access needs to write.
struct Writer {
  State& state;
  hal::Bus& bus;
};

registers::WriteResult write_through(void* context, const registers::Row& row, registers::Port port,
                                     const std::uint8_t* bytes) {
  const Writer& writer = *static_cast<const Writer*>(context);
  return write_kept_row(writer.state, writer.bus, row, port, bytes);
}

/// Arms the answer, counted from the request's end.
void send(State& state, hal::Bus& bus, const modbus::Answer& answer, std::uint32_t end_cycle) {
  for (int n = 0; n < answer.size; ++n) bus.write(at(uart::tx_data), answer.bytes[n]);
  bus.write(at(uart::tx_start),
            end_cycle + reply_cycles(state.modbus.line, state.page.reply_delay_ms));
  state.modbus.answering = true;
  bus.write(at(uart::command), uart::command_start_at);
}

/// A frame is over that ended at `end_cycle`.
void finish_frame(State& state, hal::Bus& bus, std::uint32_t end_cycle) {
  ModbusPort& port = state.modbus;
  modbus::Request request{};
  if (!modbus::end_frame(port.slave, request)) return;
  Writer writer{state, bus};
  const modbus::Bank bank{data_of(state), state.page.firmware == 2,
                          state.page.legacy_exceptions != 0, &writer, write_through};
  modbus::Answer answer{};
  const bool answered = modbus::carry_out(request, port.line.id, bank, answer);
  bus.charge(charges::modbus_request +
             static_cast<std::uint32_t>(answer.size) * charges::modbus_answer_byte);
  if (answered) send(state, bus, answer, end_cycle);
}

modbus::Character character_of(std::uint32_t word) {
  const bool first = (word & uart::rx_first) != 0;
  constexpr std::uint32_t damage = uart::rx_parity_error | uart::rx_framing_error | uart::rx_break;
  // What was lost before the first character belongs to the frame before.
  const std::uint32_t damaged = word & (first ? damage : damage | uart::rx_overrun);
  return {static_cast<std::uint8_t>(word & uart::rx_byte), damaged != 0,
          (word & uart::rx_after_gap) != 0, first};
}

/// Takes the frame ends noted by now.
int take_ends(ModbusPort& port, hal::Bus& bus, std::uint32_t (&end_cycle)[frame_end_count]) {
  bus.disable_interrupts();
  const int count = port.ends;
  for (int n = 0; n < count; ++n) end_cycle[n] = port.end_cycle[n];
  port.ends = 0;
  bus.enable_interrupts();
  return count;
}

/// Gives the slave what waits in the FIFO, up to a request that is answered. A frame is over before
/// a first character; the last one when nothing came since its end was noted.
void hear(State& state, hal::Bus& bus) {
  ModbusPort& port = state.modbus;
  std::uint32_t end_cycle[frame_end_count];
  const int count = take_ends(port, bus, end_cycle);
  const std::uint32_t newest_cycle = bus.read(at(uart::rx_end));
  int next = 0;
  std::uint32_t cycles = 0;
  for (;;) {
    const std::uint32_t word = bus.read(at(uart::rx_data));
    if ((word & uart::rx_none) != 0) break;
    const modbus::Character character = character_of(word);
    if (port.slave.phase == modbus::Phase::skipping && !character.first) {
      cycles += charges::modbus_skipped;
      continue;
    }
    if (character.first && port.slave.phase != modbus::Phase::idle && next < count) {
      bus.charge(cycles);
      cycles = 0;
      finish_frame(state, bus, end_cycle[next++]);
      if (port.answering) return;
    }
    modbus::take(port.slave, character, port.line.id);
    cycles += charges::modbus_character;
  }
  bus.charge(cycles);
  if (next < count && end_cycle[count - 1] == newest_cycle) {
    finish_frame(state, bus, newest_cycle);
  }
}

bool may_be_open(const State& state) { return state.storage.loaded && !state.power.failing; }

}  // namespace

LineTimes times_of(const LineSettings& line) {
  const bool parity = line.parity == registers::Parity::even;
  const std::int64_t character_bits = parity ? 11 : 10;
  const std::int64_t baud = line.baud;
  const std::uint32_t bit_cycles = half_bits_in_cycles(2, baud);
  return {static_cast<std::uint32_t>((16 * hal::core_hz + baud / 2) / baud),
          half_bits_in_cycles(3 * character_bits, baud),
          half_bits_in_cycles(7 * character_bits, baud),
          bit_cycles < lead_max ? bit_cycles : lead_max};
}

std::uint32_t reply_cycles(const LineSettings& line, std::uint32_t reply_delay_ms) {
  constexpr std::int64_t ms_per_second = 1000;
  const auto delay = static_cast<std::uint32_t>(
      (reply_delay_ms * hal::core_hz + ms_per_second - 1) / ms_per_second);
  const std::uint32_t least = times_of(line).idle_cycles + processing_allowance_cycles;
  return delay > least ? delay : least;
}

void note_modbus(State& state, hal::Bus& bus) {
  ModbusPort& port = state.modbus;
  const std::uint32_t status = bus.read(at(uart::status));
  bus.write(at(uart::status), status & clearable);
  if ((status & uart::status_tx_done) != 0) {
    bus.write(at(uart::rx_flush), 1);
    modbus::reset(port.slave);
    port.ends = 0;
    port.answering = false;
    follow_settings(state, bus);
  } else if ((status & uart::status_frame_end) != 0 && port.ends < frame_end_count) {
    port.end_cycle[port.ends] = bus.read(at(uart::rx_end));
    ++port.ends;
  }
}

bool modbus_work_pending(const State& state) {
  if (!hal::has_modbus(state.page.variant)) return false;
  const ModbusPort& port = state.modbus;
  return port.open != may_be_open(state) || (port.ends != 0 && !port.answering);
}

void run_modbus(State& state, hal::Bus& bus) {
  if (!hal::has_modbus(state.page.variant)) return;
  ModbusPort& port = state.modbus;
  if (port.open != may_be_open(state)) {
    if (port.open) {
      close(state, bus);
    } else {
      open(state, bus);
    }
  }
  if (!port.open) return;
  if (port.ends != 0 && !port.answering) hear(state, bus);
  follow_others(state, bus);
}

}  // namespace metrology::app
