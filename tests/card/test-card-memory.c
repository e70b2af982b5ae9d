// SPDX-License-Identifier: Apache-2.0
#include <memory-scan.h>

#include <md-card.h>
#include <string.h>

#define HERE "reader#1"
#define LATER "reader#2" // the card was taken out and put in again
#define HOUR_US (3600 * (gint64)G_USEC_PER_SEC)

typedef struct
{
  MdCardMemory *memory;
  MdTestClock *clock;
  MdSecret *wrong, *other, *right;
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
  f->memory = md_card_memory_new ();
  f->clock = md_test_clock_new (0);
  md_card_memory_set_clock (f->memory, MD_CLOCK (f->clock));
  f->wrong = md_secret_new_from_text ("9999");
  f->other = md_secret_new_from_text ("8888");
  f->right = md_secret_new_from_text ("1234");
}

static void
teardown (Fixture *f, gconstpointer data)
{
  md_card_memory_unref (f->memory);
  g_object_unref (f->clock);
  md_secret_unref (f->wrong);
  md_secret_unref (f->other);
  md_secret_unref (f->right);
}

static MdPinUse
use_of (const MdSecret *secret, const char *place)
{
  return (MdPinUse){ .card = "card A", .place = place, .pin = MD_CARD_PIN_AUTH, .secret = secret };
}

static void
sent (Fixture *f, const MdSecret *secret, int tries)
{
  MdPinUse use = use_of (secret, HERE);
  md_card_memory_note_sent (f->memory, &use, tries);
}

static void
accepted (Fixture *f, const MdSecret *secret)
{
  MdPinUse use = use_of (secret, HERE);
  md_card_memory_note_accepted (f->memory, &use);
}

static gboolean
refused_at (Fixture *f, const MdSecret *secret, int tries, const char *place)
{
  MdPinUse use = use_of (secret, place);
  return md_card_memory_was_refused (f->memory, &use, tries);
}

static gboolean
refused (Fixture *f, const MdSecret *secret, int tries)
{
  return refused_at (f, secret, tries, HERE);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_assert_false (refused (f, f->wrong, 3));
  sent (f, f->wrong, 3);
  g_assert_true (refused (f, f->wrong, 2));
  g_assert_true (refused_at (f, f->wrong, 2, LATER));
  g_assert_false (refused (f, f->right, 2));
  MdPinUse elsewhere = use_of (f->wrong, HERE);
  elsewhere.card = "card B";
  g_assert_false (md_card_memory_was_refused (f->memory, &elsewhere, 2));
  MdPinUse text = use_of (f->wrong, HERE);
  text.pin = MD_CARD_PIN_TEXT;
  g_assert_false (md_card_memory_was_refused (f->memory, &text, 2));
  sent (f, f->other, 2);
  g_assert_true (refused (f, f->wrong, 1));
  g_assert_true (refused (f, f->other, 1));
}

// The answer was lost: the counter tells.
static void
test_lost_answer (Fixture *f, gconstpointer data)
{
  sent (f, f->wrong, 3);
  g_assert_false (refused (f, f->wrong, 3)); // it never came there, or was right
  sent (f, f->wrong, 3);
  g_assert_true (refused (f, f->wrong, 2));

  // What cannot have been wrong does not become it by another one that was.
  sent (f, f->right, 2);
  g_assert_false (refused (f, f->other, 2));
  sent (f, f->other, 2);
  g_assert_false (refused (f, f->right, 1));
}

// The counter went up by our own doing: what was wrong is wrong, until the card was away, where its
// PIN can be set to anything.
static void
test_accepted (Fixture *f, gconstpointer data)
{
  sent (f, f->wrong, 3);
  g_assert_false (refused (f, f->right, 2));
  sent (f, f->right, 2);
  accepted (f, f->right);
  g_assert_true (refused (f, f->wrong, 3));
  g_assert_false (refused (f, f->right, 3));
  sent (f, f->other, 3);
  g_assert_true (refused_at (f, f->other, 2, LATER));  // refused after it: that stands
  g_assert_false (refused_at (f, f->wrong, 2, LATER)); // perhaps its PIN by now
}

// Locked here, set anew at another counter, perhaps to one of those that were wrong.
static void
test_set_anew (Fixture *f, gconstpointer data)
{
  sent (f, f->wrong, 3);
  g_assert_true (refused (f, f->wrong, 0));
  g_assert_false (refused (f, f->wrong, 3));
}

static void
told_refused (Fixture *f, const MdSecret *secret, int tries)
{
  MdPinUse use = use_of (secret, HERE);
  md_card_memory_note_refused (f->memory, &use, tries);
}

