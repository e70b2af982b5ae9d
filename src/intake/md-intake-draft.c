// SPDX-License-Identifier: Apache-2.0
// An intake that is suspended (中断), and one that goes on with what was typed before. What is put
// aside is sealed to the clerk's own card before it leaves this process. No individual number is in
// it, and nothing that a card or a document said: whoever was identified by a card is identified by
// it again, and nobody else gets past that.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

static const char *const step_words[MD_N_INTAKE_STEPS] = {
  [MD_STEP_OF_PROCEDURE] = "procedure", [MD_STEP_OF_IDENTIFY] = "identify",
  [MD_STEP_OF_CONTENT] = "content",     [MD_STEP_OF_CONFIRM] = "confirm",
  [MD_STEP_OF_DONE] = "done",
};

/* --- whose it is --- */

/* By what the person is known again: by name and birth date where the card says them, else by the
 * card itself. NULL where there is neither. */
static char *
dup_whose (const guint8 key[MD_DRAFT_KEY_SIZE], const MdIdentityProof *proof)
{
  g_autoptr (GBytes) bytes = md_bytes_new_wiped (key, MD_DRAFT_KEY_SIZE);
  g_autofree char *person = _md_intake_dup_whose (key, MD_DRAFT_KEY_SIZE, proof);
  g_autofree char *card = person ? NULL : md_card_tag_of_proof (bytes, proof);

  if (person)
    return g_strconcat ("person:", person, NULL);
  return card ? g_strconcat ("card:", card, NULL) : NULL;
}

static gboolean
is_by_card (const MdIdentityProof *proof)
{
  return proof && md_identity_proof_is_by_card (proof);
}

/* Of who is identified now, under a fresh KEY; else of who was before. */
static char *
tell_whose (MdIntake *self, guint8 key[MD_DRAFT_KEY_SIZE])
{
  if (is_by_card (self->proof))
    {
      md_random_fill (key, MD_DRAFT_KEY_SIZE);
      return dup_whose (key, self->proof);
    }
  memcpy (key, self->suspended.key, MD_DRAFT_KEY_SIZE);
  return g_strdup (self->suspended.whose);
}

gboolean
_md_intake_check_suspended (MdIntake *self, const MdIdentityProof *proof, GError **error)
{
  g_autofree char *whose = NULL;
  g_autoptr (MdTrouble) trouble = NULL;

  if (!self->suspended.whose || !is_by_card (proof))
    return TRUE;
  whose = dup_whose (self->suspended.key, proof);
  if (whose && g_str_equal (whose, self->suspended.whose))
    return TRUE;
  trouble = _md_trouble_new (
      _ ("This is not the person whose intake was suspended."),
      _ ("What was typed belongs to that person only."),
      _ ("Take the card off, and ask for the card of the person whose intake it is. For somebody "
         "else, end this intake and begin a new one."),
      NULL);
  _md_intake_record (self, "refused", "cause=other-than-suspended", proof);
  _md_intake_set_trouble (self, trouble, TRUE);
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                       md_trouble_get_title (trouble));
  return FALSE;
}

void
_md_intake_warn_of_unbound (MdIntake *self, const MdIdentityProof *proof)
{
  g_autoptr (MdTrouble) warning = NULL;

  if (md_identity_proof_get_brought (proof)) /* it names whom it names */
    return;
  if (!self->suspended.unbound && !(self->suspended.whose && !is_by_card (proof)))
    return;
  warning = _md_trouble_new (
      _ ("Make sure that this is the person whose intake was suspended."),
      _ ("Documents were shown, then or now, and by documents nobody is recognised by machine."),
      _ ("Compare name and birth date with what was typed then, on the next page. If it is "
         "somebody else, end this intake and begin a new one."),
      NULL);
  g_list_store_insert (self->warnings, 0, warning);
}

/* --- what is put aside --- */

static MdSecret *
write_down (MdIntake *self, GError **error)
{
  guint8 bytes[MD_DRAFT_KEY_SIZE];
  g_autofree char *whose = tell_whose (self, bytes);
  g_autofree char *key = whose ? md_hex_encode (bytes, sizeof bytes) : NULL;
  const MdIntakeStep step = MAX (self->step, self->suspended.step);
  g_autoptr (MdSecret) visit = _md_intake_write_visit (self);
  const char *facts[MD_N_DRAFT_FACTS] = {
    [MD_DRAFT_CLERK] = self->reservation->clerk,
    [MD_DRAFT_TERMINAL] = self->reservation->terminal,
    [MD_DRAFT_STEP] = step_words[step],
    [MD_DRAFT_NOTICE_AT] = _md_intake_is_by_post (self) ? NULL : self->notice_at,
    [MD_DRAFT_REPLACES] = self->replaces ? md_intake_row_get_intake (self->replaces) : NULL,
    [MD_DRAFT_WHOSE] = whose,
    [MD_DRAFT_WHOSE_KEY] = key,
    [MD_DRAFT_VISIT] = visit ? md_secret_get_text (visit) : NULL,
  };
  const gboolean parked = self->away.why != MD_AWAY_NOT, minding = self->away.minding;
  MdSecret *text;

  self->away.minding = TRUE; /* what is told of the data meanwhile changes nothing */
  if (parked)
    md_form_data_unpark (self->data);
  text = md_form_data_to_draft (self->data, facts, error);
  if (parked)
    (void)md_form_data_park (self->data);
  self->away.minding = minding;
  md_wipe (bytes, sizeof bytes);
  return text;
}

