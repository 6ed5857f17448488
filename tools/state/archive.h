// How the states of models, meters and masters are written by cereal, without their knowing.
//
// A state that is plain data goes as its bytes; a build reads its own states only. Every other is
// taken apart by a structured binding, which does not compile when a member was added and not
// written here.
#pragma once

#include <cereal/archives/binary.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/common.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>
#include <type_traits>

#include "tools/state/run_state.h"

namespace tools {

template <typename T, typename... Types>
inline constexpr bool is_one_of = (std::is_same_v<T, Types> || ...);

/// What goes as its bytes.
template <typename T>
inline constexpr bool goes_as_bytes =
    is_one_of<T, platform::MeterState, platform::ClockState, platform::DamagedWord,
              peripherals::Adc::State, models::eeprom::EepromState, models::display::DisplayState,
              models::receivers::S0State, CrystalDrift::State, models::supply::SupplyState,
              models::opto::OptoCouplerState, models::buttons::ButtonEdge,
              models::random::RandomState, models::lines::Drivers, models::lines::LineChange,
              models::lines::TrackStep, models::lines::Impulse, models::lines::ImpulseNoiseState,
              models::lines::WireTraceState, models::lines::MbusLevelConverterState,
              models::masters::SerialFormat, models::masters::OutgoingCharacter,
              models::masters::HeardCharacter, models::masters::MbusSecondary,
              models::masters::IrFault, Pulse, LevelChange, Reading>;

}  // namespace tools

