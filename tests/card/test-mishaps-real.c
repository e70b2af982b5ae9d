// SPDX-License-Identifier: Apache-2.0
// A sample of the mishap matrix on real parts: pcscd, vpcd, the virtual card in its own process.
// What may come of a cell is what the matrix expects of it (mishap-oracle.c). After each one the
// card itself is asked: nothing stands verified, no more than one PIN came, and the tries left are
// those that it should have, which our reader must tell, too. Then the next person's card, or the
// same one again, is read. Runs inside `tests/isolated with-world --cards`.
#include "mishap-oracle.h"
#include "mishap-real.h"
#include "mishap-rows.h"
#include "mishap-steps.h"

#include <locale.h>

// How the virtual card calls a mishap.
typedef struct
{
  const char *fault;
  MishapKind kind;
  guint value;
  gboolean gone;  // the card is away afterwards, or another one lies there
  gboolean waits; // until somebody takes the card away
} Fault;

static const Fault faults[] = {
  { "remove", MISHAP_FAIL, MD_CARD_ERROR_REMOVED, .gone = TRUE },
  { "remove-after", MISHAP_FAIL_AFTER, MD_CARD_ERROR_REMOVED, .gone = TRUE },
  { "mute", MISHAP_FAIL_AFTER, MD_CARD_ERROR_REMOVED, .gone = TRUE, .waits = TRUE },
  { "swap", MISHAP_SWAP, 0, .gone = TRUE },
  { "sw 6f00", MISHAP_WORD, 0x6f00 },
  { "sw 6982", MISHAP_WORD, 0x6982 },
  { "sw 63c2", MISHAP_WORD, 0x63c2 },
  { "sw 6a82", MISHAP_WORD, 0x6a82 },
  { "garbage", MISHAP_NOISE, 1 },
  { "short", MISHAP_CUT, 0 }, // half of it
  { "long", MISHAP_GROW, 300 },
  { "one-byte", MISHAP_FRAGMENT, 1 },
  { "delay 100", MISHAP_SLOW, 1 },
  { "reset", MISHAP_RESET, 0 },
};

typedef enum
{
  ROW_RIGHT,
  ROW_WRONG,
  ROW_EDGE,
  N_ROW_KINDS
} RowKind;

typedef struct
{
  MishapRig *rig;
  MdCardBackend *backend;
  guint cells;
  guint wrong;
  guint gone;              // cells after which the card was away
  guint rows[N_ROW_KINDS]; // done
} Sample;

typedef struct
{
  Sample *sample;
  const Row *row;
  guint index;
  const Fault *fault; // NULL: nothing happens
  GString *trouble;
} Cell;

static void complain (Cell *cell, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
complain (Cell *cell, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append (cell->trouble, cell->trouble->len > 0 ? "; " : "");
  g_string_append_vprintf (cell->trouble, format, args);
  va_end (args);
}

static guint
start_tries (const Row *row)
{
  return row->temper->tries >= 0 ? (guint)row->temper->tries : row->opening->tries;
}

// --- What came ---

static void
check_outcome (Cell *cell, const Expectation *expected, const GError *error)
{
  gboolean allowed = error == NULL ? expected->success
                                   : error->domain == MD_CARD_ERROR
                                         && (expected->codes & 1u << error->code) != 0;
  gboolean of_tries = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
                      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED)
                      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  if (!allowed)
    complain (cell, "ended in %s", error != NULL ? error->message : "success");
  else if (of_tries && !expected->any_tries && md_card_error_get_tries (error) != expected->tries)
    complain (cell, "told %d tries left instead of %d", md_card_error_get_tries (error),
              expected->tries);
}

// The tries that the card must have left after what it was given, by its own log.
static guint
tries_due (Cell *cell)
{
  const Row *row = cell->row;
  const Step *step = g_ptr_array_index (row->steps, cell->index);
  gboolean unseen = cell->fault != NULL
                    && cell->fault->kind == MISHAP_WORD // the card was not asked
                    && step->verb == STEP_PRESENT;
  guint word = 0;
  guint presented = real_count_presented (&word);
  gboolean judged = word == 0 || word == 0x9000 || (word & 0xfff0) == 0x63c0;
  if (presented > 1)
    complain (cell, "%u PINs were sent", presented);
  if (presented == 0 || unseen || !judged)
    return start_tries (row);
  return row->temper->wrong ? start_tries (row) - 1 : row->opening->tries;
}

