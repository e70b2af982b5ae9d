// SPDX-License-Identifier: Apache-2.0
#include "mishap-kinds.h"

#include "mishap-steps.h"
#include "mishap-words.h"

// What a reader and its service may say in the middle of a conversation.
static const MdCardError failures[] = {
  MD_CARD_ERROR_REMOVED,   MD_CARD_ERROR_TIMEOUT,    MD_CARD_ERROR_MUTE,
  MD_CARD_ERROR_NO_READER, MD_CARD_ERROR_NO_SERVICE, MD_CARD_ERROR_FAILED,
};

static const MdCardError connect_failures[] = {
  MD_CARD_ERROR_NO_SERVICE, MD_CARD_ERROR_NO_PERMISSION, MD_CARD_ERROR_NO_READER,
  MD_CARD_ERROR_NO_CARD,    MD_CARD_ERROR_REMOVED,       MD_CARD_ERROR_MUTE,
  MD_CARD_ERROR_BUSY,       MD_CARD_ERROR_TIMEOUT,       MD_CARD_ERROR_FAILED,
};

static void
add (GArray *list, MishapKind kind, guint value)
{
  Mishap mishap = { .kind = kind, .value = value };
  g_array_append_val (list, mishap);
}

GArray *
mishap_list_connect (const Row *row)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Mishap));
  for (gsize i = 0; row->opening->cells == CELLS_ALL && i < G_N_ELEMENTS (connect_failures); i++)
    add (list, MISHAP_CONNECT, connect_failures[i]);
  return list;
}

// The rows of wrong and locked PINs go the same way as the others but for the commands that are
// about the PIN: they are tried in full there alone.
static gboolean
is_about_row (const Row *row, const Step *step)
{
  gboolean plain = !row->temper->wrong && row->temper->tries < 0;
  return plain || step->verb == STEP_ASK_TRIES || mishap_step_presents (step);
}

// Typed at a keypad, the conversation is the one by PIN, command by command, but for the keypad and
// for the two commands after it, by which a keypad is found out that sent nothing. And of the card
// of the next generation, signing alone is new.
static gboolean
is_new (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (row->opening->cells != CELLS_ALL)
    return row->opening->cells == CELLS_SIGN && step->verb == STEP_SIGN;
  gboolean is = row->opening->drive != DRIVE_PAD || step->verb == STEP_ASK_TRIES;
  for (guint i = index - MIN (index, 2); i <= index; i++)
    is |= ((const Step *)g_ptr_array_index (row->steps, i))->verb == STEP_ENTER;
  return is;
}

// The product goes the ways of the library's flows, and judges what comes of them: each command of
// it meets each kind of mishap, one word of each kind, and every third of the lengths that lie; all
// there are meet the same commands in the flows. With another PIN than the right one, words and
// spoiled data come at the commands about a PIN alone, as in the flows.
static gboolean
is_sampled (const Row *row)
{
  return row->opening->drive != DRIVE_FLOW;
}

// What a keypad says of the person before it, beside what every command meets.
static const guint16 pad_words[] = { 0x6401, 0x6402, 0x6403 };

static GArray *
words_for (const Step *step, gboolean few)
{
  GArray *words = mishap_words (few);
  if (step->verb == STEP_ENTER)
    g_array_append_vals (words, pad_words, G_N_ELEMENTS (pad_words));
  return words;
}

static void
add_words (GArray *list, const Row *row, const Step *step)
{
  gboolean piece = step->verb == STEP_READ && step->offset > 0; // as the one before it
  gboolean full = is_about_row (row, step);
  g_autoptr (GArray) words = words_for (step, piece || !full || is_sampled (row));
  g_autoptr (GArray) few = mishap_words (TRUE);
  // The card's first command is one that it must have seen; the others it may refuse to look at.
  for (guint i = 0; step->verb != STEP_WAKE && i < words->len; i++)
    add (list, MISHAP_WORD, g_array_index (words, guint16, i));
  gboolean selects = step->verb == STEP_SELECT_FILE || step->verb == STEP_SELECT_APPLICATION;
  if (step->verb == STEP_ASK_TRIES || !full || (selects && is_sampled (row)))
    return; // asking does nothing
  gboolean all = mishap_step_presents (step) || step->verb == STEP_WAKE;
  GArray *after = all ? words : few;
  for (guint i = 0; i < after->len; i++)
    if (g_array_index (after, guint16, i) != step->word)
      add (list, MISHAP_WORD_AFTER, g_array_index (after, guint16, i));
}

static void
add_lengths (GArray *list, const Step *step)
{
  gsize size = g_bytes_get_size (step->data);
  const gsize cuts[] = { 0, 1, 2, 3, 4, 5, 14, 15, 16, size / 2, size - 2, size - 1 };
  const guint growths[] = { 1, 2, 300, 1000 };
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    if (cuts[i] < size && (i == 0 || cuts[i] != cuts[i - 1]))
      add (list, MISHAP_CUT, (guint)cuts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (growths); i++)
    add (list, MISHAP_GROW, growths[i]);
  add (list, MISHAP_FRAGMENT, 0);
  add (list, MISHAP_FRAGMENT, 1);
}

