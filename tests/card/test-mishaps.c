// SPDX-License-Identifier: Apache-2.0
// The mishap matrix: at every command of every conversation with a resident's card, everything that
// can happen to card, reader and answer. Generated; see mishap-rows.c for the rows (the library's
// flows, and the product's own identification by PIN, at the reader's keypad, by the signature
// certificate and by the face), mishap-kinds.c for what happens and which part of it the product
// meets, mishap-oracle.c and mishap-sense.c for what must come of it, mishap-judge.c and, where
// nothing happens, mishap-thrift.c for what is looked at. A card that never answers is
// mishap-mute.c's. Time goes by a fake clock, and mishap-watch.c sees that the machine's own does
// not. Runs inside `with-world`.
//
//   test-card-mishaps                  every cell
//   test-card-mishaps --cell NAME      one, in words; NAME may end in *
//   test-card-mishaps --every N        each Nth, for a build in which each takes its time
//   test-card-mishaps --list           their names
//   test-card-mishaps --mutants        breaks itself in several ways and wants each to be noticed
#include "mishap-judge.h"
#include "mishap-kinds.h"
#include "mishap-mute.h"
#include "mishap-steps.h"
#include "mishap-watch.h"

#include <locale.h>
#include <string.h>

// Wrong cells that are printed before only their number counts.
#define MOST_PRINTED 500

static char *only_cell;
static int only_every = 1;
static gboolean only_list;
static gboolean only_mutants;

static GOptionEntry options[] = {
  { "cell", 0, 0, G_OPTION_ARG_STRING, &only_cell, "Run this cell alone", "NAME" },
  { "every", 0, 0, G_OPTION_ARG_INT, &only_every, "Run each Nth cell", "N" },
  { "list", 0, 0, G_OPTION_ARG_NONE, &only_list, "Print the names of all cells", NULL },
  { "mutants", 0, 0, G_OPTION_ARG_NONE, &only_mutants, "See that faults are noticed", NULL },
  G_OPTION_ENTRY_NULL,
};

#define BIT(n) (1u << (n))
#define ALL (~0u)

typedef struct
{
  MishapRig *rig;
  MishapWatch *watch;
  guint32 drives; // bits of Drive: which rows
  guint32 kinds;  // bits of MishapKind: which cells of them
  guint enough;   // wrong cells after which no more are run; 0: all
  guint met;
  guint cells; // of them run
  guint wrong;
  gboolean quiet;
} Matrix;

typedef struct
{
  const Row *row;
  guint index;
  const Mishap *mishap;
} CellId;

static char *
cell_name (const Row *row, guint index, const Mishap *mishap)
{
  g_autofree char *what = mishap_name (mishap);
  if (mishap->kind == MISHAP_CONNECT || mishap->kind == MISHAP_NONE)
    return g_strdup_printf ("%s/%s/%s", row->opening->name, row->temper->name, what);
  g_autofree char *step = mishap_step_name (g_ptr_array_index (row->steps, index));
  return g_strdup_printf ("%s/%s/%02u-%s/%s", row->opening->name, row->temper->name, index, step,
                          what);
}

static char *
name_cell (gconstpointer data)
{
  const CellId *cell = data;
  return cell_name (cell->row, cell->index, cell->mishap);
}

// Whether it has its turn; counts it then.
static gboolean
take_cell (Matrix *matrix, const Row *row, guint index, const Mishap *mishap)
{
  if ((matrix->kinds & BIT (mishap->kind)) == 0)
    return FALSE;
  g_autofree char *name = only_cell != NULL || only_list ? cell_name (row, index, mishap) : NULL;
  if (only_cell != NULL && !g_pattern_match_simple (only_cell, name))
    return FALSE;
  if (matrix->met++ % (guint)only_every != 0)
    return FALSE;
  matrix->cells++;
  if (name != NULL)
    g_print ("%s%s\n", only_list ? "" : "# ", name);
  return !only_list;
}

static void
tell_wrong (Matrix *matrix, const Row *row, guint index, const Mishap *mishap, const char *wrong)
{
  if (wrong == NULL)
    return;
  matrix->wrong++;
  if (matrix->quiet || matrix->wrong > MOST_PRINTED)
    return;
  g_autofree char *wrong_name = cell_name (row, index, mishap);
  g_print ("WRONG %s: %s\n", wrong_name, wrong);
}

