// SPDX-License-Identifier: Apache-2.0
// A visit between two of its intakes: no draft of either holds it then. It waits with the service
// as a draft of what comes next, sealed to the clerk, until the next intake is kept in its place or
// the person goes.
#include "config.h"

#include <md-base.h>

#include "md-intake-flow-private.h"

#define AGAIN_S 30 /* while it cannot be kept */

static MdForm *
next_form (MdIntake *self)
{
  return md_policy_get_limits (md_desk_get_policy (self->desk))->draft_hours > 0
             ? md_intake_get_next_of_visit (self)
             : NULL;
}

/* --- keeping --- */

static void send_aside (MdIntake *self);

static gboolean
again_cb (gpointer data)
{
  MdIntake *self = data;

  self->between.later = 0;
  send_aside (self);
  return G_SOURCE_REMOVE;
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean kept
      = md_bus_terminal1_call_keep_visit_finish (MD_BUS_TERMINAL1 (source), NULL, result, &error);

  if (!kept)
    g_message ("what is left of the visit is not kept: %s", error->message);
  if (!self->desk || !self->between.sealed) /* it is over */
    return;
  if (kept)
    g_clear_pointer (&self->between.sealed, g_bytes_unref);
  else if (self->between.later == 0)
    self->between.later = g_timeout_add_seconds (AGAIN_S, again_cb, self);
}

static void
send_aside (MdIntake *self)
{
  const char *session = self->desk ? _md_desk_get_session (self->desk) : NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;
  GVariant *handle;

  if (!session || !self->between.sealed)
    return;
  handle = md_bus_payload_append (fds, self->between.sealed, &error);
  if (handle)
    md_bus_terminal1_call_keep_visit (
        _md_desk_get_proxy (self->desk), session,
        g_variant_new ("(ss)", self->between.id, self->between.procedure), handle, fds, NULL,
        kept_cb, g_object_ref (self));
  else
    g_message ("what is left of the visit is not kept: %s", error->message);
}

void
_md_intake_put_visit_aside (MdIntake *self)
{
  MdForm *next = next_form (self);
  g_autoptr (GError) error = NULL;
  GBytes *sealed = next ? _md_intake_seal_visit (self, next, &error) : NULL;

  _md_intake_drop_between (self); /* what waited before this one */
  if (!sealed)
    {
      if (error)
        g_message ("what is left of the visit is not kept: %s", error->message);
      return;
    }
  self->between.id = g_strdup (md_intake_get_id (self));
  self->between.procedure = g_strdup (md_form_get_id (next));
  self->between.sealed = sealed;
  send_aside (self);
}

/* --- its end --- */

void
_md_intake_forget_between (MdIntake *self)
{
  g_clear_handle_id (&self->between.later, g_source_remove);
  g_clear_pointer (&self->between.sealed, g_bytes_unref);
  g_clear_pointer (&self->between.procedure, g_free);
  g_clear_pointer (&self->between.id, g_free);
}

void
_md_intake_drop_between (MdIntake *self)
{
  if (self->between.id && self->desk)
    _md_desk_erase_draft (self->desk, self->between.id);
  _md_intake_forget_between (self);
}

void
_md_intake_draft_is_kept (MdIntake *self)
{
  if (self->reservation && self->step < MD_STEP_OF_DONE)
    _md_intake_drop_between (self);
}

const char *
_md_intake_get_between (MdIntake *self)
{
  return self->between.id;
}
