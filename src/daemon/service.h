// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-audit.h"
#include "md-bus.h"
#include "md-db.h"
#include "md-forms.h"
#include "md-line.h"
#include "md-outbox.h"
#include "md-pki.h"
#include "md-policy.h"
#include "md-staff.h"

#include "outbox-source.h"
#include "settings.h"

typedef struct _Unserved Unserved;
typedef struct _Revocation Revocation;
typedef struct _Backup Backup;

/* The terminal's service: everything that outlives a call. One per process, main thread only
 * (delivery and checkpoints have threads and connections of their own). */
typedef struct
{
  Settings *settings;
  MdClock *clock;
  char *started;
  char *database_path;
  char *database_trouble; /* why the database cannot be used; NULL when it can */
  char *policy_trouble;   /* why there is no policy, or not the newest; NULL when all is well */
  int lock_fd;

  MdDb *db;
  struct DatabaseCheck
      *check; /* of all its pages, under way or done; NULL: it was before all else */
  MdDbCheckpointer *checkpointer;
  MdAudit *audit;
  MdAuditGate *gate; /* between refusals and the log */
  MdOutbox *outbox;
  MdStaffDesk *desk;
  MdSecret *pseudonym_key;
  MdSecret *day_key; /* of whom the day's intakes are: naming.h */

  MdPolicy *policy;       /* the newest accepted; its time may be over, see policy_in_force() */
  gboolean policy_ended;  /* noticed and recorded */
  MdCatalogue *catalogue; /* the procedures; NULL when they cannot be read */
  char *forms_trouble;    /* why not */
  MdTrust *staff_trust;   /* signs intakes and decisions */

  Revocation *revocation;        /* the lists of revoked certificates */
  Backup *backup;                /* copies of the database */
  guint room;                    /* on the disk, as it was looked at last: room.h */
  struct OcspTraffic *questions; /* about certificates, brought to the responder */

  gboolean clock_believed; /* by it things may be over: retain.h */
  guint retain_ticks;

  guint letters_asked; /* questions about letters of other terminals that are under way */

  OutboxSource *source;
  MdDelivery *delivery; /* NULL without a database */
  char *line_since;     /* when the line's state last changed */
  char *line_success;   /* last acknowledged item */
  char *notice_refused; /* digest of the notice whose refusal is in the log already */
  gint64 own_looked;    /* own-certificate.h: when, monotonic; 0: never */
  gint64 own_from;      /* the life of this terminal's certificate, seconds; 0: there is none */
  gint64 own_until;
  const char *line_cause; /* the trouble with the line that is in the log already */

  MdBusTerminal1 *skeleton;
  GDBusConnection *connection;
  guint names_subscription;
  char *bus; /* its id: names on another are others */
  Unserved *unserved;
  guint tick;
} Service;

/* Never fails: what is wrong is kept, told in the property Trouble, and answered to every call that
 * needs it. */
Service *service_new (Settings *settings) G_GNUC_WARN_UNUSED_RESULT;
void service_free (Service *self);

/* Puts the object on the bus. */
gboolean service_export (Service *self, GDBusConnection *connection, GError **error);

/* Starts to deliver; after the name is ours, so that no two services ever do. */
void service_start (Service *self);

/* How the gateway is reached, with the pair that is in use now. (transfer full) */
MdLineConfig *service_dup_line (const Service *self) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the policy file again. */
void service_reload (Service *self);

/* Brings the properties up to date. */
void service_refresh (Service *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Service, service_free)
