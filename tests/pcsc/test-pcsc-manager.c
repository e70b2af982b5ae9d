// SPDX-License-Identifier: Apache-2.0
// The readers and cards of the machine, as they come and go.
#include "pcsc-fixture.h"

static void
test_follows_the_world (Fixture *f, gconstpointer data)
{
  md_pcsc_start (f->pcsc);
  await_log (f, "s1"); // no service
  set_world (f, "");
  await_log (f, "s1s2"); // no reader
  set_world (f, "A0,B1");
  await_log (f, "s1s2s3+B");
  set_world (f, "A1,B1");
  await_log (f, "s1s2s3+B+A");
  set_world (f, "A3,B1"); // swapped between two looks
  await_log (f, "s1s2s3+B+A-A+A");
  set_world (f, "A3"); // the staff reader is unplugged with its card
  await_log (f, "s1s2s3+B+A-A+A-B");
  set_world (f, NULL); // pcscd is stopped
  await_log (f, "s1s2s3+B+A-A+A-B-As1");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->pcsc)), ==, 0);
  set_world (f, "A5");
  await_log (f, "s1s2s3+B+A-A+A-B-As1s3+A");
}

static void
test_listed_but_away (Fixture *f, gconstpointer data)
{
  set_world (f, "A-,B1");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3+B");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->pcsc)), ==, 1);
  set_world (f, "A1,B-");
  await_log (f, "s3+B-B+A");
  set_world (f, "A-,B-");
  await_log (f, "s3+B-B+A-As2"); // no reader
  set_world (f, "A1,B-");
  await_log (f, "s3+B-B+A-As2s3+A");
}

static void
test_forbidden (Fixture *f, gconstpointer data)
{
  const gint64 begin = g_get_monotonic_time ();
  f->backend->forbidden = TRUE;
  md_pcsc_start (f->pcsc);
  await_log (f, "s4");
  g_assert_cmpint (md_pcsc_get_state (f->pcsc), ==, MD_PCSC_STATE_NO_PERMISSION);
  g_usleep (200000);
  // Asked again, but not at once.
  const gint64 seconds = (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  g_assert_cmpuint (f->backend->watches, <=, (guint)(1 + seconds / 2));
}

static void
fail_looks (Fixture *f, guint count)
{
  g_mutex_lock (&f->backend->mutex);
  f->backend->failing = count;
  g_cond_broadcast (&f->backend->changed);
  g_mutex_unlock (&f->backend->mutex);
}

static gboolean
has_looked_again (Fixture *f)
{
  g_mutex_lock (&f->backend->mutex);
  gboolean again = f->backend->failed > 0 && f->backend->watches > f->backend->failed;
  g_mutex_unlock (&f->backend->mutex);
  return again;
}

// One look that failed is chance, and takes neither the readers nor the cards away; two are not.
static void
test_a_look_that_failed (Fixture *f, gconstpointer data)
{
  set_world (f, "A1");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3+A");
  fail_looks (f, 1);
  await (has_looked_again (f));
  set_world (f, "A1,B3");
  await_log (f, "s3+A+B");
  fail_looks (f, 2);
  await_log (f, "s3+A+B-B-As1s3+A+B");
}

// Each of the reasons why nothing can be read has a text of its own.
static void
test_explained (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *world;
    gboolean forbidden;
    MdPcscState state;
    int code;
  } rows[] = { { NULL, FALSE, MD_PCSC_STATE_NO_SERVICE, MD_CARD_ERROR_NO_SERVICE },
               { "", FALSE, MD_PCSC_STATE_NO_READER, MD_CARD_ERROR_NO_READER },
               { NULL, TRUE, MD_PCSC_STATE_NO_PERMISSION, MD_CARD_ERROR_NO_PERMISSION } };
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  md_pcsc_start (f->pcsc);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      set_world (f, rows[i].world);
      g_mutex_lock (&f->backend->mutex);
      f->backend->world->forbidden = rows[i].forbidden;
      g_cond_broadcast (&f->backend->changed);
      g_mutex_unlock (&f->backend->mutex);
      await (md_pcsc_get_state (f->pcsc) == rows[i].state);
      md_pcsc_explain (f->pcsc, &error);
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
    }
  for (int code = MD_CARD_ERROR_NO_SERVICE; code <= MD_CARD_ERROR_NO_READER; code++)
    {
      g_autoptr (GError) error = NULL;
      md_card_error_set (&error, (MdCardError)code);
      g_autoptr (MdCardText) text = md_card_text_for_error (error);
      g_assert_true (g_hash_table_add (titles, g_strdup (text->title)));
    }
  g_assert_cmpuint (g_hash_table_size (titles), ==, 5);
}

static void
test_no_polling (Fixture *f, gconstpointer data)
{
  set_world (f, "A0");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3");
  guint before = f->backend->watches;
  g_usleep (300000);
  g_assert_cmpuint (f->backend->watches, <=, before + 1);
}

