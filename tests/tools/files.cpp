#include "tests/tools/files.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tests {

namespace fs = std::filesystem;

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "vmeter-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Folder::path(const std::string& name) const { return path_ + "/" + name; }

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> out;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_)) {
    out.push_back(entry.path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string read_all(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + " is missing");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string repository(const std::string& path) {
  return std::string(PRO380_SOURCE_DIR) + "/" + path;
}

tools::Scenario load(const std::string& text) {
  const Folder folder;
  return tools::load_scenario(folder.write("s.yaml", text));
}

std::string refusal(const std::string& text) {
  const Folder folder;
  const std::string path = folder.write("s.yaml", text);
  try {
    tools::load_scenario(path);
  } catch (const tools::InputError& error) {
    const std::string sentence = error.what();
    return sentence.rfind(path, 0) == 0 ? sentence.substr(path.size()) : sentence;
  }
  return "";
}

}  // namespace tests
