#include "tests/end_to_end/load_point.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace end_to_end {

namespace {

constexpr Ps settling = 1'200 * ps_per_ms;
constexpr Ps measuring = 2'400 * ps_per_ms;
constexpr double active_limit = 1e-4;
constexpr double reactive_limit = 5e-4;
constexpr double reactive_limit_of_s = 2e-4;
constexpr double least_sine = 0.25;
constexpr double frequency_limit_Hz = 5e-4;
constexpr double Ws_per_Wh = 3600;
/// A phase's Q below this may be booked or not (pro380 §2: 0.6 · Un · Ist).
constexpr double no_load_var(bool ct) { return ct ? 0.621 : 3.45; }

/// Whose rows are read: a phase's, or the total's.
constexpr int total = -1;

constexpr std::uint32_t part(int account) {
  return account == total ? 0u : 8u + 4u * static_cast<unsigned>(account);
}

std::vector<std::uint32_t> energy_rows(int account) {
  const std::uint32_t n = part(account);
  return {0x3020 + n, 0x3040 + n, 0x3080 + n, 0x30A0 + n};
}

/// An account's active and reactive energy, each forward and reverse.
struct Readings {
  std::vector<BookedEnergy> active, reactive;
};

Readings read_energies(Workbench& bench, int account) {
  const auto all = bench.raw_energies(energy_rows(account));
  return {{all[0], all[1]}, {all[2], all[3]}};
}

struct Powers {
  double p_W = 0;
  double q_var = 0;
  double s_VA = 0;
};

Powers true_powers(const Workbench& bench, const Place& place, int account, Ps at) {
  Powers sum;
  for (int phase = 0; phase < 3; ++phase) {
    if (account != total && phase != account) continue;
    const auto truth = bench.quantities(phase, at);
    sum.p_W += truth.p_W;
    sum.q_var += truth.q_var;
    sum.s_VA += truth.s_VA;
  }
  // The apparent power of Aron's total is not the sum of its elements'.
  if (place.connection == Connection::aron) sum.s_VA = std::hypot(sum.p_W, sum.q_var);
  return sum;
}

/// Energy between two readings against the truth between their instants.
class EnergyErrors {
 public:
  EnergyErrors(const models::truth::EnergyTruth& truth, const Readings& first,
               const Readings& second)
      : truth_(truth), first_(first), second_(second) {}

  double active_share(int direction) const {
    return gained(first_.active, second_.active, direction) / true_active(direction) - 1;
  }
  double reactive_share(int direction) const {
    return gained(first_.reactive, second_.reactive, direction) / true_reactive(direction) - 1;
  }
  /// Forward less reverse, where the truth is near nothing.
  double net_reactive_Wh() const {
    return gained(first_.reactive, second_.reactive, 0) -
           gained(first_.reactive, second_.reactive, 1) - true_reactive(0) + true_reactive(1);
  }

 private:
  static double gained(const std::vector<BookedEnergy>& first,
                       const std::vector<BookedEnergy>& second, int direction) {
    const auto n = static_cast<std::size_t>(direction);
    return static_cast<double>(second[n].uWh - first[n].uWh) * 1e-6 +
           (static_cast<double>(second[n].residue_pWh) -
            static_cast<double>(first[n].residue_pWh)) *
               1e-12;
  }
  static double pick(const models::truth::Energy& energy, int direction) {
    return (direction == 0 ? energy.forward : energy.reverse) / Ws_per_Wh;
  }
  double true_active(int direction) const {
    const auto n = static_cast<std::size_t>(direction);
    return pick(truth_.active(first_.active[n].until, second_.active[n].until), direction);
  }
  double true_reactive(int direction) const {
    const auto n = static_cast<std::size_t>(direction);
    return pick(truth_.reactive(first_.reactive[n].until, second_.reactive[n].until), direction);
  }

