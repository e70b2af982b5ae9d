// SPDX-License-Identifier: Apache-2.0
/* Which pages of the window are there for whom. */
#include "config.h"

#include "md-desk-private.h"

static const struct
{
  const char *page;
  guint needs; /* one of these; 0: whoever is logged in */
} pages[] = {
  { "home", 0 },
  { "approvals", MD_RIGHT_DECIDE },
  { "confirmations", MD_RIGHTS_CASES },
  { "returned", MD_RIGHTS_CASES },
  { "draft", MD_RIGHTS_CASES }, /* opened from the home page */
  { "queue", MD_RIGHT_QUEUE },
  { "log", MD_RIGHT_LOG },
  { "settings", 0 },
};

MdRights
md_desk_get_rights (MdDesk *self)
{
  return self->policy && self->staff_id ? md_policy_get_rights (self->policy, self->staff_id)
                                        : MD_RIGHT_NONE;
}

const char **
md_desk_list_pages (MdRights rights)
{
  const char **list = g_new0 (const char *, G_N_ELEMENTS (pages) + 1);
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    if (pages[i].needs == 0 || ((guint)rights & pages[i].needs) != 0)
      list[n++] = pages[i].page;
  return list;
}
