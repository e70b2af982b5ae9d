// SPDX-License-Identifier: Apache-2.0
// The mishap matrix: at every command of every conversation with a resident's card, everything that
// can happen to card, reader and answer. Generated; see mishap-rows.c for the rows, mishap-kinds.c
// for what happens, mishap-oracle.c for what may come of it, mishap-judge.c for what is looked at.
// Runs inside `with-world`.
//
//   test-card-mishaps                  every cell
//   test-card-mishaps --cell NAME      one, in words; NAME may end in *
//   test-card-mishaps --list           their names
//   test-card-mishaps --mutants        breaks itself in several ways and wants each to be noticed
#include "mishap-judge.h"
#include "mishap-kinds.h"
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

static void
do_cell (Matrix *matrix, const Row *row, guint index, const Mishap *mishap)
{
  if (matrix->seen++ % matrix->stride != 0)
    return;
  g_autofree char *name = only_cell != NULL || only_list ? cell_name (row, index, mishap) : NULL;
  if (only_cell != NULL && !g_pattern_match_simple (only_cell, name))
    return;
  matrix->cells++;
  if (only_list)
    {
      g_print ("%s\n", name);
      return;
    }
  if (only_cell != NULL)
    g_print ("# %s\n", name);
  g_autofree char *wrong = mishap_judge (matrix->rig, row, index, mishap, only_cell != NULL);
  if (wrong == NULL)
    return;
  matrix->wrong++;
  if (matrix->quiet || matrix->wrong > MOST_PRINTED)
    return;
  g_autofree char *wrong_name = cell_name (row, index, mishap);
  g_print ("WRONG %s: %s\n", wrong_name, wrong);
}

static void
do_list (Matrix *matrix, const Row *row, guint index, GArray *mishaps)
{
  for (guint i = 0; i < mishaps->len; i++)
    do_cell (matrix, row, index, &g_array_index (mishaps, Mishap, i));
}

static void
do_matrix (Matrix *matrix)
{
  GPtrArray *rows = mishap_rig_get_rows (matrix->rig);
  for (guint r = 0; r < rows->len; r++)
    {
      const Row *row = g_ptr_array_index (rows, r);
      g_autoptr (GArray) connects = mishap_list_connect ();
      do_list (matrix, row, 0, connects);
      for (guint index = 0; index < row->steps->len; index++)
        {
          g_autoptr (GArray) mishaps = mishap_list (row, index);
          do_list (matrix, row, index, mishaps);
        }
    }
}

// Whether the matrix can fail: each fault of its own making must turn cells wrong.
static int
do_mutants (MishapRig *rig)
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
  g_print ("card-mishaps: %u mutants, %u unnoticed\n", N_MUTANTS - 1, unnoticed);
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
      if (!only_list)
        g_print ("card-mishaps: %u cells, %u wrong\n", matrix.cells, matrix.wrong);
      status = matrix.wrong == 0 && matrix.cells > 0 ? 0 : 1;
    }
  mishap_rig_free (rig);
  g_free (only_cell);
  return status;
}
