// SPDX-License-Identifier: Apache-2.0
#include "md-mynumber-card.h"

#include "md-card-status.h"

#include <string.h>

typedef enum
{
  APPLICATION_NONE,
  APPLICATION_JPKI,
  APPLICATION_TEXT,
  APPLICATION_COMMON,
} Application;

// One row per PIN of the resident's card.
typedef struct
{
  Application application;
  guint16 ef;
  int maximum; // tries of a fresh PIN
  gsize min_length;
  gsize max_length;
  gboolean digits_only;
} PinRule;

static const PinRule pin_rules[] = {
  [MD_CARD_PIN_AUTH] = { APPLICATION_JPKI, 0x0018, 3, 4, 4, TRUE },
  [MD_CARD_PIN_TEXT] = { APPLICATION_TEXT, 0x0011, 3, 4, 4, TRUE },
  [MD_CARD_PIN_SIGN] = { APPLICATION_JPKI, 0x001b, 5, 6, 16, FALSE },
};

static const struct
{
  guint16 ef;
  MdCardPin pin;
} certificates[] = {
  [MD_CARD_CERTIFICATE_AUTH] = { 0x000a, MD_CARD_PIN_NONE },
  [MD_CARD_CERTIFICATE_AUTH_CA] = { 0x000b, MD_CARD_PIN_NONE },
  [MD_CARD_CERTIFICATE_SIGN] = { 0x0001, MD_CARD_PIN_SIGN },
  [MD_CARD_CERTIFICATE_SIGN_CA] = { 0x0002, MD_CARD_PIN_NONE },
};

struct _MdMyNumberCard
{
  GObject parent_instance;

  MdCardConnection *connection;
  Application application;                     // the current one
  MdSecret *refused[G_N_ELEMENTS (pin_rules)]; // the last PIN of each kind that the card refused
  int refused_tries[G_N_ELEMENTS (pin_rules)];
  guint8 number_digest[32]; // of EF 0001 as it stands on the card
  gboolean has_number_digest;
};

G_DEFINE_FINAL_TYPE (MdMyNumberCard, md_mynumber_card, G_TYPE_OBJECT)

static void
md_mynumber_card_dispose (GObject *object)
{
  MdMyNumberCard *self = MD_MYNUMBER_CARD (object);
  g_clear_object (&self->connection);
  for (gsize i = 0; i < G_N_ELEMENTS (self->refused); i++)
    g_clear_pointer (&self->refused[i], md_secret_unref);
  G_OBJECT_CLASS (md_mynumber_card_parent_class)->dispose (object);
}

static void
md_mynumber_card_class_init (MdMyNumberCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = md_mynumber_card_dispose;
}

static void
md_mynumber_card_init (MdMyNumberCard *self)
{
}

// Makes APPLICATION current. Selecting another one forgets every verified PIN, so it is not done
// without need.
static gboolean
select_application (MdMyNumberCard *self, Application application, GCancellable *cancellable,
                    GError **error)
{
  static const guint8 *const aids[] = {
    [APPLICATION_JPKI] = md_card_aid_jpki,
    [APPLICATION_TEXT] = md_card_aid_text,
    [APPLICATION_COMMON] = md_card_aid_common,
  };
  if (self->application == application)
    return TRUE;
  guint16 sw = 0;
  self->application = APPLICATION_NONE;
  if (!md_card_select_application (self->connection, aids[application], sizeof md_card_aid_jpki,
                                   &sw, cancellable, error))
    return FALSE;
  if (sw != MD_SW_OK)
    {
      md_card_error_from_sw (error, sw, MD_CARD_PIN_NONE);
      return FALSE;
    }
  self->application = application;
  return TRUE;
}

static gboolean
select_ef (MdMyNumberCard *self, Application application, guint16 ef, GCancellable *cancellable,
           GError **error)
{
  if (!select_application (self, application, cancellable, error))
    return FALSE;
  guint8 id[2] = { (guint8)(ef >> 8), (guint8)(ef & 0xff) };
  MdCommand select = { .ins = 0xa4, .p1 = 0x02, .p2 = 0x0c, .data = id, .data_size = sizeof id };
  g_autoptr (GBytes) answer
      = md_card_send_expecting_ok (self->connection, &select, MD_CARD_PIN_NONE, cancellable, error);
  return answer != NULL;
}

