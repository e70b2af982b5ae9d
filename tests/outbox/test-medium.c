// SPDX-License-Identifier: Apache-2.0
/* Media and their ledger: nothing goes by one that is not entered, and nothing leaves the queue by
 * it. */
#include "outbox-fixture.h"

#define KEY "aa00"
#define ROOM (G_GUINT64_CONSTANT (1) << 30)

static const MdAuditEntry entry = { .event = "medium", .staff = "S0101" };

static void
register_medium (Fixture *f, const char *id, const char *key)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_register_medium (f->outbox, id, key, &entry, &error));
  g_assert_no_error (error);
}

static GPtrArray *
waiting (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = md_outbox_list_for_medium (f->outbox, 100, ROOM, &error);

  g_assert_no_error (error);
  return list;
}

static gboolean
hand_out (Fixture *f, const char *bundle, const char *medium, const GPtrArray *list, GError **error)
{
  g_autofree MdOutboxMediumItem *items = g_new0 (MdOutboxMediumItem, list->len);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("signed", 6);
  const MdOutboxHandOut act = { .id = bundle,
                                .medium = medium,
                                .key = KEY,
                                .officer = "S0101",
                                .carrier = "S0001",
                                .purpose = "line-down",
                                .list = bytes,
                                .signature = bytes,
                                .digest = list->len == 1 ? "d1" : "d2",
                                .items = items,
                                .n_items = list->len };

  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxItem *item = g_ptr_array_index (list, i);

      items[i] = (MdOutboxMediumItem){
        .intake = item->intake, .n = item->n, .digest = item->digest, .size = item->size
      };
    }
  return md_outbox_hand_out (f->outbox, &act, &entry, error);
}

static gboolean
note (Fixture *f, const char *bundle, MdBundleState state)
{
  const MdOutboxShown shown = { .key = KEY, .digest = "d2" };
  g_autoptr (GError) error = NULL;

  if (md_outbox_note_bundle (f->outbox, bundle, state, &shown, &entry, &error))
    return TRUE;
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  return FALSE;
}

/* An approved intake, both items of which wait; the caller frees its id. */
static char *
approved (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
  return g_steal_pointer (&intake->id);
}