// cereal finds these by the archive, whose namespace this is.
namespace cereal {

template <class Archive, class T>
std::enable_if_t<tools::goes_as_bytes<T>> serialize(Archive& archive, T& state) {
  static_assert(std::is_trivially_copyable_v<T>);
  archive(binary_data(&state, sizeof state));
}

// --- meters and what is around them
// ---------------------------------------------------------------

template <class Archive>
void serialize(Archive& archive, platform::SavedMeter& x) {
  auto& [hardware, clock, adc_worked_out, firmware, damaged_flash, base, instant] = x;
  archive(hardware, clock, adc_worked_out, firmware, damaged_flash, binary_data(&base, sizeof base),
          binary_data(&instant, sizeof instant));
}

template <class Archive>
void serialize(Archive& archive, models::buttons::ButtonState& x) {
  auto& [edges, next, pressed, random] = x;
  archive(edges, next, pressed, random);
}

template <class Archive>
void serialize(Archive& archive, tools::Surroundings::State& x) {
  auto& [supply, tariff_input, buttons] = x;
  archive(supply, tariff_input, buttons);
}

template <class Archive>
void serialize(Archive& archive, tools::MeterWorld::State& x) {
  auto& [meter, eeprom, display, receivers, settings, crystal, around] = x;
  static_assert(std::is_trivially_copyable_v<std::remove_reference_t<decltype(settings)>>);
  archive(meter, eeprom, display, receivers, binary_data(&settings, sizeof settings), crystal,
          around);
}

// --- lines
// ------------------------------------------------------------------------------------------

template <class Archive>
void serialize(Archive& archive, models::lines::TrackState& x) {
  auto& [steps, impulses, forgotten] = x;
  archive(steps, impulses, forgotten);
}

template <class Archive>
void serialize(Archive& archive, models::lines::SegmentEndState& x) {
  auto& [last, what, announced, cut, track, noise] = x;
  archive(last, what, announced, cut, track, noise);
}

template <class Archive>
void serialize(Archive& archive, models::lines::SegmentState& x) {
  auto& [changes, forgotten, before, ends, housekeeping, contested, ever_contested] = x;
  archive(changes, forgotten, before, ends, housekeeping, contested, ever_contested);
}

// --- masters
// ----------------------------------------------------------------------------------------

template <class Archive>
void serialize(Archive& archive, models::masters::SerialFrame& x) {
  auto& [start, characters] = x;
  archive(start, characters);
}

template <class Archive>
void serialize(Archive& archive, models::masters::SerialEndState& x) {
  auto& [format, frames, next, next_start, driving, busy_until, listen_from, start_edge] = x;
  archive(format, frames, next, next_start, driving, busy_until, listen_from, start_edge);
}

template <class Archive>
void serialize(Archive& archive, models::masters::Exchange& x) {
  auto& [tag, request, begin, end, answer, contested, judged] = x;
  archive(tag, request, begin, end, answer, contested, judged);
}

template <class Archive>
void serialize(Archive& archive, models::masters::ExchangeLoopState& x) {
  auto& [phase, exchange, awaits, wait, last_end, heard_or_sent, now, strays] = x;
  archive(phase, exchange, awaits, wait, last_end, heard_or_sent, now, strays);
}

template <class Archive>
void serialize(Archive& archive, models::masters::ModbusRequest& x) {
  auto& [characters, awaits, not_before, wait, format, tag] = x;
  archive(characters, awaits, not_before, wait, format, tag);
}

template <class Archive>
void serialize(Archive& archive, models::masters::ModbusPoll& x) {
  auto& [requests, count, until] = x;
  archive(requests, count, until);
}

template <class Archive>
void serialize(Archive& archive, models::masters::ModbusMasterState& x) {
  auto& [loop, queue, polls, poll_next, next_poll] = x;
  archive(loop, queue, polls, poll_next, next_poll);
}

template <class Archive>
void serialize(Archive& archive, models::masters::MbusRequest& x) {
  auto& [characters, control, checksum, fcb, awaits, all, repeats, collisions, not_before, wait,
         format, tag] = x;
  archive(characters, control, checksum, fcb, awaits, all, repeats, collisions, not_before, wait,
          format, tag);
}

template <class Archive>
void serialize(Archive& archive, models::masters::MbusFrame& x) {
  auto& [kind, c, a, ci, data] = x;
  archive(kind, c, a, ci, data);
}

template <class Archive>
void serialize(Archive& archive, models::masters::MbusSearchOrder& x) {
  auto& [kind, mask, from, to, repeats, not_before, wait, format, tag] = x;
  archive(kind, mask, from, to, repeats, not_before, wait, format, tag);
}

template <class Archive>
void serialize(Archive& archive, models::masters::MbusFindings& x) {
  auto& [tag, begin, end, secondary, primary, clashes, primary_clashes, exchanges] = x;
  archive(tag, begin, end, secondary, primary, clashes, primary_clashes, exchanges);
}

template <class Archive>
void serialize(Archive& archive, models::masters::MbusSearchState& x) {
  auto& [order, findings, step, free, fixed, address] = x;
  archive(order, findings, step, free, fixed, address);
}

/// A search cannot be made without its order: it goes as its state.
using MbusQueueState =
    std::deque<std::variant<models::masters::MbusRequest, models::masters::MbusSearchState>>;

template <class Archive>
void save(Archive& archive, const models::masters::MbusMasterState& x) {
  const auto& [loop, queue, search, current, fcb_used, tries, telegram, fcb, recovering, looked_to,
               broken_off] = x;
  MbusQueueState waiting;
  for (const auto& item : queue) {
    if (const auto* order = std::get_if<models::masters::MbusSearch>(&item)) {
      waiting.emplace_back(order->state());
    } else {
      waiting.emplace_back(std::get<models::masters::MbusRequest>(item));
    }
  }
  std::optional<models::masters::MbusSearchState> under_way;
  if (search) under_way = search->state();
  archive(loop, waiting, under_way, current, fcb_used, tries, telegram, fcb, recovering, looked_to,
          broken_off);
}

template <class Archive>
void load(Archive& archive, models::masters::MbusMasterState& x) {
  auto& [loop, queue, search, current, fcb_used, tries, telegram, fcb, recovering, looked_to,
         broken_off] = x;
  MbusQueueState waiting;
  std::optional<models::masters::MbusSearchState> under_way;
  archive(loop, waiting, under_way, current, fcb_used, tries, telegram, fcb, recovering, looked_to,
          broken_off);
  for (auto& item : waiting) {
    if (auto* order = std::get_if<models::masters::MbusSearchState>(&item)) {
      queue.emplace_back(models::masters::MbusSearch(std::move(*order)));
    } else {
      queue.emplace_back(std::get<models::masters::MbusRequest>(std::move(item)));
    }
  }
  if (under_way) search.emplace(std::move(*under_way));
}

template <class Archive>
void serialize(Archive& archive, models::masters::IrCommand& x) {
  auto& [command, data] = x;
  archive(command, data);
}

template <class Archive>
void serialize(Archive& archive, models::masters::IrSession& x) {
  auto& [purpose, address, acknowledges, protocol, baud, password, commands, silent_after, fault,
         naks, tries, timeout, raw, raw_baud, break_time, tag] = x;
  archive(purpose, address, acknowledges, protocol, baud, password, commands, silent_after, fault,
          naks, tries, timeout, raw, raw_baud, break_time, tag);
}

template <class Archive>
void serialize(Archive& archive, models::masters::Identification& x) {
  auto& [maker, baud, text] = x;
  archive(maker, baud, text);
}

template <class Archive>
void serialize(Archive& archive, models::masters::IrResult& x) {
  auto& [tag, exchanges, identification, broken_off, over] = x;
  archive(tag, exchanges, identification, broken_off, over);
}

template <class Archive>
void serialize(Archive& archive, models::masters::IrReaderState& x) {
  auto& [phase, queue, result, exchange, act_at, next_step, sends_nak, switch_to, naks_left,
         next_command, heard_all, now, strays] = x;
  archive(phase, queue, result, exchange, act_at, next_step, sends_nak, switch_to, naks_left,
          next_command, heard_all, now, strays);
}

// A structured binding does not reach through a base: what these add to an exchange.

template <class Archive>
void serialize(Archive& archive, models::masters::ModbusExchange& x) {
  archive(base_class<models::masters::Exchange>(&x), x.outcome, x.exception);
}

template <class Archive>
void serialize(Archive& archive, models::masters::MbusExchange& x) {
  archive(base_class<models::masters::Exchange>(&x), x.outcome, x.frame, x.error, x.tries,
          x.telegram);
}

template <class Archive>
void serialize(Archive& archive, models::masters::IrExchange& x) {
  archive(base_class<models::masters::Exchange>(&x), x.step, x.number, x.tries, x.baud, x.outcome,
          x.error);
}

// --- the engine
// -------------------------------------------------------------------------------------

template <class Archive>
void serialize(Archive& archive, tools::ModbusResult& x) {
  auto& [entry, meter, exchange] = x;
  archive(entry, meter, exchange);
}

template <class Archive>
void serialize(Archive& archive, tools::MbusResult& x) {
  auto& [entry, meter, exchange] = x;
  archive(entry, meter, exchange);
}

template <class Archive>
void serialize(Archive& archive, tools::MbusFound& x) {
  auto& [entry, findings] = x;
  archive(entry, findings);
}

template <class Archive>
void serialize(Archive& archive, tools::IrSessionResult& x) {
  auto& [entry, result] = x;
  archive(entry, result);
}

template <class Archive>
void serialize(Archive& archive, tools::BusWorld::State& x) {
  auto& [segment, master, serial, format, results, trace] = x;
  archive(segment, master, serial, format, results, trace);
}

template <class Archive>
void serialize(Archive& archive, tools::MbusWorld::State& x) {
  auto& [segment, converter, master, serial, format, results, findings, traces] = x;
  archive(segment, converter, master, serial, format, results, findings, traces);
}

template <class Archive>
void serialize(Archive& archive, tools::IrHead::State& x) {
  auto& [segment, reader, serial, trace] = x;
  archive(segment, reader, serial, trace);
}

template <class Archive>
void serialize(Archive& archive, tools::IrWorld::State& x) {
  auto& [heads, results] = x;
  archive(heads, results);
}

template <class Archive>
void serialize(Archive& archive, tools::DisplayChange& x) {
  auto& [t, text, symbols] = x;
  archive(t, text, symbols);
}

template <class Archive>
void serialize(Archive& archive, tools::Recorder::Kept& x) {
  auto& [pulses, diagnostics, display, backlight] = x;
  archive(pulses, diagnostics, display, backlight);
}

template <class Archive>
void serialize(Archive& archive, tools::Recorder::WireChange& x) {
  auto& [t, instance, level] = x;
  archive(t, instance, level);
}

template <class Archive>
void serialize(Archive& archive, tools::Recorder::State& x) {
  auto& [kept, levels, after_the_cut] = x;
  archive(kept, levels, after_the_cut);
}

template <class Archive>
void serialize(Archive& archive, tools::ExpectationReadings& x) {
  auto& [first, last, page] = x;
  archive(first, last, page);
}

template <class Archive>
void serialize(Archive& archive, tools::Requests::WriteState& x) {
  auto& [meter, entry, at, answer] = x;
  archive(meter, entry, at, answer);
}

template <class Archive>
void serialize(Archive& archive, tools::Requests::State& x) {
  auto& [writes, readings, start_rates, s0_rates] = x;
  archive(writes, readings, start_rates, s0_rates);
}

template <class Archive>
void serialize(Archive& archive, platform::PendingRecord& x) {
  auto& [t, instance, rest] = x;
  archive(binary_data(&t, sizeof t), instance, rest);
}

template <class Archive>
void serialize(Archive& archive, tools::RunState& x) {
  auto& [now, meters, bus, mbus, ir, recorder, requests, log] = x;
  archive(now, meters, bus, mbus, ir, recorder, requests, log);
}

}  // namespace cereal
