// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_STAFF_INSIDE) && !defined(MD_STAFF_COMPILATION)
#error "Include <md-staff.h>."
#endif

#include "md-audit.h"
#include "md-db.h"
#include "md-pki.h"
#include "md-policy.h"
#include "md-staff-password.h"

G_BEGIN_DECLS

typedef enum
{
  MD_STAFF_ERROR_FAILED,
  MD_STAFF_ERROR_CARD_UNKNOWN,  /* no officer of the policy has this card, or the card is not valid
                                 */
  MD_STAFF_ERROR_CARD_MISMATCH, /* the signature is not this card's */
  MD_STAFF_ERROR_LOGIN_UNKNOWN, /* no such login, used up or too old */
  MD_STAFF_ERROR_PASSWORD_WRONG,
  MD_STAFF_ERROR_PASSWORD_UNSET, /* nobody has given the officer a password yet */
  MD_STAFF_ERROR_LOCKED_OUT,     /* too many failed tries */
  MD_STAFF_ERROR_BUSY,           /* another officer works at this terminal */
  MD_STAFF_ERROR_NO_SESSION,     /* not logged in, or not from here */
  MD_STAFF_ERROR_SESSION_LOCKED,
  MD_STAFF_ERROR_WEAK, /* the new password is too easy */
  MD_STAFF_ERROR_NO_POLICY,
} MdStaffError;

#define MD_STAFF_ERROR (md_staff_error_quark ())
GQuark md_staff_error_quark (void);

#define MD_STAFF_MAX_FAILURES 5
#define MD_STAFF_LOCKOUT_S (15 * 60)
#define MD_STAFF_CHALLENGE_SIZE 32

/* The accounts and the one session of a terminal. Belongs to the thread of its connection. */
typedef struct _MdStaffDesk MdStaffDesk;

/* A login (or one taken up again). Strings are borrowed from the desk and valid while the session
 * lives. */
typedef struct
{
  const char *id; /* 32 hex digits */
  const char *staff;
  const char *owner; /* unique bus name */
  gboolean locked;
} MdStaffSession;

/* SESSION ended for REASON ("logout", "idle", "expired", "replaced", "vanished", "policy"). */
typedef void (*MdStaffEnded) (const MdStaffSession *session, const char *reason,
                              gpointer user_data);

gboolean md_staff_migrate (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

MdStaffDesk *md_staff_desk_new (MdDb *db, MdAudit *audit, MdClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void md_staff_desk_free (MdStaffDesk *self);
void md_staff_desk_set_ended (MdStaffDesk *self, MdStaffEnded ended, gpointer user_data);

/* GATE (which must outlive the desk) keeps a flood of refused logins out of the log; NULL: each one
 * is recorded. */
void md_staff_desk_set_gate (MdStaffDesk *self, MdAuditGate *gate);

/* The policy that logins are judged by; NULL: nobody can log in. ALLOW_TEST accepts the
 * certificates of a test PKI. Ends a session whose officer the new policy does not name. */
void md_staff_desk_set_policy (MdStaffDesk *self, MdPolicy *policy, gboolean allow_test);

/* Sets (and unlocks) the password of an officer the policy names. BY stands in the audit record. */
gboolean md_staff_desk_set_password (MdStaffDesk *self, const char *staff, const MdSecret *password,
                                     const char *by, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* First half. *out_login and *out_challenge (MD_STAFF_CHALLENGE_SIZE bytes) are the caller's. */
gboolean md_staff_desk_begin (MdStaffDesk *self, const char *owner, GBytes *certificate,
                              char **out_login, GBytes **out_challenge,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whose password is to be checked now. */
typedef struct
{
  char *staff;
  MdPasswordVerifier *verifier;
} MdStaffCheck;

void md_staff_check_free (MdStaffCheck *check);

/* Second half in three steps, so that the slow one can run in another thread: check the card's
 * answer; compute md_password_verifier_matches() anywhere; tell the result. The first uses the
 * login up. */
MdStaffCheck *md_staff_desk_check_card (MdStaffDesk *self, const char *owner, const char *login,
                                        GBytes *signature,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
const MdStaffSession *md_staff_desk_conclude (MdStaffDesk *self, const char *owner,
                                              const char *staff, gboolean password_matches,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one session of the terminal, whosever it is and locked or not; NULL when nobody is logged in.
 */
const MdStaffSession *md_staff_desk_get_session (MdStaffDesk *self);

/* OWNER's live and unlocked session, NULL when there is none. */
const MdStaffSession *md_staff_desk_peek (MdStaffDesk *self, const char *owner);

/* The session if it is OWNER's, alive and unlocked; its idle clock starts again. Errors:
 * NO_SESSION, SESSION_LOCKED. */
const MdStaffSession *md_staff_desk_use (MdStaffDesk *self, const char *owner, const char *session,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean md_staff_desk_lock (MdStaffDesk *self, const char *owner, const char *session,
                             const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_staff_desk_logout (MdStaffDesk *self, const char *owner, const char *session,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bus name is gone: its logins and its session end. */
void md_staff_desk_owner_vanished (MdStaffDesk *self, const char *owner);

/* Ends what is idle or too old; call it every few seconds. */
void md_staff_desk_expire (MdStaffDesk *self);

/* When the officer logged in before this time (RFC 3339, NULL for never) and how many tries failed
 * since; of the last conclude. */
const char *md_staff_desk_get_last_login (MdStaffDesk *self);
guint md_staff_desk_get_failed_since (MdStaffDesk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdStaffCheck, md_staff_check_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdStaffDesk, md_staff_desk_free)

G_END_DECLS
