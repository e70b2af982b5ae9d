// SPDX-License-Identifier: Apache-2.0
// The flow without a PIN: what is printed on the card opens its face, the attributes and the
// number.
#include "md-identify-private.h"

#include "md-identity-proof-private.h"
#include "md-picture.h"

#include <string.h>

// One of the four ways in which what is printed is presented.
typedef struct
{
  MdCardPin pin;
  const MdSecret *secret; // NULL: not presented
} Printed;

// The face opens with either; the front is taken where both are there, since it opens more.
static void
list_printed (const MdIdentifyRun *run, Printed *out_face, Printed *out_front, Printed *out_back)
{
  const MdSecret *front = run->request.face.front;
  const MdSecret *back = run->request.face.back;
  *out_face = front != NULL ? (Printed){ MD_CARD_PIN_FACE_B, front }
                            : (Printed){ MD_CARD_PIN_FACE_A, back };
  *out_front = (Printed){ MD_CARD_PIN_TEXT_B, front };
  *out_back = (Printed){ MD_CARD_PIN_TEXT_A, back };
}

// Before anything is presented: whether it may be. The text application may be locked where the
// face is not; then it is left out.
static gboolean
check_printed (const MdIdentifyRun *run, MdMyNumberCard *card, Printed *printed, gboolean needed,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;
  if (printed->secret == NULL
      || md_mynumber_card_may_verify (card, printed->pin,
                                      _md_identify_get_flags (run, printed->pin), NULL,
                                      run->cancellable, &local_error))
    return TRUE;
  if (needed
      || (!g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED)
          && !g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  printed->secret = NULL;
  return TRUE;
}

static gboolean
present (const MdIdentifyRun *run, MdMyNumberCard *card, const Printed *printed, GError **error)
{
  return md_mynumber_card_verify (card, printed->pin, printed->secret,
                                  _md_identify_get_flags (run, printed->pin), run->cancellable,
                                  error);
}

static gboolean
decode_pictures (MdIdentityFace *face, const MdCardFace *source, GError **error)
{
  for (guint i = 0; i < MD_IDENTITY_PICTURES; i++)
    {
      const MdSecret *image = md_card_face_get_image (source, (MdCardImage)i);
      face->pictures[i]
          = md_picture_decode (md_secret_get_data (image), md_secret_get_size (image), error);
      if (face->pictures[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

// The last day, as the face says it or, where it does not, the common application.
static gboolean
find_expiry (const MdIdentifyRun *run, MdMyNumberCard *card, const MdCardFace *source,
             MdIdentityFace *face, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_strlcpy (face->expiry, md_card_face_get_expiry (source), sizeof face->expiry);
  if (face->expiry[0] != '\0')
    return TRUE;
  if (!_md_identify_read_last_day (run, card, face->expiry, &local_error)
      && !g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

// The face and who signed it. The pictures are decoded only when somebody we know did.
static gboolean
read_face (const MdIdentifyRun *run, MdMyNumberCard *card, const Printed *printed,
           MdIdentityProof *proof, GError **error)
{
  _md_identify_tell (run, MD_IDENTITY_STEP_FACE, MD_IDENTITY_STEP_STARTED);
  if (!present (run, card, printed, error))
    return FALSE;
  g_autoptr (MdCardFace) source = md_mynumber_card_read_face (card, run->cancellable, error);
  MdIdentityFace *face = proof->face;
  if (source == NULL
      || !md_mynumber_card_read_face_issuer (card, &face->issuer, run->cancellable, error)
      || !find_expiry (run, card, source, face, error))
    return FALSE;
  md_card_face_digests_of (source, &face->digests);
  g_strlcpy (face->birth, md_card_face_get_birth (source), sizeof face->birth);
  face->sex = md_card_face_get_sex (source);
  MdIdentityVerdict verdict
      = _md_identity_face_judge_card (face, run->authorities, proof->checked_at);
  _md_identity_proof_set_verdict (proof, verdict,
                                  verdict == MD_IDENTITY_VALID ? NULL : "the card's face");
  if (verdict == MD_IDENTITY_VALID && !decode_pictures (face, source, error))
    return FALSE;
  _md_identify_tell (run, MD_IDENTITY_STEP_FACE,
                     verdict == MD_IDENTITY_VALID ? MD_IDENTITY_STEP_PASSED
                                                  : MD_IDENTITY_STEP_REFUSED);
  return TRUE;
}

// The attributes as text, which the front opens; they must be those of the face.
static gboolean
read_attributes (const MdIdentifyRun *run, MdMyNumberCard *card, const Printed *printed,
                 MdIdentityProof *proof, GError **error)
{
  if (printed->secret == NULL)
    {
      _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_SKIPPED);
      return TRUE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_STARTED);
  if (!present (run, card, printed, error))
    return FALSE;
  proof->attributes = md_mynumber_card_read_attributes (card, run->cancellable, error);
  if (proof->attributes == NULL)
    return FALSE;
  if (strcmp (md_card_attributes_get_birth (proof->attributes), proof->face->birth) != 0
      || md_card_attributes_get_sex (proof->attributes) != proof->face->sex)
    {
      _md_identity_proof_set_verdict (proof, MD_IDENTITY_BAD_DATA,
                                      "face and attributes are of two persons");
      _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_REFUSED);
      return TRUE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_ATTRIBUTES, MD_IDENTITY_STEP_PASSED);
  return TRUE;
}

// The number, which the back opens; then what was read against the card's record of it.
static gboolean
read_number (const MdIdentifyRun *run, MdMyNumberCard *card, const Printed *printed,
             MdIdentityProof *proof, GError **error)
{
  if (printed->secret == NULL)
    {
      _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_SKIPPED);
      return TRUE;
    }
  _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_STARTED);
  if (!present (run, card, printed, error))
    return FALSE;
  g_autoptr (MdSecret) digits = md_mynumber_card_read_number (card, run->cancellable, error);
  proof->number = digits != NULL ? md_individual_number_parse (digits, error) : NULL;
  if (proof->number == NULL)
    return FALSE;
  _md_identify_tell (run, MD_IDENTITY_STEP_NUMBER, MD_IDENTITY_STEP_PASSED);
  return TRUE;
}

// The certificate can be read without a PIN: it tells whether the card was reported lost. One that
// is missing or over its time tells nothing, and the card is as good without it.
static gboolean
ask_certificate (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof,
                 gboolean *out_asked, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) der = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH,
                                                              run->cancellable, &local_error);
  if (der == NULL && !g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (der != NULL && !_md_identify_take_certificate (proof, der, "EF 000A", error))
    return FALSE;
  if (proof->certificate != NULL && _md_identify_check_path (run, proof))
    *out_asked = TRUE;
  else if (proof->certificate == NULL || proof->verdict == MD_IDENTITY_EXPIRED
           || proof->verdict == MD_IDENTITY_NOT_YET_VALID)
    {
      g_clear_pointer (&proof->certificate, md_certificate_unref);
      _md_identity_proof_set_verdict (proof, MD_IDENTITY_VALID, NULL);
      _md_identify_tell (run, MD_IDENTITY_STEP_PATH, MD_IDENTITY_STEP_SKIPPED);
      _md_identify_tell (run, MD_IDENTITY_STEP_REVOCATION, MD_IDENTITY_STEP_SKIPPED);
    }
  return TRUE;
}

static gboolean
passes (const MdIdentityProof *proof)
{
  return proof->verdict == MD_IDENTITY_VALID;
}

static gboolean
look (const MdIdentifyRun *run, MdMyNumberCard *card, MdIdentityProof *proof, gboolean *out_asked,
      GError **error)
{
  Printed face, front, back;
  list_printed (run, &face, &front, &back);
  _md_identify_tell (run, MD_IDENTITY_STEP_TRIES, MD_IDENTITY_STEP_STARTED);
  if (!check_printed (run, card, &face, TRUE, error)
      || !check_printed (run, card, &front, FALSE, error)
      || !check_printed (run, card, &back, FALSE, error))
    return FALSE;
  _md_identify_tell (run, MD_IDENTITY_STEP_TRIES, MD_IDENTITY_STEP_PASSED);
  if (!read_face (run, card, &face, proof, error))
    return FALSE;
  if (passes (proof) && !read_attributes (run, card, &front, proof, error))
    return FALSE;
  if (passes (proof) && !read_number (run, card, &back, proof, error))
    return FALSE;
  if (passes (proof) && (front.secret != NULL || back.secret != NULL)
      && !_md_identify_check_record (run, card, proof, error))
    return FALSE;
  return !passes (proof) || ask_certificate (run, card, proof, out_asked, error);
}

MdIdentityProof *
_md_identify_by_face (const MdIdentifyRun *run, MdCardConnection *connection, gboolean *out_asked,
                      GError **error)
{
  g_autoptr (MdIdentityProof) proof = _md_identity_proof_new (run->request.challenge);
  g_autoptr (GError) local_error = NULL;
  proof->checked_at = md_clock_get_wall_us (run->clock);
  proof->face = g_new0 (MdIdentityFace, 1);
  *out_asked = FALSE;
  _md_identify_tell (run, MD_IDENTITY_STEP_RECOGNISE, MD_IDENTITY_STEP_STARTED);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, run->cancellable, error);
  if (card == NULL || !md_mynumber_card_recognise (card, run->cancellable, error))
    return NULL;
  _md_identify_tell (run, MD_IDENTITY_STEP_RECOGNISE, MD_IDENTITY_STEP_PASSED);
  if (!look (run, card, proof, out_asked, &local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (!*out_asked)
    _md_identity_face_settle (proof);
  return g_steal_pointer (&proof);
}

gboolean
_md_identify_ask_printed (MdMyNumberCard *card, int *out_front, int *out_back,
                          GCancellable *cancellable, GError **error)
{
  return _md_identify_ask_tries (card, MD_CARD_PIN_FACE_B, out_front, cancellable, error)
         && _md_identify_ask_tries (card, MD_CARD_PIN_FACE_A, out_back, cancellable, error);
}
