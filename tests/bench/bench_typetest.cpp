// What a type test costs: a meter with every flaw that its front end can have, on the laboratory's
// bench, as the campaign runs it. One iteration is a simulated second, so "x_real_time" is how many
// times real time one core makes of it (goal: at least 600).
//
//   bench_typetest [--benchmark_… options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <string>
#include <systemc>

#include "tests/bench/kernel_children.h"
#include "tools/typetest/device.h"
#include "tools/typetest/laboratory.h"

using metrology::hal::MeterVariant;
using models::pins::ps_per_s;
namespace typetest = tools::typetest;

namespace {

void simulated_second(benchmark::State& state, typetest::Laboratory& laboratory) {
  for (auto _ : state) laboratory.run_for(ps_per_s);
  state.counters["x_real_time"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

struct Case {
  const char* name;
  MeterVariant variant;
  double current_A;
  double temperature_C;
  typetest::Recipe recipe;
};
constexpr Case cases[] = {
    {"direct/Imin", MeterVariant::mod, 0.25, 23, typetest::Recipe::sine},
    {"direct/Iref", MeterVariant::mod, 5, 23, typetest::Recipe::sine},
    {"direct/Imax", MeterVariant::mod, 100, 55, typetest::Recipe::sine},
    {"direct/half-wave", MeterVariant::mod, 100, 23, typetest::Recipe::half_wave_positive},
    {"CT/Ist", MeterVariant::mod_ct, 0.0015, 23, typetest::Recipe::sine},
    {"CT/Imax", MeterVariant::mod_ct, 6, 23, typetest::Recipe::sine},
};

void run_case(const Case& one) {
  tools::MeterSpec meter = typetest::new_meter(one.variant);
  typetest::draw_parts(meter, 1);
  const typetest::Subject subject =
      typetest::subject_of(meter, typetest::nameplate_class(one.variant), 1);
  typetest::Condition condition;
  condition.current_A = one.current_A;
  condition.temperature_C = one.temperature_C;
  condition.recipe = one.recipe;
  typetest::Laboratory laboratory(subject, condition);
  laboratory.run_for(2 * ps_per_s);
  benchmark::RegisterBenchmark(one.name, simulated_second, std::ref(laboratory))
      ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace

int sc_main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  return bench::each_in_a_child(cases, run_case) ? 0 : 3;
}

int main(int argc, char** argv) { return sc_core::sc_elab_and_sim(argc, argv); }
