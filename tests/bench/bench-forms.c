// SPDX-License-Identifier: Apache-2.0
// The forms without a screen: loading the catalogue beside parsing the same files, one key in the
// largest form, and in one of 150 fields, beside reading that one value, decisions of the privacy
// filter beside a look-up in a hash table; and what becomes of it where there are 50, 500 and 5,000
// procedures, made from those of the catalogue. Prints medians and ratios; fails above the bars.
//
// usage: bench-forms
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <malloc.h>
#include <md-base.h>
#include <unistd.h>

#include "bench-form.h"

#define TURNS 15
#define LOAD_BAR 4.0    // beside the same files parsed and no more
#define KEY_BAR 40.0    // beside the one value read
#define FILTER_BAR 10.0 // beside one look-up by a field's id
#define GROWTH_BAR 2.0  // for each procedure, of 5,000 beside 50
#define KEYS 200

static const guint sizes[] = { 50, 500, 5000 };
static char *forms; // data/forms of the source

typedef void (*Work) (gpointer data);

// Microseconds that one of N takes.
static double
time_once (Work work, gpointer data, guint n)
{
  const gint64 start = g_get_monotonic_time ();

  for (guint k = 0; k < n; k++)
    work (data);
  return (double)(g_get_monotonic_time () - start) / n;
}

// Ours and theirs by turns: the median of each.
static void
time_both (const Work works[static 2], gpointer data, guint n, double out[static 2])
{
  double samples[2][TURNS];

  for (guint i = 0; i < TURNS; i++)
    for (guint which = 0; which < 2; which++)
      samples[which][i] = time_once (works[which], data, n);
  for (guint which = 0; which < 2; which++)
    out[which] = bench_median (samples[which], TURNS);
}

static gboolean
tell (const char *what, const double ours_and_theirs[static 2], const char *theirs, double bar)
{
  const double ratio = ours_and_theirs[0] / ours_and_theirs[1];

  g_print ("%s: %.2f us, %s %.3f us, ratio %.2f\n", what, ours_and_theirs[0], theirs,
           ours_and_theirs[1], ratio);
  if (ratio > bar)
    g_print ("forms: above the bar of %.2f\n", bar);
  return ratio <= bar;
}

/* --- loading --- */

static void
load_ours (gpointer folder)
{
  g_object_unref (bench_load (folder));
}

static void
parse (const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_file (parser, path, &error))
    g_error ("%s: %s", path, error->message);
}

static void
parse_all (gpointer folder)
{
  static const char *const single[] = { "fields.json", "sets.json", "guide.json" };
  g_autofree char *procedures = g_build_filename (folder, "procedures", NULL);
  g_autoptr (GDir) dir = g_dir_open (procedures, 0, NULL);
  const char *name;

  for (guint i = 0; i < G_N_ELEMENTS (single); i++)
    {
      g_autofree char *path = g_build_filename (folder, single[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        parse (path);
    }
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".json"))
      {
        g_autofree char *path = g_build_filename (procedures, name, NULL);

        parse (path);
      }
}

static gboolean
bench_loading (void)
{
  const Work works[] = { load_ours, parse_all };
  double times[2];

  time_both (works, forms, 1, times);
  return tell ("load the catalogue", times, "its files parsed", LOAD_BAR);
}

/* --- the largest form --- */

typedef struct
{
  MdForm *form;
  guint n; // fields
  MdViewer viewer;
  MdEntry *entry;
  guint turn;
  const char **ids;
  GHashTable *table;
  guint seen;
} Desk;

static const char *const typed[]
    = { "東京都あおぞら区", "東京都あおぞら区青", "東京都あおぞら区青空" };

static void
press_key (gpointer data)
{
  Desk *desk = data;

  md_entry_set_text (desk->entry, typed[desk->turn++ % G_N_ELEMENTS (typed)]);
}

static void
read_value (gpointer data)
{
  Desk *desk = data;

  md_wipe_free_text (md_value_parse (md_entry_get_field (desk->entry),
                                     typed[desk->turn++ % G_N_ELEMENTS (typed)], BENCH_DAY, NULL));
}

static gboolean
bench_key (Desk *desk)
{
  g_autoptr (MdFormData) data
      = md_form_data_new (desk->form, &desk->viewer, MD_STEP_ENTRY, BENCH_DAY);
  g_autofree char *what = g_strdup_printf ("one key in %s, %u fields, %u of them to be filled in",
                                           md_form_get_id (desk->form), desk->n,
                                           bench_count_shown (desk->form, &desk->viewer));
  const Work works[] = { press_key, read_value };
  double times[2];

  desk->entry = md_form_data_get_entry (data, "p.hh_head");
  g_assert_nonnull (desk->entry);
  time_both (works, desk, KEYS, times);
  g_assert_nonnull (md_entry_get_text (desk->entry));
  return tell (what, times, "its value read", KEY_BAR);
}

/* --- the filter --- */

static void
decide (gpointer data)
{
  Desk *desk = data;

  for (guint i = 0; desk->ids[i]; i++)
    for (guint step = 0; step < MD_N_STEPS; step++)
      {
        MdField *field = md_form_get_field (desk->form, desk->ids[i]);
        const MdFilterQuestion question = { .viewer = desk->viewer,
                                            .profile = md_form_get_profile (desk->form),
                                            .step = (MdFilterStep)step,
                                            .field_id = desk->ids[i],
                                            .sensitivity = md_field_get_sensitivity (field),
                                            .process_item = md_field_is_process_item (field),
                                            .in_procedure = TRUE,
                                            .filled = TRUE };

        desk->seen += md_filter (&question) != MD_VIEW_HIDDEN;
      }
}

