// A real master's port in a live session: between the host's channel and the end of the simulated
// line. Takes what the master writes, puts frames together, follows the rate that he sets, and
// gives him what the meters send when it is due.
//
// A master may set another rate right behind a frame, before anybody has looked, and the host may
// show the rate before the frame. So a change waits a little; a frame that comes meanwhile tells by
// what it is whether it was written before (PortKind::precedes_change).
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "tools/live/byte_channel.h"
#include "tools/live/frame_joiner.h"
#include "tools/live/journal.h"
#include "tools/live/live_end.h"
#include "tools/live/port_kinds.h"

namespace tools::live {

/// [twin] The host delivers bytes sooner than this, and no meter answers sooner; of the wall clock.
inline constexpr Ps rate_patience = 20 * models::pins::ps_per_ms;

/// A port as it was asked for.
struct OpenPort {
  const PortKind& kind;
  std::unique_ptr<ByteChannel> channel;
  std::uint32_t baud;  ///< at first, and always where the channel does not know
};

class LivePort {
 public:
  /// `port` must outlive this. `speed`: simulated seconds per second.
  LivePort(OpenPort& port, bool strict_gaps, double speed);

  const PortKind& kind() const { return port_.kind; }
  /// What goes to the master. To be called by the line's end.
  void heard(const models::masters::HeardCharacter& character);
  /// The line's end, before anything else is done; it must outlive this.
  void connect(const LiveEnd& end) { end_ = &end; }

  /// What poll() is to watch at simulated `now`; −1 for nothing: the wire has enough to carry.
  int descriptor(Ps now) const;
  /// When simulated time has something to do for it; ps_never when nothing waits.
  Ps next_deadline() const;

  /// Reads what the master has written, as of the kernel's `now`.
  void read(Ps now);
  /// What has come of it at the instant `at`, in order: frames and changes of the rate.
  std::vector<JournalEvent> take(Ps at);
  /// Writes the characters that are over at `due`.
  void write_due(Ps due);
  std::uint64_t lost_bytes() const { return lost_bytes_; }

 private:
  /// A byte on its way to the master.
  struct Outgoing {
    Ps end;
    std::uint8_t byte;
  };

  bool takes_bytes(Ps now) const;
  void follow(Ps at, std::uint32_t baud, std::vector<JournalEvent>& events);
  JournalEvent event(Ps at, Bytes bytes) const;

  OpenPort& port_;
  FrameJoiner joiner_;
  const LiveEnd* end_ = nullptr;
  Ps patience_;         ///< with a change of the rate
  std::uint32_t baud_;  ///< followed so far
  Ps change_due_ =
      models::pins::ps_never;  ///< when the master's is followed; never: it is the same
  Bytes piece_;
  std::deque<Outgoing> outgoing_;
  std::uint64_t lost_bytes_ = 0;
};

}  // namespace tools::live