// Before our reader looks at it.
static void
check_card (Cell *cell, guint due)
{
  guint left = real_get_tries (cell->row->opening->object, cell->row->opening->tries);
  if (left != due)
    complain (cell, "the card has %u tries left instead of %u", left, due);
}

// Our reader tells the same tries, and reads nothing without a PIN.
static void
check_reader (Cell *cell, guint due)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (cell->sample->backend, REAL_READER, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_mynumber_card_get_tries (card, cell->row->opening->pin, &tries, NULL, &error)
      || tries != (int)due)
    complain (cell, "afterwards it tells %d tries left instead of %u", tries, due);
  g_clear_error (&error);
  g_autoptr (MdSecret) number = md_mynumber_card_read_number (card, NULL, &error);
  if (number != NULL || !g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED))
    complain (cell, "something stands verified");
}

// The next person's card gives its data and nothing of what was before.
static void
check_next (Cell *cell)
{
  Sample *sample = cell->sample;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardFlowResult) result
      = mishap_rig_run_next_on (sample->rig, sample->backend, REAL_READER, &error);
  if (result == NULL)
    complain (cell, "the next card: %s", error->message);
  else if (g_strcmp0 (md_secret_get_text (result->number), mishap_rig_get_next_number (sample->rig))
               != 0
           || result->integrity_check != MD_CARD_INTEGRITY_FITS)
    complain (cell, "the next card gives other data than its own");
  if (real_count_verified () > 0)
    complain (cell, "a PIN of the next card stands verified");
}

// --- One cell ---

static Mishap
mishap_of (const Row *row, guint index, const Fault *fault)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  Mishap mishap = { .kind = MISHAP_NONE };
  if (fault != NULL)
    mishap = (Mishap){ .kind = fault->kind, .value = fault->value };
  if (mishap.kind == MISHAP_CUT)
    mishap.value = (guint)g_bytes_get_size (step->data) / 2;
  return mishap;
}

// The card comes back, every third time after the next person's one.
static void
bring_back (Cell *cell)
{
  Sample *sample = cell->sample;
  gboolean swapped = cell->fault->kind == MISHAP_SWAP;
  if (!swapped && sample->gone++ % 3 == 0)
    real_insert (sample->backend, mishap_rig_get_next_persona (sample->rig));
  else if (!swapped)
    {
      real_insert (sample->backend, cell->row->opening->persona);
      return;
    }
  real_await_card (sample->backend);
  check_next (cell);
  real_insert (sample->backend, cell->row->opening->persona);
}

// The person types the same wrong PIN once more.
static void
check_again (Cell *cell)
{
  Sample *sample = cell->sample;
  const Row *row = cell->row;
  g_autoptr (GError) error = NULL;
  guint word = 0;
  g_free (real_order ("clear-log"));
  g_autoptr (MdCardFlowResult) result
      = mishap_rig_run_on (sample->rig, row, sample->backend, REAL_READER, &error);
  if (result != NULL || !g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME))
    complain (cell, "the second attempt ended in %s", error != NULL ? error->message : "success");
  if (real_count_presented (&word) > 0)
    complain (cell, "the same wrong PIN was sent again");
}

static void
run_cell (Cell *cell)
{
  Sample *sample = cell->sample;
  const Row *row = cell->row;
  const Opening *opening = row->opening;
  Mishap mishap = mishap_of (row, cell->index, cell->fault);
  Expectation expected = mishap_expect (row, cell->index, &mishap);
  g_autoptr (GError) error = NULL;

  real_await_card (sample->backend);
  real_set_tries (opening->persona, opening->object, opening->tries, start_tries (row));
  mishap_rig_forget (sample->rig);
  g_free (real_order ("clear-log"));
  g_free (real_order ("clear-faults"));
  if (cell->fault != NULL)
    g_free (real_order ("fault %s at %u", cell->fault->fault, cell->index + 1));
  GThread *hand = cell->fault != NULL && cell->fault->waits ? real_remove_after_fault () : NULL;
  g_autoptr (MdCardFlowResult) result
      = mishap_rig_run_on (sample->rig, row, sample->backend, REAL_READER, &error);
  g_free (real_order ("clear-faults"));
  if (hand != NULL)
    g_thread_join (hand);

  check_outcome (cell, &expected, error);
  if (real_count_verified () > 0)
    complain (cell, "%u PINs stand verified", real_count_verified ());
  guint due = tries_due (cell);
  if (cell->fault != NULL && cell->fault->gone)
    bring_back (cell);
  check_card (cell, due);
  check_reader (cell, due);
  if (cell->fault == NULL && row->temper->wrong && opening->remembered && due > 1)
    check_again (cell);
}

