#include "tests/end_to_end/kept.h"

#include "metrology/energy/pulse_output.h"

namespace end_to_end {

namespace {

namespace energy = metrology::energy;

constexpr std::size_t page_bytes = 64;
constexpr std::size_t slot_bytes = 8 * page_bytes;
constexpr std::size_t ring_begin = 8 * page_bytes;
constexpr std::size_t slot_count = 63;
constexpr std::size_t header_bytes = 10;
constexpr std::size_t crc_bytes = 4;

/// CRC-32 of IEEE 802.3, bit by bit.
std::uint32_t crc_of(const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (std::size_t n = 0; n < count; ++n) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool one = ((crc ^ (std::uint32_t{bytes[n]} >> bit)) & 1U) != 0;
      crc = (crc >> 1U) ^ (one ? 0xEDB8'8320U : 0U);
    }
  }
  return ~crc;
}

std::uint64_t number(const std::uint8_t*& next, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t n = 0; n < bytes; ++n) value = value << 8U | *next++;
  return value;
}

/// The sequence number of a whole record.
std::optional<std::uint32_t> sequence_of(const std::uint8_t* bytes, std::size_t size, char kind) {
  const std::uint8_t* end = bytes + size - crc_bytes;
  if (bytes[0] != 'P' || bytes[1] != static_cast<std::uint8_t>(kind)) return std::nullopt;
  if (number(end, crc_bytes) != crc_of(bytes, size - crc_bytes)) return std::nullopt;
  const std::uint8_t* tag = bytes + 4;
  return static_cast<std::uint32_t>(number(tag, 4));
}

/// The newest of `count` records; numbers in these tests are far from their wrap.
const std::uint8_t* newest(const std::vector<std::uint8_t>& image, std::size_t begin,
                           std::size_t size, std::size_t count, char kind) {
  const std::uint8_t* best = nullptr;
  std::uint32_t best_sequence = 0;
  for (std::size_t n = 0; n < count; ++n) {
    const std::uint8_t* record = image.data() + begin + n * size;
    const auto sequence = sequence_of(record, size, kind);
    if (!sequence || (best != nullptr && *sequence < best_sequence)) continue;
    best = record;
    best_sequence = *sequence;
  }
  return best;
}

std::string text_of(const Kept& kept, std::size_t counter) {
  return std::to_string(kept.uWh[counter]) + " uWh " + std::to_string(kept.residue_pWh[counter]) +
         " pWh";
}

}  // namespace

Kept kept_of(const metrology::app::State& state) {
  Kept kept;
  std::size_t n = 0;
  const auto put = [&](const energy::EnergyCounter& counter) {
    kept.uWh[n] = counter.counter_uWh;
    kept.residue_pWh[n] = counter.residue_pWh;
    ++n;
  };
  const energy::Accounts& accounts = state.energy.accounts;
  for (const energy::Tariff tariff : {energy::Tariff::t1, energy::Tariff::t2}) {
    for (const energy::Account* account :
         {&accounts.phase[0], &accounts.phase[1], &accounts.phase[2], &accounts.total}) {
      for (const energy::Kind kind : {energy::Kind::active, energy::Kind::reactive}) {
        put(account->of(kind, energy::Direction::forward, tariff));
        put(account->of(kind, energy::Direction::reverse, tariff));
      }
    }
  }
  put(accounts.day_start);
  energy::PulseState played = state.pulses;
  energy::settle(played, INT64_MAX / 32);
  for (std::size_t output = 0; output < Kept::outputs; ++output) {
    kept.fraction[output] = played.output[output].fraction;
    kept.owed[output] = played.output[output].balance;
  }
  const energy::StoredTariff tariff = energy::stored(state.tariff);
  kept.saved_t2 = tariff.saved == energy::Tariff::t2;
  kept.input_on = tariff.input_on;
  kept.power_downs = state.status.power_downs;
  return kept;
}

