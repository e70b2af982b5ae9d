// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* What the methods of the interface share: who calls, refusals with their record, errors in the
 * bus's words. */

/* Answers with ERROR (transfer full), its cause translated into MdBusError. */
void call_fail (GDBusMethodInvocation *invocation, GError *error);
void call_fail_literal (GDBusMethodInvocation *invocation, MdBusError code, const char *message);

/* ERROR of any module in the domain MD_BUS_ERROR, in place. */
void call_translate (GError **error);

/* FALSE after answering that the database cannot be used. */
gboolean call_has_database (Service *self, GDBusMethodInvocation *invocation);

/* The officer behind a live session of the caller, NULL after answering. */
const MdPolicyStaff *call_officer (Service *self, GDBusMethodInvocation *invocation,
                                   const char *session);

/* Whether the caller is the superuser or the service's own user; answers (and records) when not. */
gboolean call_is_administrator (Service *self, GDBusMethodInvocation *invocation,
                                const char *event);

/* Whether the caller may look at the log: logged in as an auditor or administrator, or not logged
 * in and as call_is_administrator() has it. Answers (and records) when not. Fills in @out_entry,
 * the record of @event, with who it is. */
gboolean call_may_audit (Service *self, GDBusMethodInvocation *invocation, const char *event,
                         MdAuditEntry *out_entry);

/* An audit entry with the officer's columns filled in. */
MdAuditEntry call_entry (const MdPolicyStaff *officer, const char *event);

/* Refuses an act: writes the record (outcome refused, "cause=CAUSE"), then answers with ERROR
 * (transfer full). When the record cannot be written, that is what the caller hears. */
void call_refuse (Service *self, GDBusMethodInvocation *invocation, MdAuditEntry *entry,
                  const char *cause, GError *error);

/* The methods, by file. Each connects its handlers to the skeleton. */
void login_connect (Service *self);
void intake_connect (Service *self);
void submit_connect (Service *self);
void decide_connect (Service *self);
void report_connect (Service *self);
void admin_connect (Service *self);
