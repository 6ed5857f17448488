// An interrupt request line: a level that its peripheral holds until the cause is served.
#pragma once

namespace peripherals {

class IrqLine {
 public:
  IrqLine() = default;
  IrqLine(const IrqLine&) = delete;
  IrqLine& operator=(const IrqLine&) = delete;
  virtual ~IrqLine() = default;

  /// The level from now on: from the commit edge inside an access, else from the edge being served.
  virtual void set(bool level) = 0;
};

}  // namespace peripherals
