// SPDX-License-Identifier: Apache-2.0
#include "md-identify-private.h"

#include "md-identity-expiry.h"
#include "md-identity-proof-private.h"

void
md_card_inspection_free (MdCardInspection *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self);
}

// Tries left where the card may not have the PIN at all. FALSE: the card could not be asked.
gboolean
_md_identify_ask_tries (MdMyNumberCard *card, MdCardPin pin, int *out_tries,
                        GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  if (md_mynumber_card_get_tries (card, pin, out_tries, cancellable, &local_error))
    return TRUE;
  *out_tries = MD_CARD_TRIES_NONE;
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

// Refuses 住基カード, the card of before 2016, which answers to the same identifier.
static gboolean
inspect_token (MdMyNumberCard *card, MdCardInspection *inspection, GCancellable *cancellable,
               GError **error)
{
  if (!md_mynumber_card_read_token (card, &inspection->token, &inspection->label, cancellable,
                                    error))
    return FALSE;
  if (inspection->token != MD_TOKEN_OLD_CARD)
    return TRUE;
  md_card_error_set_detail (error, MD_CARD_ERROR_UNKNOWN_CARD, "%s", inspection->label);
  return FALSE;
}

static gboolean
inspect_flags (MdMyNumberCard *card, MdCardInspection *inspection, GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;
  if (md_mynumber_card_read_flags (card, &inspection->has_sign_certificate,
                                   &inspection->has_auth_certificate, cancellable, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
      && !g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  // A card without the flags: reading the certificate will tell.
  inspection->has_auth_certificate = TRUE;
  inspection->has_sign_certificate = TRUE;
  return TRUE;
}

MdCardInspection *
_md_identify_inspect_card (MdMyNumberCard *card, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdCardInspection) inspection = g_new0 (MdCardInspection, 1);
  inspection->tries_text = MD_CARD_TRIES_NONE;
  if (!inspect_token (card, inspection, cancellable, error)
      || !inspect_flags (card, inspection, cancellable, error)
      || !_md_identify_ask_tries (card, MD_CARD_PIN_AUTH, &inspection->tries_auth, cancellable,
                                  error)
      || !_md_identify_ask_tries (card, MD_CARD_PIN_SIGN, &inspection->tries_sign, cancellable,
                                  error)
      || (!md_card_inspection_is_phone (inspection)
          && !_md_identify_ask_tries (card, MD_CARD_PIN_TEXT, &inspection->tries_text, cancellable,
                                      error)))
    return NULL;
  inspection->has_pin_pad = md_mynumber_card_can_enter (card, MD_CARD_PIN_AUTH, cancellable)
                            && md_mynumber_card_can_enter (card, MD_CARD_PIN_TEXT, cancellable);
  inspection->tries_front = inspection->tries_back = MD_CARD_TRIES_UNKNOWN;
  return g_steal_pointer (&inspection);
}

MdCardInspection *
_md_identify_inspect (MdCardConnection *connection, gboolean printed, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, cancellable, error);
  g_autoptr (MdCardInspection) inspection
      = card != NULL ? _md_identify_inspect_card (card, cancellable, error) : NULL;
  if (inspection == NULL)
    return NULL;
  if (printed
      && !_md_identify_ask_printed (card, &inspection->tries_front, &inspection->tries_back,
                                    cancellable, error))
    return NULL;
  return g_steal_pointer (&inspection);
}

MdCardInspection *
md_identifier_inspect (MdCardConnection *connection, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (connection), NULL);
  return _md_identify_inspect (connection, FALSE, cancellable, error);
}

void
_md_identify_tell (const MdIdentifyRun *run, MdIdentityStep step, MdIdentityStepState state)
{
  if (run->step != NULL)
    run->step (step, state, run->step_data);
}

MdCardVerifyFlags
_md_identify_get_flags (const MdIdentifyRun *run, MdCardPin pin)
{
  const guint confirmed = run->request.confirmed;
  MdCardVerifyFlags flags = MD_CARD_VERIFY_DEFAULT;
  if ((confirmed & MD_IDENTIFY_CONFIRMS (pin)) != 0)
    flags |= MD_CARD_VERIFY_LAST_TRY;
  if ((confirmed & MD_IDENTIFY_CONFIRMS_AGAIN (pin)) != 0)
    flags |= MD_CARD_VERIFY_SENT_BEFORE;
  return flags;
}

