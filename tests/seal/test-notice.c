// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define MADE "2026-11-21T05:50:00.000Z"

typedef struct
{
  MakerIdentity *signer;
  MdKey *key;
  MdTrust *trust;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->signer = maker_end (NULL, "notice", "critical,digitalSignature");
  fixture->key = maker_key (fixture->signer);
  fixture->trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
  md_trust_add_anchor (fixture->trust, fixture->signer->certificate);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  maker_identity_free (fixture->signer);
  md_key_unref (fixture->key);
  md_trust_unref (fixture->trust);
}

static MdNotice *
notice (guint number)
{
  MdNotice *self = md_notice_new ();

  self->office = g_strdup ("139998");
  self->terminal = g_strdup ("T001");
  self->number = number;
  self->previous = g_strdup (number > 1 ? DIGEST : "");
  self->intake = g_strdup (MAKER_INTAKE);
  self->receipt_number = g_strdup ("001-000001-8");
  self->procedure = g_strdup ("pension.exemption");
  self->container = g_strdup (DIGEST);
  self->officer = g_strdup ("B0002");
  self->reason = g_strdup ("number-check");
  self->time = g_strdup (MADE);
  md_notice_add_line (self, "number-changed", "p.mynum");
  md_notice_add_line (self, "not-held", "");
  return self;
}

static GBytes *
sign (Fixture *fixture, const MdNotice *self, GError **error)
{
  return md_notice_sign (self, fixture->key, fixture->signer->certificate, maker_now (), error);
}

static void
assert_same (const MdNotice *self, const MdNotice *given)
{
  g_assert_cmpuint (self->number, ==, given->number);
  g_assert_cmpstr (self->office, ==, given->office);
  g_assert_cmpstr (self->terminal, ==, given->terminal);
  g_assert_cmpstr (self->previous, ==, given->previous);
  g_assert_cmpstr (self->intake, ==, given->intake);
  g_assert_cmpstr (self->receipt_number, ==, given->receipt_number);
  g_assert_cmpstr (self->procedure, ==, given->procedure);
  g_assert_cmpstr (self->container, ==, given->container);
  g_assert_cmpstr (self->officer, ==, given->officer);
  g_assert_cmpstr (self->reason, ==, given->reason);
  g_assert_cmpstr (self->time, ==, given->time);
  g_assert_cmpuint (self->lines->len, ==, given->lines->len);
  for (guint i = 0; i < given->lines->len; i++)
    {
      const MdNoticeLine *line = g_ptr_array_index (self->lines, i);
      const MdNoticeLine *other = g_ptr_array_index (given->lines, i);

      g_assert_cmpstr (line->rule, ==, other->rule);
      g_assert_cmpstr (line->field, ==, other->field);
    }
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdNotice) given = notice (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) made = sign (fixture, given, &error);
  g_autoptr (MdNotice) back = md_notice_verify (made, fixture->trust, maker_now (), &error);
  g_autoptr (MdNotice) copy = NULL;

  g_assert_no_error (error);
  copy = md_notice_copy (back);
  assert_same (back, given);
  assert_same (copy, given);
}

static void
test_wrong_signer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MakerIdentity) stranger = maker_end (NULL, "notice", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (stranger);
  g_autoptr (MdNotice) given = notice (1);
  g_autoptr (GBytes) forged
      = md_notice_sign (given, key, stranger->certificate, maker_now (), NULL);
  g_autoptr (GBytes) good = sign (fixture, given, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_notice_verify (forged, fixture->trust, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED);
  g_clear_error (&error);
  g_assert_null (md_notice_verify (good, fixture->trust, maker_now () + 400 * 86400, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED);
}

/* Whatever byte is another: refused, or the words are the same. */
static void
test_tampered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdNotice) given = notice (2);
  g_autoptr (GBytes) good = sign (fixture, given, NULL);
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (good, &size);

  for (gsize at = 0; at < size; at++)
    {
      guint8 *altered = g_memdup2 (bytes, size);
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (MdNotice) back = NULL;

      altered[at] ^= 0x01;
      bad = g_bytes_new_take (altered, size);
      back = md_notice_verify (bad, fixture->trust, maker_now (), NULL);
      if (back == NULL)
        continue;
      assert_same (back, given);
    }
}

/* What cannot be is not signed. */
static void
test_impossible (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (MdNotice) given = notice (i == 0 ? 1 : 2);
      g_autoptr (GError) error = NULL;

      if (i == 0 || i == 1)
        {
          g_free (given->previous);
          given->previous = g_strdup (i == 0 ? DIGEST : "");
        }
      else if (i == 2)
        given->number = 0;
      else if (i == 3)
        g_ptr_array_set_size (given->lines, 0);
      else if (i == 4)
        g_clear_pointer (&given->officer, g_free);
      for (guint k = 0; i == 5 && k < MD_NOTICE_MAX_LINES; k++)
        md_notice_add_line (given, "item-differs", "p.addr");
      g_assert_null (sign (fixture, given, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

/* Each pair: what is in the text, and what is put there instead. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const char text[]
      = "{\"schema\":\"madoguchi-notice/1\",\"number\":2,\"office\":\"139998\","
        "\"terminal\":\"T001\",\"previous\":\"" DIGEST "\",\"intake\":\"" MAKER_INTAKE
        "\",\"receipt_number\":\"001-000001-8\",\"procedure\":\"pension.exemption\","
        "\"container\":\"" DIGEST "\",\"officer\":\"B0002\",\"reason\":\"number-check\",\"time\":"
        "\"" MADE "\",\"lines\":[{\"rule\":\"number-changed\",\"field\":\"p.mynum\"}]}";
  static const char *const changes[][2] = {
    { "notice/1", "notice/2" },
    { "\"number\":2", "\"number\":0" },
    { "\"number\":2", "\"number\":1" },
    { "\"number\":2", "\"number\":2147483648" },
    { "\"number\":2", "\"number\":\"2\"" },
    { "\"T001\"", "\"T 001\"" },
    { "\"T001\"", "\"T001\",\"terminal\":\"T001\"" },
    { "\"T001\"", "\"T001\",\"name\":\"x\"" },
    { MAKER_INTAKE, "x" },
    { "\"container\":\"e3", "\"container\":\"E3" },
    { MADE, "2026-11-21" },
    { "[{", "[{},{" },
    { "[{\"rule\":\"number-changed\",\"field\":\"p.mynum\"}]", "[]" },
    { "[{\"rule\":\"number-changed\",\"field\":\"p.mynum\"}]", "{}" },
    { "\"field\":\"p.mynum\"", "\"field\":\"p.mynum\",\"value\":\"1\"" },
    { "\"field\":\"p.mynum\"", "\"field\":null" },
    { "\"rule\":\"number-changed\"", "\"rule\":\"\"" },
  };
  g_autoptr (GBytes) right = g_bytes_new_static (text, strlen (text));
  g_autoptr (MdNotice) parsed = md_notice_parse (right, NULL);

  g_assert_nonnull (parsed);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (GStrv) pieces = g_strsplit (text, changes[i][0], 2);
      g_autofree char *changed = g_strjoinv (changes[i][1], pieces);
      g_autoptr (GBytes) bytes = g_bytes_new (changed, strlen (changed));
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_strv_length (pieces), ==, 2);
      g_assert_null (md_notice_parse (bytes, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/seal/notice/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("good", test_good);
  ADD ("wrong-signer", test_wrong_signer);
  ADD ("tampered", test_tampered);
  ADD ("impossible", test_impossible);
  ADD ("refused", test_refused);
  result = g_test_run ();
  maker_clean_up ();
  return result;
}
