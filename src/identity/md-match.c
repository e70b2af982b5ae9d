// SPDX-License-Identifier: Apache-2.0
// The verdict: all foldings that the item allows make two texts equal, or they are different; then
// the foldings that are not needed are taken away one after the other, and what stays is why.
#include "md-match-private.h"

#define BIT(name) MD_MATCH_BIT (MD_MATCH_REASON_##name)

static const MdMatchSet letters = BIT (WIDTH) | BIT (COMPOSITION) | BIT (SPACE) | BIT (DASH)
                                  | BIT (CASE) | BIT (SMALL_KANA) | BIT (SELECTOR) | BIT (VARIANT)
                                  | BIT (SUBSTITUTE);

/* What may differ, and what is looked for only to say why it is different. */
static const struct
{
  MdMatchSet more, explains;
} allowed[] = {
  [MD_MATCH_ITEM_NAME]
  = { BIT (LATIN_MARK) | BIT (LATIN_ORDER), BIT (KANA_KIND) | BIT (ITERATION_MARK) },
  [MD_MATCH_ITEM_KANA] = { BIT (KANA_KIND) | BIT (LATIN_MARK) | BIT (LATIN_ORDER), 0 },
  [MD_MATCH_ITEM_ADDRESS] = { BIT (KANA_KIND) | BIT (NUMERAL) | BIT (BLOCK) | BIT (OAZA)
                                  | BIT (PREFECTURE) | BIT (NO_BUILDING),
                              0 },
};

/* Taken away in this order, so that the plainest explanation stays. */
static const MdMatchReason order[] = {
  MD_MATCH_REASON_NO_BUILDING,    MD_MATCH_REASON_PREFECTURE, MD_MATCH_REASON_OAZA,
  MD_MATCH_REASON_ITERATION_MARK, MD_MATCH_REASON_BLOCK,      MD_MATCH_REASON_NUMERAL,
  MD_MATCH_REASON_LATIN_ORDER,    MD_MATCH_REASON_VARIANT,    MD_MATCH_REASON_SELECTOR,
  MD_MATCH_REASON_KANA_KIND,      MD_MATCH_REASON_SMALL_KANA, MD_MATCH_REASON_LATIN_MARK,
  MD_MATCH_REASON_CASE,           MD_MATCH_REASON_DASH,       MD_MATCH_REASON_SPACE,
  MD_MATCH_REASON_COMPOSITION,    MD_MATCH_REASON_SUBSTITUTE, MD_MATCH_REASON_WIDTH,
};

typedef struct
{
  MdMatchItem item;
  const MdMatchText *a, *b;
} Pair;

static void
copy (MdMatchText *to, const MdMatchText *from)
{
  _md_match_text_init (to, from->n);
  _md_match_text_push_all (to, from, 0, from->n);
}

static void
fold_pair (const Pair *pair, MdMatchSet set, MdMatchText *a, MdMatchText *b)
{
  const gboolean a_has = _md_match_prefecture_length (pair->a) > 0;
  const gboolean b_has = _md_match_prefecture_length (pair->b) > 0;

  copy (a, pair->a);
  copy (b, pair->b);
  _md_match_fold (a, pair->item, set, b_has);
  _md_match_fold (b, pair->item, set, a_has);
}

static gboolean
is_equal (const Pair *pair, MdMatchSet set)
{
  g_auto (MdMatchText) a;
  g_auto (MdMatchText) b;

  fold_pair (pair, set, &a, &b);
  return _md_match_text_equal (&a, a.n, &b, b.n)
         || ((set & BIT (NO_BUILDING)) && _md_match_equal_without_building (&a, &b));
}

static MdMatchSet
least_of (const Pair *pair, MdMatchSet set)
{
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const MdMatchSet less = set & ~MD_MATCH_BIT (order[i]);

      if (less != set && is_equal (pair, less))
        set = less;
    }
  return set;
}

/* --- the reasons --- */

MdMatchVerdict *
_md_match_verdict_new (MdMatch match)
{
  MdMatchVerdict *self = g_new0 (MdMatchVerdict, 1);

  self->match = match;
  self->details = g_array_sized_new (FALSE, FALSE, sizeof (MdMatchDetail), 8);
  return self;
}

