// Mutations of good scenarios: the loader accepts or refuses them, and nothing else happens.
#include <catch2/catch.hpp>
#include <filesystem>

#include "models/random/random.h"
#include "tests/tools/files.h"
#include "tools/engine/dry_build.h"

namespace {

using models::random::Random;

std::size_t below(Random& random, std::size_t n) {
  return static_cast<std::size_t>(random.below(n));
}

/// A few bytes or lines changed, removed, doubled or exchanged.
std::string mutated(std::string text, const std::vector<std::string>& words, Random& random) {
  const std::size_t changes = 1 + below(random, 4);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = below(random, text.size());
    switch (random.below(6)) {
      case 0:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(at, 1 + below(random, 12));
        break;
      case 2:
        text.insert(at, text.substr(below(random, text.size()), 1 + below(random, 40)));
        break;
      case 3:
        text.insert(at, words[below(random, words.size())]);
        break;
      case 4:
        text.insert(at, 1 + below(random, 3), "{}[]:,-&*!|>'\"%@`\n "[random.below(20)]);
        break;
      default: {
        const std::size_t line = text.rfind('\n', at);
        const std::size_t end = text.find('\n', at);
        if (line != std::string::npos && end != std::string::npos) text.erase(line, end - line);
      }
    }
  }
  return text;
}

}  // namespace

TEST_CASE("whatever becomes of a scenario's text, it is loaded or refused with a sentence") {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(tests::repository("scenarios"))) {
    if (entry.path().extension() == ".yaml") texts.push_back(tests::read_all(entry.path()));
  }
  const std::vector<std::string> words = {"1e99 s",  "-5 A",   "0",     "200 d", "${x}",  "null",
                                          "~",       "[]",     "{}",    "true",  "NaN V", "1e-99 s",
                                          "include", "meters", "99999", "L1",    "50 Hz", "- - -"};
  const tests::Folder folder;
  Random random(2024, "loader fuzz");
  std::size_t loaded = 0;
  std::size_t refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string text = mutated(texts[below(random, texts.size())], words, random);
    const std::string path = folder.write("s.yaml", text);
    try {
      const tools::Scenario scenario = tools::load_scenario(path);
      tools::warnings_of(scenario);
      tools::dry_build(scenario);
      ++loaded;
    } catch (const tools::InputError& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
      ++refused;
    } catch (const std::exception& error) {
      FAIL(error.what() << " from\n" << text);
    }
  }
  CHECK(loaded > 100);
  CHECK(refused > 1000);
}
