// SPDX-License-Identifier: Apache-2.0
/* card info: what lies on the readers, without any PIN and without anything personal. */
#include <glib/gi18n.h>
#include "md-card.h"
#include "md-pcsc.h"
#include "md-pki.h"

#include "output.h"
#include "readers.h"
#include "verb.h"

/* For each answer of a card. */
#define PATIENCE_S 10

/* A look at one card, on the worker. */
typedef struct
{
  GVariantBuilder *builder;
  MdCardConnection *connection;
  GCancellable *cancellable;
  GError *trouble; /* the first */
} Look;

/* Whether the card just has not what was asked for. Anything else is trouble, and told as such.
 * Takes ERROR (nullable) over. */
static gboolean
is_absent (Look *look, GError *error)
{
  gboolean absent = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);

  if (error != NULL && !absent && look->trouble == NULL)
    look->trouble = error;
  else
    g_clear_error (&error);
  return absent;
}

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value != NULL ? value : ""));
}

/* ASKED: the card has such a PIN. One that does not tell its tries is no full one. */
static void
add_tries (GVariantBuilder *builder, const char *key, gboolean asked, int tries)
{
  if (asked && tries >= 0)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_int32 (tries));
  else if (asked)
    add_text (builder, key, "unknown");
}

static void
add_pin_tries (Look *look, const char *key, MdMyNumberCard *card, MdCardPin pin)
{
  GError *error = NULL;
  int tries = MD_CARD_TRIES_UNKNOWN;
  gboolean asked = md_mynumber_card_get_tries (card, pin, &tries, look->cancellable, &error);

  (void)is_absent (look, error);
  add_tries (look->builder, key, asked, tries);
}

/* "valid", "expired" or "not-yet-valid" and the last day; never whose it is. DER: NULL because of
 * ERROR, which is taken over. */
static void
add_validity (Look *look, const char *prefix, GBytes *der, GError *error)
{
  g_autoptr (MdCertificate) certificate
      = der != NULL ? md_certificate_new_from_der (der, NULL) : NULL;
  gint64 now = md_clock_get_wall_us (md_clock_get_system ()) / G_USEC_PER_SEC;
  g_autofree char *state_key = g_strconcat (prefix, "_state", NULL);
  g_autofree char *until_key = g_strconcat (prefix, "_not_after", NULL);
  g_autofree char *until = NULL;
  const char *state = is_absent (look, error) ? "absent" : "unreadable";

  if (certificate != NULL)
    {
      until = md_time_format_rfc3339 (md_certificate_get_not_after (certificate) * G_USEC_PER_SEC);
      if (md_certificate_get_not_after (certificate) < now)
        state = "expired";
      else if (md_certificate_get_not_before (certificate) > now)
        state = "not-yet-valid";
      else
        state = "valid";
    }
  add_text (look->builder, state_key, state);
  add_text (look->builder, until_key, until);
}

/* What kind of thing holds the keys. */
static const char *
token_word (MdTokenKind kind)
{
  static const char *const words[] = {
    [MD_TOKEN_UNKNOWN] = "unknown-token", [MD_TOKEN_CARD] = "card",
    [MD_TOKEN_OLD_CARD] = "old-card",     [MD_TOKEN_ANDROID] = "android",
    [MD_TOKEN_IPHONE] = "iphone",
  };

  return words[kind];
}

/* Who issued the card and until when it lives: the year alone, since the day is the resident's
 * birthday. */
static void
add_card_life (Look *look, MdMyNumberCard *card)
{
  static const char *const states[] = {
    [MD_CARD_EXPIRY_FAR] = "valid",
    [MD_CARD_EXPIRY_SOON] = "ends-soon",
    [MD_CARD_EXPIRY_PAST] = "expired",
    [MD_CARD_EXPIRY_UNKNOWN] = "unreadable",
  };
  MdCardCommon common = { 0 };
  MdDate today;
  GError *error = NULL;
  gboolean read = md_mynumber_card_read_common (card, &common, look->cancellable, &error);

  if (!read && is_absent (look, g_steal_pointer (&error)))
    {
      read = md_mynumber_card_read_manager (card, &common, look->cancellable, &error);
      (void)is_absent (look, error);
    }
  if (!read)
    return;
  md_date_from_wall_us (md_clock_get_wall_us (md_clock_get_system ()), &today);
  add_text (look->builder, "card_state",
            states[md_card_expiry_judge (common.expiry, &today, MD_CARD_EXPIRY_MONTHS)]);
  common.expiry[4] = '\0';
  add_text (look->builder, "card_expires", common.expiry);
  add_text (look->builder, "municipality", common.municipality);
  md_wipe (&common, sizeof common);
}

