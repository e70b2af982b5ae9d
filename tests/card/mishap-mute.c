// SPDX-License-Identifier: Apache-2.0
#include "mishap-mute.h"

#include "mishap-words.h"

#include "mishap-oracle.h"

#include <string.h>

// For the answer that never comes; and for all others, on a machine that is busy.
#define SHORT_PATIENCE_S 1
#define THREAD_GRACE_USEC (60 * G_USEC_PER_SEC)

// So many at once.
#define DESKS 40

// Where a desk stands: what takes long to set up, and outlasts it.
typedef struct
{
  MishapProduct *product;
  GHashTable *cards; // persona -> VcCard
} Place;

// One desk: its own reader with its own cards, and its own threads.
typedef struct
{
  MishapRig *rig;
  Place *place;
  MuteCell *cell;
  GString *wrong;
  MdTestClock *clock;
  MishapCard *reader;
  VcCard *card;
  VcCard *next;
  MdPcsc *pcsc;
  gboolean refused; // the card has refused the row's own PIN, and nobody heard of it
  gboolean busy;
  GError *error; // that the last conversation ended in
  MdIdentityProof *proof;
  MdCardFlowResult *result;
} Desk;

static void complain (Desk *desk, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
complain (Desk *desk, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append (desk->wrong, desk->wrong->len > 0 ? "; " : "");
  g_string_append_vprintf (desk->wrong, format, args);
  va_end (args);
}

static void
card_free (gpointer card)
{
  vc_card_free (card);
}

static VcCard *
card_of (Place *place, const char *persona)
{
  VcCard *card = g_hash_table_lookup (place->cards, persona);
  if (card == NULL)
    {
      card = mishap_rig_make_card (persona);
      g_hash_table_insert (place->cards, g_strdup (persona), card);
    }
  return card;
}

static Desk *
desk_new (MishapRig *rig, Place *place, MuteCell *cell)
{
  Desk *desk = g_new0 (Desk, 1);
  desk->rig = rig;
  desk->place = place;
  desk->cell = cell;
  desk->wrong = g_string_new (NULL);
  desk->clock = md_test_clock_new (0);
  desk->reader = mishap_card_new (desk->clock);
  desk->card = card_of (place, cell->row->opening->persona);
  desk->next = card_of (place, mishap_rig_get_next_persona (rig));
  mishap_rig_lay_out (cell->row, desk->card);
  vc_card_restore (desk->next);
  mishap_card_put (desk->reader, desk->card, cell->row->opening->extended);
  desk->pcsc = md_pcsc_new_for_backend (MD_CARD_BACKEND (desk->reader));
  md_pcsc_start (desk->pcsc);
  return desk;
}

static void
forget_outcome (Desk *desk)
{
  g_clear_error (&desk->error);
  g_clear_pointer (&desk->proof, md_identity_proof_unref);
  g_clear_pointer (&desk->result, md_card_flow_result_free);
}

// Its threads end, too: what they hold of the reader is let go.
static void
desk_free (Desk *desk)
{
  gpointer reader = desk->reader;
  md_pcsc_stop (desk->pcsc);
  g_assert_finalize_object (desk->pcsc);
  forget_outcome (desk);
  g_object_add_weak_pointer (G_OBJECT (desk->reader), &reader);
  g_object_unref (desk->reader);
  gint64 end = g_get_monotonic_time () + THREAD_GRACE_USEC;
  while (g_atomic_pointer_get (&reader) != NULL && g_get_monotonic_time () < end)
    g_usleep (1000);
  if (reader != NULL)
    complain (desk, "a thread is left");
  g_object_unref (desk->clock);
  desk->cell->wrong = desk->wrong->len > 0 ? g_strdup (desk->wrong->str) : NULL;
  g_string_free (desk->wrong, TRUE);
  g_free (desk);
}

// --- Conversations ---

static void
on_identified (GObject *source, GAsyncResult *result, gpointer data)
{
  Desk *desk = data;
  desk->proof = md_identifier_identify_finish (MD_IDENTIFIER (source), result, &desk->error);
  desk->busy = FALSE;
}

static MdCardReader *
reader_of (Desk *desk)
{
  g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (desk->pcsc), 0);
  return reader; // the list has it
}

static void
identify (Desk *desk, guint patience_s)
{
  MishapWords words = mishap_rig_get_words (desk->rig, desk->cell->row);
  MdIdentifyRequest request = mishap_product_get_request (desk->place->product, &words);
  desk->busy = TRUE;
  md_pcsc_set_patience (desk->pcsc, patience_s);
  md_identifier_identify_async (mishap_product_get_identifier (desk->place->product), desk->pcsc,
                                reader_of (desk), &request, NULL, on_identified, desk);
  md_identify_request_clear (&request);
}

