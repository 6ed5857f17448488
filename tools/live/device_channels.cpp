#include "tools/live/device_channels.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <termios.h>

#include <system_error>

#include "tools/cli/options.h"
#include "tools/live/baud_codes.h"
#include "tools/live/descriptor.h"
#include "tools/live/loopback.h"
#include "tools/report/output_file.h"

namespace tools::live {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw OutputRefused(
      fmt::format("{}: {}: {}", name, what, std::generic_category().message(errno)));
}

class SerialDevice final : public ByteChannel {
 public:
  SerialDevice(const std::string& path, const models::masters::SerialFormat& format)
      : path_(path), device_(open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    if (!device_.is_open()) refuse(path, "cannot be opened");
    termios settings = {};
    if (tcgetattr(device_.number(), &settings) != 0) refuse(path, "is no serial device");
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB);
    settings.c_cflag |= format.data_bits == 7 ? CS7 : CS8;
    if (format.parity != models::masters::Parity::none) settings.c_cflag |= PARENB;
    if (format.parity == models::masters::Parity::odd) settings.c_cflag |= PARODD;
    if (format.stop_bits == 2) settings.c_cflag |= CSTOPB;
    set_speed(settings, format.baud);
    if (tcsetattr(device_.number(), TCSANOW, &settings) != 0) refuse(path, "takes no settings");
  }

  int descriptor() const override { return ended_ ? -1 : device_.number(); }
  std::vector<std::uint8_t> read() override {
    std::vector<std::uint8_t> bytes;
    // Unplugged: it is not watched any more, the meter goes on.
    if (!ended_) ended_ = read_waiting(device_.number(), bytes) == Input::ended;
    return bytes;
  }
  bool write(std::uint8_t byte) override { return write_byte(device_.number(), byte); }
  std::string address() const override { return path_; }

 private:
  std::string path_;
  Descriptor device_;
  bool ended_ = false;
};

class TcpPort final : public ByteChannel {
 public:
  explicit TcpPort(std::uint16_t port)
      : port_(port), listener_(listen_on_loopback(fmt::format("tcp:{}", port), port)) {}

  /// The client while there is one: a newcomer is looked for at every read.
  int descriptor() const override {
    return client_.is_open() ? client_.number() : listener_.number();
  }
  std::vector<std::uint8_t> read() override {
    accept_newcomer();
    std::vector<std::uint8_t> bytes;
    if (client_.is_open() && read_waiting(client_.number(), bytes) == Input::ended) {
      client_ = Descriptor();
    }
    return bytes;
  }
  bool write(std::uint8_t byte) override {
    return client_.is_open() && send(client_.number(), &byte, 1, MSG_NOSIGNAL) == 1;
  }
  std::string address() const override { return fmt::format("tcp:{}", port_); }

 private:
  void accept_newcomer() {
    Descriptor newcomer = accept_waiting(listener_);
    if (!newcomer.is_open()) return;
    client_ = std::move(newcomer);
  }

  std::uint16_t port_;
  Descriptor listener_;
  Descriptor client_;
};

}  // namespace

std::unique_ptr<ByteChannel> open_serial_device(const std::string& path,
                                                const models::masters::SerialFormat& format) {
  return std::make_unique<SerialDevice>(path, format);
}

std::unique_ptr<ByteChannel> open_tcp(const std::string& port) {
  constexpr std::uint64_t largest = 65'535;
  return std::make_unique<TcpPort>(
      static_cast<std::uint16_t>(read_number("tcp:PORT", port, 1, largest)));
}

}  // namespace tools::live