static GBytes *
read_binary (MdMyNumberCard *self, gsize offset, gsize wanted, MdCardPin pin,
             GCancellable *cancellable, GError **error)
{
  MdCommand read = {
    .ins = 0xb0, .p1 = (guint8)(offset >> 8), .p2 = (guint8)(offset & 0xff), .expected = wanted
  };
  return md_card_send_expecting_ok (self->connection, &read, pin, cancellable, error);
}

typedef gboolean (*MeasureFunc) (const guint8 *head, gsize length, gsize *out_total);

// Reads the current EF to the end that MEASURE finds in its first 256 bytes: ceil (length / 256)
// commands.
static GBytes *
read_measured (MdMyNumberCard *self, MeasureFunc measure, MdCardPin pin, GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GBytes) head = read_binary (self, 0, 256, pin, cancellable, error);
  if (head == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (head, &length);
  gsize total = 0;
  if (length < 256 || !measure (data, length, &total) || total <= length)
    return g_steal_pointer (&head);

  g_autoptr (MdSecret) file = md_secret_new (total);
  gboolean fits = md_secret_append (file, data, length);
  while (fits && md_secret_get_size (file) < total)
    {
      gsize offset = md_secret_get_size (file);
      gsize wanted = MIN (total - offset, 256);
      g_autoptr (GBytes) piece = read_binary (self, offset, wanted, pin, cancellable, error);
      if (piece == NULL)
        return NULL;
      data = g_bytes_get_data (piece, &length);
      fits = length > 0 && length <= wanted && md_secret_append (file, data, length);
    }
  if (!fits)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "a file shorter than it says");
      return NULL;
    }
  return md_bytes_new_wiped (md_secret_get_data (file), md_secret_get_size (file));
}

// The resident's card is not there: says which other card it is, if it is one of ours.
static void
set_unknown_card (MdCardConnection *connection, guint16 sw, GCancellable *cancellable,
                  GError **error)
{
  guint16 piv_sw = 0;
  if (!md_card_select_piv (connection, &piv_sw, cancellable, error))
    return;
  if (piv_sw == MD_SW_OK)
    md_card_error_set_detail (error, MD_CARD_ERROR_WRONG_CARD, "PIV card");
  else
    md_card_error_set_detail (error, MD_CARD_ERROR_UNKNOWN_CARD, "SELECT JPKI: %04x", sw);
}

MdMyNumberCard *
md_mynumber_card_new (MdCardConnection *connection, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (connection), NULL);

  // Some cards answer 6F00 to the first command after power-on, whatever it is: this one absorbs
  // it.
  MdCommand throw_away = { .ins = 0xa4 };
  guint16 sw = 0;
  g_autoptr (GBytes) ignored
      = md_card_connection_send (connection, &throw_away, &sw, cancellable, error);
  if (ignored == NULL)
    return NULL;
  if (!md_card_select_application (connection, md_card_aid_jpki, sizeof md_card_aid_jpki, &sw,
                                   cancellable, error))
    return NULL;
  if (sw != MD_SW_OK)
    {
      set_unknown_card (connection, sw, cancellable, error);
      return NULL;
    }
  MdMyNumberCard *self = g_object_new (MD_TYPE_MYNUMBER_CARD, NULL);
  self->connection = g_object_ref (connection);
  self->application = APPLICATION_JPKI;
  return self;
}

MdCardConnection *
md_mynumber_card_get_connection (MdMyNumberCard *self)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  return self->connection;
}

char *
md_mynumber_card_list_applications (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  static const struct
  {
    const char *name;
    const guint8 *aid;
  } applications[] = { { "JPKI", md_card_aid_jpki },
                       { "TEXT", md_card_aid_text },
                       { "VISUAL", md_card_aid_visual },
                       { "JUKI", md_card_aid_juki },
                       { "COMMON", md_card_aid_common } };
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  g_autoptr (GString) found = g_string_new (NULL);
  self->application = APPLICATION_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (applications); i++)
    {
      guint16 sw = 0;
      if (!md_card_select_application (self->connection, applications[i].aid,
                                       sizeof md_card_aid_jpki, &sw, cancellable, error))
        return NULL;
      if (sw == MD_SW_OK)
        g_string_append_printf (found, "%s%s", found->len > 0 ? ", " : "", applications[i].name);
    }
  return g_string_free (g_steal_pointer (&found), FALSE);
}

