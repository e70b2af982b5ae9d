// SPDX-License-Identifier: Apache-2.0
#include "mishap-words.h"

#include <string.h>

// What ISO/IEC 7816-4 gives a meaning of its own, and what such cards were seen to answer.
static const guint16 named[] = {
  0x9000, 0x6100, 0x6110, 0x61ff, 0x6281, 0x6282, 0x6283, 0x6284, 0x6285, 0x6286, 0x6287, 0x6300,
  0x6381, 0x63c0, 0x63c1, 0x63c2, 0x63c3, 0x63c4, 0x63c5, 0x63c9, 0x63ca, 0x63cf, 0x6400, 0x6401,
  0x6500, 0x6581, 0x6600, 0x66f1, 0x6700, 0x6881, 0x6882, 0x6883, 0x6884, 0x6981, 0x6982, 0x6983,
  0x6984, 0x6985, 0x6986, 0x6987, 0x6988, 0x69fc, 0x6a80, 0x6a81, 0x6a82, 0x6a83, 0x6a84, 0x6a85,
  0x6a86, 0x6a87, 0x6a88, 0x6a89, 0x6a8a, 0x6b00, 0x6c00, 0x6c10, 0x6cff, 0x6d00, 0x6e00, 0x6f00,
};

// Words that no standard knows.
static const guint16 strange[] = { 0x0000, 0x0001, 0x3f00, 0x5a5a, 0x8000, 0xa000, 0xff00, 0xffff };

static const guint8 second_bytes[] = { 0x00, 0x01, 0x02, 0x7f, 0x80, 0xff };

static const guint16 few_words[] = { 0x9000, 0x6110, 0x6282, 0x6283, 0x6300, 0x63c0, 0x63c2, 0x6400,
                                     0x6581, 0x6700, 0x6881, 0x6982, 0x6983, 0x6984, 0x6986, 0x6a80,
                                     0x6a82, 0x6b00, 0x6c10, 0x6d00, 0x6f00, 0x9001, 0xffff };

static int
compare (gconstpointer a, gconstpointer b)
{
  const guint16 *one = a;
  const guint16 *other = b;
  return (int)*one - (int)*other;
}

static GArray *
sorted_once (GArray *words)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_array_sort (words, compare);
  for (guint i = 0; i < words->len; i++)
    if (i == 0 || g_array_index (words, guint16, i) != g_array_index (words, guint16, i - 1))
      g_array_append_val (result, g_array_index (words, guint16, i));
  return result;
}

GArray *
mishap_words (gboolean few)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (guint16));
  if (few)
    {
      g_array_append_vals (words, few_words, G_N_ELEMENTS (few_words));
      return sorted_once (words);
    }
  g_array_append_vals (words, named, G_N_ELEMENTS (named));
  g_array_append_vals (words, strange, G_N_ELEMENTS (strange));
  for (guint first = 0x60; first <= 0x9f; first = first == 0x6f ? 0x90 : first + 1)
    for (gsize i = 0; i < G_N_ELEMENTS (second_bytes); i++)
      {
        guint16 word = (guint16)(first << 8 | second_bytes[i]);
        g_array_append_val (words, word);
      }
  return sorted_once (words);
}

// The first row that fits counts.
static const struct
{
  guint16 from;
  guint16 to;
  WordKind kind;
} meanings[] = {
  { 0x9000, 0x9000, WORD_OK },        { 0x6100, 0x61ff, WORD_MORE },
  { 0x6c00, 0x6cff, WORD_AGAIN },     { 0x6282, 0x6282, WORD_END },
  { 0x63c0, 0x63c0, WORD_LOCKED },    { 0x63c1, 0x63cf, WORD_TRIES },
  { 0x6300, 0x6300, WORD_NO_COUNT },  { 0x6983, 0x6984, WORD_LOCKED },
  { 0x6982, 0x6982, WORD_PIN_FIRST }, { 0x6a82, 0x6a83, WORD_ABSENT },
  { 0x6a88, 0x6a88, WORD_ABSENT },    { 0x6800, 0x68ff, WORD_REFUSED },
  { 0x6a00, 0x6aff, WORD_REFUSED },   { 0x6d00, 0x6eff, WORD_REFUSED },
  { 0x6400, 0x66ff, WORD_FAULT },     { 0x6f00, 0x6fff, WORD_FAULT },
};

WordKind
mishap_word_kind (guint word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (word >= meanings[i].from && word <= meanings[i].to)
      return meanings[i].kind;
  return WORD_ODD;
}

const char *
mishap_words_promise (const char *words, guint right, guint wrong, gboolean may)
{
  if (wrong > 0 && strstr (words, "does not count as a wrong PIN") != NULL)
    return "it promises that no try was used";
  if (right + wrong == 0 && !may && strstr (words, "counts as one wrong entry") != NULL)
    return "it fears for a try, and no PIN was sent";
  return NULL;
}
