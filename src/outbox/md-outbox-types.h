// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-audit.h"
#include "md-base.h"
#include "md-db.h"

G_BEGIN_DECLS

typedef enum
{
  MD_OUTBOX_ERROR_UNKNOWN,    /* no such intake */
  MD_OUTBOX_ERROR_CONFLICT,   /* known already, with other bytes */
  MD_OUTBOX_ERROR_STATE,      /* not possible in the state it is in */
  MD_OUTBOX_ERROR_NO_NUMBERS, /* the pool of receipt numbers is used up or missing */
  MD_OUTBOX_ERROR_ERASED,     /* the local copy is gone, as it should be */
  MD_OUTBOX_ERROR_LEASE,      /* the item is not leased to this caller any more */
  MD_OUTBOX_ERROR_BEYOND,     /* the gateway says of numbers what cannot be */
  MD_OUTBOX_ERROR_HELD,       /* something stopped it, and nobody has released that */
} MdOutboxError;

#define MD_OUTBOX_ERROR (md_outbox_error_quark ())
GQuark md_outbox_error_quark (void);

/* The life of an intake, as people see it. */
typedef enum
{
  MD_INTAKE_RESERVED, /* has a number, no container yet */
  MD_INTAKE_RECEIVED, /* sealed, waits for the second officer, or for the third */
  MD_INTAKE_APPROVED,
  MD_INTAKE_RETURNED, /* to the clerk */
  MD_INTAKE_REJECTED,
  MD_INTAKE_WITHDRAWN,
  MD_INTAKE_ABANDONED, /* reserved and never submitted */
} MdIntakeState;

/* The way to the back office. */
typedef enum
{
  MD_DELIVERY_NONE,
  MD_DELIVERY_WAITING,
  MD_DELIVERY_SENDING,
  MD_DELIVERY_DELIVERED, /* receipts verified; local copy kept because a decision is missing */
  MD_DELIVERY_ERASED,    /* receipts verified, local copy erased */
  MD_DELIVERY_QUARANTINED,
  MD_DELIVERY_PARKED, /* by hand, md_outbox_park() */
} MdDeliveryState;

const char *md_intake_state_to_string (MdIntakeState state);
gboolean md_intake_state_from_string (const char *text, MdIntakeState *out_state);
const char *md_delivery_state_to_string (MdDeliveryState state);

typedef struct _MdOutbox MdOutbox;

/* Makes or updates the tables (those of audit must exist). */
gboolean md_outbox_migrate (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes or updates the tables that lie in the same file for the service alone: its settings, and
 * the policies that were in force. */
gboolean md_outbox_migrate_settings (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All three must outlive the outbox (CLOCK is referenced). */
MdOutbox *md_outbox_new (MdDb *db, MdAudit *audit, MdClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void md_outbox_free (MdOutbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutbox, md_outbox_free)

G_END_DECLS
