// Whatever else the meter does must not move its error where the load is smallest.
#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

Case busy(const Ratings& ratings, Accessory accessory, const char* group) {
  const Condition idle = load(ratings.Imin);
  Condition condition = idle;
  condition.accessory = accessory;
  return change(Quantity::accessories, condition, idle, group);
}

class Accessories final : public CaseTest {
 public:
  std::string id() const override { return "accessories"; }

  std::vector<Case> cases(const Subject& subject, const Parameters&) const override {
    return {busy(subject.ratings, Accessory::tariff_input, "tariff input"),
            busy(subject.ratings, Accessory::backlight, "backlight"),
            busy(subject.ratings, Accessory::bus_traffic, "readout")};
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Operation of accessories";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.2";
    chapter.method =
        "At Imin and PF 1 the tariff input gets its voltage, the backlight is on, or somebody "
        "reads "
        "the meter all the time. The error is compared with that of a meter left alone.";
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> accessories_test() { return std::make_unique<Accessories>(); }

}  // namespace tools::typetest
