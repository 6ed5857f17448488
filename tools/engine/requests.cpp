#include "tools/engine/requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "metrology/hal/memory_map.h"
#include "metrology/registers/table.h"
#include "metrology/ui/panel.h"
#include "tools/checks/raw_value.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

using metrology::registers::Content;
using metrology::registers::Row;

/// The row whose unrounded value an accuracy is judged by.
const Row& row_of(const ExpectAccuracy& e) {
  const auto content = [&e] {
    switch (e.what) {
      case Measured::active_energy:
        return e.reverse ? Content::active_reverse : Content::active_forward;
      case Measured::reactive_energy:
        return e.reverse ? Content::reactive_reverse : Content::reactive_forward;
      case Measured::active_power:
        return Content::active_power;
      case Measured::reactive_power:
        return Content::reactive_power;
      case Measured::voltage:
        return Content::voltage;
      case Measured::current:
        return Content::current;
      case Measured::frequency:
        break;
    }
    return Content::frequency;
  }();
  const int index = e.what == Measured::frequency ? 0 : e.phase;
  for (const Row& row : metrology::registers::rows) {
    if (row.content == content && row.index == index) return row;
  }
  throw std::logic_error("the register table lacks a measured row");
}

/// The instant of the world, in picoseconds with a rest, that an energy's answer is booked up to.
void place_in_time(Reading& reading, const platform::Meter& meter) {
  const BookedUntil until = booked_until(reading);
  const peripherals::Cycle edge = until.cycle + meter.counter_origin();
  const auto& clock = meter.clock();
  const peripherals::Cycle known = std::max(edge, clock.first_edge());
  // Before the first edge the clock is taken to have run just the same.
  const double period_ps = clock.stretch(known).period_ps;
  const double rest = (until.fraction + static_cast<double>(edge - known)) * period_ps;
  const double whole = std::floor(rest);
  reading.booked_until =
      static_cast<std::int64_t>(clock.edge(known)) + static_cast<std::int64_t>(whole);
  reading.booked_until_rest = rest - whole;
}

/// What the panel of a meter shows now: the page, or what it shows instead.
std::string shown_page(platform::Meter& meter) {
  namespace mailbox = metrology::hal::mailbox;
  const std::uint32_t note = meter.debug_port().note();
  const std::uint32_t mode = (note & (mailbox::note_lit - 1)) >> mailbox::note_mode_shift;
  if (!meter.powered() || mode == 0) return "no power";
  if ((note & mailbox::note_lit) == 0) return "dark";
  switch (static_cast<metrology::ui::Mode>(mode - 1)) {
    case metrology::ui::Mode::test_pattern:
      return "test pattern";
    case metrology::ui::Mode::ratio_choice:
      return "choice of the CT ratio";
    default:
      return fmt::format("P{:02}", note & 0xFF);
  }
}

}  // namespace

Requests::Requests(const Scenario& scenario, const std::vector<std::unique_ptr<MeterWorld>>& worlds,
                   Script& script, bool led)
    : scenario_(scenario),
      worlds_(worlds),
      script_(script),
      led_(led),
      readings_(scenario.expectations.size()) {
  for (const MeterSpec& meter : scenario.meters) {
    start_rates_.push_back(meter.page.s0_rate_centi / 100.0);
  }
  schedule_profiles();
  schedule_timeline();
  schedule_readings();
}

platform::Meter& Requests::meter(int index) const {
  return worlds_[static_cast<std::size_t>(index)]->meter();
}

void Requests::schedule_timeline() {
  for (const TimelineEntry& entry : scenario_.timeline) {
    for (std::size_t i = 0; i < worlds_.size(); ++i) {
      const int index = static_cast<int>(i);
      if (entry.meter && *entry.meter != index) continue;
      for (const Ps t : entry.at) {
        if (t >= scenario_.duration || !acts(entry)) continue;
        script_.add(t, [this, i, t, &entry] { perform_scripted(entry, i, t); });
      }
    }
  }
}