static void
look_up (gpointer data)
{
  Desk *desk = data;

  for (guint i = 0; desk->ids[i]; i++)
    for (guint step = 0; step < MD_N_STEPS; step++)
      desk->seen += g_hash_table_lookup (desk->table, desk->ids[i]) != NULL;
}

static gboolean
bench_filter (Desk *desk)
{
  const guint n = desk->n * MD_N_STEPS;
  const Work works[] = { decide, look_up };
  double times[2];

  desk->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; desk->ids[i]; i++)
    g_hash_table_insert (desk->table, g_strdup (desk->ids[i]), desk);
  time_both (works, desk, 50, times);
  times[0] /= n;
  times[1] /= n;
  g_hash_table_unref (desk->table);
  g_assert_cmpuint (desk->seen, >, 0);
  g_print ("filter: %.1f million decisions a second\n", 1 / times[0]);
  return tell ("one decision of the filter", times, "one look-up", FILTER_BAR);
}

/* --- more procedures --- */

static void
link_to (const char *folder, const char *name)
{
  g_autofree char *from = g_build_filename (forms, name, NULL);
  g_autofree char *to = g_build_filename (folder, name, NULL);

  if (symlink (from, to) != 0)
    g_error ("%s: %s", to, g_strerror (errno));
}

// The Nth of a generated catalogue: one of ours under another name.
static void
write_procedure (const char *folder, MdCatalogue *catalogue, guint n)
{
  const guint of = g_list_model_get_n_items (G_LIST_MODEL (catalogue));
  g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), n % of);
  g_autofree char *file = g_strdup_printf ("%s.json", md_form_get_id (form));
  g_autofree char *from = g_build_filename (forms, "procedures", file, NULL);
  g_autofree char *id = g_strdup_printf ("%s_%u", md_form_get_id (form), n);
  g_autofree char *name = g_strdup_printf ("%s.json", id);
  g_autofree char *to = g_build_filename (folder, "procedures", name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  if (!json_parser_load_from_file (parser, from, &error))
    g_error ("%s: %s", from, error->message);
  object = json_node_get_object (json_parser_get_root (parser));
  json_object_set_string_member (object, "id", id);
  json_object_remove_member (object, "amends"); // one that may not be there
  json_generator_set_root (generator, json_parser_get_root (parser));
  if (!json_generator_to_file (generator, to, &error))
    g_error ("%s: %s", to, error->message);
}

static char *
generate (MdCatalogue *catalogue, guint n)
{
  char *folder = g_dir_make_tmp ("madoguchi-forms-XXXXXX", NULL);
  g_autofree char *procedures = g_build_filename (folder, "procedures", NULL);

  g_mkdir (procedures, 0700);
  link_to (folder, "fields.json");
  link_to (folder, "sets.json");
  for (guint i = 0; i < n; i++)
    write_procedure (folder, catalogue, i);
  return folder;
}

static void
search (gpointer catalogue)
{
  g_object_unref (md_catalogue_search (catalogue, "めんじょ", BENCH_DAY));
}

typedef struct
{
  double load, memory, search; // for each procedure: microseconds, KiB, microseconds
} Cost;

static Cost
cost_of (MdCatalogue *ours, guint n)
{
  g_autofree char *folder = generate (ours, n);
  const gint64 start = g_get_monotonic_time ();
  const gsize before = mallinfo2 ().uordblks;
  g_autoptr (MdCatalogue) catalogue = bench_load (folder);
  Cost cost;

  cost.load = (double)(g_get_monotonic_time () - start) / n;
  cost.memory = (double)(mallinfo2 ().uordblks - before) / 1024 / n;
  cost.search = time_once (search, catalogue, MAX (20000 / n, 1)) / n;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, n);
  bench_remove (folder);
  g_print ("%5u procedures, for each: loaded in %.1f us, %.1f KiB; searched in %.3f us\n", n,
           cost.load, cost.memory, cost.search);
  return cost;
}

static gboolean
bench_growth (MdCatalogue *ours)
{
  const Cost few = cost_of (ours, sizes[0]);
  Cost many = few;
  double worst;

  for (guint i = 1; i < G_N_ELEMENTS (sizes); i++)
    many = cost_of (ours, sizes[i]);
  worst = MAX (MAX (many.load / few.load, many.search / few.search), many.memory / few.memory);
  g_print ("growth for each procedure, %u beside %u: load %.2f, memory %.2f, search %.2f\n",
           sizes[G_N_ELEMENTS (sizes) - 1], sizes[0], many.load / few.load,
           many.memory / few.memory, many.search / few.search);
  if (worst > GROWTH_BAR)
    g_print ("forms: above the bar of %.2f\n", GROWTH_BAR);
  return worst <= GROWTH_BAR;
}

int
main (void)
{
  g_autoptr (MdCatalogue) catalogue = NULL;
  g_autoptr (MdCatalogue) wide = NULL;
  g_autofree const char **ids = NULL;
  Desk desk = { 0 }, wide_desk = { 0 };
  gboolean good;

  forms = bench_forms_folder ();
  catalogue = bench_load (forms);
  desk.form = bench_largest (catalogue, &desk.n);
  desk.viewer = bench_viewer ();
  desk.ids = ids = md_form_list_fields (desk.form);
  good = bench_loading ();
  good = bench_key (&desk) && good;
  wide = bench_load_wide ();
  wide_desk.form = bench_largest (wide, &wide_desk.n);
  wide_desk.viewer = bench_viewer ();
  good = bench_key (&wide_desk) && good;
  good = bench_filter (&desk) && good;
  good = bench_growth (catalogue) && good;
  g_free (forms);
  return good ? 0 : 1;
}
