// SPDX-License-Identifier: Apache-2.0
#include "md-identity-reading.h"

#include "md-identity-proof-private.h"

struct _MdIdentityReading
{
  gatomicrefcount count;
  char *read_for; // id of the intake
  GBytes *certificate;
  MdCardAttributes *attributes;
  MdNumber *number; // or NULL
};

static gboolean
is_by_own_key (const MdIdentityProof *proof)
{
  return proof->papers == NULL && proof->face == NULL && !proof->by_signature
         && proof->certificate != NULL && proof->attributes != NULL
         && !md_identity_proof_is_of_filers_card (proof);
}

MdIdentityReading *
md_identity_reading_new (const MdIdentityProof *proof)
{
  g_return_val_if_fail (proof != NULL, NULL);
  if (!is_by_own_key (proof))
    return NULL;
  MdIdentityReading *self = g_new0 (MdIdentityReading, 1);
  g_atomic_ref_count_init (&self->count);
  self->read_for = g_strdup (proof->read_for != NULL
                                 ? proof->read_for
                                 : md_presence_challenge_get_parts (proof->challenge)->intake);
  self->certificate = g_bytes_ref (md_certificate_get_der (proof->certificate));
  self->attributes = md_card_attributes_ref (proof->attributes);
  self->number = proof->number != NULL ? md_number_ref (proof->number) : NULL;
  return self;
}

MdIdentityReading *
md_identity_reading_ref (MdIdentityReading *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_identity_reading_unref (MdIdentityReading *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  g_free (self->read_for);
  g_bytes_unref (self->certificate);
  md_card_attributes_unref (self->attributes);
  md_identity_reading_forget_number (self);
  g_free (self);
}

gboolean
md_identity_reading_has_number (const MdIdentityReading *self)
{
  return self->number != NULL;
}

void
md_identity_reading_forget_number (MdIdentityReading *self)
{
  g_clear_pointer (&self->number, md_number_unref);
}

gboolean
md_identity_proof_take_reading (MdIdentityProof *proof, MdIdentityReading *reading, gboolean number)
{
  g_return_val_if_fail (proof != NULL && reading != NULL, FALSE);
  if (proof->by_signature || proof->face != NULL || proof->papers != NULL
      || proof->attributes != NULL || proof->certificate == NULL
      || !g_bytes_equal (md_certificate_get_der (proof->certificate), reading->certificate))
    return FALSE;
  proof->attributes = md_card_attributes_ref (reading->attributes);
  if (number && reading->number != NULL)
    proof->number = md_number_ref (reading->number);
  proof->read_for = g_strdup (reading->read_for);
  return TRUE;
}

const char *
md_identity_proof_get_read_for (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->read_for;
}