static void
test_registered (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) media = NULL;
  const MdOutboxMedium *medium = NULL;

  register_medium (f, "M-001", KEY);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (md_outbox_register_medium (f->outbox, i == 0 ? "M-001" : "M-002",
                                                 i == 0 ? "bb" : KEY, &entry, &error));
      g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT);
      g_clear_error (&error);
    }
  g_assert_true (md_outbox_check_medium (f->outbox, "M-001", KEY, &error));
  g_assert_false (md_outbox_check_medium (f->outbox, "M-001", "bb", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (md_outbox_check_medium (f->outbox, "M-002", KEY, NULL));
  g_assert_true (md_outbox_retire_medium (f->outbox, "M-001", &entry, &error));
  g_assert_false (md_outbox_check_medium (f->outbox, "M-001", KEY, NULL));
  g_assert_false (md_outbox_retire_medium (f->outbox, "M-001", &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  media = md_outbox_list_media (f->outbox, NULL);
  g_assert_cmpuint (media->len, ==, 1);
  medium = g_ptr_array_index (media, 0);
  g_assert_cmpstr (medium->id, ==, "M-001");
  g_assert_nonnull (medium->retired);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'medium'"), ==, 2);
}

/* In the order of the queue, as much as there is room for, and no decision without its intake. */
static void
test_what_goes (Fixture *f, gconstpointer data)
{
  g_autofree char *first = approved (f);
  g_autoptr (MdOutboxIntake) large = fixture_reserve (f);
  g_autofree char *last = NULL;
  g_autofree char *sealed = g_strnfill (5000, 'x');
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) some = NULL;
  g_autoptr (GPtrArray) two = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (MdOutboxItem) claimed = NULL;

  g_assert_true (fixture_submit (f, large->id, sealed, NULL));
  g_assert_true (fixture_decide (f, large->id, MD_INTAKE_APPROVED, NULL));
  last = approved (f);
  all = waiting (f);
  g_assert_cmpuint (all->len, ==, 6);
  g_assert_cmpstr (((MdOutboxItem *)all->pdata[0])->intake, ==, first);
  g_assert_cmpuint (((MdOutboxItem *)all->pdata[1])->n, ==, 2);
  g_assert_cmpstr (((MdOutboxItem *)all->pdata[5])->intake, ==, last);
  some = md_outbox_list_for_medium (f->outbox, 100, 1000, NULL);
  g_assert_cmpuint (some->len, ==, 4);
  g_assert_cmpstr (((MdOutboxItem *)some->pdata[2])->intake, ==, last);
  two = md_outbox_list_for_medium (f->outbox, 2, ROOM, NULL);
  g_assert_cmpuint (two->len, ==, 2);
  /* One on its way by the line may go by the medium, too; one set aside or parked may not, nor what
   * follows it; and what the disk has altered is set aside here, and holds up nothing. */
  claimed = fixture_claim (f, MD_OUTBOX_FRESH);
  g_clear_pointer (&all, g_ptr_array_unref);
  all = waiting (f);
  g_assert_cmpuint (all->len, ==, 6);
  g_assert_true (md_outbox_quarantine (f->outbox, claimed, "binding", "-", NULL));
  g_assert_true (
      md_db_exec (f->db, "UPDATE payload SET body = x'00' WHERE length (body) = 5000", NULL));
  g_assert_true (md_db_exec (f->db,
                             "UPDATE outbox SET parked_by = 'S0101' WHERE n = 1 AND seq ="
                             " (SELECT max (seq) - 1 FROM outbox)",
                             NULL));
  none = waiting (f);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_true (md_db_exec (f->db, "UPDATE outbox SET parked_by = NULL", NULL));
  rest = waiting (f);
  g_assert_cmpuint (rest->len, ==, 2);
  g_assert_cmpstr (((MdOutboxItem *)rest->pdata[0])->intake, ==, last);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox WHERE state = 'quarantined'"), ==,
                   2);
}

/* A letter, what was handed in by it, which is large, and a change of the letter. */
typedef struct
{
  char *letter;
  char *large;
  char *change;
} Letters;

static void
set_up_letters (Fixture *f, Letters *out)
{
  g_autofree char *sealed = g_strnfill (5000, 'x');
  g_autoptr (MdOutboxIntake) large = NULL;

  out->letter = approved (f);
  large = fixture_reserve (f);
  g_assert_true (fixture_submit (f, large->id, sealed, NULL));
  out->large = g_steal_pointer (&large->id);
  out->change = approved (f);
  g_assert_true (
      md_db_exec (f->db,
                  "UPDATE intake SET cites = (SELECT intake FROM outbox ORDER BY seq LIMIT 1)"
                  " WHERE id <> (SELECT intake FROM outbox ORDER BY seq LIMIT 1);"
                  "UPDATE intake SET changes = 1"
                  " WHERE id = (SELECT intake FROM outbox ORDER BY seq DESC LIMIT 1)",
                  NULL));
}

static void
clear_letters (Letters *letters)
{
  g_free (letters->letter);
  g_free (letters->large);
  g_free (letters->change);
}

/* What goes with so much room, as "letter-1 letter-2 large-1 ..."; the caller frees it. */
static char *
describe (Fixture *f, const Letters *letters, guint64 room)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = md_outbox_list_for_medium (f->outbox, 100, room, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxItem *item = g_ptr_array_index (list, i);

      g_string_append_printf (text, "%s%s-%u", i > 0 ? " " : "",
                              g_str_equal (item->intake, letters->letter)  ? "letter"
                              : g_str_equal (item->intake, letters->large) ? "large"
                                                                           : "change",
                              item->n);
    }
  return g_strdup (text->str);
}

static void
assert_goes (Fixture *f, const Letters *letters, guint64 room, const char *wanted)
{
  g_autofree char *text = describe (f, letters, room);

  g_assert_cmpstr (text, ==, wanted);
}

/* The order of the line holds on a medium, too: the gateway would refuse for good what comes after
 * the change of the letter by which it was handed in. */
