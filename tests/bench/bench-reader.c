// SPDX-License-Identifier: Apache-2.0
#include "bench-reader.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

static char *
hand (const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ward_path ("run", "vcard-resident.sock", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  if (connection == NULL)
    g_error ("%s", error->message);
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  if (!g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error))
    g_error ("%s", error->message);
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  char *answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  if (answer == NULL || !g_str_has_prefix (answer, "ok"))
    g_error ("%s: %s", order, answer != NULL ? answer : "no answer");
  return answer;
}

void
bench_slow (guint ms)
{
  g_autofree char *order = g_strdup_printf ("fault delay %u every", ms);
  g_autofree char *cleared = hand ("clear-faults");
  g_autofree char *answer = hand (order);
}

BenchCard
bench_card (void)
{
  g_autofree char *count = hand ("count");
  g_autofree char *busy = hand ("busy");
  return (BenchCard){ .commands = (guint)g_ascii_strtoull (count + 3, NULL, 10),
                      .card_ms = g_ascii_strtod (busy + 3, NULL) / 1000 };
}

BenchSample
bench_since (const BenchCard *before, double wall_ms, double pcsc_ms)
{
  BenchCard now = bench_card ();
  return (BenchSample){ wall_ms, pcsc_ms, now.card_ms - before->card_ms,
                        now.commands - before->commands };
}

void
bench_put_in (const char *person)
{
  g_autofree char *path = ward_path ("cards", person, NULL);
  g_autofree char *order = g_strconcat ("insert ", path, NULL);
  g_autofree char *answer = hand (order);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *status = hand ("status");
      if (strstr (status, "taken=yes") != NULL)
        return;
      g_usleep (20000);
    }
  g_error ("the reader does not take the card");
}

BenchSample
bench_program (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  BenchCard before = bench_card ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GSubprocess) program = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  if (program == NULL || !g_subprocess_wait_check (program, NULL, &error))
    g_error ("%s: %s", argv[0], error->message);
  return bench_since (&before, (double)(g_get_monotonic_time () - start) / 1000, 0);
}

MdCardConnection *
bench_open (MdPcscBackend *backend)
{
  g_autoptr (GError) error = NULL;
  MdCardConnection *connection
      = md_card_connection_open (MD_CARD_BACKEND (backend), WARD_RESIDENT_READER, NULL, &error);
  if (connection == NULL)
    g_error ("%s", error->message);
  return connection;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double *one = a;
  const double *other = b;
  return (*one > *other) - (*one < *other);
}

static double
median (double *values, gsize count)
{
  qsort (values, count, sizeof *values, compare_doubles);
  return values[count / 2];
}

BenchMedians
bench_medians (const BenchSample *samples, gsize count)
{
  g_autofree double *wall = g_new (double, count);
  g_autofree double *pcsc = g_new (double, count);
  g_autofree double *card = g_new (double, count);
  g_autofree double *own = g_new (double, count);
  for (gsize i = 0; i < count; i++)
    {
      wall[i] = samples[i].wall_ms;
      pcsc[i] = samples[i].pcsc_ms;
      card[i] = samples[i].card_ms;
      own[i] = samples[i].wall_ms - samples[i].pcsc_ms;
    }
  return (BenchMedians){ median (wall, count), median (pcsc, count), median (card, count),
                         median (own, count), samples[0].commands };
}

int
bench_hold (const char *what, double value, double bar)
{
  static int status;
  if (value > bar)
    {
      g_print ("%s: %.2f is above the bar of %.2f\n", what, value, bar);
      status = 1;
    }
  return status;
}