static const char *
role_reader (Fixture *f, MdCardRole role)
{
  MdCardReader *reader = md_pcsc_get_reader (f->pcsc, role);
  return reader != NULL ? md_card_reader_get_name (reader) : NULL;
}

static void
test_roles (Fixture *f, gconstpointer data)
{
  set_world (f, "A0,B0");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3");
  g_assert_null (role_reader (f, MD_CARD_ROLE_RESIDENT)); // two readers, nobody said which
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_STAFF, STAFF);
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_STAFF), ==, STAFF);
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_RESIDENT), ==, RESIDENT);
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_STAFF, NULL);
  g_assert_null (role_reader (f, MD_CARD_ROLE_STAFF));
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, "Reader that is not there");
  set_world (f, "A1");
  await_log (f, "s3+A");
  g_assert_null (role_reader (f, MD_CARD_ROLE_RESIDENT)); // the named one, and no other
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, NULL);
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_RESIDENT), ==, RESIDENT);
}

// A choice holds at once and over unplugging; nothing else stands in for what was chosen.
static void
test_choices (Fixture *f, gconstpointer data)
{
  set_world (f, "A0,B0");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3");
  g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (f->pcsc), 1);
  g_assert_true (md_pcsc_choose_role (f->pcsc, reader, MD_CARD_ROLE_STAFF));
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_STAFF), ==, STAFF);
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_RESIDENT), ==, RESIDENT);
  set_world (f, "A1");
  await_log (f, "s3+A");
  g_assert_null (role_reader (f, MD_CARD_ROLE_STAFF));
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_RESIDENT), ==, RESIDENT);
  g_assert_false (md_pcsc_choose_role (f->pcsc, reader, MD_CARD_ROLE_STAFF)); // it is gone
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_STAFF, RESIDENT);
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_STAFF), ==, RESIDENT);
  g_assert_cmpstr (md_pcsc_get_fixed (f->pcsc, MD_CARD_ROLE_STAFF), ==, RESIDENT);
}

static gpointer
note_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  g_atomic_int_inc ((int *)data);
  return data;
}

static void
job_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GError **error = data;
  g_assert_null (md_pcsc_run_finish (MD_PCSC (source), result, error));
}

// R-CARD-11: a reader that is not on the list has no role, whatever is fixed, chosen or alone
// there, and no job of anybody's runs on it.
static void
test_registered (Fixture *f, gconstpointer data)
{
  const char *const names[] = { "Reader B", NULL };
  g_autoptr (GError) why = NULL, refused = NULL;
  int ran = 0;
  MdCardJob job = { .reader = RESIDENT, .func = note_job, .data = &ran };
  set_world (f, "A1,B0");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3+A");
  g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (f->pcsc), 0);
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, RESIDENT);
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_RESIDENT), ==, RESIDENT);
  md_pcsc_set_registered (f->pcsc, names);
  g_assert_false (md_card_reader_is_registered (reader));
  g_assert_null (role_reader (f, MD_CARD_ROLE_RESIDENT));
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_STAFF), ==, STAFF);
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, NULL);
  g_assert_false (md_pcsc_choose_role (f->pcsc, reader, MD_CARD_ROLE_RESIDENT));
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_RESIDENT), ==, STAFF); // the only one there is
  md_pcsc_explain (f->pcsc, &why);
  g_assert_error (why, MD_CARD_ERROR, MD_CARD_ERROR_NOT_REGISTERED);
  md_pcsc_run_async (f->pcsc, &job, NULL, job_cb, &refused);
  await (refused != NULL);
  g_assert_error (refused, MD_CARD_ERROR, MD_CARD_ERROR_NOT_REGISTERED);
  g_assert_cmpint (g_atomic_int_get (&ran), ==, 0);
  g_assert_cmpint (f->backend->connected, ==, 0);
  set_world (f, "A1"); // the registered one is unplugged, and the other one does not stand in
  await (g_list_model_get_n_items (G_LIST_MODEL (f->pcsc)) == 1);
  g_assert_null (role_reader (f, MD_CARD_ROLE_STAFF));
  md_pcsc_set_registered (f->pcsc, NULL);
  g_assert_true (md_card_reader_is_registered (reader));
  g_assert_cmpstr (role_reader (f, MD_CARD_ROLE_STAFF), ==, RESIDENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/pcsc/pcsc-manager/" name, Fixture, NULL, setup, func, teardown)
  ADD ("follows-the-world", test_follows_the_world);
  ADD ("listed-but-away", test_listed_but_away);
  ADD ("forbidden", test_forbidden);
  ADD ("a-look-that-failed", test_a_look_that_failed);
  ADD ("explained", test_explained);
  ADD ("no-polling", test_no_polling);
  ADD ("roles", test_roles);
  ADD ("choices", test_choices);
  ADD ("registered", test_registered);
#undef ADD
  return g_test_run ();
}
