// SPDX-License-Identifier: Apache-2.0
#include "mishap-real.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#define PATIENCE_MS 60000
#define STEP_US 10000

static GSocketConnection *
reach_card (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "run", "vcard-resident.sock", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  GSocketConnection *connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static GDataInputStream *
say (GSocketConnection *connection, const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  (void)g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  return g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
}

char *
real_order (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *order = g_strdup_vprintf (format, args);
  va_end (args);
  g_autoptr (GSocketConnection) connection = reach_card ();
  g_autoptr (GDataInputStream) input = say (connection, order);
  char *answer = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  if (answer == NULL || !g_str_has_prefix (answer, "ok"))
    g_error ("%s: %s", order, answer);
  return answer;
}

static gboolean
status_has (const char *word)
{
  g_autofree char *status = real_order ("status");
  return strstr (status, word) != NULL;
}

static void
await_status (const char *word)
{
  for (int ms = 0; ms < PATIENCE_MS; ms += STEP_US / 1000)
    {
      if (status_has (word))
        return;
      g_usleep (STEP_US);
    }
  g_error ("the card never says%s", word);
}

void
real_await_card (MdCardBackend *backend)
{
  await_status (" taken=yes");
  for (int ms = 0; ms < PATIENCE_MS; ms += STEP_US / 1000)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardSnapshot) now = md_card_backend_watch (backend, NULL, NULL, &error);
      g_assert_no_error (error);
      const MdCardReaderState *state = md_card_snapshot_find (now, REAL_READER);
      if (state != NULL && state->slot == MD_CARD_SLOT_PRESENT)
        return;
      g_usleep (STEP_US);
    }
  g_error ("the reader does not notice the card");
}

void
real_insert (MdCardBackend *backend, const char *persona)
{
  g_autofree char *dir = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "cards", persona, NULL);
  g_free (real_order ("clear-faults"));
  g_free (real_order ("insert %s", dir));
  real_await_card (backend);
}

static gpointer
remove_main (gpointer data)
{
  await_status (" faults=0");
  g_free (real_order ("remove"));
  return NULL;
}

GThread *
real_remove_after_fault (void)
{
  return g_thread_new ("hand", remove_main, NULL);
}

void
real_set_tries (const char *persona, const char *object, guint max, guint tries)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "cards", persona, "state.ini", NULL);
  g_autofree char *state = g_strdup_printf ("[tries]\n%s=%u\n", object, tries);
  (void)g_file_set_contents (path, state, -1, &error);
  g_assert_no_error (error);
  g_free (real_order ("tries %s %u %u", object, max, tries));
}

guint
real_get_tries (const char *object, guint max)
{
  g_autofree char *answer = real_order ("tries %s %u", object, max);
  return (guint)g_ascii_strtoull (answer + strlen ("ok "), NULL, 10);
}

guint
real_count_verified (void)
{
  g_autofree char *status = real_order ("status");
  const char *found = strstr (status, "verified=");
  g_assert_nonnull (found);
  return (guint)g_ascii_strtoull (found + strlen ("verified="), NULL, 10);
}

// A line: "N CLA INS P1 P2 Lc=L Ne=E -> LENGTH SW MSms".
guint
real_count_presented (guint *out_word)
{
  guint count = 0;
  *out_word = 0;
  g_autoptr (GSocketConnection) connection = reach_card ();
  g_autoptr (GDataInputStream) input = say (connection, "log");
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);
      if (line == NULL || g_str_equal (line, "."))
        return count;
      g_auto (GStrv) words = g_strsplit (line, " ", -1);
      if (g_strv_length (words) < 11 || !g_str_equal (words[2], "20")
          || g_str_equal (words[5], "Lc=0"))
        continue;
      count++;
      *out_word = (guint)g_ascii_strtoull (words[9], NULL, 16);
    }
}