/* NEXT as it begins, with the visit. */
static MdSecret *
write_next (MdIntake *self, MdForm *next, GError **error)
{
  guint8 bytes[MD_DRAFT_KEY_SIZE];
  g_autofree char *whose = tell_whose (self, bytes);
  g_autofree char *key = whose ? md_hex_encode (bytes, sizeof bytes) : NULL;
  const gboolean nobody = !self->proof || md_identity_proof_get_brought (self->proof);
  MdViewer viewer = _md_desk_viewer (self->desk, TRUE, TRUE);
  g_autofree char *today = _md_desk_today (self->desk);
  g_autoptr (MdFormData) data = md_form_data_new (next, &viewer, MD_STEP_ENTRY, today);
  g_autoptr (MdSecret) visit = _md_intake_write_visit (self);
  const char *facts[MD_N_DRAFT_FACTS] = {
    [MD_DRAFT_CLERK] = self->reservation->clerk,
    [MD_DRAFT_TERMINAL] = self->reservation->terminal,
    [MD_DRAFT_STEP] = step_words[nobody ? MD_STEP_OF_IDENTIFY : MD_STEP_OF_CONTENT],
    [MD_DRAFT_WHOSE] = whose,
    [MD_DRAFT_WHOSE_KEY] = key,
    [MD_DRAFT_VISIT] = visit ? md_secret_get_text (visit) : NULL,
  };

  md_wipe (bytes, sizeof bytes);
  return md_form_data_to_draft (data, facts, error);
}

/* NEXT NULL: what is in work. Sealing needs the card's certificate only, and no PIN. */
static GBytes *
seal (MdIntake *self, MdForm *next, GError **error)
{
  const MdPolicyStaff *staff = _md_desk_staff (self->desk);
  g_autoptr (GPtrArray) whom
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  g_autoptr (MdSecret) text = NULL;
  MdCertificate *certificate = staff && staff->key_agreement
                                   ? md_certificate_new_from_der (staff->key_agreement, error)
                                   : NULL;

  if (!certificate)
    {
      if (error && !*error)
        g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
                             _ ("Your staff card has no key to which this could be sealed. Finish "
                                "the intake, or end it, and tell the administrator."));
      return NULL;
    }
  g_ptr_array_add (whom, certificate);
  text = next ? write_next (self, next, error) : write_down (self, error);
  return text ? md_cms_seal (md_secret_get_data (text), md_secret_get_size (text), whom, error)
              : NULL;
}

GBytes *
_md_intake_seal_visit (MdIntake *self, MdForm *next, GError **error)
{
  return seal (self, next, error);
}

/* --- through a crash --- */

#define KEEP_AFTER_S 3
#define KEEP_AGAIN_S 30 /* while it cannot be kept */

static gboolean
can_keep (MdIntake *self)
{
  return self->desk && _md_desk_get_session (self->desk)
         && md_desk_get_state (self->desk) == MD_DESK_WORKING && self->reservation && self->data
         && self->step < MD_STEP_OF_DONE && self->busy != MD_BUSY_SUSPENDING && !self->container
         && md_policy_get_limits (md_desk_get_policy (self->desk))->draft_hours > 0;
}

/* What may pass without anybody doing anything about this intake, in words for the clerk. NULL: it
 * does not. */
static const char *
name_passing (const GError *error)
{
  if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL))
    return _ ("The disk of this terminal is full.");
  if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_DATABASE))
    return _ ("The store of this terminal cannot be written just now.");
  return md_bus_error_is_absent (error) ? _ ("The terminal's service does not answer.") : NULL;
}

static MdTrouble *
make_unkept (const GError *error)
{
  g_autoptr (MdTrouble) cause = _md_trouble_new_from_error (error);
  const char *passing = name_passing (error);

  return _md_trouble_new (
      _ ("What you type is not being saved at the moment."),
      passing ? passing : md_trouble_get_title (cause),
      _ ("It stays here as long as this window is open, and saving is tried again by itself. "
         "Finish "
         "this intake before you leave, and tell the administrator when this does not go away."),
      error->message);
}

