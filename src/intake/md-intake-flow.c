// SPDX-License-Identifier: Apache-2.0
// The five steps, what each waits for, and the way between them.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

/* Which step may follow which. */
static const gboolean transitions[MD_N_INTAKE_STEPS][MD_N_INTAKE_STEPS] = {
  [MD_STEP_OF_PROCEDURE] = { [MD_STEP_OF_IDENTIFY] = TRUE },
  [MD_STEP_OF_IDENTIFY] = { [MD_STEP_OF_PROCEDURE] = TRUE, [MD_STEP_OF_CONTENT] = TRUE },
  [MD_STEP_OF_CONTENT]
  = { [MD_STEP_OF_IDENTIFY] = TRUE, [MD_STEP_OF_CONFIRM] = TRUE, [MD_STEP_OF_PROCEDURE] = TRUE },
  [MD_STEP_OF_CONFIRM]
  = { [MD_STEP_OF_CONTENT] = TRUE, [MD_STEP_OF_DONE] = TRUE, [MD_STEP_OF_PROCEDURE] = TRUE },
  [MD_STEP_OF_DONE] = { [MD_STEP_OF_PROCEDURE] = TRUE },
};

/* --- what it waits for --- */

static MdIntakeWait
wait_in_identify (MdIntake *self)
{
  MdCardReader *reader = md_pcsc_get_reader (md_desk_get_pcsc (self->desk), MD_CARD_ROLE_RESIDENT);

  if (self->proof)
    return MD_WAIT_NOTHING;
  if (_md_intake_waives (self))
    return MD_WAIT_BROUGHT;
  if (!self->notice_at)
    return MD_WAIT_NOTICE;
  if (self->busy == MD_BUSY_READING)
    return MD_WAIT_READING;
  if (self->busy == MD_BUSY_INSPECTING)
    return MD_WAIT_INSPECTING;
  if (self->refused)
    return MD_WAIT_REFUSED;
  if (self->by_papers)
    return self->papers_at;
  if (!reader)
    return MD_WAIT_READER;
  /* What is printed can be typed with the card in the hand, too. */
  if (self->by_face)
    return self->sight ? MD_WAIT_FACE : MD_WAIT_FACE_ENTRY;
  return self->inspected ? MD_WAIT_PIN : MD_WAIT_CARD;
}

static MdIntakeWait
wait_in_confirm (MdIntake *self)
{
  gboolean staff_card;

  g_object_get (self->desk, "staff-card", &staff_card, NULL);
  if (self->busy == MD_BUSY_SEALING)
    return MD_WAIT_SEALING;
  if (self->busy == MD_BUSY_SENDING)
    return MD_WAIT_SENDING;
  if (self->container)
    return MD_WAIT_RETRY;
  return staff_card ? MD_WAIT_STAFF_PIN : MD_WAIT_STAFF_CARD;
}

static MdIntakeWait
compute_wait (MdIntake *self)
{
  if (self->away.why != MD_AWAY_NOT && self->busy == MD_BUSY_NOT)
    return MD_WAIT_AWAY;
  if (self->held)
    return self->busy == MD_BUSY_RELEASING ? MD_WAIT_RELEASING : MD_WAIT_HELD;
  switch (self->step)
    {
    case MD_STEP_OF_IDENTIFY:
      return wait_in_identify (self);
    case MD_STEP_OF_CONTENT:
      return g_list_model_get_n_items (md_form_data_get_missing (self->data)) > 0
                     || self->findings_stop
                 ? MD_WAIT_FIELDS
                 : MD_WAIT_NOTHING;
    case MD_STEP_OF_CONFIRM:
      return wait_in_confirm (self);
    case MD_STEP_OF_DONE:
      return _md_intake_card_is_there (self) ? MD_WAIT_TAKE_CARD : MD_WAIT_NOTHING;
    case MD_STEP_OF_PROCEDURE:
    case MD_N_INTAKE_STEPS:
    default:
      return self->busy == MD_BUSY_RESERVING ? MD_WAIT_RESERVING : MD_WAIT_PROCEDURE;
    }
}

