// SPDX-License-Identifier: Apache-2.0
#include "ifd.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct
{
  IfdReader *reader;
  int listener;
} Office;

// Orders are carried out with the mutex held. NULL: "ok". (transfer full)
typedef char *(*Order) (IfdReader *reader, char **words);

static char *
order_features (IfdReader *reader, char **words)
{
  static const struct
  {
    const char *word;
    IfdFeatures feature;
  } names[] = { { "verify", IFD_FEATURE_VERIFY },   { "modify", IFD_FEATURE_MODIFY },
                { "tlv", IFD_FEATURE_TLV },         { "abort", IFD_FEATURE_ABORT },
                { "garbage", IFD_FEATURE_GARBAGE }, { "short", IFD_FEATURE_SHORT } };
  IfdFeatures features = 0;
  for (; *words != NULL; words++)
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
      if (g_str_equal (names[i].word, *words))
        features |= names[i].feature;
  reader->features = features;
  return NULL;
}

static char *
order_lie (IfdReader *reader, char **words)
{
  static const char *const names[] = { [IFD_LIE_NONE] = "none",
                                       [IFD_LIE_UNSUPPORTED] = "unsupported",
                                       [IFD_LIE_FAULT_BEFORE] = "fault-before",
                                       [IFD_LIE_FAULT_AFTER] = "fault-after",
                                       [IFD_LIE_EMPTY] = "empty",
                                       [IFD_LIE_STATUS] = "status",
                                       [IFD_LIE_DEAF] = "deaf" };
  for (guint i = 0; words[0] != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], words[0]))
      {
        reader->lie = (IfdLie)i;
        reader->lie_status = words[1] != NULL ? (guint16)g_ascii_strtoull (words[1], NULL, 16) : 0;
        return NULL;
      }
  return g_strdup ("error no such lie");
}

static char *
push_keys (IfdReader *reader, const char *keys)
{
  g_queue_push_tail (&reader->keys, g_strdup (keys));
  g_cond_broadcast (&reader->typed);
  return NULL;
}

static char *
order_type (IfdReader *reader, char **words)
{
  g_autofree char *keys = g_strjoinv (" ", words);
  return push_keys (reader, keys);
}

static char *
order_press (IfdReader *reader, char **words)
{
  return push_keys (reader, "cancel");
}

static char *
order_walk_away (IfdReader *reader, char **words)
{
  return push_keys (reader, "away");
}

static char *
order_slow (IfdReader *reader, char **words)
{
  reader->slow_ms = words[0] != NULL ? (guint)g_ascii_strtoull (words[0], NULL, 10) : 0;
  return NULL;
}

static char *
order_sleep (IfdReader *reader, char **words)
{
  reader->asleep = TRUE;
  return NULL;
}

static char *
order_reset (IfdReader *reader, char **words)
{
  reader->asleep = TRUE;
  reader->resetting = 2;
  return NULL;
}

static char *
order_mute (IfdReader *reader, char **words)
{
  reader->mute = g_strcmp0 (words[0], "off") != 0;
  return NULL;
}

static char *
order_apdu (IfdReader *reader, char **words)
{
  reader->max_apdu = words[0] != NULL ? (guint32)g_ascii_strtoull (words[0], NULL, 10) : 0;
  return NULL;
}

static char *
order_unplug (IfdReader *reader, char **words)
{
  reader->plugged = FALSE;
  g_cond_broadcast (&reader->typed);
  return NULL;
}

static char *
order_plug (IfdReader *reader, char **words)
{
  reader->plugged = TRUE;
  return NULL;
}

static char *
order_status (IfdReader *reader, char **words)
{
  return g_strdup_printf ("ok plugged=%s powered=%s asked=%u sent=%u waiting=%s asleep=%s line=%s",
                          reader->plugged ? "yes" : "no", reader->powered ? "yes" : "no",
                          reader->asked, reader->sent, reader->waiting ? "yes" : "no",
                          reader->asleep ? "yes" : "no", reader->card >= 0 ? "yes" : "no");
}

static const struct
{
  const char *word;
  Order order;
} orders[] = {
  { "features", order_features },   { "lie", order_lie },
  { "type", order_type },           { "press", order_press },
  { "walk-away", order_walk_away }, { "slow", order_slow },
  { "sleep", order_sleep },         { "reset", order_reset },
  { "mute", order_mute },           { "apdu", order_apdu },
  { "unplug", order_unplug },       { "plug", order_plug },
  { "status", order_status },
};

static char *
carry_out (IfdReader *reader, char *line)
{
  g_auto (GStrv) words = g_strsplit (g_strstrip (line), " ", -1);
  for (gsize i = 0; words[0] != NULL && i < G_N_ELEMENTS (orders); i++)
    if (g_str_equal (orders[i].word, words[0]))
      {
        g_mutex_lock (&reader->mutex);
        char *answer = orders[i].order (reader, words + 1);
        g_mutex_unlock (&reader->mutex);
        return answer != NULL ? answer : g_strdup ("ok");
      }
  return g_strdup ("error no such order");
}

static void
serve (IfdReader *reader, int fd)
{
  char line[256];
  FILE *file = fdopen (fd, "r+");
  if (file == NULL)
    {
      close (fd);
      return;
    }
  while (fgets (line, sizeof line, file) != NULL)
    {
      g_autofree char *answer = carry_out (reader, line);
      if (dprintf (fd, "%s\n", answer) < 0)
        break;
    }
  explicit_bzero (line, sizeof line);
  fclose (file);
}

static gpointer
orders_main (gpointer data)
{
  Office *office = data;
  while (TRUE)
    {
      int fd = accept4 (office->listener, NULL, NULL, SOCK_CLOEXEC);
      if (fd >= 0)
        serve (office->reader, fd);
    }
  return NULL;
}

gboolean
ifd_orders_listen (IfdReader *reader, const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || strlen (path) >= sizeof address.sun_path)
    return FALSE;
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  unlink (path);
  if (bind (fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen (fd, 8) != 0)
    {
      close (fd);
      return FALSE;
    }
  Office *office = g_new0 (Office, 1);
  office->reader = reader;
  office->listener = fd;
  g_thread_unref (g_thread_new ("ifd-orders", orders_main, office));
  return TRUE;
}
