#include "models/grid/constant.h"

namespace models::grid {

void Constant::stretch_at(Ps /*t*/, Stretch& stretch) const {
  stretch.start = 0;
  stretch.end = pins::ps_never;
  stretch.fundamental_nHz = 0;
  stretch.dc = value_;
  stretch.tones.clear();
  stretch.gate = Gate{};
  clear(stretch.played);
}

std::uint64_t Constant::note_asked(Ps /*t*/) const { return 0; }

}  // namespace models::grid
