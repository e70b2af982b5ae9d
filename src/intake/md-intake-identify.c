// SPDX-License-Identifier: Apache-2.0
// Step "identify": the resident's card comes, is asked for its tries, proves itself, and fills the
// form.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

void
_md_intake_forget_proof (MdIntake *self)
{
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  g_clear_pointer (&self->unknown, md_identity_proof_unref);
  _md_intake_drop_prints (self);
  _md_intake_forget_away (self);
  _md_intake_forget_card_facts (self);
  _md_intake_forget_papers (self);
  self->by_face = self->face_chosen = self->by_signature = FALSE;
  g_list_store_remove_all (self->checks);
  g_list_store_remove_all (self->warnings);
  g_list_store_remove_all (self->comparison);
  _md_intake_forget_expiry (self);
}

void
_md_intake_record (MdIntake *self, const char *outcome, const char *detail,
                   const MdIdentityProof *proof)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  MdMatchSide name, birth;
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autoptr (GBytes) subject = NULL;
  MdScreenEvent event = { .event = "identification",
                          .outcome = outcome,
                          .object = self->reservation->intake,
                          .detail = detail };

  if (proof && md_identity_proof_get_side (proof, MD_MATCH_ITEM_NAME, &name)
      && md_identity_proof_get_side (proof, MD_MATCH_ITEM_DATE, &birth))
    {
      g_checksum_update (checksum, (const guchar *)name.text, (gssize)strlen (name.text) + 1);
      g_checksum_update (checksum, (const guchar *)birth.text, (gssize)strlen (birth.text));
      g_checksum_get_digest (checksum, digest, &size);
      subject = g_bytes_new (digest, size);
    }
  event.subject = subject;
  _md_desk_record_async (self->desk, &event, NULL, NULL);
}

/* --- the flow --- */

typedef struct
{
  MdIdentifyRequest request;
  MdIdentityReading *reading; /* in place of what is not read again; or NULL */
  gulong step_handler;
} Identification;

static void
identification_free (gpointer data)
{
  Identification *id = data;

  md_identify_request_clear (&id->request);
  g_clear_pointer (&id->reading, md_identity_reading_unref);
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
  _md_intake_check (self, (MdIdentityStep)step, now);
  if (step == MD_IDENTITY_STEP_SIGN && now == MD_CHECK_PASSED)
    g_signal_emit_by_name (self, "pins-used");
}

/* Of the certificate: by the face, too, when it was asked. */
static const char *
certificate_word (MdIdentityProof *proof)
{
  gboolean asked = md_identity_proof_get_revocation (proof) != MD_REVOCATION_SOURCE_NONE;
  MdIdentityVerdict verdict = md_identity_proof_get_verdict (proof);

  return asked && md_identity_verdict_get_permission (verdict) == MD_IDENTITY_PROCEED
             ? "valid"
             : "unconfirmed";
}

void
_md_intake_set_field (MdIntake *self, const char *field, const char *value)
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
  MdCertificate *certificate = md_identity_proof_get_certificate (self->proof);

  _md_intake_set_field (self, "e.method",
                        md_identity_proof_get_holder (self->proof) ? "signature" : "number-card");
  _md_intake_set_field (self, "e.card_read", "done");
  if (certificate)
    _md_intake_set_field (self, "e.cert_serial", md_certificate_get_serial (certificate));
  _md_intake_set_field (self, "e.cert_verdict", certificate_word (self->proof));
  _md_intake_set_field (self, "e.notice_at", self->notice_at);
  _md_intake_set_field (self, "e.consent_at", self->notice_at);
  if (has_number)
    _md_intake_set_field (self, "e.num_src", "card");
  if (self->by_filer)
    _md_intake_fill_number_paper (self);
  else if (!sees_number && md_form_has_field (self->form, "p.mynum"))
    _md_intake_set_field (self, "e.num_missing", "no-authority");
}

/* NULL where it was not read. */
static const char *
read_item (MdIntake *self, MdMatchItem item)
{
  MdMatchSide side;

  return md_identity_proof_get_side (self->proof, item, &side) ? side.text : NULL;
}

/* The text of the card, or of the signature certificate; without them (the face alone was opened)
 * what the face says in digits. */