std::optional<Kept> newest_record(const std::vector<std::uint8_t>& image) {
  const std::uint8_t* record = newest(image, ring_begin, slot_bytes, slot_count, 'E');
  if (record == nullptr) return std::nullopt;
  Kept kept;
  const std::uint8_t* next = record + header_bytes;
  for (std::size_t n = 0; n < Kept::counters; ++n) {
    kept.uWh[n] = static_cast<std::int64_t>(number(next, 8));
    kept.residue_pWh[n] = static_cast<std::uint32_t>(number(next, 4));
  }
  for (std::size_t output = 0; output < Kept::outputs; ++output) {
    kept.fraction[output] = number(next, 8);
    kept.owed[output] = static_cast<std::int64_t>(number(next, 8));
  }
  kept.saved_t2 = number(next, 1) != 0;
  kept.input_on = number(next, 1) != 0;
  kept.power_downs = static_cast<std::uint32_t>(number(next, 4));
  return kept;
}

std::optional<std::uint16_t> newest_meter_id(const std::vector<std::uint8_t>& image) {
  constexpr std::size_t before = 3 * sizeof(std::uint32_t);  // serial number, S0 rate, CT primary
  const std::uint8_t* record = newest(image, 0, page_bytes, 2, 'S');
  if (record == nullptr) return std::nullopt;
  const std::uint8_t* next = record + header_bytes + before;
  return static_cast<std::uint16_t>(number(next, 2));
}

std::string counters_differ(const Kept& found, const Kept& expected) {
  for (std::size_t n = 0; n < Kept::counters; ++n) {
    if (found.uWh[n] == expected.uWh[n] && found.residue_pWh[n] == expected.residue_pWh[n]) {
      continue;
    }
    return "counter " + std::to_string(n) + " is " + text_of(found, n) + " for " +
           text_of(expected, n);
  }
  if (found.saved_t2 != expected.saved_t2 || found.input_on != expected.input_on) {
    return "another tariff";
  }
  return {};
}

std::string differ(const Kept& found, const Kept& expected) {
  std::string counters = counters_differ(found, expected);
  if (!counters.empty()) return counters;
  for (std::size_t n = 0; n < Kept::outputs; ++n) {
    if (found.fraction[n] == expected.fraction[n] && found.owed[n] == expected.owed[n]) continue;
    return "output " + std::to_string(n) + " owes " + std::to_string(found.owed[n]) + " and " +
           std::to_string(found.fraction[n]) + " for " + std::to_string(expected.owed[n]) +
           " and " + std::to_string(expected.fraction[n]);
  }
  if (found.power_downs != expected.power_downs) {
    return std::to_string(found.power_downs) + " power-downs for " +
           std::to_string(expected.power_downs);
  }
  return {};
}

std::string ahead(const Kept& found, const Kept& booked) {
  for (std::size_t n = 0; n < Kept::counters; ++n) {
    const bool more =
        found.uWh[n] > booked.uWh[n] ||
        (found.uWh[n] == booked.uWh[n] && found.residue_pWh[n] > booked.residue_pWh[n]);
    if (more) {
      return "counter " + std::to_string(n) + " has " + text_of(found, n) + ", ahead of " +
             text_of(booked, n);
    }
  }
  return {};
}

std::string pulses_disagree(const Kept& kept, const std::array<std::int64_t, 4>& started,
                            const std::array<std::uint32_t, 4>& rate_centi) {
  __extension__ using Int128 = __int128;
  constexpr Int128 whole_pulse = 100'000'000'000'000'000;  // pWh · 0.01 imp/kWh
  constexpr std::size_t total = 3;
  std::array<Int128, 4> energy{};  // active forward, reverse, reactive forward, reverse
  for (std::size_t tariff = 0; tariff < 2; ++tariff) {
    for (std::size_t n = 0; n < energy.size(); ++n) {
      const std::size_t counter = (tariff * 4 + total) * 4 + n;
      energy[n] += Int128{kept.uWh[counter]} * 1'000'000 + kept.residue_pWh[counter];
    }
  }
  // Four-wire: an LED pulses for every phase's energy in either direction, an S0 output for one's.
  const std::array<Int128, 4> played{energy[0] + energy[1], energy[2] + energy[3], energy[0],
                                     energy[1]};
  for (std::size_t n = 0; n < played.size(); ++n) {
    const Int128 due = played[n] * rate_centi[n];
    const Int128 had = (Int128{started[n]} + kept.owed[n]) * whole_pulse + kept.fraction[n];
    if (due == had) continue;
    return "output " + std::to_string(n) + " gave " + std::to_string(started[n]) + " and owes " +
           std::to_string(kept.owed[n]) + ": off by " +
           std::to_string(static_cast<double>(had - due) / 1e17) + " pulses";
  }
  return {};
}

}  // namespace end_to_end