// What the card says about its counter may be a slip; the next time it counts again.
static void
test_refusal_with_a_count (Fixture *f, gconstpointer data)
{
  sent (f, f->wrong, 2); // it said 2, and had 3
  told_refused (f, f->wrong, 2);
  g_assert_true (refused (f, f->wrong, 2));
  sent (f, f->other, 2);
  told_refused (f, f->other, 0); // it said 0, and has 1
  g_assert_true (refused (f, f->other, 1));
  sent (f, f->right, 1);
  told_refused (f, f->right, MD_CARD_TRIES_UNKNOWN);
  g_assert_true (refused (f, f->right, 0));
  g_assert_false (refused (f, f->wrong, 3)); // unlocked elsewhere, all the same
}

// A card that does not tell its tries: no count releases what it refused; a long time does.
static void
test_uncounted (Fixture *f, gconstpointer data)
{
  sent (f, f->wrong, MD_CARD_TRIES_UNKNOWN);
  g_assert_true (refused (f, f->wrong, MD_CARD_TRIES_UNKNOWN));
  g_assert_true (refused_at (f, f->wrong, MD_CARD_TRIES_UNKNOWN, LATER));
  md_test_clock_advance_us (f->clock, 11 * HOUR_US);
  g_assert_true (refused_at (f, f->wrong, MD_CARD_TRIES_UNKNOWN, LATER));
  md_test_clock_advance_us (f->clock, 2 * HOUR_US);
  g_assert_false (refused_at (f, f->wrong, MD_CARD_TRIES_UNKNOWN, LATER));

  // With a counter, the time does not matter.
  sent (f, f->wrong, 3);
  md_test_clock_advance_us (f->clock, 50 * HOUR_US);
  g_assert_true (refused (f, f->wrong, 2));
}

static void
test_known_without_asking (Fixture *f, gconstpointer data)
{
  int tries = 7;
  MdPinUse use = use_of (f->wrong, HERE);
  MdPinUse other = use_of (f->other, HERE);
  g_assert_false (md_card_memory_knows (f->memory, &use, &tries));
  md_card_memory_note_refused (f->memory, &use, 2);
  g_assert_false (md_card_memory_knows (f->memory, &other, &tries));
  g_assert_cmpint (tries, ==, 7);
  g_assert_true (md_card_memory_knows (f->memory, &use, &tries));
  g_assert_cmpint (tries, ==, 2);
}

// What was refused is known again, and stands nowhere.
static void
test_no_pin_is_kept (Fixture *f, gconstpointer data)
{
  static const char password[] = "QX7ZVEKT4MRW9HBD";
  MdSecret *secret = md_secret_new_from_text (password);
  MdPinUse use = use_of (secret, HERE);
  md_card_memory_note_sent (f->memory, &use, 5);
  g_assert_cmpuint (memory_scan (password), ==, 1); // the secret itself
  md_secret_unref (secret);
  memory_assert_without (password);
  g_autoptr (MdSecret) again = md_secret_new_from_text (password);
  g_assert_true (refused (f, again, 4));
}

static void
test_keypads (Fixture *f, gconstpointer data)
{
  g_assert_true (md_card_memory_trusts_pad (f->memory, "R"));
  md_card_memory_distrust_pad (f->memory, "R");
  g_assert_false (md_card_memory_trusts_pad (f->memory, "R"));
  g_assert_true (md_card_memory_trusts_pad (f->memory, "S"));
  md_card_memory_forget_reader (f->memory, "R");
  g_assert_true (md_card_memory_trusts_pad (f->memory, "R"));
}

static gboolean
refused_in_place (Fixture *f)
{
  MdPinUse use = use_of (f->wrong, HERE);
  use.card = HERE;
  return md_card_memory_was_refused (f->memory, &use, 2);
}

// A reader that is plugged in again counts from the start: the next person's card may have the name
// of the place where the last one lay.
static void
test_reader_unplugged (Fixture *f, gconstpointer data)
{
  MdPinUse in_place = use_of (f->wrong, HERE);
  in_place.card = HERE;
  md_card_memory_note_refused (f->memory, &in_place, 2);
  sent (f, f->wrong, 3);
  md_card_memory_forget_reader (f->memory, "read");
  md_card_memory_forget_reader (f->memory, "reader#1");
  g_assert_true (refused_in_place (f));

  md_card_memory_forget_reader (f->memory, "reader");
  g_assert_false (refused_in_place (f));
  g_assert_true (refused (f, f->wrong, 2)); // of the card itself nothing is forgotten

  accepted (f, f->right);
  g_assert_true (refused (f, f->wrong, 3)); // as long as it lies there
  md_card_memory_forget_reader (f->memory, "reader");
  g_assert_false (refused (f, f->wrong, 3));
}

// A card of which nothing but its place is known, which has TRIES left, and whether it may have
// refused WRONG.
static MdPinUse
nameless_at (Fixture *f, const char *place)
{
  MdPinUse use = use_of (f->wrong, place);
  use.card = place;
  use.nameless = TRUE;
  return use;
}

