// SPDX-License-Identifier: Apache-2.0
// Step "identify": the resident's card comes, is asked for its tries, proves itself, and fills the
// form.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

static const struct
{
  MdIdentityStep step;
  const char *id, *title, *passed; /* what it says when it is well */
} check_table[] = {
  { MD_IDENTITY_STEP_RECOGNISE, "card", N_ ("Card"), N_ ("Recognised") },
  { MD_IDENTITY_STEP_TRIES, "tries", N_ ("PIN tries left"), N_ ("Read") },
  { MD_IDENTITY_STEP_ATTRIBUTES, "attributes", N_ ("Personal data"), N_ ("Read") },
  { MD_IDENTITY_STEP_NUMBER, "number", N_ ("Individual number"), N_ ("Read") },
  { MD_IDENTITY_STEP_CERTIFICATE, "certificate", N_ ("User certificate"), N_ ("Read") },
  { MD_IDENTITY_STEP_PATH, "path", N_ ("Issuer and validity"), N_ ("Valid") },
  { MD_IDENTITY_STEP_SIGN, "sign", N_ ("Proof of presence"), N_ ("Signed") },
  { MD_IDENTITY_STEP_VERIFY, "verify", N_ ("Card's signature"), N_ ("Matches") },
  { MD_IDENTITY_STEP_REVOCATION, "revocation", N_ ("Revocation"), N_ ("Not revoked") },
};

static MdCardReader *
resident_reader (MdIntake *self)
{
  return md_pcsc_get_reader (md_desk_get_pcsc (self->desk), MD_CARD_ROLE_RESIDENT);
}

gboolean
_md_intake_card_is_there (MdIntake *self)
{
  MdCardReader *reader = self->desk ? resident_reader (self) : NULL;

  return reader && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
}

/* Whether the card that was looked at, or is being looked at, still lies there. */
static gboolean
same_card (MdIntake *self)
{
  return _md_intake_card_is_there (self)
         && md_card_reader_get_events (resident_reader (self)) == self->card_events;
}

void
_md_intake_forget_proof (MdIntake *self)
{
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  self->inspected = FALSE;
  self->tries_text = self->tries_auth = MD_CARD_TRIES_UNKNOWN;
  g_list_store_remove_all (self->checks);
  g_list_store_remove_all (self->warnings);
}

static void
record (MdIntake *self, const char *outcome, const char *detail, MdCardAttributes *attributes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autoptr (GBytes) subject = NULL;
  MdScreenEvent event = { .event = "identification",
                          .outcome = outcome,
                          .object = self->reservation->intake,
                          .detail = detail };

  if (attributes)
    {
      const char *name = md_card_attributes_get_name (attributes),
                 *birth = md_card_attributes_get_birth (attributes);

      g_checksum_update (checksum, (const guchar *)name, (gssize)strlen (name) + 1);
      g_checksum_update (checksum, (const guchar *)birth, (gssize)strlen (birth));
      g_checksum_get_digest (checksum, digest, &size);
      subject = g_bytes_new (digest, size);
    }
  event.subject = subject;
  _md_desk_record_async (self->desk, &event, NULL, NULL);
}

/* --- the card comes: how many tries are left --- */

/* What makes a PIN pointless: a locked one, a card without the certificate. */
static void
take_inspection (MdIntake *self, const MdCardInspection *inspection)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;

  self->inspected = TRUE;
  self->has_pin_pad = inspection->has_pin_pad;
  self->tries_text = inspection->tries_text;
  self->tries_auth = inspection->tries_auth;
  if (inspection->tries_auth == 0)
    md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_AUTH, 0);
  else if (inspection->tries_text == 0)
    md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_TEXT, 0);
  else if (!inspection->has_auth_certificate)
    md_card_error_set (&error, MD_CARD_ERROR_NO_DATA);
  if (!error)
    return;
  detail = g_strdup_printf ("cause=%s", md_card_error_nick ((MdCardError)error->code));
  record (self, "refused", detail, NULL);
  _md_intake_set_trouble_error (self, error);
  self->refused = TRUE;
}

