// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

/* Containers put together by hand, as somebody would who wants to get something past the reader. */

typedef struct
{
  const char *name;
  const char *data;
  guint method; /* 0: stored, 8: deflated */
  guint flags;
  guint extra;                /* bytes of extra field in the local header */
  const char *directory_name; /* NULL: the same as name */
  gint lie;                   /* added to the size in the directory */
} Entry;

static void
put16 (GByteArray *out, guint value)
{
  const guint8 bytes[2] = { (guint8)value, (guint8)(value >> 8) };
  g_byte_array_append (out, bytes, 2);
}

static void
put32 (GByteArray *out, guint32 value)
{
  put16 (out, value & 0xffff);
  put16 (out, value >> 16);
}

static void
put_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *)text, (guint)strlen (text));
}

static guint32
slow_crc (const char *data)
{
  guint32 crc = 0xffffffffu;

  for (; *data != '\0'; data++)
    {
      crc ^= (guint8)*data;
      for (int i = 0; i < 8; i++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
  return ~crc;
}

static void
put_common (GByteArray *out, const Entry *entry, const char *name, gint lie)
{
  put16 (out, 20);
  put16 (out, entry->flags);
  put16 (out, entry->method);
  put32 (out, 0x00210000);
  put32 (out, slow_crc (entry->data));
  put32 (out, (guint32)((gint)strlen (entry->data) + lie));
  put32 (out, (guint32)((gint)strlen (entry->data) + lie));
  put16 (out, (guint)strlen (name));
}

static GBytes *
zip (const Entry *entries, guint count, const char *between, const char *comment)
{
  GByteArray *out = g_byte_array_new ();
  g_autofree guint32 *offsets = g_new0 (guint32, count + 1);
  guint32 directory;
  guint32 end;

  for (guint i = 0; i < count; i++)
    {
      offsets[i] = out->len;
      put32 (out, 0x04034b50);
      put_common (out, &entries[i], entries[i].name, 0);
      put16 (out, entries[i].extra);
      put_text (out, entries[i].name);
      for (guint k = 0; k < entries[i].extra; k++)
        put_text (out, "x");
      put_text (out, entries[i].data);
    }
  put_text (out, between);
  directory = out->len;
  for (guint i = 0; i < count; i++)
    {
      const char *name
          = entries[i].directory_name != NULL ? entries[i].directory_name : entries[i].name;

      put32 (out, 0x02014b50);
      put16 (out, 20);
      put_common (out, &entries[i], name, entries[i].lie);
      put16 (out, 0);
      put16 (out, 0);
      put16 (out, 0);
      put16 (out, 0);
      put32 (out, 0);
      put32 (out, offsets[i]);
      put_text (out, name);
    }
  end = out->len;
  put32 (out, 0x06054b50);
  put32 (out, 0);
  put16 (out, count);
  put16 (out, count);
  put32 (out, end - directory);
  put32 (out, directory);
  put16 (out, (guint)strlen (comment));
  put_text (out, comment);
  return g_byte_array_free_to_bytes (out);
}

static void
assert_malformed (const Entry *entries, guint count, const char *between, const char *comment)
{
  g_autoptr (GBytes) bytes = zip (entries, count, between, comment);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_container_parse (bytes, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  /* refused for its form, before anybody looked at what the manifest says */
  g_assert_null (strstr (error->message, "schema"));
}

/* A good container's entries, to be spoilt one at a time. Its parts hold zero bytes, so only the
 * texts are used: the ZIP and the names are refused before anything else is looked at, and the good
 * ones get as far as the manifest. */
#define MIMETYPE                                                                                   \
  {                                                                                                \
    .name = "mimetype", .data = MD_SEAL_MEDIA_TYPE                                                 \
  }

#define TAIL                                                                                       \
  { .name = "META-INF/ASiCManifest001.xml", .data = "x" },                                         \
  {                                                                                                \
    .name = "META-INF/signature001.p7s", .data = "x"                                               \
  }

static void
test_reaches_the_manifest (void)
{
  const Entry entries[] = { MIMETYPE,
                            { .name = "manifest.json", .data = "{}" },
                            { .name = "META-INF/ASiCManifest001.xml", .data = "x" },
                            { .name = "META-INF/signature001.p7s", .data = "x" } };
  g_autoptr (GBytes) bytes = zip (entries, G_N_ELEMENTS (entries), "", "");
  g_autoptr (GError) error = NULL;

  g_assert_null (md_container_parse (bytes, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "schema"));
}

static void
test_names (void)
{
  static const char *const names[] = { "../manifest.json",
                                       "/etc/passwd",
                                       "META-INF/../x",
                                       "manifest.json/",
                                       "MIMETYPE",
                                       "attachments/",
                                       "attachments/1.cms",
                                       "attachments/001.cms",
                                       "attachments/0a.cms",
                                       "attachments/00.cms",
                                       "META-INF/signature1.p7s",
                                       "META-INF/signature000.p7s",
                                       "META-INF/signature017.p7s",
                                       "META-INF/manifest.xml",
                                       "decision1.json",
                                       "x.cms",
                                       "attachments\\01.cms",
                                       "application.cms ",
                                       "C:application.cms" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const Entry entries[] = { MIMETYPE,
                                { .name = "manifest.json", .data = "{}" },
                                { .name = "META-INF/ASiCManifest001.xml", .data = "x" },
                                { .name = "META-INF/signature001.p7s", .data = "x" },
                                { .name = names[i], .data = "x" } };
      g_autoptr (GBytes) bytes = zip (entries, G_N_ELEMENTS (entries), "", "");
      g_autoptr (GError) error = NULL;

      g_assert_null (md_container_parse (bytes, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
      g_test_message ("%s: %s", names[i], error->message);
      g_assert_null (strstr (error->message, "schema"));
    }
}

static void
test_structure (void)
{
  const Entry first_wrong[] = { { .name = "manifest.json", .data = "{}" }, MIMETYPE, TAIL };
  const Entry twice[] = { MIMETYPE,
                          { .name = "manifest.json", .data = "{}" },
                          { .name = "manifest.json", .data = "{}" },
                          TAIL };
  const Entry deflated[]
      = { MIMETYPE, { .name = "manifest.json", .data = "{}", .method = 8 }, TAIL };
  const Entry encrypted[]
      = { MIMETYPE, { .name = "manifest.json", .data = "{}", .flags = 1 }, TAIL };
  const Entry late_size[]
      = { MIMETYPE, { .name = "manifest.json", .data = "{}", .flags = 8 }, TAIL };
  const Entry extra[] = { { .name = "mimetype", .data = MD_SEAL_MEDIA_TYPE, .extra = 4 },
                          { .name = "manifest.json", .data = "{}" },
                          TAIL };
  const Entry two_names[] = {
    MIMETYPE, { .name = "manifest.json", .data = "{}", .directory_name = "manifest.jsoN" }, TAIL
  };
  const Entry two_sizes[] = { MIMETYPE, { .name = "manifest.json", .data = "{}", .lie = 1 }, TAIL };
  const Entry good[] = { MIMETYPE, { .name = "manifest.json", .data = "{}" }, TAIL };
  const Entry other_type[] = { { .name = "mimetype", .data = "application/zip" },
                               { .name = "manifest.json", .data = "{}" },
                               TAIL };

  assert_malformed (first_wrong, 4, "", "");
  assert_malformed (twice, 5, "", "");
  assert_malformed (deflated, 4, "", "");
  assert_malformed (encrypted, 4, "", "");
  assert_malformed (late_size, 4, "", "");
  assert_malformed (extra, 4, "", "");
  assert_malformed (two_names, 4, "", "");
  assert_malformed (two_sizes, 4, "", "");
  assert_malformed (good, 4, "hidden", "");
  assert_malformed (good, 4, "", "hidden");
  assert_malformed (other_type, 4, "", "");
  assert_malformed (good, 1, "", "");
  assert_malformed (good, 0, "", "");
}

static void
test_limits (void)
{
  const guint count = MD_LIMIT_CONTAINER_ENTRIES + 1;
  g_autofree Entry *many = g_new0 (Entry, count);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint8 *large = g_malloc0 (MD_LIMIT_CONTAINER + 1);
  g_autoptr (GBytes) too_large = g_bytes_new_static (large, MD_LIMIT_CONTAINER + 1);
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < count; i++)
    {
      char *name = g_strdup_printf ("entry-%u", i);

      g_ptr_array_add (names, name);
      many[i].name = name;
      many[i].data = "";
    }
  assert_malformed (many, count, "", "");
  g_assert_null (md_container_parse (too_large, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/zip/reaches-the-manifest", test_reaches_the_manifest);
  g_test_add_func ("/seal/zip/names", test_names);
  g_test_add_func ("/seal/zip/structure", test_structure);
  g_test_add_func ("/seal/zip/limits", test_limits);
  return g_test_run ();
}
