#include "tools/checks/judge.h"

#include "tools/checks/judge_parts.h"

namespace tools {

Verdict judge(const Scenario& scenario, std::size_t index, const Evidence& evidence) {
  const Expectation& expectation = scenario.expectations[index];
  const MeterEvidence& meter = evidence.meters[static_cast<std::size_t>(expectation.meter)];
  const ExpectationReadings& readings = evidence.readings[index];
  Verdict verdict;
  verdict.name = expectation.name;
  std::visit(
      [&](const auto& e) {
        using Kind = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<Kind, ExpectRow> || std::is_same_v<Kind, ExpectPage>) {
          judge(e, readings, verdict);
        } else if constexpr (std::is_same_v<Kind, ExpectAccuracy>) {
          judge(e, meter, readings, verdict);
        } else if constexpr (std::is_same_v<Kind, ExpectAnswer> ||
                             std::is_same_v<Kind, ExpectIrAnswer> ||
                             std::is_same_v<Kind, ExpectIrExchanges> ||
                             std::is_same_v<Kind, ExpectExchanges> ||
                             std::is_same_v<Kind, ExpectMbusAnswer> ||
                             std::is_same_v<Kind, ExpectMbusExchanges> ||
                             std::is_same_v<Kind, ExpectFound>) {
          judge(e, scenario, evidence, verdict);
        } else {
          judge(e, meter, evidence.end, verdict);
        }
      },
      expectation.kind);
  if (!verdict.seen) verdict.pass = false;
  return verdict;
}

bool is_decided(const Scenario& scenario, std::size_t index, const Evidence& evidence) {
  return std::visit(
      [&](const auto& e) {
        using Kind = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<Kind, ExpectRow> || std::is_same_v<Kind, ExpectAccuracy>) {
          return evidence.readings[index].last.has_value();
        } else if constexpr (std::is_same_v<Kind, ExpectPage> ||
                             std::is_same_v<Kind, ExpectDisplay> ||
                             std::is_same_v<Kind, ExpectBacklight>) {
          return e.at < evidence.end;
        } else if constexpr (std::is_base_of_v<ExpectPulses, Kind> ||
                             std::is_same_v<Kind, ExpectDiagnostic>) {
          return e.to <= evidence.end;
        } else {
          return false;
        }
      },
      scenario.expectations[index].kind);
}

std::vector<Verdict> judge_all(const Scenario& scenario, const Evidence& evidence) {
  std::vector<Verdict> out;
  for (std::size_t i = 0; i < scenario.expectations.size(); ++i) {
    out.push_back(judge(scenario, i, evidence));
  }
  return out;
}

}  // namespace tools