static void
result_free (gpointer result)
{
  md_card_flow_result_free (result);
}

typedef struct
{
  MdCardFlow flow;
  MdCardFlowRequest request;
} Work;

static gpointer
work (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const Work *self = data;
  return md_card_flow_run (self->flow, connection, &self->request, cancellable, error);
}

static void
on_worked (GObject *source, GAsyncResult *result, gpointer data)
{
  Desk *desk = data;
  desk->result = md_pcsc_run_finish (MD_PCSC (source), result, &desk->error);
  desk->busy = FALSE;
}

static void
run_flow (Desk *desk, MdCardFlow flow, MdCardFlowRequest request, guint patience_s)
{
  const Work what = { flow, request };
  MdCardJob job = { .reader = MISHAP_READER,
                    .func = work,
                    .data = g_memdup2 (&what, sizeof what),
                    .data_free = g_free,
                    .result_free = result_free };
  desk->busy = TRUE;
  md_pcsc_set_patience (desk->pcsc, patience_s);
  md_pcsc_run_async (desk->pcsc, &job, NULL, on_worked, desk);
}

// What the row does.
static void
converse (Desk *desk, guint patience_s)
{
  const Row *row = desk->cell->row;
  if (row->opening->drive == DRIVE_FLOW)
    run_flow (desk, row->opening->flow, mishap_rig_get_request (desk->rig, row), patience_s);
  else
    identify (desk, patience_s);
}

static void
read_next (Desk *desk)
{
  mishap_card_put (desk->reader, desk->next, FALSE);
  mishap_card_plan (desk->reader, NULL, 0, NULL);
  run_flow (desk, MD_CARD_FLOW_NUMBER, mishap_rig_get_next_request (desk->rig), MD_CARD_PATIENCE_S);
}

// --- What came of them ---

// The conversation is over on both sides of the thread.
static gboolean
is_settled (const Desk *desk)
{
  return !desk->busy && md_pcsc_get_held (desk->pcsc) == MD_PCSC_HELD_NOT;
}

static void
check_end (Desk *desk, VcCard *card, const char *when)
{
  MishapCount count = mishap_card_get_count (desk->reader);
  if (count.connects != 1 || count.disconnects != 1)
    complain (desk, "%u conversations begun, %u ended%s", count.connects, count.disconnects, when);
  if (count.stray > 0)
    complain (desk, "%u commands after the end%s", count.stray, when);
  if (vc_card_count_verified (card) > 0)
    complain (desk, "a PIN is left verified%s", when);
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    if (count.pins[i].right + count.pins[i].wrong > 1)
      complain (desk, "%s was sent more than once%s", mishap_pins[i].object, when);
}

static void
check_tries (Desk *desk)
{
  MishapCount count = mishap_card_get_count (desk->reader);
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    {
      guint due = mishap_pins[i].tries - MIN (mishap_pins[i].tries, count.pins[i].wrong);
      guint left = vc_card_get_tries (desk->card, mishap_pins[i].object, mishap_pins[i].tries);
      if (left != due)
        complain (desk, "%s has %u tries left instead of %u", mishap_pins[i].object, left, due);
    }
}

static void
check_promise (Desk *desk)
{
  const guint sent = desk->refused ? 1 : 0;
  g_autoptr (MdCardText) words
      = desk->error != NULL ? md_identity_text_for_error (desk->error) : NULL;
  const char *complaint
      = words != NULL ? mishap_words_promise (words->meaning, 0, sent, TRUE) : NULL;
  if (complaint != NULL)
    complain (desk, "%s", complaint);
}

static void
check_mute (Desk *desk)
{
  if (!g_error_matches (desk->error, MD_CARD_ERROR, MD_CARD_ERROR_TIMEOUT))
    complain (desk, "ended in %s", desk->error != NULL ? desk->error->message : "success");
  check_end (desk, desk->card, "");
  check_tries (desk);
  MishapCount count = mishap_card_get_count (desk->reader);
  desk->refused = mishap_count_of (&count, desk->cell->row->opening->object).wrong > 0;
  check_promise (desk);
  forget_outcome (desk);
}

// The person types the same wrong PIN again.
static void
check_again (Desk *desk)
{
  const Opening *opening = desk->cell->row->opening;
  int code
      = desk->refused && opening->remembered ? MD_CARD_ERROR_PIN_SAME : MD_CARD_ERROR_PIN_WRONG;
  guint left = vc_card_get_tries (desk->card, opening->object, opening->tries);
  if (!g_error_matches (desk->error, MD_CARD_ERROR, code))
    complain (desk, "the second attempt ended in %s",
              desk->error != NULL ? desk->error->message : "success");
  check_end (desk, desk->card, " at the second attempt");
  if (opening->remembered && left != opening->tries - 1)
    complain (desk, "%u tries are left after the same wrong PIN twice", left);
  forget_outcome (desk);
}