static void
test_order (Fixture *f, gconstpointer data)
{
  Letters letters = { 0 };
  g_autoptr (GPtrArray) apart = g_ptr_array_new ();
  g_autoptr (GPtrArray) all = NULL;

  set_up_letters (f, &letters);
  register_medium (f, "M-001", KEY);
  all = waiting (f);
  assert_goes (f, &letters, ROOM, "letter-1 letter-2 large-1 change-1 change-2");
  assert_goes (f, &letters, 1000, "letter-1 letter-2 change-1");
  g_assert_true (
      md_db_exec (f->db, "UPDATE outbox SET parked_by = 'S0101' WHERE size = 5000", NULL));
  assert_goes (f, &letters, ROOM, "letter-1 letter-2 change-1");
  g_assert_true (md_db_exec (f->db, "UPDATE outbox SET parked_by = NULL", NULL));
  /* Elsewhere on a medium: what follows it waits, be it of the same intake or of the letter. */
  g_ptr_array_add (apart, all->pdata[0]);
  g_ptr_array_add (apart, all->pdata[2]);
  g_assert_true (hand_out (f, "b1", "M-001", apart, NULL));
  assert_goes (f, &letters, ROOM, "change-1");
  g_assert_true (note (f, "b1", MD_BUNDLE_LOST));
  assert_goes (f, &letters, ROOM, "letter-1 letter-2 large-1 change-1 change-2");
  /* What is at the gateway, or was refused there, holds up nothing. */
  g_assert_true (
      md_db_exec (f->db, "UPDATE outbox SET state = 'quarantined' WHERE size = 5000", NULL));
  assert_goes (f, &letters, ROOM, "letter-1 letter-2 change-1 change-2");
  g_assert_true (
      md_db_exec (f->db, "UPDATE outbox SET state = 'waiting' WHERE state = 'quarantined'", NULL));
  clear_letters (&letters);
}

/* A list is the caller's: one in another order, or with a gap, is not released. */
static void
test_order_of_a_list (Fixture *f, gconstpointer data)
{
  /* letter-1 letter-2 large-1 change-1 change-2 */
  static const char *const wrong[] = { "1", "10", "4", "43", "34", "342", "432", "24" };
  Letters letters = { 0 };
  g_autoptr (GPtrArray) all = NULL;
  g_autofree char *before = NULL;

  set_up_letters (f, &letters);
  register_medium (f, "M-001", KEY);
  all = waiting (f);
  g_assert_cmpuint (all->len, ==, 5);
  before = fixture_snapshot (f);
  for (gsize i = 0; i <= G_N_ELEMENTS (wrong); i++)
    {
      const char *order = i < G_N_ELEMENTS (wrong) ? wrong[i] : "324";
      g_autoptr (GPtrArray) list = g_ptr_array_new ();
      g_autoptr (GError) error = NULL;

      for (gsize k = 0; order[k] != '\0'; k++)
        g_ptr_array_add (list, all->pdata[order[k] - '0']);
      if (i == G_N_ELEMENTS (wrong))
        {
          g_assert_true (hand_out (f, "b1", "M-001", list, &error));
          g_assert_no_error (error);
        }
      else
        {
          g_autofree char *after = NULL;

          g_test_message ("%s", order);
          g_assert_false (hand_out (f, "b1", "M-001", list, &error));
          g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
          after = fixture_snapshot (f);
          g_assert_cmpstr (after, ==, before);
          g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM medium_bundle"), ==, 0);
        }
    }
  clear_letters (&letters);
}

/* The line of the ledger comes first; what is on a medium goes by no other, and stays in the queue.
 */