static void
fill_form (MdIntake *self)
{
  MdNumber *number = md_identity_proof_get_number (self->proof);
  const char *code = read_item (self, MD_MATCH_ITEM_SEX);
  const char *compact = code ? read_item (self, MD_MATCH_ITEM_DATE)
                             : md_identity_proof_get_face_birth (self->proof);
  MdCardSex sex
      = code ? md_card_sex_from_code (*code) : md_identity_proof_get_face_sex (self->proof);
  g_autoptr (MdSecret) digits = NULL;
  md_autowipe char *birth = NULL;
  MdCardValues values = { .name = read_item (self, MD_MATCH_ITEM_NAME),
                          .address = read_item (self, MD_MATCH_ITEM_ADDRESS) };
  MdDate date;

  if (compact && md_date_parse_compact (compact, &date, NULL))
    birth = md_date_format_iso (&date);
  values.birth = birth;
  if (sex == MD_CARD_SEX_MALE || sex == MD_CARD_SEX_FEMALE)
    values.sex = sex == MD_CARD_SEX_MALE ? "male" : "female";
  if (number)
    {
      const MdSecret *held = md_number_get_digits (number);

      digits = md_secret_new_from_data (md_secret_get_data (held), md_secret_get_size (held));
    }
  values.number = digits;
  if (self->by_filer)
    {
      _md_intake_fill_filer (self);
      md_form_data_prefill_filer (self->data, &values);
    }
  else
    md_form_data_prefill_card (self->data, &values);
  _md_intake_settle_forms (self);
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

/* A card that is merely too old says nothing against its holder. Whatever else is wrong is for the
 * supervisor, and no document gets past it. */
static gboolean
stops_the_person (MdIdentityVerdict verdict)
{
  static const MdIdentityVerdict harmless[]
      = { MD_IDENTITY_EXPIRED, MD_IDENTITY_NOT_YET_VALID, MD_IDENTITY_CARD_EXPIRED };

  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (verdict == harmless[i])
      return FALSE;
  return md_identity_verdict_get_permission (verdict) == MD_IDENTITY_STOP;
}

/* The photograph shows somebody else, or cannot be told: a supervisor looks, too. */
static gboolean
is_about_the_face (MdIdentityVerdict verdict)
{
  return verdict == MD_IDENTITY_FACE_OTHER || verdict == MD_IDENTITY_FACE_UNSURE
         || verdict == MD_IDENTITY_DOCUMENTS_OTHER;
}

static MdIdentificationJudgement judge (MdIntake *self, MdIdentityProof *proof, gboolean released);

/* What only a supervisor lets go on. It is told of whom it is first, so that it stops the next
 * intake of the same person, too. */
static void
hold (MdIntake *self, MdIdentityProof *proof)
{
  gboolean face = is_about_the_face (md_identity_proof_get_verdict (proof));

  if (!face && !md_identification_is_accepted (judge (self, proof, TRUE)))
    return;
  _md_intake_name_person (self, proof);
  g_clear_pointer (&self->unknown, md_identity_proof_unref);
  if (!face)
    {
      self->unknown = md_identity_proof_ref (proof);
      _md_intake_know_card (self);
    }
  _md_intake_raise (self, face ? MD_HOLD_FACE : MD_HOLD_REVOCATION);
}

static gboolean
refuse (MdIntake *self, MdIdentityProof *proof, GError **error)
{
  g_autoptr (MdCardText) text = md_identity_text_for_proof (proof);
  g_autoptr (MdTrouble) trouble
      = _md_trouble_new_from_text (text, md_identity_proof_get_detail (proof));

  _md_intake_set_trouble (self, trouble, TRUE);
  self->stopped |= stops_the_person (md_identity_proof_get_verdict (proof));
  _md_intake_name_verdict (self,
                           md_identity_verdict_get_label (md_identity_proof_get_verdict (proof)));
  self->inspected = FALSE;
  hold (self, proof);
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, text->title);
  return FALSE;
}

static MdIdentificationJudgement
judge (MdIntake *self, MdIdentityProof *proof, gboolean released)
{
  const MdPolicyIdentified identified
      = { .method = md_identity_proof_get_method (proof),
          .verdict = md_identity_verdict_to_string (md_identity_proof_get_verdict (proof)),
          .revocation = md_revocation_source_to_string (md_identity_proof_get_revocation (proof)),
          .released = released };

  return md_policy_judge_identification (md_desk_get_policy (self->desk),
                                         md_form_get_id (self->form), &identified);
}

