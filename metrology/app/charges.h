// The pieces of code that the firmware charges for (hal/bus.h says how), and what each stands for.
// How many cycles each takes on the twin's core stands in charge_table.h, whose rows these names
// find: the worst case that profiles of the RV32 image have shown, and a sixteenth more.
//
// Nothing of the firmware's time stays uncharged: whatever lies between two charges of a context
// belongs to the second, and main loop and handlers end with a charge of their own.
#pragma once

#include <cstdint>

#include "metrology/app/charge_table.h"
#include "metrology/hal/bus.h"

namespace metrology::app::charges {

/// Never defined: a name that the table lacks is no constant.
hal::Charge no_such_row();

/// The table's row of that name.
constexpr hal::Charge row(const char* name) {
  std::uint16_t number = 0;
  for (const ChargeRow& candidate : charge_table) {
    const char* a = candidate.name;
    const char* b = name;
    while (*a != '\0' && *a == *b) {
      ++a;
      ++b;
    }
    if (*a == *b) return {number, candidate.cycles};
    ++number;
  }
  return no_such_row();
}

// --- around the code: the CPU's, charged by itself --------------------------------------------

/// From the reset's edge to firmware_main's first instruction: first fetch, start-up code, RAM.
inline constexpr hal::Charge start_up = row("start_up");
/// From the decision for an interrupt to firmware_external_interrupt's first instruction.
inline constexpr hal::Charge interrupt_entry = row("interrupt_entry");
/// From the handler's last charge to the first instruction of what it had interrupted.
inline constexpr hal::Charge interrupt_exit = row("interrupt_exit");

// --- interrupts ---------------------------------------------------------------------------------

/// From a handler's first instruction to the first access, which asks for the source.
inline constexpr hal::Charge dispatch = row("dispatch");
/// The handler of each source, after what it charges for itself.
inline constexpr hal::Charge power_handler = row("power_handler");
inline constexpr hal::Charge pulse_handler = row("pulse_handler");
inline constexpr hal::Charge dma_block_handler = row("dma_block_handler");
inline constexpr hal::Charge gpio_handler = row("gpio_handler");
inline constexpr hal::Charge rtc_handler = row("rtc_handler");
inline constexpr hal::Charge i2c_handler = row("i2c_handler");
inline constexpr hal::Charge bus_handler = row("bus_handler");
inline constexpr hal::Charge ir_handler = row("ir_handler");
inline constexpr hal::Charge mailbox_handler = row("mailbox_handler");

// --- main loop ----------------------------------------------------------------------------------

/// The end of a turn: tasks without work, and the look whether there is any.
inline constexpr hal::Charge main_loop = row("main_loop");
/// On the way to work: the end of the task before, and the look at those without any.
inline constexpr hal::Charge task_entry = row("task_entry");
/// Before the counters are loaded, when most tasks wait: the end of a turn …
inline constexpr hal::Charge loading_loop = row("loading_loop");
/// … and the way to the store's work.
inline constexpr hal::Charge loading_entry = row("loading_entry");
/// The code of the boot up to its first access …
inline constexpr hal::Charge boot = row("boot");
/// … and what every task does then.
inline constexpr hal::Charge start_tasks = row("start_tasks");

// --- metering -----------------------------------------------------------------------------------

/// One phase of a block through the signal path …
inline constexpr hal::Charge signal_path_phase = row("signal_path_phase");
/// … and one whose current is delayed by a fraction of a sample.
inline constexpr hal::Charge delayed_phase = row("delayed_phase");
/// What a block's phases add up to …
inline constexpr hal::Charge finish_windows = row("finish_windows");
/// … for each window that ends in it.
inline constexpr hal::Charge finished_window = row("finished_window");
/// Beginning the signal path anew behind blocks that are left out.
inline constexpr hal::Charge skip_blocks = row("skip_blocks");
/// Booking one window: scaling, thresholds, counters of three phases, sums of the second …
inline constexpr hal::Charge book_window = row("book_window");
/// … with offsets to be added …
inline constexpr hal::Charge book_with_offsets = row("book_with_offsets");
/// … and, to either, sharing it for each change of the tariff in it.
inline constexpr hal::Charge share_window = row("share_window");
/// The measured values once a second, in software floating point.
inline constexpr hal::Charge refresh = row("refresh");
/// The corrections at the present temperature and frequency: scales, delays and offsets.
inline constexpr hal::Charge correction = row("correction");

// --- pulses -------------------------------------------------------------------------------------

/// Planning one output's next pulse …
inline constexpr hal::Charge plan_pulse = row("plan_pulse");
/// … for each window gone through for it.
inline constexpr hal::Charge planned_window = row("planned_window");
/// Putting a window into the ring …
inline constexpr hal::Charge settle_windows = row("settle_windows");
/// … and taking each out of it that is wholly played.
inline constexpr hal::Charge settled_window = row("settled_window");
/// Splitting the windows at the instant of a new S0 rate.
inline constexpr hal::Charge change_s0_rate = row("change_s0_rate");
/// A second's look at what the outputs still owe.
inline constexpr hal::Charge watch_debts = row("watch_debts");

// --- panel --------------------------------------------------------------------------------------

/// The panel's state machine from one deadline to the next.
inline constexpr hal::Charge panel_step = row("panel_step");
/// A page of the display, from rows to segments.
inline constexpr hal::Charge compose_page = row("compose_page");
/// The end of the panel's turn: what is due on the glass, its timers.
inline constexpr hal::Charge panel_turn = row("panel_turn");

// --- rows and the program -----------------------------------------------------------------------

/// Looking up the row that the mailbox asks for …
inline constexpr hal::Charge find_row = row("find_row");
/// … and reading or writing it.
inline constexpr hal::Charge mailbox_request = row("mailbox_request");
/// Writing a row over the M-Bus, up to the next …
inline constexpr hal::Charge write_row = row("write_row");
/// … that is written as a float …
inline constexpr hal::Charge write_float_row = row("write_float_row");
/// … or the end of the request …
inline constexpr hal::Charge mbus_written = row("mbus_written");
/// … and over any port the S0 rate …
inline constexpr hal::Charge write_s0_rate = row("write_s0_rate");
/// … which is to hold from an instant on.
inline constexpr hal::Charge await_s0_rate = row("await_s0_rate");
/// The checksum over 256 bytes of the program's constants.
inline constexpr hal::Charge program_check_slice = row("program_check_slice");

// --- bus ----------------------------------------------------------------------------------------

/// A character from the bus through the Modbus slave's receiver …
inline constexpr hal::Charge modbus_character = row("modbus_character");
/// … and one of a frame for someone else.
inline constexpr hal::Charge modbus_skipped = row("modbus_skipped");
/// A Modbus request: its CRC, the look-ups of a write …
inline constexpr hal::Charge modbus_request = row("modbus_request");
/// … and for each byte of the answer its part of a row, looked up and read.
inline constexpr hal::Charge modbus_answer_byte = row("modbus_answer_byte");
/// A character from the M-Bus through the slave's receiver.
inline constexpr hal::Charge mbus_character = row("mbus_character");
/// A frame's lengths and checksum.
inline constexpr hal::Charge mbus_frame = row("mbus_frame");
/// An M-Bus request without user data …
inline constexpr hal::Charge mbus_request = row("mbus_request");
/// … and for each byte of the answer its part of a record.
inline constexpr hal::Charge mbus_answer_byte = row("mbus_answer_byte");
/// One with user data, up to the first row that it writes …
inline constexpr hal::Charge mbus_write = row("mbus_write");
/// … and for each byte of them its part of a record that is looked up and tried.
inline constexpr hal::Charge mbus_written_byte = row("mbus_written_byte");
/// Opening or closing the port of either.
inline constexpr hal::Charge open_port = row("open_port");
/// An answer's way into the UART …
inline constexpr hal::Charge arm_answer = row("arm_answer");
/// … and that of each of its bytes.
inline constexpr hal::Charge armed_byte = row("armed_byte");

// --- infra-red port -----------------------------------------------------------------------------

/// A character from the infra-red port through the session's receiver.
inline constexpr hal::Charge ir_character = row("ir_character");
/// The end of a message: its BCC, the search for its code, its answer, the writing of a row.
inline constexpr hal::Charge ir_message = row("ir_message");
/// A line of the readout, a row looked up and written out.
inline constexpr hal::Charge ir_line = row("ir_line");
/// The end of the port's turn: opening, times, an answer's way into the UART.
inline constexpr hal::Charge ir_turn = row("ir_turn");

// --- storage ------------------------------------------------------------------------------------

/// The store's step to a transaction, to a wait or to rest …
inline constexpr hal::Charge storage_step = row("storage_step");
/// … with a page's checksum, and with a record's besides (storage/store.h, Work).
inline constexpr hal::Charge page_to_write = row("page_to_write");
inline constexpr hal::Charge config_to_write = row("config_to_write");
inline constexpr hal::Charge record_to_write = row("record_to_write");
/// What the store makes of a transaction: a tag, an acknowledge or none …
inline constexpr hal::Charge storage_result = row("storage_result");
/// … the last tag, and with it the search for the newest record …
inline constexpr hal::Charge slots_searched = row("slots_searched");
/// … a page or a record, and its checksum.
inline constexpr hal::Charge page_read_back = row("page_read_back");
inline constexpr hal::Charge config_loaded = row("config_loaded");
inline constexpr hal::Charge record_loaded = row("record_loaded");
/// A transaction's way into the I²C master …
inline constexpr hal::Charge fill_transfer = row("fill_transfer");
/// … for each byte to be written.
inline constexpr hal::Charge filled_byte = row("filled_byte");
/// What a transaction brought, on its way out of it …
inline constexpr hal::Charge read_transfer = row("read_transfer");
/// … for each byte read.
inline constexpr hal::Charge read_byte = row("read_byte");
/// The counters as they stand, put together …
inline constexpr hal::Charge snapshot = row("snapshot");
/// … and as a record of 512 bytes, compared with the last.
inline constexpr hal::Charge storage_record = row("storage_record");
/// What was loaded takes effect: settings and counters …
inline constexpr hal::Charge take_loaded = row("take_loaded");
/// … and the constants that come after them, if they are others.
inline constexpr hal::Charge take_constants = row("take_constants");

}  // namespace metrology::app::charges
