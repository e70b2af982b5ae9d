// SPDX-License-Identifier: Apache-2.0
/* kill-client LOG: a counter's day without end, for the kill -9 test. As the clerk it takes in some
 * applications, as the supervisor it approves all that wait, and so on until it is killed, or with
 * MADOGUCHI_WHOLE_ROUNDS told to end, which it does when all is approved. What the
 * service has confirmed, and only that, becomes a line of LOG: "intake ID SHA256" or "decision ID".
 * When the service goes away in the middle, it does what the window does: logs in again and hands
 * in the same bytes once more. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "desk.h"

#define ROUND 4
#define SMALL 20480
#define LARGE (300 * 1024) /* goes in chunks */
#define PATIENCE_US 20000

static int log_fd;
static Desk *desk;
static volatile sig_atomic_t ending;

static void
note (const char *format, const char *id, const char *digest)
{
  g_autofree char *line = g_strdup_printf ("%s %s %s\n", format, id, digest);

  /* One write, so that a line is there or not. */
  if (write (log_fd, line, strlen (line)) != (ssize_t)strlen (line))
    g_error ("log: %s", g_strerror (errno));
}

/* Whether trying again makes sense: the service or its answer is gone, or it forgot who we are.
 * Anything else is a finding. */
static void
must_be_absence (const GError *error)
{
  if (md_bus_error_is_absent (error)
      || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN)
      || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_LOGIN_UNKNOWN)
      || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_BUSY))
    return;
  note ("failure", g_quark_to_string (error->domain), error->message);
  g_error ("%s", error->message);
}

static void
become (const char *staff)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;

      if (desk_login (desk, staff, &error))
        return;
      must_be_absence (error);
      g_usleep (PATIENCE_US);
    }
}

/* One of each round is large. */
static gsize
next_size (void)
{
  static guint made;

  return made++ % ROUND == 1 ? LARGE : SMALL;
}

static void
take_in_one (const char *procedure)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *digest = NULL;

  while (reservation == NULL)
    {
      g_autoptr (GError) error = NULL;

      reservation = desk_reserve (desk, procedure, &error);
      if (reservation == NULL)
        {
          must_be_absence (error);
          become ("S0001");
        }
    }
  container = desk_seal (desk, reservation, next_size (), NULL, NULL);
  g_assert (container != NULL);
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, container);
  g_variant_lookup (reservation, "intake", "s", &intake);
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *number = NULL;

      if (desk_submit (desk, intake, container, &number, &error))
        break;
      must_be_absence (error);
      become ("S0001");
    }
  note ("intake", intake, digest);
}

static void
decide_one (const char *intake)
{
  g_autoptr (MdDecisionFiles) files = NULL;

  while (files == NULL)
    {
      g_autoptr (GError) error = NULL;

      files = desk_decision (desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error);
      if (files == NULL)
        {
          must_be_absence (error);
          become ("S0101");
        }
    }
  for (;;)
    {
      g_autoptr (GError) error = NULL;

      if (desk_send_decision (desk, intake, files, &error))
        break;
      must_be_absence (error);
      become ("S0101");
    }
  note ("decision", intake, "-");
}

static void
decide_all (void)
{
  g_autoptr (GVariant) list = NULL;

  while (list == NULL)
    {
      g_autoptr (GError) error = NULL;

      if (!md_bus_terminal1_call_list_intakes_sync (desk->proxy, desk->session, "approvals", &list,
                                                    NULL, &error))
        {
          must_be_absence (error);
          become ("S0101");
        }
    }
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (list, i);
      const char *intake = "";

      g_variant_lookup (row, "intake", "&s", &intake);
      decide_one (intake);
    }
}

/* Nothing that was taken in is left undecided: a copy of the database in which it is would be put
 * back, it would be decided on once more, and the gateway has the first decision. */
static void
end_cb (int number)
{
  ending = 1;
}

int
main (int argc, char **argv)
{
  static const char *const procedures[]
      = { "pension.exemption", "care.certification", "lem.certificate" };

  g_assert (argc == 2);
  if (g_getenv ("MADOGUCHI_WHOLE_ROUNDS") != NULL)
    g_assert (signal (SIGTERM, end_cb) != SIG_ERR);
  log_fd = open (argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  g_assert (log_fd >= 0);
  while (desk == NULL)
    {
      desk = desk_new (NULL);
      g_usleep (PATIENCE_US);
    }
  for (;;)
    {
      become ("S0001");
      for (guint i = 0; i < ROUND; i++)
        take_in_one (procedures[i % G_N_ELEMENTS (procedures)]);
      become ("S0101");
      decide_all ();
      if (ending)
        return 0;
    }
}
