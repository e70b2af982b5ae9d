// SPDX-License-Identifier: Apache-2.0
/* What both ends read of a gateway's nonce, and the one rule of freshness. */
#include <md-protocol.h>
#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

static void
test_time (void)
{
  guint8 data[MD_WIRE_NONCE_SIZE] = { MD_NONCE_VERSION };
  gint64 made = 0;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) other = NULL;
  g_autoptr (GBytes) cut = g_bytes_new (data, sizeof data - 1);
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);

  data[11] = 0x01; /* 256 + 2 milliseconds */
  data[12] = 0x02;
  nonce = g_bytes_new (data, sizeof data);
  g_assert_true (md_nonce_get_time (nonce, &made));
  g_assert_cmpint (made, ==, 258 * 1000);
  g_assert_false (md_nonce_get_time (cut, &made));
  g_assert_false (md_nonce_get_time (none, &made));
  memset (data + 5, 0xff, 8);
  other = g_bytes_new (data, sizeof data);
  g_assert_false (md_nonce_get_time (other, &made));
  g_clear_pointer (&other, g_bytes_unref);
  data[0] = 2;
  memset (data + 5, 0, 8);
  other = g_bytes_new (data, sizeof data);
  g_assert_false (md_nonce_get_time (other, &made));
}

static void
test_fresh (void)
{
  const gint64 made = 1000000 * SECOND;

  g_assert_true (md_nonce_may_be_fresh (made, made, 0));
  g_assert_true (md_nonce_may_be_fresh (made, made + 600 * SECOND, 0));
  g_assert_false (md_nonce_may_be_fresh (made, made + 600 * SECOND + 1, 0));
  g_assert_false (md_nonce_may_be_fresh (made, made - 1, 0));
  g_assert_true (md_nonce_may_be_fresh (made, made - 120 * SECOND, MD_NONCE_CLOCK_S));
  g_assert_true (md_nonce_may_be_fresh (made, made + 720 * SECOND, MD_NONCE_CLOCK_S));
  g_assert_false (md_nonce_may_be_fresh (made, made + 720 * SECOND + 1, MD_NONCE_CLOCK_S));
  g_assert_false (md_nonce_may_be_fresh (G_MININT64, G_MAXINT64, MD_NONCE_CLOCK_S));
}

static void
test_verdicts (void)
{
  MdNonceVerdict back = MD_NONCE_VERDICT_FRESH;

  for (guint i = 0; i <= MD_NONCE_VERDICT_ABSENT; i++)
    {
      g_assert_true (md_nonce_verdict_parse (md_nonce_verdict_name ((MdNonceVerdict)i), &back));
      g_assert_cmpuint (back, ==, i);
    }
  g_assert_false (md_nonce_verdict_parse ("", &back));
  g_assert_false (md_nonce_verdict_parse (NULL, &back));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/nonce/time", test_time);
  g_test_add_func ("/protocol/nonce/fresh", test_fresh);
  g_test_add_func ("/protocol/nonce/verdicts", test_verdicts);
  return g_test_run ();
}