static gboolean
describe_mynumber (Look *look, GError **error)
{
  g_autoptr (MdMyNumberCard) card
      = md_mynumber_card_new (look->connection, look->cancellable, error);
  g_autofree char *applications = NULL;
  g_autoptr (GBytes) auth = NULL;
  GError *trouble = NULL;
  MdTokenKind token = MD_TOKEN_UNKNOWN;

  if (card == NULL)
    return FALSE;
  add_text (look->builder, "kind", "my-number");
  if (md_mynumber_card_read_token (card, &token, NULL, look->cancellable, &trouble))
    add_text (look->builder, "token", token_word (token));
  (void)is_absent (look, g_steal_pointer (&trouble));
  add_pin_tries (look, "auth_pin_tries", card, MD_CARD_PIN_AUTH);
  add_pin_tries (look, "sign_pin_tries", card, MD_CARD_PIN_SIGN);
  auth = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, look->cancellable,
                                            &trouble);
  add_validity (look, "auth_certificate", auth, g_steal_pointer (&trouble));
  add_pin_tries (look, "text_pin_tries", card, MD_CARD_PIN_TEXT);
  add_pin_tries (look, "face_b_tries", card, MD_CARD_PIN_FACE_B);
  add_card_life (look, card);
  applications = md_mynumber_card_list_applications (card, look->cancellable, &trouble);
  (void)is_absent (look, trouble);
  add_text (look->builder, "applications", applications);
  return TRUE;
}

static gboolean
describe_staff (Look *look, GError **error)
{
  static const struct
  {
    MdStaffSlot slot;
    const char *prefix;
  } slots[] = { { MD_STAFF_SLOT_CARD_AUTH, "login_certificate" },
                { MD_STAFF_SLOT_SIGN, "sign_certificate" },
                { MD_STAFF_SLOT_OPEN, "open_certificate" } };
  g_autoptr (MdStaffCard) card = md_staff_card_new (look->connection, look->cancellable, error);
  int tries = MD_CARD_TRIES_UNKNOWN;
  GError *trouble = NULL;

  if (card == NULL)
    return FALSE;
  add_text (look->builder, "kind", "staff");
  add_text (look->builder, "applications", "PIV");
  gboolean asked = md_staff_card_get_tries (card, &tries, look->cancellable, &trouble);
  (void)is_absent (look, g_steal_pointer (&trouble));
  add_tries (look->builder, "pin_tries", asked, tries);
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      g_autoptr (GBytes) der
          = md_staff_card_read_certificate (card, slots[i].slot, look->cancellable, &trouble);

      add_validity (look, slots[i].prefix, der, g_steal_pointer (&trouble));
    }
  return TRUE;
}

/* Either kind of card. FALSE: it is neither, in the words of the last error. */
static gboolean
describe (Look *look, GError **error)
{
  g_autoptr (GError) other = NULL;

  if (describe_mynumber (look, &other))
    return TRUE;
  if (g_error_matches (other, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD)
      || g_error_matches (other, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD))
    return describe_staff (look, error);
  g_propagate_error (error, g_steal_pointer (&other));
  return FALSE;
}

static gpointer
describe_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable,
              GError **error)
{
  GVariantBuilder builder;
  Look look = { .builder = &builder, .connection = connection, .cancellable = cancellable };
  GVariant *row = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "reader", md_card_connection_get_reader (connection));
  if (describe (&look, error))
    {
      if (look.trouble != NULL)
        add_text (&builder, "trouble", look.trouble->message);
      row = g_variant_ref_sink (g_variant_builder_end (&builder));
    }
  g_variant_builder_clear (&builder);
  g_clear_error (&look.trouble);
  return row;
}

