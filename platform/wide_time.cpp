#include "platform/wide_time.h"

#include <algorithm>

namespace platform {

std::string to_decimal(WideTime t) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(t % 10));
    t /= 10;
  } while (t != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace platform
