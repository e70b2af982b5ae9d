// SPDX-License-Identifier: Apache-2.0
// Which card readers may be used at a desk, and what it tells the audit log of them: whom each is
// for, as somebody has said, and which one was refused.
#include "config.h"

#include <string.h>

#include <md-base.h>

#include "md-desk-private.h"

#define NAME_TOLD_MAX 80u /* as the service takes names (RecordReaderRole) */
#define MOST_KEPT 100u    /* of what cannot be told; the newest count */
#define REFUSED "refused" /* on a reader: it is in the log that it may not be used */

/* One choice, or refusal, on its way into the log. */
typedef struct
{
  MdDesk *desk; /* while it is on the bus */
  char *session, *reader, *role;
  char *since; /* when it was, once it has had to wait; else "" */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *self = data;

  g_clear_object (&self->desk);
  g_free (self->session);
  g_free (self->reader);
  g_free (self->role);
  g_free (self->since);
  g_free (self);
}

/* The service is away: it is told later, of this time. Nobody is logged in there then. */
static void
keep (MdDesk *self, Choice *choice)
{
  g_clear_object (&choice->desk);
  g_free (choice->session);
  choice->session = g_strdup ("");
  if (*choice->since == '\0')
    {
      g_free (choice->since);
      choice->since = md_time_format_rfc3339 (md_clock_get_wall_us (_md_desk_get_clock (self)));
    }
  if (!self->untold)
    self->untold = g_ptr_array_new_with_free_func (choice_free);
  if (self->untold->len >= MOST_KEPT)
    g_ptr_array_remove_index (self->untold, 0);
  g_ptr_array_add (self->untold, choice);
}

static void tell (MdDesk *self, Choice *choice);

static void
told_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Choice *choice = data;
  g_autoptr (MdDesk) self = g_object_ref (choice->desk);
  g_autoptr (GError) error = NULL;

  if (md_bus_terminal1_call_record_reader_role_finish (MD_BUS_TERMINAL1 (source), result, &error))
    choice_free (choice);
  else if (md_bus_error_is_absent (error))
    keep (self, choice);
  else if (*choice->session != '\0')
    {
      /* The session has ended meanwhile. */
      g_free (choice->session);
      choice->session = g_strdup ("");
      tell (self, choice);
    }
  else
    choice_free (choice); /* refused, which has a record of its own */
}

static void
tell (MdDesk *self, Choice *choice)
{
  if (!self->proxy)
    {
      keep (self, choice);
      return;
    }
  g_set_object (&choice->desk, self);
  md_bus_terminal1_call_record_reader_role (self->proxy, choice->session, choice->reader,
                                            choice->role, choice->since, NULL, told_cb, choice);
}

/* A device may call itself as it likes, in bytes that are no letters, too: that must not keep it
 * out of the log. What tells it from others of its kind stands at the end. (transfer full) */
static char *
dup_told_name (const char *reader)
{
  const gsize length = strlen (reader);
  char *name = g_strdup (length > NAME_TOLD_MAX ? reader + length - NAME_TOLD_MAX : reader);

  for (char *at = name; *at != '\0'; at++)
    if (!g_ascii_isprint (*at))
      *at = '?';
  return name;
}

static void
record (MdDesk *self, const char *reader, const char *role)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->session = g_strdup (self->state == MD_DESK_WORKING && self->session ? self->session : "");
  choice->reader = dup_told_name (reader);
  choice->role = g_strdup (role);
  choice->since = g_strdup ("");
  tell (self, choice);
}

void
md_desk_record_reader (MdDesk *self, const char *reader, MdCardRole role)
{
  g_return_if_fail (MD_IS_DESK (self) && reader);
  record (self, reader,
          role == MD_CARD_ROLE_RESIDENT ? "resident"
          : role == MD_CARD_ROLE_STAFF  ? "staff"
                                        : "none");
}

void
_md_desk_look_at_readers (MdDesk *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->pcsc)); i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (self->pcsc), i);
      gboolean refused = !md_card_reader_is_registered (reader);
      gboolean told = g_object_get_data (G_OBJECT (reader), REFUSED) != NULL;

      g_object_set_data (G_OBJECT (reader), REFUSED, refused ? self : NULL);
      if (refused && !told)
        record (self, md_card_reader_get_name (reader), "unregistered");
    }
}

void
_md_desk_register_readers (MdDesk *self)
{
  const char *id = md_bus_terminal1_get_terminal (self->proxy);
  const MdPolicyTerminal *terminal = id ? md_policy_get_terminal (self->policy, id) : NULL;

  md_pcsc_set_registered (self->pcsc, terminal ? terminal->readers : NULL);
}

void
_md_desk_tell_readers (MdDesk *self)
{
  g_autoptr (GPtrArray) untold = g_steal_pointer (&self->untold);

  while (untold && untold->len > 0)
    tell (self, g_ptr_array_steal_index (untold, 0));
}