static void
do_cell (Matrix *matrix, const Row *row, guint index, const Mishap *mishap)
{
  if (!take_cell (matrix, row, index, mishap))
    return;
  const CellId cell = { row, index, mishap };
  mishap_watch_begin (matrix->watch, name_cell, &cell);
  g_autofree char *wrong = mishap_judge (matrix->rig, row, index, mishap, only_cell != NULL);
  const gboolean in_time = mishap_watch_end (matrix->watch);
  tell_wrong (matrix, row, index, mishap,
              in_time || wrong != NULL ? wrong : "it took too much of the machine's own time");
}

static gboolean
has_enough (const Matrix *matrix)
{
  return matrix->enough > 0 && matrix->wrong >= matrix->enough;
}

static void
do_list (Matrix *matrix, const Row *row, guint index, GArray *mishaps)
{
  for (guint i = 0; i < mishaps->len && !has_enough (matrix); i++)
    do_cell (matrix, row, index, &g_array_index (mishaps, Mishap, i));
}

// --- The card that never answers ---

// Of the product, and of the cards and readers of another kind; all else of the library's flows is
// in the product. At a keypad, the commands are those of the conversation by PIN, and how a keypad
// is waited for is real time enough for tests/identity/test-pads.c.
static gboolean
is_mute_cell (const Row *row, const Step *step)
{
  const Opening *opening = row->opening;
  const gboolean of_another_kind = opening->extended || opening->ecdsa || opening->stumbles;
  if ((opening->drive == DRIVE_FLOW && !of_another_kind) || opening->drive == DRIVE_PAD
      || row->temper->tries >= 0 || opening->cells == CELLS_NONE)
    return FALSE;
  if (opening->cells == CELLS_SIGN)
    return step->verb == STEP_SIGN;
  return !row->temper->wrong || step->verb == STEP_PRESENT;
}

static GArray *
list_mute_cells (Matrix *matrix)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (MuteCell));
  GPtrArray *rows = mishap_rig_get_rows (matrix->rig);
  for (guint r = 0; r < rows->len; r++)
    {
      const Row *row = g_ptr_array_index (rows, r);
      for (guint index = 0; index < row->steps->len; index++)
        for (guint after = 0; after <= 1; after++)
          {
            const Mishap mishap = { .kind = MISHAP_MUTE, .value = after };
            MuteCell cell = { .row = row, .index = index, .after = after != 0 };
            if (is_mute_cell (row, g_ptr_array_index (row->steps, index))
                && take_cell (matrix, row, index, &mishap))
              g_array_append_val (cells, cell);
          }
    }
  return cells;
}

static void
do_mute (Matrix *matrix)
{
  g_autoptr (GArray) cells = list_mute_cells (matrix);
  MuteCell *all = (MuteCell *)(gpointer)cells->data;
  mishap_mute_run (matrix->rig, matrix->watch, all, cells->len);
  for (guint i = 0; i < cells->len; i++)
    {
      const Mishap mishap = { .kind = MISHAP_MUTE, .value = all[i].after ? 1 : 0 };
      g_autofree char *wrong = all[i].wrong;
      tell_wrong (matrix, all[i].row, all[i].index, &mishap, wrong);
    }
}

static void
do_matrix (Matrix *matrix)
{
  const Mishap nothing = { .kind = MISHAP_NONE };
  GPtrArray *rows = mishap_rig_get_rows (matrix->rig);
  for (guint r = 0; r < rows->len && !has_enough (matrix); r++)
    {
      const Row *row = g_ptr_array_index (rows, r);
      if ((matrix->drives & BIT (row->opening->drive)) == 0)
        continue;
      do_cell (matrix, row, 0, &nothing);
      g_autoptr (GArray) connects = mishap_list_connect (row);
      do_list (matrix, row, 0, connects);
      for (guint index = 0; index < row->steps->len && !has_enough (matrix); index++)
        {
          g_autoptr (GArray) mishaps = mishap_list (row, index);
          do_list (matrix, row, index, mishaps);
        }
    }
}

// --- Whether the matrix can fail ---

#define PRODUCTS (ALL & ~BIT (DRIVE_FLOW))
#define SPOILT (BIT (MISHAP_NOISE) | BIT (MISHAP_CUT))

