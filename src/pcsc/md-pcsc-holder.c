// SPDX-License-Identifier: Apache-2.0
// Who else is connected to the card service: the kernel tells the ends of its socket (sock_diag),
// and /proc whose they are, as far as this user may look.
#include "md-pcsc-backend.h"
#include "md-pcsc-private.h"

#include <glib/gi18n.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_SIZE 32768

// One UNIX socket of the system: if it is an end of PATH that the service has accepted, the inode
// of its other end is one of a client's.
static void
take_socket (GHashTable *clients, const char *path, const guint8 *body, gsize size)
{
  const guint8 *name = NULL;
  gsize name_size = 0;
  guint32 peer = 0;
  for (gsize at = NLMSG_ALIGN (sizeof (struct unix_diag_msg)); at + RTA_LENGTH (0) <= size;)
    {
      struct rtattr attribute;
      memcpy (&attribute, body + at, sizeof attribute);
      if (attribute.rta_len < RTA_LENGTH (0) || attribute.rta_len > size - at)
        return;
      const guint8 *value = body + at + RTA_LENGTH (0);
      const gsize value_size = attribute.rta_len - RTA_LENGTH (0);
      if (attribute.rta_type == UNIX_DIAG_NAME)
        {
          name = value;
          name_size = value_size;
        }
      else if (attribute.rta_type == UNIX_DIAG_PEER && value_size == sizeof peer)
        memcpy (&peer, value, sizeof peer);
      at += RTA_ALIGN (attribute.rta_len);
    }
  while (name_size > 0 && name[name_size - 1] == '\0')
    name_size--;
  if (peer != 0 && name_size == strlen (path) && memcmp (name, path, name_size) == 0)
    g_hash_table_add (clients, GUINT_TO_POINTER (peer));
}

// The messages of one answer. FALSE: it was the last.
static gboolean
take_answer (GHashTable *clients, const char *path, const guint8 *answer, gsize size)
{
  struct nlmsghdr header;
  for (gsize at = 0; at + NLMSG_HDRLEN <= size; at += NLMSG_ALIGN (header.nlmsg_len))
    {
      memcpy (&header, answer + at, sizeof header);
      if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > size - at
          || header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR)
        return FALSE;
      if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY)
        take_socket (clients, path, answer + at + NLMSG_HDRLEN,
                     header.nlmsg_len - (gsize)NLMSG_HDRLEN);
    }
  return TRUE;
}

// Inodes of the sockets that are connected to the service's; empty where the kernel does not tell.
static GHashTable *
list_clients (void)
{
  const struct
  {
    struct nlmsghdr header;
    struct unix_diag_req body;
  } request = { .header = { .nlmsg_len = sizeof request,
                            .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
                .body = { .sdiag_family = AF_UNIX,
                          .udiag_states = G_MAXUINT32,
                          .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER } };
  GHashTable *clients = g_hash_table_new (NULL, NULL);
  g_autofree guint8 *answer = g_malloc (ANSWER_SIZE);
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0)
    return clients;
  ssize_t size = send (fd, &request, sizeof request, 0);
  while (size > 0)
    {
      size = recv (fd, answer, ANSWER_SIZE, 0);
      if (size <= 0 || !take_answer (clients, md_pcsc_get_socket (), answer, (gsize)size))
        break;
    }
  close (fd);
  return clients;
}

// Takes the sockets of one process out of CLIENTS; whether there were any.
static gboolean
take_out (GHashTable *clients, const char *pid)
{
  g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  gboolean any = FALSE;
  for (const char *name = files != NULL ? g_dir_read_name (files) : NULL; name != NULL;
       name = g_dir_read_name (files))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);
      if (target == NULL || !g_str_has_prefix (target, "socket:["))
        continue;
      guint64 inode = g_ascii_strtoull (target + strlen ("socket:["), NULL, 10);
      any = g_hash_table_remove (clients, GUINT_TO_POINTER ((guint)inode)) || any;
    }
  return any;
}

static char *
name_of (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "comm", NULL);
  char *name = NULL;
  return g_file_get_contents (path, &name, NULL, NULL) ? g_strchomp (name) : NULL;
}

char *
md_pcsc_name_other_programs (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  g_autoptr (GHashTable) clients = list_clients ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *self = g_strdup_printf ("%d", (int)getpid ());
  (void)take_out (clients, self);
  for (const char *pid = proc != NULL ? g_dir_read_name (proc) : NULL;
       pid != NULL && g_hash_table_size (clients) > 0; pid = g_dir_read_name (proc))
    {
      if (!g_ascii_isdigit (pid[0]) || !take_out (clients, pid))
        continue;
      g_autofree char *name = name_of (pid);
      if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  if (g_hash_table_size (clients) > 0) // whose they are may not be looked at
    g_ptr_array_add (names, g_strdup (_ ("a program of another user")));
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **)names->pdata);
}
