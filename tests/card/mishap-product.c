// SPDX-License-Identifier: Apache-2.0
#include "mishap-product.h"

#include "ward.h"

#include <md-identify-private.h>

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

static MdSecret *
ref_or_null (MdSecret *secret)
{
  return secret != NULL ? md_secret_ref (secret) : NULL;
}

MdIdentifyRequest
mishap_product_get_request (MishapProduct *self, const MishapWords *words)
{
  static const MdIdentifyWay ways[] = { [DRIVE_PIN] = MD_IDENTIFY_BY_PIN,
                                        [DRIVE_PAD] = MD_IDENTIFY_AT_PAD,
                                        [DRIVE_SIGN] = MD_IDENTIFY_BY_SIGNATURE,
                                        [DRIVE_FACE] = MD_IDENTIFY_BY_FACE };
  MdIdentifyRequest request = { .challenge = md_presence_challenge_ref (self->challenge),
                                .read_number = TRUE,
                                .confirmed = words->confirmed ? ~0u : 0,
                                .renewal_months = 3 };
  request.way = ways[words->drive];
  if (words->drive == DRIVE_PIN)
    {
      request.pin.text = ref_or_null (words->text);
      request.pin.auth = ref_or_null (words->auth);
    }
  else if (words->drive == DRIVE_SIGN)
    {
      request.signature.text = ref_or_null (words->text);
      request.signature.password = ref_or_null (words->password);
    }
  else if (words->drive == DRIVE_FACE)
    {
      request.face.front = ref_or_null (words->front);
      request.face.back = ref_or_null (words->back);
    }
  return request;
}

static void
note_step (MdIdentityStep step, MdIdentityStepState state, gpointer data)
{
  static const char marks[] = { [MD_IDENTITY_STEP_STARTED] = '(',
                                [MD_IDENTITY_STEP_PASSED] = ')',
                                [MD_IDENTITY_STEP_DEFERRED] = '~',
                                [MD_IDENTITY_STEP_REFUSED] = '!',
                                [MD_IDENTITY_STEP_SKIPPED] = '-' };
  g_string_append_printf (data, "%c%c", 'a' + (int)step, marks[state]);
}

// As the product with its fault fails.
static void
spoil_error (MishapProduct *self, GString *told, GError **error)
{
  if (error == NULL || *error == NULL)
    return;
  if (self->fault == PRODUCT_BELIEVES_PAD
      && g_error_matches (*error, MD_CARD_ERROR, MD_CARD_ERROR_PAD_FAILED))
    {
      g_clear_error (error);
      md_card_error_set (error, MD_CARD_ERROR_PIN_WRONG);
    }
  if (self->fault == PRODUCT_TELLS_TOO_MUCH && told->len > 0 && told->str[told->len - 1] == '(')
    told->str[told->len - 1] = '-';
}

MdIdentityProof *
mishap_product_run (MishapProduct *self, MdCardConnection *connection, const MishapWords *words,
                    GString *told, GError **error)
{
  MdIdentifyRequest request = mishap_product_get_request (self, words);
  const MdIdentifyListener listener = { note_step, told };
  MdIdentityProof *proof = _md_identifier_identify_telling (self->identifier, connection, &request,
                                                            &listener, NULL, error);
  md_identify_request_clear (&request);
  spoil_error (self, told, error);
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
                  { PRODUCT_TAKES_ANY_SIGNER, MD_IDENTITY_BAD_DATA },
                  { PRODUCT_IGNORES_PROOF, MD_IDENTITY_BAD_PROOF },
                  { PRODUCT_IGNORES_ISSUER, MD_IDENTITY_BAD_CERTIFICATE } };
  for (gsize i = 0; i < G_N_ELEMENTS (ignored); i++)
    if (self->fault == ignored[i].fault && verdict == ignored[i].verdict)
      return mishap_product_get_clean (drive);
  return verdict;
}