// Faults of card, reader or product, and the ways of the conversation in each of which they must
// turn cells wrong.
static const struct
{
  const char *name;
  guint32 drives;
  guint32 kinds;
  Mutant mutant;
  ProductFault fault;
} sabotages[] = {
  { "a PIN whose answer was lost is sent again", ALL, BIT (MISHAP_FAIL_AFTER), MUTANT_SENDS_TWICE },
  { "the card keeps its power", ALL, ALL, MUTANT_KEEPS_POWER },
  { "the conversation is not ended", ALL, ALL, MUTANT_NEVER_ENDS },
  { "a lost card is called a wrong PIN", ALL, BIT (MISHAP_FAIL), MUTANT_CALLS_IT_PIN },
  { "a cut answer is completed", ALL, BIT (MISHAP_CUT), MUTANT_CALLS_IT_SUCCESS },
  { "one person's data is shown for another", ALL, ALL, MUTANT_OTHER_DATA },
  { "a file is read twice", ALL, BIT (MISHAP_NONE), MUTANT_READS_TWICE },
  { "the machine's own time goes by", ALL, BIT (MISHAP_NONE), MUTANT_STALLS },
  { "anybody may have signed the card's record", PRODUCTS, SPOILT, MUTANT_NONE,
    PRODUCT_KNOWS_NOBODY },
  { "the card's record is not looked at", PRODUCTS & ~BIT (DRIVE_PAD), SPOILT, MUTANT_NONE,
    PRODUCT_IGNORES_RECORD },
  { "the signature of the challenge is not looked at", PRODUCTS & ~BIT (DRIVE_FACE), SPOILT,
    MUTANT_NONE, PRODUCT_IGNORES_PROOF },
  { "the signature of the certificate is not looked at", PRODUCTS & ~BIT (DRIVE_PAD), SPOILT,
    MUTANT_NONE, PRODUCT_IGNORES_ISSUER },
  { "certificate and text may be of two persons", BIT (DRIVE_SIGN), BIT (MISHAP_SLIP), MUTANT_NONE,
    PRODUCT_TAKES_ANY_SIGNER },
  { "a keypad's word is taken for the card's", BIT (DRIVE_PAD), BIT (MISHAP_WORD), MUTANT_NONE,
    PRODUCT_BELIEVES_PAD },
  { "a step that did not end is told as ended", PRODUCTS, BIT (MISHAP_FAIL), MUTANT_NONE,
    PRODUCT_TELLS_TOO_MUCH },
};

static const char *const drive_names[] = { [DRIVE_FLOW] = "flows",
                                           [DRIVE_PIN] = "by PIN",
                                           [DRIVE_PAD] = "at the keypad",
                                           [DRIVE_SIGN] = "by certificate",
                                           [DRIVE_FACE] = "face" };

// How many ways of SABOTAGE nobody noticed.
static guint
do_sabotage (MishapRig *rig, MishapWatch *watch, gsize sabotage)
{
  const gboolean stalls = sabotages[sabotage].mutant == MUTANT_STALLS;
  guint unnoticed = 0;
  mishap_watch_set_limit (watch, stalls ? MISHAP_STALL_MSEC - 1 : MISHAP_WATCH_MSEC, !stalls);
  g_print ("%s:", sabotages[sabotage].name);
  mishap_card_set_mutant (mishap_rig_get_reader (rig), sabotages[sabotage].mutant);
  mishap_product_set_fault (mishap_rig_get_product (rig), sabotages[sabotage].fault);
  for (guint drive = 0; drive < N_DRIVES; drive++)
    {
      Matrix matrix = { .rig = rig,
                        .watch = watch,
                        .drives = BIT (drive),
                        .kinds = sabotages[sabotage].kinds,
                        .enough = 1,
                        .quiet = TRUE };
      if ((sabotages[sabotage].drives & BIT (drive)) == 0)
        continue;
      do_matrix (&matrix);
      unnoticed += matrix.wrong == 0;
      g_print (" %s %s %u", drive_names[drive], matrix.wrong > 0 ? "at" : "NOT in", matrix.cells);
    }
  g_print ("\n");
  return unnoticed;
}

static int
do_mutants (MishapRig *rig, MishapWatch *watch)
{
  guint unnoticed = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (sabotages); i++)
    unnoticed += do_sabotage (rig, watch, i);
  g_print ("card-mishaps: %u mutants, %u unnoticed\n", (guint)G_N_ELEMENTS (sabotages), unnoticed);
  return unnoticed == 0 ? 0 : 1;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || only_every < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "--every wants a number from 1");
      return 2;
    }
  MishapRig *rig = mishap_rig_new ();
  MishapWatch *watch = mishap_watch_new ();
  Matrix matrix = { .rig = rig, .watch = watch, .drives = ALL, .kinds = ALL };
  int status = 0;
  if (only_mutants)
    status = do_mutants (rig, watch);
  else
    {
      do_matrix (&matrix);
      do_mute (&matrix);
      if (!only_list)
        g_print ("card-mishaps: %u cells, %u wrong\n", matrix.cells, matrix.wrong);
      status = matrix.wrong == 0 && matrix.cells > 0 ? 0 : 1;
    }
  mishap_watch_free (watch);
  mishap_rig_free (rig);
  g_free (only_cell);
  return status;
}
