// Catch2 inside sc_main. SystemC elaborates once a process, so a run of more than one case forks a
// child for each; CTest starts one case a process and never gets here with more.
#define CATCH_CONFIG_RUNNER
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <systemc>

namespace {

int run_each_in_a_child(Catch::Session& session, const std::vector<Catch::TestCase>& cases) {
  int failed = 0;
  for (const Catch::TestCase& test : cases) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) {
      std::perror("fork");
      return 255;
    }
    if (child == 0) {
      Catch::ConfigData config = session.configData();
      std::string exact;
      for (const char c : test.name) {
        if (c == ',' || c == '[' || c == ']' || c == '\\' || c == '"') exact += '\\';
        exact += c;
      }
      config.testsOrTags = {exact};
      session.useConfigData(config);
      std::exit(session.run());
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) {
      std::fprintf(stderr, "FAILED: %s\n", test.name.c_str());
      ++failed;
    }
  }
  std::printf("%zu passed, %d failed\n", cases.size() - static_cast<std::size_t>(failed), failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace

int sc_main(int argc, char** argv) {
  // A warning of the kernel is a failed test: it means that the model, not the kernel, is wrong.
  sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW);
  sc_core::sc_report_handler::set_actions("/IEEE_Std_1666/deprecated", sc_core::SC_DO_NOTHING);

  Catch::Session session;
  if (const int error = session.applyCommandLine(argc, argv); error != 0) return error;
  const Catch::ConfigData& config = session.configData();
  const bool lists = config.listTests || config.listTags || config.listReporters ||
                     config.listTestNamesOnly || config.showHelp;
  if (!lists) {
    const std::vector<Catch::TestCase> cases =
        Catch::filterTests(Catch::getAllTestCasesSorted(session.config()),
                           session.config().testSpec(), session.config());
    if (cases.size() > 1) return run_each_in_a_child(session, cases);
  }
  return session.run();
}

int main(int argc, char** argv) { return sc_core::sc_elab_and_sim(argc, argv); }
