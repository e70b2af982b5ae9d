// SPDX-License-Identifier: Apache-2.0
/* Accepted letters of delegation, what is filed by them, and how long a refused one stays. */
#include "outbox-fixture.h"

#define WEEK_MS (7 * 24 * 3600 * G_GINT64_CONSTANT (1000))

/* A letter owns its texts. */
static char pension[] = "pension.exemption", lem[] = "lem.certificate", decision_sha256[] = "dd",
            first_day[] = "2026-11-20", last_day[] = "2027-03-31", principal[] = "aa",
            delegate[] = "bb";
static char *procedures[] = { pension, lem, NULL };

static const MdOutboxLetter allowed = { .decision_sha256 = decision_sha256,
                                        .procedures = procedures,
                                        .from = first_day,
                                        .to = last_day,
                                        .principal = principal,
                                        .delegate = delegate };

static MdOutboxIntake *
submitted (Fixture *f)
{
  MdOutboxIntake *intake = fixture_reserve (f);

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  return intake;
}

static gboolean
decide (Fixture *f, const char *id, guint n, const MdOutboxDecision *what, GError **error)
{
  g_autofree char *text = g_strdup_printf ("decision %u", n);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  MdOutboxDecision decision = *what;
  MdAuditEntry entry = { .event = "decide", .staff = "S0101" };

  decision.id = id;
  decision.n = n;
  decision.officer = "S0101";
  decision.reason_code = "mistake";
  decision.body = body;
  decision.signature_sha256 = "cc";
  return md_outbox_decide (f->outbox, &decision, &entry, error);
}

static void
deliver_all (Fixture *f)
{
  MdOutboxItem *next;

  while ((next = fixture_claim (f, MD_OUTBOX_FRESH)) != NULL)
    {
      g_autoptr (MdOutboxItem) item = next;

      g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
    }
}

