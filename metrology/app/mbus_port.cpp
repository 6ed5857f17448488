#include "metrology/app/mbus_port.h"

#include "metrology/app/charges.h"
#include "metrology/app/meter_data.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/request_time.h"
#include "metrology/app/row_writes.h"
#include "metrology/app/timers.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

namespace metrology::app {

namespace {

constexpr int character_bits = 11;
constexpr std::uint32_t row_baud = 0x1020;
constexpr std::uint32_t trial_ticks = mbus_trial_seconds * hal::rtc::ticks_per_second;

/// `bits` bit times in core clocks, rounded up.
std::uint32_t bits_in_cycles(std::int64_t bits, std::uint16_t baud) {
  return half_bits_in_cycles(2 * bits, baud);
}

/// `count` characters without gaps, as the UART's divider has them.
std::int64_t characters_in_cycles(std::int64_t count, std::uint16_t baud) {
  return (count * character_bits * divider_of(baud) + 8) / 16;
}

// --- line ---------------------------------------------------------------------------------------

LineSettings wanted_line(const State& state) {
  const std::uint16_t trial = state.mbus.trial_baud;
  return {trial != 0 ? trial : state.settings.baud, registers::Parity::even,
          static_cast<std::uint8_t>(state.settings.meter_id)};
}

/// What was asked at another rate or address is no earlier frame of what is asked at `wanted`.
void forget_sequences(MbusPort& port, const LineSettings& wanted) {
  const bool new_rate = wanted.baud != port.line.settings.baud;
  if (new_rate) port.slave.selection.known = false;
  if (new_rate || wanted.id != port.line.settings.id) port.slave.own.known = false;
}

/// Lets the settings' line, or that on trial, hold, if it does not yet.
void follow_settings(State& state, hal::Bus& bus) {
  MbusPort& port = state.mbus;
  const LineSettings wanted = wanted_line(state);
  forget_sequences(port, wanted);
  change(port.line, wanted, mbus_times_of(wanted), bus);
}

/// Whether a frame is being received, as far as the main loop knows.
bool is_receiving(const MbusPort& port) { return port.slave.receiver.heard != 0; }

/// Lets settings hold that nobody's answer waits for, if no frame is on its way.
void follow_others(State& state, hal::Bus& bus) {
  const MbusPort& port = state.mbus;
  if (same(port.line.settings, wanted_line(state)) || port.line.answering || is_receiving(port)) {
    return;
  }
  bus.disable_interrupts();
  if (nothing_waits(port.line, bus)) follow_settings(state, bus);
  bus.enable_interrupts();
}

/// After a frame that was none: forgets it once so much silence is over that no frame can have
/// begun too early without having been received by now.
void rest(State& state, hal::Bus& bus) {
  MbusPort& port = state.mbus;
  if (!port.slave.receiver.after_error || is_receiving(port)) return;
  constexpr int wanted_bits = 33 + character_bits + 1;
  const std::uint32_t wanted = bits_in_cycles(wanted_bits, port.line.settings.baud);
  bus.disable_interrupts();
  const auto now = static_cast<std::uint32_t>(read_counter(bus));
  const bool quiet = nothing_waits(port.line, bus);
  bus.enable_interrupts();
  if (quiet && now - port.last_end_cycle > wanted) port.slave.receiver.after_error = false;
}

// --- rate on trial ------------------------------------------------------------------------------

/// From the end of the acknowledgement on, which begins at `start_cycle`. Looked at a character
/// late: what has begun in time has been received by then.
void begin_trial(State& state, hal::Bus& bus, std::uint16_t baud, std::uint32_t start_cycle) {
  MbusPort& port = state.mbus;
  if (baud == port.line.settings.baud) return;
  port.trial_baud = baud;
  bus.disable_interrupts();
  const auto now = static_cast<std::uint32_t>(read_counter(bus));
  const std::uint32_t tick = read_ticks(bus);
  bus.enable_interrupts();
  const std::uint32_t left =
      start_cycle - now +
      static_cast<std::uint32_t>(characters_in_cycles(1, port.line.settings.baud) +
                                 characters_in_cycles(1, baud));
  const std::uint32_t left_ticks = left / hal::rtc::core_cycles_per_tick + 1;
  set_timer(state.timers, bus, Timer::mbus_rate, tick + left_ticks + trial_ticks);
}

/// A whole frame was heard, at core clock `heard_cycle`. If the EEPROM cannot keep the rate, it
/// holds until the mains fail next, and the next frame tries again.
void confirm_trial(State& state, hal::Bus& bus, std::uint32_t heard_cycle) {
  MbusPort& port = state.mbus;
  if (port.trial_baud == 0 || port.line.settings.baud != port.trial_baud) return;
  cancel_timer(state.timers, bus, Timer::mbus_rate);
  std::uint8_t bytes[2];
  registers::put_big_endian(bytes, 2, port.trial_baud);
  const registers::WriteResult result =
      write_kept_row(state, bus, *registers::find(row_baud), registers::Port::mbus, bytes,
                     time_of(bus, heard_cycle));
  if (result != registers::WriteResult::not_stored) port.trial_baud = 0;
}

void end_trial(State& state, hal::Bus& bus) {
  if (state.mbus.trial_baud == 0) return;
  state.mbus.trial_baud = 0;
  cancel_timer(state.timers, bus, Timer::mbus_rate);
}

/// Two minutes are over; a frame that has begun within them may still be the one.
void fall_back(State& state, hal::Bus& bus) {
  MbusPort& port = state.mbus;
  constexpr std::uint32_t later_ticks = hal::rtc::ticks_per_second / 32;
  bus.disable_interrupts();
  const bool quiet = !is_receiving(port) && nothing_waits(port.line, bus);
  bus.enable_interrupts();
  if (quiet) {
    port.trial_baud = 0;
  } else {
    set_timer(state.timers, bus, Timer::mbus_rate, read_ticks(bus) + later_ticks);
  }
}

// --- frames -------------------------------------------------------------------------------------

/// What the application needs to write.
struct Writer {
  State& state;
  hal::Bus& bus;
  std::uint32_t heard_cycle;  ///< bits 31…0 of the core counter when the silence behind it was over
  std::uint32_t data_bytes;  ///< of the request
  bool has_looked;
};

/// Charges, once, for the look at all records up to the first write, or to the end without one.
/// Returns whether it has.
bool charge_look(Writer& writer) {
  if (writer.has_looked) return false;
  writer.bus.charge(charges::mbus_write, charges::mbus_written_byte, writer.data_bytes);
  writer.has_looked = true;
  return true;
}

/// Charges for what leads to the write of a row: a number is read from a float or not.
void charge_write(Writer& writer, const registers::Row& row) {
  if (charge_look(writer)) return;
  if (row.type == registers::ValueType::floating) {
    writer.bus.charge(charges::write_float_row);
  } else {
    writer.bus.charge(charges::write_row);
  }
}

registers::WriteResult write_through(void* context, const registers::Row& row,
                                     const std::uint8_t* bytes) {
  Writer& writer = *static_cast<Writer*>(context);
  charge_write(writer, row);
  return write_kept_row(writer.state, writer.bus, row, registers::Port::mbus, bytes,
                        time_of(writer.bus, writer.heard_cycle));
}

/// The slave as hear() wants it.
struct Receiver {
  State& state;
  hal::Bus& bus;