void
_md_intake_update (MdIntake *self)
{
  MdIntakeWait wait;

  if (!self->desk)
    return;
  _md_intake_mind_visit (self);
  _md_intake_mind_card (self);
  wait = compute_wait (self);
  if (wait != self->wait)
    {
      self->wait = wait;
      if (wait == MD_WAIT_STAFF_PIN)
        md_staff_pin_want (md_desk_get_staff_pin (self->desk));
      g_object_notify (G_OBJECT (self), "wait");
      g_object_notify (G_OBJECT (self), "sentence");
    }
  else if (wait == MD_WAIT_READER || wait == MD_WAIT_AWAY) /* why may have changed */
    g_object_notify (G_OBJECT (self), "sentence");
  g_object_notify (G_OBJECT (self), "busy");
  g_object_notify (G_OBJECT (self), "can-advance");
  g_object_notify (G_OBJECT (self), "can-go-back");
  g_object_notify (G_OBJECT (self), "can-suspend");
  g_object_notify (G_OBJECT (self), "tries-text");
  g_object_notify (G_OBJECT (self), "tries-auth");
  g_object_notify (G_OBJECT (self), "tries-sign");
  g_object_notify (G_OBJECT (self), "by-signature");
  g_object_notify (G_OBJECT (self), "last-try");
  g_object_notify (G_OBJECT (self), "uncounted");
  g_object_notify (G_OBJECT (self), "pin-pad");
  g_object_notify (G_OBJECT (self), "tries-front");
  g_object_notify (G_OBJECT (self), "tries-back");
}

gboolean
md_intake_get_can_advance (MdIntake *self)
{
  /* From content one may always try: what is wrong is shown then. */
  if (self->step == MD_STEP_OF_CONTENT)
    return self->busy == MD_BUSY_NOT && !self->held && self->away.why == MD_AWAY_NOT;
  return self->wait == MD_WAIT_NOTHING;
}

gboolean
md_intake_get_can_go_back (MdIntake *self)
{
  return self->step > MD_STEP_OF_PROCEDURE && self->step < MD_STEP_OF_DONE
         && self->busy < MD_BUSY_SEALING && !self->container && !self->held
         && self->away.why == MD_AWAY_NOT;
}

void
_md_intake_set_trouble (MdIntake *self, MdTrouble *trouble, gboolean refused)
{
  self->trouble_passes = FALSE;
  self->refused = refused;
  self->removed = FALSE;
  self->pad_held = FALSE;
  if (g_set_object (&self->trouble, trouble))
    g_object_notify (G_OBJECT (self), "trouble");
}

void
_md_intake_set_trouble_error (MdIntake *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new_from_error (error);

  _md_intake_set_trouble (self, trouble, FALSE);
  self->removed = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  self->pad_held = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PAD_WAITING);
  self->trouble_passes = md_bus_error_is_absent (error)
                         || g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE)
                         || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN)
                         || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_SESSION_LOCKED);
}

void
_md_intake_set_busy (MdIntake *self, MdIntakeBusy busy)
{
  self->busy = busy;
  _md_intake_update (self);
}

GCancellable *
_md_intake_begin (MdIntake *self, MdIntakeBusy busy)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  _md_intake_set_busy (self, busy);
  return self->cancellable;
}

void
_md_intake_set_step (MdIntake *self, MdIntakeStep step)
{
  if (step == self->step)
    return;
  g_return_if_fail (transitions[self->step][step]);

  self->step = step;
  _md_intake_set_trouble (self, NULL, FALSE);
  _md_intake_keep_unsaved (self);
  if (self->data)
    md_form_data_set_step (self->data,
                           step >= MD_STEP_OF_CONFIRM ? MD_STEP_CONFIRM : MD_STEP_ENTRY);
  g_object_notify (G_OBJECT (self), "step");
  _md_intake_update (self);
}

/* --- the form's data --- */

