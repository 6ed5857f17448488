// What the virtual hardware costs: the whole meter against "bare", the same ADC block evaluation
// plus the firmware's block functions in a plain loop, in one process and interleaved, because an
// absolute time means little on a shared machine.
//
//   bench_meter [--benchmark_… options of Google Benchmark]
//
// Prints both, their ratio (goal: at most 1.5 at Iref, 1000 imp/kWh) and the real-time factor
// (goal: at least 1000), and the same beside it for the starting current, where hardly a pulse
// comes, and for Imax at 10 000 imp/kWh, where 192 a second do. speed_table.py reads the lines.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <systemc>
#include <vector>

#include "tests/bench/bare_meter.h"
#include "tests/bench/kernel_children.h"
#include "tests/end_to_end/workbench.h"

using end_to_end::ps_per_s;
using end_to_end::Setup;
using end_to_end::Workbench;

namespace {

/// One simulated second an iteration. Times are of the process's CPU, not of the wall.
void whole_second(benchmark::State& state, Workbench& bench) {
  for (auto _ : state) bench.run_until(bench.now() + ps_per_s);
}

void bare_second(benchmark::State& state, bench::BareMeter& meter) {
  for (auto _ : state) meter.run_one_second();
}

/// Keeps every repetition, prints medians and ratios at the end.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  explicit RatioReporter(std::string load) : load_(std::move(load)) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Iteration) {
        times_us_[run.run_name.function_name].push_back(run.GetAdjustedCPUTime());
      }
    }
  }

  void Finalize() override {
    const double bare = median("bare/" + load_);
    const double whole = median("whole/" + load_);
    fmt::print(
        "{}: bare {:.0f} us, whole {:.0f} us a simulated second (medians of {}); ratio {:.2f}; "
        "{:.0f} x real time\n",
        load_, bare, whole, times_us_["whole/" + load_].size(), whole / bare, 1e6 / whole);
  }

 private:
  double median(const std::string& name) {
    std::vector<double>& times = times_us_[name];
    if (times.empty()) return 0;
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }
  std::string load_;
  std::map<std::string, std::vector<double>> times_us_;
};

struct Case {
  const char* name;
  double current_A;
  std::uint32_t s0_rate_centi;
};
constexpr Case cases[] = {{"Ist", 0.02, 100'000}, {"Iref", 5, 100'000}, {"Imax", 100, 1'000'000}};

void run_case(const Case& load) {
  Setup setup;
  setup.s0_rate_centi = load.s0_rate_centi;
  Workbench whole(setup);
  const end_to_end::Load balanced{230, load.current_A, 0};
  whole.schedule(0, balanced);
  whole.run_until(2 * ps_per_s);
  bench::BareMeter bare(balanced);
  const auto add = [&](const char* kind, auto function, auto& meter) {
    benchmark::RegisterBenchmark((std::string(kind) + "/" + load.name).c_str(), function,
                                 std::ref(meter))
        ->Unit(benchmark::kMicrosecond)
        ->Repetitions(15);
  };
  add("bare", bare_second, bare);
  add("whole", whole_second, whole);
  RatioReporter reporter(load.name);
  benchmark::RunSpecifiedBenchmarks(&reporter);
}

}  // namespace

int sc_main(int argc, char** argv) {
  // Interleaved, so that a noisy neighbour meets both alike; options of the caller come later.
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, interleave.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  return bench::each_in_a_child(cases, run_case) ? 0 : 3;
}

int main(int argc, char** argv) { return sc_core::sc_elab_and_sim(argc, argv); }
