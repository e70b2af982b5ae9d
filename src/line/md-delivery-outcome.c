// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

/* What became of an item, written into the outbox. A write may fail once: another holds the file,
 * the disk is full for a moment. What was to be written is known here alone then, a receipt among
 * it, and the item would lie under its lease until that ends and be sent once more. So it is kept,
 * and written as soon as that works. */

#define FIRST_WAIT_MS 250
#define LONGEST_WAIT_MS 30000
/* Nothing else is begun meanwhile, because its outcome could not be written either; but one that
 * can never be written holds up the others no longer than this. */
#define PATIENCE_MS 60000
/* Nor are there ever more than these. */
#define MOST_UNWRITTEN 16u
/* A failure that is over before so many tries is no news. */
#define TRIES_BEFORE_NEWS 3u

typedef enum
{
  OUTCOME_TAKEN, /* the gateway has it */
  OUTCOME_WAITS,
  OUTCOME_ASIDE,
} Outcome;

typedef struct
{
  Outcome outcome;
  MdDeliveryItem *item;
  GBytes *receipt; /* of what was taken, with the next two */
  guint64 sequence;
  char *time;
  gint64 due_at; /* monotonic milliseconds: of what waits, with the next one */
  gboolean counts;
  char *code; /* of what was set aside */
  char *text; /* for people; of what waits or was set aside */
} Unwritten;

static void
unwritten_free (gpointer data)
{
  Unwritten *one = data;

  md_delivery_item_free (one->item);
  g_clear_pointer (&one->receipt, g_bytes_unref);
  g_free (one->time);
  g_free (one->code);
  g_free (one->text);
  g_free (one);
}

static Unwritten *
unwritten_new (Outcome outcome, const MdDeliveryItem *item)
{
  Unwritten *one = g_new0 (Unwritten, 1);

  one->outcome = outcome;
  one->item
      = md_delivery_item_new (item->key, item->intake, item->n, item->attempts, item->payload);
  return one;
}

static gboolean
write_one (Run *run, const Unwritten *one, GError **error)
{
  MdDelivery *self = run->delivery;

  switch (one->outcome)
    {
    case OUTCOME_TAKEN:
      if (!md_delivery_source_acknowledge (self->source, one->item, one->receipt, one->sequence,
                                           one->time, error))
        return FALSE;
      _md_delivery_tell_item (self, MD_DELIVERY_SIGNAL_ACKNOWLEDGED, one->item, NULL);
      return TRUE;
    case OUTCOME_ASIDE:
      if (!md_delivery_source_quarantine (self->source, one->item, one->code, one->text, error))
        return FALSE;
      _md_delivery_tell_item (self, MD_DELIVERY_SIGNAL_QUARANTINED, one->item, one->code);
      return TRUE;
    case OUTCOME_WAITS:
    default:
      return md_delivery_source_put_back (self->source, one->item,
                                          MAX (one->due_at - _md_run_now_ms (), 0), one->counts,
                                          one->text, error);
    }
}

static void
failed (Run *run, const GError *error)
{
  const guint doublings = MIN (run->unwritten_tries, 8u);

  if (run->unwritten_tries == 0)
    run->unwritten_since = _md_run_now_ms ();
  run->unwritten_tries++;
  run->write_at = _md_run_now_ms ()
                  + _md_run_jitter (MIN ((gint64)FIRST_WAIT_MS << doublings, LONGEST_WAIT_MS));
  if (run->unwritten_tries >= TRIES_BEFORE_NEWS)
    _md_run_store_failed (run, error);
}

/* @one: transfer full. Whatever is written later than another goes behind it. */
static void
settle (Run *run, Unwritten *one)
{
  g_autoptr (GError) error = NULL;

  if (write_one (run, one, &error))
    {
      unwritten_free (one);
      return;
    }
  g_queue_push_tail (&run->unwritten, one);
  failed (run, error);
}

gboolean
_md_run_write_outcomes (Run *run)
{
  g_autoptr (GError) error = NULL;

  if (g_queue_is_empty (&run->unwritten) || _md_run_now_ms () < run->write_at)
    return TRUE;
  while (!g_queue_is_empty (&run->unwritten))
    {
      Unwritten *one = g_queue_pop_head (&run->unwritten);

      if (!write_one (run, one, &error))
        {
          /* Another one is the first next time: what spoils one may spoil no other. */
          g_queue_push_tail (&run->unwritten, one);
          failed (run, error);
          return FALSE;
        }
      unwritten_free (one);
    }
  run->unwritten_tries = 0;
  if (run->store_failure != NULL)
    run->pause_until = 0;
  _md_run_store_works (run);
  return TRUE;
}

gboolean
_md_run_may_claim (const Run *run)
{
  return run->unwritten.length == 0
         || (run->unwritten.length < MOST_UNWRITTEN
             && _md_run_now_ms () >= run->unwritten_since + PATIENCE_MS);
}

gboolean
_md_run_has_outcome (const Run *run, const MdDeliveryItem *item)
{
  for (const GList *at = run->unwritten.head; at != NULL; at = at->next)
    if (((const Unwritten *)at->data)->item->key == item->key)
      return TRUE;
  return FALSE;
}

gint64
_md_run_next_write (const Run *run)
{
  return run->unwritten.length == 0 ? G_MAXINT64 : run->write_at;
}

void
_md_run_forget_outcomes (Run *run)
{
  g_queue_clear_full (&run->unwritten, unwritten_free);
}

/* --- What may become of an item --- */

void
_md_run_taken (Run *run, const MdDeliveryItem *item, GBytes *receipt, guint64 sequence,
               const char *time)
{
  Unwritten *one = unwritten_new (OUTCOME_TAKEN, item);

  one->receipt = g_bytes_ref (receipt);
  one->sequence = sequence;
  one->time = g_strdup (time);
  settle (run, one);
}

void
_md_run_waits (Run *run, const MdDeliveryItem *item, gint64 delay_ms, gboolean counts,
               const char *reason)
{
  Unwritten *one = unwritten_new (OUTCOME_WAITS, item);

  one->due_at = _md_run_now_ms () + delay_ms;
  one->counts = counts;
  one->text = g_strdup (reason);
  settle (run, one);
}

void
_md_run_set_aside (Run *run, const MdDeliveryItem *item, const char *code, const char *text)
{
  Unwritten *one = unwritten_new (OUTCOME_ASIDE, item);

  one->code = g_strdup (code);
  one->text = g_strdup (text);
  settle (run, one);
}
