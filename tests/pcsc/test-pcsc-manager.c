// SPDX-License-Identifier: Apache-2.0
#include <md-pcsc.h>

#define RESIDENT "Reader A 00 00"
#define STAFF "Reader B 00 00"

// A world that the test sets; connect can be made to hang, as a card that does not answer.
#define FAKE_TYPE_BACKEND (fake_backend_get_type ())
G_DECLARE_FINAL_TYPE (FakeBackend, fake_backend, FAKE, BACKEND, GObject)

struct _FakeBackend
{
  GObject parent_instance;

  GMutex mutex;
  GCond changed;
  MdCardSnapshot *world;
  gboolean hang;
  gboolean forbidden;
  int connected;
  guint watches;
  guint failed;  // the last of them
  guint failing; // looks from now on that fail, for no reason that is known
};

static void fake_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeBackend, fake_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      fake_backend_iface_init))

static void
fake_backend_finalize (GObject *object)
{
  FakeBackend *self = FAKE_BACKEND (object);
  md_card_snapshot_free (self->world);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (fake_backend_parent_class)->finalize (object);
}

static void
fake_backend_class_init (FakeBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_backend_finalize;
}

static void
fake_backend_init (FakeBackend *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->world = md_card_snapshot_new (FALSE);
}

static GStrv
fake_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  return g_new0 (char *, 1);
}

static gboolean
fake_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
              GCancellable *cancellable, GError **error)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_mutex_lock (&self->mutex);
  while (self->hang)
    g_cond_wait (&self->changed, &self->mutex);
  const MdCardReaderState *state = md_card_snapshot_find (self->world, reader);
  gboolean present = state != NULL && state->slot == MD_CARD_SLOT_PRESENT;
  if (present)
    {
      self->connected++;
      *out_link = (MdCardLink){ .events = state->events };
    }
  else
    md_card_error_set (error, state == NULL ? MD_CARD_ERROR_NO_READER : MD_CARD_ERROR_NO_CARD);
  g_mutex_unlock (&self->mutex);
  return present;
}

static gboolean
fake_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
               GCancellable *cancellable, GError **error)
{
  exchange->response[0] = 0x90;
  exchange->response[1] = 0x00;
  exchange->response_length = 2;
  return TRUE;
}

static void
fake_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_mutex_lock (&self->mutex);
  self->connected--;
  g_mutex_unlock (&self->mutex);
}

static void
wake (GCancellable *cancellable, FakeBackend *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static MdCardSnapshot *
fake_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
            GError **error)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (wake), self, NULL);
  g_mutex_lock (&self->mutex);
  self->watches++;
  if (self->forbidden)
    {
      g_mutex_unlock (&self->mutex);
      g_cancellable_disconnect (cancellable, handler);
      md_card_error_set (error, MD_CARD_ERROR_NO_PERMISSION);
      return NULL;
    }
  while (known != NULL && md_card_snapshot_equal (known, self->world) && self->failing == 0
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);
  MdCardSnapshot *now = self->failing == 0 ? md_card_snapshot_copy (self->world) : NULL;
  if (now == NULL)
    {
      self->failing--;
      self->failed = self->watches;
    }
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, handler);
  if (now == NULL)
    md_card_error_set (error, MD_CARD_ERROR_FAILED);
  if (now != NULL && g_cancellable_set_error_if_cancelled (cancellable, error))
    g_clear_pointer (&now, md_card_snapshot_free);
  return now;
}

static void
fake_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = fake_list;
  iface->connect = fake_connect;
  iface->transmit = fake_transmit;
  iface->disconnect = fake_disconnect;
  iface->watch = fake_watch;
}

typedef struct
{
  FakeBackend *backend;
  MdPcsc *pcsc;
  GString *log; // what was heard
} Fixture;

static void
on_inserted (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  g_string_append_printf (f->log, "+%c", md_card_reader_get_name (reader)[7]);
}

static void
on_removed (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  g_string_append_printf (f->log, "-%c", md_card_reader_get_name (reader)[7]);
}

static void
on_state (MdPcsc *pcsc, GParamSpec *pspec, Fixture *f)
{
  g_string_append_printf (f->log, "s%u", md_pcsc_get_state (pcsc));
}