void
_md_intake_fill_person (MdIntake *self)
{
  g_autofree char *identified = NULL;
  MdIdentityVerdict verdict = MD_IDENTITY_VALID;

  if (!self->data)
    return;
  if (self->away.why != MD_AWAY_NOT)
    {
      _md_person_wipe (self->person);
      return;
    }
  if (self->proof)
    {
      verdict = md_identity_proof_get_verdict (self->proof);
      identified = _md_intake_identified_by (self->proof);
    }
  _md_person_fill (self->person, self->data, identified,
                   md_identity_verdict_get_permission (verdict) != MD_IDENTITY_PROCEED);
}

static void
data_changed_cb (MdIntake *self, const char *field_id)
{
  MdEntry *entry = field_id ? md_form_data_get_entry (self->data, field_id) : NULL;

  self->findings_stop = FALSE;
  if (field_id && (!entry || md_entry_get_source (entry) != MD_SOURCE_SYSTEM))
    _md_intake_keep_later (self); /* typed, or emptied; in a row, too */
  _md_intake_fill_person (self);
  _md_intake_update (self);
}

void
_md_intake_make_data (MdIntake *self)
{
  MdViewer viewer = _md_desk_viewer (self->desk, TRUE, TRUE);
  g_autofree char *day = _md_intake_day (self);

  _md_intake_drop_data (self);
  self->data = md_form_data_new (self->form, &viewer, MD_STEP_ENTRY, day);
  _md_intake_cover (self);
  self->data_handler
      = g_signal_connect_swapped (self->data, "changed", G_CALLBACK (data_changed_cb), self);
  _md_intake_watch_papers (self);
  _md_intake_make_code (self);
  g_object_notify (G_OBJECT (self), "data");
}

void
_md_intake_desk_changed (MdIntake *self)
{
  if (!self->desk)
    return;
  const gboolean works = md_desk_get_state (self->desk) == MD_DESK_WORKING;
  _md_intake_cover (self);
  if (!works)
    {
      _md_intake_drop_sight (self); /* the face is opened again by whoever goes on */
      _md_intake_forget_carried (self);
      self->visit.card_left = TRUE; /* nobody looked after it meanwhile */
    }
  if (!works && self->cancellable && self->busy < MD_BUSY_SEALING)
    g_cancellable_cancel (self->cancellable);
  if (works && self->trouble_passes)
    _md_intake_set_trouble (self, NULL, FALSE);
  if (self->wait == MD_WAIT_STAFF_PIN)
    md_staff_pin_want (md_desk_get_staff_pin (self->desk));
  if (works)
    _md_intake_tell_hold (self);
  if (works && self->proof && !self->named && self->away.why == MD_AWAY_NOT)
    _md_intake_name_person (self, self->proof);
  if (works)
    _md_intake_record_away (self);
  _md_intake_keep_unsaved (self);
  /* Whoever goes on finds the card where it lay: what was cut short with it begins again. */
  _md_intake_resident_card (self);
}

void
_md_intake_renew_data (MdIntake *self)
{
  g_autoptr (MdFormData) before = self->data ? g_object_ref (self->data) : NULL;

  if (self->data)
    g_clear_signal_handler (&self->data_handler, self->data);
  g_clear_object (&self->data);
  _md_intake_make_data (self);
  if (!before)
    return;
  md_form_data_carry_over (self->data, before);
  md_form_data_wipe (before);
}

/* --- choosing --- */

static void
give_up_reservation (MdIntake *self, const char *reason)
{
  const char *session = _md_desk_get_session (self->desk);

  if (self->reservation && session && self->step != MD_STEP_OF_DONE)
    md_bus_terminal1_call_abandon_intake (_md_desk_get_proxy (self->desk), session,
                                          self->reservation->intake, reason, NULL, NULL, NULL);
  g_clear_pointer (&self->reservation, _md_reservation_free);
}