  bool is_idle() const { return !is_receiving(state.mbus); }

  void take(const HeardCharacter& character) {
    mbus::take(state.mbus.slave.receiver,
               {character.byte, character.damaged, character.after_gap, character.first});
    bus.charge(charges::mbus_character);
  }

  /// Whether 33 bit times of silence lay before the frame that ended at `end_cycle`; one with gaps
  /// is taken for as long as it would be without [twin].
  bool is_rested(std::uint32_t end_cycle) const {
    const MbusPort& port = state.mbus;
    const std::uint16_t baud = port.line.settings.baud;
    const std::int64_t needed =
        characters_in_cycles(port.slave.receiver.heard, baud) + bits_in_cycles(33, baud);
    return end_cycle - port.last_end_cycle >= needed;
  }

  /// A frame is over that ended at `end_cycle`.
  void finish(std::uint32_t end_cycle) {
    MbusPort& port = state.mbus;
    const bool rested = is_rested(end_cycle);
    port.last_end_cycle = end_cycle;
    mbus::Frame frame{};
    const bool whole = mbus::end_frame(port.slave.receiver, rested, frame);
    bus.charge(charges::mbus_frame);
    if (whole) carry_out(frame, end_cycle);
  }

  void carry_out(const mbus::Frame& frame, std::uint32_t end_cycle) {
    MbusPort& port = state.mbus;
    const std::uint32_t heard_cycle = end_cycle + mbus_times_of(port.line.settings).idle_cycles;
    confirm_trial(state, bus, heard_cycle);
    Writer writer{state, bus, heard_cycle, static_cast<std::uint32_t>(frame.data_bytes), false};
    const mbus::Identity identity{port.line.settings.id, state.settings.serial_bcd,
                                  state.page.serial_lo};
    const mbus::Bank bank{data_of(state), identity, storage::answers(state.storage.store), &writer,
                          write_through};
    mbus::Answer answer;
    const mbus::Reaction reaction = mbus::serve(port.slave, port.application, frame, bank, answer);
    const int answer_bytes = reaction.answered ? answer.size : 0;
    if (frame.data_bytes > 0) {
      if (!charge_look(writer)) bus.charge(charges::mbus_written);
    } else {
      bus.charge(charges::mbus_request, charges::mbus_answer_byte,
                 static_cast<std::uint32_t>(answer_bytes));
    }
    if (!reaction.answered) return;
    const std::uint32_t start =
        end_cycle + mbus_reply_cycles(port.line.settings, state.page.reply_delay_ms);
    send(port.line, bus, answer.bytes, answer.size, start);
    if (reaction.baud != 0) begin_trial(state, bus, reaction.baud, start);
  }
};

bool may_be_open(const State& state) { return state.storage.loaded && !state.power.failing; }

void open_or_close(State& state, hal::Bus& bus) {
  MbusPort& port = state.mbus;
  if (port.line.open == may_be_open(state)) return;
  if (port.line.open) {
    close(port.line, bus);
    end_trial(state, bus);
  } else {
    mbus::reset(port.slave.receiver, false);
    const LineSettings wanted = wanted_line(state);
    forget_sequences(port, wanted);
    open(port.line, wanted, mbus_times_of(wanted), bus);
  }
}

}  // namespace

LineTimes mbus_times_of(const LineSettings& line) {
  const std::uint32_t silence = bits_in_cycles(22, line.baud);
  return {divider_of(line.baud), silence, silence, 0};
}

std::uint32_t mbus_reply_cycles(const LineSettings& line, std::uint32_t reply_delay_ms) {
  const std::uint32_t wanted = bits_in_cycles(33, line.baud) + ms_in_cycles(reply_delay_ms);
  const std::uint32_t least = mbus_times_of(line).idle_cycles + mbus_processing_allowance_cycles;
  return wanted > least ? wanted : least;
}

void start_mbus(State& state) { mbus::reset(state.mbus.application); }

void note_mbus(State& state, hal::Bus& bus) {
  if (!note(state.mbus.line, bus)) return;
  mbus::reset(state.mbus.slave.receiver, true);
  follow_settings(state, bus);
}

bool mbus_work_pending(const State& state) {
  if (!hal::has_mbus(state.page.variant)) return false;
  const BusLine& line = state.mbus.line;
  return line.open != may_be_open(state) || (line.ends != 0 && !line.answering);
}

void run_mbus(State& state, hal::Bus& bus) {
  if (!hal::has_mbus(state.page.variant)) return;
  MbusPort& port = state.mbus;
  open_or_close(state, bus);
  if (port.line.open && port.line.ends != 0 && !port.line.answering) {
    Receiver receiver{state, bus};
    hear(port.line, bus, receiver);
  }
  if (take_expired(state.timers, Timer::mbus_rate)) fall_back(state, bus);
  if (!port.line.open) return;
  follow_others(state, bus);
  rest(state, bus);
}

}  // namespace metrology::app
