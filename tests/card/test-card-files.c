// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>

#include <string.h>

// The fixture of the reference, a test card's EF 0002 (an invented person).
#define ATTRIBUTES                                                                                 \
  "ff2065df2108000e002000590064"                                                                   \
  "df220fe9bb92e6a190e38080e5b9b9e4b99f"                                                           \
  "df2336e69db1e4baace983bde6b885e780ace5b882e8a6b3e5b883e5ad90e58d97efbc91efbc92efbc8defbc97efbc" \
  "8defbc92efbc90efbc92"                                                                           \
  "df24083139383030323137"                                                                         \
  "df250131"

static GBytes *
hex (const char *text)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = md_hex_decode (text, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
assert_attributes (const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = hex (file);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autoptr (MdCardAttributes) attributes = md_card_parse_attributes (data, length, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_card_attributes_get_name (attributes), ==, "黒桐　幹也");
  g_assert_cmpstr (md_card_attributes_get_address (attributes), ==,
                   "東京都清瀬市観布子南１２－７－２０２");
  g_assert_cmpstr (md_card_attributes_get_birth (attributes), ==, "19800217");
  g_assert_cmpstr (md_card_attributes_get_sex_code (attributes), ==, "1");
  g_assert_cmpint (md_card_attributes_get_sex (attributes), ==, MD_CARD_SEX_MALE);
}

static void
test_attributes_vector (void)
{
  assert_attributes (ATTRIBUTES);
  assert_attributes (ATTRIBUTES "ffffffff");
  assert_attributes (ATTRIBUTES "0000");
}

static void
test_attributes_after_two_bytes (void)
{
  assert_attributes ("0068" ATTRIBUTES);
  assert_attributes ("ffff" ATTRIBUTES);
  assert_attributes ("ff20" ATTRIBUTES);
}

// SHA-256 over DF22..DF25 as stored, computed with sha256sum.
static void
test_attributes_digest (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = hex (ATTRIBUTES);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autoptr (MdCardAttributes) attributes = md_card_parse_attributes (data, length, &error);
  g_assert_no_error (error);
  g_autofree char *expected
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data + 14, length - 14);
  g_autofree char *digest = md_hex_encode (md_card_attributes_get_digest (attributes), 32);
  g_assert_cmpstr (digest, ==, expected);
}

