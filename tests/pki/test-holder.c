// SPDX-License-Identifier: Apache-2.0
/* What a signature certificate says of its holder. */
#include <md-base.h>
#include <openssl/asn1.h>
#include <string.h>
#include "pki-maker.h"

#define ARC "1.2.392.200149.8.5.5."

typedef struct
{
  const char *arc; /* the last of the identifier; NULL ends the list */
  const char *value;
} Name;

static void
add_name (GENERAL_NAMES *names, const char *arc, const char *value, int type)
{
  g_autofree char *oid = g_strconcat (ARC, arc, NULL);
  GENERAL_NAME *name = GENERAL_NAME_new ();
  ASN1_STRING *string = ASN1_STRING_type_new (type);
  ASN1_TYPE *any = ASN1_TYPE_new ();

  ASN1_STRING_set (string, value, (int)strlen (value));
  ASN1_TYPE_set (any, type, string);
  g_assert_cmpint (GENERAL_NAME_set0_othername (name, OBJ_txt2obj (oid, 1), any), ==, 1);
  sk_GENERAL_NAME_push (names, name);
}

static MakerIdentity *
issue (const Name *list, int type)
{
  GENERAL_NAMES *names = GENERAL_NAMES_new ();
  const MakerSpec spec = { .cn = "9900", .key_usage = "critical,digitalSignature", .names = names };
  MakerIdentity *who;

  for (gsize i = 0; list[i].arc != NULL; i++)
    add_name (names, list[i].arc, list[i].value, type);
  who = maker_issue (&spec);
  GENERAL_NAMES_free (names);
  return who;
}

/* The order of real certificates; the person is invented. */
static const Name good[] = { { "1", "吉田　葛子" }, { "4", "419990203" },
                             { "3", "2" },          { "5", "東京都あおぞら区辻町一丁目" },
                             { "2", "10010" },      { "6", "0000000010000" },
                             { NULL, NULL } };

static void
test_attributes (void)
{
  g_autoptr (MakerIdentity) who = issue (good, V_ASN1_UTF8STRING);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdHolder) holder = md_holder_new_from_certificate (who->certificate, &error);
  g_autoptr (MdHolder) again = md_holder_ref (holder);

  g_assert_no_error (error);
  g_assert_true (again == holder);
  g_assert_cmpstr (md_holder_get_name (holder), ==, "吉田　葛子");
  g_assert_cmpstr (md_holder_get_name_marks (holder), ==, "10010");
  g_assert_cmpstr (md_holder_get_address (holder), ==, "東京都あおぞら区辻町一丁目");
  g_assert_cmpstr (md_holder_get_address_marks (holder), ==, "0000000010000");
  g_assert_cmpstr (md_holder_get_birth (holder), ==, "19990203");
  g_assert_cmpuint (md_holder_get_birth_era (holder), ==, 4);
  g_assert_cmpint (md_holder_get_sex (holder), ==, MD_HOLDER_SEX_FEMALE);
  g_assert_true (md_holder_has_substitutes (holder));
}

static void
test_any_order (void)
{
  Name turned[G_N_ELEMENTS (good)] = { { NULL, NULL } };
  const gsize n = G_N_ELEMENTS (good) - 1;

  for (gsize i = 0; i < n; i++)
    turned[i] = good[n - 1 - i];
  for (gsize i = 0; i < n; i++)
    if (strchr ("26", *turned[i].arc) != NULL)
      turned[i].value = strlen (turned[i].value) == 5 ? "00000" : "0000000000000";
  g_autoptr (MakerIdentity) who = issue (turned, V_ASN1_UTF8STRING);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdHolder) holder = md_holder_new_from_certificate (who->certificate, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (md_holder_get_name (holder), ==, "吉田　葛子");
  g_assert_false (md_holder_has_substitutes (holder));
}

/* One attribute after the other changed, taken away, doubled. */
static void
test_malformed (void)
{
  static const Name wrong[] = {
    { "1", "" },
    { "1", "吉田\n葛子" },
    { "1", "吉\xff" },
    { "2", "1001" },
    { "2", "100100" },
    { "2", "1002x" },
    { "3", "0" },
    { "3", "9" },
    { "3", "21" },
    { "4", "19990203" },
    { "4", "619990203" },
    { "4", "4199902030" },
    { "4", "41999020x" },
    { "4", "419990230" },
    { "4", "419991300" },
    { "4", "419990032" },
    { "5", "" },
    { "6", "" },
    { "6", "000000001000" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      Name list[G_N_ELEMENTS (good)];
      g_autoptr (MakerIdentity) who = NULL;
      g_autoptr (GError) error = NULL;

      memcpy (list, good, sizeof good);
      for (gsize k = 0; list[k].arc != NULL; k++)
        if (g_str_equal (list[k].arc, wrong[i].arc))
          list[k].value = wrong[i].value;
      who = issue (list, V_ASN1_UTF8STRING);
      g_test_message ("%s: \"%s\"", wrong[i].arc, wrong[i].value);
      g_assert_null (md_holder_new_from_certificate (who->certificate, &error));
      g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
    }
}

static void
test_missing_and_twice (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good) - 1; i++)
    {
      Name missing[G_N_ELEMENTS (good)] = { { NULL, NULL } };
      Name twice[G_N_ELEMENTS (good) + 1] = { { NULL, NULL } };
      g_autoptr (MakerIdentity) less = NULL;
      g_autoptr (MakerIdentity) more = NULL;
      gsize n = 0;

      for (gsize k = 0; good[k].arc != NULL; k++)
        if (k != i)
          missing[n++] = good[k];
      memcpy (twice, good, sizeof good);
      twice[G_N_ELEMENTS (good) - 1] = good[i];
      less = issue (missing, V_ASN1_UTF8STRING);
      more = issue (twice, V_ASN1_UTF8STRING);
      g_assert_null (md_holder_new_from_certificate (less->certificate, NULL));
      g_assert_null (md_holder_new_from_certificate (more->certificate, NULL));
    }
}

/* Certificates that speak of nobody, and values that are no UTF8String. */
static void
test_other_certificates (void)
{
  static const Name strange[] = { { "7", "x" }, { NULL, NULL } };
  g_autoptr (MakerIdentity) empty = issue (strange, V_ASN1_UTF8STRING);
  g_autoptr (MakerIdentity) without = maker_authority ("nobody");
  g_autoptr (MakerIdentity) printable = issue (good, V_ASN1_PRINTABLESTRING);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_holder_new_from_certificate (empty->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (md_holder_new_from_certificate (without->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (md_holder_new_from_certificate (printable->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/holder/attributes", test_attributes);
  g_test_add_func ("/pki/holder/any-order", test_any_order);
  g_test_add_func ("/pki/holder/malformed", test_malformed);
  g_test_add_func ("/pki/holder/missing-and-twice", test_missing_and_twice);
  g_test_add_func ("/pki/holder/other-certificates", test_other_certificates);
  return g_test_run ();
}
