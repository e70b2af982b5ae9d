// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <md-seal.h>

#include "md-desk-private.h"

G_BEGIN_DECLS

/* What an officer's card does with a sealed application: opens it or signs a decision upon it. The
 * worker's own references. */
typedef struct
{
  MdContainer *container;
  MdStaffEntry entry;
  GBytes *own_certificate; /* DER; no other card will do */
  gboolean number;         /* open the number, too */
  MdDecision *decision;    /* NULL: open */
  gint64 now;
} MdOfficerJob;

/* certificate: the officer's own, of the key the job uses; pin: NULL at the reader's keypad. */
MdOfficerJob *_md_officer_job_new (MdDesk *desk, MdContainer *container, MdSecret *pin,
                                   GBytes *certificate);
void _md_officer_job_free (gpointer data);

/* On the worker: the card's key of this slot, if the card is the officer's own. */
MdKey *_md_officer_job_key (MdOfficerJob *job, MdCardConnection *connection, MdStaffSlot slot,
                            MdCertificate **out_certificate, GCancellable *cancellable,
                            GError **error);

/* An MdCardJob's func: signs the decision; the result is MdDecisionFiles. */
gpointer _md_officer_job_decide (MdCardConnection *connection, gpointer data,
                                 GCancellable *cancellable, GError **error);

/* The decision of the officer at work upon this application; counting: the roles that let them
 * decide. (transfer full) */
MdDecision *_md_officer_decision (MdDesk *desk, MdContainer *container, MdDecisionKind kind,
                                  const char *reason, MdRoles counting);

/* For Decide(). */
GVariant *_md_officer_files_variant (const MdDecisionFiles *files);

/* Whether one of the MdReasons has this code. */
gboolean _md_reasons_have (GListModel *reasons, const char *code);

/* The lines of a notice, one a line: of which field, and what about it; no value is in one.
 * catalogue may be NULL. Caller owns. */
char *_md_notice_dup_lines (const MdNotice *notice, MdCatalogue *catalogue);

G_END_DECLS
