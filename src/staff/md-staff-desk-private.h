// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_STAFF_COMPILATION
#error "Private to this module."
#endif

#include "md-staff-desk.h"

#define SESSION_ID_SIZE 16

/* A challenge that waits for its answer. */
typedef struct
{
  char *owner;
  char *staff;
  MdCertificate *certificate;
  guint8 challenge[MD_STAFF_CHALLENGE_SIZE];
  gint64 begun_ns;
} Pending;

/* Who is logged in. */
typedef struct
{
  MdStaffSession public;
  char *id;
  char *staff;
  char *owner;
  gint64 begun_ns;
  gint64 used_ns;
} Session;

struct _MdStaffDesk
{
  MdDb *db;
  MdAudit *audit;
  MdAuditGate *gate;  /* may be NULL */
  const char *caller; /* whose login is being judged; for the time of the call */
  MdClock *clock;
  MdPolicy *policy;
  MdTrust *trust;
  GHashTable *pending; /* login id -> Pending */
  GHashTable *present; /* bus names that began a login and have not vanished */
  Session *session;    /* the one, or NULL */
  char *last_login;
  guint failed_since;
  MdStaffEnded ended;
  gpointer ended_data;
};

void _md_staff_pending_free (Pending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, _md_staff_pending_free)

/* Forgets the challenges of a bus name. */
void _md_staff_drop_pending (MdStaffDesk *self, const char *owner);

/* One audit record in the caller's transaction; the same in a transaction of its own. */
gboolean _md_staff_note (MdStaffDesk *self, const char *event, const char *staff,
                         MdAuditOutcome outcome, const char *detail, GError **error);
gboolean _md_staff_note_now (MdStaffDesk *self, const char *event, const char *staff,
                             MdAuditOutcome outcome, const char *detail, GError **error);

/* A refused login of self->caller: its record first (or its count, in a flood); when that cannot be
 * written, its error is what the caller gets. Always FALSE. */
gboolean _md_staff_refuse (MdStaffDesk *self, const char *staff, const char *detail,
                           MdStaffError code, GError **error, const char *format, ...)
    G_GNUC_PRINTF (6, 7);

void _md_staff_new_session (MdStaffDesk *self, const char *owner, const char *staff);
void _md_staff_end_session (MdStaffDesk *self, const char *reason);
void _md_staff_touch (MdStaffDesk *self);
