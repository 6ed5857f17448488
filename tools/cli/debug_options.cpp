#include "tools/cli/debug_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "tools/cli/interrupt.h"

namespace tools {
namespace {

namespace po = boost::program_options;

constexpr std::uint64_t largest_port = 65'535;

/// The text before the last colon: a meter's id; empty without one.
std::string id_in(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  return colon == std::string::npos ? std::string() : text.substr(0, colon);
}

/// The one that runs an image and, if there is an `id`, has it.
const MeterSpec& find_meter(const Scenario& scenario, const std::string& id) {
  std::vector<const MeterSpec*> found;
  for (const MeterSpec& meter : scenario.meters) {
    if (meter.image != nullptr && (id.empty() || meter.id == id)) found.push_back(&meter);
  }
  if (found.size() == 1) return *found.front();
  if (!found.empty()) {
    throw UsageError(fmt::format(
        "--gdb: found {} meters that run the flashed image, expected one of them named, "
        "such as {}:PORT",
        found.size(), found.front()->id));
  }
  const std::string who = id.empty() ? "no meter" : "no meter " + in_quotes(id);
  throw UsageError("--gdb: found " + who +
                   " that runs the flashed image, expected --cpu iss or one with cpu: iss");
}

}  // namespace

po::options_description debug_options() {
  po::options_description options;
  options.add_options()(
      "gdb", po::value<std::string>(),
      "PORT: waits on the loopback address for gdb, which debugs the image that the "
      "meter runs; 0 is any free port; ID:PORT names one of several meters");
  return options;
}

po::options_description bare_debug_options() {
  po::options_description options;
  options.add_options()("gdb", po::value<std::string>(),
                        "PORT: waits on the loopback address for gdb, which debugs the program; 0 "
                        "is any free port");
  return options;
}

void refuse_impossible_debugging(const CommandOptions& options, std::size_t scenarios,
                                 std::uint64_t jobs) {
  if (!options.has("gdb")) return;
  if (scenarios > 1) {
    throw UsageError(fmt::format("--gdb: found {} scenarios, expected one", scenarios));
  }
  if (jobs > 1) {
    throw UsageError(
        fmt::format("--gdb: found --jobs {} beside it, expected one scenario, one job", jobs));
  }
}

DebugSession::DebugSession(std::string name, const std::string& port)
    : name_(std::move(name)),
      server_(static_cast<std::uint16_t>(read_number("gdb", port, 0, largest_port))),
      debugger_(server_, interrupt_wanted) {
  watch_for_interrupt();  // before anybody can know that there is something to interrupt
  const std::string said =
      fmt::format("vmeter: {} waits for gdb: target remote localhost:{}\n", name_, server_.port());
  std::fputs(said.c_str(), stderr);
}

std::unique_ptr<DebugSession> DebugSession::open(const CommandOptions& options,
                                                 const Scenario& scenario) {
  if (!options.has("gdb")) return nullptr;
  const std::string& text = options.text("gdb");
  const std::string id = id_in(text);
  const std::string port = id.empty() ? text : text.substr(id.size() + 1);
  const MeterSpec& meter = find_meter(scenario, id);
  return std::unique_ptr<DebugSession>(new DebugSession(meter.id, port));
}

std::unique_ptr<DebugSession> DebugSession::open_bare(const CommandOptions& options,
                                                      const std::string& program) {
  if (!options.has("gdb")) return nullptr;
  return std::unique_ptr<DebugSession>(new DebugSession(program, options.text("gdb")));
}

void DebugSession::join(RunOptions& run) {
  run.debugger = &debugger_;
  run.simulation.observer_of = [this](const std::string& id) {
    return id == name_ ? &debugger_ : nullptr;
  };
  run.simulation.view_of = [this](const std::string& id, platform::rv32::DebugView& view) {
    if (id == name_) debugger_.look_at(view);
  };
}

}  // namespace tools
