// Somebody of the world who acts at instants of his own: a contact that bounces, a supply that runs
// empty. The script wakes him.
#pragma once

#include "models/pins/time.h"

namespace tools {

class ScriptActor {
 public:
  ScriptActor() = default;
  ScriptActor(const ScriptActor&) = delete;
  ScriptActor& operator=(const ScriptActor&) = delete;
  virtual ~ScriptActor() = default;

  /// When he acts next, pins::ps_never if he will not. May change by scripted events only, and when
  /// he acts.
  virtual models::pins::Ps next_event() const = 0;
  /// Acts at `t` = next_event(), the present kernel time.
  virtual void advance(models::pins::Ps t) = 0;
};

/// Any model that has these two functions, as an actor.
template <typename Model>
class ActingModel final : public ScriptActor {
 public:
  explicit ActingModel(Model& model) : model_(model) {}
  models::pins::Ps next_event() const override { return model_.next_event(); }
  void advance(models::pins::Ps t) override { model_.advance(t); }

 private:
  Model& model_;
};

}  // namespace tools
