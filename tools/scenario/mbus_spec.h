// The M-Bus line of a scenario: its cable, its master, what the master is to do, and what is
// expected of the answers. Plain data, checked, in the units of the models.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrology/registers/row.h"
#include "models/lines/mbus_spec.h"
#include "models/masters/mbus_master.h"
#include "tools/scenario/bus_spec.h"
#include "tools/scenario/input_error.h"

namespace tools {

struct MbusLineSpec {
  models::lines::MbusCableSpec cable;
  models::lines::NoiseSpec noise;  ///< of every end without its own
  models::masters::SerialFormat format;
  std::optional<Ps> timeout;  ///< none: 330 bit times + 50 ms
  int tries = models::masters::mbus_repeats + 1;
  bool breaks_collisions = false;
  bool powered = true;  ///< from the start
  Position position;
};

// --- what the master does
// -------------------------------------------------------------------------

enum class MbusAction {
  service,
  reset,
  select,
  readout,
  write,
  set_baud,
  search,
  scan,
  power_off,
  bytes
};

struct MbusEntry : FrameFaults {
  MbusAction action = MbusAction::service;
  std::uint8_t control = models::masters::mbus_snd_nke;  ///< of a service
  bool all_telegrams = false;
  std::optional<std::uint8_t> subcode;             ///< of a reset
  models::masters::MbusSecondary secondary;        ///< of a selection; the mask of a search
  std::uint8_t ci = 0;                             ///< of a readout and a change of rate
  const metrology::registers::Row* row = nullptr;  ///< of a write
  std::vector<std::uint8_t> bytes;                 ///< to be sent; the record of a write
  std::string shown;                               ///< the value that is written
  int scan_from = 0;
  int scan_to = models::masters::mbus_highest_primary;
  Ps power_off = 0;
  std::optional<std::uint8_t> to;
  std::optional<bool> fcb;
  FrameCrc checksum = FrameCrc::right;
  std::optional<Ps> timeout;
  std::optional<int> tries;
  std::optional<std::uint32_t> baud;
  std::optional<models::masters::Parity> parity;

  /// Whether each meter is asked by itself, at its own address.
  bool asks_each() const {
    return action == MbusAction::service || action == MbusAction::reset ||
           action == MbusAction::readout || action == MbusAction::write ||
           action == MbusAction::set_baud;
  }
  bool is_search() const { return action == MbusAction::search || action == MbusAction::scan; }
};

/// The frame of an entry that is neither a search nor a cut of the power, to address `a`, with
/// FCB 0 and the checksum that it should have; without it where the entry says so.
std::vector<std::uint8_t> mbus_frame_of(const MbusEntry& entry, std::uint8_t a);

/// The record that a value is written in, low byte first: `value` big endian, as the register holds
/// it. None of a register that M-Bus cannot write so.
std::optional<std::vector<std::uint8_t>> mbus_record_of(const metrology::registers::Row& row,
                                                        const std::vector<std::uint8_t>& value);

/// The CI field that asks for a rate, if there is one.
std::optional<std::uint8_t> mbus_ci_of(std::int64_t baud);

/// What an entry that asks well comes to when nothing is said: an acknowledge or an answer.
models::masters::MbusOutcome usual_outcome(const MbusEntry& entry);

}  // namespace tools
