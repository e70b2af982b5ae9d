// SPDX-License-Identifier: Apache-2.0
#include "mishap-product.h"

#include "ward.h"

struct _MishapProduct
{
  MdIdentifier *identifier;
  MdPresenceChallenge *challenge;
  ProductFault fault;
};

MishapProduct *
mishap_product_new (void)
{
  MishapProduct *self = g_new0 (MishapProduct, 1);
  self->identifier = ward_counter_identifier ();
  self->challenge = ward_challenge ();
  return self;
}

void
mishap_product_free (MishapProduct *self)
{
  g_object_unref (self->identifier);
  md_presence_challenge_unref (self->challenge);
  g_free (self);
}

MdIdentifier *
mishap_product_get_identifier (MishapProduct *self)
{
  return self->identifier;
}

MdIdentifyRequest
mishap_product_get_request (MishapProduct *self, const MishapWords *words)
{
  MdIdentifyRequest request = { .challenge = md_presence_challenge_ref (self->challenge),
                                .read_number = TRUE,
                                .confirmed = words->confirmed ? ~0u : 0,
                                .renewal_months = 3 };
  if (words->drive == DRIVE_PIN)
    {
      request.way = MD_IDENTIFY_BY_PIN;
      request.pin.text = md_secret_ref (words->text);
      request.pin.auth = md_secret_ref (words->auth);
      return request;
    }
  request.way = MD_IDENTIFY_BY_FACE;
  if (words->front != NULL)
    request.face.front = md_secret_ref (words->front);
  if (words->back != NULL)
    request.face.back = md_secret_ref (words->back);
  return request;
}

MdIdentityProof *
mishap_product_run (MishapProduct *self, MdCardConnection *connection, const MishapWords *words,
                    GError **error)
{
  MdIdentifyRequest request = mishap_product_get_request (self, words);
  MdIdentityProof *proof
      = md_identifier_identify (self->identifier, connection, &request, NULL, error);
  md_identify_request_clear (&request);
  return proof;
}

MdIdentityVerdict
mishap_product_get_clean (Drive drive)
{
  return drive == DRIVE_FACE ? MD_IDENTITY_FACE_UNSURE : MD_IDENTITY_VALID;
}

void
mishap_product_set_fault (MishapProduct *self, ProductFault fault)
{
  g_object_unref (self->identifier);
  self->identifier = ward_counter_identifier ();
  self->fault = fault;
  if (fault == PRODUCT_KNOWS_NOBODY)
    md_identifier_set_card_authorities (self->identifier, NULL);
}

MdIdentityVerdict
mishap_product_judge (MishapProduct *self, Drive drive, MdIdentityVerdict verdict)
{
  static const struct
  {
    ProductFault fault;
    MdIdentityVerdict verdict;
  } ignored[] = { { PRODUCT_IGNORES_RECORD, MD_IDENTITY_BAD_DATA },
                  { PRODUCT_IGNORES_PROOF, MD_IDENTITY_BAD_PROOF },
                  { PRODUCT_IGNORES_ISSUER, MD_IDENTITY_BAD_CERTIFICATE } };
  for (gsize i = 0; i < G_N_ELEMENTS (ignored); i++)
    if (self->fault == ignored[i].fault && verdict == ignored[i].verdict)
      return mishap_product_get_clean (drive);
  return verdict;
}
