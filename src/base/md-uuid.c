// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define TEXT_LENGTH 36

void
md_random_fill (void *data, gsize size)
{
  guint8 *place = data;

  while (size > 0)
    {
      const gssize got = getrandom (place, size, 0);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        g_error ("The kernel gives no random numbers: %s", g_strerror (errno));
      place += got;
      size -= (gsize)got;
    }
}

/* The 12 bits after the version count up within one millisecond from a random start below half (RFC
 * 9562, method 1); when they run over, or the clock went back, the time of the last one is kept or
 * moved on by one. */
static void
next_time_and_count (gint64 now_ms, guint64 *out_ms, guint *out_count)
{
  static GMutex lock;
  static guint64 last_ms;
  static guint last_count;
  guint16 start;

  md_random_fill (&start, sizeof start);
  g_mutex_lock (&lock);
  if (now_ms > 0 && (guint64)now_ms > last_ms)
    {
      last_ms = (guint64)now_ms;
      last_count = start & 0x7ff;
    }
  else if (++last_count > 0xfff)
    {
      last_ms++;
      last_count = start & 0x7ff;
    }
  *out_ms = last_ms;
  *out_count = last_count;
  g_mutex_unlock (&lock);
}

char *
md_uuid7_new (MdClock *clock)
{
  guint64 ms;
  guint count;
  guint8 noise[8];
  g_autofree char *tail = NULL;

  next_time_and_count (md_clock_get_wall_us (clock ? clock : md_clock_get_system ()) / 1000, &ms,
                       &count);
  md_random_fill (noise, sizeof noise);
  noise[0] = (guint8)((noise[0] & 0x3f) | 0x80);
  tail = md_hex_encode (noise, sizeof noise);
  return g_strdup_printf ("%08x-%04x-7%03x-%.4s-%s", (guint)(ms >> 16), (guint)(ms & 0xffff), count,
                          tail, tail + 4);
}

gboolean
md_uuid7_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != TEXT_LENGTH)
    return FALSE;
  for (gsize i = 0; i < TEXT_LENGTH; i++)
    {
      const gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;

      if (dash ? text[i] != '-' : !g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
        return FALSE;
    }
  return text[14] == '7' && strchr ("89ab", text[19]) != NULL;
}

gint64
md_uuid7_get_time_ms (const char *text)
{
  gint64 ms = 0;

  if (!md_uuid7_is_valid (text))
    return -1;
  for (gsize i = 0; i < 13; i++)
    if (i != 8)
      ms = ms << 4 | g_ascii_xdigit_value (text[i]);
  return ms;
}
