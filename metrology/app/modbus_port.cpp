#include "metrology/app/modbus_port.h"

#include "metrology/app/charges.h"
#include "metrology/app/meter_data.h"
#include "metrology/app/request_time.h"
#include "metrology/app/row_writes.h"
#include "metrology/protocol/modbus/register_access.h"

namespace metrology::app {

namespace {

constexpr std::uint32_t lead_max = 0xFFFF;

LineSettings wanted_line(const State& state) {
  return {state.settings.baud, state.settings.parity,
          static_cast<std::uint8_t>(state.settings.meter_id)};
}

/// Lets the settings' line hold, if it does not yet.
void follow_settings(State& state, hal::Bus& bus) {
  const LineSettings wanted = wanted_line(state);
  change(state.modbus.line, wanted, times_of(wanted), bus);
}

/// Lets settings hold that another port has changed, if no frame is on its way.
void follow_others(State& state, hal::Bus& bus) {
  const ModbusPort& port = state.modbus;
  if (same(port.line.settings, wanted_line(state)) || port.line.answering) return;
  if (port.slave.phase != modbus::Phase::idle) return;
  bus.disable_interrupts();
  if (nothing_waits(port.line, bus)) follow_settings(state, bus);
  bus.enable_interrupts();
}

// --- requests -----------------------------------------------------------------------------------

/// What the register access needs to write.
struct Writer {
  State& state;
  hal::Bus& bus;
  std::uint32_t heard_cycle;  ///< bits 31…0 of the core counter when the silence behind it was over
};

registers::WriteResult write_through(void* context, const registers::Row& row, registers::Port port,
                                     const std::uint8_t* bytes) {
  const Writer& writer = *static_cast<const Writer*>(context);
  return write_kept_row(writer.state, writer.bus, row, port, bytes,
                        time_of(writer.bus, writer.heard_cycle));
}

/// The slave as hear() wants it.
struct Receiver {
  State& state;
  hal::Bus& bus;

  bool is_idle() const { return state.modbus.slave.phase == modbus::Phase::idle; }

  void take(const HeardCharacter& character) {
    modbus::Slave& slave = state.modbus.slave;
    if (slave.phase == modbus::Phase::skipping && !character.first) {
      bus.charge(charges::modbus_skipped);
      return;
    }
    modbus::take(slave, {character.byte, character.damaged, character.after_gap, character.first},
                 state.modbus.line.settings.id);
    bus.charge(charges::modbus_character);
  }

  /// A frame is over that ended at `end_cycle`.
  void finish(std::uint32_t end_cycle) {
    ModbusPort& port = state.modbus;
    modbus::Request request{};
    if (!modbus::end_frame(port.slave, request)) return;
    Writer writer{state, bus, end_cycle + times_of(port.line.settings).idle_cycles};
    const modbus::Bank bank{data_of(state), state.page.firmware == 2,
                            state.page.legacy_exceptions != 0, &writer, write_through};
    modbus::Answer answer{};
    const bool answered = modbus::carry_out(request, port.line.settings.id, bank, answer);
    bus.charge(charges::modbus_request, charges::modbus_answer_byte,
               static_cast<std::uint32_t>(answer.size));
    if (!answered) return;
    send(port.line, bus, answer.bytes, answer.size,
         end_cycle + reply_cycles(port.line.settings, state.page.reply_delay_ms));
  }
};

bool may_be_open(const State& state) { return state.storage.loaded && !state.power.failing; }

}  // namespace

LineTimes times_of(const LineSettings& line) {
  const std::int64_t character_bits = line.parity == registers::Parity::even ? 11 : 10;
  const std::uint32_t bit_cycles = half_bits_in_cycles(2, line.baud);
  return {divider_of(line.baud), half_bits_in_cycles(3 * character_bits, line.baud),
          half_bits_in_cycles(7 * character_bits, line.baud),
          bit_cycles < lead_max ? bit_cycles : lead_max};
}

std::uint32_t reply_cycles(const LineSettings& line, std::uint32_t reply_delay_ms) {
  const std::uint32_t delay = ms_in_cycles(reply_delay_ms);
  const std::uint32_t least = times_of(line).idle_cycles + processing_allowance_cycles;
  return delay > least ? delay : least;
}

void note_modbus(State& state, hal::Bus& bus) {
  if (!note(state.modbus.line, bus)) return;
  modbus::reset(state.modbus.slave);
  follow_settings(state, bus);
}

bool modbus_work_pending(const State& state) {
  if (!hal::has_modbus(state.page.variant)) return false;
  const BusLine& line = state.modbus.line;
  return line.open != may_be_open(state) || (line.ends != 0 && !line.answering);
}

void run_modbus(State& state, hal::Bus& bus) {
  if (!hal::has_modbus(state.page.variant)) return;
  ModbusPort& port = state.modbus;
  if (port.line.open != may_be_open(state)) {
    if (port.line.open) {
      close(port.line, bus);
    } else {
      modbus::reset(port.slave);
      const LineSettings wanted = wanted_line(state);
      open(port.line, wanted, times_of(wanted), bus);
    }
  }
  if (!port.line.open) return;
  if (port.line.ends != 0 && !port.line.answering) {
    Receiver receiver{state, bus};
    hear(port.line, bus, receiver);
  }
  follow_others(state, bus);
}

}  // namespace metrology::app
