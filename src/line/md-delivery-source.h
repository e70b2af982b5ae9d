// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_INSIDE) && !defined(MD_LINE_COMPILATION)
#error "Only <md-line.h> can be included directly."
#endif

#include <gio/gio.h>
#include <md-protocol.h>

G_BEGIN_DECLS

/* One thing to deliver: a sealed container or a decision upon it. Immutable, counted. */
typedef struct
{
  gint64 key;      /* the source's own handle, opaque to the engine */
  char *intake;    /* UUIDv7 */
  guint n;         /* 1: the container; 2..: that decision */
  guint attempts;  /* sends tried before this one */
  GBytes *payload; /* the body of the PUT, byte for byte the same at every attempt */
} MdDeliveryItem;

/* Takes a reference on @payload. Returns: (transfer full). */
MdDeliveryItem *md_delivery_item_new (gint64 key, const char *intake, guint n, guint attempts,
                                      GBytes *payload) G_GNUC_WARN_UNUSED_RESULT;
void md_delivery_item_free (MdDeliveryItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDeliveryItem, md_delivery_item_free)

/* Which end of the queue the engine asks for; it alternates, so that a backlog of retries starves
 * no fresh item. */
typedef enum
{
  MD_DELIVERY_FRESH, /* oldest never tried */
  MD_DELIVERY_RETRY, /* tried before and due now, longest due first */
} MdDeliveryPick;

/* What the engine asks for. */
typedef struct
{
  MdDeliveryPick pick;
  gsize largest;      /* bytes, at most */
  gboolean decisions; /* no containers */
} MdDeliveryWant;

/* The outbox as the engine sees it. Called from the engine's thread only, one call at a time, never
 * after md_delivery_stop() has returned. The source keeps the order per intake: it offers item n of
 * an intake only when all before it are acknowledged; intakes are independent of one another. A
 * claim is a lease: what is neither acknowledged, put back nor quarantined (a crash) comes back
 * when the lease ends or at the next start. */
#define MD_TYPE_DELIVERY_SOURCE (md_delivery_source_get_type ())
G_DECLARE_INTERFACE (MdDeliverySource, md_delivery_source, MD, DELIVERY_SOURCE, GObject)

struct _MdDeliverySourceInterface
{
  GTypeInterface parent;

  /* Sets *@out_item to the next item that is wanted, or to NULL when there is none of that kind
   * now. FALSE: the store failed. */
  gboolean (*claim) (MdDeliverySource *self, const MdDeliveryWant *want, MdDeliveryItem **out_item,
                     GError **error);

  /* It is under way still: its lease begins anew. NULL where leases do not end. */
  gboolean (*keep) (MdDeliverySource *self, const MdDeliveryItem *item, GError **error);

  /* Milliseconds until a retry falls due: 0 for now, -1 when nothing waits. */
  gint64 (*next_due) (MdDeliverySource *self);

  /* The gateway has it: @receipt is the verified CMS of its receipt, @sequence and @time what it
   * says. */
  gboolean (*acknowledge) (MdDeliverySource *self, const MdDeliveryItem *item, GBytes *receipt,
                           guint64 sequence, const char *time, GError **error);

  /* Back into the queue, due in @delay_ms; @reason is a short text for people. @counts is FALSE
   * when the line was down, so that the attempt does not count against the item. */
  gboolean (*put_back) (MdDeliverySource *self, const MdDeliveryItem *item, gint64 delay_ms,
                        gboolean counts, const char *reason, GError **error);

  /* Never to be sent again as it is: kept, set aside for a person, with the wire's @code and a
   * text. */
  gboolean (*quarantine) (MdDeliverySource *self, const MdDeliveryItem *item, const char *code,
                          const char *reason, GError **error);

  /* Of a terminal that gives receipt numbers; NULL of others, which never ask for any. What it says
   * of its numbers (a serial of 0: nothing yet), and what it does with the gateway's answer.
   * *@out_again: it has more to say now. MD_PROTOCOL_ERROR_MALFORMED: what it says cannot be. */
  gboolean (*describe_numbers) (MdDeliverySource *self, MdNumbersRequest *out, GError **error);
  gboolean (*take_numbers) (MdDeliverySource *self, const MdNumbersAnswer *answer,
                            gboolean *out_again, GError **error);
};

gboolean md_delivery_source_claim (MdDeliverySource *self, const MdDeliveryWant *want,
                                   MdDeliveryItem **out_item,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_delivery_source_keep (MdDeliverySource *self, const MdDeliveryItem *item,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gint64 md_delivery_source_next_due (MdDeliverySource *self);
gboolean md_delivery_source_acknowledge (MdDeliverySource *self, const MdDeliveryItem *item,
                                         GBytes *receipt, guint64 sequence, const char *time,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_delivery_source_put_back (MdDeliverySource *self, const MdDeliveryItem *item,
                                      gint64 delay_ms, gboolean counts, const char *reason,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_delivery_source_quarantine (MdDeliverySource *self, const MdDeliveryItem *item,
                                        const char *code, const char *reason,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_delivery_source_has_numbers (MdDeliverySource *self);
gboolean md_delivery_source_describe_numbers (MdDeliverySource *self, MdNumbersRequest *out,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_delivery_source_take_numbers (MdDeliverySource *self, const MdNumbersAnswer *answer,
                                          gboolean *out_again,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