static gboolean
may_have_refused (Fixture *f, const char *place, int tries)
{
  const MdPinUse use = nameless_at (f, place);
  return md_card_memory_may_have_refused (f->memory, &use, tries);
}

// Lifted and put back, or with the service started anew in between: what has no name may be the
// card that never answered, unless its counter says that it is another.
static void
test_nameless (Fixture *f, gconstpointer data)
{
  const MdPinUse here = nameless_at (f, HERE);
  md_card_memory_note_sent (f->memory, &here, 3);
  g_assert_false (may_have_refused (f, HERE, 2)); // it lies there still: was_refused() knows
  g_assert_true (md_card_memory_was_refused (f->memory, &here, 2));
  g_assert_true (may_have_refused (f, LATER, 2));
  g_assert_true (may_have_refused (f, LATER, MD_CARD_TRIES_UNKNOWN));
  g_assert_false (may_have_refused (f, LATER, 3));

  md_card_memory_forget_reader (f->memory, "reader");
  g_assert_false (md_card_memory_was_refused (f->memory, &here, 2));
  g_assert_true (may_have_refused (f, HERE, 2));
  MdPinUse other = nameless_at (f, LATER);
  other.secret = f->other;
  g_assert_false (md_card_memory_may_have_refused (f->memory, &other, 2));
  other = nameless_at (f, LATER);
  other.pin = MD_CARD_PIN_TEXT;
  g_assert_false (md_card_memory_may_have_refused (f->memory, &other, 2));

  md_test_clock_advance_us (f->clock, 13 * HOUR_US);
  g_assert_false (may_have_refused (f, LATER, 2));
}

// One that could not be known by its certificate then may be known by it now, and the other way.
static void
test_nameless_once (Fixture *f, gconstpointer data)
{
  MdPinUse known = use_of (f->wrong, LATER);
  sent (f, f->wrong, 3);
  g_assert_true (may_have_refused (f, LATER, 2));
  known.card = "card B"; // and this one is nobody else's
  g_assert_false (md_card_memory_may_have_refused (f->memory, &known, 2));

  const MdPinUse nameless = nameless_at (f, HERE);
  md_card_memory_note_refused (f->memory, &nameless, 2);
  g_assert_true (md_card_memory_may_have_refused (f->memory, &known, 2));
  g_assert_false (md_card_memory_may_have_refused (f->memory, &known, 3));
  md_card_memory_note_accepted (f->memory, &nameless); // it was right after all
  g_assert_false (md_card_memory_may_have_refused (f->memory, &known, 2));
}

// A PIN was accepted after it, and the card taken away: its PIN may be any by now.
static void
test_nameless_accepted (Fixture *f, gconstpointer data)
{
  MdPinUse use = nameless_at (f, HERE);
  md_card_memory_note_refused (f->memory, &use, 2);
  use.secret = f->right;
  md_card_memory_note_accepted (f->memory, &use);
  g_assert_false (may_have_refused (f, LATER, 2));
}

// A name is the memory's own: what stands on the card is not in it, nor does another program's
// memory give the same.
static void
test_names (Fixture *f, gconstpointer data)
{
  static const guint8 serial[] = "400000012719843";
  g_autoptr (MdCardMemory) elsewhere = md_card_memory_new ();
  g_autofree char *name = md_card_memory_name (f->memory, "serial", serial, 15);
  g_autofree char *again = md_card_memory_name (f->memory, "serial", serial, 15);
  g_autofree char *other = md_card_memory_name (f->memory, "serial", serial, 14);
  g_autofree char *of_another_file = md_card_memory_name (f->memory, "number", serial, 15);
  g_autofree char *foreign = md_card_memory_name (elsewhere, "serial", serial, 15);
  g_assert_cmpuint (strlen (name), ==, 64);
  g_assert_cmpstr (name, ==, again);
  g_assert_cmpstr (name, !=, other);
  g_assert_cmpstr (name, !=, of_another_file);
  g_assert_cmpstr (name, !=, foreign);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/card/card-memory/" name, Fixture, NULL, setup, func, teardown)
  ADD ("refused", test_refused);
  ADD ("lost-answer", test_lost_answer);
  ADD ("accepted", test_accepted);
  ADD ("set-anew", test_set_anew);
  ADD ("refusal-with-a-count", test_refusal_with_a_count);
  ADD ("uncounted", test_uncounted);
  ADD ("known-without-asking", test_known_without_asking);
  ADD ("no-pin-is-kept", test_no_pin_is_kept);
  ADD ("keypads", test_keypads);
  ADD ("reader-unplugged", test_reader_unplugged);
  ADD ("nameless", test_nameless);
  ADD ("nameless-once", test_nameless_once);
  ADD ("nameless-accepted", test_nameless_accepted);
  ADD ("names", test_names);
#undef ADD
  return g_test_run ();
}
