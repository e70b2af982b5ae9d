// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "strangers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define NETWORK_SIZE 8

struct _Strangers
{
  GHashTable *places; /* place -> GQueue of who has come from there, the first one first */
  guint most;
};

Strangers *
strangers_new (guint most)
{
  Strangers *strangers = g_new0 (Strangers, 1);

  strangers->places
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
  strangers->most = MAX (most, 1);
  return strangers;
}

void
strangers_free (Strangers *strangers)
{
  g_hash_table_unref (strangers->places);
  g_free (strangers);
}

char *
strangers_place (int fd)
{
  struct sockaddr_storage address = { 0 };
  struct sockaddr_in v4 = { 0 };
  struct sockaddr_in6 v6 = { 0 };
  socklen_t size = sizeof address;
  char text[INET6_ADDRSTRLEN] = "";

  if (getpeername (fd, (struct sockaddr *)&address, &size) != 0)
    return g_strdup ("");
  if (address.ss_family == AF_INET)
    {
      memcpy (&v4, &address, sizeof v4);
      (void)inet_ntop (AF_INET, &v4.sin_addr, text, sizeof text);
    }
  else if (address.ss_family == AF_INET6)
    {
      memcpy (&v6, &address, sizeof v6);
      if (!IN6_IS_ADDR_V4MAPPED (&v6.sin6_addr))
        memset (v6.sin6_addr.s6_addr + NETWORK_SIZE, 0, sizeof v6.sin6_addr.s6_addr - NETWORK_SIZE);
      (void)inet_ntop (AF_INET6, &v6.sin6_addr, text, sizeof text);
    }
  return g_strdup (text);
}

gpointer
strangers_enter (Strangers *strangers, const char *place, gpointer who)
{
  GQueue *queue = g_hash_table_lookup (strangers->places, place);

  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (strangers->places, g_strdup (place), queue);
    }
  g_queue_push_tail (queue, who);
  return queue->length > strangers->most ? g_queue_pop_head (queue) : NULL;
}

void
strangers_leave (Strangers *strangers, const char *place, gpointer who)
{
  GQueue *queue = g_hash_table_lookup (strangers->places, place);

  if (queue == NULL)
    return;
  (void)g_queue_remove (queue, who);
  if (queue->length == 0)
    g_hash_table_remove (strangers->places, place);
}
