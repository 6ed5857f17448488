// Disturbances among the phases: another sequence, missing voltages, unequal loads.
#include <fmt/format.h>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

Case without_voltage(const Ratings& ratings, bool first, bool second, bool third) {
  const Condition reference = load(ratings.Iref);
  Condition condition = reference;
  condition.voltage_present = {first, second, third};
  const int lost = 3 - int{first} - int{second} - int{third};
  return change(Quantity::lost_phases, condition, reference,
                lost == 1 ? "one voltage lost" : "two voltages lost");
}

Case with_load_off(const Ratings& ratings, std::size_t phase) {
  const Condition reference = load(ratings.Iref);
  Condition condition = reference;
  condition.loaded[phase] = false;
  return change(Quantity::unbalance, condition, reference, "two phases loaded");
}

class Phases final : public CaseTest {
 public:
  std::string id() const override { return "phases"; }

  std::vector<Case> cases(const Subject& subject, const Parameters&) const override {
    const Ratings& r = subject.ratings;
    const Condition in_sequence = load(0.1 * r.Iref);
    Condition reversed = in_sequence;
    reversed.reversed_sequence = true;
    return {change(Quantity::sequence, reversed, in_sequence, "sequence reversed"),
            without_voltage(r, false, true, true),
            without_voltage(r, true, false, true),
            without_voltage(r, true, true, false),
            without_voltage(r, true, false, false),
            without_voltage(r, false, true, false),
            without_voltage(r, false, false, true),
            with_load_off(r, 0),
            with_load_off(r, 1),
            with_load_off(r, 2)};
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Phase sequence, lost phases, unbalance";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.2";
    chapter.method =
        "The sequence of the phases is turned round at a tenth of Iref. At Iref the voltage of one "
        "phase and of two phases is taken away while the current flows on, and each phase in turn "
        "is left without load. The error is compared with that of the balanced load.";
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> phases_test() { return std::make_unique<Phases>(); }

}  // namespace tools::typetest
