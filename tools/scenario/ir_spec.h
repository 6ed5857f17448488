// The infra-red ports of a scenario: the head and its reader, what the reader is to do, and what is
// expected of what it hears. Plain data, checked, in the units of the models.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrology/registers/row.h"
#include "models/lines/optical_spec.h"
#include "models/masters/ir_reader.h"
#include "tools/scenario/exchange_expectations.h"
#include "tools/scenario/input_error.h"
#include "tools/scenario/units.h"

namespace tools {

struct IrSpec {
  std::optional<int> meter;           ///< that the head stands on where nothing else is said
  std::optional<std::uint32_t> baud;  ///< chosen where nothing else is said; none: the offered one
  models::masters::IrTimes times;
  models::lines::OpticalSpec optics;
  models::masters::SerialFormat format = models::masters::IrReader::start_format();
  Position position;
};

// --- what the reader does
// -------------------------------------------------------------------------

enum class IrAction { readout, read, write, commands, sign_on, line_break, bytes };

/// What is read or written: a row of the register table (R1, W1), or an OBIS code (R5, W5).
struct IrItem {
  const metrology::registers::Row* row = nullptr;
  std::string code;  ///< in the data set: "2008" of a row, "1.8.0"
};

struct IrEntry {
  IrAction action = IrAction::readout;
  models::masters::IrSession session;  ///< but for its tag and a rate that it leaves open
  std::vector<IrItem> items;           ///< of read and write, one a command
};

// --- what is expected
// -----------------------------------------------------------------------------

/// What a value in a data set may be: a text, or a number within limits.
struct IrLimits {
  Dimension dimension = Dimension::number;
  std::optional<std::string> text;
  std::optional<double> equals;  ///< these in base units
  std::optional<double> at_least;
  std::optional<double> at_most;
  double tolerance = 0;
  bool relative = false;
  std::string shown;
};

/// What is expected of the messages of one entry's sessions; what is not said does not matter.
struct ExpectIrAnswer : ExpectOfAnswers {
  std::optional<models::masters::IrStep> step;  ///< none: what the entry is about
  std::optional<models::masters::IrOutcome> outcome;
  std::optional<IrItem> item;  ///< whose value it is
  std::optional<IrLimits> value;
  std::optional<std::string> identification;  ///< behind the slash
  std::optional<int> error;
  std::optional<int> tries;
};

/// How many of one entry's messages came to this outcome.
struct ExpectIrExchanges : ExpectCountOfExchanges {
  std::optional<models::masters::IrStep> step;
  models::masters::IrOutcome outcome{};
};

/// The step that an entry is about.
inline models::masters::IrStep subject_of(IrAction action) {
  using models::masters::IrStep;
  switch (action) {
    case IrAction::sign_on:
      return IrStep::sign_on;
    case IrAction::readout:
      return IrStep::acknowledgement;
    case IrAction::line_break:
      return IrStep::line_break;
    case IrAction::bytes:
      return IrStep::raw;
    case IrAction::read:
    case IrAction::write:
    case IrAction::commands:
      break;
  }
  return IrStep::command;
}

}  // namespace tools