// The two certificates of a card, each with its key, and what is different about them.
typedef struct
{
  MdCardPin pin;
  MdCardKey key;
  MdCardCertificate certificate;
  gboolean closed; // the certificate, too, is behind the PIN
  const char *file;
} Line;

static const Line *
line_of (const MdIdentifyRun *run)
{
  static const Line authentication
      = { MD_CARD_PIN_AUTH, MD_CARD_KEY_AUTH, MD_CARD_CERTIFICATE_AUTH, FALSE, "EF 000A" };
  static const Line signature
      = { MD_CARD_PIN_SIGN, MD_CARD_KEY_SIGN, MD_CARD_CERTIFICATE_SIGN, TRUE, "EF 0001" };
  return run->request.way == MD_IDENTIFY_BY_SIGNATURE ? &signature : &authentication;
}

// Before anything is presented: a locked or last-try PIN of the key must not cost a try of the
// other one first.
static gboolean
check_tries (const MdIdentifyRun *run, MdMyNumberCard *card, GError **error)
{
  _md_identify_tell (run, MD_IDENTITY_STEP_TRIES, MD_IDENTITY_STEP_STARTED);
  if (!md_mynumber_card_may_verify (card, line_of (run)->pin,
                                    _md_identify_get_flags (run, line_of (run)->pin), NULL,
                                    run->cancellable, error))
    return FALSE;
  _md_identify_tell (run, MD_IDENTITY_STEP_TRIES, MD_IDENTITY_STEP_PASSED);
  return TRUE;
}

// The PIN as it was handed over, or as it is typed at the reader now.
static gboolean
verify (const MdIdentifyRun *run, MdMyNumberCard *card, MdCardPin pin, GError **error)
{
  MdIdentityStep step
      = pin == MD_CARD_PIN_TEXT ? MD_IDENTITY_STEP_PAD_TEXT : MD_IDENTITY_STEP_PAD_AUTH;
  if (run->request.way != MD_IDENTIFY_AT_PAD)
    return md_mynumber_card_verify (card, pin, md_identify_request_get_pin (&run->request, pin),
                                    _md_identify_get_flags (run, pin), run->cancellable, error);
  _md_identify_tell (run, step, MD_IDENTITY_STEP_STARTED);
  gboolean entered = md_mynumber_card_enter (card, pin, _md_identify_get_flags (run, pin),
                                             run->cancellable, error);
  _md_identify_tell (run, step, MD_IDENTITY_STEP_PASSED);
  return entered;
}

// The card has not heard of the PIN: at a keypad, that is the keypad's fault.
static void
blame_pad (const MdIdentifyRun *run, MdMyNumberCard *card, GError **error)
{
  if (run->request.way == MD_IDENTIFY_AT_PAD)
    md_card_connection_blame_pad (md_mynumber_card_get_connection (card), error);
}

static gboolean
read_number (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof, GError **error)
{
  if (!run->request.read_number)
    {
      _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_SKIPPED);
      return TRUE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_STARTED);
  g_autoptr (MdSecret) digits = md_mynumber_card_read_number (card, run->cancellable, error);
  if (digits == NULL)
    return FALSE;
  proof->number = md_individual_number_parse (digits, error);
  if (proof->number == NULL)
    return FALSE;
  _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_PASSED);
  return TRUE;
}

// Whether somebody whom we know stands behind the record. FALSE with ERROR: could not be asked.
static gboolean
record_is_genuine (const MdIdentifyRun *run, MdMyNumberCard *card, const MdCardIntegrity *record,
                   gboolean *out_genuine, GError **error)
{
  MdCardIssuer issuer;
  *out_genuine = TRUE;
  if (run->authorities == NULL)
    return TRUE;
  if (!md_mynumber_card_read_text_issuer (card, &issuer, run->cancellable, error))
    return FALSE;
  *out_genuine
      = md_card_origin_of_record (run->authorities, record, &issuer) == MD_CARD_ORIGIN_GENUINE;
  return TRUE;
}

