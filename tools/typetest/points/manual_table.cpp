// The table of basic errors that the manual prints, and its promise of a wider range of voltage and
// frequency.
#include "tools/typetest/points/loads.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

constexpr Factor factors[] = {Factor::one, Factor::inductive_05, Factor::capacitive_08};

class ManualTable final : public CaseTest {
 public:
  std::string id() const override { return "manual_table"; }

  std::vector<Case> cases(const Subject& subject, const Parameters&) const override {
    const Ratings& r = subject.ratings;
    std::vector<Case> all;
    // One current within, and one at, each bound of the table.
    for (const double current_A : {0.05 * r.Iref, 0.1 * r.Iref, 0.2 * r.Iref, r.Iref, r.Imax}) {
      for (const Factor factor : factors) {
        if (factor != Factor::one && current_A < 0.09 * r.Iref) continue;
        all.push_back(error_of(Quantity::manual, load(current_A, factor)));
      }
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "The manual's table of basic errors";
    chapter.clause = "manual §5.2";
    chapter.method =
        "The balanced loads of the table that the manual prints for both versions, with Ib or In "
        "for its reference current. It is that of class 1, so a meter of class C must keep more "
        "than it.";
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> manual_table_test() { return std::make_unique<ManualTable>(); }

}  // namespace tools::typetest
