// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>

#include "room.h"

#define FILE_NAME "reserve"

/* So many times what is kept is little. */
#define LITTLE 4

typedef struct
{
  guint64 free; /* on the disk */
  guint64 own;  /* within the database */
} Places;

static guint64
size_of (const char *path)
{
  GStatBuf st;

  return g_stat (path, &st) == 0 ? (guint64)st.st_size : 0;
}

static gboolean
measure (Service *self, Places *out)
{
  struct statvfs st;
  gint64 pages = 0, size = 0;

  if (statvfs (self->settings->state_dir, &st) != 0)
    return FALSE;
  out->free = (guint64)st.f_bavail * st.f_frsize;
  out->own = 0;
  if (self->db != NULL && md_db_get_int (self->db, "PRAGMA freelist_count", &pages, NULL)
      && md_db_get_int (self->db, "PRAGMA page_size", &size, NULL))
    out->own = (guint64)(pages * size);
  return TRUE;
}

/* The file is written by the system alone, which puts nothing into it. */
static gboolean
take (const char *path, guint64 size)
{
  const int fd = g_open (path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean taken;

  if (fd < 0)
    return FALSE;
  taken = posix_fallocate (fd, 0, (off_t)size) == 0;
  g_close (fd, NULL);
  if (!taken)
    (void)g_unlink (path);
  return taken;
}

/* Whether the file's place is kept for later. */
static gboolean
hold (const char *path, guint64 kept, const Places *places)
{
  if (size_of (path) < kept / 2)
    return places->free >= kept && take (path, kept / 2);
  if (places->free >= kept / 4)
    return TRUE;
  if (g_unlink (path) != 0)
    g_message ("%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* Once there is none, twice as much as is kept makes room again: the database and its log grow and
 * are cut all the time, and what is said would change with them. */
static Room
judge (Service *self)
{
  const guint64 kept = self->settings->reserve_bytes;
  const guint64 wanted = self->room == ROOM_NONE ? 2 * kept : kept;
  g_autofree char *path = g_build_filename (self->settings->state_dir, FILE_NAME, NULL);
  Places places;

  if (kept == 0 || !measure (self, &places))
    return ROOM_ENOUGH;
  if (!hold (path, kept, &places) || !measure (self, &places) || places.free + places.own < wanted
      || places.free < kept / 2)
    return ROOM_NONE;
  return places.free + places.own < LITTLE * kept ? ROOM_LITTLE : ROOM_ENOUGH;
}

Room
room_look (Service *self)
{
  const Room room = judge (self);

  if (room != self->room)
    g_message ("room on the disk: %s", room_word (room));
  self->room = room;
  return room;
}

const char *
room_word (Room room)
{
  static const char *const words[]
      = { [ROOM_ENOUGH] = "ok", [ROOM_LITTLE] = "little", [ROOM_NONE] = "none" };

  return words[room];
}

char *
room_dup_attention (Service *self)
{
  static const char *const texts[] = {
    [ROOM_LITTLE] = N_ ("The disk of this terminal is getting full. Ask the administrator to make "
                        "room today."),
    [ROOM_NONE] = N_ ("The disk of this terminal is nearly full, and no new intake is begun here. "
                      "What has been taken in is safe and is sent on. Call the administrator to "
                      "make room; take in at another terminal until then."),
  };

  return self->room != ROOM_ENOUGH ? g_strdup (_ (texts[self->room])) : NULL;
}

GError *
room_make_error (void)
{
  return g_error_new_literal (
      MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL,
      _ ("The disk of this terminal is nearly full, so no new intake is begun here. Take it in at "
         "another terminal, and call the administrator to make room. What has been taken in is "
         "safe and is sent on."));
}
