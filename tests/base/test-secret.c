// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <memory-scan.h>

#include "../md-test.h"

static void
test_contents (void)
{
  g_autoptr (MdSecret) secret = md_secret_new (6);

  g_assert_cmpuint (md_secret_get_size (secret), ==, 0);
  g_assert_true (md_secret_append (secret, "1234", 4));
  g_assert_false (md_secret_append (secret, "567", 3));
  g_assert_cmpstr (md_secret_get_text (secret), ==, "1234");
  g_assert_true (md_secret_append (secret, "56", 2));
  g_assert_cmpstr (md_secret_get_text (secret), ==, "123456");
  md_assert_bytes (md_secret_get_data (secret), md_secret_get_size (secret), "123456", 6);
}

/* A shorter size leaves nothing behind, and the zero byte follows at every size. */
static void
test_resize_wipes (void)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text ("123456");
  const guint8 *place = md_secret_get_data (secret);

  (void)md_secret_resize (secret, 2);
  g_assert_cmpstr (md_secret_get_text (secret), ==, "12");
  for (gsize i = 2; i <= 6; i++)
    g_assert_cmpuint (place[i], ==, 0);
  md_secret_clear (secret);
  g_assert_cmpuint (md_secret_get_size (secret), ==, 0);
  for (gsize i = 0; i <= 6; i++)
    g_assert_cmpuint (place[i], ==, 0);
}

/* The place where a freed secret lay is empty when the next one gets it. */
static void
test_free_wipes (void)
{
  MdSecret *first = md_secret_new_from_text ("0123456789");
  const guint8 *place = md_secret_get_data (first);
  g_autoptr (MdSecret) second = NULL;

  md_secret_unref (first);
  second = md_secret_new (10);
  g_assert_true (md_secret_get_data (second) == place);
  for (gsize i = 0; i < 10; i++)
    g_assert_cmpuint (place[i], ==, 0);
}

static void
test_references (void)
{
  MdSecret *secret = md_secret_new_from_text ("x");
  MdSecret *copy = g_boxed_copy (MD_TYPE_SECRET, secret);

  g_assert_true (copy == secret);
  md_secret_unref (secret);
  g_assert_cmpstr (md_secret_get_text (copy), ==, "x");
  g_boxed_free (MD_TYPE_SECRET, copy);
}

static void
test_equal (void)
{
  g_autoptr (MdSecret) a = md_secret_new_from_text ("1234");
  g_autoptr (MdSecret) b = md_secret_new_from_data ("1234", 4);
  g_autoptr (MdSecret) c = md_secret_new_take_text (g_strdup ("1235"));
  g_autoptr (MdSecret) d = md_secret_new_from_text ("123");

  g_assert_true (md_secret_equal (a, b));
  g_assert_false (md_secret_equal (a, c));
  g_assert_false (md_secret_equal (a, d));
  g_assert_false (md_secret_equal (a, NULL));
  g_assert_true (md_secret_equal (NULL, NULL));
  g_assert_null (md_secret_new_take_text (NULL));
}

/* Sizes around the granule, the own mapping and the page; all at once, so that any overlap shows.
 */
static void
test_many (void)
{
  static const gsize sizes[] = { 0, 1, 63, 64, 65, 4000, 4096, 16382, 16383, 16384, 16385, 100000 };
  g_autoptr (GPtrArray) secrets = g_ptr_array_new_with_free_func ((GDestroyNotify)md_secret_unref);

  for (guint round = 0; round < 20; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        MdSecret *secret = md_secret_new (sizes[i]);

        memset (md_secret_resize (secret, sizes[i]), (int)secrets->len % 251 + 1, sizes[i]);
        g_ptr_array_add (secrets, secret);
        if (secrets->len % 5 == 0)
          {
            md_secret_unref (g_ptr_array_steal_index (secrets, secrets->len / 2));
            g_ptr_array_insert (secrets, (int)(secrets->len / 2), md_secret_new (0));
          }
      }
  for (guint i = 0; i < secrets->len; i++)
    {
      const MdSecret *secret = g_ptr_array_index (secrets, i);
      const guint8 *data = md_secret_get_data (secret);

      for (gsize k = 1; k < md_secret_get_size (secret); k++)
        g_assert_cmpuint (data[k], ==, data[0]);
      g_assert_cmpuint (data[md_secret_get_size (secret)], ==, 0);
    }
}

/* The kernel itself says that the pages are left out of core dumps ("dd") and wiped on fork ("wf"),
 * and, where the limit allows, locked ("lo"). */
static void
test_kernel_flags (void)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text ("pin");
  g_autofree char *flags = memory_flags_of (md_secret_get_data (secret));

  g_assert_nonnull (flags);
  g_assert_nonnull (strstr (flags, " dd"));
  g_assert_nonnull (strstr (flags, " wf"));
#ifndef __SANITIZE_ADDRESS__ /* the sanitizer turns mlock into nothing */
  g_assert_true (!md_secret_pages_are_locked () || strstr (flags, " lo") != NULL);
#endif
}

/* What goes to a card and comes from it lies there, too. */
static void
test_secret_bytes (void)
{
  g_autoptr (MdWriter) writer = md_writer_new_secret (4096);
  g_autofree guint8 *data = g_malloc0 (3000);
  md_writer_u8 (writer, 7);
  md_writer_bytes (writer, data, 3000); /* grows */
  g_autoptr (GBytes) bytes = md_writer_finish (writer, NULL);
  g_autoptr (GBytes) empty = md_bytes_new_secret (NULL, 0);
  g_autofree char *flags = memory_flags_of (g_bytes_get_data (bytes, NULL));

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 3001);
  g_assert_cmpuint (((const guint8 *)g_bytes_get_data (bytes, NULL))[0], ==, 7);
  g_assert_nonnull (strstr (flags, " dd"));
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
}

static void
test_wiped_bytes (void)
{
  g_autoptr (GBytes) bytes = md_bytes_new_wiped ("abc", 3);
  g_autoptr (GBytes) empty = md_bytes_new_wiped (NULL, 0);
  char text[] = "secret";

  md_assert_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "abc", 3);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
  md_wipe (text, sizeof text);
  for (gsize i = 0; i < sizeof text; i++)
    g_assert_cmpint (text[i], ==, 0);
  md_wipe (NULL, 5);
  md_wipe_free_text (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/secret/contents", test_contents);
  g_test_add_func ("/base/secret/resize-wipes", test_resize_wipes);
  g_test_add_func ("/base/secret/free-wipes", test_free_wipes);
  g_test_add_func ("/base/secret/references", test_references);
  g_test_add_func ("/base/secret/equal", test_equal);
  g_test_add_func ("/base/secret/many", test_many);
  g_test_add_func ("/base/secret/kernel-flags", test_kernel_flags);
  g_test_add_func ("/base/secret/secret-bytes", test_secret_bytes);
  g_test_add_func ("/base/secret/wiped-bytes", test_wiped_bytes);
  return g_test_run ();
}