static void
test_ledger (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autoptr (GPtrArray) list = waiting (f);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) bundles = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = fixture_snapshot (f);
  g_autofree char *after = NULL;
  MdOutboxBundle *bundle = NULL;

  g_assert_false (hand_out (f, "b1", "M-001", list, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  after = fixture_snapshot (f);
  g_assert_cmpstr (after, ==, before);
  register_medium (f, "M-001", KEY);
  g_assert_null (md_outbox_get_bundle_body (f->outbox, "b1", intake, 1, NULL));
  g_assert_true (hand_out (f, "b1", "M-001", list, &error));
  g_assert_no_error (error);
  g_assert_true (hand_out (f, "b1", "M-001", list, &error)); /* only the answer was lost */
  body = md_outbox_get_bundle_body (f->outbox, "b1", intake, 1, &error);
  g_assert_cmpuint (g_bytes_get_size (body), ==, 6);
  g_assert_null (md_outbox_get_bundle_body (f->outbox, "b1", intake, 3, NULL));
  none = waiting (f);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox WHERE state = 'waiting'"), ==, 2);
  g_assert_false (hand_out (f, "b2", "M-001", list, &error)); /* the medium is out */
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (md_outbox_register_medium (f->outbox, "M-002", "bb", &entry, NULL));
  g_assert_false (md_outbox_retire_medium (f->outbox, "M-001", &entry, NULL));
  bundles = md_outbox_list_bundles (f->outbox, 10, NULL);
  g_assert_cmpuint (bundles->len, ==, 1);
  bundle = g_ptr_array_index (bundles, 0);
  g_assert_cmpstr (bundle->carrier, ==, "S0001");
  g_assert_cmpuint (bundle->items, ==, 2);
  g_assert_cmpuint (bundle->delivered, ==, 0);
  g_assert_cmpint (bundle->state, ==, MD_BUNDLE_RELEASED);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'medium'"), ==, 3);
}

/* What becomes of it, in the order in which it can; a lost one frees what was on it. */
static void
test_course (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autoptr (GPtrArray) list = waiting (f);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GPtrArray) queue = NULL;
  g_autoptr (GError) error = NULL;

  register_medium (f, "M-001", KEY);
  g_assert_true (hand_out (f, "b1", "M-001", list, NULL));
  g_assert_false (note (f, "b1", MD_BUNDLE_ERASED));
  g_assert_false (note (f, "b1", MD_BUNDLE_RETURNED));
  g_assert_true (note (f, "b1", MD_BUNDLE_WRITTEN));
  g_assert_true (note (f, "b1", MD_BUNDLE_WRITTEN));
  g_assert_null (md_outbox_get_bundle_body (f->outbox, "b1", intake, 1, NULL));
  g_assert_false (note (f, "b1", MD_BUNDLE_FAILED));
  queue = md_outbox_list_queue (f->outbox, 10, NULL);
  g_assert_cmpuint (queue->len, ==, 2);
  g_assert_cmpstr (((MdOutboxItem *)queue->pdata[1])->medium, ==, "M-001");
  g_assert_true (note (f, "b1", MD_BUNDLE_LOST));
  again = waiting (f);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_true (hand_out (f, "b2", "M-001", again, NULL));
  g_assert_true (note (f, "b2", MD_BUNDLE_WRITTEN));
  g_assert_true (note (f, "b2", MD_BUNDLE_RETURNED));
  g_assert_false (md_outbox_check_medium (f->outbox, "M-001", KEY, NULL));
  g_assert_true (note (f, "b2", MD_BUNDLE_ERASED));
  g_assert_true (md_outbox_check_medium (f->outbox, "M-001", KEY, NULL));
  g_assert_false (note (f, "b2", MD_BUNDLE_LOST));
  g_assert_false (md_outbox_note_bundle (f->outbox, "b9", MD_BUNDLE_LOST, NULL, &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
}

/* Of a writing that failed the ledger says what may be on the medium, and the medium is not used
 * again before somebody has looked. */
static void
test_unclear (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autoptr (GPtrArray) list = waiting (f);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GPtrArray) bundles = NULL;
  g_autoptr (GPtrArray) media = NULL;

  register_medium (f, "M-001", KEY);
  g_assert_true (hand_out (f, "b1", "M-001", list, NULL));
  g_assert_true (note (f, "b1", MD_BUNDLE_UNCLEAR));
  g_assert_false (note (f, "b1", MD_BUNDLE_FAILED)); /* nobody has seen that */
  g_assert_false (md_outbox_check_medium (f->outbox, "M-001", KEY, NULL));
  media = md_outbox_list_media (f->outbox, NULL);
  g_assert_cmpstr (((MdOutboxMedium *)media->pdata[0])->bundle, ==, "b1");
  bundles = md_outbox_list_bundles (f->outbox, 10, NULL);
  g_assert_cmpint (((MdOutboxBundle *)bundles->pdata[0])->state, ==, MD_BUNDLE_UNCLEAR);
  g_assert_null (md_outbox_get_bundle_body (f->outbox, "b1", intake, 1, NULL));
  again = waiting (f); /* by another medium they may go */
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_true (note (f, "b1", MD_BUNDLE_ERASED));
  g_assert_true (hand_out (f, "b2", "M-001", again, NULL));
  g_assert_true (note (f, "b2", MD_BUNDLE_FAILED));
  g_assert_true (md_outbox_check_medium (f->outbox, "M-001", KEY, NULL));
  g_assert_true (note (f, "b2", MD_BUNDLE_UNCLEAR)); /* it was there after all, even whole */
  g_assert_true (note (f, "b2", MD_BUNDLE_WRITTEN));
  g_assert_true (note (f, "b2", MD_BUNDLE_RETURNED));
}

/* What comes back is the medium itself, with the list that was released: for nothing else is
 * anything entered. */
static void
test_another_medium (Fixture *f, gconstpointer data)
{
  static const MdBundleState states[] = { MD_BUNDLE_WRITTEN, MD_BUNDLE_RETURNED, MD_BUNDLE_ERASED };
  static const MdOutboxShown others[]
      = { { NULL, "d2" }, { "", "d2" }, { "bb", "d2" }, { KEY, "d1" }, { "bb", NULL } };
  static const MdOutboxShown unreadable = { KEY, NULL };
  g_autofree char *intake = approved (f);
  g_autoptr (GPtrArray) list = waiting (f);

  register_medium (f, "M-001", KEY);
  register_medium (f, "M-002", "bb");
  g_assert_true (hand_out (f, "b1", "M-001", list, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *before = fixture_snapshot (f);
      g_autofree char *after = NULL;

      for (gsize k = 0; k < G_N_ELEMENTS (others); k++)
        {
          g_autoptr (GError) error = NULL;

          g_assert_false (
              md_outbox_note_bundle (f->outbox, "b1", states[i], &others[k], &entry, &error));
          g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT);
        }
      after = fixture_snapshot (f);
      g_assert_cmpstr (after, ==, before);
      g_assert_true (note (f, "b1", states[i]));
      g_assert_false (md_outbox_note_bundle (f->outbox, "b1", states[i], &others[0], &entry, NULL));
    }
  g_assert_true (
      md_outbox_note_bundle (f->outbox, "b1", MD_BUNDLE_ERASED, &unreadable, &entry, NULL));
}

/* R-ERA-04: when a medium was disposed of, and how; not while something may be on it. */
static void
test_disposed (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autoptr (GPtrArray) list = waiting (f);
  g_autoptr (GPtrArray) media = NULL;
  g_autoptr (GError) error = NULL;
  const MdOutboxMedium *medium = NULL;

  register_medium (f, "M-001", KEY);
  register_medium (f, "M-002", "bb");
  g_assert_true (hand_out (f, "b1", "M-001", list, NULL));
  g_assert_false (md_outbox_dispose_medium (f->outbox, "M-001", "destroyed", &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (note (f, "b1", MD_BUNDLE_LOST));
  g_assert_true (md_outbox_dispose_medium (f->outbox, "M-001", "destroyed", &entry, &error));
  g_assert_false (md_outbox_dispose_medium (f->outbox, "M-001", "degaussed", &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_assert_false (md_outbox_check_medium (f->outbox, "M-001", KEY, NULL));
  g_assert_true (md_outbox_retire_medium (f->outbox, "M-002", &entry, NULL));
  g_assert_true (md_outbox_dispose_medium (f->outbox, "M-002", "degaussed", &entry, NULL));
  media = md_outbox_list_media (f->outbox, NULL);
  for (guint i = 0; i < 2; i++)
    {
      medium = g_ptr_array_index (media, i);
      g_assert_cmpstr (medium->method, ==, i == 0 ? "destroyed" : "degaussed");
      g_assert_nonnull (medium->disposed);
      g_assert_nonnull (medium->retired);
    }
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'medium'"), ==, 7);
}

/* A receipt that came back on the medium ends the item as one of the line does, be it on its way
 * there at the same moment. */
static void
test_receipt (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autoptr (GPtrArray) list = waiting (f);
  g_autoptr (MdOutboxItem) leased = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (GPtrArray) bundles = NULL;
  g_autoptr (GError) error = NULL;
  gboolean delivered = TRUE, erased = FALSE;

  register_medium (f, "M-001", KEY);
  g_assert_true (hand_out (f, "b1", "M-001", list, NULL));
  for (guint n = 1; n <= 2; n++)
    {
      g_autoptr (MdOutboxItem) item
          = md_outbox_find_item (f->outbox, intake, n, &delivered, &error);

      g_assert_no_error (error);
      g_assert_false (delivered);
      g_assert_true (fixture_acknowledge (f, item, &erased, NULL));
      g_assert_true (erased == (n == 2));
    }
  g_assert_true (md_outbox_put_back (f->outbox, leased, 0, TRUE, "-", NULL));
  g_clear_pointer (&leased, md_outbox_item_free);
  leased = md_outbox_find_item (f->outbox, intake, 1, &delivered, NULL);
  g_assert_true (delivered);
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_null (md_outbox_find_item (f->outbox, intake, 3, &delivered, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  bundles = md_outbox_list_bundles (f->outbox, 10, NULL);
  g_assert_cmpuint (((MdOutboxBundle *)bundles->pdata[0])->delivered, ==, 2);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/outbox/medium/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("registered", test_registered);
  ADD ("what-goes", test_what_goes);
  ADD ("order", test_order);
  ADD ("order-of-a-list", test_order_of_a_list);
  ADD ("ledger", test_ledger);
  ADD ("course", test_course);
  ADD ("unclear", test_unclear);
  ADD ("another-medium", test_another_medium);
  ADD ("disposed", test_disposed);
  ADD ("receipt", test_receipt);
  return g_test_run ();
}
