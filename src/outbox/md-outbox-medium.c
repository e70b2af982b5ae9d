// SPDX-License-Identifier: Apache-2.0
/* What goes by media, and the ledger of it. */
#include <string.h>
#include <glib/gi18n.h>

#include "md-outbox-medium.h"
#include "md-outbox-private.h"

/* On a medium that is out, and nobody knows yet what becomes of it. */
#define UNDER_WAY                                                                                  \
  " EXISTS (SELECT 1 FROM medium_item m JOIN medium_bundle x ON x.id = m.bundle"                   \
  " WHERE m.intake = o.intake AND m.n = o.n AND x.state IN ('released', 'written'))"

static const char *const state_words[] = {
  [MD_BUNDLE_RELEASED] = "released", [MD_BUNDLE_WRITTEN] = "written",
  [MD_BUNDLE_RETURNED] = "returned", [MD_BUNDLE_ERASED] = "erased",
  [MD_BUNDLE_FAILED] = "failed",     [MD_BUNDLE_UNCLEAR] = "unclear",
  [MD_BUNDLE_LOST] = "lost",
};

const char *
md_bundle_state_to_string (MdBundleState state)
{
  return state_words[state];
}

gboolean
md_bundle_state_from_string (const char *text, MdBundleState *out_state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (state_words); i++)
    if (g_strcmp0 (state_words[i], text) == 0)
      {
        *out_state = (MdBundleState)i;
        return TRUE;
      }
  return FALSE;
}

void
md_outbox_bundle_free (MdOutboxBundle *bundle)
{
  if (bundle == NULL)
    return;
  g_free (bundle->id);
  g_free (bundle->medium);
  g_free (bundle->officer);
  g_free (bundle->carrier);
  g_free (bundle->purpose);
  g_free (bundle->released);
  g_free (bundle->changed);
  g_free (bundle);
}

/* --- What goes by it --- */

static gpointer
read_item (MdDbStatement *statement)
{
  MdOutboxItem *item = g_new0 (MdOutboxItem, 1);

  item->sequence = md_db_column_int (statement, 0);
  item->intake = md_db_column_dup (statement, 1);
  item->n = (guint)md_db_column_int (statement, 2);
  item->item = item->n == 1 ? g_strdup ("intake") : g_strdup_printf ("decision/%u", item->n);
  item->digest = md_db_column_dup (statement, 3);
  item->size = (gsize)md_db_column_int (statement, 4);
  item->receipt_number = md_db_column_dup (statement, 5);
  item->state = md_db_column_dup (statement, 6);
  return item;
}

#define ITEM                                                                                       \
  "SELECT o.seq, o.intake, o.n, o.digest, o.size, i.receipt_number, o.state"                       \
  " FROM outbox o JOIN intake i ON i.id = o.intake"

/* What the gateway must have before item ?2 of the intake ?1, in the order of the line
 * (md-outbox-delivery.c): what is before it in the intake; and before a change of a letter what was
 * handed in by it, which the gateway would else refuse for good. */
#define BEFORE_IT                                                                                  \
  "SELECT b.intake || '/' || b.n FROM outbox b"                                                    \
  " WHERE b.intake = ?1 AND b.n < ?2 AND b.state <> 'delivered'"                                   \
  " UNION ALL SELECT b.intake || '/' || b.n FROM outbox o JOIN intake a ON a.id = o.intake"        \
  " JOIN intake c ON c.cites = a.cites JOIN outbox b ON b.intake = c.id"                           \
  " WHERE o.intake = ?1 AND o.n = ?2 AND o.n > 1 AND a.changes = 1 AND c.id <> a.id"               \
  " AND b.n = 1 AND b.seq < o.seq AND b.state IN ('waiting', 'sending')"

/* LISTED: what is on the list so far, each as "intake/n". */
static void
add_listed (GHashTable *listed, const char *intake, guint n)
{
  g_hash_table_add (listed, g_strdup_printf ("%s/%u", intake, n));
}

/* Whether all that must be there before it is at the gateway, or before it on the same list: on the
 * line or on another medium it may arrive later. */
static gboolean
check_order (MdOutbox *self, GHashTable *listed, const char *intake, guint n,
             gboolean *out_in_order, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, BEFORE_IT, intake, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, n);
  do
    step = md_db_step (statement, error);
  while (step == MD_DB_STEP_ROW
         && g_hash_table_contains (listed, md_db_column_text (statement, 0)));
  *out_in_order = step == MD_DB_STEP_DONE;
  return step != MD_DB_STEP_ERROR;
}

