// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-intake.h"

G_BEGIN_DECLS

/* An application that is not finished: what was typed, sealed to its clerk, and the least that is
 * needed to find it again. Strings are owned; NULL where unknown. */
typedef struct
{
  char *id; /* UUIDv7, its own; of a visit, that of the intake that was handed in last */
  char *procedure;
  char *clerk;
  char *begun;     /* when the person was first taken in, RFC 3339 */
  gint64 until_ms; /* it is erased then; wall clock */
  char *replaces;  /* the returned intake that it takes up again */
  char *intake;    /* the one that works on it now; NULL: it waits */
} MdOutboxDraft;

void md_outbox_draft_free (MdOutboxDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxDraft, md_outbox_draft_free)

/* So many may wait for one clerk. */
#define MD_OUTBOX_MAX_DRAFTS 50

/* What is put aside; borrowed. */
typedef struct
{
  const char *intake; /* RESERVED; for a visit, handed in */
  GBytes *body;       /* sealed to its clerk */
  gint64 keep_ms;     /* for so long from now */
} MdOutboxKeep;

/* The draft of an intake under way, in place of the one before. No record: it is work like any
 * other. MD_OUTBOX_ERROR_STATE, _UNKNOWN, _CONFLICT (too many of this clerk). */
gboolean md_outbox_keep_draft (MdOutbox *self, const MdOutboxKeep *keep,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Once an intake is handed in, what its visit goes on with: a draft of PROCEDURE that waits under
 * the intake's id, in place of the one before. MD_OUTBOX_ERROR_STATE: the intake is not handed in,
 * or somebody works on that draft; _UNKNOWN, _CONFLICT. */
gboolean md_outbox_keep_visit (MdOutbox *self, const MdOutboxKeep *keep, const char *procedure,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As md_outbox_keep_draft(), and the intake is given up: the draft waits from now on. One commit
 * with ENTRY (its object is the draft). A held intake cannot: MD_OUTBOX_ERROR_HELD. */
gboolean md_outbox_suspend (MdOutbox *self, const MdOutboxKeep *keep, const MdAuditEntry *entry,
                            MdOutboxDraft **out_draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new intake that goes on with a waiting draft, which stays until that one is finished, given up
 * or put aside again; RESERVE->replaces is what the draft says. One commit with ENTRY (its object
 * is the intake). MD_OUTBOX_ERROR_STATE: somebody works on it; _UNKNOWN: it is gone. */
MdOutboxIntake *md_outbox_resume (MdOutbox *self, const char *id, const MdOutboxReserve *reserve,
                                  const MdAuditEntry *entry,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* RESERVED to ABANDONED by nobody's will (the window or the machine stopped): what was kept of it
 * waits. As md_outbox_abandon() otherwise. */
gboolean md_outbox_lose (MdOutbox *self, const char *id, const MdAuditEntry *entry,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One draft. MD_OUTBOX_ERROR_UNKNOWN, also when its time is over. */
MdOutboxDraft *md_outbox_get_draft (MdOutbox *self, const char *id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is sealed in it. (transfer full) */
GBytes *md_outbox_get_draft_body (MdOutbox *self, const char *id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those that wait, oldest first, of CLERK (NULL: of all). (transfer full; element-type
 * MdOutboxDraft) */
GPtrArray *md_outbox_list_drafts (MdOutbox *self, const char *clerk,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A waiting one goes; one commit with ENTRY (its object is filled in). MD_OUTBOX_ERROR_UNKNOWN,
 * _STATE. */
gboolean md_outbox_erase_draft (MdOutbox *self, const char *id, const MdAuditEntry *entry,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Those whose time is over go, each with its record (ENTRY, likewise). */
gboolean md_outbox_sweep_drafts (MdOutbox *self, const MdAuditEntry *entry, guint *out_erased,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a draft, or the sealed copy of an intake, was erased since this was last asked: the
 * write-ahead log has to be emptied, too. */
gboolean md_outbox_take_erased (MdOutbox *self);

G_END_DECLS
