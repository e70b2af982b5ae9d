// SPDX-License-Identifier: Apache-2.0
// The mishap matrix: at every command of every conversation with a resident's card, everything that
// can happen to card, reader and answer. Generated; see mishap-rows.c for the rows (the library's
// flows, and the product's own identification by PIN and by the face), mishap-kinds.c for what
// happens and which part of it the product meets, mishap-oracle.c and mishap-sense.c for what must
// come of it, mishap-judge.c for what is looked at. A card that never answers is mishap-mute.c's.
// Runs inside `with-world`.
//
//   test-card-mishaps                  every cell
//   test-card-mishaps --cell NAME      one, in words; NAME may end in *
//   test-card-mishaps --list           their names
//   test-card-mishaps --mutants        breaks itself in several ways and wants each to be noticed
#include "mishap-judge.h"
#include "mishap-kinds.h"
#include "mishap-mute.h"
#include "mishap-steps.h"

#include <locale.h>
#include <string.h>

// Wrong cells that are printed before only their number counts.
#define MOST_PRINTED 500

// Every so many cells are enough to notice a mutant.
#define MUTANT_STRIDE 37

static char *only_cell;
static gboolean only_list;
static gboolean only_mutants;

static GOptionEntry options[] = {
  { "cell", 0, 0, G_OPTION_ARG_STRING, &only_cell, "Run this cell alone", "NAME" },
  { "list", 0, 0, G_OPTION_ARG_NONE, &only_list, "Print the names of all cells", NULL },
  { "mutants", 0, 0, G_OPTION_ARG_NONE, &only_mutants, "See that faults are noticed", NULL },
  G_OPTION_ENTRY_NULL,
};

typedef struct
{
  MishapRig *rig;
  guint stride;
  guint seen; // of all cells
  guint cells;
  guint wrong;
  gboolean quiet;
  gboolean product; // its rows alone, and what only it can judge: data that were spoiled
} Matrix;

static char *
cell_name (const Row *row, guint index, const Mishap *mishap)
{
  g_autofree char *what = mishap_name (mishap);
  if (mishap->kind == MISHAP_CONNECT)
    return g_strdup_printf ("%s/%s/%s", row->opening->name, row->temper->name, what);
  g_autofree char *step = mishap_step_name (g_ptr_array_index (row->steps, index));
  return g_strdup_printf ("%s/%s/%02u-%s/%s", row->opening->name, row->temper->name, index, step,
                          what);
}

// Whether it has its turn; counts it then.
static gboolean
take_cell (Matrix *matrix, const Row *row, guint index, const Mishap *mishap)
{
  if (matrix->seen++ % matrix->stride != 0
      || (matrix->product && mishap->kind != MISHAP_NOISE && mishap->kind != MISHAP_CUT))
    return FALSE;
  g_autofree char *name = only_cell != NULL || only_list ? cell_name (row, index, mishap) : NULL;
  if (only_cell != NULL && !g_pattern_match_simple (only_cell, name))
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
  g_autofree char *wrong = mishap_judge (matrix->rig, row, index, mishap, only_cell != NULL);
  tell_wrong (matrix, row, index, mishap, wrong);
}

static void
do_list (Matrix *matrix, const Row *row, guint index, GArray *mishaps)
{
  for (guint i = 0; i < mishaps->len; i++)
    do_cell (matrix, row, index, &g_array_index (mishaps, Mishap, i));
}

// --- The card that never answers ---

// So many desks at once.
#define MUTE_DESKS 40

static gboolean
is_mute_cell (const Row *row, const Step *step)
{
  if (row->opening->drive == DRIVE_FLOW || row->temper->tries >= 0)
    return FALSE;
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
  for (guint first = 0; first < cells->len; first += MUTE_DESKS)
    {
      guint count = MIN (MUTE_DESKS, cells->len - first);
      MuteCell *some = &g_array_index (cells, MuteCell, first);
      mishap_mute_run (matrix->rig, some, count);
      for (guint i = 0; i < count; i++)
        {
          const Mishap mishap = { .kind = MISHAP_MUTE, .value = some[i].after ? 1 : 0 };
          g_autofree char *wrong = some[i].wrong;
          tell_wrong (matrix, some[i].row, some[i].index, &mishap, wrong);
        }
    }
}