/* What lies on the reader is no card that could be asked. One that left again is nobody's failure.
 */
static void
inspection_failed (MdIntake *self, const GError *error)
{
  g_autofree char *detail = NULL;

  if (error->domain == MD_CARD_ERROR && error->code != MD_CARD_ERROR_REMOVED)
    {
      detail = g_strdup_printf ("cause=%s", md_card_error_nick ((MdCardError)error->code));
      record (self, "refused", detail, NULL);
    }
  _md_intake_set_trouble_error (self, error);
}

static void
inspected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardInspection) inspection
      = md_identifier_inspect_finish (MD_IDENTIFIER (source), result, &error);
  /* Another inspection may have begun since this one was cancelled. */
  gboolean latest = g_task_get_cancellable (G_TASK (result)) == self->cancellable;

  if (!self->desk || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (latest && self->busy == MD_BUSY_INSPECTING)
        _md_intake_set_busy (self, MD_BUSY_NOT);
      return;
    }
  if (self->pad_held) /* no more: the card could be asked, or it is gone */
    _md_intake_set_trouble (self, NULL, FALSE);
  if (inspection)
    take_inspection (self, inspection);
  else
    inspection_failed (self, error);
  _md_intake_set_busy (self, MD_BUSY_NOT);
}

static void
inspect (MdIntake *self)
{
  GCancellable *cancellable = _md_intake_begin (self, MD_BUSY_INSPECTING);
  MdCardReader *reader = resident_reader (self);

  self->card_events = md_card_reader_get_events (reader);
  md_identifier_inspect_async (_md_desk_get_identifier (self->desk), md_desk_get_pcsc (self->desk),
                               reader, cancellable, inspected_cb, g_object_ref (self));
}

/* The card that was looked at, or is being looked at, is gone. */
static void
forget_card (MdIntake *self)
{
  if (self->busy == MD_BUSY_INSPECTING)
    g_cancellable_cancel (self->cancellable);
  self->busy = MD_BUSY_NOT;
  self->inspected = FALSE;
  self->tries_text = self->tries_auth = MD_CARD_TRIES_UNKNOWN;
  g_list_store_remove_all (self->checks);
  /* What was said of a card goes with it; that it was pulled out stays to be read. */
  if (!self->removed)
    _md_intake_set_trouble (self, NULL, FALSE);
}

/* A reader or card of the resident came or went, or the step was entered. */
void
_md_intake_resident_card (MdIntake *self)
{
  if (!self->desk)
    return;
  if (self->step != MD_STEP_OF_IDENTIFY || !self->notice_at || self->proof
      || self->busy == MD_BUSY_READING)
    {
      _md_intake_update (self);
      return;
    }
  /* A card that was swapped quickly is told of without an empty reader in between. */
  if (!same_card (self))
    forget_card (self);
  if (_md_intake_card_is_there (self) && !self->inspected && !self->refused
      && self->busy == MD_BUSY_NOT && md_desk_get_state (self->desk) == MD_DESK_WORKING)
    {
      _md_intake_set_trouble (self, NULL, FALSE);
      inspect (self);
    }
  _md_intake_update (self);
}

void
md_intake_acknowledge_notice (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (!self->desk || self->step != MD_STEP_OF_IDENTIFY || self->notice_at)
    return;
  self->notice_at = md_time_format_rfc3339 (md_clock_get_wall_us (_md_desk_get_clock (self->desk)));
  _md_intake_resident_card (self);
}

void
md_intake_use_screen_keys (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  self->screen_keys = TRUE;
  _md_intake_update (self);
}

/* --- the flow --- */

typedef struct
{
  MdPresenceChallenge *challenge;
  MdSecret *text_pin, *auth_pin;
  gulong step_handler;
} Identification;