/* What the clerk sees while it is not kept; ERROR NULL: it is. */
static void
set_unkept (MdIntake *self, const GError *error)
{
  g_autoptr (MdTrouble) unkept = error ? make_unkept (error) : NULL;

  if (g_set_object (&self->suspended.unkept, unkept))
    g_object_notify (G_OBJECT (self), "unkept");
}

static gboolean later_cb (gpointer data);

static void
not_kept (MdIntake *self, const GError *error)
{
  g_message ("what was typed is not kept: %s", error->message);
  self->suspended.changed = TRUE;
  if (!can_keep (self))
    return;
  set_unkept (self, error);
  if (self->suspended.later == 0 && name_passing (error))
    self->suspended.later = g_timeout_add_seconds (KEEP_AGAIN_S, later_cb, self);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autoptr (GError) error = NULL;

  self->suspended.keeping = FALSE;
  if (!md_bus_terminal1_call_keep_draft_finish (MD_BUS_TERMINAL1 (source), NULL, result, &error))
    {
      not_kept (self, error);
      return;
    }
  set_unkept (self, NULL);
  _md_intake_scans_are_stored (self);
  _md_intake_draft_is_kept (self);
  _md_intake_keep_unsaved (self);
}

void
_md_intake_keep_now (MdIntake *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle;

  g_clear_handle_id (&self->suspended.later, g_source_remove);
  if (!self->suspended.changed || !can_keep (self))
    return;
  self->suspended.changed = FALSE;
  sealed = seal (self, NULL, &error);
  handle = sealed ? md_bus_payload_append (fds, sealed, &error) : NULL;
  if (!handle)
    {
      not_kept (self, error);
      return;
    }
  self->suspended.keeping = TRUE;
  _md_intake_note_scans (self);
  md_bus_terminal1_call_keep_draft (_md_desk_get_proxy (self->desk),
                                    _md_desk_get_session (self->desk), self->reservation->intake,
                                    handle, fds, NULL, kept_cb, g_object_ref (self));
}

static gboolean
later_cb (gpointer data)
{
  MdIntake *self = data;

  self->suspended.later = 0;
  if (!self->suspended.keeping)
    _md_intake_keep_now (self);
  return G_SOURCE_REMOVE;
}

void
_md_intake_keep_later (MdIntake *self)
{
  const guint after_s = self->suspended.unkept ? KEEP_AGAIN_S : KEEP_AFTER_S;

  self->suspended.changed = TRUE;
  if (self->suspended.later == 0 && !self->suspended.keeping && can_keep (self))
    self->suspended.later = g_timeout_add_seconds (after_s, later_cb, self);
}

void
_md_intake_keep_unsaved (MdIntake *self)
{
  if (self->suspended.changed)
    _md_intake_keep_later (self);
}

void
_md_intake_watch_papers (MdIntake *self)
{
  GListModel *papers = md_form_data_get_attachments (self->data);

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      g_signal_connect_object (paper, "changed", G_CALLBACK (_md_intake_keep_later), self,
                               G_CONNECT_SWAPPED);
    }
}

gboolean
md_intake_get_can_suspend (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->desk && md_desk_get_state (self->desk) == MD_DESK_WORKING && self->reservation
         && self->data && self->step > MD_STEP_OF_PROCEDURE && self->step < MD_STEP_OF_DONE
         && self->busy == MD_BUSY_NOT && !self->container && !self->held && self->holds->len == 0
         && md_policy_get_limits (md_desk_get_policy (self->desk))->draft_hours > 0;
}

static void
suspended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  g_autofree char *id = NULL, *until = NULL;
  GError *error = NULL;
  const gboolean kept = md_bus_terminal1_call_suspend_intake_finish (MD_BUS_TERMINAL1 (source), &id,
                                                                     &until, NULL, result, &error);

  if (!self->desk)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                               _ ("The intake was given up."));
      return;
    }
  self->busy = MD_BUSY_NOT;
  if (!kept)
    {
      _md_intake_keep_unsaved (self); /* it is still here, and nowhere else */
      _md_intake_set_trouble_error (self, error);
      _md_intake_update (self);
      g_task_return_error (task, error);
      return;
    }
  _md_intake_scans_are_stored (self);
  g_clear_pointer (&self->reservation, _md_reservation_free); /* the service has ended it */
  md_intake_next_person (self);
  _md_desk_refresh_lists (self->desk);
  g_task_return_boolean (task, TRUE);
}

