// A line with ends on it, of which any may drive and all listen: an RS-485 segment, an M-Bus, an
// optical path, by the network that it is given.
//
// A change that an end announces travels to each end (5 ns/m), where what the receiver sees then
// approaches what the network makes of the drivers (network.h), and the receiver follows when its
// threshold is crossed (received_track.h): at least 1 ps after the change. Impulses of noise come
// at each receiver by themselves, announced 50 ms ahead.
//
// [twin] At one end changes arrive in the order in which they left, whatever their ways: of two
// drivers' changes closer than their difference in travel the later one comes late.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/lines/impulse_noise.h"
#include "models/lines/network.h"
#include "models/lines/received_track.h"
#include "models/pins/line.h"

namespace models::lines {

/// What has been seen of the line is known so far back.
inline constexpr Ps history_ps = 100 * pins::ps_per_ms;
/// How often the segment forgets, and how far ahead noise is announced.
inline constexpr Ps housekeeping_ps = 50 * pins::ps_per_ms;

/// An end did something, at `t`.
struct LineChange {
  Ps t;
  int end;
  pins::LineDrive what;
  Drivers drivers;  ///< of the whole segment from then on
};

struct SegmentEndState {
  Ps last = 0;                                       ///< the latest instant announced
  pins::LineDrive what = pins::LineDrive::released;  ///< … from then on
  bool announced = false;                            ///< anything at all
  bool cut = false;                                  ///< `last` is where it was cut
  TrackState track;
  ImpulseNoiseState noise;
};

struct SegmentState {
  std::vector<LineChange> changes;  ///< not forgotten, by (t, end)
  std::uint64_t forgotten = 0;      ///< changes before the first of them
  Drivers before;                   ///< drivers before the first of them
  std::vector<SegmentEndState> ends;
  Ps housekeeping = 0;  ///< next one
  Ps contested = 0;     ///< among the forgotten: when last ends collided
  bool ever_contested = false;
};

/// Hears of what ends do, as they announce it and take it back.
class DriveObserver {
 public:
  DriveObserver() = default;
  DriveObserver(const DriveObserver&) = delete;
  DriveObserver& operator=(const DriveObserver&) = delete;
  virtual ~DriveObserver() = default;

  /// See pins::LinePort.
  virtual void drives(int end, Ps t, pins::LineDrive what) = 0;
  virtual void cuts(int end, Ps t) = 0;
  /// In a segment that was put back: what the end did before it is heard of.
  virtual void begins_with(int end, pins::LineDrive what) = 0;
};

class Segment {
 public:
  /// Ends are numbered as the network has them; `name` and the run's seed make each one's noise.
  /// Throws std::invalid_argument for values outside their ranges.
  explicit Segment(std::unique_ptr<const Network> network, std::uint64_t run_seed = 0,
                   const std::string& name = "bus");
  ~Segment();

  /// The port of an end. It lives as long as the segment.
  pins::LinePort& port(int end);
  /// `listener`, who must outlive this, hears of `end` from now on.
  void listen(int end, pins::LineListener& listener);
  /// … of its rises, too.
  void listen_to_edges(int end, pins::LineListener& listener);
  /// `observer`, who must outlive this, hears of every end from now on.
  void observe(DriveObserver& observer) { observer_ = &observer; }
  /// Tells the observer, if any, of a segment that was put back: what each end did before `t` (at
  /// most 100 ms ago) last, and then what it has announced from there on.
  void recount(Ps t) const;

  /// The first edge that the receiver of `end` sees at or after `from` (at most 100 ms ago), as far
  /// as announced; ps_never when none is.
  Ps next_edge(int end, Ps from) const;
  bool mark_at(int end, Ps t) const;
  /// Whether ends collided, as the network has it, at any instant of [from, to); `to` is not in the
  /// future.
  bool contested(Ps from, Ps to) const;
  /// An impulse of its own at one receiver, from after the present instant on, that begins after
  /// all that were announced before for this end. Throws std::invalid_argument else.
  void disturb(int end, const Impulse& impulse);

  /// When the segment acts next by itself: every 50 ms. Changes by acting only.
  Ps next_event() const { return state_.housekeeping; }
  /// Forgets what is older than anyone may ask for and announces the noise up to next_event().
  /// `t`: next_event(), kernel time.
  void advance(Ps t);

  SegmentState state() const;
  /// Of a segment built alike. Nobody is told.
  void restore(const SegmentState& state);

  const Network& network() const { return *network_; }

 private:
  class End;

  void drive(int end, Ps t, pins::LineDrive what);
  void cut(int end, Ps t);
  /// The drivers' changes from index `first` on are new: works out their sums and what every end
  /// sees.
  void changed_from(std::size_t first);
  void replay(std::size_t end, std::size_t first);
  Arrival arrival_of(std::size_t end, std::size_t change, const NetworkState& to) const;
  const Drivers& drivers_before(std::size_t change) const;
  void redo(std::size_t end, Ps from, std::size_t first_change, const Impulse* impulse);
  void tell(std::size_t end, Ps from);
  void spread_news();

  std::unique_ptr<const Network> network_;
  std::vector<Ps> travel_;  ///< [from · ends + to]
  SegmentState state_;      ///< but for what tracks and noises hold
  std::vector<ReceivedTrack> tracks_;
  std::vector<std::unique_ptr<ImpulseNoise>> noises_;  ///< by end, may be null
  std::vector<std::unique_ptr<End>> ports_;
  struct Ear {
    pins::LineListener* listener = nullptr;
    bool all_edges = false;
  };
  std::vector<Ear> ears_;
  std::vector<double> orientation_;  ///< −1: swapped
  struct News {
    std::size_t end;
    Ps from;
  };
  DriveObserver* observer_ = nullptr;
  std::vector<News> news_;  ///< to be told when everything has been worked out
  std::vector<ReceivedTrack::Edge> edges_before_, edges_after_;
};

}  // namespace models::lines
