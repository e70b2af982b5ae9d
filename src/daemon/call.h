// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* What the methods of the interface share: who calls, refusals with their record, errors in the
 * bus's words. */

/* Answers with ERROR (transfer full), its cause translated into MdBusError. For what failed, and
 * for refusals that are in the log already; every other refusal goes through the calls below. */
void call_fail (GDBusMethodInvocation *invocation, GError *error);
void call_fail_literal (GDBusMethodInvocation *invocation, MdBusError code, const char *message);

/* Refuses a call that is no officer's act (nobody logged in, another's session, malformed): event
 * "call", "cause=CAUSE call=METHOD uid=USER peer=NAME". ERROR is transferred. */
void call_reject (Service *self, GDBusMethodInvocation *invocation, const char *cause,
                  GError *error);
void call_reject_literal (Service *self, GDBusMethodInvocation *invocation, const char *cause,
                          MdBusError code, const char *message);

/* The same for what the staff desk said of the session ID, the cause told apart. */
void call_reject_session (Service *self, GDBusMethodInvocation *invocation, const char *id,
                          GError *error);

/* ERROR of any module in the domain MD_BUS_ERROR, in place. */
void call_translate (GError **error);

/* FALSE after answering that the database cannot be used. */
gboolean call_has_database (Service *self, GDBusMethodInvocation *invocation);

/* The officer behind a live session of the caller, NULL after answering. */
const MdPolicyStaff *call_officer (Service *self, GDBusMethodInvocation *invocation,
                                   const char *session);

/* The intake ID of this officer, which becomes the object of ENTRY; NULL after answering, as
 * call_officer() has where OFFICER is NULL. */
MdOutboxIntake *call_own_intake (Service *self, GDBusMethodInvocation *invocation,
                                 const MdPolicyStaff *officer, const char *id,
                                 MdAuditEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the caller is the superuser or the service's own user; answers (and records) when not. */
gboolean call_is_administrator (Service *self, GDBusMethodInvocation *invocation,
                                const char *event);

/* For what takes no session and is not told to everybody at the bus: whether the caller is logged
 * in with the right to it (rights.h), or not logged in and as call_is_administrator() has it.
 * Answers (and records) when not. */
gboolean call_is_admitted (Service *self, GDBusMethodInvocation *invocation);

/* Whether the caller may look at the log: logged in as an auditor or administrator, or not logged
 * in and as call_is_administrator() has it. Answers (and records) when not. Fills in @out_entry,
 * the record of @event, with who it is. */
gboolean call_may_audit (Service *self, GDBusMethodInvocation *invocation, const char *event,
                         MdAuditEntry *out_entry);

/* An audit entry with the officer's columns filled in. */
MdAuditEntry call_entry (const MdPolicyStaff *officer, const char *event);

/* Refuses an act: writes the record (outcome refused, "cause=CAUSE"; what is known of the caller
 * where ENTRY names no officer), then answers with ERROR (transfer full). When the record cannot be
 * written, that is what the caller hears. Of a flood only the first are recorded one by one, the
 * rest as a number. */
void call_refuse (Service *self, GDBusMethodInvocation *invocation, MdAuditEntry *entry,
                  const char *cause, GError *error);

/* A record (or its count, in a flood) of what no officer stands for: ENTRY's event and outcome,
 * "cause=CAUSE call=METHOD uid=USER peer=PEER"; METHOD may be NULL. */
gboolean call_record_stranger (Service *self, const char *peer, MdAuditEntry *entry,
                               const char *cause, const char *method, GError **error);

/* "uid=USER peer=PEER": what is known of a caller whom no officer stands for. */
char *call_describe_peer (Service *self, const char *peer);

/* A number under which the officer goes on with DRAFT, as the reservation that ReserveIntake
 * answers; NULL after answering. */
GVariant *intake_resume (Service *self, GDBusMethodInvocation *invocation,
                         const MdPolicyStaff *officer, const MdOutboxDraft *draft,
                         MdAuditEntry *entry);

/* The methods, by file. Each connects its handlers to the skeleton. */
void login_connect (Service *self);
void intake_connect (Service *self);
void drafts_connect (Service *self);
void submit_connect (Service *self);
void hold_connect (Service *self);
void naming_connect (Service *self);
void decide_connect (Service *self);
void letters_connect (Service *self);
void notices_connect (Service *self);
void report_connect (Service *self);
void events_connect (Service *self);
void readers_connect (Service *self);
void card_pin_connect (Service *self);
void admin_connect (Service *self);
void revocation_connect (Service *self);
void ocsp_connect (Service *self);
void ocsp_disconnect (Service *self);
