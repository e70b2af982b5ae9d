// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

/* manifest.json of a container, as text. */
static char *
manifest_text (Office *office)
{
  g_autoptr (MdContainer) container = office_container (office);
  GBytes *bytes = md_container_get_entry (container, "manifest.json");
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  return g_strndup (data, size);
}

static MdManifest *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return md_manifest_parse (bytes, error);
}

/* The manifest with INSTEAD in the place of the one AT; NULL where it is refused, as it has to be
 * unless it is GOOD. */
static MdManifest *
parse_changed (Office *office, const char *at, const char *instead, gboolean good)
{
  g_autofree char *text = manifest_text (office);
  g_auto (GStrv) pieces = g_strsplit (text, at, 2);
  g_autofree char *changed = g_strjoinv (instead, pieces);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdManifest) manifest = parse (changed, &error);

  g_test_message ("%s", instead);
  g_assert_cmpuint (g_strv_length (pieces), ==, 2);
  if (good)
    g_assert_no_error (error);
  else
    g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  return g_steal_pointer (&manifest);
}

static void
test_round_trip (Office *office, gconstpointer data)
{
  g_autofree char *text = manifest_text (office);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdManifest) manifest = parse (text, &error);
  g_autoptr (MdManifest) copy = NULL;
  g_autoptr (GBytes) again = NULL;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "{\"schema\":\"madoguchi-intake/1\",\"intake\":\""));
  g_assert_null (strchr (text, ' '));
  g_assert_null (strchr (text, '\n'));
  copy = md_manifest_copy (manifest);
  again = md_manifest_encode (copy, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (again), ==, strlen (text));
  g_assert_cmpint (memcmp (g_bytes_get_data (again, NULL), text, strlen (text)), ==, 0);
  g_assert_nonnull (md_manifest_find_part (copy, MD_SEAL_PART_NUMBER));
  g_assert_null (md_manifest_find_part (copy, "attachments/01.cms"));
}