/* FALSE with ERROR only where nothing more can be done; *OUT_SOUND: the bytes are as they were. */
static gboolean
check_body (MdOutbox *self, MdOutboxItem *item, gboolean *out_sound, GError **error)
{
  g_autoptr (GError) local = NULL;

  *out_sound = _md_outbox_read_body (self, item, &local);
  g_clear_pointer (&item->body, g_bytes_unref);
  if (*out_sound)
    return TRUE;
  if (g_error_matches (local, MD_DB_ERROR, MD_DB_ERROR_CORRUPT))
    return md_outbox_quarantine (self, item, "payload-damaged", local->message, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

GPtrArray *
md_outbox_list_for_medium (MdOutbox *self, guint most, guint64 room, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      ITEM " WHERE o.state IN ('waiting', 'sending') AND o.parked_by IS NULL AND NOT" UNDER_WAY
           " ORDER BY o.seq",
      error);
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)md_outbox_item_free);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (statement == NULL)
    return NULL;
  waiting = md_db_collect (statement, read_item, (GDestroyNotify)md_outbox_item_free, error);
  for (guint i = 0; waiting != NULL && i < waiting->len && list->len < most; i++)
    {
      MdOutboxItem *item = waiting->pdata[i];
      gboolean taken = item->size <= room;

      if (taken && !check_order (self, listed, item->intake, item->n, &taken, error))
        return NULL;
      if (taken && !check_body (self, item, &taken, error))
        return NULL;
      if (!taken)
        continue;
      room -= item->size;
      add_listed (listed, item->intake, item->n);
      g_ptr_array_add (list, item);
      waiting->pdata[i] = NULL;
    }
  return waiting != NULL ? g_steal_pointer (&list) : NULL;
}

/* --- The ledger --- */

static gpointer
read_bundle (MdDbStatement *statement)
{
  MdOutboxBundle *bundle = g_new0 (MdOutboxBundle, 1);

  bundle->id = md_db_column_dup (statement, 0);
  bundle->medium = md_db_column_dup (statement, 1);
  bundle->officer = md_db_column_dup (statement, 2);
  bundle->carrier = md_db_column_dup (statement, 3);
  bundle->purpose = md_db_column_dup (statement, 4);
  bundle->released = md_db_column_dup (statement, 5);
  bundle->changed = md_db_column_dup (statement, 6);
  (void)md_bundle_state_from_string (md_db_column_text (statement, 7), &bundle->state);
  bundle->items = (guint)md_db_column_int (statement, 8);
  bundle->size = (guint64)md_db_column_int (statement, 9);
  bundle->delivered = (guint)md_db_column_int (statement, 10);
  return bundle;
}

GPtrArray *
md_outbox_list_bundles (MdOutbox *self, guint limit, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "SELECT b.id, b.medium, b.officer, b.carrier, b.purpose, b.released, b.changed, b.state,"
      " b.items, b.size, (SELECT count (*) FROM medium_item m JOIN outbox o"
      "  ON o.intake = m.intake AND o.n = m.n WHERE m.bundle = b.id AND o.state = 'delivered')"
      " FROM medium_bundle b ORDER BY b.id DESC LIMIT ?1",
      error);

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, limit);
  return md_db_collect (statement, read_bundle, (GDestroyNotify)md_outbox_bundle_free, error);
}

static gboolean
insert_item (MdOutbox *self, const MdOutboxHandOut *bundle, const MdOutboxMediumItem *item,
             GHashTable *listed, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (self->db,
                           "INSERT INTO medium_item (bundle, intake, n) SELECT ?1, o.intake, o.n"
                           " FROM outbox o WHERE o.intake = ?2 AND o.n = ?3 AND o.digest = ?4"
                           " AND o.size = ?5 AND o.state IN ('waiting', 'sending')"
                           " AND o.parked_by IS NULL AND NOT" UNDER_WAY,
                           bundle->id, error);
  gboolean in_order = FALSE;

  if (statement == NULL || !check_order (self, listed, item->intake, item->n, &in_order, error))
    return FALSE;
  if (!in_order)
    return _md_outbox_refuse (
        error, MD_OUTBOX_ERROR_STATE,
        _ ("On the list something stands before what has to arrive first, or without "
           "it. Put the list together anew."));
  add_listed (listed, item->intake, item->n);
  md_db_bind_text (statement, 2, item->intake);
  md_db_bind_int (statement, 3, item->n);
  md_db_bind_text (statement, 4, item->digest);
  md_db_bind_int (statement, 5, (gint64)item->size);
  if (!md_db_run (statement, error))
    return FALSE;
  return md_db_changes (self->db) == 1
         || _md_outbox_refuse (
             error, MD_OUTBOX_ERROR_STATE,
             _ ("What is on the list does not wait for the line any more, or is on another "
                "medium. Put the list together anew."));
}