void
_md_match_verdict_add (MdMatchVerdict *self, const MdMatchDetail *detail)
{
  const MdMatchDetail *details = (const MdMatchDetail *)(gconstpointer)self->details->data;

  for (guint i = 0; i < self->details->len; i++)
    if (details[i].reason == detail->reason && details[i].from == detail->from
        && details[i].to == detail->to)
      return;
  if (self->details->len < 8) /* never grows: nothing is left in an old block */
    g_array_append_val (self->details, *detail);
}

void
md_match_verdict_free (MdMatchVerdict *self)
{
  if (self == NULL)
    return;
  md_wipe (self->details->data, self->details->len * sizeof (MdMatchDetail));
  g_array_unref (self->details);
  g_free (self);
}

MdMatch
md_match_verdict_get_match (const MdMatchVerdict *self)
{
  g_return_val_if_fail (self != NULL, MD_MATCH_MISSING);
  return self->match;
}

gboolean
md_match_verdict_has_reason (const MdMatchVerdict *self, MdMatchReason reason)
{
  g_return_val_if_fail (self != NULL, FALSE);
  for (guint i = 0; i < self->details->len; i++)
    if (g_array_index (self->details, MdMatchDetail, i).reason == reason)
      return TRUE;
  return FALSE;
}

// The characters that REASON alone makes equal, where all else is made so. FALSE: they do not stand
// one against one.
static gboolean
add_characters (MdMatchVerdict *verdict, const Pair *pair, MdMatchSet rest, MdMatchReason reason)
{
  g_auto (MdMatchText) a;
  g_auto (MdMatchText) b;
  gboolean any = FALSE;

  fold_pair (pair, rest, &a, &b);
  for (guint i = 0; a.n == b.n && i < a.n; i++)
    if (a.cells[i].c != b.cells[i].c
        && (reason == MD_MATCH_REASON_SUBSTITUTE
            || (a.cells[i].c != MD_MATCH_ANY && b.cells[i].c != MD_MATCH_ANY)))
      {
        const gboolean of_b = b.cells[i].c == MD_MATCH_ANY;
        const MdMatchDetail detail = { .reason = reason,
                                       .from = of_b ? b.cells[i].was : a.cells[i].was,
                                       .to = of_b ? a.cells[i].was : b.cells[i].was,
                                       .at = (of_b ? b.cells[i].at : a.cells[i].at) + 1 };

        _md_match_verdict_add (verdict, &detail);
        any = TRUE;
      }
  return any;
}

static void
add_reasons (MdMatchVerdict *verdict, const Pair *pair, MdMatchSet set, MdMatchSet named)
{
  for (MdMatchReason reason = 0; reason < MD_N_MATCH_REASONS; reason++)
    {
      const MdMatchDetail plain = { .reason = reason };
      const gboolean characters
          = reason == MD_MATCH_REASON_VARIANT || reason == MD_MATCH_REASON_SUBSTITUTE;
      const MdMatchSet rest = reason == MD_MATCH_REASON_SUBSTITUTE ? set | BIT (SELECTOR)
                                                                   : set & ~MD_MATCH_BIT (reason);

      if (!(named & MD_MATCH_BIT (reason)))
        continue;
      if (!characters || !add_characters (verdict, pair, rest, reason))
        _md_match_verdict_add (verdict, &plain);
    }
}

/* --- equal, or not --- */

// Blanks may stand anywhere, but not between other characters of the name.
static gboolean
parts_elsewhere (const Pair *pair, MdMatchSet set)
{
  g_auto (MdMatchText) a;
  g_auto (MdMatchText) b;

  if (pair->item == MD_MATCH_ITEM_ADDRESS || !(set & BIT (SPACE)))
    return FALSE;
  fold_pair (pair, set & ~BIT (SPACE), &a, &b);
  return _md_match_names_part_elsewhere (&a, &b);
}

static MdMatchVerdict *
make_equal (const Pair *pair, MdMatchSet all, MdMatchSet beside)
{
  const MdMatchSet set = least_of (pair, all);
  MdMatchVerdict *verdict;

  if (parts_elsewhere (pair, set))
    {
      verdict = _md_match_verdict_new (MD_MATCH_DIFFERENT);
      add_reasons (verdict, pair, set, BIT (NAME_SPLIT));
      return verdict;
    }
  verdict = _md_match_verdict_new ((set | beside) == 0 ? MD_MATCH_SAME : MD_MATCH_SAME_FORM);
  add_reasons (verdict, pair, set, set | beside);
  return verdict;
}

