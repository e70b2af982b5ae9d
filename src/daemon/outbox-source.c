// SPDX-License-Identifier: Apache-2.0
#include "md-outbox.h"
#include "md-protocol.h"
#include "outbox-source.h"

/* Longer than any exchange may take; at a new start leases are void anyway. */
#define LEASE_MS (10 * 60 * G_GINT64_CONSTANT (1000))

struct _OutboxSource
{
  GObject parent;
  MdDb *db;
  MdAudit *audit;
  MdOutbox *outbox;
  GHashTable *claimed; /* key of the engine's item -> MdOutboxItem */
  OutboxErased erased;
  gpointer erased_data;
};

static void source_iface_init (MdDeliverySourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OutboxSource, outbox_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_DELIVERY_SOURCE, source_iface_init))

static gboolean
claim (MdDeliverySource *source, const MdDeliveryWant *want, MdDeliveryItem **out_item,
       GError **error)
{
  OutboxSource *self = OUTBOX_SOURCE (source);
  const MdOutboxWant wanted
      = { .pick = want->pick == MD_DELIVERY_FRESH ? MD_OUTBOX_FRESH : MD_OUTBOX_RETRY,
          .largest = want->largest,
          .decisions = want->decisions };
  MdOutboxItem *item = NULL;

  if (!md_outbox_claim_wanted (self->outbox, &wanted, LEASE_MS, &item, error))
    return FALSE;
  *out_item = NULL;
  if (item != NULL)
    {
      *out_item = md_delivery_item_new (item->sequence, item->intake, item->n, item->attempts,
                                        item->body);
      g_hash_table_replace (self->claimed, &item->sequence, item);
    }
  return TRUE;
}

static gint64
next_due (MdDeliverySource *source)
{
  OutboxSource *self = OUTBOX_SOURCE (source);
  g_autoptr (GError) error = NULL;
  gint64 wait;

  if (md_outbox_next_due (self->outbox, &wait, &error))
    return wait;
  g_debug ("%s", error->message);
  return -1;
}

/* What was claimed under the engine's key; a key that was never given out is the engine's mistake.
 */
static MdOutboxItem *
find (OutboxSource *self, const MdDeliveryItem *item)
{
  MdOutboxItem *claimed = g_hash_table_lookup (self->claimed, &item->key);

  g_assert (claimed != NULL);
  return claimed;
}

static gboolean
keep (MdDeliverySource *source, const MdDeliveryItem *item, GError **error)
{
  OutboxSource *self = OUTBOX_SOURCE (source);

  return md_outbox_renew_lease (self->outbox, find (self, item), LEASE_MS, error);
}

static gboolean
forget (OutboxSource *self, const MdDeliveryItem *item, gboolean done)
{
  if (done)
    g_hash_table_remove (self->claimed, &item->key);
  return done;
}

static gboolean
acknowledge (MdDeliverySource *source, const MdDeliveryItem *item, GBytes *receipt,
             guint64 sequence, const char *time, GError **error)
{
  OutboxSource *self = OUTBOX_SOURCE (source);
  MdOutboxReceipt values = { .receipt = receipt, .sequence = sequence, .time = time };
  gboolean erased = FALSE;

  if (!md_outbox_acknowledge (self->outbox, find (self, item), &values, &erased, error))
    return FALSE;
  if (erased && self->erased != NULL)
    self->erased (self->erased_data);
  return forget (self, item, TRUE);
}

static gboolean
put_back (MdDeliverySource *source, const MdDeliveryItem *item, gint64 delay_ms, gboolean counts,
          const char *reason, GError **error)
{
  OutboxSource *self = OUTBOX_SOURCE (source);

  return forget (
      self, item,
      md_outbox_put_back (self->outbox, find (self, item), delay_ms, counts, reason, error));
}

static gboolean
quarantine (MdDeliverySource *source, const MdDeliveryItem *item, const char *code,
            const char *reason, GError **error)
{
  OutboxSource *self = OUTBOX_SOURCE (source);

  return forget (self, item,
                 md_outbox_quarantine (self->outbox, find (self, item), code, reason, error));
}

static gboolean
describe_numbers (MdDeliverySource *source, MdNumbersRequest *out, GError **error)
{
  MdOutboxNumbers own = { 0 };

  if (!md_outbox_describe_numbers (OUTBOX_SOURCE (source)->outbox, &own, error))
    return FALSE;
  *out = (MdNumbersRequest){ .serial = own.serial,
                             .epoch = own.epoch,
                             .highest = own.highest,
                             .newest = own.newest,
                             .left = own.left };
  return TRUE;
}

static gboolean
take_numbers (MdDeliverySource *source, const MdNumbersAnswer *answer, gboolean *out_again,
              GError **error)
{
  const MdOutboxIssue issue = { .serial = answer->serial,
                                .epoch = answer->epoch,
                                .highest = answer->highest,
                                .last = answer->last,
                                .last_n = answer->last_n,
                                .from = answer->from,
                                .to = answer->to,
                                .fresh = answer->fresh,
                                .exhausted = answer->exhausted };

  GError *local = NULL;

  if (md_outbox_take_numbers (OUTBOX_SOURCE (source)->outbox, &issue, out_again, &local))
    return TRUE;
  if (g_error_matches (local, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_BEYOND))
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED, local->message);
      g_error_free (local);
    }
  else
    g_propagate_error (error, local);
  return FALSE;
}

static void
source_iface_init (MdDeliverySourceInterface *iface)
{
  iface->claim = claim;
  iface->keep = keep;
  iface->next_due = next_due;
  iface->acknowledge = acknowledge;
  iface->put_back = put_back;
  iface->quarantine = quarantine;
  iface->describe_numbers = describe_numbers;
  iface->take_numbers = take_numbers;
}

static void
outbox_source_finalize (GObject *object)
{
  OutboxSource *self = OUTBOX_SOURCE (object);

  g_hash_table_unref (self->claimed);
  md_outbox_free (self->outbox);
  md_audit_free (self->audit);
  md_db_close (self->db);
  G_OBJECT_CLASS (outbox_source_parent_class)->finalize (object);
}

static void
outbox_source_class_init (OutboxSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = outbox_source_finalize;
}

static void
outbox_source_init (OutboxSource *self)
{
  /* The key lies inside the value and goes with it. */
  self->claimed = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                         (GDestroyNotify)md_outbox_item_free);
}

OutboxSource *
outbox_source_new (const char *path, const char *office, const char *terminal, MdClock *clock,
                   GError **error)
{
  g_autoptr (OutboxSource) self = g_object_new (TYPE_OUTBOX_SOURCE, NULL);

  self->db = md_db_open (path, MD_DB_READ_WRITE, error);
  if (self->db == NULL)
    return NULL;
  self->audit = md_audit_new (self->db, office, terminal, clock);
  self->outbox = md_outbox_new (self->db, self->audit, clock);
  return g_steal_pointer (&self);
}

void
outbox_source_set_erased (OutboxSource *self, OutboxErased erased, gpointer user_data)
{
  self->erased = erased;
  self->erased_data = user_data;
}
