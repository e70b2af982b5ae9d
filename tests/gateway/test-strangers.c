// SPDX-License-Identifier: Apache-2.0
#include "strangers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static void
test_the_first_goes (void)
{
  g_autoptr (Strangers) strangers = strangers_new (2);
  int who[4];

  g_assert_null (strangers_enter (strangers, "a", &who[0]));
  g_assert_null (strangers_enter (strangers, "a", &who[1]));
  g_assert_null (strangers_enter (strangers, "b", &who[2]));
  g_assert_true (strangers_enter (strangers, "a", &who[3]) == &who[0]);
  strangers_leave (strangers, "a", &who[0]); /* it is not counted any more */
  g_assert_true (strangers_enter (strangers, "a", &who[0]) == &who[1]);
  strangers_leave (strangers, "a", &who[3]);
  g_assert_null (strangers_enter (strangers, "a", &who[1]));
  strangers_leave (strangers, "b", &who[2]);
  strangers_leave (strangers, "b", &who[2]);
  g_assert_null (strangers_enter (strangers, "b", &who[2]));
}

static void
test_places (void)
{
  const struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  struct sockaddr_in there = { 0 };
  socklen_t size = sizeof there;
  const int listening = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int line = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_autofree char *place = NULL;
  g_autofree char *nowhere = strangers_place (listening);

  g_assert_cmpstr (nowhere, ==, "");
  g_assert_cmpint (bind (listening, (const struct sockaddr *)&any, sizeof any), ==, 0);
  g_assert_cmpint (listen (listening, 1), ==, 0);
  g_assert_cmpint (getsockname (listening, (struct sockaddr *)&there, &size), ==, 0);
  g_assert_cmpint (connect (line, (struct sockaddr *)&there, sizeof there), ==, 0);
  place = strangers_place (line);
  g_assert_cmpstr (place, ==, "127.0.0.1");
  close (line);
  close (listening);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/strangers/the-first-goes", test_the_first_goes);
  g_test_add_func ("/gateway/strangers/places", test_places);
  return g_test_run ();
}