static void
test_accepted (Fixture *f, gconstpointer data)
{
  const MdOutboxDecision approval = { .state = MD_INTAKE_APPROVED, .letter = &allowed };
  g_autoptr (MdOutboxIntake) intake = submitted (f);
  g_autoptr (MdOutboxIntake) other = submitted (f);
  g_autoptr (MdOutboxLetter) letter = NULL;
  g_autoptr (MdOutboxLetter) same = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (md_outbox_find_letter (f->outbox, intake->receipt_number, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_true (decide (f, intake->id, 2, &approval, &error));
  g_assert_true (fixture_decide (f, other->id, MD_INTAKE_APPROVED, &error));
  deliver_all (f); /* what it allows stays when the letter is gone */
  g_assert_null (md_outbox_get_container (f->outbox, intake->id, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_ERASED);
  g_clear_error (&error);
  letter = md_outbox_find_letter (f->outbox, intake->receipt_number, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (letter->intake, ==, intake->id);
  g_assert_cmpstr (letter->decision_sha256, ==, "dd");
  g_assert_true (
      g_strv_equal ((const char *const *)letter->procedures, (const char *const *)procedures));
  g_assert_cmpstr (letter->from, ==, "2026-11-20");
  g_assert_cmpstr (letter->to, ==, "2027-03-31");
  g_assert_cmpstr (letter->principal, ==, "aa");
  g_assert_cmpstr (letter->delegate, ==, "bb");
  same = md_outbox_get_letter (f->outbox, intake->id, &error);
  g_assert_cmpstr (same->receipt_number, ==, intake->receipt_number);
  g_assert_null (md_outbox_find_letter (f->outbox, other->receipt_number, NULL));
}

static void
test_cited (Fixture *f, gconstpointer data)
{
  const MdOutboxDecision approval = { .state = MD_INTAKE_APPROVED, .letter = &allowed };
  const MdAuditEntry entry = { .event = "delegation", .staff = "S0001" };
  g_autoptr (MdOutboxIntake) letter = submitted (f);
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autofree char *none = NULL;
  g_autofree char *cited = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (decide (f, letter->id, 2, &approval, &error));
  none = md_outbox_dup_cited (f->outbox, intake->id, &error);
  g_assert_cmpstr (none, ==, "");
  g_assert_true (md_outbox_cite (f->outbox, intake->id, letter->id, &entry, &error));
  cited = md_outbox_dup_cited (f->outbox, intake->id, &error);
  g_assert_cmpstr (cited, ==, letter->id);
  g_assert_true (md_outbox_cite (f->outbox, intake->id, NULL, &entry, &error));
  again = md_outbox_dup_cited (f->outbox, intake->id, &error);
  g_assert_cmpstr (again, ==, "");
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'delegation'"), ==,
                   2);
  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_false (md_outbox_cite (f->outbox, intake->id, letter->id, &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
}

static guint
n_listed (Fixture *f)
{
  g_autoptr (GPtrArray) list = md_outbox_list (f->outbox, MD_OUTBOX_LIST_RETURNED, 10, NULL);

  return list->len;
}

/* Delivered, a refused one stays so long that it can be restored; then it goes, by itself. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  const gboolean restored = data != NULL;
  const MdOutboxDecision refusal = { .state = MD_INTAKE_REJECTED, .keep_ms = WEEK_MS };
  const MdOutboxDecision restoration = { .state = MD_INTAKE_RECEIVED };
  g_autoptr (MdOutboxIntake) letter = submitted (f);
  g_autoptr (MdOutboxIntake) next = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (decide (f, letter->id, 2, &refusal, &error));
  deliver_all (f);
  g_assert_cmpuint (n_listed (f), ==, 1);
  md_test_clock_advance_us (f->clock, (WEEK_MS - 1) * 1000);
  next = fixture_reserve (f);
  container = md_outbox_get_container (f->outbox, letter->id, &error);
  g_assert_no_error (error);
  if (restored)
    g_assert_true (decide (f, letter->id, 3, &restoration, &error));
  g_clear_pointer (&next, md_outbox_intake_free);
  g_clear_pointer (&container, g_bytes_unref);
  md_test_clock_advance_us (f->clock, 1000);
  next = fixture_reserve (f);
  container = md_outbox_get_container (f->outbox, letter->id, &error);
  g_assert_cmpuint (n_listed (f), ==, 0);
  if (restored)
    g_assert_no_error (error);
  else
    g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_ERASED);
  if (!restored)
    g_assert_false (decide (f, letter->id, 3, &restoration, NULL));
}

/* What is refused and not to be kept goes as ever. */
static void
test_not_kept (Fixture *f, gconstpointer data)
{
  const MdOutboxDecision restoration = { .state = MD_INTAKE_RECEIVED };
  g_autoptr (MdOutboxIntake) intake = submitted (f);
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_REJECTED, &error));
  deliver_all (f);
  g_assert_cmpuint (n_listed (f), ==, 0);
  g_assert_false (decide (f, intake->id, 3, &restoration, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
}

static MdOutboxLetter
changed_of (const MdOutboxIntake *letter, char *decision)
{
  MdOutboxLetter changed = allowed;

  changed.intake = letter->id;
  changed.decision_sha256 = decision;
  return changed;
}

/* A change takes the place of what holds, once; and the letter keeps its number. */
static void
test_changed (Fixture *f, gconstpointer data)
{
  static char second[] = "ee", third[] = "ff", later_day[] = "2028-03-31";
  const MdOutboxDecision approval = { .state = MD_INTAKE_APPROVED, .letter = &allowed };
  g_autoptr (MdOutboxIntake) letter = submitted (f);
  g_autoptr (MdOutboxIntake) change = submitted (f);
  g_autoptr (MdOutboxIntake) late = submitted (f);
  MdOutboxLetter after = changed_of (letter, second);
  MdOutboxDecision act = { .state = MD_INTAKE_APPROVED, .letter = &after, .amends = "dd" };
  g_autoptr (MdOutboxLetter) now = NULL;
  g_autoptr (MdOutboxLetter) ended = NULL;
  g_autoptr (GError) error = NULL;

  after.to = later_day;
  g_assert_true (decide (f, letter->id, 2, &approval, &error));
  g_assert_true (decide (f, change->id, 2, &act, &error));
  g_assert_no_error (error);
  now = md_outbox_find_letter (f->outbox, letter->receipt_number, &error);
  g_assert_cmpstr (now->decision_sha256, ==, "ee");
  g_assert_cmpstr (now->to, ==, "2028-03-31");
  g_assert_false (now->ended);
  after.decision_sha256 = third;
  after.ended = TRUE;
  g_assert_false (decide (f, late->id, 2, &act, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  act.amends = "ee";
  g_assert_true (decide (f, late->id, 2, &act, &error));
  ended = md_outbox_get_letter (f->outbox, letter->id, &error);
  g_assert_true (ended->ended);
}

/* What the gateway told of another terminal's letter: found by its intake, told anew each time, and
 * gone when it is long over. */
static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  static char intake[] = "0198c0de-0000-7000-8000-000000000001", number[] = "009-000001-3",
              time[] = "2026-11-22T05:00:00.123Z";
  g_autoptr (MdOutboxIntake) own = fixture_reserve (f);
  MdOutboxLetter told = allowed;
  g_autoptr (MdOutboxLetter) first = NULL;
  g_autoptr (MdOutboxLetter) then = NULL;
  g_autoptr (GError) error = NULL;
  gboolean gave = FALSE;

  told.intake = intake;
  told.receipt_number = number;
  g_assert_true (md_outbox_keep_elsewhere (f->outbox, &told, &error));
  g_assert_null (md_outbox_find_letter (f->outbox, number, NULL));
  first = md_outbox_get_letter (f->outbox, intake, &error);
  g_assert_no_error (error);
  g_assert_true (first->elsewhere);
  g_assert_cmpstr (first->receipt_number, ==, number);
  g_assert_cmpstr (first->procedures[1], ==, lem);
  g_assert_null (first->given_back);
  told.given_back_at = time;
  told.ended = TRUE;
  g_assert_true (md_outbox_keep_elsewhere (f->outbox, &told, &error));
  then = md_outbox_get_letter (f->outbox, intake, &error);
  g_assert_cmpstr (then->given_back, ==, intake);
  g_assert_cmpstr (then->given_back_at, ==, time);
  g_assert_true (then->ended);
  g_assert_true (md_outbox_gave_number (f->outbox, own->receipt_number, &gave, NULL) && gave);
  g_assert_true (md_outbox_gave_number (f->outbox, number, &gave, NULL) && !gave);
  g_assert_true (md_outbox_forget_letters (f->outbox, "2027-04-01", &error));
  g_assert_null (md_outbox_get_letter (f->outbox, intake, NULL));
}

static char *
given_back_of (Fixture *f, const char *letter)
{
  g_autoptr (MdOutboxLetter) found = md_outbox_get_letter (f->outbox, letter, NULL);

  return g_strdup (found->given_back);
}

/* A notice about the letter, or about what changed it, and about nothing that was filed by it. */
static void
test_given_back (Fixture *f, gconstpointer data)
{
  static char second[] = "ee";
  const gboolean of_the_change = data != NULL;
  const MdAuditEntry entry = { .event = "delegation", .staff = "S0001" };
  const MdOutboxDecision approval = { .state = MD_INTAKE_APPROVED, .letter = &allowed };
  g_autoptr (MdOutboxIntake) letter = submitted (f);
  g_autoptr (MdOutboxIntake) change = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) filed = fixture_reserve (f);
  g_autoptr (GBytes) body = g_bytes_new_static ("signed", 6);
  MdOutboxLetter after = changed_of (letter, second);
  const MdOutboxDecision act = { .state = MD_INTAKE_APPROVED, .letter = &after, .amends = "dd" };
  MdOutboxNotice notice = { .number = 1, .body = body, .digest = "aa", .intake = filed->id };
  g_autofree char *before = NULL;
  g_autofree char *then = NULL;

  g_assert_true (decide (f, letter->id, 2, &approval, NULL));
  g_assert_true (md_outbox_cite (f->outbox, change->id, letter->id, &entry, NULL));
  g_assert_true (md_outbox_cite (f->outbox, filed->id, letter->id, &entry, NULL));
  g_assert_true (fixture_submit (f, filed->id, "by the letter", NULL));
  g_assert_true (fixture_decide (f, filed->id, MD_INTAKE_APPROVED, NULL));
  g_assert_true (fixture_submit (f, change->id, "its change", NULL));
  g_assert_true (decide (f, change->id, 2, &act, NULL));
  g_assert_true (md_outbox_keep_notice (f->outbox, &notice, &entry, NULL));
  before = given_back_of (f, letter->id);
  g_assert_null (before);
  notice.number = 2;
  notice.intake = of_the_change ? change->id : letter->id;
  g_assert_true (md_outbox_keep_notice (f->outbox, &notice, &entry, NULL));
  then = given_back_of (f, letter->id);
  g_assert_cmpstr (then, ==, notice.intake);
}

/* What was handed in by a letter before it was changed goes to the gateway before, or was refused
 * there. */
static void
test_change_waits (Fixture *f, gconstpointer data)
{
  static char second[] = "ee";
  const gboolean refused = data != NULL;
  const MdAuditEntry entry = { .event = "delegation", .staff = "S0001" };
  const MdOutboxDecision approval = { .state = MD_INTAKE_APPROVED, .letter = &allowed };
  g_autoptr (MdOutboxIntake) letter = submitted (f);
  g_autoptr (MdOutboxIntake) intake = NULL;
  g_autoptr (MdOutboxIntake) change = NULL;
  g_autoptr (MdOutboxItem) first = NULL;
  g_autoptr (MdOutboxItem) item = NULL;
  MdOutboxLetter after = changed_of (letter, second);
  const MdOutboxDecision act = { .state = MD_INTAKE_APPROVED, .letter = &after, .amends = "dd" };
  g_autoptr (GError) error = NULL;

  g_assert_true (decide (f, letter->id, 2, &approval, &error));
  deliver_all (f);
  intake = fixture_reserve (f);
  change = fixture_reserve (f);
  g_assert_true (md_outbox_cite (f->outbox, intake->id, letter->id, &entry, &error));
  g_assert_true (md_outbox_cite (f->outbox, change->id, letter->id, &entry, &error));
  g_assert_true (fixture_submit (f, intake->id, "by the letter", NULL));
  g_assert_true (fixture_submit (f, change->id, "its change", NULL));
  g_assert_true (decide (f, change->id, 2, &act, &error));
  first = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (first->intake, ==, intake->id);
  item = fixture_claim (f, MD_OUTBOX_FRESH); /* the change itself, which need not wait */
  g_assert_cmpstr (item->intake, ==, change->id);
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH)); /* its approval does */
  g_clear_pointer (&item, md_outbox_item_free);
  if (refused)
    g_assert_true (md_outbox_quarantine (f->outbox, first, "delegation", "why", &error));
  else
    g_assert_true (fixture_acknowledge (f, first, NULL, NULL));
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_nonnull (item);
  g_assert_cmpstr (item->intake, ==, change->id);
  g_assert_cmpuint (item->n, ==, 2);
}

/* Long over it goes, with a record; and not while something is being taken in by it. */
static void
test_forgotten (Fixture *f, gconstpointer data)
{
  const MdOutboxDecision approval = { .state = MD_INTAKE_APPROVED, .letter = &allowed };
  const MdAuditEntry entry = { .event = "delegation", .staff = "S0001" };
  g_autoptr (MdOutboxIntake) letter = submitted (f);
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (MdOutboxLetter) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (decide (f, letter->id, 2, &approval, &error));
  g_assert_true (md_outbox_cite (f->outbox, intake->id, letter->id, &entry, &error));
  g_assert_true (md_outbox_forget_letters (f->outbox, "2099-01-01", &error));
  g_assert_true (md_outbox_cite (f->outbox, intake->id, NULL, &entry, &error));
  g_assert_true (md_outbox_forget_letters (f->outbox, last_day, &error));
  found = md_outbox_get_letter (f->outbox, letter->id, &error);
  g_assert_nonnull (found);
  g_assert_true (md_outbox_forget_letters (f->outbox, "2027-04-01", &error));
  g_assert_null (md_outbox_get_letter (f->outbox, letter->id, NULL));
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase'"
                                   " AND detail = 'kind=letter count=1 what=letter'"),
                   ==, 1);
}

#define ADD(name, data, function)                                                                  \
  g_test_add ("/outbox/letter/" name, Fixture, data, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("accepted", NULL, test_accepted);
  ADD ("cited", NULL, test_cited);
  ADD ("refused", NULL, test_refused);
  ADD ("refused-and-restored", "restored", test_refused);
  ADD ("not-kept", NULL, test_not_kept);
  ADD ("changed", NULL, test_changed);
  ADD ("elsewhere", NULL, test_elsewhere);
  ADD ("given-back", NULL, test_given_back);
  ADD ("change-given-back", "change", test_given_back);
  ADD ("change-waits", NULL, test_change_waits);
  ADD ("change-after-a-refusal", "refused", test_change_waits);
  ADD ("forgotten", NULL, test_forgotten);
  return g_test_run ();
}
