// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-form-data.h"

G_BEGIN_DECLS

/* What of an application is put aside while nobody works on it ("madoguchi-draft/1"): what was
 * typed, and which papers were handed in. No individual number is in it, and nothing that a card or
 * a document said: that is shown again. It is personal: its clear text is in the pages of a secret,
 * and leaves the process sealed only. */
typedef struct _MdFormDraft MdFormDraft;

/* What goes with it, as texts; any may be missing. */
typedef enum
{
  MD_DRAFT_CLERK,     /* whose draft it is */
  MD_DRAFT_TERMINAL,  /* and where */
  MD_DRAFT_STEP,      /* a word of the workflow */
  MD_DRAFT_NOTICE_AT, /* when the purpose was explained, and agreed to */
  MD_DRAFT_REPLACES,  /* the returned intake that it takes up again */
  MD_DRAFT_WHOSE,     /* by what the person is known again, */
  MD_DRAFT_WHOSE_KEY, /* under this */
  MD_DRAFT_VISIT,     /* the visit that it is one of, as the workflow writes it */
  MD_N_DRAFT_FACTS
} MdDraftFact;

/* The clear text of a draft, to be sealed. Error: MD_FORMS_ERROR_DATA. (transfer full) */
MdSecret *md_form_data_to_draft (MdFormData *self, const char *const facts[MD_N_DRAFT_FACTS],
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads that again. Error: MD_FORMS_ERROR_DATA, in words: it is damaged, or of a newer version.
 * (transfer full) */
MdFormDraft *md_form_draft_parse (const void *data, gsize size,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads and looks through the scans that are in it, which takes seconds where they are large: on a
 * worker, before it is handed over. Without this, md_form_data_take_draft() does it. */
void md_form_draft_read_scans (MdFormDraft *self, GCancellable *cancellable);
/* Wipes. NULL is allowed. */
void md_form_draft_free (MdFormDraft *self);

/* Borrowed; NULL where it is not there. */
const char *md_form_draft_get_procedure (const MdFormDraft *self);
const char *md_form_draft_get_fact (const MdFormDraft *self, MdDraftFact fact);

/* Fills a new application of the same procedure, of whatever version, with what still fits. What
 * has to be entered again is told by its labels, each once: fields and papers that are gone, what
 * a field does not take any more, numbers (no draft holds one) and declarations (they are agreed
 * to anew). (transfer full; element-type utf8) */
GPtrArray *md_form_data_take_draft (MdFormData *self,
                                    const MdFormDraft *draft) G_GNUC_WARN_UNUSED_RESULT;

/* Fills an application of another procedure with what the same person said for an earlier one of
 * this visit: each field that both have, that is empty or as the form begins, and that these eyes
 * may read and change. It is marked ("carried") until somebody changes it. Not what each
 * application asks for anew ("anew" in the dictionary), what is about the process, declarations,
 * and papers. Of several, the last one is taken first. */
void md_form_data_take_earlier (MdFormData *self, const MdFormDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdFormDraft, md_form_draft_free)

G_END_DECLS
