// Where the time goes: a thread that asked for it adds up the seconds of each of its calls.
#ifndef ASKEW_PROFILE_H
#define ASKEW_PROFILE_H

#include <time.h>

// The calling thread's sums; NULL, as nearly always: nothing is measured.
extern _Thread_local double *askew_profile_seconds;

static inline double askew_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif
