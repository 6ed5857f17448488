// Tariffs and combined codes end to end: register writes through the debug port, every row of the
// energy block against the truth with one phase exporting.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/workbench.h"

using namespace end_to_end;
using metrology::hal::MailboxReply;

namespace {

constexpr std::uint32_t tariff_row = 0x2200;
constexpr std::uint32_t code_row = 0x107A;
constexpr std::uint32_t forward_T1 = 0x3120;
constexpr std::uint32_t forward_T2 = 0x3220;
constexpr std::uint32_t forward_all = 0x3020;

/// The 36 rows' offsets from 0x3000: kind, then part.
constexpr std::uint32_t kinds[] = {0x00, 0x20, 0x40, 0x60, 0x80, 0xA0};
constexpr std::uint32_t parts[] = {0x000, 0x100, 0x200, 0x008, 0x00C, 0x010};

std::vector<std::uint32_t> whole_block() {
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t kind : kinds) {
    for (const std::uint32_t part : parts) rows.push_back(0x3000 + kind + part);
  }
  return rows;
}

double combined(int code, const models::truth::Energy& energy) {
  switch (code) {
    case 1:
      return energy.forward;
    case 4:
      return energy.reverse;
    case 5:
      return energy.forward + energy.reverse;
    case 6:
      return energy.reverse - energy.forward;
    default:
      return energy.forward - energy.reverse;
  }
}

/// What a row of the block has to have booked between two instants, in Wh, and of how much energy
/// the allowed error is a share.
struct Due {
  double Wh;
  double of_Wh;
};

Due due_of(const Workbench& bench, std::uint32_t row, int code, bool t2, Ps from, Ps to) {
  const std::uint32_t kind = row & 0xE0U;
  const std::uint32_t part = row & 0xF1FU;
  const bool reactive = kind >= 0x60;
  models::truth::Energy energy;
  for (int phase = 0; phase < 3; ++phase) {
    if (part >= 0x008 && part <= 0x010 && part != 0x008 + 4 * static_cast<std::uint32_t>(phase)) {
      continue;
    }
    const auto& truth = bench.truth(phase);
    const auto more = reactive ? truth.reactive(from, to) : truth.active(from, to);
    energy.forward += more.forward / 3600;
    energy.reverse += more.reverse / 3600;
  }
  const double of_Wh = energy.forward + energy.reverse;
  if ((part == 0x100 && t2) || (part == 0x200 && !t2)) return {0, of_Wh};
  const std::uint32_t direction = kind % 0x60;
  if (direction == 0x00) return {combined(code, energy), of_Wh};
  return {direction == 0x20 ? energy.forward : energy.reverse, of_Wh};
}

}  // namespace

