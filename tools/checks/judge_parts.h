// One function per kind of expectation. Each fills expected, seen, at and pass; a run that ended
// too soon leaves `seen` empty.
#pragma once

#include "tools/checks/evidence.h"
#include "tools/checks/verdict.h"

namespace tools {

// judge_pulses.cpp
void judge(const ExpectCount& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectFollowsTruth& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectWidth& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectInterval& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectJitter& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectSilent& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectDiagnostic& e, const MeterEvidence& meter, Ps end, Verdict& verdict);

/// Pulses that the truth owes an output between two instants at its terminals.
double owed_pulses(const MeterEvidence& meter, Output output, Ps from, Ps to);

// judge_display.cpp
void judge(const ExpectDisplay& e, const MeterEvidence& meter, Ps end, Verdict& verdict);
void judge(const ExpectPage& e, const ExpectationReadings& readings, Verdict& verdict);
void judge(const ExpectBacklight& e, const MeterEvidence& meter, Ps end, Verdict& verdict);

// judge_modbus.cpp
void judge(const ExpectAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);
void judge(const ExpectExchanges& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);

// judge_ir.cpp
void judge(const ExpectIrAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);
void judge(const ExpectIrExchanges& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);

// judge_mbus.cpp
void judge(const ExpectMbusAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);
void judge(const ExpectMbusExchanges& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);
void judge(const ExpectFound& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict);

// judge_rows.cpp
void judge(const ExpectRow& e, const ExpectationReadings& readings, Verdict& verdict);
/// What is expected of the row, in words.
std::string expected_of(const ExpectRow& e);
/// A number in the row's own unit; `single`: it was held as a float of 32 bits.
bool number_fits(const ExpectRow& e, double seen, bool single);

// judge_accuracy.cpp
void judge(const ExpectAccuracy& e, const MeterEvidence& meter, const ExpectationReadings& readings,
           Verdict& verdict);

}  // namespace tools