// Towns, then numbers, then buildings.
static MdMatchReason
part_of_address (const MdMatchText *a, const MdMatchText *b)
{
  guint start_a, end_a, start_b, end_b;

  _md_match_find_numbers (a, &start_a, &end_a);
  _md_match_find_numbers (b, &start_b, &end_b);
  if (start_a == a->n || start_b == b->n || !_md_match_text_equal (a, start_a, b, start_b))
    return MD_N_MATCH_REASONS;
  return _md_match_text_equal (a, end_a, b, end_b) ? MD_MATCH_REASON_BUILDING
                                                   : MD_MATCH_REASON_NUMBERS;
}

static guint
count_differences (const MdMatchText *a, const MdMatchText *b)
{
  guint n = 0;

  for (guint i = 0; i < MIN (a->n, b->n); i++)
    n += a->cells[i].c != b->cells[i].c && a->cells[i].c != MD_MATCH_ANY
         && b->cells[i].c != MD_MATCH_ANY;
  return a->n == b->n ? n : G_MAXUINT;
}

static MdMatchVerdict *
make_different (const Pair *pair, MdMatchSet all)
{
  MdMatchVerdict *verdict = _md_match_verdict_new (MD_MATCH_DIFFERENT);
  const MdMatchSet explained = all | allowed[pair->item].explains;
  MdMatchReason part = MD_N_MATCH_REASONS;
  g_auto (MdMatchText) a;
  g_auto (MdMatchText) b;

  fold_pair (pair, all, &a, &b);
  if (explained != all && is_equal (pair, explained))
    {
      add_reasons (verdict, pair, explained,
                   least_of (pair, explained) & allowed[pair->item].explains);
      return verdict;
    }
  if (pair->item == MD_MATCH_ITEM_ADDRESS)
    part = part_of_address (&a, &b);
  if (part < MD_N_MATCH_REASONS)
    add_reasons (verdict, pair, all, MD_MATCH_BIT (part));
  else if (count_differences (&a, &b) <= 2)
    (void)add_characters (verdict, pair, all, MD_MATCH_REASON_CHARACTER);
  return verdict;
}

// Nothing but substitutes says nothing.
static gboolean
says_nothing (const MdMatchText *text, MdMatchItem item)
{
  g_auto (MdMatchText) folded;

  copy (&folded, text);
  _md_match_fold (&folded, item, BIT (SUBSTITUTE) | BIT (SELECTOR) | BIT (SPACE), TRUE);
  for (guint i = 0; i < folded.n; i++)
    if (folded.cells[i].c != MD_MATCH_ANY)
      return FALSE;
  return TRUE;
}

// NULL when no two readings are equal by the foldings of SET.
static MdMatchVerdict *
match_readings (MdMatchItem item, MdMatchReading *of_a, guint n_a, MdMatchReading *of_b, guint n_b,
                MdMatchSet set)
{
  for (guint i = 0; i < n_a; i++)
    for (guint k = 0; k < n_b; k++)
      {
        const Pair pair = { item, &of_a[i].text, &of_b[k].text };

        if (is_equal (&pair, set))
          return make_equal (&pair, set, of_a[i].reason | of_b[k].reason);
      }
  return NULL;
}

static guint
read_as_written (const MdMatchText *text, MdMatchReading *out_readings)
{
  copy (&out_readings[0].text, text);
  out_readings[0].reason = 0;
  return 1;
}

