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
inline constexpr std::uint32_t charge_table_image = 0;

inline constexpr ChargeRow charge_table[] = {
    {"start_up", 51'204},
    {"interrupt_entry", 40},
    {"interrupt_exit", 40},
    {"dispatch", 40},
    {"power_handler", 20},
    {"pulse_handler", 20},
    {"dma_block_handler", 20},
    {"gpio_handler", 20},
    {"rtc_handler", 20},
    {"i2c_handler", 20},
    {"bus_handler", 20},
    {"ir_handler", 20},
    {"mailbox_handler", 20},
    {"main_loop", 20},
    {"task_entry", 20},
    {"boot", 100'000},
    {"start_tasks", 1'000},
    {"signal_path_phase", 49'200},
    {"delayed_phase", 51'800},
    {"finish_windows", 20},
    {"skip_blocks", 20},
    {"book_window", 11'000},
    {"book_with_offsets", 13'000},
    {"share_window", 6'000},
    {"refresh", 52'000},
    {"correction", 71'000},
    {"plan_pulse", 8'500},
    {"settle_windows", 4'000},
    {"change_s0_rate", 20'000},
    {"watch_debts", 20},
    {"panel_step", 1'500},
    {"compose_page", 12'000},
    {"panel_turn", 20},
    {"find_row", 20},
    {"mailbox_request", 4'000},
    {"write_row", 20},
    {"program_check_slice", 13'000},
    {"modbus_character", 80},
    {"modbus_skipped", 20},
    {"modbus_request", 10'000},
    {"modbus_answer_byte", 600},
    {"mbus_character", 90},
    {"mbus_frame", 2'500},
    {"mbus_request", 10'000},
    {"mbus_answer_byte", 300},
    {"mbus_write", 10'000},
    {"mbus_written_byte", 200},
    {"open_port", 1'800},
    {"arm_answer", 20},
    {"armed_byte", 1},
    {"ir_character", 110},
    {"ir_message", 12'000},
    {"ir_line", 3'000},
    {"ir_turn", 20},
    {"storage_step", 600},
    {"storage_page", 4'000},
    {"fill_transfer", 20},
    {"snapshot", 5'000},
    {"storage_record", 25'000},
    {"take_constants", 3'000},
    {"take_loaded", 30'000},
};

}  // namespace metrology::app