static void
take_reservation (MdIntake *self, MdForm *form, MdReservation *reservation)
{
  give_up_reservation (self, "other-procedure");
  _md_intake_forget_proof (self);
  _md_intake_forget_named (self);
  _md_intake_forget_letter (self);
  /* Each procedure has its own purpose to explain. */
  g_clear_pointer (&self->notice_at, g_free);
  g_set_object (&self->form, form);
  self->reservation = reservation;
  _md_intake_begin_of_visit (self, form);
  _md_intake_renew_data (self);
  _md_intake_take_draft (self);
  g_object_notify (G_OBJECT (self), "form");
  g_object_notify (G_OBJECT (self), "receipt-number");
  g_object_notify (G_OBJECT (self), "receipt-time");
  _md_intake_set_step (self, MD_STEP_OF_IDENTIFY);
  _md_intake_hold_again (self);
  _md_intake_resident_card (self);
}

static void
reserved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdReservation) reservation
      = _md_reservation_get (self, MD_BUS_TERMINAL1 (source), result, &error);

  _md_intake_set_busy (self, MD_BUSY_NOT);
  if (!reservation)
    {
      _md_intake_set_trouble_error (self, error);
      g_task_return_error (task, error);
      return;
    }
  if (self->desk)
    take_reservation (self, g_task_get_task_data (task), g_steal_pointer (&reservation));
  g_task_return_boolean (task, TRUE);
}

static gboolean
check_may_choose (MdIntake *self, MdForm *form, GError **error)
{
  MdMay may;
  MdViewer viewer;
  const char *label = NULL;

  if (self->step != MD_STEP_OF_PROCEDURE || self->busy != MD_BUSY_NOT
      || !_md_desk_get_session (self->desk))
    {
      g_set_error_literal (
          error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP,
          _ ("A procedure cannot be chosen now. Log in, or go back to the first step."));
      return FALSE;
    }
  if (self->replaces
      && g_strcmp0 (md_intake_row_get_procedure (self->replaces), md_form_get_id (form)) != 0)
    {
      g_set_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                   _ ("This intake takes application %s up again, so the procedure stays. For "
                      "another procedure, end it and begin a new one."),
                   md_intake_row_get_receipt_number (self->replaces));
      return FALSE;
    }
  may = md_policy_may_take_in (md_desk_get_policy (self->desk), md_desk_get_staff_id (self->desk),
                               md_form_get_id (form));
  viewer = _md_desk_viewer (self->desk, TRUE, TRUE);
  if (may != MD_MAY_YES)
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, md_may_get_message (may));
  else if (!md_form_can_take_in (form, &viewer, &label))
    g_set_error (
        error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
        _ ("Your role may not fill in \"%s\". Ask a colleague who may take this procedure in."),
        label);
  else
    return _md_intake_check_waiver (self, form, error)
           && _md_intake_check_scans (self, form, error);
  return FALSE;
}