static void
add_lies (GArray *list, const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  const guint8 *data = g_bytes_get_data (step->data, NULL);
  g_autoptr (GArray) positions = mishap_steps_lengths (row, index);
  for (guint i = 0; i < positions->len; i++)
    {
      gsize position = g_array_index (positions, gsize, i);
      const guint8 was = data[position];
      const guint8 values[] = {
        0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xff, (guint8)(was - 1), (guint8)(was + 1)
      };
      for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
        {
          Mishap mishap = { .kind = MISHAP_BYTE, .value = values[v], .position = position };
          if (values[v] != was && (!is_sampled (row) || v % 3 == 0))
            g_array_append_val (list, mishap);
        }
    }
}

// A signature that is the DER of two numbers: its lengths lie, it ends where the form could have
// ended (two numbers side by side), and the second number is another one.
static void
add_signature (GArray *list, const Step *step)
{
  static const gsize cuts[] = { 90, 95, 96, 97 };
  static const gsize lengths[] = { 1, 3 };
  const guint8 *data = g_bytes_get_data (step->data, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    add (list, MISHAP_CUT, (guint)cuts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      const guint8 was = data[lengths[i]];
      const guint8 values[]
          = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0xff, (guint8)(was - 1), (guint8)(was + 1) };
      for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
        {
          Mishap mishap = { .kind = MISHAP_BYTE, .value = values[v], .position = lengths[i] };
          if (values[v] != was)
            g_array_append_val (list, mishap);
        }
    }
  for (guint seed = 1; seed <= 3; seed++)
    {
      Mishap mishap = { .kind = MISHAP_NOISE, .value = seed, .position = MISHAP_SECOND_NUMBER };
      g_array_append_val (list, mishap);
    }
}

// What can happen to the card, to the reader, and to time.
static void
add_accidents (GArray *list, guint index)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      add (list, MISHAP_FAIL, failures[i]);
      add (list, MISHAP_FAIL_AFTER, failures[i]);
    }
  add (list, MISHAP_SWAP, 0);
  add (list, MISHAP_RESET, 0);
  if (index >= 2) // before that it is simply another card
    add (list, MISHAP_SLIP, 0);
  add (list, MISHAP_SLOW, 5);
  add (list, MISHAP_SLOW, 59);
  add (list, MISHAP_SLOW, 61);
  add (list, MISHAP_SLOW, 3600);
}

GArray *
mishap_list (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Mishap));
  if (!is_new (row, index))
    return list;
  add_accidents (list, index);
  if (is_sampled (row) && !is_about_row (row, step))
    return list;
  add_words (list, row, step);
  add_lengths (list, step);
  if (g_bytes_get_size (step->data) > 0)
    for (guint seed = 1; seed <= 3; seed++)
      add (list, MISHAP_NOISE, seed);
  if (step->verb == STEP_READ && is_about_row (row, step))
    add_lies (list, row, index);
  if (step->verb == STEP_SIGN && row->opening->ecdsa)
    add_signature (list, step);
  return list;
}

char *
mishap_name (const Mishap *mishap)
{
  static const struct
  {
    const char *name;
    const char *form; // of VALUE: "" none, "e" an error, "w" a word, "n" a number, "p" with
                      // POSITION, "m" whether
  } names[] = {
    [MISHAP_NONE] = { "nothing", "" },
    [MISHAP_CONNECT] = { "connect", "e" },
    [MISHAP_FAIL] = { "before", "e" },
    [MISHAP_FAIL_AFTER] = { "after", "e" },
    [MISHAP_SWAP] = { "swapped", "" },
    [MISHAP_SLIP] = { "swapped-unnoticed", "" },
    [MISHAP_RESET] = { "power-dip", "" },
    [MISHAP_WORD] = { "word", "w" },
    [MISHAP_WORD_AFTER] = { "word-after", "w" },
    [MISHAP_FRAGMENT] = { "bytes", "n" },
    [MISHAP_CUT] = { "cut", "n" },
    [MISHAP_GROW] = { "grown", "n" },
    [MISHAP_NOISE] = { "noise", "n" },
    [MISHAP_BYTE] = { "length", "p" },
    [MISHAP_SLOW] = { "slow", "n" },
    [MISHAP_MUTE] = { "mute", "m" },
  };
  const char *name = names[mishap->kind].name;
  switch (names[mishap->kind].form[0])
    {
    case 'e':
      return g_strdup_printf ("%s-%s", name, md_card_error_nick ((MdCardError)mishap->value));
    case 'w':
      return g_strdup_printf ("%s-%04x", name, mishap->value);
    case 'n':
      return mishap->position > 0
                 ? g_strdup_printf ("%s-%u-from-%u", name, mishap->value, (guint)mishap->position)
                 : g_strdup_printf ("%s-%u", name, mishap->value);
    case 'p':
      return g_strdup_printf ("%s-%u-%02x", name, (guint)mishap->position, mishap->value);
    case 'm':
      return g_strdup (mishap->value != 0 ? "mute-after" : "mute");
    default:
      return g_strdup (name);
    }
}
