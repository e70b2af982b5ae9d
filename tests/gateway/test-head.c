// SPDX-License-Identifier: Apache-2.0
#include "head.h"

#include <string.h>

#define FIRST "PUT /v1/policy HTTP/1.1\r\n"

static void
assert_none (const char *text, gsize size)
{
  Head head;

  if (head_read (text, size, &head))
    g_error ("taken: %s", text);
}

static void
test_what_it_says (void)
{
  static const char text[]
      = FIRST "hOsT: gateway\r\ncontent-length:  12 \r\nX-Other:\r\nY: a\tb: c\r\n\r\n";
  Head head;

  g_assert_true (head_read (text, strlen (text), &head));
  g_assert_cmpstr (head.method, ==, "PUT");
  g_assert_cmpstr (head.place, ==, "/v1/policy");
  g_assert_cmpuint (head.hosts, ==, 1);
  g_assert_cmpuint (head.lengths, ==, 1);
  g_assert_cmpuint (head.encodings, ==, 0);
  g_assert_true (head.counts);
  g_assert_cmpuint (head.length, ==, 12);
}

static void
test_what_is_counted (void)
{
  static const char text[] = FIRST "Transfer-Encoding: chunked\r\nHost: a\r\nHost: b\r\n"
                                   "Content-Length: 5\r\nContent-Length: 6\r\n\r\n";
  static const char *const lengths[]
      = { "+5", "-5", "0x5", "5 5", "5,5", "", "99999999999", "4294967296" };
  Head head;

  g_assert_true (head_read (text, strlen (text), &head));
  g_assert_cmpuint (head.hosts, ==, 2);
  g_assert_cmpuint (head.lengths, ==, 2);
  g_assert_cmpuint (head.encodings, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *odd = g_strdup_printf (FIRST "Content-Length: %s\r\n\r\n", lengths[i]);

      g_assert_true (head_read (odd, strlen (odd), &head));
      g_assert_false (head.counts);
    }
}

static void
test_what_is_none (void)
{
  static const char *const wrong[] = {
    "",
    "\r\n",
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET /\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "GET / HTTP/1.1 \r\n\r\n",
    "GET  / HTTP/1.1\r\n\r\n",
    "G@T / HTTP/1.1\r\n\r\n",
    "GET /\x01 HTTP/1.1\r\n\r\n",
    FIRST,
    FIRST "Host: a\n\r\n",
    FIRST "Host: a\r\n\n",
    FIRST "Host: a\rb\r\n\r\n",
    FIRST "Host : a\r\n\r\n",
    FIRST ": a\r\n\r\n",
    FIRST "Host\r\n\r\n",
    FIRST "Host: a\r\n folded\r\n\r\n",
    FIRST "Host: a\r\n\tfolded\r\n\r\n",
    FIRST "Host: a\x7f\r\n\r\n",
    FIRST "Host: a\r\n\r\nmore",
  };
  static const char zero[] = FIRST "Host: a\0b\r\n\r\n";

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_none (wrong[i], strlen (wrong[i]));
  assert_none (zero, sizeof zero - 1);
}

static void
test_what_is_long (void)
{
  g_autofree char *name = g_strnfill (10000, 'a');
  g_autofree char *text = g_strdup_printf ("%s /%s HTTP/1.1\r\n\r\n", name, name);
  Head head;

  g_assert_true (head_read (text, strlen (text), &head));
  g_assert_cmpstr (head.method, ==, "other");
  g_assert_cmpstr (head.place, ==, "");
}

/* No cut and no changed byte makes it read past the end. */
static void
test_changed_bytes (void)
{
  static const char text[] = FIRST "Host: gateway\r\nContent-Length: 12\r\n\r\n";
  const gsize size = sizeof text - 1;

  for (gsize cut = 0; cut <= size; cut++)
    {
      g_autofree char *part = g_memdup2 (text, MAX (cut, 1));
      Head head;

      g_assert_true (head_read (part, cut, &head) == (cut == size));
      for (guint value = 0; cut < size && value < 256; value++)
        {
          g_autofree char *other = g_memdup2 (text, size);

          other[cut] = (char)value;
          (void)!head_read (other, size, &head);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/head/what-it-says", test_what_it_says);
  g_test_add_func ("/gateway/head/what-is-counted", test_what_is_counted);
  g_test_add_func ("/gateway/head/what-is-none", test_what_is_none);
  g_test_add_func ("/gateway/head/what-is-long", test_what_is_long);
  g_test_add_func ("/gateway/head/changed-bytes", test_changed_bytes);
  return g_test_run ();
}
