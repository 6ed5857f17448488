// The cycles of the firmware's pieces of code on the twin's core, in the order of their numbers.
// What each stands for says charges.h. Written by `vmeter charges --write`: for a new piece a row
// with a guess is added by hand, and the command replaces the guess.
#pragma once

#include <cstdint>

namespace metrology::app {

struct ChargeRow {
  const char* name;
  std::uint32_t cycles;
};

/// The checksum of the flashed image that the cycles were measured with; 0: guesses.
inline constexpr std::uint32_t charge_table_image = 0x0399'B737;

inline constexpr ChargeRow charge_table[] = {
    {"start_up", 14'000},
    {"interrupt_entry", 64},
    {"interrupt_exit", 79},
    {"dispatch", 30},
    {"power_handler", 42},
    {"pulse_handler", 140},
    {"dma_block_handler", 42},
    {"gpio_handler", 170},
    {"rtc_handler", 410},
    {"i2c_handler", 51},
    {"bus_handler", 1'300},
    {"ir_handler", 350},
    {"mailbox_handler", 27},
    {"main_loop", 2'600},
    {"task_entry", 1'800},
    {"boot", 190'000},
    {"start_tasks", 21'000},
    {"signal_path_phase", 49'000},
    {"delayed_phase", 51'000},
    {"finish_windows", 16'000},
    {"skip_blocks", 12'000},
    {"book_window", 14'000},
    {"book_with_offsets", 16'000},
    {"share_window", 8'900},
    {"refresh", 37'000},
    {"correction", 49'000},
    {"plan_pulse", 7'600},
    {"settle_windows", 9'300},
    {"change_s0_rate", 20'000},
    {"watch_debts", 7'700},
    {"panel_step", 3'200},
    {"compose_page", 9'700},
    {"panel_turn", 930},
    {"find_row", 620},
    {"mailbox_request", 3'100},
    {"write_row", 7'500},
    {"program_check_slice", 8'600},
    {"modbus_character", 130},
    {"modbus_skipped", 60},
    {"modbus_request", 8'700},
    {"modbus_answer_byte", 480},
    {"mbus_character", 110},
    {"mbus_frame", 2'200},
    {"mbus_request", 11'000},
    {"mbus_answer_byte", 250},
    {"mbus_write", 14'000},
    {"mbus_written_byte", 300},
    {"open_port", 1'800},
    {"arm_answer", 1'500},
    {"armed_byte", 8},
    {"ir_character", 140},
    {"ir_message", 9'400},
    {"ir_line", 3'100},
    {"ir_turn", 1'200},
    {"storage_step", 2'300},
    {"storage_page", 16'000},
    {"fill_transfer", 1'100},
    {"snapshot", 16'000},
    {"storage_record", 25'000},
    {"take_constants", 3'000},
    {"take_loaded", 71'000},
};

}  // namespace metrology::app
