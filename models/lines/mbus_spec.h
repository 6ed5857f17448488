// What an M-Bus is built of (EN 13757-2): the level converter that feeds it, the cable, and the
// ends on it. Voltages are those between the two wires at an end's terminals.
//
//   master to meter: the voltage            meter to master: the current
//   mark   ‾‾‾‾‾‾┐          ┌‾‾‾ 36 V        space        ┌─────┐      +15 mA
//   space        └──────────┘    24 V        mark   ──────┘     └───── 1.5 mA a unit load, always
//
// A meter may be connected either way round: behind its terminals sits a rectifier bridge. The
// bridge's drop of about 1.4 V is part of the 12 V that the standard grants a meter at its
// terminals, and thresholds that are differences do not feel it. Everything the standard leaves
// open is decided here [twin].
#pragma once

#include "models/lines/line_spec.h"

namespace models::lines {

// --- the master
// -----------------------------------------------------------------------------------

inline constexpr double mbus_mark_V = 36;
/// Space is so much below mark.
inline constexpr double mbus_step_V = 12;
/// Between the converter's voltage and the wires, the resistor below among them [twin].
inline constexpr double mbus_source_ohm = 30;
/// What the converter measures the current with [twin].
inline constexpr double mbus_sense_ohm = 10;
/// A bus without power is drained through so much [twin].
inline constexpr double mbus_drain_ohm = 1000;
/// What the converter adds to the cable [twin].
inline constexpr double mbus_master_nF = 1;

/// The converter's verdict on the current beyond the quiescent one: below 6 mA a mark, above 9 mA a
/// space, between them as before.
inline constexpr double mbus_master_mark_mA = 6;
inline constexpr double mbus_master_space_mA = 9;
/// Beyond it meters collide. The standard lets a master see that from 25 mA on and demands it from
/// 50 mA on; this one always does from 25 mA on [twin]. To its receiver it is a space as any other.
inline constexpr double mbus_collision_mA = 25;

// --- the meters
// -----------------------------------------------------------------------------------

inline constexpr int most_mbus_meters = 64;
/// The constant current of one unit load.
inline constexpr double mbus_unit_load_mA = 1.5;
/// What a meter's space adds to it; legal are 11 … 20 mA.
inline constexpr double mbus_space_mA = 15;
inline constexpr double mbus_meter_nF = 0.5;
/// A meter takes for a space what lies so much below its mark, and for a mark what lies less than
/// so much below it; between them it stays at what it was. The mark is the voltage at its terminals
/// while the master sends mark and no meter a space [twin]: real receivers track a slow average.
inline constexpr double mbus_meter_space_below_V = 8.2;
inline constexpr double mbus_meter_mark_below_V = 5.7;
/// With less, in a space too, a meter's transceiver does not work: it draws nothing, sends nothing
/// and its output is a mark.
inline constexpr double mbus_least_V = 12;

// --- the bus
// --------------------------------------------------------------------------------------

/// The cable and the converter that feeds it.
struct MbusCableSpec {
  double length_m = 10;                            ///< 0 … longest_cable_m
  double loop_ohm_per_km = cable_loop_ohm_per_km;  ///< 0.1 … 1000
  double nF_per_km = cable_nF_per_km;              ///< 1 … 1000
  double mark_V = mbus_mark_V;                     ///< 12 … 42; legal from 24 on
  double step_V = mbus_step_V;                     ///< 0 … mark_V
  double source_ohm = mbus_source_ohm;             ///< mbus_sense_ohm … 1000
};

enum class MbusEndKind {
  /// Whoever drives the voltage and hears the current, at the converter: space if any of them
  /// spaces, no power when all have let go. One that never drives only hears. Its unit_loads and
  /// space_mA mean nothing.
  master,
  meter,
  /// Hears the voltage as a meter does but loads nothing, needs no power, so that it sees a bus
  /// without any as a space, and what it drives nobody hears.
  probe,
};

struct MbusEndSpec {
  MbusEndKind kind = MbusEndKind::meter;
  double position_m = 0;            ///< along the cable; all masters are in one place
  bool swapped = false;             ///< makes no difference
  double unit_loads = 1;            ///< 0 … 8
  double space_mA = mbus_space_mA;  ///< 0 … 100
  /// On the wires. In a master its volts drive a current through source_ohm.
  NoiseSpec noise;
};

}  // namespace models::lines