/* Each pair: what is in the text, and what is put there instead. */
static void
test_refused (Office *office, gconstpointer data)
{
  static const char *const changes[][2] = {
    { "madoguchi-intake/1", "madoguchi-intake/2" },
    { MAKER_INTAKE, "01932c5e-7b2a-4c3d-8e4f-0123456789ab" },
    { MAKER_INTAKE, "../../../../etc/passwd" },
    { "\"receipt_number\":\"001-000001-8\"", "\"receipt_number\":\"\"" },
    { "\"receipt_number\":\"001-000001-8\",", "" },
    { "\"policy_version\":1", "\"policy_version\":0" },
    { "\"policy_version\":1", "\"policy_version\":-1" },
    { "\"policy_version\":1", "\"policy_version\":1.0" },
    { "\"policy_version\":1", "\"policy_version\":\"1\"" },
    { "\"policy_version\":1", "\"policy_version\":4294967297" },
    { "\"policy_digest\":\"5f", "\"policy_digest\":\"5F" },
    { "\"policy_digest\":\"5f", "\"policy_digest\":\"" },
    { "\"state\":\"fresh\"", "\"state\":\"new\"" },
    { "\"state\":\"fresh\"", "\"state\":\"absent\"" },
    { "\"value\":\"0011", "\"value\":\"001" },
    { "\"value\":\"0011", "\"value\":\"AB11" },
    { "\"value\":\"00112233445566778899aabbccddeeff\"", "\"value\":\"\"" },
    { "\"nonce\":{", "\"nonce\":{\"x\":\"\"," },
    { "\"clerk\":\"S0001\"", "\"clerk\":null" },
    { "\"clerk\":\"S0001\"", "\"clerk\":\"S 0001\"" },
    { "\"clerk\":\"S0001\"", "\"clerk\":\"\\u00530001\"" },
    { "\"clerk\":\"S0001\"", "\"clerk\":\"S0001\",\"clerk\":\"S0001\"" },
    { "\"clerk\":\"S0001\"", "\"clerk\":\"S0002\",\"clerk\":\"S0001\"" },
    { "\"clerk\":\"S0001\"", "\"clerk\":\"S0001\",\"name\":\"x\"" },
    { "\"clerk\":", " \"clerk\":" },
    { "2026-11-21T05:30:00.123Z", "2026-11-21T05:30:00.123+09:00" },
    { "2026-11-21T05:30:00.123Z", "2026-13-21T05:30:00.123Z" },
    { "\"name\":\"number.cms\"", "\"name\":\"evidence.cms\"" },
    { "\"name\":\"number.cms\"", "\"name\":\"manifest.json\"" },
    { "\"parts\":[", "\"parts\":[{}," },
    { "\"media_type\":\"application/pkcs7-mime\"}",
      "\"media_type\":\"application/pkcs7-mime\",\"content_type\":\"image/png\"}" },
    { "\"parts\":[", "\"parts\":[[]," },
    { "\"identification\":{", "\"identification\":[" },
    { "\"time\":{", "\"time\":{\"x\":{}," },
  };
  g_autofree char *text = manifest_text (office);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (GStrv) pieces = g_strsplit (text, changes[i][0], 2);
      g_autofree char *changed = g_strjoinv (changes[i][1], pieces);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_strv_length (pieces), ==, 2);
      g_assert_null (parse (changed, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

static void
test_rubbish (Office *office, gconstpointer data)
{
  g_autofree char *brackets = g_strnfill (60000, '[');
  g_autofree char *deep = g_strconcat ("{\"schema\":", brackets, NULL);
  g_autofree char *large = g_strnfill (MD_SEAL_MAX_JSON + 1, ' ');
  static const char *const texts[]
      = { "", " ", "null", "[]", "{", "{}", "{}{}", "\xff\xfe", "\"\"" };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_null (parse (texts[i], &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
      g_clear_error (&error);
    }
  g_assert_null (parse (deep, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (parse (large, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT);
}

static void
test_incomplete (Office *office, gconstpointer data)
{
  g_autoptr (MdManifest) manifest = office_manifest (MAKER_INTAKE);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_manifest_encode (manifest, &error)); /* no parts */
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* The link to what is taken up again: there or not at all, and never to itself. */
static void
test_replaces (Office *office, gconstpointer data)
{
  static const struct
  {
    const char *value;
    gboolean good;
  } cases[] = { { "\"" MAKER_OTHER_INTAKE "\"", TRUE },
                { "\"" MAKER_INTAKE "\"", FALSE },
                { "\"\"", FALSE },
                { "null", FALSE },
                { "\"S0001\"", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *member
          = g_strdup_printf ("\"clerk\":\"S0001\",\"replaces\":%s", cases[i].value);
      g_autoptr (MdManifest) manifest
          = parse_changed (office, "\"clerk\":\"S0001\"", member, cases[i].good);
      g_autoptr (MdManifest) copy = manifest ? md_manifest_copy (manifest) : NULL;

      if (copy)
        g_assert_cmpstr (copy->replaces, ==, MAKER_OTHER_INTAKE);
    }
}

/* The number is missing, or nothing is said of it. */
static void
test_number_missing (Office *office, gconstpointer data)
{
  static const char *const wrong[] = { "\"\"", "\"there\"", "true", "null", "{}" };
  g_autofree char *text = manifest_text (office);
  g_auto (GStrv) pieces = g_strsplit (text, ",\"parts\":", 2);
  g_autofree char *right = g_strjoinv (",\"number\":\"missing\",\"parts\":", pieces);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdManifest) silent = parse (text, &error);
  g_autoptr (MdManifest) missing = parse (right, &error);
  g_autoptr (MdManifest) copy = NULL;

  g_assert_no_error (error);
  g_assert_false (silent->number_missing);
  copy = md_manifest_copy (missing);
  g_assert_true (copy->number_missing);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *member = g_strdup_printf (",\"number\":%s,\"parts\":", wrong[i]);
      g_autofree char *changed = g_strjoinv (member, pieces);

      g_assert_null (parse (changed, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
      g_clear_error (&error);
    }
}

/* Of whom it is: all four digests in their order, or none. */
static void
test_named (Office *office, gconstpointer data)
{
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
  static const struct
  {
    const char *value;
    gboolean good;
  } cases[] = {
    { "{\"who\":\"" A "\",\"number\":\"" B "\",\"shown\":\"" C "\",\"address\":\"" D "\"}", TRUE },
    { "{\"who\":\"" A "\",\"shown\":\"" C "\",\"number\":\"" B "\",\"address\":\"" D "\"}", FALSE },
    { "{\"who\":\"" A "\",\"number\":\"" B "\",\"shown\":\"" C "\"}", FALSE },
    { "{\"who\":\"" A "\",\"number\":\"\",\"shown\":\"" C "\",\"address\":\"" D "\"}", FALSE },
    { "{\"who\":null,\"number\":\"" B "\",\"shown\":\"" C "\",\"address\":\"" D "\"}", FALSE },
    { "{\"who\":\"" A "\",\"number\":\"" B "\",\"shown\":\"" C "\",\"address\":\"" D
      "\",\"x\":\"\"}",
      FALSE },
    { "{}", FALSE },
    { "null", FALSE },
    { "[]", FALSE },
  };
  static const char *const digests[MD_MANIFEST_N_NAMED] = { A, B, C, D };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *member = g_strdup_printf (",\"named\":%s,\"parts\":", cases[i].value);
      g_autoptr (MdManifest) manifest
          = parse_changed (office, ",\"parts\":", member, cases[i].good);
      g_autoptr (MdManifest) copy = manifest ? md_manifest_copy (manifest) : NULL;

      for (guint part = 0; copy && part < G_N_ELEMENTS (digests); part++)
        g_assert_cmpstr (copy->named[part], ==, digests[part]);
    }
#undef A
#undef B
#undef C
#undef D
}

/* By which day what came by post is judged: that of its receipt, else that of its beginning, in
 * Japan. */
static void
test_received (Office *office, gconstpointer data)
{
  static const struct
  {
    const char *value;
    gboolean good;
  } cases[] = { { "\"2026-11-20\"", TRUE }, { "\"2026-02-30\"", FALSE }, { "\"20261120\"", FALSE },
                { "\"R8.11.20\"", FALSE },  { "\"\"", FALSE },           { "null", FALSE } };
  g_autofree char *text = manifest_text (office);
  g_auto (GStrv) pieces = g_strsplit (text, "},\"nonce\":", 2);
  MdManifest begun = { .wall = (char[]){ "2026-11-21T15:30:00.000Z" } };
  g_autofree char *day = md_manifest_dup_day (&begun);

  g_assert_cmpstr (day, ==, "2026-11-22");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *member = g_strdup_printf (",\"received\":%s},\"nonce\":", cases[i].value);
      g_autofree char *changed = g_strjoinv (member, pieces);
      g_autoptr (GError) error = NULL;
      g_autoptr (MdManifest) manifest = parse (changed, &error);
      g_autoptr (MdManifest) copy = NULL;
      g_autofree char *filed = NULL;

      if (!cases[i].good)
        {
          g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
          continue;
        }
      g_assert_no_error (error);
      copy = md_manifest_copy (manifest);
      filed = md_manifest_dup_day (copy);
      g_assert_cmpstr (filed, ==, "2026-11-20");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/seal/manifest/" name, Office, NULL, office_set_up, function, office_tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("refused", test_refused);
  ADD ("rubbish", test_rubbish);
  ADD ("incomplete", test_incomplete);
  ADD ("replaces", test_replaces);
  ADD ("number-missing", test_number_missing);
  ADD ("named", test_named);
  ADD ("received", test_received);
  return g_test_run ();
}
