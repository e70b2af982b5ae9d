// SPDX-License-Identifier: Apache-2.0
// A sample of the mishap matrix on real parts: pcscd, vpcd, the virtual card in its own process.
// What may come of a cell is what the matrix expects of it (mishap-oracle.c). After each one the
// card lies there without a verified PIN and with the tries that it should have, and gives its data
// to whoever has the PIN. Runs inside `tests/isolated with-world --cards`.
#include "mishap-oracle.h"
#include "mishap-rows.h"
#include "mishap-steps.h"

#include <gio/gunixsocketaddress.h>
#include <locale.h>
#include <md-pcsc.h>
#include <string.h>

#define READER "Virtual PCD 00 00"
#define PATIENCE_MS 60000

// How the virtual card calls a mishap.
static const struct
{
  const char *fault;
  MishapKind kind;
  guint value;
} faults[] = {
  { "remove", MISHAP_FAIL, MD_CARD_ERROR_REMOVED },
  { "remove-after", MISHAP_FAIL_AFTER, MD_CARD_ERROR_REMOVED },
  { "sw 6f00", MISHAP_WORD, 0x6f00 },
  { "sw 6982", MISHAP_WORD, 0x6982 },
  { "sw 63c2", MISHAP_WORD, 0x63c2 },
  { "sw 6a82", MISHAP_WORD, 0x6a82 },
  { "garbage", MISHAP_NOISE, 1 },
  { "short", MISHAP_CUT, 0 }, // half of it
  { "long", MISHAP_GROW, 300 },
  { "delay 700", MISHAP_SLOW, 1 },
  { "reset", MISHAP_RESET, 0 },
};

// --- The hand that holds the card ---

static void
hand (const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "run", "vcard-resident.sock", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_assert_true (g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error));
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autofree char *answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  if (answer == NULL || !g_str_has_prefix (answer, "ok"))
    g_error ("%s: %s", order, answer);
}

static void
await_slot (MdCardBackend *backend, MdCardSlot slot)
{
  for (int ms = 0; ms < PATIENCE_MS; ms += 10)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardSnapshot) now = md_card_backend_watch (backend, NULL, NULL, &error);
      g_assert_no_error (error);
      const MdCardReaderState *state = md_card_snapshot_find (now, READER);
      if (state != NULL && state->slot == slot)
        return;
      g_usleep (10000);
    }
  g_error ("the reader does not notice the card");
}

static void
put_in (MdCardBackend *backend, const char *persona)
{
  g_autofree char *dir = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "cards", persona, NULL);
  g_autofree char *insert = g_strconcat ("insert ", dir, NULL);
  hand ("clear-faults");
  hand ("remove");
  await_slot (backend, MD_CARD_SLOT_EMPTY);
  hand (insert);
  await_slot (backend, MD_CARD_SLOT_PRESENT);
}

// --- One cell ---

typedef struct
{
  MishapRig *rig;
  MdCardBackend *backend;
  guint cells;
  guint wrong;
} Sample;

static gboolean
is_expected (const Expectation *expected, const GError *error)
{
  if (error == NULL)
    return expected->success;
  return error->domain == MD_CARD_ERROR && (expected->codes & 1u << error->code) != 0;
}

// Nothing stands verified, and no try is lost.
static gboolean
is_unharmed (Sample *sample, const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (sample->backend, READER, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_mynumber_card_get_tries (card, row->opening->pin, &tries, NULL, &error)
      || tries != (int)row->opening->tries)
    return FALSE;
  g_autoptr (MdSecret) number = md_mynumber_card_read_number (card, NULL, &error);
  return number == NULL && g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
}

static void
do_cell (Sample *sample, const Row *row, guint index, gsize f)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  Mishap mishap = { .kind = faults[f].kind, .value = faults[f].value };
  if (mishap.kind == MISHAP_CUT)
    mishap.value = (guint)g_bytes_get_size (step->data) / 2;
  Expectation expected = mishap_expect (row, index, &mishap);
  g_autofree char *step_name = mishap_step_name (step);
  g_autofree char *order = g_strdup_printf ("fault %s at %u", faults[f].fault, index + 1);
  g_autoptr (GError) error = NULL;

  await_slot (sample->backend, MD_CARD_SLOT_PRESENT);
  hand ("clear-faults");
  hand (order);
  g_autoptr (MdCardFlowResult) result
      = mishap_rig_run_on (sample->rig, row, sample->backend, READER, &error);
  hand ("clear-faults");
  if (mishap.kind == MISHAP_FAIL || mishap.kind == MISHAP_FAIL_AFTER)
    put_in (sample->backend, row->opening->persona);

  gboolean good = is_expected (&expected, error);
  gboolean unharmed = is_unharmed (sample, row);
  sample->cells++;
  if (good && unharmed)
    return;
  sample->wrong++;
  g_print ("WRONG %s/%02u-%s/%s: %s%s\n", row->opening->name, index, step_name, faults[f].fault,
           good            ? ""
           : error != NULL ? error->message
                           : "success",
           unharmed ? "" : "; the card is not as it was");
}

// A few commands of the row, others for each mishap: in the end each has its turn.
static void
do_row (Sample *sample, const Row *row)
{
  put_in (sample->backend, row->opening->persona);
  for (gsize f = 0; f < G_N_ELEMENTS (faults); f++)
    for (guint part = 0; part < 3; part++)
      {
        guint index = (guint)(f * 5 + part * row->steps->len / 3 + 1) % row->steps->len;
        const Step *step = g_ptr_array_index (row->steps, index);
        gboolean needs_data = faults[f].kind == MISHAP_NOISE || faults[f].kind == MISHAP_CUT;
        if (!needs_data || g_bytes_get_size (step->data) > 0)
          do_cell (sample, row, index, f);
      }
}

int
main (void)
{
  setlocale (LC_ALL, "");
  Sample sample = { .rig = mishap_rig_new () };
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  GPtrArray *rows = mishap_rig_get_rows (sample.rig);
  sample.backend = MD_CARD_BACKEND (backend);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = g_ptr_array_index (rows, i);
      if (g_str_equal (row->temper->name, "right") && g_str_equal (row->opening->persona, "tanaka")
          && !row->opening->extended)
        do_row (&sample, row);
    }
  hand ("remove");
  mishap_rig_free (sample.rig);
  g_print ("card-mishaps-real: %u cells, %u wrong\n", sample.cells, sample.wrong);
  return sample.wrong == 0 && sample.cells > 0 ? 0 : 1;
}
