// SPDX-License-Identifier: Apache-2.0
#include "md-card-flow.h"

typedef gboolean (*FlowFunc) (MdMyNumberCard *card, const MdCardFlowRequest *request,
                              MdCardFlowResult *result, GCancellable *cancellable, GError **error);

void
md_card_flow_result_free (MdCardFlowResult *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->attributes, md_card_attributes_unref);
  g_clear_pointer (&self->number, md_secret_unref);
  g_clear_pointer (&self->face, md_card_face_unref);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
  md_wipe (self, sizeof *self);
  g_free (self);
}

static gboolean
present (MdMyNumberCard *card, const MdCardFlowRequest *request, GCancellable *cancellable,
         GError **error)
{
  return md_mynumber_card_verify (card, request->pin, request->secret, request->flags, cancellable,
                                  error);
}

// A card may lack the record, or keep it from who opened with 照合番号B; that is no failure.
static gboolean
is_bearable (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
}

static gboolean
read_record (MdMyNumberCard *card, const MdCardFlowRequest *request, MdCardFlowResult *result,
             GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  result->has_integrity
      = md_mynumber_card_read_integrity (card, &result->integrity, cancellable, &local_error);
  if (!result->has_integrity && is_bearable (local_error))
    return TRUE;
  if (!result->has_integrity)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  result->integrity_check
      = md_mynumber_card_compare_integrity (card, &result->integrity, result->attributes);
  if (!request->with_issuer)
    return TRUE;
  result->has_issuer
      = md_mynumber_card_read_text_issuer (card, &result->issuer, cancellable, error);
  return result->has_issuer;
}

static gboolean
run_attributes (MdMyNumberCard *card, const MdCardFlowRequest *request, MdCardFlowResult *result,
                GCancellable *cancellable, GError **error)
{
  if (!present (card, request, cancellable, error))
    return FALSE;
  result->attributes = md_mynumber_card_read_attributes (card, cancellable, error);
  return result->attributes != NULL && read_record (card, request, result, cancellable, error);
}

static gboolean
run_number (MdMyNumberCard *card, const MdCardFlowRequest *request, MdCardFlowResult *result,
            GCancellable *cancellable, GError **error)
{
  if (!present (card, request, cancellable, error))
    return FALSE;
  result->number = md_mynumber_card_read_number (card, cancellable, error);
  return result->number != NULL && read_record (card, request, result, cancellable, error);
}

static gboolean
run_face (MdMyNumberCard *card, const MdCardFlowRequest *request, MdCardFlowResult *result,
          GCancellable *cancellable, GError **error)
{
  if (!present (card, request, cancellable, error))
    return FALSE;
  result->face = md_mynumber_card_read_face (card, cancellable, error);
  if (result->face == NULL || !request->with_issuer)
    return result->face != NULL;
  result->has_issuer
      = md_mynumber_card_read_face_issuer (card, &result->issuer, cancellable, error);
  return result->has_issuer;
}

// The certificate comes first: without one, no PIN needs to be presented.
static gboolean
run_authenticate (MdMyNumberCard *card, const MdCardFlowRequest *request, MdCardFlowResult *result,
                  GCancellable *cancellable, GError **error)
{
  result->certificate
      = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, cancellable, error);
  if (result->certificate == NULL || !present (card, request, cancellable, error))
    return FALSE;
  result->signature = md_mynumber_card_sign (card, MD_CARD_KEY_AUTH, request->profile,
                                             request->digest, cancellable, error);
  return result->signature != NULL;
}

// Here the certificate itself is behind the password.
static gboolean
run_sign (MdMyNumberCard *card, const MdCardFlowRequest *request, MdCardFlowResult *result,
          GCancellable *cancellable, GError **error)
{
  if (!present (card, request, cancellable, error))
    return FALSE;
  result->certificate
      = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_SIGN, cancellable, error);
  if (result->certificate == NULL)
    return FALSE;
  result->signature = md_mynumber_card_sign (card, MD_CARD_KEY_SIGN, request->profile,
                                             request->digest, cancellable, error);
  return result->signature != NULL;
}

static const struct
{
  FlowFunc run;
  guint pins; // bits of MdCardPin
  gboolean signs;
} flows[] = {
  [MD_CARD_FLOW_ATTRIBUTES] = { run_attributes, 1u << MD_CARD_PIN_TEXT | 1u << MD_CARD_PIN_TEXT_B },
  [MD_CARD_FLOW_NUMBER] = { run_number, 1u << MD_CARD_PIN_TEXT | 1u << MD_CARD_PIN_TEXT_A },
  [MD_CARD_FLOW_FACE] = { run_face, 1u << MD_CARD_PIN_FACE_A | 1u << MD_CARD_PIN_FACE_B },
  [MD_CARD_FLOW_AUTHENTICATE] = { run_authenticate, 1u << MD_CARD_PIN_AUTH, TRUE },
  [MD_CARD_FLOW_SIGN] = { run_sign, 1u << MD_CARD_PIN_SIGN, TRUE },
};

// 住基カード, the card of before 2016, has the JPKI application under the same identifier, and at
// most one certificate. It shows by what it lacks, so sound cards are not asked for their label.
static gboolean
is_old_card (MdMyNumberCard *card, const GError *error, GCancellable *cancellable)
{
  MdTokenKind kind = MD_TOKEN_UNKNOWN;
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
         && md_mynumber_card_read_token (card, &kind, NULL, cancellable, NULL)
         && kind == MD_TOKEN_OLD_CARD;
}

MdCardFlowResult *
md_card_flow_run (MdCardFlow flow, MdCardConnection *connection, const MdCardFlowRequest *request,
                  GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (flow < G_N_ELEMENTS (flows) && request != NULL, NULL);
  g_return_val_if_fail ((flows[flow].pins & 1u << request->pin) != 0, NULL);
  g_return_val_if_fail (request->secret != NULL, NULL);
  g_return_val_if_fail (!flows[flow].signs || (request->profile != NULL && request->digest != NULL),
                        NULL);

  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, cancellable, error);
  if (card == NULL)
    return NULL;
  g_autoptr (MdCardFlowResult) result = g_new0 (MdCardFlowResult, 1);
  g_autoptr (GError) local_error = NULL;
  if (flows[flow].run (card, request, result, cancellable, &local_error))
    return g_steal_pointer (&result);
  if (is_old_card (card, local_error, cancellable))
    md_card_error_set_detail (error, MD_CARD_ERROR_UNKNOWN_CARD, "an older card with JPKI");
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

MdCardFlowResult *
md_card_flow_run_on (MdCardFlow flow, MdCardBackend *backend, const char *reader,
                     const MdCardFlowRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (backend, reader, cancellable, error);
  if (connection == NULL)
    return NULL;
  md_card_connection_set_memory (connection, request->memory);
  md_card_connection_set_clock (connection, request->clock);
  MdCardFlowResult *result = md_card_flow_run (flow, connection, request, cancellable, error);
  md_card_connection_close (connection);
  return result;
}
