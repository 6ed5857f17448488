#include "models/lines/segment.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace models::lines {

using pins::LineDrive;
using pins::ps_never;

class Segment::End final : public pins::LinePort {
 public:
  End(Segment& segment, int number) : segment_(segment), number_(number) {}

  void drive(Ps t, LineDrive what) override { segment_.drive(number_, t, what); }
  void cut(Ps t) override { segment_.cut(number_, t); }
  std::uint64_t marks_at(const Ps* instants, int count) const override {
    return track().marks_at(instants, count);
  }
  Ps next_fall(Ps from) const override { return track().next_fall(from); }

 private:
  const ReceivedTrack& track() const { return segment_.tracks_[static_cast<std::size_t>(number_)]; }

  Segment& segment_;
  int number_;
};

namespace {

Drivers with(Drivers drivers, int end, LineDrive what) {
  drivers.on.put(end, what != LineDrive::released);
  drivers.mark.put(end, what == LineDrive::mark);
  return drivers;
}

}  // namespace

Segment::Segment(std::unique_ptr<const Network> network, std::uint64_t run_seed,
                 const std::string& name)
    : network_(std::move(network)) {
  const NetworkState& idle = network_->under({});
  const std::vector<Reception>& ends = network_->ends();
  state_.ends.resize(ends.size());
  ears_.resize(ends.size());
  tracks_.reserve(ends.size());
  for (std::size_t i = 0; i < ends.size(); ++i) {
    orientation_.push_back(ends[i].orientation);
    tracks_.emplace_back(ends[i].receiver, orientation_[i] * idle.volts[i]);
    ports_.push_back(std::make_unique<End>(*this, static_cast<int>(i)));
    for (std::size_t to = 0; to < ends.size(); ++to) {
      travel_.push_back(network_->travel(static_cast<int>(i), static_cast<int>(to)));
    }
    noises_.push_back(nullptr);
    if (ends[i].noise.per_s > 0) {
      noises_.back() = std::make_unique<ImpulseNoise>(ends[i].noise, run_seed,
                                                      name + ".noise" + std::to_string(i));
    }
  }
}

Segment::~Segment() = default;

pins::LinePort& Segment::port(int end) { return *ports_.at(static_cast<std::size_t>(end)); }

void Segment::listen(int end, pins::LineListener& listener) {
  ears_.at(static_cast<std::size_t>(end)) = {&listener, false};
}

void Segment::listen_to_edges(int end, pins::LineListener& listener) {
  ears_.at(static_cast<std::size_t>(end)) = {&listener, true};
}

Ps Segment::next_edge(int end, Ps from) const {
  return tracks_.at(static_cast<std::size_t>(end)).next_edge(from, false);
}

bool Segment::mark_at(int end, Ps t) const {
  return tracks_.at(static_cast<std::size_t>(end)).mark_at(t);
}

bool Segment::contested(Ps from, Ps to) const {
  if (state_.ever_contested && state_.contested >= from) return true;
  Ps begin = 0;
  const Drivers* drivers = &state_.before;
  for (const LineChange& change : state_.changes) {
    if (begin < to && change.t > from && network_->collides(*drivers)) return true;
    begin = change.t;
    drivers = &change.drivers;
  }
  return begin < to && network_->collides(*drivers);
}

// --- what ends announce
// ---------------------------------------------------------------------------

void Segment::drive(int end, Ps t, LineDrive what) {
  SegmentEndState& state = state_.ends[static_cast<std::size_t>(end)];
  if (state.announced && (t < state.last || (t == state.last && !state.cut))) {
    throw std::invalid_argument("an end announces what comes before what it announced already");
  }
  if (observer_ != nullptr) observer_->drives(end, t, what);
  if (state.announced && t == state.last) {
    // In place of letting go where it was cut.
    const auto released =
        std::find_if(state_.changes.rbegin(), state_.changes.rend(),
                     [&](const LineChange& change) { return change.t == t && change.end == end; });
    if (released != state_.changes.rend()) {
      released->what = what;
      state.what = what;
      state.cut = false;
      changed_from(static_cast<std::size_t>(state_.changes.rend() - released) - 1);
      return;
    }
  }
  const bool same = state.what == what;
  state.announced = true;
  state.cut = false;
  state.last = t;
  state.what = what;
  if (same) return;
  const LineChange change{t, end, what, {}};
  auto place = state_.changes.end();
  while (place != state_.changes.begin()) {
    const LineChange& before = *(place - 1);
    if (before.t < t || (before.t == t && before.end < end)) break;
    --place;
  }
  const auto index = static_cast<std::size_t>(place - state_.changes.begin());
  state_.changes.insert(place, change);
  changed_from(index);
}

