#include <fmt/format.h>

#include "metrology/app/modbus_port.h"
#include "tools/scenario/load.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

/// A register is read by the firmware's next task: within a block of samples.
constexpr Ps answer_time = 40 * models::pins::ps_per_ms;
/// Measured values hold over the second before their refresh, which may be a second old.
constexpr Ps measured_span = 2100 * models::pins::ps_per_ms;
/// Eight characters at 9600 Bd, the default delay, an answer of five and the silence after it.
constexpr Ps shortest_exchange = 38 * models::pins::ps_per_ms;
/// A meter answers its reader so long after a message (tr), and waits so long for the next one.
constexpr Ps ir_answer_time = 200 * models::pins::ps_per_ms;
constexpr Ps ir_patience = 1500 * models::pins::ps_per_ms;
constexpr Ps settling = models::pins::ps_per_s;

class Warner {
 public:
  explicit Warner(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<std::string> warnings() {
    if (scenario_.expectations.empty()) {
      out_.push_back(scenario_.file + ": found no expectations: whatever happens will pass");
    }
    warn_of_capacity(scenario_, out_);
    if (scenario_.bus) check_bus(*scenario_.bus);
    warn_of_mbus(scenario_, out_);
    warn_of_profiles(scenario_, out_);
    if (scenario_.ir) check_head(*scenario_.ir);
    for (const TimelineEntry& entry : scenario_.timeline) check(entry);
    for (const Expectation& expectation : scenario_.expectations) {
      expectation_ = &expectation;
      std::visit([this](const auto& kind) { check(kind); }, expectation.kind);
    }
    return std::move(out_);
  }

 private:
  void warn(const Position& position, const std::string& what) {
    out_.push_back(to_string(position) + ": " + what);
  }
  void warn(const std::string& what) {
    warn(expectation_->position, in_quotes(expectation_->name) + ": " + what);
  }

  void check(const TimelineEntry& entry) {
    if (entry.at.back() >= scenario_.duration) {
      warn(entry.position, fmt::format("found an event at {}, not before the end at {}: it will "
                                       "not be reached, which fails",
                                       show_time(entry.at.back()), show_time(scenario_.duration)));
    } else if (entry.modbus) {
      check_exchange(entry);
    } else if (entry.ir) {
      check_session(entry);
    }
  }

  /// The master cannot be done with what it is asked to do.
  void check_exchange(const TimelineEntry& entry) {
    const ModbusEntry& what = *entry.modbus;
    const Ps last = entry.at.back();
    if (what.action == ModbusAction::poll) {
      if (what.until <= last) {
        warn(entry.position, fmt::format("found a poll from {} until {}: nothing will be asked",
                                         show_time(last), show_time(what.until)));
      }
      return;
    }
    if (last + shortest_exchange > scenario_.duration) {
      warn(entry.position,
           fmt::format("found a request at {}, and its answer needs {} at the least before the "
                       "run's end at {}",
                       show_time(last), show_time(shortest_exchange),
                       show_time(scenario_.duration)));
    }
  }

  /// Between sign-on and the first that is of interest, at 300 Bd, the meter as quick as may be.
  void check_session(const TimelineEntry& entry) {
    using models::masters::IrPurpose;
    constexpr std::uint64_t identification = 7;  // "/INM5" CR LF
    constexpr std::uint64_t acknowledgement = 6;
    const models::masters::IrSession& session = entry.ir->session;
    Ps needed = ir_answer_time;
    std::uint64_t characters = session.raw.size();
    if (session.purpose == IrPurpose::line_break) {
      needed = session.break_time;
    } else if (session.purpose != IrPurpose::raw) {
      characters = models::masters::sign_on_message(session.address).size() + identification;
      if (session.purpose != IrPurpose::sign_on) {
        characters += acknowledgement;
        needed += 2 * ir_answer_time;
      }
    }
    needed += characters * models::pins::ps_per_s / 30;
    const Ps last = entry.at.back();
    if (last + needed > scenario_.duration) {
      warn(entry.position, fmt::format("found a session at {}, which needs more than {:.1f} s "
                                       "before the run's end at {}",
                                       show_time(last), static_cast<double>(needed) * 1e-12,
                                       show_time(scenario_.duration)));
    }
  }

  void check_head(const IrSpec& head) {
    if (head.times.timeout < ir_answer_time) {
      warn(head.position, fmt::format("found a time-out of {}, and a meter answers after {}",
                                      show_time(head.times.timeout), show_time(ir_answer_time)));
    }
    if (head.times.reaction > ir_patience) {
      warn(head.position, fmt::format("found a reaction of {}, and a meter waits for {}",
                                      show_time(head.times.reaction), show_time(ir_patience)));
    }
    const models::lines::OpticalSpec& optics = head.optics;
    const double light = optics.head_uW_cm2 * (1 - optics.attenuation) + optics.ambient_uW_cm2;
    if (light < models::lines::optical_light_uW_cm2) {
      warn(head.position, "found an attenuation that leaves too little light to be seen");
    } else if (optics.ambient_uW_cm2 > models::lines::optical_dark_uW_cm2) {
      warn(head.position, "found ambient light that no receiver takes for dark");
    }
  }

  /// A delay that is shorter than what the meter needs at its rate.
  void check_reply_delay(const MeterSpec& meter) {
    const std::uint32_t wanted_ms = meter.page.reply_delay_ms;
    if (wanted_ms == 0) return;
    const metrology::app::LineSettings line{
        meter.settings.baud.value_or(9600),
        meter.settings.parity.value_or(metrology::registers::Parity::even), 1};
    constexpr double ms_per_cycle = 1000.0 / static_cast<double>(metrology::hal::core_hz);
    const double least_ms = metrology::app::reply_cycles(line, 1) * ms_per_cycle;
    if (wanted_ms >= least_ms) return;
    warn(meter.position,
         fmt::format("found a reply delay of {} ms, which the meter will not meet: at {} Bd it "
                     "needs {:.2f} ms",
                     wanted_ms, line.baud, least_ms));
  }

  void check_bus(const BusSpec& bus) {
    int meters = 0;
    int understood = 0;
    for (const MeterSpec& meter : scenario_.meters) {
      if (!metrology::hal::has_modbus(meter.page.variant) || meter.bus.wires == Wires::open) {
        continue;
      }
      ++meters;
      check_reply_delay(meter);
      const bool even = meter.settings.parity.value_or(metrology::registers::Parity::even) ==
                        metrology::registers::Parity::even;
      const bool master_even = bus.format.parity == models::masters::Parity::even;
      if (meter.settings.baud.value_or(9600) == bus.format.baud && even == master_even) {
        ++understood;
      }
    }
    bool changes = false;
    for (const TimelineEntry& entry : scenario_.timeline) {
      changes = changes || (entry.modbus && (entry.modbus->baud || entry.modbus->parity));
    }
    if (meters == 0) {
      warn(bus.position, "found a bus without a meter on it");
    } else if (understood == 0 && !changes) {
      warn(bus.position,
           fmt::format("found a master at {} Bd, {} parity, as no meter on the bus "
                       "has it",
                       bus.format.baud,
                       bus.format.parity == models::masters::Parity::even ? "even" : "no"));
    }
    if (bus.master_wires == Wires::open) warn(bus.position, "found a master that is not connected");
  }

  void check_end(Ps to) {
    if (to > scenario_.duration) {
      warn(fmt::format("ends at {}, after the run's end at {}: it will not be reached",
                       show_time(to), show_time(scenario_.duration)));
    }
  }

  void check_instant(Ps at) {
    if (at >= scenario_.duration) {
      warn(fmt::format("looks at {}, not before the run's end at {}: it will not be reached",
                       show_time(at), show_time(scenario_.duration)));
    }
  }

  void check_read(Ps at) {
    if (at + answer_time > scenario_.duration) {
      warn(
          fmt::format("reads the meter at {}, and the answer needs up to {} before the run's end "
                      "at {}",
                      show_time(at), show_time(answer_time), show_time(scenario_.duration)));
    }
  }

  bool changes_within(Ps from, Ps to) const {
    for (const TimelineEntry& entry : scenario_.timeline) {
      if (entry.meter && *entry.meter != expectation_->meter) continue;
      if (!entry.set && !entry.ramp && entry.sags.empty()) continue;
      for (const Ps t : entry.at) {
        Ps end = t;
        if (entry.ramp) end += entry.ramp->over;
        for (const Sag& sag : entry.sags) end = std::max(end, t + sag.duration);
        if (t < to && end > from) return true;
      }
    }
    bool changes = false;
    const auto index = static_cast<std::size_t>(expectation_->meter);
    if (const auto& profile = scenario_.meters[index].profile) {
      profile->for_each(to, [&](Ps t, const ProfileRow&) { changes = changes || t > from; });
    }
    return changes;
  }

  /// Whether phase 0 … 2 or the total (3) is measured in the connection of the meter.
  bool has_element(int phase) const {
    using models::wiring::Connection;
    const auto index = static_cast<std::size_t>(expectation_->meter);
    switch (scenario_.meters[index].wiring.connection) {
      case Connection::four_wire:
        return true;
      case Connection::aron:
        return phase != 1;
      case Connection::one_phase:
        return phase == 0 || phase == 3;
    }
    return true;
  }

  /// Pulses are wanted of an S0 output that nobody ever feeds.
  void check_receiver(Output output) {
    if (output != Output::s0_forward && output != Output::s0_reverse) return;
    const std::size_t which = output == Output::s0_forward ? 0 : 1;
    double supply = models::receivers::S0Supply{}.voltage_V;
    bool reversed = false;
    bool ever = false;
    const auto apply = [&](const ReceiversChange& change) {
      supply = change[which].supply_V.value_or(supply);
      reversed = change[which].reversed.value_or(reversed);
    };
    const auto works = [&] { return supply >= models::receivers::s0_min_V && !reversed; };
    const auto index = static_cast<std::size_t>(expectation_->meter);
    for (const ReceiversChange& change : scenario_.meters[index].receivers) apply(change);
    ever = works();
    for (const TimelineEntry& entry : scenario_.timeline) {
      if (!entry.receivers || (entry.meter && *entry.meter != expectation_->meter)) continue;
      apply(*entry.receivers);
      ever = ever || works();
    }
    if (!ever) {
      warn(
          fmt::format("wants pulses of {}, whose receiver never has a supply of at least 5 V the "
                      "right way round",
                      name_of(output)));
    }
  }

  void check(const ExpectRow& e) { check_read(e.at); }

  void check(const ExpectAccuracy& e) {
    check_read(e.to);
    if (e.from < settling) warn("begins before 1 s, while the meter still settles");
    if (!has_element(e.phase)) {
      warn("wants a phase whose channels this connection leaves empty: nothing is 0 in truth too");
    }
    const bool changes = changes_within(e.from, e.to);
    if (e.of_apparent && changes) warn("wants one apparent power while the grid changes");
    if (is_energy(e.what)) return;
    if (e.to - e.from < measured_span) {
      warn("is shorter than 2.1 s, so the value read at its end may be older than its start");
    }
    if (changes) warn("wants one value while the grid changes");
  }

  void check(const ExpectCount& e) {
    check_end(e.to);
    if (!e.equals || *e.equals > 0) check_receiver(e.output);
  }
  void check(const ExpectFollowsTruth& e) {
    check_end(e.to);
    check_receiver(e.output);
  }
  void check(const ExpectWidth& e) {
    check_end(e.to);
    check_receiver(e.output);
  }
  void check(const ExpectInterval& e) {
    check_end(e.to);
    check_receiver(e.output);
  }
  void check(const ExpectJitter& e) {
    check_end(e.to);
    check_receiver(e.output);
    if (changes_within(e.from, e.to)) warn("wants even intervals while the grid changes");
  }
  void check(const ExpectSilent& e) { check_end(e.to); }
  void check(const ExpectDiagnostic& e) { check_end(e.to); }
  void check(const ExpectDisplay& e) { check_instant(e.at); }
  void check(const ExpectPage& e) { check_instant(e.at); }
  void check(const ExpectBacklight& e) { check_instant(e.at); }
  void check(const ExpectAnswer&) {}
  void check(const ExpectExchanges&) {}
  void check(const ExpectIrAnswer&) {}
  void check(const ExpectIrExchanges&) {}
  void check(const ExpectMbusAnswer&) {}
  void check(const ExpectMbusExchanges&) {}
  void check(const ExpectFound&) {}

  const Scenario& scenario_;
  const Expectation* expectation_ = nullptr;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> warnings_of(const Scenario& scenario) {
  return Warner(scenario).warnings();
}

}  // namespace tools
