// Numbers as a laboratory writes them: as many digits as matter beside the limit, a real minus
// sign, limits as ± where they are.
#pragma once

#include <optional>
#include <string>

namespace tools::typetest {

/// Its shortest decimals; "∞" and "not a number" for what is none.
std::string plain_number(double value);

/// Rounded to three decimals beside limits of 0.1 … 10, and so on by decades; finer if it would
/// else seem to lie on the other side of a limit. Counts beside whole limits as they are.
std::string measured_number(double seen, std::optional<double> at_least,
                            std::optional<double> at_most);

/// "±0.5", "≤ 5", "≥ 2", "−0.2 … 0.5", "0" where only that is allowed, "none".
std::string limits_text(std::optional<double> at_least, std::optional<double> at_most);

/// "37 %"; "—" for none.
std::string share_text(std::optional<double> share);

}  // namespace tools::typetest
