// A line without cable between two ends: what one drives the other sees at once, space above mark.
// And who is led at it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "models/masters/serial_end.h"
#include "tools/engine/actor_process.h"
#include "tools/engine/led_line.h"

namespace tests {

class PlainWire final : public tools::LedLine {
 public:
  using Ps = models::pins::Ps;

  PlainWire(std::string instance, const models::masters::SerialFormat& format)
      : instance_(std::move(instance)), format_(format) {
    ports_[0].other = &ports_[1];
    ports_[1].other = &ports_[0];
  }

  models::pins::LinePort& leader_port() override { return ports_[0]; }
  void connect_leader(models::pins::LineListener& listener) override {
    ports_[0].listener = &listener;
  }
  const models::masters::SerialFormat& format() const override { return format_; }
  std::string port_instance() const override { return instance_; }

  models::pins::LinePort& far_port() { return ports_[1]; }
  void connect_far(models::pins::LineListener& listener) { ports_[1].listener = &listener; }

 private:
  struct Change {
    Ps t;
    bool space;
  };
  struct Port final : models::pins::LinePort {
    void drive(Ps t, models::pins::LineDrive what) override {
      const bool space = what == models::pins::LineDrive::space;
      driven.push_back({t, space});
      if (space && other->listener != nullptr) other->listener->line_changed(t);
    }
    void cut(Ps t) override {
      while (!driven.empty() && driven.back().t >= t) driven.pop_back();
      driven.push_back({t, false});
      if (other->listener != nullptr) other->listener->line_changed(t);
    }
    std::uint64_t marks_at(const Ps* instants, int count) const override {
      std::uint64_t marks = 0;
      for (int n = 0; n < count; ++n) {
        bool space = false;
        for (const Change& change : other->driven) {
          if (change.t <= instants[n]) space = change.space;
        }
        if (!space) marks |= std::uint64_t{1} << n;
      }
      return marks;
    }
    Ps next_fall(Ps from) const override {
      bool space = false;
      for (const Change& change : other->driven) {
        if (change.space && !space && change.t >= from) return change.t;
        space = change.space;
      }
      return models::pins::ps_never;
    }

    Port* other = nullptr;
    models::pins::LineListener* listener = nullptr;
    std::vector<Change> driven;
  };

  std::string instance_;
  models::masters::SerialFormat format_;
  Port ports_[2];
};

/// Who sits at the other end.
class FarEnd final : models::masters::SerialListener {
 public:
  FarEnd(const std::string& name, PlainWire& wire)
      : serial(wire.format(), wire.far_port(), *this),
        actor_(serial),
        process_(name.c_str(), actor_) {
    serial.on_change([this] { process_.rearm(); });
    wire.connect_far(serial);
  }

  void send(models::pins::Ps start, const std::vector<std::uint8_t>& bytes) {
    std::vector<models::masters::OutgoingCharacter> characters(bytes.size());
    for (std::size_t n = 0; n < bytes.size(); ++n) characters[n].byte = bytes[n];
    serial.send(start, std::move(characters));
  }

  std::vector<models::masters::HeardCharacter> in;

 private:
  void heard(const models::masters::HeardCharacter& character) override { in.push_back(character); }
  void sent(const models::masters::HeardCharacter&) override {}

 public:
  models::masters::SerialEnd serial;

 private:
  tools::ActingModel<models::masters::SerialEnd> actor_;
  tools::ActorProcess process_;
};

}  // namespace tests