gboolean
md_mynumber_card_read_token (MdMyNumberCard *self, MdTokenKind *out_kind, char **out_label,
                             GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!select_ef (self, APPLICATION_JPKI, 0x0006, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) info = read_binary (self, 0, 32, MD_CARD_PIN_NONE, cancellable, error);
  if (info == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (info, &length);
  *out_kind = md_card_parse_token_label (data, length, out_label);
  return TRUE;
}

int
md_mynumber_card_get_tries (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable,
                            GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), -1);
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pin_rules), -1);
  const PinRule *rule = &pin_rules[pin];
  if (!select_ef (self, rule->application, rule->ef, cancellable, error))
    return -1;
  return md_card_ask_tries (self->connection, pin, rule->maximum, cancellable, error);
}

gboolean
md_mynumber_card_pin_is_plausible (MdCardPin pin, const MdSecret *secret)
{
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pin_rules), FALSE);
  const PinRule *rule = &pin_rules[pin];
  gsize size = md_secret_get_size (secret);
  const guint8 *data = md_secret_get_data (secret);
  gboolean has_letter = FALSE;
  gboolean has_digit = FALSE;
  if (size < rule->min_length || size > rule->max_length)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    {
      gboolean digit = g_ascii_isdigit (data[i]);
      gboolean letter = g_ascii_isupper (data[i]);
      if (!digit && (rule->digits_only || !letter))
        return FALSE;
      has_digit |= digit;
      has_letter |= letter;
    }
  return rule->digits_only || (has_letter && has_digit);
}