/// Before a run that nobody leads the mains know their whole profile.
void Requests::schedule_profiles() {
  if (!led_) return;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    const auto& profile = scenario_.meters[i].profile;
    if (!profile) continue;
    profile->for_each(scenario_.duration, [this, i](Ps t, const ProfileRow& row) {
      script_.add(t, [this, i, t, &row] { worlds_[i]->change_mains(t, row); });
    });
  }
}

bool Requests::acts(const TimelineEntry& entry) const {
  return (led_ && touches_mains(entry)) || entry.crystal_ppb || entry.receivers || entry.press ||
         entry.tariff_input || entry.supply_cut || entry.fault || entry.write;
}

/// Orders from outside may have made impossible what the timeline says: a button that is held is
/// pressed.
void Requests::perform_scripted(const TimelineEntry& entry, std::size_t index, Ps t) {
  try {
    perform(entry, index, t);
  } catch (const std::invalid_argument& error) {
    if (!led_) throw;
    std::fprintf(stderr, "vmeter: %s: left out: %s\n", to_string(entry.position).c_str(),
                 error.what());
  }
}

void Requests::perform(const TimelineEntry& entry, std::size_t index, Ps t) {
  MeterWorld& world = *worlds_[index];
  if (led_ && touches_mains(entry)) world.change_mains(t, entry);
  if (entry.crystal_ppb) world.change_crystal(t, *entry.crystal_ppb);
  if (entry.receivers) world.change_receivers(t, *entry.receivers);
  Surroundings& around = world.surroundings();
  if (entry.press) around.press(t, *entry.press);
  if (entry.tariff_input) around.set_tariff_voltage(t, *entry.tariff_input);
  if (entry.supply_cut) around.cut_supply(t, *entry.supply_cut);
  if (entry.fault) around.strike(*entry.fault);
  if (entry.write) {
    writes_.push_back({static_cast<int>(index), t, &*entry.write, std::nullopt});
    post_write(writes_.size() - 1);
  }
}

void Requests::post_write(std::size_t index) {
  const Write& write = writes_[index];
  meter(write.meter)
      .debug_port()
      .write_row(write.what->row->address, write.what->words,
                 [this, index](const platform::DebugReply& reply) {
                   Reading& answer = writes_[index].answer.emplace();
                   answer.at = reply.at;
                   answer.status = reply.status;
                 });
}

void Requests::schedule_readings() {
  for (std::size_t i = 0; i < scenario_.expectations.size(); ++i) {
    const ExpectationKind& kind = scenario_.expectations[i].kind;
    if (const auto* row = std::get_if<ExpectRow>(&kind)) {
      schedule_reading(i, row->at, false);
    } else if (const auto* accuracy = std::get_if<ExpectAccuracy>(&kind)) {
      if (is_energy(accuracy->what)) schedule_reading(i, accuracy->from, true);
      schedule_reading(i, accuracy->to, false);
    } else if (const auto* page = std::get_if<ExpectPage>(&kind)) {
      script_.add(page->at, [this, i] {
        readings_[i].page = shown_page(meter(scenario_.expectations[i].meter));
      });
    }
  }
}

void Requests::schedule_reading(std::size_t expectation, Ps at, bool first) {
  script_.add(at, [this, expectation, first] {
    const Expectation& e = scenario_.expectations[expectation];
    platform::Meter& asked = meter(e.meter);
    const auto answer = [this, expectation, first, &asked](const platform::DebugReply& reply) {
      ExpectationReadings& readings = readings_[expectation];
      Reading& reading = (first ? readings.first : readings.last).emplace();
      reading.at = reply.at;
      reading.status = reply.status;
      reading.words = reply.words;
      const auto* accuracy = std::get_if<ExpectAccuracy>(&scenario_.expectations[expectation].kind);
      if (accuracy != nullptr && is_energy(accuracy->what)) place_in_time(reading, asked);
    };
    if (const auto* row = std::get_if<ExpectRow>(&e.kind)) {
      if (row->raw) {
        asked.debug_port().read_raw(row->row->address, answer);
      } else {
        asked.debug_port().read_row(row->row->address, answer);
      }
    } else {
      asked.debug_port().read_raw(row_of(std::get<ExpectAccuracy>(e.kind)).address, answer);
    }
  });
}