static void
do_cell (Sample *sample, const Row *row, guint index, const Fault *fault)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  g_autoptr (GString) trouble = g_string_new (NULL);
  Cell cell = { .sample = sample, .row = row, .index = index, .fault = fault, .trouble = trouble };
  if (fault != NULL && (fault->kind == MISHAP_NOISE || fault->kind == MISHAP_CUT)
      && g_bytes_get_size (step->data) == 0)
    return;
  run_cell (&cell);
  sample->cells++;
  if (trouble->len == 0)
    return;
  g_autofree char *step_name = mishap_step_name (step);
  sample->wrong++;
  g_print ("WRONG %s/%s/%02u-%s/%s: %s\n", row->opening->name, row->temper->name, index, step_name,
           fault != NULL ? fault->fault : "nothing", trouble->str);
}

// --- Which ones ---
//
// Putting a card in takes the reader most of a second: what makes the card go away has fewer turns,
// each row's at another command.

// A few commands of the row, others for each mishap: in the end each has its turn. A card that goes
// before it has answered anything was simply not there, or was another one.
static void
do_right_row (Sample *sample, const Row *row, guint number)
{
  for (gsize f = 0; f < G_N_ELEMENTS (faults); f++)
    for (guint part = 0; part < (faults[f].gone ? 1 : 3); part++)
      {
        guint index = (guint)f * 5 + part * row->steps->len / 3 + 1 + (faults[f].gone ? number : 0);
        index %= row->steps->len;
        do_cell (sample, row, faults[f].gone ? MAX (index, 1) : index, &faults[f]);
      }
}

// Mishaps when the wrong PIN is sent, and at one command before that.
static void
do_wrong_row (Sample *sample, const Row *row, guint number)
{
  guint last = row->steps->len - 1;
  do_cell (sample, row, last, NULL);
  for (gsize f = 0; f < G_N_ELEMENTS (faults); f++)
    {
      if (!faults[f].gone || f % 2 == number % 2)
        do_cell (sample, row, last, &faults[f]);
      if (!faults[f].gone)
        do_cell (sample, row, (guint)(f * 5 + number) % last, &faults[f]);
    }
}

// The last try and none: undisturbed, and with one mishap, another for each row, at the last
// command.
static void
do_edge_row (Sample *sample, const Row *row, guint number)
{
  do_cell (sample, row, row->steps->len - 1, NULL);
  do_cell (sample, row, row->steps->len - 1, &faults[number % G_N_ELEMENTS (faults)]);
}

static void
do_row (Sample *sample, const Row *row)
{
  static void (*const kinds[]) (Sample *, const Row *, guint)
      = { [ROW_RIGHT] = do_right_row, [ROW_WRONG] = do_wrong_row, [ROW_EDGE] = do_edge_row };
  RowKind kind = row->temper->tries >= 0 ? ROW_EDGE : row->temper->wrong ? ROW_WRONG : ROW_RIGHT;
  kinds[kind](sample, row, sample->rows[kind]++);
}

int
main (void)
{
  setlocale (LC_ALL, "");
  Sample sample = { .rig = mishap_rig_new () };
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  GPtrArray *rows = mishap_rig_get_rows (sample.rig);
  sample.backend = MD_CARD_BACKEND (backend);
  g_autofree char *next = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "cards",
                                            mishap_rig_get_next_persona (sample.rig), NULL);
  g_free (real_order ("next %s", next));
  real_insert (sample.backend, "tanaka");
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = g_ptr_array_index (rows, i);
      if (g_str_equal (row->opening->persona, "tanaka") && !row->opening->extended
          && row->opening->drive == DRIVE_FLOW)
        do_row (&sample, row);
    }
  g_free (real_order ("remove"));
  mishap_rig_free (sample.rig);
  g_print ("card-mishaps-real: %u cells, %u wrong\n", sample.cells, sample.wrong);
  return sample.wrong == 0 && sample.cells > 0 ? 0 : 1;
}
