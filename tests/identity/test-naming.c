// SPDX-License-Identifier: Apache-2.0
#include <md-identity.h>
#include <string.h>

/* Whoever guesses who somebody is, or what their number is, can tell by an unbound digest whether
 * the guess is right: none is left behind, in bytes or in letters. */

static const guint8 *wanted;
static gsize wanted_size;
static guint found;

void __real_explicit_bzero (void *place, size_t size);
void __wrap_explicit_bzero (void *place, size_t size);
void __wrap___explicit_bzero_chk (void *place, size_t size, size_t room);

/* The linker (--wrap) brings every wipe here. */
void
__wrap_explicit_bzero (void *place, size_t size)
{
  if (wanted_size > 0 && size >= wanted_size && memcmp (place, wanted, wanted_size) == 0)
    found++;
  __real_explicit_bzero (place, size);
}

/* What a build with _FORTIFY_SOURCE calls. */
void
__wrap___explicit_bzero_chk (void *place, size_t size, size_t room)
{
  g_assert_cmpuint (size, <=, room);
  __wrap_explicit_bzero (place, size);
}

static void
look_for (const void *what, gsize size)
{
  wanted = what;
  wanted_size = size;
  found = 0;
}

static GBytes *
digest_of_somebody (void)
{
  const MdNamed named = { "見本　花子", "1990-01-01", "見本県あおぞら区一丁目1番1号" };

  return md_naming_digest_who (&named);
}

static void
test_wipes_bytes (void)
{
  static const guint8 digits[] = "123456789018";
  g_autoptr (MdSecret) number = md_secret_new_from_data (digits, strlen ((const char *)digits));
  GBytes *made[] = { digest_of_somebody (), md_naming_digest_number (number) };

  for (gsize i = 0; i < G_N_ELEMENTS (made); i++)
    {
      guint8 sum[MD_SHA256_SIZE];

      g_assert_nonnull (made[i]);
      g_assert_cmpuint (g_bytes_get_size (made[i]), ==, sizeof sum);
      memcpy (sum, g_bytes_get_data (made[i], NULL), sizeof sum);
      look_for (sum, sizeof sum);
      g_bytes_unref (made[i]);
      g_assert_cmpuint (found, ==, 1);
      look_for (NULL, 0);
    }
}

static void
test_wipes_the_sum (void)
{
  g_autoptr (GBytes) first = digest_of_somebody ();
  g_autoptr (GBytes) second = NULL;

  look_for (g_bytes_get_data (first, NULL), MD_SHA256_SIZE);
  second = digest_of_somebody ();
  g_assert_true (g_bytes_equal (first, second));
  g_assert_cmpuint (found, ==, 1);
  look_for (NULL, 0);
}

static void
test_wipes_letters (void)
{
  g_auto (MdNaming) naming = { .digests = { [MD_NAMED_WHO] = digest_of_somebody () } };
  g_autofree char *hex = md_hex_encode_bytes (naming.digests[MD_NAMED_WHO]);
  g_autofree char *salt = md_naming_make_salt ();
  g_autofree char *bound = NULL;

  look_for (hex, strlen (hex));
  bound = md_naming_dup_bound (&naming, MD_NAMED_WHO, "intake", salt);
  g_assert_cmpuint (found, ==, 1);
  look_for (NULL, 0);
  g_assert_true (md_naming_fits (&naming, MD_NAMED_WHO, "intake", salt, bound));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/naming/wipes-bytes", test_wipes_bytes);
  g_test_add_func ("/identity/naming/wipes-the-sum", test_wipes_the_sum);
  g_test_add_func ("/identity/naming/wipes-letters", test_wipes_letters);
  return g_test_run ();
}
