// Core cycles that the firmware's code is charged for in the native build, where code itself takes
// no simulated time. Upper bounds of what the RV32 image takes on the twin's core (single-cycle
// multiplier, no wait states): the most instructions a call retires, which
// tests/metrology/compare_digests.sh prints, times 2 cycles an instruction (the signal path, mostly
// arithmetic on registers: 1.55), rounded up. Accesses to peripherals are charged by the bus and
// not in here.
#pragma once

#include <cstdint>

namespace metrology::app::charges {

/// One phase of a block through the signal path; the worst block takes 95 091 instructions.
inline constexpr std::uint32_t signal_path_phase = 49'200;
/// Booking one window: scaling, thresholds, counters of three phases, sums of the second.
inline constexpr std::uint32_t book_window = 11'000;
/// … and sharing it, for each change of the tariff in it.
inline constexpr std::uint32_t share_window = 6'000;
/// The measured values once a second, in software floating point.
inline constexpr std::uint32_t refresh = 52'000;
/// The corrections at the present temperature and frequency: scales, delays and offsets.
inline constexpr std::uint32_t correction = 20'000;
/// Planning one output's next pulse over all windows known.
inline constexpr std::uint32_t plan_pulse = 8'500;
/// Taking the windows wholly played out of the ring.
inline constexpr std::uint32_t settle_windows = 4'000;
/// The panel's state machine from one deadline to the next.
inline constexpr std::uint32_t panel_step = 1'500;
/// A page of the display, from rows to segments.
inline constexpr std::uint32_t compose_page = 12'000;
/// Reading or writing a row for the mailbox.
inline constexpr std::uint32_t mailbox_request = 4'000;
/// The checksum over 256 bytes of the program's constants, 25 instructions a byte.
inline constexpr std::uint32_t program_check_slice = 13'000;
/// A character from the bus through the slave's receiver.
inline constexpr std::uint32_t modbus_character = 80;
/// … and one of a frame for someone else.
inline constexpr std::uint32_t modbus_skipped = 20;
/// A Modbus request: the CRC of the longest, 255 bytes of 16 instructions, the look-ups of a write
/// …
inline constexpr std::uint32_t modbus_request = 10'000;
/// … and for each byte of the answer a quarter of a floating row, looked up and read.
inline constexpr std::uint32_t modbus_answer_byte = 600;
/// A character from the infra-red port through the session's receiver.
inline constexpr std::uint32_t ir_character = 110;
/// The end of a message from the infra-red port: its BCC, the search for its code, its answer, and
/// the writing of a row as for the mailbox.
inline constexpr std::uint32_t ir_message = 12'000;
/// A line of the readout, a floating row looked up and written out.
inline constexpr std::uint32_t ir_line = 3'000;
/// A character from the M-Bus through the slave's receiver.
inline constexpr std::uint32_t mbus_character = 90;
/// A frame's lengths and checksum, of the longest, 261 bytes.
inline constexpr std::uint32_t mbus_frame = 2'500;
/// An M-Bus request …
inline constexpr std::uint32_t mbus_request = 10'000;
/// … for each byte of user data its part of a record that is looked up, tried and written …
inline constexpr std::uint32_t mbus_written_byte = 200;
/// … and for each byte of the answer its part of one that is read.
inline constexpr std::uint32_t mbus_answer_byte = 300;
/// The store's turn for a transaction: a tag judged, a page copied.
inline constexpr std::uint32_t storage_step = 600;
/// A page of 64 bytes with its record's checksum and its own, 12 instructions a byte each.
inline constexpr std::uint32_t storage_page = 4'000;
/// A counter record of 512 bytes put together, compared and checksummed.
inline constexpr std::uint32_t storage_record = 30'000;
/// From an interrupt's entry to the first access of its handler, and the dispatch around it.
inline constexpr std::uint32_t dispatch = 40;
/// Once through the main loop without work.
inline constexpr std::uint32_t main_loop = 20;
/// The code of the boot besides its accesses.
inline constexpr std::uint32_t boot = 100'000;

}  // namespace metrology::app::charges