static void
identification_free (gpointer data)
{
  Identification *id = data;

  g_clear_pointer (&id->challenge, md_presence_challenge_unref);
  md_secret_unref (id->text_pin);
  md_secret_unref (id->auth_pin);
  g_free (id);
}

/* The reader's keypad waits for a PIN, or no more. */
static void
pad_cb (MdIntake *self, MdCardPin pin)
{
  if (self->pad_waits == pin)
    return;
  self->pad_waits = pin;
  g_object_notify (G_OBJECT (self), "sentence");
}

static void
step_cb (MdIntake *self, int step, int state)
{
  static const MdCheckState states[] = {
    [MD_IDENTITY_STEP_STARTED] = MD_CHECK_RUNNING,   [MD_IDENTITY_STEP_PASSED] = MD_CHECK_PASSED,
    [MD_IDENTITY_STEP_DEFERRED] = MD_CHECK_DEFERRED, [MD_IDENTITY_STEP_REFUSED] = MD_CHECK_REFUSED,
    [MD_IDENTITY_STEP_SKIPPED] = MD_CHECK_SKIPPED,
  };
  MdCheckState now = states[state];

  if (step == MD_IDENTITY_STEP_PAD_TEXT || step == MD_IDENTITY_STEP_PAD_AUTH)
    pad_cb (self, now != MD_CHECK_RUNNING             ? MD_CARD_PIN_NONE
                  : step == MD_IDENTITY_STEP_PAD_TEXT ? MD_CARD_PIN_TEXT
                                                      : MD_CARD_PIN_AUTH);
  for (guint i = 0; i < G_N_ELEMENTS (check_table); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (check && check_table[i].step == (MdIdentityStep)step)
        _md_check_set (check, now, now == MD_CHECK_PASSED ? gettext (check_table[i].passed) : NULL,
                       NULL);
    }
}

static void
begin_checks (MdIntake *self)
{
  g_list_store_remove_all (self->checks);
  g_list_store_remove_all (self->warnings);
  for (guint i = 0; i < G_N_ELEMENTS (check_table); i++)
    {
      g_autoptr (MdCheck) check = _md_check_new (check_table[i].id, gettext (check_table[i].title));

      g_list_store_append (self->checks, check);
    }
}

static const char *
verdict_word (MdIdentityVerdict verdict)
{
  return verdict == MD_IDENTITY_VALID ? "valid" : "unconfirmed";
}

static void
set_field (MdIntake *self, const char *field, const char *value)
{
  g_autoptr (GError) error = NULL;

  if (md_form_has_field (self->form, field)
      && !md_form_data_set_system (self->data, field, value, &error))
    g_debug ("field %s cannot be set: %s", field, error->message);
}

static void
fill_evidence_fields (MdIntake *self)
{
  gboolean sees_number = md_form_data_get_entry (self->data, "p.mynum") != NULL;
  gboolean has_number = md_identity_proof_get_number (self->proof) != NULL;

  set_field (self, "e.method", "number-card");
  set_field (self, "e.card_read", "done");
  set_field (self, "e.cert_serial",
             md_certificate_get_serial (md_identity_proof_get_certificate (self->proof)));
  set_field (self, "e.cert_verdict", verdict_word (md_identity_proof_get_verdict (self->proof)));
  set_field (self, "e.compare", "name\naddress\nbirth\nsex");
  set_field (self, "e.notice_at", self->notice_at);
  set_field (self, "e.consent_at", self->notice_at);
  if (has_number)
    set_field (self, "e.num_src", "card");
  if (!sees_number && md_form_has_field (self->form, "p.mynum"))
    set_field (self, "e.num_missing", "no-authority");
}