  const models::truth::EnergyTruth& truth_;
  const Readings& first_;
  const Readings& second_;
};

/// What is measured in one account, and what for.
struct Case {
  const LoadPoint& point;
  Powers truth;
  double no_load_var;
  std::string where;
};

void note_energies(const EnergyErrors& errors, const Readings& first, const Readings& second,
                   const Case& measured, ErrorTable& table) {
  const Powers& powers = measured.truth;
  const std::string& where = measured.where;
  const int direction = powers.p_W > 0 ? 0 : 1;
  const auto other = static_cast<std::size_t>(1 - direction);
  table.note(Quantity::active_energy, errors.active_share(direction),
             active_limit + measured.point.p_allowance, where);
  CHECK(second.active[other].uWh == first.active[other].uWh);
  CHECK(second.active[other].residue_pWh == first.active[other].residue_pWh);
  if (std::abs(powers.q_var) < least_sine * 0.9999 * powers.s_VA) {
    const double seconds =
        static_cast<double>(second.reactive[0].until - first.reactive[0].until) * 1e-12;
    table.note(Quantity::reactive_energy_of_apparent,
               errors.net_reactive_Wh() * Ws_per_Wh / (powers.s_VA * seconds),
               reactive_limit_of_s + measured.no_load_var / powers.s_VA, where);
    return;
  }
  const int q_direction = powers.q_var > 0 ? 0 : 1;
  const auto q_other = static_cast<std::size_t>(1 - q_direction);
  CHECK(second.reactive[q_other].uWh == first.reactive[q_other].uWh);
  table.note(Quantity::reactive_energy, errors.reactive_share(q_direction),
             reactive_limit + measured.point.q_allowance * powers.s_VA / std::abs(powers.q_var),
             where);
}

void note_powers(Workbench& bench, int account, const Case& measured, ErrorTable& table) {
  const Powers& truth = measured.truth;
  const std::string& where = measured.where;
  const std::uint32_t n = part(account);
  const auto raw = bench.raws({0x2080 + n, 0x20A0 + n, 0x20C0 + n, 0x20E0 + n});
  const double p = std::abs(truth.p_W);
  const double q = std::abs(truth.q_var);
  const double s = truth.s_VA;
  const double p_limit = (active_limit + measured.point.p_allowance) * p;
  table.note(Quantity::p, raw[0] * 1000 / truth.p_W - 1, p_limit / p, where);
  const double q_error = raw[1] * 1000 - truth.q_var;
  double q_limit = measured.point.q_allowance * s;
  if (q >= least_sine * 0.9999 * s) {
    q_limit += reactive_limit * q;
    table.note(Quantity::q, q_error / q, q_limit / q, where);
  } else {
    q_limit += reactive_limit_of_s * s;
    table.note(Quantity::q_of_s, q_error / s, q_limit / s, where);
  }
  // S = √(P²+Q²) and PF = |P|/S move with P and Q by their derivatives, and where Q is 0 by the
  // square of its error.
  const double square = q_limit * q_limit / (2 * s * s);
  const double s_limit = (p * p_limit + q * q_limit) / (s * s) + square;
  const double factor_limit = (q * q * p_limit + p * q * q_limit) / (s * s * s) + square;
  table.note(Quantity::s, raw[2] * 1000 / s - 1, s_limit, where);
  // Rounding of doubles, where the limit itself is smaller.
  table.note(Quantity::power_factor, raw[3] - p / s, factor_limit + 1e-12, where);
}

void note_voltages_and_currents(Workbench& bench, const Place& place, const LoadPoint& point, Ps at,
                                const std::string& where, ErrorTable& table) {
  for (int phase = 0; phase < 3; ++phase) {
    const auto k = static_cast<std::uint32_t>(phase);
    const auto raw = bench.raws({0x2008 + 4 * k, 0x2068 + 4 * k});
    const auto truth = bench.quantities(phase, at);
    const std::string which = where + " L" + std::to_string(phase + 1);
    if (truth.u_rms_V > 0) {
      table.note(Quantity::u, raw[0] / truth.u_rms_V - 1, 1e-4, which);
    } else {
      CHECK(raw[0] == 0);  // nothing is joined to this channel
    }
    if (truth.i_rms_A == 0) {
      CHECK(raw[1] == 0);
      continue;
    }
    table.note(Quantity::i, std::abs(raw[1]) / truth.i_rms_A - 1, point.i_limit, which);
    // An element of Aron has no power, and so no sign, at some power factors.
    if (place.connection != Connection::aron) CHECK((raw[1] < 0) == (truth.p_W < 0));
  }
}

}  // namespace

void measure_point(Workbench& bench, const Place& place, const LoadPoint& point,
                   ErrorTable& table) {
  std::vector<int> accounts{total};
  for (int phase = 0; phase < 3; ++phase) {
    if (place.connection == Connection::aron) continue;
    if (place.loaded[static_cast<std::size_t>(phase)]) accounts.push_back(phase);
  }
  const Ps middle = bench.now() + settling;
  bench.run_until(middle);
  std::vector<Readings> first;
  first.reserve(accounts.size());
  for (const int account : accounts) first.push_back(read_energies(bench, account));
  bench.run_until(middle + measuring);
  const bool ct = metrology::hal::is_ct(bench.meter().config().parameters.variant);
  for (std::size_t n = 0; n < accounts.size(); ++n) {
    const int account = accounts[n];
    const std::string whose = account == total ? " total" : " L" + std::to_string(account + 1);
    const Case measured{point, true_powers(bench, place, account, middle),
                        no_load_var(ct) * (account == total ? 3 : 1), point.name + whose};
    INFO(measured.where);
    CHECK((measured.truth.p_W < 0) == point.exports);
    const Readings second = read_energies(bench, account);
    const auto& truth = account == total ? bench.total_truth() : bench.truth(account);
    note_energies(EnergyErrors(truth, first[n], second), first[n], second, measured, table);
    note_powers(bench, account, measured, table);
  }
  note_voltages_and_currents(bench, place, point, middle, point.name, table);
  table.note(Quantity::f, bench.raw(0x2020) - point.frequency_Hz, frequency_limit_Hz, point.name);
}

}  // namespace end_to_end
