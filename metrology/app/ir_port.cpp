#include "metrology/app/ir_port.h"

#include "metrology/app/charges.h"
#include "metrology/app/meter_data.h"
#include "metrology/app/request_time.h"
#include "metrology/app/row_writes.h"
#include "metrology/app/timers.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

namespace {

namespace uart = hal::uart;
using iec62056::Reply;

constexpr std::uint32_t at(std::uint32_t offset) { return uart::ir_base + offset; }

constexpr std::uint32_t listening = uart::status_rx | uart::status_frame_end;
constexpr std::uint32_t clearable = uart::status_frame_end | uart::status_tx_done |
                                    uart::status_tx_late | uart::status_overrun |
                                    uart::status_tx_overflow;
/// Start bit, seven data bits, parity, stop bit.
constexpr std::uint32_t character_bits = 10;

std::uint32_t read_counter(hal::Bus& bus) {
  return bus.read(hal::sysctrl::base + hal::sysctrl::counter_lo);
}

// --- opening and closing ------------------------------------------------------------------------

bool may_be_open(const State& state) { return state.storage.loaded && !state.power.failing; }

/// Nothing is armed or being sent.
void speak_at(IrPort& port, hal::Bus& bus, std::uint8_t rate) {
  port.rate = rate;
  bus.write(at(uart::divider), ir_divider(rate));
  bus.write(at(uart::control), uart::control_enable | uart::control_mute |
                                   uart::control_seven_bits | uart::control_parity_even);
}

void follow_rate(IrPort& port, hal::Bus& bus) {
  if (port.rate != port.session.rate) speak_at(port, bus, port.session.rate);
}

void forget_pieces(IrPort& port) { port.begun = port.over = port.under_way = port.sent = false; }

void open(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  bus.disable_interrupts();
  iec62056::reset(port.session);
  forget_pieces(port);
  port.open = true;
  bus.write(at(uart::rx_flush), 1);
  bus.write(at(uart::status), clearable);
  bus.write(at(uart::rx_gap), 0);
  bus.write(at(uart::rx_idle), ir_piece_silence_cycles);
  bus.write(at(uart::rx_threshold), 1);
  bus.write(at(uart::tx_driver), 0);
  speak_at(port, bus, port.session.rate);
  bus.write(at(uart::irq_enable), listening);
  bus.enable_interrupts();
}

void close(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  bus.disable_interrupts();
  bus.write(at(uart::irq_enable), 0);
  bus.write(at(uart::command), uart::command_abort);
  bus.write(at(uart::control), 0);
  iec62056::reset(port.session);
  forget_pieces(port);
  port.open = false;
  port.answering = false;
  bus.enable_interrupts();
}

// --- times --------------------------------------------------------------------------------------

/// Lets the timer expire when the session's deadline is past, so late that a character which began
/// in time has been received.
void await_deadline(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  std::uint32_t deadline = 0;
  const bool wanted = port.open && !port.answering && !port.under_way &&
                      iec62056::next_deadline(port.session, deadline);
  if (wanted) {
    const std::uint32_t margin = ir_character_cycles(port.rate) + hal::rtc::core_cycles_per_tick;
    const std::uint32_t now = read_counter(bus);
    const auto left = static_cast<std::int32_t>(deadline + margin - now);
    const std::uint32_t ticks =
        left <= 0 ? 0 : static_cast<std::uint32_t>(left) / hal::rtc::core_cycles_per_tick + 1;
    set_timer(state.timers, bus, Timer::ir, read_ticks(bus) + ticks);
  } else if (port.timed) {
    cancel_timer(state.timers, bus, Timer::ir);
  }
  port.timed = wanted;
}

// --- answers ------------------------------------------------------------------------------------

void put(IrPort& port, hal::Bus& bus, const iec62056::Answer& text) {
  for (int n = 0; n < text.size; ++n) bus.write(at(uart::tx_data), text.bytes[n]);
  port.characters += text.size;
}

/// Up to `lines` more of the readout, while there is room for them.
void put_lines(State& state, hal::Bus& bus, int lines) {
  IrPort& port = state.ir;
  constexpr std::uint32_t room_for_one = uart::fifo_size - iec62056::max_answer_size;
  for (; lines > 0 && !iec62056::is_complete(port.readout); --lines) {
    if (bus.read(at(uart::tx_level)) > room_for_one) return;
    iec62056::Answer piece{};
    iec62056::next_piece(port.readout, data_of(state), piece);
    bus.charge(charges::ir_line);
    put(port, bus, piece);
  }
}

bool reads_out(const IrPort& port) { return port.session.reads_out; }

void answer(State& state, hal::Bus& bus, const Reply& reply) {
  IrPort& port = state.ir;
  bus.write(at(uart::irq_enable), uart::status_tx_done);
  follow_rate(port, bus);
  port.answering = true;
  port.characters = 0;
  if (reads_out(port)) {
    iec62056::begin(port.readout);
    put_lines(state, bus, ir_first_lines);
  } else {
    put(port, bus, port.session.answer);
  }
  port.start_cycle = reply.from + iec62056::reaction_cycles;
  bus.write(at(uart::tx_start), port.start_cycle);
  bus.write(at(uart::command), uart::command_start_at);
}

/// Does what the session makes of something.
void act(State& state, hal::Bus& bus, const Reply& reply) {
  if (reply.kind != Reply::Kind::none) {
    answer(state, bus, reply);
  } else {
    follow_rate(state.ir, bus);
  }
}

/// The answer's end is its start and its characters, one behind the other.
void finish_answer(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  const std::uint32_t end = port.start_cycle + port.characters * ir_character_cycles(port.rate);
  iec62056::sent(port.session, end);
  forget_pieces(port);
  port.answering = false;
  follow_rate(port, bus);
  bus.write(at(uart::irq_enable), listening);
}

// --- messages -----------------------------------------------------------------------------------

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

/// What was lost before the first character of a piece belongs to the piece before.
iec62056::Character character_of(std::uint32_t word, bool first) {
  constexpr std::uint32_t damage = uart::rx_parity_error | uart::rx_framing_error | uart::rx_break;
  const std::uint32_t damaged = word & (first ? damage : damage | uart::rx_overrun);
  return {static_cast<std::uint8_t>(word & uart::rx_byte), damaged != 0,
          (word & uart::rx_break) != 0};
}

/// A piece has begun: what was awaited longer than until then has not come.
void begin_piece(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  port.begun = false;
  port.under_way = true;
  act(state, bus, iec62056::pass_time(port.session, port.begin_cycle));
}

/// A piece is over. Should the next one have begun meanwhile, its characters belong to this.
void end_piece(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  port.over = false;
  port.under_way = false;
  for (bool first = true;; first = false) {
    const std::uint32_t word = bus.read(at(uart::rx_data));
    if ((word & uart::rx_none) != 0) break;
    iec62056::take(port.session, character_of(word, first));
    bus.charge(charges::ir_character);
  }
  Writer writer{state, bus, port.end_cycle + ir_piece_silence_cycles};
  const iec62056::Bank bank{data_of(state), &writer, write_through};
  const Reply reply = iec62056::end_piece(port.session, port.end_cycle, bank);
  bus.charge(charges::ir_message);
  act(state, bus, reply);
  if (!port.answering) bus.write(at(uart::irq_enable), listening);
}

}  // namespace

