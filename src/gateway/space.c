// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "space.h"

#include <string.h>
#include <sys/statvfs.h>

#define FILE_STORE "sqlite:"

gboolean
space_look (const Office *office, guint64 *out_free)
{
  const char *address = office->settings->ledger;
  g_autofree char *folder = NULL;
  struct statvfs st;

  *out_free = 0;
  if (!g_str_has_prefix (address, FILE_STORE))
    return FALSE;
  folder = g_path_get_dirname (address + strlen (FILE_STORE));
  if (statvfs (folder, &st) != 0)
    return FALSE;
  *out_free = (guint64)st.f_bavail * st.f_frsize;
  return TRUE;
}

static gboolean
record (const Office *office, gboolean full)
{
  const MdAuditEntry entry = { .event = "store",
                               .outcome = full ? MD_AUDIT_FAILED : MD_AUDIT_DONE,
                               .detail = full ? "state=full" : "state=room" };

  return md_ledger_note (office->ledger, &entry, NULL);
}

/* A full disk may not take the record of it: then it is owed until one does. */
static void
record_changes (Office *office)
{
  if (office->full_owed && record (office, TRUE))
    {
      office->full_owed = FALSE;
      office->full_told = TRUE;
    }
  if (!office->full && !office->full_owed && office->full_told && record (office, FALSE))
    office->full_told = FALSE;
}

static void
change (Office *office, gboolean full)
{
  office->full = full;
  office->full_owed = office->full_owed || (full && !office->full_told);
  md_ledger_set_room (office->ledger, !full);
  g_message ("%s", full ? "no new containers: the disk of the store is nearly full"
                        : "there is room in the store again");
}

MdProblem *
space_find_problem (Office *office)
{
  const guint64 kept = (guint64)office->settings->reserve << 20;
  /* The log of the database grows and is cut all the time: that is no room again. */
  const guint64 wanted = office->full ? 2 * kept : kept;
  guint64 left = 0;
  const gboolean full = space_look (office, &left) && left < wanted;

  if (full != office->full)
    change (office, full);
  record_changes (office);
  return full ? md_problem_new (MD_PROBLEM_STORE_FULL,
                                "Nothing new is taken until there is room; keep it and come again.")
              : NULL;
}

void
space_tick (Office *office)
{
  g_autoptr (MdProblem) problem = office->full ? space_find_problem (office) : NULL;
}
