// An M-Bus by value, and its ends in short.
#pragma once

#include "models/lines/mbus_network.h"

namespace tests {

class MbusSegment final : public models::lines::Segment {
 public:
  MbusSegment(const models::lines::MbusCableSpec& cable,
              const std::vector<models::lines::MbusEndSpec>& ends, std::uint64_t run_seed = 0)
      : Segment(std::make_unique<models::lines::MbusNetwork>(cable, ends), run_seed, "mbus") {}
};

inline models::lines::MbusEndSpec mbus_end(models::lines::MbusEndKind kind, double position_m) {
  models::lines::MbusEndSpec end;
  end.kind = kind;
  end.position_m = position_m;
  return end;
}
inline models::lines::MbusEndSpec mbus_master(double position_m = 0) {
  return mbus_end(models::lines::MbusEndKind::master, position_m);
}
inline models::lines::MbusEndSpec mbus_probe(double position_m = 0) {
  return mbus_end(models::lines::MbusEndKind::probe, position_m);
}
inline models::lines::MbusEndSpec mbus_meter(double position_m, double space_mA = 15) {
  auto end = mbus_end(models::lines::MbusEndKind::meter, position_m);
  end.space_mA = space_mA;
  return end;
}
inline models::lines::MbusCableSpec mbus_cable(double length_m) {
  models::lines::MbusCableSpec cable;
  cable.length_m = length_m;
  return cable;
}

}  // namespace tests
