// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-desk.h"

G_BEGIN_DECLS

typedef enum
{
  MD_DRAFT_WAIT_LOADING, /* it comes from the service */
  MD_DRAFT_WAIT_PIN,     /* the officer's PIN, to open it: md_draft_open_async() */
  MD_DRAFT_WAIT_OPENING, /* the card opens it */
  MD_DRAFT_WAIT_ERASING,
  MD_DRAFT_WAIT_OTHER,   /* another officer's: a supervisor may erase it, and nothing else */
  MD_DRAFT_WAIT_REFUSED, /* "trouble": it is not here, or cannot be opened; erasing is left */
  MD_DRAFT_WAIT_DONE,    /* opened, and md_desk_get_intake() goes on with it; or erased */
} MdDraftWait;

#define MD_TYPE_DRAFT (md_draft_get_type ())
/* An intake that was suspended (中断), before it goes on.
 *
 * Properties (read-only, notified): "wait" i (MdDraftWait), "sentence" s, "trouble" MdTrouble or
 * NULL, "row" MdDraftRow. */
G_DECLARE_FINAL_TYPE (MdDraft, md_draft, MD, DRAFT, GObject)

MdDraftWait md_draft_get_wait (MdDraft *self);
const char *md_draft_get_sentence (MdDraft *self);
MdTrouble *md_draft_get_trouble (MdDraft *self);

/* Has the officer's own card open it (PIN; NULL at the reader's keypad), and begins an intake with
 * what was typed, in place of one in work: the person has to be identified again. */
void md_draft_open_async (MdDraft *self, MdSecret *pin, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
gboolean md_draft_open_finish (MdDraft *self, GAsyncResult *result, GError **error);

/* It goes for good. */
void md_draft_erase_async (MdDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean md_draft_erase_finish (MdDraft *self, GAsyncResult *result, GError **error);

G_END_DECLS
