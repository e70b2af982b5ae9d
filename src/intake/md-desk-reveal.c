// SPDX-License-Identifier: Apache-2.0
// Showing what is hidden, for a moment: recorded first, and never for longer than the policy says.
#include "config.h"

#include <glib/gi18n.h>

#include "md-desk-private.h"

#define CLOCK "md-covers-again" /* of the entry that is shown */

GListModel *
md_desk_get_reveal_reasons (MdDesk *self)
{
  return self->reveal_reasons;
}

gboolean
_md_desk_is_reveal_reason (MdDesk *self, const char *code)
{
  for (guint i = 0; code && i < g_list_model_get_n_items (self->reveal_reasons); i++)
    {
      g_autoptr (MdReason) known = g_list_model_get_item (self->reveal_reasons, i);

      if (g_strcmp0 (md_reason_get_code (known), code) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
cover_again_cb (gpointer data)
{
  g_object_set_data (data, CLOCK, NULL);
  md_entry_set_revealed (MD_ENTRY (data), FALSE);
  return G_SOURCE_REMOVE;
}

/* The time of what was shown before, and hidden meanwhile, does not count against this one. */
static void
start_clock (MdDesk *self, MdEntry *entry)
{
  gpointer before = g_object_get_data (G_OBJECT (entry), CLOCK);
  guint clock = GPOINTER_TO_UINT (before);

  g_clear_handle_id (&clock, g_source_remove);
  clock = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT,
                                      md_policy_get_limits (self->policy)->reveal_s, cover_again_cb,
                                      g_object_ref (entry), g_object_unref);
  g_object_set_data (G_OBJECT (entry), CLOCK, GUINT_TO_POINTER (clock));
}

static void
reveal_recorded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdDesk *self = MD_DESK (source);
  MdEntry *entry = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean permitted;

  if (!_md_desk_record_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return; /* let go before it was there */
  g_object_get (entry, "may-reveal", &permitted, NULL);
  if (!permitted)
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, "%s",
                               _ ("It was covered meanwhile. Ask for it once more."));
      return;
    }
  md_entry_set_revealed (entry, TRUE);
  start_clock (self, entry);
  g_task_return_boolean (task, TRUE);
}

const char *
_md_desk_object_in_hand (MdDesk *self)
{
  const char *intake = NULL;

  if (self->approval)
    intake = _md_approval_get_intake_id (self->approval);
  else if (self->intake)
    intake = md_intake_get_id (self->intake);
  return intake;
}

/* What is covered is nobody's to see for now, whatever their role. */
static const char *
why_not_revealed (MdDesk *self)
{
  if (!self->approval && self->intake && md_intake_get_away (self->intake) != MD_AWAY_NOT)
    return md_intake_get_sentence (self->intake);
  if (self->covered || self->state != MD_DESK_WORKING)
    return _ ("It is covered. Uncover the screen, and ask for it once more.");
  return _ ("Your role may not see this in full.");
}

void
md_desk_reveal_async (MdDesk *self, MdEntry *entry, const char *reason, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *detail = g_strdup_printf ("field=%s", md_entry_get_id (entry));
  gboolean permitted;
  MdScreenEvent event = { .event = "reveal",
                          .outcome = "done",
                          .object = _md_desk_object_in_hand (self),
                          .reason = reason,
                          .detail = detail };

  g_task_set_source_tag (task, md_desk_reveal_async);
  g_task_set_task_data (task, g_object_ref (entry), g_object_unref);
  g_object_get (entry, "may-reveal", &permitted, NULL);
  if (permitted && _md_desk_is_reveal_reason (self, reason))
    {
      _md_desk_record_async (self, &event, reveal_recorded_cb, task);
      return;
    }
  event.outcome = "refused";
  event.reason = NULL;
  _md_desk_record_async (self, &event, NULL, NULL);
  g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, "%s",
                           permitted ? _ ("Choose a reason first.") : why_not_revealed (self));
  g_object_unref (task);
}

gboolean
md_desk_reveal_finish (MdDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
