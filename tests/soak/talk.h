// Who talks to the meter in one protocol: good requests, such that are nearly so, and noise, each
// with what must come of it.
#pragma once

#include <memory>
#include <string>

#include "tests/soak/values.h"

namespace soak {

/// What a talker needs.
struct Scene {
  World& world;
  Weather& weather;
  Books& books;
  Judge& judge;
  Random& random;
};

class Talk {
 public:
  Talk() = default;
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;
  virtual ~Talk() = default;

  /// One frame, chosen at random, and what must come of it; throws Broken. Says what it was.
  virtual std::string frame() = 0;
  /// One good request, which must be answered.
  virtual std::string probe() = 0;
};

std::unique_ptr<Talk> make_modbus_talk(Scene scene);
std::unique_ptr<Talk> make_mbus_talk(Scene scene);
std::unique_ptr<Talk> make_ir_talk(Scene scene);

// --- characters
// ------------------------------------------------------------------------------------

std::vector<OutgoingCharacter> characters_of(const Bytes& bytes);
/// Bytes, breaks and characters with errors, in a row or apart.
std::vector<OutgoingCharacter> noise(Random& random, const SerialFormat& format, int data_bits);
/// Spoils the frame in one way: a bit, a parity bit, a stop bit, a character more or less, or one
/// that is a break. Says how.
std::string spoil(Random& random, const SerialFormat& format,
                  std::vector<OutgoingCharacter>& frame);
/// Another parity than the right one, or another rate.
SerialFormat wrong_format(Random& random, const SerialFormat& right);

/// Waits until what is being said is out.
void run_said(World& world, const Line& line);
/// Waits for the answer to what was said: its first start edge in [least, most] from then; returns
/// when `silence` has passed behind it. Throws Broken when none comes, or too early, or too late.
void run_answered(World& world, const Line& line, Ps least, Ps most, Ps silence);
/// Throws Broken when anything is heard for `wait` after what was said.
void run_unanswered(World& world, const Line& line, Ps wait);

}  // namespace soak
