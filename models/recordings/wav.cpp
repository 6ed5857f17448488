#include "models/recordings/wav.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "models/recordings/text.h"

namespace models::recordings {

Recording read_wav(const std::string& path) {
  // Memory, not the library, reads the file: its size is checked, and a FIFO cannot hang us.
  const std::string bytes = read_bytes(path);
  struct Reader {
    const std::string& bytes;
    sf_count_t at;
  } reader{bytes, 0};
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) {
    return static_cast<sf_count_t>(static_cast<Reader*>(user)->bytes.size());
  };
  io.seek = [](sf_count_t offset, int whence, void* user) {
    auto* const r = static_cast<Reader*>(user);
    const auto size = static_cast<sf_count_t>(r->bytes.size());
    const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? r->at : size;
    if (offset < -base || offset > size - base) return sf_count_t{-1};
    return r->at = base + offset;
  };
  io.read = [](void* out, sf_count_t count, void* user) {
    auto* const r = static_cast<Reader*>(user);
    const sf_count_t left = static_cast<sf_count_t>(r->bytes.size()) - r->at;
    const sf_count_t now = std::min(count, left);
    std::copy_n(r->bytes.data() + r->at, now, static_cast<char*>(out));
    r->at += now;
    return now;
  };
  io.write = [](const void*, sf_count_t, void*) { return sf_count_t{0}; };
  io.tell = [](void* user) { return static_cast<Reader*>(user)->at; };

  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> sound(
      sf_open_virtual(&io, SFM_READ, &info, &reader), sf_close);
  const auto refuse = [&path](const std::string& found, const std::string& expected) {
    throw RecordingError(path + ": found " + found + ", expected " + expected);
  };
  if (sound == nullptr) refuse(shown(sf_strerror(nullptr)), "a WAV file");
  const int major = info.format & SF_FORMAT_TYPEMASK;
  const int coding = info.format & SF_FORMAT_SUBMASK;
  const bool known = coding == SF_FORMAT_PCM_16 || coding == SF_FORMAT_PCM_24 ||
                     coding == SF_FORMAT_PCM_32 || coding == SF_FORMAT_FLOAT;
  if ((major != SF_FORMAT_WAV && major != SF_FORMAT_WAVEX) || !known) {
    refuse("another format", "RIFF WAVE of 16, 24 or 32 bit PCM or 32 bit float");
  }
  const auto channels = static_cast<std::size_t>(info.channels);
  // A frame takes two bytes a channel at the least.
  if (info.frames < 0 || static_cast<std::size_t>(info.frames) > bytes.size() / 2 / channels ||
      static_cast<std::size_t>(info.frames) > most_values / channels) {
    refuse(std::to_string(info.frames) + " frames",
           "as many as the file holds, and at most " + std::to_string(most_values) + " values");
  }
  const auto frames = static_cast<std::size_t>(info.frames);
  std::vector<double> all(frames * channels);
  const sf_count_t got = sf_readf_double(sound.get(), all.data(), info.frames);
  if (got != info.frames) {
    refuse(std::to_string(got) + " frames", std::to_string(info.frames));
  }
  Recording out;
  out.file = path;
  out.samples = frames;
  out.sections.push_back({0, static_cast<double>(info.samplerate)});
  for (std::size_t c = 0; c < channels; ++c) {
    Channel& channel = out.channels.emplace_back();
    channel.name = std::to_string(c + 1);
    channel.samples.reserve(frames);
    for (std::size_t n = 0; n < frames; ++n) {
      const double value = all[n * channels + c];
      channel.samples.push_back(std::isfinite(value) ? value
                                                     : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return out;
}

}  // namespace models::recordings