// Nothing backs what was read as text. The face has been signed for: its pictures and digits are
// what the clerk has.
static void
leave_out_text (const MdIdentifyRun *run, MdIdentityProof *proof)
{
  g_clear_pointer (&proof->attributes, md_card_attributes_unref);
  _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_SKIPPED);
}

// What was read against the card's own record of it, and the record against who may sign it. A card
// without a record passes only where nobody is known who could have signed one.
gboolean
_md_identify_check_record (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof,
                           GError **error)
{
  MdCardIntegrity record;
  g_autoptr (GError) local_error = NULL;
  const char *problem = NULL;
  gboolean genuine = FALSE;
  if (!md_mynumber_card_read_integrity (card, &record, run->cancellable, &local_error))
    {
      // Some cards keep it from who opened with what is printed on the front alone.
      if (run->request.way == MD_IDENTIFY_BY_FACE && proof->number == NULL
          && g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED))
        {
          leave_out_text (run, proof);
          return TRUE;
        }
      if (!g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      problem = run->authorities != NULL ? "no EF 0003 in the text application" : NULL;
    }
  else if (md_mynumber_card_compare_integrity (card, &record, proof->attributes)
           == MD_CARD_INTEGRITY_DIFFERS)
    problem = "EF 0003 of the text application does not fit";
  else if (!record_is_genuine (run, card, &record, &genuine, error))
    return FALSE;
  else if (!genuine)
    problem = "EF 0003 of the text application is not signed by a known authority";
  if (problem != NULL)
    {
      _md_identity_proof_set_verdict (proof, MD_IDENTITY_BAD_DATA, problem);
      _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_REFUSED);
    }
  return TRUE;
}

// The text application: attributes, number, and whether both fit the card's own record.
static gboolean
read_person (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof, GError **error)
{
  if (run->request.way == MD_IDENTIFY_AT_PAD
          ? run->request.key_alone
          : md_identify_request_get_pin (&run->request, MD_CARD_PIN_TEXT) == NULL)
    {
      _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_SKIPPED);
      _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_SKIPPED);
      return TRUE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_STARTED);
  if (!verify (run, card, MD_CARD_PIN_TEXT, error))
    return FALSE;
  proof->attributes = md_mynumber_card_read_attributes (card, run->cancellable, error);
  if (proof->attributes == NULL)
    {
      blame_pad (run, card, error);
      return FALSE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_PASSED);
  if (!read_number (run, card, proof, error))
    return FALSE;

  return _md_identify_check_record (run, card, proof, error);
}

// What only looks like a certificate is none; a card that has one gave a wrong answer then.
gboolean
_md_identify_take_certificate (MdIdentityProof *proof, GBytes *der, const char *file,
                               GError **error)
{
  proof->certificate = md_certificate_new_from_der (der, NULL);
  if (proof->certificate == NULL)
    md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "%s is not a certificate", file);
  return proof->certificate != NULL;
}

static gboolean
read_certificate (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof,
                  GError **error)
{
  const Line *line = line_of (run);
  _md_identify_tell (run, MD_IDENTITY_STEP_CERTIFICATE, MD_IDENTITY_STEP_STARTED);
  if (line->closed && !verify (run, card, line->pin, error))
    return FALSE;
  g_autoptr (GBytes) der
      = md_mynumber_card_read_certificate (card, line->certificate, run->cancellable, error);
  if (der == NULL || !_md_identify_take_certificate (proof, der, line->file, error))
    return FALSE;
  if (run->request.way == MD_IDENTIFY_BY_SIGNATURE)
    _md_identity_proof_take_signer (proof, proof->certificate);
  _md_identify_tell (run, MD_IDENTITY_STEP_CERTIFICATE, MD_IDENTITY_STEP_PASSED);
  return TRUE;
}

// Path and profile; begins to ask about revocation when they hold. FALSE: the verdict stops here.
gboolean
_md_identify_check_path (const MdIdentifyRun *run, MdIdentityProof *proof)
{
  _md_identify_tell (run, MD_IDENTITY_STEP_PATH, MD_IDENTITY_STEP_STARTED);
  const gint64 now = proof->checked_at / G_USEC_PER_SEC;
  g_autoptr (MdVerdict) path = md_trust_check (run->trust, proof->certificate, NULL, now);
  if (md_verdict_get_status (path) != MD_VERDICT_VALID)
    {
      _md_identity_proof_set_pki (proof, path);
      _md_identify_tell (run, MD_IDENTITY_STEP_PATH, MD_IDENTITY_STEP_REFUSED);
      return FALSE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_PATH, MD_IDENTITY_STEP_PASSED);
  _md_identify_tell (run, MD_IDENTITY_STEP_REVOCATION, MD_IDENTITY_STEP_STARTED);
  g_autoptr (GBytes) nonce = md_presence_challenge_dup_ocsp_nonce (proof->challenge);
  _md_revocation_question_ask (run->question, path, nonce, now);
  return TRUE;
}

