// --gdb of run, live and replay: a debugger at a meter's processor.
#pragma once

#include <boost/program_options.hpp>
#include <memory>

#include "tools/cli/options.h"
#include "tools/engine/run.h"
#include "tools/gdb/debugger.h"
#include "tools/gdb/server.h"

namespace tools {

boost::program_options::options_description debug_options();

/// Refuses --gdb for `scenarios` if there are several, or several at a time. Throws UsageError.
void refuse_impossible_debugging(const CommandOptions& options, std::size_t scenarios,
                                 std::uint64_t jobs);

/// The port and who listens there, for as long as the run takes.
class DebugSession {
 public:
  /// A session at the meter that --gdb names or means, told on the standard error; null without the
  /// option. Throws UsageError where no such meter runs an image, OutputRefused when the port
  /// cannot be had.
  static std::unique_ptr<DebugSession> open(const CommandOptions& options,
                                            const Scenario& scenario);

  /// Puts it into the run, which this must outlive.
  void join(RunOptions& run);
  const gdb::Debugger& debugger() const { return debugger_; }

 private:
  DebugSession(std::string meter, std::uint16_t port);

  std::string meter_;
  gdb::Server server_;
  gdb::Debugger debugger_;
};

}  // namespace tools