void Segment::cut(int end, Ps t) {
  if (observer_ != nullptr) observer_->cuts(end, t);
  SegmentEndState& state = state_.ends[static_cast<std::size_t>(end)];
  std::vector<LineChange>& changes = state_.changes;
  const auto of_this = [&](const LineChange& c) { return c.end == end && c.t >= t; };
  const auto first_gone = std::find_if(changes.begin(), changes.end(), of_this);
  std::size_t first = static_cast<std::size_t>(first_gone - changes.begin());
  changes.erase(std::remove_if(first_gone, changes.end(), of_this), changes.end());
  // What it does just before.
  LineDrive before = LineDrive::released;
  if (state_.before.on.has(end)) {
    before = state_.before.mark.has(end) ? LineDrive::mark : LineDrive::space;
  }
  for (const LineChange& change : changes) {
    if (change.end == end) before = change.what;
  }
  if (before != LineDrive::released) {
    const auto place = std::find_if(changes.begin(), changes.end(), [&](const LineChange& c) {
      return c.t > t || (c.t == t && c.end > end);
    });
    first = std::min(first, static_cast<std::size_t>(place - changes.begin()));
    changes.insert(place, {t, end, LineDrive::released, {}});
  }
  state.announced = true;
  state.cut = true;
  state.last = t;
  state.what = LineDrive::released;
  changed_from(first);
}

// --- what ends see
// --------------------------------------------------------------------------------

const Drivers& Segment::drivers_before(std::size_t change) const {
  return change == 0 ? state_.before : state_.changes[change - 1].drivers;
}

void Segment::changed_from(std::size_t first) {
  const std::size_t changes = state_.changes.size();
  for (std::size_t i = first; i < changes; ++i) {
    LineChange& change = state_.changes[i];
    change.drivers = with(drivers_before(i), change.end, change.what);
  }
  const std::uint64_t number = state_.forgotten + first;
  news_.clear();
  // The usual case: one change more, of which nobody has heard.
  const NetworkState* last =
      first + 1 == changes ? &network_->under(state_.changes.back().drivers) : nullptr;
  for (std::size_t end = 0; end < tracks_.size(); ++end) {
    ReceivedTrack& track = tracks_[end];
    if (last == nullptr || !track.quiet() || track.last().changes != number) {
      replay(end, first);
      continue;
    }
    // By hand what redo() would find out by comparing: the edge that no longer comes, and the one
    // that does.
    const TrackStep before = track.last();
    track.arrive(arrival_of(end, first, *last));
    const TrackStep& step = track.last();
    const bool falls_only = !ears_[end].all_edges;
    Ps from = ps_never;
    if (before.edge != ps_never && before.edge > step.t && (before.mark || !falls_only)) {
      from = before.edge;
    }
    if (step.edge != ps_never && (step.mark || !falls_only)) from = std::min(from, step.edge);
    if (from != ps_never) tell(end, from);
  }
  spread_news();
}

void Segment::tell(std::size_t end, Ps from) {
  if (ears_[end].listener != nullptr) news_.push_back({end, from});
}

void Segment::spread_news() {
  // Who is told may answer by announcing something, which makes news of its own.
  std::vector<News> news;
  news.swap(news_);
  for (const News& item : news) ears_[item.end].listener->line_changed(item.from);
  news.clear();
  news_.swap(news);
}

Arrival Segment::arrival_of(std::size_t end, std::size_t change, const NetworkState& to) const {
  const LineChange& what = state_.changes[change];
  const std::size_t from = static_cast<std::size_t>(what.end);
  Arrival arrival{};
  arrival.t = std::max(what.t + travel_[from * tracks_.size() + end], tracks_[end].last().arrived);
  arrival.target_V = orientation_[end] * to.volts[end];
  arrival.tau_ps = to.tau_ps[end];
  if (network_->ringing() > 0) {
    arrival.ringing_until = arrival.t + network_->ringing();
    arrival.ringing_V =
        network_->ringing_share() * std::fabs(arrival.target_V - tracks_[end].last().target_V);
  }
  return arrival;
}

void Segment::replay(std::size_t end, std::size_t first) {
  if (first < state_.changes.size()) {
    const LineChange& change = state_.changes[first];
    const std::size_t from = static_cast<std::size_t>(change.end);
    redo(end, change.t + travel_[from * tracks_.size() + end], first, nullptr);
  } else {
    // The last ones were taken away, and none is left to arrive.
    redo(end, ps_never, first, nullptr);
  }
}

