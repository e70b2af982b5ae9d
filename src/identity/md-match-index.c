// SPDX-License-Identifier: Apache-2.0
// Found by a key of birth and name together; people whose name says more than a key can hold (a
// substitute character, a name beside the name) by their birth alone. What is found is matched.
#include "md-match-private.h"

#include "md-match-index.h"

typedef struct
{
  guint tag;
  MdMatchSource name_from, birth_from;
  char *name, *marks, *birth; // wiped
  gboolean only_by_pairs;
} Person;

struct _MdMatchIndex
{
  GArray *people;         // Person
  GHashTable *by_key;     // birth and name -> GArray of places in people
  GHashTable *by_day;     // birth -> the same
  GHashTable *odd_by_day; // birth -> those of them who are found by pairs only
};

static void
person_clear (void *data)
{
  Person *person = data;

  md_wipe_free_text (person->name);
  md_wipe_free_text (person->marks);
  md_wipe_free_text (person->birth);
}

static void
wipe_text (void *text)
{
  md_wipe_free_text (text);
}

static void
places_free (void *places)
{
  g_array_unref (places);
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, wipe_text, places_free);
}

MdMatchIndex *
md_match_index_new (void)
{
  MdMatchIndex *self = g_new0 (MdMatchIndex, 1);

  self->people = g_array_new (FALSE, FALSE, sizeof (Person));
  g_array_set_clear_func (self->people, person_clear);
  self->by_key = new_table ();
  self->by_day = new_table ();
  self->odd_by_day = new_table ();
  return self;
}

void
md_match_index_free (MdMatchIndex *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->people);
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->by_day);
  g_hash_table_unref (self->odd_by_day);
  g_free (self);
}

static void
file_under (GHashTable *table, const char *key, guint place)
{
  GArray *places = g_hash_table_lookup (table, key);

  if (places == NULL)
    {
      places = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (table, g_strdup (key), places);
    }
  g_array_append_val (places, place);
}

// NULL: this name or birth finds nobody.
static char *
dup_key (const MdMatchSide *name, const char *day)
{
  md_autowipe char *folded
      = name->text != NULL ? md_match_dup_key (MD_MATCH_ITEM_NAME, name->text) : NULL;

  return folded != NULL && *folded != '\0' ? g_strconcat (day, folded, NULL) : NULL;
}

gboolean
md_match_index_add (MdMatchIndex *self, guint tag, const MdMatchSide *name,
                    const MdMatchSide *birth)
{
  char day[MD_MATCH_DAY_SIZE] = "";
  md_autowipe char *key = NULL;
  Person person;
  const guint place = self->people->len;

  g_return_val_if_fail (self != NULL && name != NULL && birth != NULL, FALSE);

  key = _md_match_day_key (birth, day) ? dup_key (name, day) : NULL;
  if (key == NULL)
    return FALSE;
  person = (Person){ .tag = tag,
                     .name_from = name->source,
                     .birth_from = birth->source,
                     .name = g_strdup (name->text),
                     .marks = g_strdup (name->marks),
                     .birth = g_strdup (birth->text),
                     .only_by_pairs = _md_match_is_only_by_pairs (name) };
  g_array_append_val (self->people, person);
  file_under (self->by_key, key, place);
  file_under (self->by_day, day, place);
  if (person.only_by_pairs)
    file_under (self->odd_by_day, day, place);
  md_wipe (day, sizeof day);
  return TRUE;
}

guint
md_match_index_get_size (const MdMatchIndex *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->people->len;
}

static gboolean
is_same (MdMatchItem item, const MdMatchSide *a, const MdMatchSide *b)
{
  g_autoptr (MdMatchVerdict) verdict = md_match (item, a, b);

  return md_match_verdict_get_match (verdict) <= MD_MATCH_SAME_FORM;
}

static gboolean
is_person (const Person *person, const MdMatchSide *name, const MdMatchSide *birth)
{
  const MdMatchSide held_name = { person->name_from, person->name, person->marks };
  const MdMatchSide held_birth = { person->birth_from, person->birth, NULL };

  return is_same (MD_MATCH_ITEM_DATE, &held_birth, birth)
         && is_same (MD_MATCH_ITEM_NAME, &held_name, name);
}

static int
compare_places (const void *a, const void *b)
{
  const guint one = *(const guint *)a, other = *(const guint *)b;

  return one < other ? -1 : one > other;
}

static void
add_places (GArray *to, GHashTable *table, const char *key)
{
  const GArray *places = g_hash_table_lookup (table, key);

  if (places != NULL)
    g_array_append_vals (to, places->data, places->len);
}

GArray *
md_match_index_find (const MdMatchIndex *self, const MdMatchSide *name, const MdMatchSide *birth)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint));
  char day[MD_MATCH_DAY_SIZE] = "";
  md_autowipe char *key = NULL;

  g_return_val_if_fail (self != NULL && name != NULL && birth != NULL, found);

  key = _md_match_day_key (birth, day) ? dup_key (name, day) : NULL;
  if (key == NULL)
    return found;
  if (_md_match_is_only_by_pairs (name))
    add_places (places, self->by_day, day);
  else
    {
      add_places (places, self->by_key, key);
      add_places (places, self->odd_by_day, day);
    }
  md_wipe (day, sizeof day);
  g_array_sort (places, compare_places);
  for (guint i = 0; i < places->len; i++)
    {
      const guint place = g_array_index (places, guint, i);
      const Person *person = &g_array_index (self->people, Person, place);

      if ((i == 0 || place != g_array_index (places, guint, i - 1))
          && is_person (person, name, birth))
        g_array_append_val (found, person->tag);
    }
  return found;
}
