// The baud rates that a terminal can be set to, as termios codes them.
#pragma once

#include <termios.h>

#include <cstdint>

namespace tools::live {

struct BaudCode {
  speed_t code;
  std::uint32_t baud;
};
inline constexpr BaudCode baud_codes[] = {
    {B50, 50},       {B75, 75},         {B110, 110},       {B134, 134},      {B150, 150},
    {B200, 200},     {B300, 300},       {B600, 600},       {B1200, 1200},    {B1800, 1800},
    {B2400, 2400},   {B4800, 4800},     {B9600, 9600},     {B19200, 19200},  {B38400, 38400},
    {B57600, 57600}, {B115200, 115200}, {B230400, 230400}, {B460800, 460800}};

/// A rate that termios does not know leaves the settings as they are.
inline void set_speed(termios& settings, std::uint32_t baud) {
  for (const BaudCode& known : baud_codes) {
    if (known.baud == baud) cfsetspeed(&settings, known.code);
  }
}

}  // namespace tools::live