static void
fill_form (MdIntake *self)
{
  MdCardAttributes *attributes = md_identity_proof_get_attributes (self->proof);
  MdIndividualNumber *number = md_identity_proof_get_number (self->proof);
  g_autoptr (MdSecret) digits = NULL;
  md_autowipe char *birth = NULL;
  MdCardValues values = { 0 };
  MdDate date;

  if (attributes)
    {
      values.name = md_card_attributes_get_name (attributes);
      values.address = md_card_attributes_get_address (attributes);
      if (md_date_parse_compact (md_card_attributes_get_birth (attributes), &date, NULL))
        birth = md_date_format_iso (&date);
      values.birth = birth;
      if (md_card_attributes_get_sex (attributes) == MD_CARD_SEX_MALE)
        values.sex = "male";
      else if (md_card_attributes_get_sex (attributes) == MD_CARD_SEX_FEMALE)
        values.sex = "female";
    }
  if (number)
    {
      const MdSecret *held = md_individual_number_get_digits (number);

      digits = md_secret_new_from_data (md_secret_get_data (held), md_secret_get_size (held));
    }
  values.number = digits;
  md_form_data_prefill_card (self->data, &values);
  fill_evidence_fields (self);
}

/* A verdict that lets the intake go on only with a word of warning. */
static void
warn (MdIntake *self, MdIdentityVerdict verdict)
{
  g_autoptr (MdCardText) text = md_identity_text_for_verdict (verdict);
  g_autoptr (MdTrouble) warning = _md_trouble_new (text->title, text->meaning, text->action, NULL);

  g_list_store_append (self->warnings, warning);
}

/* The check that stopped says why ("revoked"), not only that. */
static void
name_verdict (MdIntake *self, const char *word)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checks)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (md_check_get_state (check) == MD_CHECK_REFUSED)
        _md_check_set (check, MD_CHECK_REFUSED, word, NULL);
    }
}

static gboolean
refuse (MdIntake *self, MdIdentityVerdict verdict, const char *detail, GError **error)
{
  g_autoptr (MdCardText) text = md_identity_text_for_verdict (verdict);
  g_autoptr (MdTrouble) trouble
      = _md_trouble_new (text->title, text->meaning, text->action, detail);

  _md_intake_set_trouble (self, trouble, TRUE);
  name_verdict (self, md_identity_verdict_get_label (verdict));
  self->inspected = FALSE;
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, text->title);
  return FALSE;
}

static gboolean
take_proof (MdIntake *self, MdIdentityProof *proof, GError **error)
{
  MdIdentityVerdict verdict = md_identity_proof_get_verdict (proof);
  MdIdentityPermission permission = md_identity_verdict_get_permission (verdict);
  const MdPolicyProcedure *rules
      = md_policy_get_procedure (md_desk_get_policy (self->desk), md_form_get_id (self->form));
  g_autofree char *detail
      = g_strdup_printf ("verdict=%s revocation=%s", md_identity_verdict_to_string (verdict),
                         md_revocation_source_to_string (md_identity_proof_get_revocation (proof)));
  gboolean accepted
      = rules && g_strv_contains (rules->identification, md_identity_proof_get_method (proof));

  if (!accepted || permission == MD_IDENTITY_STOP
      || (permission == MD_IDENTITY_PROCEED_DEFERRED && !rules->allow_deferred))
    {
      record (self, "refused", detail, md_identity_proof_get_attributes (proof));
      return refuse (self, verdict, md_identity_proof_get_detail (proof), error);
    }
  record (self, "done", detail, md_identity_proof_get_attributes (proof));
  self->proof = md_identity_proof_ref (proof);
  if (permission == MD_IDENTITY_PROCEED_DEFERRED)
    warn (self, verdict);
  fill_form (self);
  _md_intake_fill_person (self);
  return TRUE;
}

/* The card said no, or left. What is known about it is old now. */
static void
identification_failed (MdIntake *self, const GError *error)
{
  g_autofree char *detail = NULL;

  if (error->domain == MD_CARD_ERROR)
    {
      detail = g_strdup_printf ("cause=%s", md_card_error_nick ((MdCardError)error->code));
      record (self, "failed", detail, NULL);
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checks)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (md_check_get_state (check) == MD_CHECK_RUNNING)
        _md_check_set (check, MD_CHECK_WAITING, NULL, NULL);
    }
  self->inspected = FALSE;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _md_intake_set_trouble_error (self, error);
}