static void
setup (Fixture *f, gconstpointer data)
{
  f->backend = g_object_new (FAKE_TYPE_BACKEND, NULL);
  f->pcsc = md_pcsc_new_for_backend (MD_CARD_BACKEND (f->backend));
  f->log = g_string_new (NULL);
  g_signal_connect (f->pcsc, "card-inserted", G_CALLBACK (on_inserted), f);
  g_signal_connect (f->pcsc, "card-removed", G_CALLBACK (on_removed), f);
  g_signal_connect (f->pcsc, "notify::state", G_CALLBACK (on_state), f);
}

static void
teardown (Fixture *f, gconstpointer data)
{
  md_pcsc_stop (f->pcsc);
  g_assert_finalize_object (f->pcsc);
  g_object_unref (f->backend);
  g_string_free (f->log, TRUE);
}

// Sets the world: "A2,B1" = reader A with a card of event 2, reader B with a card of event 1; "A0"
// = empty, "A-" = listed, but unplugged.
static void
set_world (Fixture *f, const char *text)
{
  g_autoptr (MdCardSnapshot) world = md_card_snapshot_new (text != NULL);
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  for (gsize i = 0; parts[i] != NULL && parts[i][0] != '\0'; i++)
    {
      const char *name = parts[i][0] == 'A' ? RESIDENT : STAFF;
      guint32 events = (guint32)(parts[i][1] - '0');
      MdCardSlot slot = parts[i][1] == '-' ? MD_CARD_SLOT_AWAY
                        : events % 2 == 1  ? MD_CARD_SLOT_PRESENT
                                           : MD_CARD_SLOT_EMPTY;
      g_ptr_array_add (world->readers, md_card_reader_state_new (name, slot, events + 1));
    }
  g_mutex_lock (&f->backend->mutex);
  md_card_snapshot_free (f->backend->world);
  f->backend->world = g_steal_pointer (&world);
  g_cond_broadcast (&f->backend->changed);
  g_mutex_unlock (&f->backend->mutex);
}

static void
await_log (Fixture *f, const char *expected)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  while (!g_str_equal (f->log->str, expected) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_cmpstr (f->log->str, ==, expected);
}

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
  f->backend->forbidden = TRUE;
  md_pcsc_start (f->pcsc);
  await_log (f, "s4");
  g_assert_cmpint (md_pcsc_get_state (f->pcsc), ==, MD_PCSC_STATE_NO_PERMISSION);
  g_usleep (200000);
  g_assert_cmpuint (f->backend->watches, ==, 1); // asked again, but not at once
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
  while (!has_looked_again (f))
    g_usleep (2000);
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
      while (md_pcsc_get_state (f->pcsc) != rows[i].state)
        g_main_context_iteration (NULL, TRUE);
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

typedef struct
{
  gboolean done;
  char *result;
  GError *error;
  GThread *thread;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->result, g_free);
  g_clear_error (&answer->error);
  answer->done = FALSE;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_pcsc_run_finish (MD_PCSC (source), result, &answer->error);
  answer->thread = g_thread_self ();
  answer->done = TRUE;
}

static void
await_answer (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static gpointer
greet (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  GThread *main_thread = data;
  g_assert_true (g_thread_self () != main_thread);
  return g_strdup (md_card_connection_get_reader (connection));
}

static const MdCardJob job_template = { .reader = RESIDENT, .func = greet, .result_free = g_free };

static void
test_job (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, RESIDENT);
  g_assert_true (answer.thread == g_thread_self ());
  g_assert_cmpint (f->backend->connected, ==, 0);
  answer_clear (&answer);

  job.reader = STAFF;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER);
  answer_clear (&answer);
}

static void
test_job_refuses_another_card (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  job.events = 2;
  set_world (f, "A3");
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_assert_cmpint (f->backend->connected, ==, 0);
  answer_clear (&answer);
  set_world (f, "A1");
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  answer_clear (&answer);
}

// DATA: whether this card refuses the PIN, or it is asked whether it was refused. "" is a no.
static gpointer
present (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  MdCardMemory *memory = md_card_connection_get_memory (connection);
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  g_autofree char *place = g_strdup_printf ("%s#%u", md_card_connection_get_reader (connection),
                                            md_card_connection_get_events (connection));
  const MdPinUse use = { .card = place, .place = place, .pin = MD_CARD_PIN_AUTH, .secret = pin };
  if (GPOINTER_TO_INT (data))
    md_card_memory_note_refused (memory, &use, 2);
  return g_strdup (md_card_memory_was_refused (memory, &use, 2) ? "refused" : "");
}

