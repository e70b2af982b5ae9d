// SPDX-License-Identifier: Apache-2.0
#include "ifd.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONTROL_ATR 0x04
#define ATR_PATIENCE_MS 5000
#define CARD_PATIENCE_MS 60000
#define SLICE_MS 20

gboolean
ifd_card_listen (IfdReader *reader, guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int on = 1;
  reader->card = -1;
  reader->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (reader->listener < 0)
    return FALSE;
  setsockopt (reader->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return bind (reader->listener, (const struct sockaddr *)&address, sizeof address) == 0
         && listen (reader->listener, 1) == 0;
}

static void
hang_up (IfdReader *reader)
{
  if (reader->card >= 0)
    close (reader->card);
  reader->card = -1;
}

static void
pick_up (IfdReader *reader)
{
  int on = 1;
  if (reader->card >= 0)
    return;
  reader->card = accept4 (reader->listener, NULL, NULL, SOCK_CLOEXEC);
  if (reader->card >= 0)
    setsockopt (reader->card, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Length and body in one piece, or Nagle's algorithm costs 40 ms.
static gboolean
put_frame (IfdReader *reader, const guint8 *body, gsize length)
{
  if (reader->card < 0 || length > 65535)
    return FALSE;
  guint8 *frame = g_malloc (length + 2);
  frame[0] = (guint8)(length >> 8);
  frame[1] = (guint8)(length & 0xff);
  memcpy (frame + 2, body, length);
  gboolean sent = send (reader->card, frame, length + 2, MSG_NOSIGNAL) == (ssize_t)length + 2;
  explicit_bzero (frame, length + 2);
  g_free (frame);
  return sent;
}

static gboolean
is_plugged (IfdReader *reader)
{
  g_mutex_lock (&reader->mutex);
  gboolean plugged = reader->plugged && !reader->asleep;
  g_mutex_unlock (&reader->mutex);
  return plugged;
}

static gboolean
get_bytes (IfdReader *reader, guint8 *data, gsize length, gint64 end)
{
  int on = 1;
  for (gsize got = 0; got < length;)
    {
      struct pollfd fd = { .fd = reader->card, .events = POLLIN };
      int ready = poll (&fd, 1, SLICE_MS);
      if (ready == 0 && is_plugged (reader) && g_get_monotonic_time () < end)
        continue;
      setsockopt (reader->card, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
      ssize_t n = ready > 0 ? recv (reader->card, data + got, length - got, 0) : -1;
      if (n <= 0)
        return FALSE;
      got += (gsize)n;
    }
  return TRUE;
}

// Length of the frame, or -1 with the line cut.
static gssize
get_frame (IfdReader *reader, guint8 *body, gsize size, int patience_ms)
{
  gint64 end = g_get_monotonic_time () + patience_ms * G_GINT64_CONSTANT (1000);
  guint8 head[2];
  gsize length = 0;
  gboolean ok = get_bytes (reader, head, sizeof head, end);
  if (ok)
    length = (gsize)((head[0] << 8) | head[1]);
  ok = ok && length <= size && get_bytes (reader, body, length, end);
  if (ok)
    return (gssize)length;
  hang_up (reader);
  return -1;
}

gboolean
ifd_card_ask_atr (IfdReader *reader)
{
  const guint8 ask = CONTROL_ATR;
  pick_up (reader);
  if (reader->card < 0)
    return FALSE;
  if (!put_frame (reader, &ask, 1))
    {
      hang_up (reader);
      return FALSE;
    }
  gssize length = get_frame (reader, reader->atr, sizeof reader->atr, ATR_PATIENCE_MS);
  reader->atr_length = length > 0 ? (gsize)length : 0;
  return length > 0;
}

void
ifd_card_control (IfdReader *reader, guint8 control)
{
  if (reader->card >= 0 && !put_frame (reader, &control, 1))
    hang_up (reader);
}

gssize
ifd_card_exchange (IfdReader *reader, const guint8 *command, gsize length, guint8 *answer,
                   gsize size)
{
  if (!reader->powered || !is_plugged (reader) || !put_frame (reader, command, length))
    return -1;
  g_mutex_lock (&reader->mutex);
  guint slow_ms = reader->slow_ms;
  g_mutex_unlock (&reader->mutex);
  gssize got = get_frame (reader, answer, size, CARD_PATIENCE_MS);
  for (gint64 end = g_get_monotonic_time () + slow_ms * G_GINT64_CONSTANT (1000);
       got >= 0 && g_get_monotonic_time () < end;)
    {
      g_usleep (SLICE_MS * 1000);
      if (!is_plugged (reader))
        return -1;
    }
  return got;
}
