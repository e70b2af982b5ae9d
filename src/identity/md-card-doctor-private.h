// SPDX-License-Identifier: Apache-2.0
// Private to src/identity: one examination of the reader doctor, and what it looks at in a card.
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "md-card-doctor-private.h is private to src/identity"
#endif

#include "md-card-doctor.h"

#include <md-card.h>

G_BEGIN_DECLS

// The findings so far, and where they are about.
typedef struct
{
  GPtrArray *findings; // of MdCardFinding
  MdClock *clock;
  const char *reader; // NULL: none in particular
  GCancellable *cancellable;
} MdCardVisit;

// WHAT and REMEDY (or NULL) are translated already.
void _md_card_visit_note (MdCardVisit *visit, MdCardLayer layer, MdCardHealth health,
                          const char *what, const char *remedy);
void _md_card_visit_good (MdCardVisit *visit, MdCardLayer layer, const char *what);
void _md_card_visit_bad (MdCardVisit *visit, MdCardLayer layer, const char *what,
                         const char *remedy);
// At fault, and mended by an administrator with COMMAND; REMEDY is what a clerk does.
void _md_card_visit_for_administrator (MdCardVisit *visit, MdCardLayer layer, const char *what,
                                       const char *remedy, const char *command);
// The layers from FIRST on were not reached.
void _md_card_visit_not_reached (MdCardVisit *visit, MdCardLayer first);

// A PIN of a card, or digits printed on it, and the tries left: MD_CARD_TRIES_NONE where the card
// has no such thing.
typedef struct
{
  MdCardPin pin;
  int tries;
} MdPinTries;

// What is to be said of the tries, as one finding. FALSE: all is well, and nothing was said.
gboolean _md_card_visit_pins (MdCardVisit *visit, const MdPinTries *pins,
                              gsize count) G_GNUC_WARN_UNUSED_RESULT;

// A list for findings. (transfer full)
GPtrArray *_md_card_findings_new (void) G_GNUC_WARN_UNUSED_RESULT;

// A real SELECT and a real READ of the card: one finding for each layer from the contact up. FALSE
// with ERROR, and nothing found, where neither card nor contact is the trouble. Blocks; on the
// worker.
gboolean _md_card_visit_card (MdCardVisit *visit, MdCardConnection *connection, GError **error);

// Where no connection came about, or nothing came of it.
void _md_card_visit_refusal (MdCardVisit *visit, const GError *error);

G_END_DECLS