void Segment::redo(std::size_t end, Ps from, std::size_t first_change, const Impulse* impulse) {
  ReceivedTrack& track = tracks_[end];
  const std::uint64_t number = state_.forgotten + first_change;
  edges_before_.clear();
  edges_after_.clear();
  // The edges before and after can only differ from the last step on that stays.
  const std::size_t rest =
      impulse != nullptr ? track.left_by_rewind_to(from) : track.left_by_rewind(number, from);
  track.edges_from(rest, edges_before_);
  if (impulse != nullptr) {
    track.rewind_to(from);
    track.disturb(*impulse);
  } else {
    track.rewind(number, from);
  }
  for (std::size_t i = static_cast<std::size_t>(track.last().changes - state_.forgotten);
       i < state_.changes.size(); ++i) {
    track.arrive(arrival_of(end, i, network_->under(state_.changes[i].drivers)));
  }
  track.settle();
  track.edges_from(rest, edges_after_);
  if (!ears_[end].all_edges) {
    const auto rises = [](std::vector<ReceivedTrack::Edge>& edges) {
      edges.erase(std::remove_if(edges.begin(), edges.end(),
                                 [](const ReceivedTrack::Edge& edge) { return edge.mark; }),
                  edges.end());
    };
    rises(edges_before_);
    rises(edges_after_);
  }
  std::size_t same = 0;
  while (same < edges_before_.size() && same < edges_after_.size() &&
         edges_before_[same].t == edges_after_[same].t &&
         edges_before_[same].mark == edges_after_[same].mark) {
    ++same;
  }
  Ps news = ps_never;
  if (same < edges_before_.size()) news = edges_before_[same].t;
  if (same < edges_after_.size()) news = std::min(news, edges_after_[same].t);
  if (news != ps_never) tell(end, news);
}

void Segment::disturb(int end, const Impulse& impulse) {
  if (impulse.to <= impulse.from ||
      impulse.from <= tracks_.at(static_cast<std::size_t>(end)).impulse_end()) {
    throw std::invalid_argument("an impulse begins before one that was announced has ended");
  }
  news_.clear();
  redo(static_cast<std::size_t>(end), impulse.from, 0, &impulse);
  spread_news();
}

// --- time
// -------------------------------------------------------------------------------------------

void Segment::advance(Ps t) {
  if (t != state_.housekeeping) return;
  state_.housekeeping = t + housekeeping_ps;
  const Ps slack = history_ps + network_->longest_travel();
  if (t > slack) {
    const Ps keep = t - slack;
    std::size_t gone = 0;
    while (gone < state_.changes.size() && state_.changes[gone].t < keep) {
      // It held until the one after it came.
      if (network_->collides(drivers_before(gone))) {
        state_.ever_contested = true;
        state_.contested = state_.changes[gone].t - 1;
      }
      ++gone;
    }
    if (gone > 0) {
      state_.before = state_.changes[gone - 1].drivers;
      state_.changes.erase(state_.changes.begin(),
                           state_.changes.begin() + static_cast<std::ptrdiff_t>(gone));
      state_.forgotten += gone;
    }
    for (ReceivedTrack& track : tracks_) track.forget_before(t - history_ps);
  }
  for (std::size_t end = 0; end < noises_.size(); ++end) {
    ImpulseNoise* noise = noises_[end].get();
    if (noise == nullptr) continue;
    while (noise->next().from <= state_.housekeeping) {
      const Impulse impulse = noise->next();
      noise->draw();
      if (impulse.from > t && impulse.from > tracks_[end].impulse_end()) {
        disturb(static_cast<int>(end), impulse);
      }
    }
  }
}

SegmentState Segment::state() const {
  SegmentState state = state_;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    state.ends[i].track = tracks_[i].state();
    if (noises_[i]) state.ends[i].noise = noises_[i]->state();
  }
  return state;
}

void Segment::recount(Ps t) const {
  if (observer_ == nullptr) return;
  for (int end = 0; end < static_cast<int>(state_.ends.size()); ++end) {
    LineDrive what = LineDrive::released;
    if (state_.before.on.has(end)) {
      what = state_.before.mark.has(end) ? LineDrive::mark : LineDrive::space;
    }
    for (const LineChange& change : state_.changes) {
      if (change.end == end && change.t < t) what = change.what;
    }
    observer_->begins_with(end, what);
  }
  for (const LineChange& change : state_.changes) {
    if (change.t >= t) observer_->drives(change.end, change.t, change.what);
  }
}

void Segment::restore(const SegmentState& state) {
  state_ = state;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    tracks_[i].restore(state.ends[i].track);
    if (noises_[i]) noises_[i]->restore(state.ends[i].noise);
    state_.ends[i].track = {};
  }
}

}  // namespace models::lines
