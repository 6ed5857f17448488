// What the core costs by itself: programs on the bare machine, in instructions a second of one
// core's time ("MIPS", goal: at least 150).
//
//   bench_core [--benchmark_… options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <string>

#include "tools/isa/bare_machine.h"

namespace {

void run_program(benchmark::State& state, const char* name) {
  const tools::ElfImage image =
      tools::read_elf(std::string(PRO380_SOURCE_DIR "/tests/platform/rv32/programs/") + name);
  double instructions = 0;
  for (auto _ : state) {
    state.PauseTiming();
    tools::BareMachine machine(image, {}, [](std::uint32_t) {}, {});
    state.ResumeTiming();
    instructions += static_cast<double>(machine.run().instructions);
  }
  state.counters["MIPS"] = benchmark::Counter(instructions / 1e6, benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK_CAPTURE(run_program, fir, "fir.elf");
BENCHMARK_CAPTURE(run_program, crc16, "crc16.elf");
BENCHMARK_CAPTURE(run_program, quicksort, "quicksort.elf");
BENCHMARK_CAPTURE(run_program, div64, "div64.elf");

BENCHMARK_MAIN();
