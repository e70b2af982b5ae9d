// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>

#define CARD "card A"
#define PIN MD_CARD_PIN_AUTH

typedef struct
{
  MdCardMemory *memory;
  MdSecret *wrong, *other, *right;
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
  f->memory = md_card_memory_new ();
  f->wrong = md_secret_new_from_text ("9999");
  f->other = md_secret_new_from_text ("8888");
  f->right = md_secret_new_from_text ("1234");
}

static void
teardown (Fixture *f, gconstpointer data)
{
  md_card_memory_unref (f->memory);
  md_secret_unref (f->wrong);
  md_secret_unref (f->other);
  md_secret_unref (f->right);
}

static gboolean
refused (Fixture *f, const MdSecret *secret, int tries)
{
  return md_card_memory_was_refused (f->memory, CARD, PIN, secret, tries);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_assert_false (refused (f, f->wrong, 3));
  md_card_memory_note_sent (f->memory, CARD, PIN, f->wrong, 3);
  g_assert_true (refused (f, f->wrong, 2));
  g_assert_false (refused (f, f->right, 2));
  g_assert_false (md_card_memory_was_refused (f->memory, "card B", PIN, f->wrong, 2));
  g_assert_false (md_card_memory_was_refused (f->memory, CARD, MD_CARD_PIN_TEXT, f->wrong, 2));
  md_card_memory_note_sent (f->memory, CARD, PIN, f->other, 2);
  g_assert_true (refused (f, f->wrong, 1));
  g_assert_true (refused (f, f->other, 1));
}

// The answer was lost: the counter tells.
static void
test_lost_answer (Fixture *f, gconstpointer data)
{
  md_card_memory_note_sent (f->memory, CARD, PIN, f->wrong, 3);
  g_assert_false (refused (f, f->wrong, 3)); // it never came there, or was right
  md_card_memory_note_sent (f->memory, CARD, PIN, f->wrong, 3);
  g_assert_true (refused (f, f->wrong, 2));

  // What cannot have been wrong does not become it by another one that was.
  md_card_memory_note_sent (f->memory, CARD, PIN, f->right, 2);
  g_assert_false (refused (f, f->other, 2));
  md_card_memory_note_sent (f->memory, CARD, PIN, f->other, 2);
  g_assert_false (refused (f, f->right, 1));
}

static void
test_accepted (Fixture *f, gconstpointer data)
{
  md_card_memory_note_sent (f->memory, CARD, PIN, f->wrong, 3);
  g_assert_false (refused (f, f->right, 2));
  md_card_memory_note_sent (f->memory, CARD, PIN, f->right, 2);
  md_card_memory_note_accepted (f->memory, CARD, PIN, f->right);
  g_assert_true (refused (f, f->wrong, 3)); // the counter went up by our own doing
  g_assert_false (refused (f, f->right, 3));
}

// Locked here, set anew at another counter, perhaps to one of those that were wrong.
static void
test_set_anew (Fixture *f, gconstpointer data)
{
  md_card_memory_note_sent (f->memory, CARD, PIN, f->wrong, 3);
  g_assert_true (refused (f, f->wrong, 0));
  g_assert_false (refused (f, f->wrong, 3));
}

static void
test_unused (Fixture *f, gconstpointer data)
{
  md_card_memory_note_sent (f->memory, CARD, PIN, f->wrong, 3);
  md_card_memory_note_unused (f->memory, CARD, PIN, f->wrong);
  g_assert_false (refused (f, f->wrong, 2));
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/card/card-memory/" name, Fixture, NULL, setup, func, teardown)
  ADD ("refused", test_refused);
  ADD ("lost-answer", test_lost_answer);
  ADD ("accepted", test_accepted);
  ADD ("set-anew", test_set_anew);
  ADD ("unused", test_unused);
  ADD ("keypads", test_keypads);
#undef ADD
  return g_test_run ();
}
