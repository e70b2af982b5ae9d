// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-match-private.h"

#include <glib/gi18n.h>

static const struct
{
  const char *word;
  const char *sentence; // with two characters of the person's where they are known
  const char *general;  // without
} reasons[MD_N_MATCH_REASONS] = {
  [MD_MATCH_REASON_WIDTH] = { "width", NULL, N_ ("Full and half width differ.") },
  [MD_MATCH_REASON_COMPOSITION]
  = { "composition", NULL, N_ ("A sound mark stands as a character of its own.") },
  [MD_MATCH_REASON_SPACE] = { "space", NULL, N_ ("Blanks stand differently.") },
  [MD_MATCH_REASON_DASH] = { "dash", NULL, N_ ("Another kind of dash or long mark is used.") },
  [MD_MATCH_REASON_CASE] = { "letter-case", NULL, N_ ("Capital and small letters differ.") },
  [MD_MATCH_REASON_LATIN_MARK]
  = { "latin-mark", NULL, N_ ("Accents, apostrophes or hyphens of the Latin name differ.") },
  [MD_MATCH_REASON_LATIN_ORDER]
  = { "latin-order", NULL, N_ ("The parts of the Latin name stand in another order.") },
  [MD_MATCH_REASON_SMALL_KANA] = { "small-kana", NULL, N_ ("Small and large kana differ.") },
  [MD_MATCH_REASON_KANA_KIND] = { "kana-kind", NULL, N_ ("Hiragana and katakana differ.") },
  [MD_MATCH_REASON_SELECTOR]
  = { "variation-selector", NULL,
      N_ ("One side gives the exact form of a character (IVS), the other does not.") },
  [MD_MATCH_REASON_VARIANT]
  = { "old-form-character", N_ ("“%s” and “%s” are two forms of one character."),
      N_ ("Two forms of one character are used.") },
  [MD_MATCH_REASON_SUBSTITUTE]
  = { "substitute-character",
      N_ ("“%s” stands in place of “%s”: a substitute for a character that could not be written."),
      N_ ("One side carries a substitute for a character that could not be written.") },
  [MD_MATCH_REASON_NUMERAL] = { "kanji-numeral", NULL, N_ ("Kanji numerals and digits differ.") },
  [MD_MATCH_REASON_BLOCK]
  = { "block-number", NULL,
      N_ ("The numbers are written once with 丁目, 番, 号, once with dashes.") },
  [MD_MATCH_REASON_OAZA] = { "oaza", NULL, N_ ("“大字” or “字” is left out on one side.") },
  [MD_MATCH_REASON_PREFECTURE]
  = { "prefecture-left-out", NULL, N_ ("The prefecture is left out on one side.") },
  [MD_MATCH_REASON_NO_BUILDING]
  = { "building-left-out", NULL, N_ ("The building is left out on one side.") },
  [MD_MATCH_REASON_FORMER_NAME]
  = { "former-name", NULL,
      N_ ("A former surname (旧氏) stands beside or in place of the surname.") },
  [MD_MATCH_REASON_ALIAS]
  = { "alias", NULL, N_ ("A registered alias (通称) stands beside or in place of the name.") },
  [MD_MATCH_REASON_ERA]
  = { "era", NULL, N_ ("The same day, once by era and once by western year.") },
  [MD_MATCH_REASON_SEX_CODE]
  = { "sex-code", NULL, N_ ("Two codes that say the same: not stated.") },
  [MD_MATCH_REASON_ITERATION_MARK]
  = { "iteration-mark", NULL, N_ ("Only the repetition mark (々) differs.") },
  [MD_MATCH_REASON_NAME_SPLIT]
  = { "name-split", NULL, N_ ("Surname and given name part at another place.") },
  [MD_MATCH_REASON_CHARACTER]
  = { "character", N_ ("“%s” here, “%s” there."), N_ ("A character differs.") },
  [MD_MATCH_REASON_NUMBERS] = { "numbers", NULL, N_ ("The block or house number differs.") },
  [MD_MATCH_REASON_BUILDING] = { "building", NULL, N_ ("The building or room differs.") },
  [MD_MATCH_REASON_YEAR] = { "year", NULL, N_ ("The year differs.") },
  [MD_MATCH_REASON_MONTH] = { "month", NULL, N_ ("The month differs.") },
  [MD_MATCH_REASON_DAY] = { "day", NULL, N_ ("The day differs.") },
  [MD_MATCH_REASON_DATE_IN_PART]
  = { "date-in-part", NULL, N_ ("One side does not know the month or the day.") },
  [MD_MATCH_REASON_UNREADABLE]
  = { "unreadable", NULL, N_ ("One side cannot be read as what it should be.") },
};

const char *
md_match_reason_to_string (MdMatchReason reason)
{
  g_return_val_if_fail (reason < MD_N_MATCH_REASONS, "");
  return reasons[reason].word;
}

const char *
md_match_to_string (MdMatch match)
{
  static const char *const words[] = {
    [MD_MATCH_SAME] = "same",
    [MD_MATCH_SAME_FORM] = "same-form",
    [MD_MATCH_DIFFERENT] = "different",
    [MD_MATCH_MISSING] = "missing",
  };

  g_return_val_if_fail ((guint)match < G_N_ELEMENTS (words), "");
  return words[match];
}

char *
md_match_verdict_dup_reasons (const MdMatchVerdict *self)
{
  GString *text = g_string_new (NULL);
  MdMatchReason last = MD_N_MATCH_REASONS;

  g_return_val_if_fail (self != NULL, g_string_free (text, FALSE));
  for (guint i = 0; i < self->details->len; i++)
    {
      const MdMatchReason reason = g_array_index (self->details, MdMatchDetail, i).reason;

      if (reason != last)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", reasons[reason].word);
      last = reason;
    }
  return g_string_free (text, FALSE);
}

// A translated sentence with the two characters in their places; the format comes from the table.
static void
append_sentence (GString *text, const MdMatchDetail *detail, gboolean shows_characters)
{
  const char *sentence
      = shows_characters && detail->from != 0 ? reasons[detail->reason].sentence : NULL;
  const char *place;
  const gunichar characters[] = { detail->from, detail->to };

  if (sentence == NULL && g_strstr_len (text->str, -1, _ (reasons[detail->reason].general)))
    return; /* said already, of another character */
  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (sentence == NULL)
    {
      g_string_append (text, _ (reasons[detail->reason].general));
      return;
    }
  sentence = _ (sentence);
  for (guint i = 0; i < G_N_ELEMENTS (characters); i++)
    {
      place = g_strstr_len (sentence, -1, "%s");
      if (place == NULL)
        break;
      g_string_append_len (text, sentence, place - sentence);
      g_string_append_unichar (text, characters[i]);
      sentence = place + 2;
    }
  g_string_append (text, sentence);
}

char *
md_match_verdict_dup_words (const MdMatchVerdict *self, gboolean shows_characters)
{
  g_return_val_if_fail (self != NULL, NULL);
  if (self->details->len == 0)
    return NULL;
  GString *text = g_string_sized_new (4096); /* eight sentences: it never grows */

  for (guint i = 0; i < self->details->len; i++)
    append_sentence (text, &g_array_index (self->details, MdMatchDetail, i), shows_characters);
  return g_string_free (text, FALSE);
}
