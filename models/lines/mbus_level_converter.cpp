#include "models/lines/mbus_level_converter.h"

namespace models::lines {

using pins::LineDrive;
using pins::Ps;

void MbusLevelConverter::power(Ps t, bool on) {
  if (on == state_.on) return;
  state_.on = on;
  if (on) {
    bus_.drive(t, LineDrive::mark);
    state_.last = LineDrive::mark;
  } else {
    bus_.cut(t);
    state_.last = LineDrive::released;
  }
}

void MbusLevelConverter::drive(Ps t, LineDrive what) {
  if (!state_.on) return;
  const LineDrive level = what == LineDrive::released ? LineDrive::mark : what;
  // The bus may have been told of this level for this very instant, when power came.
  if (level == state_.last) return;
  bus_.drive(t, level);
  state_.last = level;
}

void MbusLevelConverter::cut(Ps t) {
  if (!state_.on) return;
  bus_.cut(t);
  bus_.drive(t, LineDrive::mark);
  state_.last = LineDrive::mark;
}

}  // namespace models::lines
