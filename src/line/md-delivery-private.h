// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_COMPILATION)
#error "Private to line."
#endif

/* What md-delivery.c (the object) and md-delivery-run.c (its thread) share. */

#include "md-delivery.h"

#include <md-pki.h>

G_BEGIN_DECLS

typedef struct
{
  MdLineState state;
  const char *reason; /* static: one of the words of md_delivery_get_reason() */
} MdDeliveryStanding;

struct _MdDelivery
{
  GObject parent;

  MdDeliverySource *source;
  MdDeliveryConfig config;
  char **urls;           /* as configured; empty where there is none */
  GMainContext *context; /* where signals are emitted */
  GCancellable *cancellable;
  GThread *thread;
  GThread *inbox; /* waits at the gateway for what comes */

  GMutex lock; /* guards what follows */
  GCond wakeup;
  GCond standing_changed; /* or the end has come: for the inbox's thread */
  gboolean stopping;
  gboolean woken;
  gboolean news; /* something has come: notices and policy are asked for at once */
  MdDeliveryStanding standing;
  guint address;     /* in urls */
  char *certificate; /* files of the pair in use; NULL before the first connection */
  char *key;
  gint64 peer_until; /* md_delivery_get_gateway_until() */
  char *detail;
  GBytes *nonce;
  gint64 nonce_at;     /* monotonic, microseconds */
  gboolean nonce_used; /* an intake has it: the next one should get another */
  MdTrust *receipt_trust;
  char *policy_etag;   /* of the one in force */
  char *refused_etag;  /* of one that was not taken; NULL: none */
  char *refused_cause; /* why */
  gint64 refused_at;   /* monotonic, microseconds */
  guint next_notice;   /* 0: none */
  gboolean asks_next;  /* it is to be asked for now */
};

typedef enum
{
  MD_DELIVERY_SIGNAL_STATE,
  MD_DELIVERY_SIGNAL_ACKNOWLEDGED,
  MD_DELIVERY_SIGNAL_QUARANTINED,
  MD_DELIVERY_SIGNAL_POLICY,
  MD_DELIVERY_SIGNAL_NOTICE,
  MD_DELIVERY_SIGNAL_ADDRESS,
  MD_DELIVERY_SIGNAL_RENEWAL,
  MD_DELIVERY_N_SIGNALS,
} MdDeliverySignal;

/* The body of the thread; @data is the MdDelivery. */
gpointer _md_delivery_run (gpointer data);

/* The body of the other one, which waits at the gateway; @data is the same. */
gpointer _md_delivery_wait (gpointer data);

/* From the thread: sets the standing and, where it is news, has "state-changed" emitted. */
void _md_delivery_set_standing (MdDelivery *self, MdLineState state, const char *reason,
                                const char *detail);

/* From the thread: has a signal about @item emitted. @code is nullable. */
void _md_delivery_tell_item (MdDelivery *self, MdDeliverySignal signal, const MdDeliveryItem *item,
                             const char *code);

/* From the thread: has "notice-received" emitted. */
void _md_delivery_tell_notice (MdDelivery *self, guint number, GBytes *notice);

/* From the thread: has "address-changed" emitted. */
void _md_delivery_tell_address (MdDelivery *self, guint address, const char *cause);

/* From the thread: has "certificate-renewal" emitted. */
void _md_delivery_tell_renewal (MdDelivery *self, const char *stage);

/* From the thread: has "policy-received" emitted. */
void _md_delivery_tell_policy (MdDelivery *self, GBytes *bundle, const char *etag);

G_END_DECLS
