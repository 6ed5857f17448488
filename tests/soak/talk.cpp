#include "tests/soak/talk.h"

#include <algorithm>

namespace soak {

std::vector<OutgoingCharacter> characters_of(const Bytes& bytes) {
  std::vector<OutgoingCharacter> characters(bytes.size());
  for (std::size_t n = 0; n < bytes.size(); ++n) characters[n].byte = bytes[n];
  return characters;
}

SerialFormat wrong_format(Random& random, const SerialFormat& right) {
  SerialFormat wrong = right;
  if (random.below(3) == 0) {
    wrong.parity =
        random.below(2) == 0 ? models::masters::Parity::odd : models::masters::Parity::none;
  } else {
    while (wrong.baud == right.baud) wrong.baud = bus_bauds[random.below(4)];
  }
  return wrong;
}

std::vector<OutgoingCharacter> noise(Random& random, const SerialFormat& format, int data_bits) {
  constexpr std::uint64_t longest[] = {3, 20, 300};
  const std::uint64_t most = format.baud < 2400 ? 20 : longest[random.below(3)];
  std::vector<OutgoingCharacter> characters(1 + random.below(most));
  const bool gaps = random.below(2) == 0;
  for (OutgoingCharacter& character : characters) {
    character.byte =
        static_cast<std::uint8_t>(random.below(1U << static_cast<unsigned>(data_bits)));
    if (gaps) character.silence = random.below(format.time_of(60));
    character.wrong_parity = random.below(6) == 0;
    character.no_stop = random.below(12) == 0;
    if (random.below(30) == 0) character.space = 1 + random.below(format.time_of(40));
  }
  return characters;
}

std::string spoil(Random& random, const SerialFormat& format,
                  std::vector<OutgoingCharacter>& frame) {
  const std::size_t at = random.below(frame.size());
  switch (random.below(6)) {
    case 0:
      frame[at].byte = static_cast<std::uint8_t>(frame[at].byte ^ (1U << random.below(7)));
      return "a bit of character " + std::to_string(at);
    case 1:
      frame[at].wrong_parity = true;
      return "the parity of character " + std::to_string(at);
    case 2:
      frame[at].no_stop = true;
      return "the stop bit of character " + std::to_string(at);
    case 3:
      if (frame.size() > 1) frame.resize(std::max<std::size_t>(1, at));
      return "cut off before character " + std::to_string(at);
    case 4:
      frame.push_back({static_cast<std::uint8_t>(random.below(128))});
      return "a character too many";
    default:
      // Longer than a character, or a zero might be heard.
      frame[at].space = format.time_of(20);
      return "a break for character " + std::to_string(at);
  }
}

void run_said(World& world, const Line& line) {
  while (line.sending()) world.run_for(line.bits(4));
  if (world.now() < line.said_until()) world.run_until(line.said_until());
}

void run_answered(World& world, const Line& line, Ps least, Ps most, Ps silence) {
  run_said(world, line);
  const Ps said = line.said_until();
  const Ps latest = said + most;
  // It is heard in the middle of its stop bit.
  while (line.heard().empty() && world.now() < latest + line.characters(1)) {
    world.run_for(std::min(line.characters(1), latest + line.characters(1) - world.now()));
  }
  if (line.heard().empty()) {
    throw Broken("answer: expected one within " + seconds(most) + " of " + seconds(said) +
                 ", seen silence");
  }
  const Ps begin = line.heard().front().start;
  if (begin < said + least || begin > latest) {
    throw Broken("answer: expected to begin " + seconds(least) + " … " + seconds(most) +
                 " after the request's end, seen " +
                 (begin < said ? "before it" : seconds(begin - said)));
  }
  while (world.now() < line.heard().back().end + silence) {
    world.run_until(line.heard().back().end + silence);
  }
}

void run_unanswered(World& world, const Line& line, Ps wait) {
  run_said(world, line);
  world.run_until(line.said_until() + wait);
  if (line.heard().empty()) return;
  throw Broken("silence: expected no answer, seen " + hex(line.heard_bytes()) + " from " +
               seconds(line.heard().front().start) + " on");
}

}  // namespace soak
