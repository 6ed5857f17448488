// A file descriptor that closes itself, and bytes in and out of it without waiting.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

namespace tools::live {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

enum class Input { some, none, ended };

/// Adds up to 256 bytes that wait at a non-blocking descriptor to `bytes`: the longest frame, so
/// that what a client writes too fast stays with him.
inline Input read_waiting(int descriptor, std::vector<std::uint8_t>& bytes) {
  std::uint8_t buffer[256];
  const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
  if (count > 0) {
    bytes.insert(bytes.end(), buffer, buffer + count);
    return Input::some;
  }
  const bool later = count < 0 && (errno == EAGAIN || errno == EINTR);
  return later ? Input::none : Input::ended;
}

inline bool write_byte(int descriptor, std::uint8_t byte) {
  ssize_t written = 0;
  do {
    written = ::write(descriptor, &byte, 1);
  } while (written < 0 && errno == EINTR);
  return written == 1;
}

}  // namespace tools::live