std::uint32_t ir_divider(std::uint8_t rate) {
  const std::int64_t baud = iec62056::bauds[rate];
  return static_cast<std::uint32_t>((16 * hal::core_hz + baud / 2) / baud);
}

std::uint32_t ir_character_cycles(std::uint8_t rate) {
  return (character_bits * ir_divider(rate) + 8) / 16;
}

void note_ir(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  const std::uint32_t status = bus.read(at(uart::status));
  bus.write(at(uart::status), status & clearable);
  if (port.answering) {
    if ((status & uart::status_tx_done) == 0) return;
    bus.write(at(uart::rx_flush), 1);
    bus.write(at(uart::irq_enable), 0);
    port.sent = true;
    return;
  }
  const std::uint32_t newest_cycle = bus.read(at(uart::rx_end));
  if ((status & uart::status_rx) != 0 && !port.begun && !port.under_way) {
    const std::uint32_t waiting = bus.read(at(uart::rx_level));
    port.begin_cycle = newest_cycle - waiting * ir_character_cycles(port.rate);
    port.begun = true;
    bus.write(at(uart::irq_enable), uart::status_frame_end);
  }
  if ((status & uart::status_frame_end) != 0) {
    port.end_cycle = newest_cycle;
    port.over = true;
  }
}

bool ir_work_pending(const State& state) {
  const IrPort& port = state.ir;
  return port.open != may_be_open(state) || (port.answering ? port.sent : port.begun || port.over);
}

void run_ir(State& state, hal::Bus& bus) {
  IrPort& port = state.ir;
  const bool expired = take_expired(state.timers, Timer::ir);
  const bool moved = expired || ir_work_pending(state);
  const bool reading_out = port.answering && reads_out(port);
  if (!moved && !reading_out) return;
  bus.charge(charges::task_entry);
  if (port.open != may_be_open(state)) {
    if (port.open) {
      close(state, bus);
    } else {
      open(state, bus);
    }
  }
  if (port.open) {
    if (port.answering && port.sent) finish_answer(state, bus);
    if (port.answering && reads_out(port)) put_lines(state, bus, ir_lines_a_turn);
    if (!port.answering && port.begun) begin_piece(state, bus);
    if (!port.answering && port.over) end_piece(state, bus);
    if (!port.answering && expired && !port.under_way && !port.begun) {
      act(state, bus, iec62056::pass_time(port.session, read_counter(bus)));
    }
  }
  // The readout's end may have come since the turn began.
  if (moved || !port.answering) await_deadline(state, bus);
  bus.charge(charges::ir_turn);
}

}  // namespace metrology::app
