// SPDX-License-Identifier: Apache-2.0
/* Preloaded into a program: its wall clock is OTHER_DAY_SECONDS ahead (or, negative, behind). */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t
ahead (void)
{
  const char *text = getenv ("OTHER_DAY_SECONDS");

  return text != NULL ? (time_t)strtoll (text, NULL, 10) : 0;
}

__attribute__ ((visibility ("default"))) int
clock_gettime (clockid_t id, struct timespec *out)
{
  const int result = (int)syscall (SYS_clock_gettime, id, out);

  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
    out->tv_sec += ahead ();
  return result;
}

__attribute__ ((visibility ("default"))) int
gettimeofday (struct timeval *restrict out, void *restrict zone)
{
  struct timespec now;

  (void)zone;
  if (clock_gettime (CLOCK_REALTIME, &now) != 0)
    return -1;
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

__attribute__ ((visibility ("default"))) time_t
time (time_t *out)
{
  struct timespec now = { 0 };

  (void)clock_gettime (CLOCK_REALTIME, &now);
  if (out != NULL)
    *out = now.tv_sec;
  return now.tv_sec;
}