static void
assert_presented (Fixture *f, gboolean wrong, const char *expected)
{
  Answer answer = { 0 };
  MdCardJob job = job_template;
  job.func = present;
  job.data = GINT_TO_POINTER (wrong);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, expected);
  answer_clear (&answer);
}

// It counts its cards from the start, so another person's card gets the name of the place where the
// last one lay; what that one refused is nothing to it.
static void
test_reader_plugged_in_again (Fixture *f, gconstpointer data)
{
  set_world (f, "A1");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3+A");
  assert_presented (f, TRUE, "refused");
  assert_presented (f, FALSE, "refused");
  set_world (f, "");
  await_log (f, "s3+A-As2");
  set_world (f, "A1");
  await_log (f, "s3+A-As2s3+A");
  assert_presented (f, FALSE, "");
}

static void
release_hang (Fixture *f)
{
  g_mutex_lock (&f->backend->mutex);
  f->backend->hang = FALSE;
  g_cond_broadcast (&f->backend->changed);
  g_mutex_unlock (&f->backend->mutex);
}

static int freed;

static void
count_free (gpointer data)
{
  g_atomic_int_inc (&freed);
}

static gboolean
cancel_soon (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

// The card is silent, the caller cancels: the answer comes within 100 ms, and the worker is whole
// afterwards.
static void
test_cancelled_within_100_ms (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  job.data_free = count_free;
  g_atomic_int_set (&freed, 0);
  set_world (f, "A1");
  f->backend->hang = TRUE;
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answer);
  g_timeout_add (50, cancel_soon, cancellable);
  gint64 start = g_get_monotonic_time ();
  await_answer (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  // 50 ms until it is cancelled, 100 ms for the answer, and as much again for a busy machine;
  // tests/identity measures it on real parts.
  g_assert_cmpint (g_get_monotonic_time () - start, <, 250 * 1000);
  answer_clear (&answer);

  release_hang (f);
  job.data_free = NULL;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 1);
  answer_clear (&answer);
}

// Nobody cancels, and the card never answers: the caller is told when its time is over, so is the
// one behind it, and the worker is whole afterwards.
static void
test_overdue (Fixture *f, gconstpointer data)
{
  Answer first = { 0 };
  Answer second = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  f->backend->hang = TRUE;
  md_pcsc_set_patience (f->pcsc, 1);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &first);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &second);
  await_answer (&first);
  g_assert_error (first.error, MD_CARD_ERROR, MD_CARD_ERROR_TIMEOUT);
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_BY_CARD);
  g_assert_false (second.done);
  await_answer (&second);
  g_assert_error (second.error, MD_CARD_ERROR, MD_CARD_ERROR_TIMEOUT);
  answer_clear (&first);
  answer_clear (&second);

  release_hang (f);
  md_pcsc_set_patience (f->pcsc, MD_CARD_PATIENCE_S);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &first);
  await_answer (&first);
  g_assert_no_error (first.error);
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_NOT);
  answer_clear (&first);
}

static void
test_cancelled_before (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  g_cancellable_cancel (cancellable);
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answer);
  await_answer (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&answer);
}

// Stopping with a card that hangs takes half a second, not for ever; what waited is told.
static void
test_stop_with_a_silent_card (Fixture *f, gconstpointer data)
{
  Answer first = { 0 };
  Answer second = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  f->backend->hang = TRUE;
  md_pcsc_start (f->pcsc);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &first);
  gint64 start = g_get_monotonic_time ();
  md_pcsc_stop (f->pcsc);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 900 * 1000);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &second);
  await_answer (&second);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  release_hang (f);
  await_answer (&first);
  answer_clear (&first);
  answer_clear (&second);
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
  ADD ("job", test_job);
  ADD ("job-refuses-another-card", test_job_refuses_another_card);
  ADD ("reader-plugged-in-again", test_reader_plugged_in_again);
  ADD ("cancelled-within-100-ms", test_cancelled_within_100_ms);
  ADD ("overdue", test_overdue);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("stop-with-a-silent-card", test_stop_with_a_silent_card);
#undef ADD
  return g_test_run ();
}
