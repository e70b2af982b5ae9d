// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_AUDIT_INSIDE) && !defined(MD_AUDIT_COMPILATION)
#error "Include <md-audit.h>."
#endif

#include "md-audit-log.h"

G_BEGIN_DECLS

/* How many refusals of one kind (peer, event, outcome, cause) are recorded one by one: so many at
 * once, then one more for every interval. All kinds together share a second, larger allowance,
 * counts included: those with an officer one, those without another. */
#define MD_AUDIT_GATE_BURST 10
#define MD_AUDIT_GATE_INTERVAL_S 10
#define MD_AUDIT_GATE_TOTAL_BURST 300
#define MD_AUDIT_GATE_TOTAL_INTERVAL_S 5

/* Kinds remembered at a time; what does not fit is counted together in one more. */
#define MD_AUDIT_GATE_MAX_KINDS 64

/* A count is recorded this long after its first refusal; twice as long each time the flood goes on,
 * up to the second. */
#define MD_AUDIT_GATE_WINDOW_S 60
#define MD_AUDIT_GATE_WINDOW_MAX_S 3600

/* Keeps a flood of refused calls from filling the log and from holding up who has work to do:
 * every refusal is in the log, but beyond the allowance as a number ("cause=... more=9990 from=...
 * to=..."). Memory is bounded. Belongs to the thread of its log. */
typedef struct _MdAuditGate MdAuditGate;

/* AUDIT must outlive the gate. */
MdAuditGate *md_audit_gate_new (MdAudit *audit, MdClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void md_audit_gate_free (MdAuditGate *self);

/* Whether this refusal may have a record of its own, which the caller then writes. FALSE: it has
 * been counted, and the count will be recorded with ENTRY's event, outcome and officer. CAUSE is
 * one plain word. PEER is who called (a bus name); NULL for unknown. */
gboolean md_audit_gate_admit (MdAuditGate *self, const char *peer, const MdAuditEntry *entry,
                              const char *cause) G_GNUC_WARN_UNUSED_RESULT;

/* Counts it alone, whatever the allowance; arguments as above. */
void md_audit_gate_count (MdAuditGate *self, const char *peer, const MdAuditEntry *entry,
                          const char *cause);

/* Records the counts whose window has closed; call it every few seconds. What cannot be written is
 * kept for the next time. */
gboolean md_audit_gate_settle (MdAuditGate *self, GError **error);

/* The same for all counts, closed or not: at the end of the service. */
gboolean md_audit_gate_settle_all (MdAuditGate *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdAuditGate, md_audit_gate_free)

G_END_DECLS