static void
do_matrix (Matrix *matrix)
{
  GPtrArray *rows = mishap_rig_get_rows (matrix->rig);
  for (guint r = 0; r < rows->len; r++)
    {
      const Row *row = g_ptr_array_index (rows, r);
      if (matrix->product && row->opening->drive == DRIVE_FLOW)
        continue;
      g_autoptr (GArray) connects = mishap_list_connect ();
      do_list (matrix, row, 0, connects);
      for (guint index = 0; index < row->steps->len; index++)
        {
          g_autoptr (GArray) mishaps = mishap_list (row, index);
          do_list (matrix, row, index, mishaps);
        }
    }
}

// Faults of card and reader.
static guint
do_reader_mutants (MishapRig *rig)
{
  static const char *const names[] = {
    [MUTANT_SENDS_TWICE] = "a PIN whose answer was lost is sent again",
    [MUTANT_KEEPS_POWER] = "the card keeps its power",
    [MUTANT_NEVER_ENDS] = "the conversation is not ended",
    [MUTANT_CALLS_IT_PIN] = "a lost card is called a wrong PIN",
    [MUTANT_CALLS_IT_SUCCESS] = "a cut answer is completed",
    [MUTANT_OTHER_DATA] = "one person's data is shown for another",
  };
  guint unnoticed = 0;
  for (guint m = MUTANT_NONE + 1; m < N_MUTANTS; m++)
    {
      Matrix matrix = { .rig = rig, .stride = MUTANT_STRIDE, .quiet = TRUE };
      mishap_card_set_mutant (mishap_rig_get_reader (rig), m);
      do_matrix (&matrix);
      g_print ("%s: %u of %u cells wrong\n", names[m], matrix.wrong, matrix.cells);
      unnoticed += matrix.wrong == 0;
    }
  mishap_card_set_mutant (mishap_rig_get_reader (rig), MUTANT_NONE);
  return unnoticed;
}

// Faults of the product itself: what only it looks at.
static guint
do_product_mutants (MishapRig *rig)
{
  static const char *const names[] = {
    [PRODUCT_KNOWS_NOBODY] = "anybody may have signed the card's record",
    [PRODUCT_IGNORES_RECORD] = "the card's record is not looked at",
    [PRODUCT_IGNORES_PROOF] = "the signature of the challenge is not looked at",
    [PRODUCT_IGNORES_ISSUER] = "the signature of the certificate is not looked at",
  };
  guint unnoticed = 0;
  for (guint fault = PRODUCT_AS_IT_IS + 1; fault < N_PRODUCTS; fault++)
    {
      Matrix matrix = { .rig = rig, .stride = 1, .quiet = TRUE, .product = TRUE };
      mishap_product_set_fault (mishap_rig_get_product (rig), fault);
      do_matrix (&matrix);
      g_print ("%s: %u of %u cells wrong\n", names[fault], matrix.wrong, matrix.cells);
      unnoticed += matrix.wrong == 0;
    }
  mishap_product_set_fault (mishap_rig_get_product (rig), PRODUCT_AS_IT_IS);
  return unnoticed;
}

// Whether the matrix can fail: each fault of its own making must turn cells wrong.
static int
do_mutants (MishapRig *rig)
{
  guint unnoticed = do_reader_mutants (rig) + do_product_mutants (rig);
  g_print ("card-mishaps: %u mutants, %u unnoticed\n", N_MUTANTS - 1 + N_PRODUCTS - 1, unnoticed);
  return unnoticed == 0 ? 0 : 1;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  MishapRig *rig = mishap_rig_new ();
  Matrix matrix = { .rig = rig, .stride = 1 };
  int status = 0;
  if (only_mutants)
    status = do_mutants (rig);
  else
    {
      do_matrix (&matrix);
      do_mute (&matrix);
      if (!only_list)
        g_print ("card-mishaps: %u cells, %u wrong\n", matrix.cells, matrix.wrong);
      status = matrix.wrong == 0 && matrix.cells > 0 ? 0 : 1;
    }
  mishap_rig_free (rig);
  g_free (only_cell);
  return status;
}
