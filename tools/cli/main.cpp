// vmeter. The parent process parses, forks and reports; the simulation kernel is only ever entered
// in a child, once.
#include <systemc>

#include "tools/cli/commands.h"

namespace {

/// What sc_main is to do: the kernel passes nothing but the command line.
const std::function<void()>* work = nullptr;

void enter_kernel(const std::function<void()>& function) {
  work = &function;
  std::string name = "vmeter";
  char* arguments[] = {name.data(), nullptr};
  sc_core::sc_elab_and_sim(1, arguments);
}

}  // namespace

int sc_main(int, char**) {
  // A warning of the kernel is a failed run: it means that the model, not the kernel, is wrong.
  sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW);
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  sc_core::sc_report_handler::set_actions("/IEEE_Std_1666/deprecated", sc_core::SC_DO_NOTHING);
  (*work)();
  return 0;
}

int main(int argc, char** argv) {
  return tools::vmeter(tools::Arguments(argv + 1, argv + argc), enter_kernel);
}
