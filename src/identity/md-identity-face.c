// SPDX-License-Identifier: Apache-2.0
// The proof by the card's face: the clerk's answer, what is kept of it, and how it is judged again.
#include "md-identity-face.h"

#include "md-identity-proof-private.h"

#include "md-card-origin.h"
#include <string.h>

#define ISSUER_SIZE (5 + 297 + 5 + 256) // its two elements, as the card has them

static const char *const answers[] = {
  [MD_FACE_ANSWER_NONE] = "none",
  [MD_FACE_ANSWER_SAME] = "same",
  [MD_FACE_ANSWER_OTHER] = "other",
  [MD_FACE_ANSWER_UNSURE] = "unsure",
};

const char *
md_face_answer_to_string (MdFaceAnswer answer)
{
  g_return_val_if_fail (answer < G_N_ELEMENTS (answers), NULL);
  return answers[answer];
}

gboolean
md_face_answer_from_string (const char *text, MdFaceAnswer *out_answer)
{
  const int row = MD_TABLE_ROW (answers, text);

  if (row >= 0)
    *out_answer = (MdFaceAnswer)row;
  return row >= 0;
}

static void
drop_pictures (MdIdentityFace *face)
{
  for (guint i = 0; i < G_N_ELEMENTS (face->pictures); i++)
    g_clear_pointer (&face->pictures[i], md_picture_unref);
}

void
_md_identity_face_free (MdIdentityFace *face)
{
  if (face == NULL)
    return;
  drop_pictures (face);
  md_wipe (face, sizeof *face);
  g_free (face);
}

// The card first; then what the clerk saw.
static MdIdentityVerdict
judge (MdIdentityVerdict card, MdFaceAnswer answer)
{
  static const MdIdentityVerdict verdicts[] = {
    [MD_FACE_ANSWER_NONE] = MD_IDENTITY_FACE_UNSURE,
    [MD_FACE_ANSWER_SAME] = MD_IDENTITY_FACE,
    [MD_FACE_ANSWER_OTHER] = MD_IDENTITY_FACE_OTHER,
    [MD_FACE_ANSWER_UNSURE] = MD_IDENTITY_FACE_UNSURE,
  };
  if (md_identity_verdict_get_permission (card) == MD_IDENTITY_STOP)
    return card;
  return answer == MD_FACE_ANSWER_SAME && card != MD_IDENTITY_VALID ? card : verdicts[answer];
}

void
_md_identity_face_settle (MdIdentityProof *self)
{
  self->face->card = self->verdict;
  self->verdict = judge (self->face->card, self->face->answer);
  if (md_identity_verdict_get_permission (self->face->card) == MD_IDENTITY_STOP)
    drop_pictures (self->face);
}

gboolean
md_identity_proof_awaits_answer (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->face != NULL && self->face->answer == MD_FACE_ANSWER_NONE
         && md_identity_verdict_get_permission (self->face->card) != MD_IDENTITY_STOP;
}

void
md_identity_proof_answer (MdIdentityProof *self, MdFaceAnswer answer)
{
  g_return_if_fail (self != NULL && md_identity_proof_awaits_answer (self));
  self->face->answer = answer;
  self->verdict = judge (self->face->card, answer);
  drop_pictures (self->face);
}

MdPicture *
md_identity_proof_get_picture (const MdIdentityProof *self, MdCardImage which)
{
  g_return_val_if_fail (self != NULL && which < MD_IDENTITY_PICTURES, NULL);
  return self->face != NULL ? self->face->pictures[which] : NULL;
}

const char *
md_identity_proof_get_expiry (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, "");
  return self->face != NULL ? self->face->expiry : self->card_expiry;
}

const char *
md_identity_proof_get_face_birth (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->face != NULL ? self->face->birth : NULL;
}

MdCardSex
md_identity_proof_get_face_sex (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, MD_CARD_SEX_UNKNOWN);
  return self->face != NULL ? self->face->sex : MD_CARD_SEX_UNKNOWN;
}

// --- What is kept: no picture, and enough to see again that the office's signature fits ---

