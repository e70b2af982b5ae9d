// SPDX-License-Identifier: Apache-2.0
/* A list that is asked for again: rows that stay are the same objects at their places, and nothing
 * else moves. */
#include <gio/gio.h>
#include <string.h>

#include "md-rows.h"

typedef struct
{
  GListStore *store;
  GString *changes; /* "position-removed+added " of each */
} List;

static const char *
word (gpointer row, const char *key)
{
  return g_object_get_data (G_OBJECT (row), key);
}

static gboolean
is_same (gpointer row, gpointer fresh)
{
  return g_str_equal (word (row, "id"), word (fresh, "id"));
}

static void
take (gpointer row, gpointer fresh)
{
  g_object_set_data_full (row, "text", g_strdup (word (fresh, "text")), g_free);
}

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, List *list)
{
  g_string_append_printf (list->changes, "%u-%u+%u ", position, removed, added);
}

/* Each letter of IDS is a row, that says TEXT. Returns what changed of the list. */
static char *
update (List *list, const char *ids, const char *text)
{
  static const MdRowKind kind = { is_same, take };
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char *id = ids; *id != '\0'; id++)
    {
      GObject *row = g_object_new (G_TYPE_OBJECT, NULL);

      g_object_set_data_full (row, "id", g_strndup (id, 1), g_free);
      g_object_set_data_full (row, "text", g_strdup (text), g_free);
      g_ptr_array_add (fresh, row);
    }
  g_string_truncate (list->changes, 0);
  _md_rows_update (list->store, fresh, &kind);
  return g_strchomp (g_strdup (list->changes->str));
}

/* In order, and every row with the newest TEXT. */
static void
assert_rows (List *list, const char *ids, const char *text)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list->store)), ==, strlen (ids));
  for (guint i = 0; ids[i] != '\0'; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (list->store), i);

      g_assert_cmpint (*word (row, "id"), ==, ids[i]);
      g_assert_cmpstr (word (row, "text"), ==, text);
    }
}

static void
test_update (void)
{
  static const struct
  {
    const char *ids;
    const char *changes;
  } turns[] = {
    { "abc", "0-0+1 1-0+1 2-0+1" },
    { "abc", "" },            /* the same again */
    { "xabc", "0-0+1" },      /* one came in front */
    { "xac", "2-1+0" },       /* one went */
    { "axc", "1-1+0 0-0+1" }, /* one moved, alone */
    { "ayc", "1-1+0 1-0+1" }, /* one in place of another */
    { "", "2-1+0 1-1+0 0-1+0" },
    { "c", "0-0+1" },
  };
  List list = { g_list_store_new (G_TYPE_OBJECT), g_string_new (NULL) };
  g_autoptr (GObject) watched = NULL;

  g_signal_connect (list.store, "items-changed", G_CALLBACK (changed_cb), &list);
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++)
    {
      g_autofree char *text = g_strdup_printf ("turn %u", i);
      g_autofree char *changes = update (&list, turns[i].ids, text);

      g_test_message ("turn %u: %s", i, turns[i].ids);
      g_assert_cmpstr (changes, ==, turns[i].changes);
      assert_rows (&list, turns[i].ids, text);
      if (i == 0)
        watched = g_list_model_get_item (G_LIST_MODEL (list.store), 2);
      else if (i < 6)
        {
          g_autoptr (GObject) last = g_list_model_get_item (
              G_LIST_MODEL (list.store), g_list_model_get_n_items (G_LIST_MODEL (list.store)) - 1);

          g_assert_true (last == watched);
        }
    }
  g_object_unref (list.store);
  g_string_free (list.changes, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake/rows/update", test_update);
  return g_test_run ();
}
