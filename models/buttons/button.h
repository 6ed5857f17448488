// A push button of the front panel: a contact that bounces when it closes and when it opens.
//
//   pressed   ____┌┐_┌┐__┌─────────────────┐_┌─┐__________
//                 t  ≤ bounce              t + duration
//
// The first edge lies at the very instant of press and release; how many follow, and where, is
// drawn from the button's own generator. After the bounce the contact rests.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/pins/digital_pin.h"
#include "models/random/random.h"

namespace models::buttons {

using pins::Ps;

/// Longest bounce of press and release [twin].
inline constexpr Ps bounce_ps = 5 * pins::ps_per_ms;
/// Contacts made or broken again within a bounce: 0 … this many [twin].
inline constexpr int most_bounces = 4;

/// The contact moves at `t`.
struct ButtonEdge {
  Ps t;
  bool pressed;
};

struct ButtonState {
  std::vector<ButtonEdge> edges;  ///< of the presses under way, in order of time
  std::size_t next = 0;           ///< … of them the next
  bool pressed = false;
  random::RandomState random;
};

class Button {
 public:
  /// `pin` must outlive this: true is pressed. `instance` seeds the bounces together with the run's
  /// seed.
  Button(pins::DigitalInput& pin, std::uint64_t run_seed, std::string_view instance);

  /// Presses the button at `t` for `duration`. Throws std::invalid_argument for a duration of 0 and
  /// when an earlier press, its last bounce included, is not over by `t`. A press shorter than a
  /// bounce bounces the less.
  void press(Ps t, Ps duration);

  /// When the contact changes next; pins::ps_never while it rests.
  Ps next_event() const;
  /// Drives the edge that is due at `t` = next_event().
  void advance(Ps t);

  bool pressed() const { return state_.pressed; }

  const ButtonState& state() const { return state_; }
  void restore(const ButtonState& state) { state_ = state; }

 private:
  void add_bouncing(random::Random& random, Ps t, bool pressed, Ps longest);

  pins::DigitalInput& pin_;
  ButtonState state_;
};

}  // namespace models::buttons
