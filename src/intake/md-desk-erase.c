// SPDX-License-Identifier: Apache-2.0
// What was kept of a visit and is over: it is named until the service has erased it, so that nobody
// takes up once more what was handed in.
#include "config.h"

#include <md-base.h>

#include "md-desk-private.h"

#define AGAIN_S 30 /* while the service cannot */

typedef struct
{
  char *id, *clerk; /* of another clerk it is not theirs to erase */
  gboolean asked;
} Erasure;

typedef struct
{
  MdDesk *desk;
  char *id;
} Asked;

static void send_due (MdDesk *self);

static void
erasure_free (gpointer data)
{
  Erasure *erasure = data;

  g_free (erasure->id);
  g_free (erasure->clerk);
  g_free (erasure);
}

static GList *
find (MdDesk *self, const char *id)
{
  for (GList *at = self->erasures.head; id && at; at = at->next)
    if (g_strcmp0 (((Erasure *)at->data)->id, id) == 0)
      return at;
  return NULL;
}

gboolean
_md_desk_is_being_erased (MdDesk *self, const char *id)
{
  return find (self, id) != NULL;
}

static gboolean
again_cb (gpointer data)
{
  MdDesk *self = data;

  self->erase_later = 0;
  send_due (self);
  return G_SOURCE_REMOVE;
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Asked *asked = data;
  MdDesk *self = asked->desk;
  GList *at = find (self, asked->id);
  g_autoptr (GError) error = NULL;
  const gboolean gone
      = md_bus_terminal1_call_erase_draft_finish (MD_BUS_TERMINAL1 (source), result, &error)
        || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);

  if (!gone)
    g_message ("what was kept of a visit is not erased yet: %s", error->message);
  if (at && gone)
    {
      erasure_free (at->data);
      g_queue_delete_link (&self->erasures, at);
    }
  else if (at)
    {
      ((Erasure *)at->data)->asked = FALSE;
      if (self->erase_later == 0)
        self->erase_later = g_timeout_add_seconds (AGAIN_S, again_cb, self);
    }
  if (self->session)
    _md_desk_refresh_lists (self);
  g_free (asked->id);
  g_free (asked);
  g_object_unref (self);
}

static void
send_due (MdDesk *self)
{
  for (GList *at = self->session && self->proxy ? self->erasures.head : NULL; at; at = at->next)
    {
      Erasure *erasure = at->data;
      Asked *asked;

      if (erasure->asked || g_strcmp0 (erasure->clerk, self->staff_id) != 0)
        continue;
      erasure->asked = TRUE;
      asked = g_new0 (Asked, 1);
      asked->desk = g_object_ref (self);
      asked->id = g_strdup (erasure->id);
      md_bus_terminal1_call_erase_draft (self->proxy, self->session, erasure->id, NULL, erased_cb,
                                         asked);
    }
}

void
_md_desk_erase_draft (MdDesk *self, const char *id)
{
  Erasure *erasure;

  if (!find (self, id))
    {
      erasure = g_new0 (Erasure, 1);
      erasure->id = g_strdup (id);
      erasure->clerk = g_strdup (self->staff_id);
      g_queue_push_tail (&self->erasures, erasure);
    }
  send_due (self);
}

void
_md_desk_erase_again (MdDesk *self)
{
  send_due (self);
}

void
_md_desk_forget_erasures (MdDesk *self)
{
  g_clear_handle_id (&self->erase_later, g_source_remove);
  g_queue_clear_full (&self->erasures, erasure_free);
}