/* For the log: the words of the verdict, and of what was found beyond it. */
static char *
describe_proof (MdIntake *self, const MdIdentityProof *proof)
{
  const MdVerdictCause cause = md_identity_proof_get_cause (proof);
  const gint64 revoked = md_identity_proof_get_revocation_time (proof);
  GString *detail = g_string_new (NULL);

  g_string_append_printf (
      detail, "verdict=%s revocation=%s",
      md_identity_verdict_to_string (md_identity_proof_get_verdict (proof)),
      md_revocation_source_to_string (md_identity_proof_get_revocation (proof)));
  if (cause != MD_VERDICT_CAUSE_NONE)
    g_string_append_printf (detail, " cause=%s", md_verdict_cause_to_string (cause));
  if (revoked != 0)
    {
      g_autofree char *since = md_time_format_rfc3339 (revoked * G_USEC_PER_SEC);

      g_string_append_printf (
          detail, " reason=%s since=%s",
          md_revocation_reason_to_string (md_identity_proof_get_revocation_reason (proof)), since);
    }
  if (self->by_face || self->by_signature)
    g_string_append_printf (detail, " method=%s", md_identity_proof_get_method (proof));
  else if (md_identity_proof_get_papers (proof))
    {
      g_autofree char *papers = _md_intake_describe_papers (self);

      g_string_append_printf (detail, " method=%s", papers);
    }
  if (md_identity_proof_get_brought (proof))
    g_string_append_printf (detail, " brought=%s", md_identity_proof_get_brought (proof)->by);
  if (self->by_filer)
    g_string_append_printf (detail, " filer=%s", md_filer_to_id (self->papers.filer));
  if (md_identity_proof_get_read_for (proof))
    g_string_append (detail, " read=before");
  return g_string_free (detail, FALSE);
}

gboolean
_md_intake_take_proof (MdIntake *self, MdIdentityProof *proof, GError **error)
{
  MdIdentityVerdict verdict = md_identity_proof_get_verdict (proof);
  gboolean released
      = proof == self->unknown && md_holds_have_kind (self->holds, MD_HOLD_REVOCATION);
  MdIdentificationJudgement judgement = judge (self, proof, released);
  g_autofree char *detail = describe_proof (self, proof);

  if (!_md_intake_check_whose (self, proof, error))
    return FALSE;
  if (self->by_filer)
    md_identity_proof_set_filer (proof, self->papers.filer, self->papers.issued);

  if (!md_identification_is_accepted (judgement))
    {
      _md_intake_record (self, "refused", detail, proof);
      return refuse (self, proof, error);
    }
  _md_intake_record (self, "done", detail, proof);
  self->proof = md_identity_proof_ref (proof);
  if (judgement == MD_IDENTIFICATION_ACCEPTED)
    _md_intake_tell_list_time (self, proof);
  if (judgement == MD_IDENTIFICATION_ACCEPTED_DEFERRED && !released)
    warn (self, verdict);
  if (md_identity_proof_get_papers (proof))
    _md_intake_fill_from_papers (self);
  else if (md_identity_proof_get_brought (proof))
    _md_intake_fill_from_brought (self);
  else
    {
      _md_intake_warn_of_expiry (self);
      _md_intake_warn_of_substitutes (self);
      fill_form (self);
      _md_intake_know_card (self);
    }
  _md_intake_take_answers (self);
  _md_intake_warn_of_unbound (self, proof);
  _md_intake_fill_person (self);
  _md_intake_name_person (self, proof);
  return TRUE;
}

void
_md_intake_take_unknown (MdIntake *self)
{
  g_autoptr (GError) error = NULL;

  if (self->unknown && !_md_intake_take_proof (self, self->unknown, &error))
    g_debug ("not taken: %s", error->message);
}