static void
check_next (Desk *desk)
{
  if (desk->result == NULL)
    complain (desk, "the next card: %s", desk->error->message);
  else if (g_strcmp0 (md_secret_get_text (desk->result->number),
                      mishap_rig_get_next_number (desk->rig))
           != 0)
    complain (desk, "the next card gives another number than its own");
  check_end (desk, desk->next, " with the next card");
}

// --- Many at once ---

typedef gboolean (*DeskTest) (const Desk *desk);

static gboolean
has_reader (const Desk *desk)
{
  return g_list_model_get_n_items (G_LIST_MODEL (desk->pcsc)) > 0;
}

static void
await_all (GPtrArray *desks, DeskTest test)
{
  for (guint i = 0; i < desks->len; i++)
    while (!test (g_ptr_array_index (desks, i)))
      (void)g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_wrong (const Desk *desk)
{
  return desk->cell->row->temper->wrong;
}

static void
go_mute (GPtrArray *desks)
{
  for (guint i = 0; i < desks->len; i++)
    {
      Desk *desk = g_ptr_array_index (desks, i);
      const Mishap mute = { .kind = MISHAP_MUTE, .value = desk->cell->after ? 1 : 0 };
      mishap_card_plan (desk->reader, &mute, desk->cell->index, NULL);
      converse (desk, SHORT_PATIENCE_S);
    }
  await_all (desks, is_settled);
  for (guint i = 0; i < desks->len; i++)
    check_mute (g_ptr_array_index (desks, i));
}

static void
go_again (GPtrArray *desks)
{
  for (guint i = 0; i < desks->len; i++)
    {
      Desk *desk = g_ptr_array_index (desks, i);
      mishap_card_plan (desk->reader, NULL, 0, NULL);
      if (is_wrong (desk))
        converse (desk, MD_CARD_PATIENCE_S);
    }
  await_all (desks, is_settled);
  for (guint i = 0; i < desks->len; i++)
    {
      Desk *desk = g_ptr_array_index (desks, i);
      if (is_wrong (desk))
        check_again (desk);
    }
}

static void
go_next (GPtrArray *desks)
{
  for (guint i = 0; i < desks->len; i++)
    read_next (g_ptr_array_index (desks, i));
  await_all (desks, is_settled);
  for (guint i = 0; i < desks->len; i++)
    check_next (g_ptr_array_index (desks, i));
}

static void
free_desk (gpointer desk)
{
  desk_free (desk);
}

// Whoever is at work still; read past the threads, once nothing moves any more.
static char *
name_desks (gconstpointer data)
{
  const GPtrArray *desks = data;
  GString *names = g_string_new ("a mute card in");
  for (guint i = 0; i < desks->len; i++)
    {
      const Desk *desk = g_ptr_array_index (desks, i);
      if (!is_settled (desk))
        g_string_append_printf (names, " %s/%s/%02u", desk->cell->row->opening->name,
                                desk->cell->row->temper->name, desk->cell->index);
    }
  return g_string_free (names, FALSE);
}

static void
await_readers (GPtrArray *desks)
{
  await_all (desks, has_reader);
}

// With a limit of the machine's own time on each part of it.
static void
go (GPtrArray *desks, MishapWatch *watch)
{
  static void (*const parts[]) (GPtrArray *) = { await_readers, go_mute, go_again, go_next };
  for (gsize part = 0; part < G_N_ELEMENTS (parts); part++)
    {
      mishap_watch_begin (watch, name_desks, desks);
      parts[part](desks);
      if (!mishap_watch_end (watch))
        complain (g_ptr_array_index (desks, 0),
                  "one of so many took too much of the machine's time");
    }
}

static void
run_some (MishapRig *rig, MishapWatch *watch, Place *places, MuteCell *cells, guint count)
{
  g_autoptr (GPtrArray) desks = g_ptr_array_new_with_free_func (free_desk);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (desks, desk_new (rig, &places[i], &cells[i]));
  go (desks, watch);
}

void
mishap_mute_run (MishapRig *rig, MishapWatch *watch, MuteCell *cells, guint count)
{
  Place places[DESKS];
  const guint n_places = MIN (count, DESKS);
  for (guint i = 0; i < n_places; i++)
    places[i]
        = (Place){ .product = mishap_product_new (),
                   .cards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, card_free) };
  for (guint first = 0; first < count; first += DESKS)
    run_some (rig, watch, places, &cells[first], MIN (DESKS, count - first));
  for (guint i = 0; i < n_places; i++)
    {
      mishap_product_free (places[i].product);
      g_hash_table_unref (places[i].cards);
    }
}
