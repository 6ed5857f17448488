#include "models/lines/mbus_level_converter.h"

namespace models::lines {

using pins::LineDrive;
using pins::Ps;

void MbusLevelConverter::power(Ps t, bool on) {
  if (on == state_.on) return;
  state_.on = on;
  if (on) {
    mark(t);
  } else {
    bus_.cut(t);
    state_ = {};
  }
}

void MbusLevelConverter::mark(Ps t) {
  bus_.drive(t, LineDrive::mark);
  state_.own = t;
}

void MbusLevelConverter::drive(Ps t, LineDrive what) {
  if (!state_.on) return;
  // In place of the mark that it was told for this very instant.
  if (t == state_.own) bus_.cut(t);
  bus_.drive(t, what == LineDrive::released ? LineDrive::mark : what);
  state_.own = pins::ps_never;
}

void MbusLevelConverter::cut(Ps t) {
  if (!state_.on) return;
  bus_.cut(t);
  mark(t);
}

}  // namespace models::lines