/* The card said no, or left. What is known about it is old now. */
static void
identification_failed (MdIntake *self, const GError *error)
{
  g_autofree char *detail = NULL;

  if (error->domain == MD_CARD_ERROR)
    {
      detail = g_strdup_printf ("cause=%s", md_card_error_nick ((MdCardError)error->code));
      _md_intake_record (self, "failed", detail, NULL);
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
  _md_intake_inspect (self);
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
  if (proof && md_identity_proof_awaits_answer (proof))
    identified = _md_intake_take_sight (self, proof);
  else if (proof)
    identified = _md_intake_take_reading (self, id->reading, proof, &error)
                 && _md_intake_take_proof (self, proof, &error);
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

MdPresenceChallenge *
_md_intake_make_challenge (MdIntake *self, GError **error)
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

static Identification *
identification_new (MdIdentifyWay way, guint confirmed)
{
  Identification *id = g_new0 (Identification, 1);

  id->request.way = way;
  id->request.confirmed = confirmed;
  return id;
}

static void
start (MdIntake *self, GTask *task)
{
  Identification *id = g_task_get_task_data (task);
  MdIdentifier *identifier = _md_desk_get_identifier (self->desk);
  GCancellable *cancellable;

  id->reading = _md_intake_ref_reading (self);
  id->request.read_number = _md_intake_reads_number (self);
  id->request.renewal_months = _md_intake_renewal_months (self);
  _md_intake_begin_checks (self);
  _md_intake_set_trouble (self, NULL, FALSE);
  cancellable = _md_intake_begin (self, MD_BUSY_READING);
  if (g_task_get_cancellable (task))
    g_signal_connect_object (g_task_get_cancellable (task), "cancelled",
                             G_CALLBACK (g_cancellable_cancel), cancellable, G_CONNECT_SWAPPED);
  id->step_handler = g_signal_connect_swapped (identifier, "step", G_CALLBACK (step_cb), self);
  md_identifier_identify_async (identifier, md_desk_get_pcsc (self->desk),
                                _md_intake_resident_reader (self), &id->request, cancellable,
                                identified_cb, task);
  md_identify_request_forget (&id->request);
}

/* Takes ID, TASK and ERROR (nullable: why it cannot be) over; POSSIBLE: the card waits for just
 * this. */
static void
identify (MdIntake *self, GTask *task, Identification *id, gboolean possible, GError *error)
{
  g_task_set_task_data (task, id, identification_free);
  if (error)
    _md_intake_set_trouble_error (self, error);
  else if (!possible)
    g_set_error_literal (&error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP,
                         _ ("Put the resident's card on the reader first."));
  else if (!(id->request.challenge = _md_intake_make_challenge (self, &error)))
    _md_intake_set_trouble_error (self, error);
  if (error)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  start (self, task);
}

static MdIdentifyWay
way_of (MdIntake *self, gboolean on_pad)
{
  if (self->by_signature)
    return MD_IDENTIFY_BY_SIGNATURE;
  return on_pad ? MD_IDENTIFY_AT_PAD : MD_IDENTIFY_BY_PIN;
}

void
md_intake_identify_async (MdIntake *self, MdSecret *text_pin, MdSecret *key_pin, guint confirmed,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean on_pad
      = self->has_pin_pad && !self->screen_keys && !self->by_signature && !text_pin && !key_pin;
  gboolean typed = key_pin && (text_pin || !_md_intake_needs_text_pin (self));
  gboolean may = self->desk && self->wait == MD_WAIT_PIN && (on_pad || typed);
  Identification *id = identification_new (way_of (self, on_pad), confirmed);
  GError *error = NULL;

  g_task_set_source_tag (task, md_intake_identify_async);
  id->request.key_alone = on_pad && !_md_intake_needs_text_pin (self);
  if (may && self->by_signature)
    {
      id->request.signature.text = text_pin ? md_secret_ref (text_pin) : NULL;
      id->request.signature.password
          = md_card_pin_prepare (MD_CARD_PIN_SIGN, key_pin, NULL, &error);
    }
  else if (may && !on_pad)
    {
      id->request.pin.text = text_pin ? md_secret_ref (text_pin) : NULL;
      id->request.pin.auth = md_secret_ref (key_pin);
    }
  identify (self, task, id, may, error);
}

void
md_intake_open_face_async (MdIntake *self, MdSecret *front, MdSecret *back, guint confirmed,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean may = self->desk && self->wait == MD_WAIT_FACE_ENTRY && _md_intake_accepts_face (self);
  Identification *id = identification_new (MD_IDENTIFY_BY_FACE, confirmed);

  g_task_set_source_tag (task, md_intake_open_face_async);
  if (front)
    id->request.face.front = md_secret_ref (front);
  if (back && may && _md_intake_reads_number (self))
    id->request.face.back = md_secret_ref (back);
  identify (self, task, id, may && (id->request.face.front || id->request.face.back), NULL);
}

gboolean
md_intake_identify_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