// What the signature certificate says of the person: that it can be read, and that the card's text
// says the same where that was read. FALSE: the verdict stops here.
static gboolean
check_holder (const MdIdentifyRun *run, MdIdentityProof *proof)
{
  if (!proof->by_signature)
    return TRUE;
  if (proof->holder == NULL)
    _md_identity_proof_set_verdict (proof, MD_IDENTITY_BAD_CERTIFICATE,
                                    "what the certificate says of its holder is not of its form");
  else if (!_md_identity_holder_fits (proof))
    _md_identity_proof_set_verdict (proof, MD_IDENTITY_BAD_DATA,
                                    "the text application is of another person or day than the "
                                    "signature certificate");
  else
    {
      _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_PASSED);
      return TRUE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_REFUSED);
  return FALSE;
}

// The card signs the challenge, and we check it against the certificate. FALSE with ERROR: the card
// could not; FALSE without: the signature does not fit.
static gboolean
sign_and_verify (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof,
                 GError **error)
{
  guint8 digest[MD_PRESENCE_DIGEST_MAX];
  const Line *line = line_of (run);
  const MdCardProfile *profile = _md_identity_profile_of (proof->certificate);
  _md_identify_tell (run, MD_IDENTITY_STEP_SIGN, MD_IDENTITY_STEP_STARTED);
  if (profile == NULL)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_UNSUPPORTED, "a key of another kind");
      return FALSE;
    }
  (void)md_presence_challenge_compute (proof->challenge, profile->hash, digest);
  if (!line->closed && !verify (run, card, line->pin, error))
    return FALSE;
  proof->signature
      = md_mynumber_card_sign (card, line->key, profile, digest, run->cancellable, error);
  if (proof->signature == NULL)
    {
      blame_pad (run, card, error);
      return FALSE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_SIGN, MD_IDENTITY_STEP_PASSED);
  _md_identify_tell (run, MD_IDENTITY_STEP_VERIFY, MD_IDENTITY_STEP_STARTED);
  if (!_md_identity_challenge_is_signed (proof->challenge, proof->certificate, proof->signature))
    {
      _md_identity_proof_set_verdict (proof, MD_IDENTITY_BAD_PROOF,
                                      "the challenge's signature does not fit the certificate");
      _md_identify_tell (run, MD_IDENTITY_STEP_VERIFY, MD_IDENTITY_STEP_REFUSED);
      return FALSE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_VERIFY, MD_IDENTITY_STEP_PASSED);
  return TRUE;
}

gboolean
_md_identify_read_last_day (const MdIdentifyRun *run, MdMyNumberCard *card, char *out_day,
                            GError **error)
{
  MdCardCommon common = { 0 };
  gboolean read = md_mynumber_card_read_common (card, &common, run->cancellable, error);
  if (read)
    g_strlcpy (out_day, common.expiry, sizeof common.expiry);
  md_wipe (&common, sizeof common);
  return read;
}