static gboolean
hand_over (MdIntake *self, GTask *task, GError **error)
{
  g_autoptr (GBytes) sealed = seal (self, NULL, error);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle = sealed ? md_bus_payload_append (fds, sealed, error) : NULL;

  if (!handle)
    return FALSE;
  _md_intake_set_trouble (self, NULL, FALSE);
  _md_intake_set_busy (self, MD_BUSY_SUSPENDING);
  _md_intake_note_scans (self);
  md_bus_terminal1_call_suspend_intake (
      _md_desk_get_proxy (self->desk), _md_desk_get_session (self->desk), self->reservation->intake,
      handle, fds, NULL, suspended_cb, g_object_ref (task));
  return TRUE;
}

void
md_intake_suspend_async (MdIntake *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, md_intake_suspend_async);
  if (!md_intake_get_can_suspend (self))
    g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                             _ ("This intake cannot be suspended now. Finish it, or end it."));
  else if (!hand_over (self, task, &error))
    {
      _md_intake_set_trouble_error (self, error);
      g_task_return_error (task, error);
    }
}

gboolean
md_intake_suspend_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- going on --- */

static MdIntakeRow *
find_returned (MdDesk *desk, const char *intake)
{
  GListModel *list = md_desk_get_returned (desk);

  for (guint i = 0; intake && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (list, i);

      if (g_strcmp0 (md_intake_row_get_intake (row), intake) == 0)
        return g_steal_pointer (&row);
    }
  return NULL;
}

void
_md_intake_resume (MdIntake *self, const char *id, MdFormDraft *draft)
{
  g_autoptr (MdIntakeRow) returned
      = find_returned (self->desk, md_form_draft_get_fact (draft, MD_DRAFT_REPLACES));

  self->suspended.id = g_strdup (id);
  self->suspended.draft = draft;
  if (returned)
    _md_intake_set_replaces (self, returned);
}

const char *
_md_intake_get_resumed (MdIntake *self)
{
  return self->suspended.id;
}

static void
take_key (MdIntake *self, const MdFormDraft *draft)
{
  const char *text = md_form_draft_get_fact (draft, MD_DRAFT_WHOSE_KEY);
  g_autoptr (GBytes) key = text ? md_hex_decode (text, NULL) : NULL;

  if (key && g_bytes_get_size (key) == sizeof self->suspended.key)
    memcpy (self->suspended.key, g_bytes_get_data (key, NULL), sizeof self->suspended.key);
  /* Without its key nobody is shown to be that person. */
  self->suspended.whose = g_strdup (md_form_draft_get_fact (draft, MD_DRAFT_WHOSE));
}

static void
take_step (MdIntake *self, const char *word)
{
  for (guint i = 0; i < MD_N_INTAKE_STEPS; i++)
    if (g_strcmp0 (word, step_words[i]) == 0)
      self->suspended.step = (MdIntakeStep)i;
}

void
_md_intake_take_draft (MdIntake *self)
{
  g_autoptr (MdFormDraft) draft = g_steal_pointer (&self->suspended.draft);
  g_autoptr (GPtrArray) left = NULL;

  g_clear_pointer (&self->suspended.id, g_free);
  if (!draft)
    {
      _md_intake_keep_visit (self);
      return;
    }
  take_key (self, draft);
  take_step (self, md_form_draft_get_fact (draft, MD_DRAFT_STEP));
  self->suspended.unbound = !self->suspended.whose && self->suspended.step > MD_STEP_OF_IDENTIFY;
  self->notice_at = g_strdup (md_form_draft_get_fact (draft, MD_DRAFT_NOTICE_AT));
  _md_intake_read_visit (self, md_form_draft_get_fact (draft, MD_DRAFT_VISIT));
  left = md_form_data_take_draft (self->data, draft);
  g_ptr_array_add (left, NULL);
  self->suspended.left_out = g_strjoinv ("\n", (char **)left->pdata);
  g_object_notify (G_OBJECT (self), "left-out");
}

MdIntakeStep
_md_intake_take_resumed_step (MdIntake *self)
{
  const MdIntakeStep step = self->suspended.step;

  self->suspended.step = MD_STEP_OF_PROCEDURE;
  return step;
}

void
_md_intake_forget_suspended (MdIntake *self)
{
  g_clear_pointer (&self->suspended.id, g_free);
  g_clear_pointer (&self->suspended.draft, md_form_draft_free);
  g_clear_pointer (&self->suspended.whose, g_free);
  g_clear_pointer (&self->suspended.left_out, g_free);
  g_clear_object (&self->suspended.unkept);
  md_wipe (self->suspended.key, sizeof self->suspended.key);
  self->suspended.step = MD_STEP_OF_PROCEDURE;
  self->suspended.unbound = FALSE;
  g_clear_handle_id (&self->suspended.later, g_source_remove);
  self->suspended.changed = FALSE;
}

gboolean
_md_intake_suspended_is_empty (MdIntake *self)
{
  return !self->suspended.draft && !self->suspended.whose && !self->suspended.left_out
         && !self->suspended.unkept;
}