void
md_intake_choose_async (MdIntake *self, MdForm *form, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, md_intake_choose_async);
  g_task_set_task_data (task, g_object_ref (form), g_object_unref);
  if (!check_may_choose (self, form, &error))
    {
      _md_intake_set_trouble_error (self, error);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  _md_intake_set_trouble (self, NULL, FALSE);
  if (form == self->form && self->reservation)
    {
      _md_intake_set_step (self, MD_STEP_OF_IDENTIFY);
      _md_intake_resident_card (self);
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  _md_intake_set_busy (self, MD_BUSY_RESERVING);
  _md_reservation_ask (self, form, cancellable, reserved_cb, task);
}

gboolean
md_intake_choose_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- forth and back --- */

static gboolean
leave_content (MdIntake *self)
{
  _md_intake_settle_forms (self);
  if (!md_form_data_validate (self->data))
    {
      self->findings_stop = TRUE;
      _md_intake_update (self);
      return FALSE;
    }
  if (!_md_intake_check_signer (self) || !_md_intake_check_filer (self)
      || !_md_intake_check_letter (self))
    {
      _md_intake_update (self);
      return FALSE;
    }
  _md_intake_compare (self);
  _md_intake_name_person (self, self->proof);
  _md_intake_set_step (self, MD_STEP_OF_CONFIRM);
  return TRUE;
}

gboolean
md_intake_advance (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  if (!self->desk || !md_intake_get_can_advance (self))
    return FALSE;
  if (self->step == MD_STEP_OF_CONTENT)
    return leave_content (self);
  if (self->step != MD_STEP_OF_IDENTIFY || !self->proof)
    return FALSE;
  _md_intake_set_step (self, MD_STEP_OF_CONTENT);
  if (_md_intake_take_resumed_step (self) == MD_STEP_OF_CONFIRM)
    (void)leave_content (self); /* it was there; what is missing now is shown */
  return TRUE;
}

gboolean
md_intake_go_back (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  if (!self->desk || !md_intake_get_can_go_back (self))
    return FALSE;
  if (_md_intake_back_in_papers (self))
    return TRUE;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  _md_intake_set_step (self, self->step - 1);
  if (self->step == MD_STEP_OF_IDENTIFY)
    {
      _md_intake_reopen_brought (self);
      _md_intake_resident_card (self);
    }
  return TRUE;
}

static void
empty (MdIntake *self)
{
  _md_intake_give_up_signing (self);
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  _md_intake_forget_proof (self);
  _md_intake_forget_holds (self);
  _md_intake_forget_whose (self);
  _md_intake_forget_suspended (self);
  _md_intake_forget_named (self);
  _md_intake_forget_letter (self);
  _md_intake_drop_data (self);
  g_clear_object (&self->form);
  g_clear_pointer (&self->container, g_bytes_unref);
  g_clear_pointer (&self->reservation, _md_reservation_free);
  g_clear_pointer (&self->notice_at, g_free);
  _md_intake_set_replaces (self, NULL);
  self->screen_keys = FALSE;
  self->stopped = FALSE;
  self->findings_stop = FALSE;
  self->busy = MD_BUSY_NOT;
  _md_person_wipe (self->person);
  _md_intake_set_trouble (self, NULL, FALSE);
  g_object_notify (G_OBJECT (self), "data");
  g_object_notify (G_OBJECT (self), "form");
  g_object_notify (G_OBJECT (self), "left-out");
  g_object_notify (G_OBJECT (self), "unkept");
  g_object_notify (G_OBJECT (self), "receipt-number");
  g_object_notify (G_OBJECT (self), "receipt-time");
}

void
_md_intake_begin_again (MdIntake *self)
{
  empty (self);
  _md_intake_set_step (self, MD_STEP_OF_PROCEDURE);
}

void
md_intake_next_person (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (!self->desk)
    return;
  give_up_reservation (self, "next-person");
  empty (self);
  _md_intake_drop_between (self);
  _md_intake_forget_visit (self);
  _md_intake_set_step (self, MD_STEP_OF_PROCEDURE);
  _md_intake_update (self);
}

void
_md_intake_abandon (MdIntake *self, const char *reason)
{
  if (!self->desk)
    return;
  _md_intake_keep_now (self);
  give_up_reservation (self, reason);
  empty (self);
  if (g_str_equal (reason, "replaced")) /* else it is its clerk's, to go on with */
    _md_intake_drop_between (self);
  _md_intake_forget_between (self);
  _md_intake_forget_visit (self);
  self->desk = NULL;
}

gboolean
md_intake_is_empty (MdIntake *self)
{
  return !self->data && !self->form && !self->reservation && !self->proof && !self->sight
         && !self->prints[MD_CARD_IMAGE_NAME] && !self->prints[MD_CARD_IMAGE_ADDRESS]
         && !self->container && !self->notice_at && !self->by_papers && !self->stopped
         && !*self->brought.by && !_md_intake_is_by_post (self) && !self->replaces && !self->trouble
         && !self->held && self->holds->len == 0 && self->releases->len == 0
         && self->from_service->len == 0 && _md_intake_suspended_is_empty (self)
         && _md_intake_visit_is_empty (self) && !self->between.id && !self->unknown
         && !self->away.key && !self->away.tag && !self->named && _md_person_is_empty (self->person)
         && g_list_model_get_n_items (G_LIST_MODEL (self->checks)) == 0
         && g_list_model_get_n_items (G_LIST_MODEL (self->warnings)) == 0
         && g_list_model_get_n_items (G_LIST_MODEL (self->comparison)) == 0;
}
