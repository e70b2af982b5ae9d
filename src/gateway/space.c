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

static void
tell (Office *office, gboolean full)
{
  const MdAuditEntry entry = { .event = "store",
                               .outcome = full ? MD_AUDIT_FAILED : MD_AUDIT_DONE,
                               .detail = full ? "state=full" : "state=room" };
  g_autoptr (GError) error = NULL;

  if (full == office->full)
    return;
  office->full = full;
  g_message ("%s", full ? "no new containers: the disk of the store is nearly full"
                        : "there is room in the store again");
  if (!md_ledger_note (office->ledger, &entry, &error))
    g_message ("this could not be recorded: %s", error->message);
}

MdProblem *
space_find_problem (Office *office)
{
  const guint64 kept = (guint64)office->settings->reserve << 20;
  guint64 left = 0;
  const gboolean full = space_look (office, &left) && left < kept;

  tell (office, full);
  return full ? md_problem_new (MD_PROBLEM_STORE_FULL,
                                "Nothing new is taken until there is room; keep it and come again.")
              : NULL;
}
