#include "models/masters/exchange.h"

#include <algorithm>

namespace models::masters {

std::vector<std::uint8_t> Exchange::answer_bytes() const {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(answer.size());
  for (const HeardCharacter& character : answer) bytes.push_back(character.byte);
  return bytes;
}

bool Exchange::all_good() const {
  return std::all_of(answer.begin(), answer.end(),
                     [](const HeardCharacter& character) { return character.good(); });
}

}  // namespace models::masters
