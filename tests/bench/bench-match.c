// SPDX-License-Identifier: Apache-2.0
// One person against a branch's day list of 100, 1,000, 10,000 and 100,000, by name and birth, each
// written otherwise than in the list; beside it one pair of names matched, which is the least that
// any finding costs. Prints medians, their ratio and the growth; fails above the bars.
#include <md-identity.h>
#include <stdlib.h>

#define LOOKUPS 301
#define PAIR_BAR 6.0   // a look-up in the longest list, in pairs of names
#define GROWTH_BAR 4.0 // the longest list beside the shortest
#define SEED 20261122u

static const char *const surnames[]
    = { "佐藤", "鈴木", "高橋",   "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤",
        "吉田", "山田", "佐々木", "山口", "松本", "井上", "木村", "林",   "斎藤", "清水",
        "山崎", "森",   "池田",   "橋本", "阿部", "石川", "山下", "中島", "石井", "小川" };
static const char *const given[]
    = { "太郎", "花子", "一郎", "恵子", "実",   "幸子", "大樹", "美咲",   "蓮", "陽葵",
        "健一", "由美", "誠",   "直美", "翔太", "愛",   "浩",   "明美",   "隆", "久美子",
        "清",   "和子", "茂",   "節子", "修",   "裕子", "進",   "真由美", "勇", "京子" };

typedef struct
{
  char *name;
  char *birth;
} Person;

static void
person_clear (void *data)
{
  Person *person = data;

  g_free (person->name);
  g_free (person->birth);
}

// One in fifty goes by another name or carries a substitute, and one in twenty has the birthday of
// those whose own is not known.
static Person
invent (GRand *random)
{
  const char *surname = surnames[g_rand_int_range (random, 0, G_N_ELEMENTS (surnames))];
  const char *name = given[g_rand_int_range (random, 0, G_N_ELEMENTS (given))];
  const int odd = g_rand_int_range (random, 0, 100);
  const gboolean new_year = g_rand_int_range (random, 0, 20) == 0;
  Person person;

  if (odd == 0)
    person.name = g_strdup_printf ("ＫＩＭ　ＡＮＮＡ（通称　%s　%s）", surname, name);
  else if (odd == 1)
    person.name = g_strdup_printf ("%s　●%s", surname, name);
  else
    person.name = g_strdup_printf ("%s　%s", surname, name);
  person.birth = g_strdup_printf ("%d-%02d-%02d", g_rand_int_range (random, 1925, 2010),
                                  new_year ? 1 : g_rand_int_range (random, 1, 13),
                                  new_year ? 1 : g_rand_int_range (random, 1, 29));
  return person;
}

// As somebody types it: a plain blank, the era.
static Person
retype (const Person *person)
{
  g_autoptr (GString) name = g_string_new (person->name);
  g_auto (GStrv) parts = g_strsplit (person->birth, "-", 3);
  const gint64 year = g_ascii_strtoll (parts[0], NULL, 10);

  g_string_replace (name, "　", " ", 0);
  g_string_replace (name, "高", "髙", 0);
  g_string_replace (name, "崎", "﨑", 0);
  return (Person){ .name = g_string_free (g_steal_pointer (&name), FALSE),
                   .birth = g_strdup_printf ("%d.%s.%s", (int)year, parts[1], parts[2]) };
}

static MdMatchSide
side (MdMatchSource source, const char *text)
{
  return (MdMatchSide){ .source = source, .text = text };
}

static int
compare (const void *a, const void *b)
{
  const double *left = a, *right = b;

  return (*left > *right) - (*left < *right);
}

static double
median (double samples[static LOOKUPS])
{
  qsort (samples, LOOKUPS, sizeof *samples, compare);
  return samples[LOOKUPS / 2];
}

static double
time_pairs (GArray *people, GRand *random)
{
  double samples[LOOKUPS];

  for (guint i = 0; i < LOOKUPS; i++)
    {
      const guint at = (guint)g_rand_int_range (random, 0, (gint32)people->len);
      const Person *person = &g_array_index (people, Person, at);
      Person typed = retype (person);
      const MdMatchSide a = side (MD_MATCH_FROM_HELD, person->name);
      const MdMatchSide b = side (MD_MATCH_FROM_TYPED, typed.name);
      const gint64 start = g_get_monotonic_time ();
      MdMatch same = MD_MATCH_SAME;

      for (guint k = 0; k < 20; k++)
        {
          g_autoptr (MdMatchVerdict) verdict = md_match (MD_MATCH_ITEM_NAME, &a, &b);
          same = md_match_verdict_get_match (verdict);
        }
      samples[i] = (double)(g_get_monotonic_time () - start) / 20;
      g_assert_cmpint (same, <=, MD_MATCH_SAME_FORM);
      person_clear (&typed);
    }
  return median (samples);
}

static void
find (const MdMatchIndex *index, const Person *typed, guint tag)
{
  const MdMatchSide name = side (MD_MATCH_FROM_TYPED, typed->name);
  const MdMatchSide birth = side (MD_MATCH_FROM_TYPED, typed->birth);
  g_autoptr (GArray) found = md_match_index_find (index, &name, &birth);

  for (guint i = 0; i < found->len; i++)
    if (g_array_index (found, guint, i) == tag)
      return;
  g_error ("person %u is not found", tag);
}

static double
time_lookups (GArray *people, guint count, GRand *random)
{
  g_autoptr (MdMatchIndex) index = md_match_index_new ();
  double samples[LOOKUPS];

  for (guint i = 0; i < count; i++)
    {
      const Person *person = &g_array_index (people, Person, i);
      const MdMatchSide name = side (MD_MATCH_FROM_HELD, person->name);
      const MdMatchSide birth = side (MD_MATCH_FROM_HELD, person->birth);

      g_assert_true (md_match_index_add (index, i, &name, &birth));
    }
  for (guint i = 0; i < LOOKUPS; i++)
    {
      const guint tag = (guint)g_rand_int_range (random, 0, (gint32)count);
      Person typed = retype (&g_array_index (people, Person, tag));
      const gint64 start = g_get_monotonic_time ();

      for (guint k = 0; k < 20; k++)
        find (index, &typed, tag);
      samples[i] = (double)(g_get_monotonic_time () - start) / 20;
      person_clear (&typed);
    }
  return median (samples);
}

int
main (void)
{
  static const guint counts[] = { 100, 1000, 10000, 100000 };
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (GArray) people = g_array_new (FALSE, FALSE, sizeof (Person));
  double times[G_N_ELEMENTS (counts)];
  double pair, longest, growth;

  g_array_set_clear_func (people, person_clear);
  for (guint i = 0; i < counts[G_N_ELEMENTS (counts) - 1]; i++)
    {
      const Person person = invent (random);

      g_array_append_val (people, person);
    }
  pair = time_pairs (people, random);
  g_print ("match: one pair of names: %.1f us\n", pair);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      times[i] = time_lookups (people, counts[i], random);
      g_print ("match: one among %u: %.1f us, %.1f pairs, %.2f of one among %u\n", counts[i],
               times[i], times[i] / pair, times[i] / times[0], counts[0]);
    }
  longest = times[G_N_ELEMENTS (counts) - 1];
  growth = longest / times[0];
  if (longest / pair > PAIR_BAR)
    g_print ("match: the longest list is above the bar of %.1f pairs\n", PAIR_BAR);
  if (growth > GROWTH_BAR)
    g_print ("match: the growth is above the bar of %.1f\n", GROWTH_BAR);
  return longest / pair > PAIR_BAR || growth > GROWTH_BAR ? 1 : 0;
}