static gboolean
insert_bundle (MdOutbox *self, const MdOutboxHandOut *bundle, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db,
      "INSERT INTO medium_bundle (id, medium, officer, carrier, purpose, digest, list, signature,"
      " items, size, released, changed, state)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, 'released')",
      bundle->id, error);
  g_autofree char *now = _md_outbox_now_text (self);
  guint64 size = 0;

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < bundle->n_items; i++)
    size += bundle->items[i].size;
  md_db_bind_text (statement, 2, bundle->medium);
  md_db_bind_text (statement, 3, bundle->officer);
  md_db_bind_text (statement, 4, bundle->carrier);
  md_db_bind_text (statement, 5, bundle->purpose);
  md_db_bind_text (statement, 6, bundle->digest);
  md_db_bind_bytes (statement, 7, bundle->list);
  md_db_bind_bytes (statement, 8, bundle->signature);
  md_db_bind_int (statement, 9, bundle->n_items);
  md_db_bind_int (statement, 10, (gint64)size);
  md_db_bind_text (statement, 11, now);
  return md_db_run (statement, error);
}

gboolean
md_outbox_hand_out (MdOutbox *self, const MdOutboxHandOut *bundle, const MdAuditEntry *entry,
                    GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean known = FALSE, same = FALSE;

  if (transaction == NULL
      || !_md_outbox_finds (self, "SELECT 1 FROM medium_bundle WHERE id = ?1", bundle->id, NULL,
                            &known, error)
      || !_md_outbox_finds (self, "SELECT 1 FROM medium_bundle WHERE id = ?1 AND digest = ?2",
                            bundle->id, bundle->digest, &same, error))
    return FALSE;
  if (same)
    return TRUE;
  if (known)
    return _md_outbox_refuse (error, MD_OUTBOX_ERROR_CONFLICT,
                              _ ("This bundle is in the ledger with another list."));
  if (!md_outbox_check_medium (self, bundle->medium, bundle->key, error)
      || !insert_bundle (self, bundle, error))
    return FALSE;
  for (guint i = 0; i < bundle->n_items; i++)
    if (!insert_item (self, bundle, &bundle->items[i], listed, error))
      return FALSE;
  return _md_outbox_append_audit (self, entry, bundle->id, bundle->digest, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* What may follow upon what. */
static gboolean
follows (MdBundleState from, MdBundleState to)
{
  static const guint next[] = {
    [MD_BUNDLE_RELEASED] = 1u << MD_BUNDLE_WRITTEN | 1u << MD_BUNDLE_FAILED
                           | 1u << MD_BUNDLE_UNCLEAR | 1u << MD_BUNDLE_LOST,
    [MD_BUNDLE_WRITTEN] = 1u << MD_BUNDLE_RETURNED | 1u << MD_BUNDLE_LOST,
    [MD_BUNDLE_RETURNED] = 1u << MD_BUNDLE_ERASED | 1u << MD_BUNDLE_LOST,
    [MD_BUNDLE_ERASED] = 0,
    [MD_BUNDLE_FAILED] = 1u << MD_BUNDLE_UNCLEAR, /* something is there after all */
    [MD_BUNDLE_UNCLEAR] = 1u << MD_BUNDLE_WRITTEN | 1u << MD_BUNDLE_ERASED | 1u << MD_BUNDLE_LOST,
    /* it was found again */
    [MD_BUNDLE_LOST] = 1u << MD_BUNDLE_RETURNED | 1u << MD_BUNDLE_UNCLEAR,
  };

  return (next[from] & 1u << to) != 0;
}

static gboolean
read_state (MdOutbox *self, const char *id, MdBundleState *out_state, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (self->db, "SELECT state FROM medium_bundle WHERE id = ?1", id, error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_DONE)
    return _md_outbox_refuse (error, MD_OUTBOX_ERROR_UNKNOWN,
                              _ ("No bundle of this name is in this terminal's ledger of media."));
  return step == MD_DB_STEP_ROW
         && md_bundle_state_from_string (md_db_column_text (statement, 0), out_state);
}

/* Whether it is the medium to which the bundle was released, with the bundle on it. */
static gboolean
check_shown (MdOutbox *self, const char *id, const MdOutboxShown *shown, GError **error)
{
  const char *key = shown->key != NULL ? shown->key : "";
  gboolean same = FALSE;

  if (!_md_outbox_finds (self,
                         "SELECT 1 FROM medium_bundle b JOIN medium m ON m.id = b.medium"
                         " WHERE b.id = ?1 AND m.key_sha256 = ?2",
                         id, key, &same, error))
    return FALSE;
  if (!same)
    return _md_outbox_refuse (
        error, MD_OUTBOX_ERROR_CONFLICT,
        _ ("This is not the medium to which that bundle was released. Nothing is "
           "entered for a copy of it."));
  if (shown->digest == NULL || *shown->digest == '\0')
    return TRUE;
  if (!_md_outbox_finds (self, "SELECT 1 FROM medium_bundle WHERE id = ?1 AND digest = ?2", id,
                         shown->digest, &same, error))
    return FALSE;
  return same
         || _md_outbox_refuse (
             error, MD_OUTBOX_ERROR_CONFLICT,
             _ ("The list on the medium is not the one that was released. It was altered, "
                "or is another terminal's."));
}

gboolean
md_outbox_note_bundle (MdOutbox *self, const char *id, MdBundleState state,
                       const MdOutboxShown *shown, const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *now = _md_outbox_now_text (self);
  MdBundleState before = MD_BUNDLE_RELEASED;

  if (transaction == NULL || !read_state (self, id, &before, error))
    return FALSE;
  if (state != MD_BUNDLE_FAILED && state != MD_BUNDLE_LOST && !check_shown (self, id, shown, error))
    return FALSE;
  if (state == before)
    return TRUE;
  if (!follows (before, state))
    {
      g_set_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE,
                   _ ("By the ledger the bundle is in a state in which this cannot be entered "
                      "(%s)."),
                   md_bundle_state_to_string (before));
      return FALSE;
    }
  statement = md_db_prepare_for (
      self->db, "UPDATE medium_bundle SET state = ?2, changed = ?3 WHERE id = ?1", id, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, md_bundle_state_to_string (state));
  md_db_bind_text (statement, 3, now);
  return md_db_run (statement, error) && _md_outbox_append_audit (self, entry, id, NULL, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* --- One item --- */

GBytes *
md_outbox_get_bundle_body (MdOutbox *self, const char *id, const char *intake, guint n,
                           GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT 1 FROM medium_item WHERE bundle = ?1 AND intake = ?2 AND n = ?3", id,
      error);
  MdBundleState state = MD_BUNDLE_LOST;
  MdDbStep step;

  if (statement == NULL || !read_state (self, id, &state, error))
    return NULL;
  md_db_bind_text (statement, 2, intake);
  md_db_bind_int (statement, 3, n);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW && state == MD_BUNDLE_RELEASED)
    return md_outbox_get_body (self, intake, n, error);
  if (step != MD_DB_STEP_ERROR)
    (void)_md_outbox_refuse (
        error, MD_OUTBOX_ERROR_STATE,
        _ ("This is not among what was released to be written to the medium."));
  return NULL;
}

MdOutboxItem *
md_outbox_find_item (MdOutbox *self, const char *intake, guint n, gboolean *out_delivered,
                     GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (self->db, ITEM " WHERE o.intake = ?1 AND o.n = ?2", intake, error);
  MdOutboxItem *item = NULL;
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 2, n);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    {
      item = read_item (statement);
      *out_delivered = g_str_equal (item->state, "delivered");
    }
  else if (step == MD_DB_STEP_DONE)
    (void)_md_outbox_refuse (error, MD_OUTBOX_ERROR_UNKNOWN,
                             _ ("This terminal has sent no such item."));
  return item;
}