static void
set_data (MdRecord *object, const char *name, gconstpointer data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autofree char *base64 = md_base64_encode (bytes);
  md_record_set_text (object, name, base64);
}

MdRecord *
_md_identity_face_to_json (const MdIdentityFace *face)
{
  MdRecord *object = md_record_new_object ();
  guint8 issuer[ISSUER_SIZE];
  memcpy (issuer, "\x5f\x4e\x82\x01\x29", 5);
  memcpy (issuer + 5, face->issuer.signed_part, 297);
  memcpy (issuer + 302, "\x5f\x37\x82\x01\x00", 5);
  memcpy (issuer + 307, face->issuer.signature, 256);
  md_record_set_text (object, "answer", md_face_answer_to_string (face->answer));
  md_record_set_text (object, "expiry", face->expiry);
  set_data (object, "digests", face->digests.parts, sizeof face->digests.parts);
  set_data (object, "digest", face->digests.whole, sizeof face->digests.whole);
  set_data (object, "signature", face->digests.signature, sizeof face->digests.signature);
  set_data (object, "issuer", issuer, sizeof issuer);
  return object;
}

static gboolean
get_data (const MdRecord *object, const char *name, guint8 *out_data, gsize size)
{
  const char *text = md_record_get_text (object, name);
  g_autoptr (GBytes) bytes = text != NULL ? md_base64_decode (text, size, NULL) : NULL;
  if (bytes == NULL || g_bytes_get_size (bytes) != size)
    return FALSE;
  memcpy (out_data, g_bytes_get_data (bytes, NULL), size);
  return TRUE;
}

gboolean
_md_identity_face_from_json (MdIdentityProof *self, const MdRecord *object)
{
  MdIdentityFace *face = self->face = g_new0 (MdIdentityFace, 1);
  guint8 issuer[ISSUER_SIZE];
  const char *expiry = md_record_get_text (object, "expiry");
  if (expiry == NULL || (*expiry != '\0' && !md_digits_is (expiry, sizeof face->expiry - 1)))
    return FALSE;
  g_strlcpy (face->expiry, expiry, sizeof face->expiry);
  face->card = self->verdict;
  return md_face_answer_from_string (md_record_get_text (object, "answer"), &face->answer)
         && get_data (object, "digests", face->digests.parts, sizeof face->digests.parts)
         && get_data (object, "digest", face->digests.whole, sizeof face->digests.whole)
         && get_data (object, "signature", face->digests.signature, sizeof face->digests.signature)
         && get_data (object, "issuer", issuer, sizeof issuer)
         && md_card_parse_issuer (issuer, sizeof issuer, &face->issuer, NULL);
}

// --- Judged: by the terminal, and again years later ---

MdIdentityVerdict
_md_identity_face_judge_card (const MdIdentityFace *face, const MdCardAuthorities *authorities,
                              gint64 moment_us)
{
  static const MdIdentityVerdict origins[] = {
    [MD_CARD_ORIGIN_GENUINE] = MD_IDENTITY_VALID,
    [MD_CARD_ORIGIN_UNANCHORED] = MD_IDENTITY_UNTRUSTED_ISSUER,
    [MD_CARD_ORIGIN_FORGED] = MD_IDENTITY_BAD_DATA,
  };
  MdIdentityVerdict verdict
      = origins[md_card_origin_of_digests (authorities, &face->digests, &face->issuer)];
  MdDate day;
  md_date_from_wall_us (moment_us, &day);
  if (verdict == MD_IDENTITY_VALID
      && md_card_expiry_judge (face->expiry, &day, 0) == MD_CARD_EXPIRY_PAST)
    verdict = MD_IDENTITY_CARD_EXPIRED;
  return verdict;
}

MdIdentityVerdict
_md_identity_face_recheck (const MdIdentityProof *self, const MdTrust *trust,
                           const MdCardAuthorities *authorities)
{
  MdIdentityVerdict card = _md_identity_face_judge_card (self->face, authorities, self->checked_at);
  if (card == MD_IDENTITY_VALID && self->certificate != NULL)
    card = _md_identity_recheck_certificate (self, trust);
  return judge (card, self->face->answer);
}
