// SPDX-License-Identifier: Apache-2.0
#include "md-identify-request.h"

#define N_SECRETS 2

// Where the secrets of its way stand in SELF; NULL where there is no such place.
static void
find_secrets (MdIdentifyRequest *self, MdSecret ***out_places)
{
  gboolean by_pin = self->way == MD_IDENTIFY_BY_PIN;
  gboolean by_signature = self->way == MD_IDENTIFY_BY_SIGNATURE;
  gboolean by_face = self->way == MD_IDENTIFY_BY_FACE;
  out_places[0] = by_pin         ? &self->pin.text
                  : by_signature ? &self->signature.text
                  : by_face      ? &self->face.front
                                 : NULL;
  out_places[1] = by_pin         ? &self->pin.auth
                  : by_signature ? &self->signature.password
                  : by_face      ? &self->face.back
                                 : NULL;
}

MdSecret *
md_identify_request_get_pin (const MdIdentifyRequest *self, MdCardPin pin)
{
  if (self->way == MD_IDENTIFY_BY_SIGNATURE)
    return pin == MD_CARD_PIN_TEXT   ? self->signature.text
           : pin == MD_CARD_PIN_SIGN ? self->signature.password
                                     : NULL;
  if (self->way != MD_IDENTIFY_BY_PIN)
    return NULL;
  return pin == MD_CARD_PIN_TEXT ? self->pin.text : pin == MD_CARD_PIN_AUTH ? self->pin.auth : NULL;
}

void
md_identify_request_copy (const MdIdentifyRequest *self, MdIdentifyRequest *out_copy)
{
  MdSecret **places[N_SECRETS];
  *out_copy = *self;
  (void)md_presence_challenge_ref (out_copy->challenge);
  find_secrets (out_copy, places);
  for (guint i = 0; i < N_SECRETS; i++)
    if (places[i] != NULL && *places[i] != NULL)
      (void)md_secret_ref (*places[i]);
}

void
md_identify_request_forget (MdIdentifyRequest *self)
{
  MdSecret **places[N_SECRETS];
  find_secrets (self, places);
  for (guint i = 0; i < N_SECRETS; i++)
    if (places[i] != NULL)
      g_clear_pointer (places[i], md_secret_unref);
}

void
md_identify_request_clear (MdIdentifyRequest *self)
{
  md_identify_request_forget (self);
  g_clear_pointer (&self->challenge, md_presence_challenge_unref);
}

gboolean
md_identify_request_is_whole (const MdIdentifyRequest *self)
{
  if (self == NULL || self->challenge == NULL)
    return FALSE;
  if (self->way == MD_IDENTIFY_BY_FACE)
    return self->face.front != NULL || self->face.back != NULL;
  if (self->way == MD_IDENTIFY_BY_SIGNATURE)
    return self->signature.password != NULL;
  return self->way == MD_IDENTIFY_AT_PAD || self->pin.auth != NULL;
}
