// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-scan.h>
#include "case.h"

G_BEGIN_DECLS

/* A scanned document of an intake, opened and found to be what the application says it is. */
typedef struct
{
  guint number;             /* of attachments/NN.cms */
  const char *paper, *how;  /* borrowed from the case's papers; the paper as the form names it */
  MdSensitivity class;      /* of what is seen on it: as the form says, or stricter as sealed */
  gboolean class_differs;   /* it was sealed for another class than the form here says */
  const MdRecord *said;     /* what the application says of it, borrowed */
  MdScanDocument *document; /* NULL: it is sealed to the number's vault, whose key is not here */
} Scan;

void scan_free (Scan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scan, scan_free)

/* Opens each attachment of the opened @self and holds it against the application: as many, in their
 * order, of that kind, told by the first bytes, size and digest.
 * How it was sealed, as the signed manifest says, decides which key opens it. CASE_ERROR_FORGED,
 * CASE_ERROR_UNOPENED. What today's inspection says of one is no reason to refuse it
 * (md_scan_document_get_passed()). (transfer full; element-type Scan) */
GPtrArray *scans_open (const Case *self, const Desk *desk,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