static MdMatchVerdict *
match_texts (MdMatchItem item, const MdMatchText *a, const MdMatchText *b)
{
  MdMatchReading of_a[MD_MATCH_READINGS] = { 0 }, of_b[MD_MATCH_READINGS] = { 0 };
  const MdMatchSet all = letters | allowed[item].more;
  const gboolean names = item == MD_MATCH_ITEM_NAME || item == MD_MATCH_ITEM_KANA;
  guint n_a, n_b;
  MdMatchVerdict *verdict;

  if (says_nothing (a, item) || says_nothing (b, item))
    {
      verdict = _md_match_verdict_new (MD_MATCH_MISSING);
      _md_match_verdict_add (verdict, &(MdMatchDetail){ .reason = MD_MATCH_REASON_UNREADABLE });
      return verdict;
    }
  n_a = names ? _md_match_name_readings (a, b, of_a) : read_as_written (a, of_a);
  n_b = names ? _md_match_name_readings (b, a, of_b) : read_as_written (b, of_b);
  verdict = match_readings (item, of_a, n_a, of_b, n_b, all);
  /* Where parts of a Latin name are written together, their order cannot be changed. */
  if (verdict == NULL && (all & BIT (LATIN_ORDER)))
    verdict = match_readings (item, of_a, n_a, of_b, n_b, all & ~BIT (LATIN_ORDER));
  if (verdict == NULL)
    verdict = make_different (
        &(Pair){ item, &of_a[n_a > 1 ? 1 : 0].text, &of_b[n_b > 1 ? 1 : 0].text }, all);
  for (guint i = 0; i < MD_MATCH_READINGS; i++)
    {
      _md_match_text_clear (&of_a[i].text);
      _md_match_text_clear (&of_b[i].text);
    }
  return verdict;
}

static gboolean
has_nothing (const MdMatchSide *side)
{
  return side->text == NULL || side->text[0] == '\0';
}

MdMatchVerdict *
md_match (MdMatchItem item, const MdMatchSide *a, const MdMatchSide *b)
{
  g_auto (MdMatchText) one = { 0 };
  g_auto (MdMatchText) other = { 0 };
  MdMatchVerdict *verdict;

  g_return_val_if_fail (a != NULL && b != NULL, NULL);
  if (has_nothing (a) || has_nothing (b))
    return _md_match_verdict_new (MD_MATCH_MISSING);
  if (item == MD_MATCH_ITEM_DATE)
    return _md_match_dates (a, b);
  if (item == MD_MATCH_ITEM_SEX)
    return _md_match_sexes (a, b);
  if (_md_match_text_read (&one, a->text, a->marks)
      && _md_match_text_read (&other, b->text, b->marks))
    return match_texts (item, &one, &other);
  verdict = _md_match_verdict_new (MD_MATCH_DIFFERENT);
  _md_match_verdict_add (verdict, &(MdMatchDetail){ .reason = MD_MATCH_REASON_UNREADABLE });
  return verdict;
}

/* The marks of a certificate count its characters as they are, so these stay as wide as they are.
 */
MdMatchVerdict *
md_match_on_form (MdMatchItem item, const MdMatchSide *read, const char *on_form)
{
  md_autowipe char *read_narrow = read->marks == NULL ? md_text_tidy (read->text) : NULL;
  md_autowipe char *form_narrow = read->marks == NULL ? md_text_tidy (on_form) : NULL;
  const MdMatchSide one
      = { read->source, read_narrow != NULL ? read_narrow : read->text, read->marks };
  const MdMatchSide other
      = { MD_MATCH_FROM_TYPED, form_narrow != NULL ? form_narrow : on_form, NULL };

  return md_match (item, &one, &other);
}

static int
compare_cells (const void *a, const void *b)
{
  const MdMatchCell *one = a, *other = b;

  return one->c < other->c ? -1 : one->c > other->c;
}

char *
md_match_dup_key (MdMatchItem item, const char *text)
{
  g_auto (MdMatchText) folded = { 0 };
  const MdMatchSet pairwise = BIT (SUBSTITUTE) | BIT (PREFECTURE) | BIT (NO_BUILDING);

  g_return_val_if_fail (item <= MD_MATCH_ITEM_ADDRESS, NULL);
  if (text == NULL || !_md_match_text_read (&folded, text, NULL))
    return NULL;
  _md_match_fold (&folded, item, (letters | allowed[item].more) & ~pairwise, TRUE);
  /* The parts of a Latin name may stand in any order, and together: its letters, sorted. */
  if (_md_match_is_latin (&folded))
    qsort (folded.cells, folded.n, sizeof *folded.cells, compare_cells);
  return _md_match_text_to_utf8 (&folded);
}