// A certificate near its end, or over it: the card is asked for its own last day, since the two are
// renewed in different ways. It is not asked otherwise (a certificate never outlives its card), and
// an identification does not fail for it. FALSE: cancelled.
static gboolean
judge_card_life (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof,
                 gboolean *out_asked, GError **error)
{
  MdIdentityLife life;
  g_autoptr (GError) local_error = NULL;
  md_identity_proof_get_certificate_life (proof, run->request.renewal_months, &life);
  if (proof->verdict != MD_IDENTITY_EXPIRED && (!*out_asked || life.state != MD_CARD_EXPIRY_SOON))
    return TRUE;
  if (!_md_identify_read_last_day (run, card, proof->card_expiry, &local_error))
    {
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  md_identity_proof_get_card_life (proof, 0, &life);
  if (life.state == MD_CARD_EXPIRY_PAST)
    {
      _md_identity_proof_set_verdict (proof, MD_IDENTITY_CARD_EXPIRED, "the card's last day");
      _md_identify_tell (run, MD_IDENTITY_STEP_PATH, MD_IDENTITY_STEP_REFUSED);
      *out_asked = FALSE;
    }
  return TRUE;
}

MdIdentityProof *
_md_identify_by_pin (const MdIdentifyRun *run, MdCardConnection *connection, gboolean *out_asked,
                     GError **error)
{
  g_autoptr (MdIdentityProof) proof = _md_identity_proof_new (run->request.challenge);
  proof->checked_at = md_clock_get_wall_us (run->clock);
  *out_asked = FALSE;

  _md_identify_tell (run, MD_IDENTITY_STEP_RECOGNISE, MD_IDENTITY_STEP_STARTED);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, run->cancellable, error);
  if (card == NULL)
    return NULL;
  _md_identify_tell (run, MD_IDENTITY_STEP_RECOGNISE, MD_IDENTITY_STEP_PASSED);
  if (!check_tries (run, card, error) || !read_person (run, card, proof, error))
    return NULL;
  if (proof->verdict == MD_IDENTITY_BAD_DATA)
    return g_steal_pointer (&proof);
  if (!read_certificate (run, card, proof, error))
    return NULL;

  g_autoptr (GError) local_error = NULL;
  if (_md_identify_check_path (run, proof) && check_holder (run, proof))
    *out_asked = sign_and_verify (run, card, proof, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return judge_card_life (run, card, proof, out_asked, error) ? g_steal_pointer (&proof) : NULL;
}

MdIdentityProof *
_md_identify_with_card (const MdIdentifyRun *run, MdCardConnection *connection, gboolean *out_asked,
                        GError **error)
{
  static MdIdentityProof *(*const ways[]) (const MdIdentifyRun *, MdCardConnection *, gboolean *,
                                           GError **)
      = { [MD_IDENTIFY_BY_PIN] = _md_identify_by_pin,
          [MD_IDENTIFY_AT_PAD] = _md_identify_by_pin,
          [MD_IDENTIFY_BY_SIGNATURE] = _md_identify_by_pin,
          [MD_IDENTIFY_BY_FACE] = _md_identify_by_face };
  return ways[run->request.way](run, connection, out_asked, error);
}

void
_md_identify_finish (MdIdentityProof *proof, MdRevocationQuestion *question)
{
  g_autoptr (MdVerdict) verdict = _md_revocation_question_wait (question);
  _md_identity_proof_set_pki (proof, verdict);
  if (proof->face != NULL)
    _md_identity_face_settle (proof);
}

MdIdentityStepState
_md_identify_revocation_state (const MdIdentityProof *proof)
{
  static const MdIdentityStepState states[] = {
    [MD_IDENTITY_PROCEED] = MD_IDENTITY_STEP_PASSED,
    [MD_IDENTITY_PROCEED_DEFERRED] = MD_IDENTITY_STEP_DEFERRED,
    [MD_IDENTITY_STOP] = MD_IDENTITY_STEP_REFUSED,
  };
  return states[md_identity_verdict_get_permission (proof->face != NULL ? proof->face->card
                                                                        : proof->verdict)];
}

gboolean
md_card_inspection_is_face_card (const MdCardInspection *self)
{
  return self->tries_auth == 0 && self->tries_text == 0 && !self->has_sign_certificate
         && (self->tries_sign == 0 || self->tries_sign == MD_CARD_TRIES_NONE)
         && !md_card_inspection_is_phone (self);
}

gboolean
md_card_inspection_is_phone (const MdCardInspection *self)
{
  return self->token == MD_TOKEN_ANDROID || self->token == MD_TOKEN_IPHONE;
}

MdCardWay
md_card_inspection_get_way (const MdCardInspection *self)
{
  if (self->has_auth_certificate
      && (self->tries_auth > 0 || self->tries_auth == MD_CARD_TRIES_UNKNOWN))
    return MD_CARD_WAY_PIN;
  return md_card_inspection_is_phone (self) ? MD_CARD_WAY_OTHER : MD_CARD_WAY_FACE;
}
