#include "models/lines/ladder.h"

#include <algorithm>

namespace models::lines {

Ladder::Ladder(double length_m, const std::vector<double>& places_m, double loop_ohm_per_km,
               double nF_per_km)
    : positions_m_{0.0, length_m} {
  positions_m_.insert(positions_m_.end(), places_m.begin(), places_m.end());
  std::sort(positions_m_.begin(), positions_m_.end());
  positions_m_.erase(std::unique(positions_m_.begin(), positions_m_.end()), positions_m_.end());
  farad_.assign(positions_m_.size(), 0.0);
  for (std::size_t i = 0; i + 1 < positions_m_.size(); ++i) {
    const double km = (positions_m_[i + 1] - positions_m_[i]) * 1e-3;
    to_next_.push_back(1 / (loop_ohm_per_km * km));
    farad_[i] += 0.5e-9 * nF_per_km * km;
    farad_[i + 1] += 0.5e-9 * nF_per_km * km;
  }
}

std::size_t Ladder::node_at(double place_m) const {
  const auto place = std::lower_bound(positions_m_.begin(), positions_m_.end(), place_m);
  return static_cast<std::size_t>(place - positions_m_.begin());
}

std::vector<double> Ladder::voltages(const std::vector<double>& across,
                                     std::vector<double> current) const {
  const std::size_t n = across.size();
  std::vector<double> upper(n, 0.0);
  double below = 0;  // conductance to the node before
  for (std::size_t i = 0; i < n; ++i) {
    const double above = i + 1 < n ? to_next_[i] : 0.0;
    double diagonal = across[i] + below + above;
    if (i > 0) {
      diagonal -= below * upper[i - 1];
      current[i] += below * current[i - 1];
    }
    upper[i] = above / diagonal;
    current[i] /= diagonal;
    below = above;
  }
  for (std::size_t i = n - 1; i-- > 0;) current[i] += upper[i] * current[i + 1];
  return current;
}

}  // namespace models::lines
