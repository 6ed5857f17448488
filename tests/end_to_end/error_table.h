// The errors of an accuracy test by quantity: every one is judged, the worst of each is printed.
#pragma once

#include <string>
#include <vector>

namespace end_to_end {

/// What an error is of. The promises are the product's: see `quantity_names` for their units.
enum class Quantity {
  active_energy,
  reactive_energy,
  reactive_energy_of_apparent,  ///< |sin φ| < 0.25
  p,
  q,
  q_of_s,  ///< |sin φ| < 0.25
  s,
  power_factor,
  u,
  i,
  f,
};
inline constexpr int quantity_count = 11;

class ErrorTable {
 public:
  ErrorTable() : worst_(quantity_count) {}

  /// Takes one error and its limit: shares of the true value (of S where the quantity says so; of 1
  /// for the power factor; f in Hz). Fails the test at once for what is no number.
  void note(Quantity quantity, double error, double limit, const std::string& where);

  /// Prints a line a quantity, "accuracy | title | quantity | number of errors | worst error | its
  /// share of the promise | where", and fails the test where one is beyond its promise.
  void conclude(const std::string& title) const;

 private:
  struct Worst {
    int errors = 0;
    double error = 0;
    double share = 0;  ///< of its limit
    std::string where;
  };
  std::vector<Worst> worst_;
};

}  // namespace end_to_end