/* After a wrong PIN the tries are asked anew, and the trouble stays to be read. */
static void
inspect_again (MdIntake *self)
{
  if (self->proof || self->refused || self->step != MD_STEP_OF_IDENTIFY
      || !_md_intake_card_is_there (self) || md_desk_get_state (self->desk) != MD_DESK_WORKING)
    return;
  inspect (self);
}

static void
identified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  Identification *id = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (MdIdentityProof) proof
      = md_identifier_identify_finish (MD_IDENTIFIER (source), result, &error);
  gboolean identified = FALSE;

  g_signal_handler_disconnect (source, id->step_handler);
  self->pad_waits = MD_CARD_PIN_NONE;
  if (!self->desk || self->busy != MD_BUSY_READING)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                               _ ("The intake was given up."));
      return;
    }
  self->busy = MD_BUSY_NOT;
  if (proof)
    identified = take_proof (self, proof, &error);
  else
    identification_failed (self, error);
  _md_intake_update (self);
  if (identified)
    g_task_return_boolean (task, TRUE);
  else
    {
      inspect_again (self);
      g_task_return_error (task, error);
    }
}

static MdPresenceChallenge *
make_challenge (MdIntake *self, GError **error)
{
  const MdReservation *reservation = self->reservation;
  MdPresenceParts parts = { .intake = reservation->intake,
                            .terminal = reservation->terminal,
                            .procedure = md_form_get_id (self->form),
                            .time = reservation->time,
                            .nonce_state = reservation->nonce_state,
                            .nonce = reservation->nonce };

  return md_presence_challenge_new (&parts, error);
}

static void
start (MdIntake *self, GTask *task, gboolean confirmed_last_try)
{
  Identification *id = g_task_get_task_data (task);
  MdIdentifyRequest request
      = { .challenge = id->challenge,
          .text_pin = id->text_pin,
          .auth_pin = id->auth_pin,
          .on_pad = id->auth_pin == NULL,
          .read_text = TRUE,
          .read_number = md_form_data_get_entry (self->data, "p.mynum") != NULL,
          .confirmed_last_try = confirmed_last_try };
  MdIdentifier *identifier = _md_desk_get_identifier (self->desk);
  GCancellable *cancellable;

  begin_checks (self);
  _md_intake_set_trouble (self, NULL, FALSE);
  cancellable = _md_intake_begin (self, MD_BUSY_READING);
  if (g_task_get_cancellable (task))
    g_signal_connect_object (g_task_get_cancellable (task), "cancelled",
                             G_CALLBACK (g_cancellable_cancel), cancellable, G_CONNECT_SWAPPED);
  id->step_handler = g_signal_connect_swapped (identifier, "step", G_CALLBACK (step_cb), self);
  md_identifier_identify_async (identifier, md_desk_get_pcsc (self->desk), resident_reader (self),
                                &request, cancellable, identified_cb, task);
}

void
md_intake_identify_async (MdIntake *self, MdSecret *text_pin, MdSecret *auth_pin,
                          gboolean confirmed_last_try, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Identification *id = g_new0 (Identification, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, md_intake_identify_async);
  g_task_set_task_data (task, id, identification_free);
  gboolean on_pad = self->has_pin_pad && !self->screen_keys && !text_pin && !auth_pin;

  if (!self->desk || self->wait != MD_WAIT_PIN || (!on_pad && (!text_pin || !auth_pin)))
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("Put the resident's card on the reader first."));
      g_object_unref (task);
      return;
    }
  id->text_pin = on_pad ? NULL : md_secret_ref (text_pin);
  id->auth_pin = on_pad ? NULL : md_secret_ref (auth_pin);
  id->challenge = make_challenge (self, &error);
  if (!id->challenge)
    {
      _md_intake_set_trouble_error (self, error);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  start (self, task, confirmed_last_try);
}

gboolean
md_intake_identify_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
