// Own consumption: what each phase gives to the meter itself, by the model of its supply's input
// stage (models/supply/consumption.h). Nothing is simulated: the supply draws what it draws, and no
// measuring element of the meter sees it.
#include "models/supply/consumption.h"

#include <fmt/format.h>

#include "models/supply/supply.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr double most_W = 2;
constexpr double most_VA = 10;
constexpr double mains_Hz = 50;
/// The least frequency of the manual's range: there the capacitor lets least through.
constexpr double lowest_Hz = 45;
constexpr double mW_per_W = 1e3;
constexpr const char* models_own = "of the supply's model, not measured";

using models::supply::DropperSpec;
using models::supply::LoadSpec;

class OwnConsumption final : public Test {
 public:
  std::string id() const override { return "consumption"; }

  void plan(const Subject&, const Parameters&, Plan&) const override {}

  Chapter judge(const Subject& subject, const Parameters&, const Results&) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Own consumption";
    chapter.clause = iec_clause(subject.accuracy_class, "7.1");
    chapter.method =
        "Reckoned by the model of the meter's supply, a capacitive dropper and a shunt for each "
        "phase, at Un and 50 Hz; the model is the twin's own, since nothing public tells the real "
        "circuit. The shunt burns what is not needed: the backlight changes nothing at the "
        "terminals, and a phase draws the same whether the others are there or not.";
    const double Un = subject.ratings.Un;
    const DropperSpec dropper;
    const models::supply::Consumption drawn = models::supply::consumption(dropper, Un, mains_Hz);
    const std::string clause =
        "manual, technical data; " + iec_clause(subject.accuracy_class, "7.1");
    for (int phase = 0; phase < phase_count; ++phase) {
      for (const char* backlight : {"backlight off", "backlight on"}) {
        const std::string condition =
            fmt::format("{:g} V, {:g} Hz, {}, {}", Un, mains_Hz, phase_name(phase), backlight);
        const std::string id = "consumption/" + phase_name(phase);
        chapter.findings.push_back(judged({id, condition, "active power", "W"}, drawn.active_W,
                                          at_most(most_W, clause, Certainty::maker), models_own));
        chapter.findings.push_back(judged({id, condition, "apparent power", "VA"},
                                          drawn.apparent_VA,
                                          at_most(most_VA, clause, Certainty::maker), models_own));
      }
    }
    judge_reserve(dropper, chapter);
    return chapter;
  }

 private:
  /// One phase alone must carry the meter with all that it can switch on.
  static void judge_reserve(const DropperSpec& dropper, Chapter& chapter) {
    const double least_V = models::supply::feeds_until_V;
    const double reserve_W = models::supply::available_W(dropper, least_V, lowest_Hz) -
                             models::supply::needed_W(LoadSpec{}, true);
    chapter.findings.push_back(
        judged({"consumption/one_phase",
                fmt::format("{:g} V, {:g} Hz on one phase alone, backlight on", least_V, lowest_Hz),
                "power to spare", "mW"},
               reserve_W * mW_per_W, at_least(0, "any one phase feeds the meter", Certainty::ours),
               models_own));
  }
};

}  // namespace

std::unique_ptr<Test> consumption_test() { return std::make_unique<OwnConsumption>(); }

}  // namespace tools::typetest
