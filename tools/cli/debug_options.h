// --gdb: a debugger at a meter's processor (run, live, replay) or at the bare CPU (isa-test).
#pragma once

#include <boost/program_options.hpp>
#include <memory>

#include "tools/cli/options.h"
#include "tools/engine/run.h"
#include "tools/gdb/debugger.h"
#include "tools/gdb/server.h"

namespace tools {

boost::program_options::options_description debug_options();
/// The same where there is one processor only.
boost::program_options::options_description bare_debug_options();

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

  /// A session at the one processor there is, which runs `program`; null without the option.
  static std::unique_ptr<DebugSession> open_bare(const CommandOptions& options,
                                                 const std::string& program);

  /// Puts it into the run, which this must outlive.
  void join(RunOptions& run);
  gdb::Debugger& debugger() { return debugger_; }
  const gdb::Debugger& debugger() const { return debugger_; }

 private:
  /// Listens, and says on the standard error for whom.
  DebugSession(std::string name, const std::string& port);

  std::string name_;  ///< of the meter or the program
  gdb::Server server_;
  gdb::Debugger debugger_;
};

}  // namespace tools
