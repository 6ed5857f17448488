/* The cross C++ library's headers were configured for glibc and ask its features.h which glibc it
   is. There is none on the target: this file answers "a standard one, of no version". */
#pragma once

#define __GLIBC_PREREQ(major, minor) 0