void Requests::give(Evidence& evidence) const {
  evidence.readings = readings_;
  // The kernel runs a little beyond the end: what is answered there is too late.
  for (ExpectationReadings& readings : evidence.readings) {
    for (std::optional<Reading>* reading : {&readings.first, &readings.last}) {
      if (*reading && (*reading)->at >= evidence.end) reading->reset();
    }
  }
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    evidence.meters[i].s0_rates = {{0, start_rates_[i]}};
  }
  std::vector<const Write*> accepted;
  for (const Write& write : writes_) {
    const bool rate = write.what->row->content == Content::s0_rate;
    if (rate && accepted_before(write, evidence.end)) accepted.push_back(&write);
  }
  std::stable_sort(accepted.begin(), accepted.end(),
                   [](const Write* a, const Write* b) { return a->answer->at < b->answer->at; });
  for (const Write* write : accepted) {
    evidence.meters[static_cast<std::size_t>(write->meter)].s0_rates.push_back(
        {write->answer->at, write->what->number});
  }
}

bool Requests::accepted_before(const Write& write, Ps end) {
  return write.answer && write.answer->at < end &&
         write.answer->status == metrology::hal::MailboxReply::ok;
}

Requests::State Requests::state() const {
  State out;
  for (const Write& write : writes_) {
    std::uint64_t entry = 0;
    for (const TimelineEntry& candidate : scenario_.timeline) {
      if (candidate.write && &*candidate.write == write.what) break;
      ++entry;
    }
    out.writes.push_back({write.meter, entry, write.at, write.answer});
  }
  out.readings = readings_;
  out.start_rates = start_rates_;
  Evidence evidence;
  evidence.end = models::pins::ps_never;
  evidence.meters.resize(worlds_.size());
  give(evidence);
  for (const MeterEvidence& meter : evidence.meters) {
    out.s0_rates.push_back(meter.s0_rates.back().rate);
  }
  return out;
}

void Requests::restore(const State& state) {
  for (const WriteState& write : state.writes) {
    const auto& what = scenario_.timeline.at(write.entry).write;
    writes_.push_back({write.meter, write.at, &what.value(), write.answer});
  }
  readings_ = state.readings;
  // Not the scenario's when this run's own begin was a handover.
  start_rates_ = state.start_rates;
}

std::vector<Verdict> Requests::failures(Ps end, bool whole) const {
  std::vector<Verdict> out;
  for (const TimelineEntry& entry : scenario_.timeline) {
    // Whoever leads the run ends it when it pleases him.
    if (led_ || !whole) continue;
    const auto late = std::lower_bound(entry.at.begin(), entry.at.end(), scenario_.duration);
    if (late == entry.at.end()) continue;
    Verdict verdict;
    verdict.name = entry.name.empty() ? fmt::format("event in line {}", entry.position.line)
                                      : fmt::format("event {}", entry.name);
    verdict.expected = "to happen";
    verdict.at = *late;
    out.push_back(std::move(verdict));
  }
  for (const Write& write : writes_) {
    if (accepted_before(write, end)) continue;
    Verdict verdict;
    verdict.name = fmt::format("write of {} to {} at {}", write.what->shown,
                               label_of(*write.what->row), show_time(write.at));
    if (worlds_.size() > 1) {
      verdict.name += " of " + scenario_.meters[static_cast<std::size_t>(write.meter)].id;
    }
    verdict.expected = "accepted";
    verdict.at = write.at;
    if (write.answer && write.answer->at < end) {
      verdict.seen = std::string(reason_of(write.answer->status));
    }
    out.push_back(std::move(verdict));
  }
  return out;
}

}  // namespace tools