gboolean
md_mynumber_card_verify (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret,
                         MdCardVerifyFlags flags, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pin_rules), FALSE);
  g_return_val_if_fail (secret != NULL, FALSE);

  if (!md_mynumber_card_pin_is_plausible (pin, secret))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, pin, MD_CARD_TRIES_UNKNOWN);
      return FALSE;
    }
  if (self->refused[pin] != NULL && md_secret_equal (self->refused[pin], secret))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_WRONG, pin, self->refused_tries[pin]);
      return FALSE;
    }
  int tries = md_mynumber_card_get_tries (self, pin, cancellable, error);
  if (tries < 0 || !md_card_may_present (pin, tries, (flags & MD_CARD_VERIFY_LAST_TRY) != 0, error))
    return FALSE;

  g_autoptr (GError) local_error = NULL;
  if (md_card_present_pin (self->connection, pin, secret, cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
      || g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED))
    {
      g_clear_pointer (&self->refused[pin], md_secret_unref);
      self->refused[pin]
          = md_secret_new_from_data (md_secret_get_data (secret), md_secret_get_size (secret));
      self->refused_tries[pin] = md_card_error_get_tries (local_error);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

MdSecret *
md_mynumber_card_read_number (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  if (!select_ef (self, APPLICATION_TEXT, 0x0001, cancellable, error))
    return NULL;
  g_autoptr (GBytes) file = read_binary (self, 0, 17, MD_CARD_PIN_TEXT, cancellable, error);
  if (file == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  g_autoptr (MdSecret) number = md_card_parse_number (data, length, error);
  if (number == NULL)
    return NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize digest_length = sizeof self->number_digest;
  g_checksum_update (sum, data, (gssize)length);
  g_checksum_get_digest (sum, self->number_digest, &digest_length);
  self->has_number_digest = TRUE;
  return g_steal_pointer (&number);
}

MdCardAttributes *
md_mynumber_card_read_attributes (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  if (!select_ef (self, APPLICATION_TEXT, 0x0002, cancellable, error))
    return NULL;
  g_autoptr (GBytes) file
      = read_measured (self, md_card_measure_attributes, MD_CARD_PIN_TEXT, cancellable, error);
  if (file == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  return md_card_parse_attributes (data, length, error);
}

gboolean
md_mynumber_card_check_integrity (MdMyNumberCard *self, const MdCardAttributes *attributes,
                                  MdCardIntegrityCheck *out_check, GCancellable *cancellable,
                                  GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!select_ef (self, APPLICATION_TEXT, 0x0003, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) file
      = read_measured (self, md_card_measure_file, MD_CARD_PIN_TEXT, cancellable, error);
  if (file == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  MdCardIntegrity record;
  if (!md_card_parse_integrity (data, length, &record, error))
    return FALSE;
  gboolean number_fits
      = !self->has_number_digest || memcmp (record.number_digest, self->number_digest, 32) == 0;
  gboolean attributes_fit
      = attributes == NULL
        || memcmp (record.attributes_digest, md_card_attributes_get_digest (attributes), 32) == 0;
  *out_check = number_fits && attributes_fit ? MD_CARD_INTEGRITY_FITS : MD_CARD_INTEGRITY_DIFFERS;
  return TRUE;
}

GBytes *
md_mynumber_card_read_certificate (MdMyNumberCard *self, MdCardCertificate which,
                                   GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  g_return_val_if_fail (which < G_N_ELEMENTS (certificates), NULL);
  if (!select_ef (self, APPLICATION_JPKI, certificates[which].ef, cancellable, error))
    return NULL;
  g_autoptr (GBytes) file
      = read_measured (self, md_card_measure_file, certificates[which].pin, cancellable, error);
  if (file == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  return md_card_parse_certificate (data, length, error);
}

gboolean
md_mynumber_card_read_flags (MdMyNumberCard *self, gboolean *out_sign_present,
                             gboolean *out_auth_present, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!select_ef (self, APPLICATION_JPKI, 0x0008, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) file = read_binary (self, 0, 3, MD_CARD_PIN_NONE, cancellable, error);
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

// COMPUTE DIGITAL SIGNATURE with the key of EF over a DigestInfo, in the one form that every known
// client uses.
static GBytes *
sign (MdMyNumberCard *self, guint16 ef, MdCardPin pin, const guint8 *digest,
      GCancellable *cancellable, GError **error)
{
  static const guint8 sha256_prefix[19]
      = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
          0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
  guint8 digest_info[51];
  memcpy (digest_info, sha256_prefix, sizeof sha256_prefix);
  memcpy (digest_info + sizeof sha256_prefix, digest, 32);

  if (!select_ef (self, APPLICATION_JPKI, ef, cancellable, error))
    return NULL;
  MdCommand pso = { .cla = 0x80,
                    .ins = 0x2a,
                    .p2 = 0x80,
                    .data = digest_info,
                    .data_size = sizeof digest_info,
                    .expected = 256 };
  g_autoptr (GBytes) signature
      = md_card_send_expecting_ok (self->connection, &pso, pin, cancellable, error);
  if (signature == NULL)
    return NULL;
  if (g_bytes_get_size (signature) != 256)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL,
                                "a signature of %" G_GSIZE_FORMAT " bytes",
                                g_bytes_get_size (signature));
      return NULL;
    }
  return g_steal_pointer (&signature);
}

GBytes *
md_mynumber_card_sign_auth (MdMyNumberCard *self, const guint8 digest[32],
                            GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  return sign (self, 0x0017, MD_CARD_PIN_AUTH, digest, cancellable, error);
}

GBytes *
md_mynumber_card_sign_document (MdMyNumberCard *self, const guint8 digest[32],
                                GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  return sign (self, 0x001a, MD_CARD_PIN_SIGN, digest, cancellable, error);
}

gboolean
md_mynumber_card_read_common (MdMyNumberCard *self, MdCardCommon *out_common,
                              GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!select_ef (self, APPLICATION_COMMON, 0x0001, cancellable, error))
    return FALSE;
  MdCommand read = { .ins = 0xb2, .p1 = 0x01, .p2 = 0x04, .expected = 256 };
  g_autoptr (GBytes) record
      = md_card_send_expecting_ok (self->connection, &read, MD_CARD_PIN_NONE, cancellable, error);
  if (record == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (record, &length);
  return md_card_parse_common (data, length, out_common, error);
}
