// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include "md-intake-items.h"
#include "md-rows.h"
#include <md-forms.h>
#include <md-identity.h>

G_BEGIN_DECLS

MdTrouble *_md_trouble_new (const char *title, const char *meaning, const char *action,
                            const char *detail);
MdTrouble *_md_trouble_new_from_text (const MdCardText *text, const char *detail);
/* While it is new: that another way may help. */
void _md_trouble_name_other_way (MdTrouble *self);
/* The words for whatever went wrong: card, identity, service, or any other error. */
MdTrouble *_md_trouble_new_from_error (const GError *error);

MdCheck *_md_check_new (const char *id, const char *title);
/* verdict NULL: the usual word for the state. */
void _md_check_set (MdCheck *self, MdCheckState state, const char *verdict, const char *detail);

MdPerson *_md_person_new (void);
/* Fills the panel from the form's person fields, through the filter; identified NULL while nobody
 * is. */
void _md_person_fill (MdPerson *self, MdFormData *data, const char *identified, gboolean deferred);
void _md_person_wipe (MdPerson *self);
gboolean _md_person_is_empty (MdPerson *self);

typedef struct
{
  const char *field; /* its id */
  const char *label, *card, *application;
  const char *reason; /* the clerk's, for a correction */
  const char *why;    /* what differs and why, in words */
  MdMatch match;
} MdComparisonParts;
MdComparison *_md_comparison_new (const MdComparisonParts *parts);
void _md_comparison_set_seen (MdComparison *self, gboolean seen);

/* How a field of the form stands to what the card, or the signature certificate, says of it; NULL
 * where neither does. Caller owns. */
MdMatchVerdict *_md_comparison_judge (MdFormData *data, const MdIdentityProof *proof,
                                      const char *field) G_GNUC_WARN_UNUSED_RESULT;
/* The four items as they were read against the form, through the filter, differences first; gives
 * their number. */
guint _md_comparison_fill (GListStore *store, MdFormData *data, const MdIdentityProof *proof);

/* From the service's dictionaries; a{sv}. */
MdIntakeRow *_md_intake_row_new (GVariant *dict, MdCatalogue *catalogue, MdPolicy *policy,
                                 const char *staff);
MdQueueRow *_md_queue_row_new (GVariant *dict);
MdDraftRow *_md_draft_row_new (GVariant *dict, MdCatalogue *catalogue, MdPolicy *policy);
extern const MdRowKind _md_intake_row_kind, _md_queue_row_kind, _md_draft_row_kind;

/* An officer by name, NULL for none; by id where the policy does not know one of it. Borrowed. */
const char *_md_words_staff (const MdPolicyStaff *staff);
const char *_md_words_staff_id (MdPolicy *policy, const char *id);
/* The day and the time in Japan; NULL where the text says none. Caller owns. */
char *_md_words_moment (const char *rfc3339);
/* A text of one of the service's dictionaries; NULL where it is empty. Borrowed. */
const char *_md_words_lookup (GVariant *dict, const char *key);
/* The error of an answer that is about another application than the question. */
void _md_words_refuse_other (GError **error);

MdReason *_md_reason_new (const char *code, const char *label);
/* GListStore of MdReason. Caller owns. */
GListModel *_md_reasons_for_reveal (void);
GListModel *_md_reasons_for_return (void);
/* The one that is left where what was sealed does not fit together. */
GListModel *_md_reasons_for_unfit (void);
GListModel *_md_reasons_for_unread (void);
GListModel *_md_reasons_for_reject (void);
GListModel *_md_reasons_for_withdraw (void);
GListModel *_md_reasons_for_restore (void);
/* The label of any of these codes, or the code itself. */
const char *_md_reason_label (const char *code);
/* What the clerk does about an application that was returned for this reason. */
const char *_md_reason_advice (const char *code);

G_END_DECLS