static void
test_attributes_cut_anywhere (void)
{
  g_autoptr (GBytes) bytes = hex (ATTRIBUTES);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree guint8 *copy = g_memdup2 (data, MAX (cut, 1));
      g_assert_null (md_card_parse_attributes (copy, cut, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    }
}

static void
test_attributes_garbage (void)
{
  static const char *const files[] = {
    // invalid UTF-8 in the name
    "ff201cdf2202c328df2303616263df24083139383030323137df250131",
    // a control character in the address
    "ff201cdf22026162df230361000adf24083139383030323137df250131",
    // a birth date that is no number
    "ff201cdf22026162df2303616263df24083139383030323158df250131",
    // the name twice
    "ff2021df22026162df22026162df2303616263df24083139383030323137df250131",
    // an item longer than the file
    "ff201cdf22826162df2303616263df24083139383030323137df250131",
    "ff20",
    "ff2000",
    "00",
    "ffffffffffffffffffffffffffffffffffffffff",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = hex (files[i]);
      gsize length = 0;
      const guint8 *data = g_bytes_get_data (bytes, &length);
      g_assert_null (md_card_parse_attributes (data, length, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    }
}

static void
test_sex_codes (void)
{
  static const struct
  {
    const char *code;
    MdCardSex sex;
  } rows[] = {
    { "31", MD_CARD_SEX_MALE },    { "32", MD_CARD_SEX_FEMALE },
    { "33", MD_CARD_SEX_OTHER },   { "39", MD_CARD_SEX_NOT_APPLICABLE },
    { "30", MD_CARD_SEX_UNKNOWN }, { "37", MD_CARD_SEX_UNKNOWN },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *file = g_strconcat (
          "ff201adf22026162df2303616263df24083139383030323137df2501", rows[i].code, NULL);
      g_autoptr (GBytes) bytes = hex (file);
      gsize length = 0;
      const guint8 *data = g_bytes_get_data (bytes, &length);
      g_autoptr (MdCardAttributes) attributes = md_card_parse_attributes (data, length, &error);
      g_assert_no_error (error);
      g_assert_cmpint (md_card_attributes_get_sex (attributes), ==, rows[i].sex);
    }
}

static void
test_number (void)
{
  static const struct
  {
    const char *file;
    const char *digits; // NULL: refused
  } rows[] = {
    { "ff100c353337363836363737313838ffff", "537686677188" },
    { "ff100c353337363836363737313838", "537686677188" },
    { "ff100c35333736383636373731383affff", NULL },
    { "ff100b3533373638363637373138ffffff", NULL },
    { "ff100d35333736383636373731383838ff", NULL },
    { "ff100c3533373638363637", NULL },
    { "ffffffffffffffffffffffffffffffffff", NULL },
    { "00", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = hex (rows[i].file);
      gsize length = 0;
      const guint8 *data = g_bytes_get_data (bytes, &length);
      g_autoptr (MdSecret) number = md_card_parse_number (data, length, &error);
      if (rows[i].digits == NULL)
        g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
      else
        g_assert_cmpstr (md_secret_get_text (number), ==, rows[i].digits);
    }
}

static void
test_integrity (void)
{
  g_autoptr (GError) error = NULL;
  guint8 file[336] = { 0xff, 0x30, 0x82, 0x01, 0x4b, 0xdf, 0x31, 0x20 };
  for (guint i = 0; i < 32; i++)
    {
      file[8 + i] = 0x11;
      file[43 + i] = 0x22;
    }
  file[40] = 0xdf;
  file[41] = 0x32;
  file[42] = 0x20;
  file[75] = 0xdf;
  file[76] = 0x33;
  file[77] = 0x82;
  file[78] = 0x01;
  file[79] = 0x00;
  MdCardIntegrity record;
  g_assert_true (md_card_parse_integrity (file, sizeof file, &record, &error));
  g_assert_no_error (error);
  g_assert_cmpint (record.number_digest[31], ==, 0x11);
  g_assert_cmpint (record.attributes_digest[0], ==, 0x22);
  g_assert_true (memcmp (record.signed_part, file + 5, 70) == 0);

  for (gsize cut = 1; cut < sizeof file; cut++)
    {
      g_autofree guint8 *copy = g_memdup2 (file, cut);
      g_assert_false (md_card_parse_integrity (copy, cut, &record, NULL));
    }
  file[42] = 0x1f;
  g_assert_false (md_card_parse_integrity (file, sizeof file, &record, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
}

static void
test_measure (void)
{
  static const struct
  {
    const char *head;
    gsize total; // 0: not measurable
  } rows[] = {
    { "3082051400", 0x514 + 4 }, { "30813000", 0x33 },   { "300500", 7 }, { "ff2065", 0x68 },
    { "ff30820100", 0x105 },     { "3083010000", 0 },    { "30", 0 },     { "3080", 0 },
    { "30827ffc", 0 },           { "30827ffb", 0x7fff },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = hex (rows[i].head);
      gsize length = 0;
      const guint8 *data = g_bytes_get_data (bytes, &length);
      gsize total = 0;
      gboolean ok = md_card_measure_file (data, length, &total);
      g_assert_cmpint (ok, ==, rows[i].total != 0);
      g_assert_cmpuint (total, ==, rows[i].total);
    }
}

static void
test_common (void)
{
  MdCardCommon common;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = hex ("011c34303030303030313237313938343331333232313230333530323137");
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_assert_true (md_card_parse_common (data, length, &common, &error));
  g_assert_cmpstr (common.municipality, ==, "13221");
  for (gsize cut = 0; cut < length; cut++)
    g_assert_false (md_card_parse_common (data, cut, &common, NULL));
}

static void
test_piv (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) object = hex ("5310"
                                   "7009"
                                   "300730003000030100"
                                   "710100fe00");
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (object, &length);
  g_autoptr (GBytes) certificate = md_card_parse_piv_certificate (data, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (certificate), ==, 9);

  static const struct
  {
    const char *object;
    int code;
  } rows[] = {
    { "5300", MD_CARD_ERROR_NO_DATA },
    { "530c70053003020105710101fe00", MD_CARD_ERROR_UNSUPPORTED },
    { "5305710100fe00", MD_CARD_ERROR_PROTOCOL },
    { "5307700530030201", MD_CARD_ERROR_PROTOCOL },
    { "7005", MD_CARD_ERROR_PROTOCOL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_clear_error (&error);
      g_autoptr (GBytes) bytes = hex (rows[i].object);
      data = g_bytes_get_data (bytes, &length);
      g_assert_null (md_card_parse_piv_certificate (data, length, &error));
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
    }

  g_autoptr (GBytes) answer = hex ("7c0482020a0b");
  data = g_bytes_get_data (answer, &length);
  g_clear_error (&error);
  g_autoptr (GBytes) value = md_card_parse_piv_response (data, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (value), ==, 2);
  g_assert_null (md_card_parse_piv_response (data, 5, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/card/card-files/" name, func)
  ADD ("attributes-vector", test_attributes_vector);
  ADD ("attributes-after-two-bytes", test_attributes_after_two_bytes);
  ADD ("attributes-digest", test_attributes_digest);
  ADD ("attributes-cut-anywhere", test_attributes_cut_anywhere);
  ADD ("attributes-garbage", test_attributes_garbage);
  ADD ("sex-codes", test_sex_codes);
  ADD ("number", test_number);
  ADD ("integrity", test_integrity);
  ADD ("measure", test_measure);
  ADD ("common", test_common);
  ADD ("piv", test_piv);
#undef ADD
  return g_test_run ();
}
