// SPDX-License-Identifier: Apache-2.0
// 公的個人認証: certificates, keys, token.
#include "md-mynumber-jpki.h"

#include "md-card-status.h"
#include "md-mynumber-private.h"

#include <string.h>

#define EF_TOKEN 0x0006
#define EF_FLAGS 0x0008
#define EF_AUTH_CERTIFICATE 0x000a
#define LABEL_SIZE 32
#define MAX_INPUT 255

// PIN: which one the card may ask for. Sources differ on the authority of signatures: most read its
// certificate freely, one presents the password first.
static const struct
{
  guint16 ef;
  MdCardPin pin;
} certificates[] = {
  [MD_CARD_CERTIFICATE_AUTH] = { EF_AUTH_CERTIFICATE, MD_CARD_PIN_NONE },
  [MD_CARD_CERTIFICATE_AUTH_CA] = { 0x000b, MD_CARD_PIN_NONE },
  [MD_CARD_CERTIFICATE_SIGN] = { 0x0001, MD_CARD_PIN_SIGN },
  [MD_CARD_CERTIFICATE_SIGN_CA] = { 0x0002, MD_CARD_PIN_SIGN },
};

static const struct
{
  guint16 ef;
  MdCardPin pin;
} keys[] = {
  [MD_CARD_KEY_AUTH] = { 0x0017, MD_CARD_PIN_AUTH },
  [MD_CARD_KEY_SIGN] = { 0x001a, MD_CARD_PIN_SIGN },
};

gboolean
md_mynumber_card_read_token (MdMyNumberCard *self, MdTokenKind *out_kind, char **out_label,
                             GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!_md_mynumber_select_file (self, MD_MYNUMBER_JPKI, EF_TOKEN, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) info
      = _md_mynumber_read (self, 0, LABEL_SIZE, MD_CARD_PIN_NONE, cancellable, error);
  if (info == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (info, &length);
  *out_kind = md_card_parse_token_label (data, length, out_label);
  return TRUE;
}

gboolean
md_mynumber_card_read_flags (MdMyNumberCard *self, gboolean *out_sign_present,
                             gboolean *out_auth_present, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!_md_mynumber_select_file (self, MD_MYNUMBER_JPKI, EF_FLAGS, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) file = _md_mynumber_read (self, 0, 3, MD_CARD_PIN_NONE, cancellable, error);
  if (file == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  if (md_card_parse_certificate_flags (data, length, out_sign_present, out_auth_present))
    return TRUE;
  md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "EF 0008 of %" G_GSIZE_FORMAT " bytes",
                            length);
  return FALSE;
}

// Serial number and issuer, by which certificates are told apart, stand in so many bytes of each.
#define NAME_SIZE 256

static gboolean
measure_name (const guint8 *head, gsize length, gsize *out_total)
{
  if (length == 0 || head[0] != 0x30 || !md_card_measure_file (head, length, out_total))
    return FALSE;
  *out_total = MIN (*out_total, NAME_SIZE);
  return TRUE;
}

char *
_md_mynumber_name_certificate (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  static const MdMyNumberFile beginning
      = { MD_MYNUMBER_JPKI, EF_AUTH_CERTIFICATE, MD_CARD_PIN_NONE, measure_name, 0 };
  g_autoptr (GBytes) read = self->auth_certificate != NULL
                                ? g_bytes_ref (self->auth_certificate)
                                : _md_mynumber_read_file (self, &beginning, cancellable, error);
  if (read == NULL)
    return NULL;
  gsize length = 0;
  gsize total = 0;
  const guint8 *data = g_bytes_get_data (read, &length);
  if (!measure_name (data, length, &total))
    {
      md_card_error_set (error, _md_mynumber_is_blank (data, length) ? MD_CARD_ERROR_NO_DATA
                                                                     : MD_CARD_ERROR_PROTOCOL);
      return NULL;
    }
  if (self->auth_certificate == NULL)
    self->auth_beginning = g_bytes_ref (read);
  return md_card_memory_name (md_card_connection_get_memory (self->connection), "certificate", data,
                              total);
}

// Some of it may have been read to know the card. What came to nothing is not kept.
static GBytes *
read_certificate_file (MdMyNumberCard *self, MdCardCertificate which, GCancellable *cancellable,
                       GError **error)
{
  const MdMyNumberFile file = { MD_MYNUMBER_JPKI, certificates[which].ef, certificates[which].pin,
                                md_card_measure_file, 0 };
  g_autoptr (GBytes) beginning
      = which == MD_CARD_CERTIFICATE_AUTH ? g_steal_pointer (&self->auth_beginning) : NULL;
  return _md_mynumber_read_on (self, &file, beginning, cancellable, error);
}

GBytes *
md_mynumber_card_read_certificate (MdMyNumberCard *self, MdCardCertificate which,
                                   GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  g_return_val_if_fail (which < G_N_ELEMENTS (certificates), NULL);
  if (which == MD_CARD_CERTIFICATE_AUTH && self->auth_certificate != NULL)
    return g_bytes_ref (self->auth_certificate);
  g_autoptr (GBytes) file = read_certificate_file (self, which, cancellable, error);
  if (file == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  g_autoptr (GBytes) certificate = md_card_parse_certificate (data, length, error);
  if (certificate != NULL && which == MD_CARD_CERTIFICATE_AUTH)
    self->auth_certificate = g_bytes_ref (certificate);
  return g_steal_pointer (&certificate);
}

GBytes *
_md_mynumber_compute (MdMyNumberCard *self, const MdCardProfile *profile, const MdMyNumberKey *key,
                      const guint8 *digest, GCancellable *cancellable, GError **error)
{
  guint8 input[MAX_INPUT];
  g_return_val_if_fail (profile->prefix_size + profile->digest_size <= sizeof input, NULL);

  if (profile->prefix_size > 0)
    memcpy (input, profile->prefix, profile->prefix_size);
  memcpy (input + profile->prefix_size, digest, profile->digest_size);
  MdCommand command = { .cla = profile->cla,
                        .ins = profile->ins,
                        .p1 = profile->p1,
                        .p2 = key->reference,
                        .data = input,
                        .data_size = profile->prefix_size + profile->digest_size,
                        .expected = profile->expected };
  g_autoptr (GBytes) answer
      = md_card_send_expecting_ok (self->connection, &command, key->pin, cancellable, error);
  return answer != NULL ? md_card_profile_read_signature (profile, answer, error) : NULL;
}

GBytes *
md_mynumber_card_sign (MdMyNumberCard *self, MdCardKey key, const MdCardProfile *profile,
                       const guint8 *digest, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  g_return_val_if_fail (key < G_N_ELEMENTS (keys) && profile != NULL && digest != NULL, NULL);
  if (!_md_mynumber_select_file (self, MD_MYNUMBER_JPKI, keys[key].ef, cancellable, error))
    return NULL;
  const MdMyNumberKey current = { profile->p2, keys[key].pin };
  return _md_mynumber_compute (self, profile, &current, digest, cancellable, error);
}