TEST_CASE("a write of 2200 switches booking, and T1 and T2 are the total to the picowatt hour") {
  Workbench bench(Setup{});
  bench.schedule(0, {230, 20, 30});
  bench.run_until(2 * ps_per_s + 7 * ps_per_ms);
  const platform::DebugReply reply = bench.write_two_bytes(tariff_row, 12);
  REQUIRE(reply.status == MailboxReply::ok);
  CHECK(bench.row_integer(tariff_row) == 2U << 16U);
  // A boundary 31.25 ms … 62.5 ms after the request, and a frame of 15.6 ms more.
  bench.run_until(bench.now() + 30 * ps_per_ms);
  CHECK(bench.edges().count("m1.led_tariff edge") == 0);
  bench.run_until(bench.now() + 50 * ps_per_ms);
  CHECK(bench.edges().count("m1.led_tariff edge") == 1);
  bench.run_until(3 * ps_per_s);
  const auto first = bench.raw_energies({forward_T1, forward_T2});
  // Booked from that boundary on, less what is missing.
  const auto truth = [&](Ps to) { return bench.total_truth().active(0, to).forward / 3600; };
  CHECK(first[0].Wh > truth(reply.at + 15 * ps_per_ms));
  CHECK(first[0].Wh < truth(reply.at + 63 * ps_per_ms));
  // Nothing is missing but the frame of 15.625 ms before sample 0.
  const double missing_Wh = truth(first[1].until) - first[0].Wh - first[1].Wh;
  CHECK(missing_Wh > 0);
  CHECK(missing_Wh < truth(16 * ps_per_ms));

  bench.run_until(5 * ps_per_s);
  const auto second = bench.raw_energies({forward_T1, forward_T2});
  CHECK(second[0].uWh == first[0].uWh);
  CHECK(second[0].residue_pWh == first[0].residue_pWh);
  CHECK(second[1].Wh - first[1].Wh ==
        Approx(truth(second[1].until) - truth(first[1].until)).epsilon(1e-4));

  REQUIRE(bench.write_two_bytes(tariff_row, 1).status == MailboxReply::ok);
  CHECK(bench.write_two_bytes(tariff_row, 0).status == MailboxReply::bad_value);
  bench.run_until(6 * ps_per_s);
  CHECK(bench.edges().count("m1.led_tariff edge") == 2);
  // Read until nothing was booked in between.
  for (int tries = 0;; ++tries) {
    REQUIRE(tries < 10);
    const auto all = bench.raw_energies({forward_all, forward_T1, forward_T2, forward_all});
    if (all[0].uWh != all[3].uWh) continue;
    const std::uint32_t residues = all[1].residue_pWh + all[2].residue_pWh;
    CHECK(all[0].uWh == all[1].uWh + all[2].uWh + residues / 1'000'000);
    CHECK(all[0].residue_pWh == residues % 1'000'000);
    CHECK(all[1].Wh > second[0].Wh);
    break;
  }
}

TEST_CASE("every row of the energy block is the truth's, one phase exporting, under every code") {
  Workbench bench(Setup{});
  // L1 imports inductively, L2 exports, L3 imports capacitively: both directions of P and Q.
  struct Phase {
    double current_A, lag_deg;
  };
  constexpr Phase loads[] = {{40, 30}, {25, 200}, {60, -70}};
  bench.schedule(0, {230, 0, 0});
  for (int phase = 0; phase < 3; ++phase) {
    models::grid::CurrentSpec current;
    current.rms_A = loads[phase].current_A;
    current.lag_deg = loads[phase].lag_deg;
    bench.grid().schedule_current(phase, 0, current);
  }
  bench.run_until(ps_per_s);
  bool t2 = false;
  for (const int code : {1, 4, 5, 6, 9, 10}) {
    REQUIRE(bench.write_two_bytes(code_row, static_cast<std::uint16_t>(code)).status ==
            MailboxReply::ok);
    t2 = !t2;
    REQUIRE(bench.write_two_bytes(tariff_row, t2 ? 12 : 11).status == MailboxReply::ok);
    bench.run_until(bench.now() + 300 * ps_per_ms);  // booked to the new tariff by now
    const auto first = bench.raw_energies(whole_block());
    bench.run_until(bench.now() + 2 * ps_per_s);
    const auto second = bench.raw_energies(whole_block());
    for (std::size_t n = 0; n < first.size(); ++n) {
      const std::uint32_t row = whole_block()[n];
      const Due due = due_of(bench, row, code, t2, first[n].until, second[n].until);
      const double booked = second[n].Wh - first[n].Wh;
      INFO(fmt::format("code {}, row {:04x}, T{}: booked {:.6f} Wh, due {:.6f}", code, row,
                       t2 ? 2 : 1, booked, due.Wh));
      REQUIRE(due.of_Wh > 0.5);
      CHECK(std::abs(booked - due.Wh) <= ((row & 0xE0U) >= 0x60 ? 5e-4 : 1e-4) * due.of_Wh);
    }
  }
  CHECK(bench.write_two_bytes(code_row, 5).status == MailboxReply::read_only);
  CHECK(bench.row_integer(code_row) == 10U << 16U);
}