static void
free_row (gpointer row)
{
  g_variant_unref (row);
}

/* What lies on READER. Each has a worker of its own, so that a card that says nothing keeps nobody
 * from looking at the other ones. (transfer full) */
static GVariant *
look_at (MdPcsc *pcsc, const char *reader)
{
  const MdCardJob job = { .reader = reader, .func = describe_job, .result_free = free_row };
  g_autoptr (GError) error = NULL;
  GVariant *row = readers_run (pcsc, &job, &error);
  GVariantBuilder builder;

  if (row != NULL)
    return row;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "reader", reader);
  add_text (&builder, "kind",
            g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD) ? "none" : "unknown");
  add_text (&builder, "trouble", error->message);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static const char *
word (const char *text)
{
  static const char *const words[][2] = {
    { "my-number", N_ ("My Number card") },
    { "staff", N_ ("staff card") },
    { "none", N_ ("no card") },
    { "unknown", N_ ("not a card we know") },
    { "card", N_ ("card") },
    { "old-card", N_ ("card of the former kind") },
    { "android", N_ ("Android phone") },
    { "iphone", N_ ("iPhone") },
    { "unknown-token", N_ ("something unknown") },
    { "ends-soon", N_ ("valid, ends within three months") },
    { "valid", N_ ("valid") },
    { "expired", N_ ("expired") },
    { "not-yet-valid", N_ ("not valid yet") },
    { "absent", N_ ("not there") },
    { "unreadable", N_ ("cannot be read") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i][0], text))
      return gettext (words[i][1]);
  return text;
}

static void
print_reader (GVariant *row)
{
  static const Column fields[] = {
    { "reader", N_ ("Reader") },
    { "kind", N_ ("Card") },
    { "applications", N_ ("Applications") },
    { "token", N_ ("Keys held by") },
    { "card_state", N_ ("Card") },
    { "card_expires", N_ ("valid until the year") },
    { "municipality", N_ ("Issued by municipality") },
    { "auth_pin_tries", N_ ("Tries left, user authentication PIN") },
    { "text_pin_tries", N_ ("Tries left, text input PIN") },
    { "sign_pin_tries", N_ ("Tries left, signature PIN") },
    { "face_b_tries", N_ ("Tries left, digits printed on the card") },
    { "pin_tries", N_ ("Tries left, staff PIN") },
    { "auth_certificate_state", N_ ("User authentication certificate") },
    { "auth_certificate_not_after", N_ ("valid until") },
    { "login_certificate_state", N_ ("Login certificate") },
    { "login_certificate_not_after", N_ ("valid until") },
    { "sign_certificate_state", N_ ("Signing certificate") },
    { "sign_certificate_not_after", N_ ("valid until") },
    { "open_certificate_state", N_ ("Opening certificate") },
    { "open_certificate_not_after", N_ ("valid until") },
    { "trouble", N_ ("What happened") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *text = output_text (row, fields[i].key);

      if (*text != '\0')
        g_print ("%s: %s\n", gettext (fields[i].heading), word (text));
    }
}

Status
verb_card_info (Context *context, const char *operand)
{
  g_autoptr (MdPcsc) pcsc = md_pcsc_new ();
  GError *error = NULL;
  g_auto (GStrv) readers = readers_await (pcsc, &error);
  g_autoptr (GVariant) rows = NULL;
  GVariantBuilder builder;

  if (readers == NULL)
    return context_fail (error);
  md_pcsc_set_patience (pcsc, PATIENCE_S);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (char **reader = readers; *reader != NULL; reader++)
    {
      g_autoptr (GVariant) row = look_at (pcsc, *reader);

      g_variant_builder_add_value (&builder, row);
    }
  rows = g_variant_ref_sink (g_variant_builder_end (&builder));
  if (context->json)
    output_json (rows);
  else if (g_variant_n_children (rows) == 0)
    g_print ("%s\n", _ ("No card reader is connected. Plug one in and try again."));
  for (gsize i = 0; !context->json && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (i > 0)
        g_print ("\n");
      print_reader (row);
    }
  return g_variant_n_children (rows) > 0 ? STATUS_OK : STATUS_FINDING;
}
