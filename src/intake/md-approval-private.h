// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <md-seal.h>

#include "md-approval-looks.h"
#include "md-desk-private.h"

G_BEGIN_DECLS

struct _MdApproval
{
  GObject parent_instance;

  MdDesk *desk; /* owns us; NULL once ended */
  MdIntakeRow *row;
  MdApprovalWait wait;
  MdTrouble *trouble;
  MdTrouble *finding; /* why it is unfit */
  MdTrouble *unread;  /* why it could not be read, where it can be returned all the same */
  GCancellable *cancellable;

  MdContainer *container;
  MdPolicy *policy; /* under which it was taken in: what the clerk did is judged by it */
  guint next_n;
  GVariant *letter; /* of delegation, that it is filed by or changes, as the service knows it */
  MdForm *form;
  MdFormData *data;
  MdPerson *person;
  MdIdentityProof *proof;
  GListStore *comparison, *checks;
  GListStore *looks;                   /* MdScanLook: the scanned documents */
  GListModel *reasons[MD_N_DECISIONS]; /* by MdDecisionKind; what was decided is undone elsewhere */
  guint differences;
  gboolean unfit; /* what was sealed does not fit together: it can be returned, and nothing else */
  gboolean grave; /* and somebody may have meant it */
  char *outcome;
};

void _md_approval_set_wait (MdApproval *self, MdApprovalWait wait);
void _md_approval_set_trouble (MdApproval *self, MdTrouble *trouble);
/* Nothing is left but closing. */
void _md_approval_refuse (MdApproval *self, const GError *error);
/* Nothing is left but returning it, where the error says for certain that what was handed in does
 * not fit together; else nothing but closing. What was opened before goes. */
void _md_approval_find (MdApproval *self, const GError *error);
/* md-approval-unread.c: as _md_approval_refuse(); where what came of opening it may be the fault of
 * what sealed it, it can be returned all the same. */
void _md_approval_refuse_unread (MdApproval *self, const GError *error);
/* That the officer confirmed that it is to go back unread, where it is; that it did, the service
 * records. */
void _md_approval_record_unread (MdApproval *self);
/* @verdict: NULL for the word of the state. */
void _md_approval_add_check (MdApproval *self, const char *id, const char *title,
                             MdCheckState state, const char *verdict);

/* What the officer's card opened; bytes are wiped when freed. */
typedef struct
{
  GBytes *application, *number, *evidence;
  GPtrArray *scans; /* MdScanDocument, in the order of their numbers */
} MdOpened;
void _md_opened_free (gpointer data);

/* Fills data, person, comparison and checks from what was opened. */
gboolean _md_approval_show (MdApproval *self, const MdOpened *opened, GError **error);
/* Tells the screen that data, form, comparison are there. */
void _md_approval_notify_content (MdApproval *self);

/* The fields of the differences that are ticked, with commas between them. Caller owns. */
char *_md_approval_dup_seen (MdApproval *self);

/* md-approval-looks.c: what was looked at. */
/* Lists the scanned documents of what was opened. */
void _md_approval_add_looks (MdApproval *self);
/* Which of them was looked at how, for the log; out_counts: one for each MdLook, added to. Caller
 * owns. */
char *_md_approval_describe_looks (MdApproval *self, guint *out_counts);
void _md_approval_notify_looks (MdApproval *self);

/* md-approval-papers.c: an identification without a card. */
void _md_approval_add_papers (MdApproval *self, const MdPapers *papers);
/* Nobody was identified: who brought it, and whether form and contents say the same. */
void _md_approval_add_brought (MdApproval *self, const MdBrought *brought);
/* Who files, by which paper, and whether the contents say the same. */
void _md_approval_add_filer (MdApproval *self);

/* md-approval-scans.c: scanned documents. */
/* Always FALSE. */
gboolean _md_approval_has_no_memory (GError **error);
/* On the worker: opens those that are sealed to the officer; NULL in the place of each that is not.
 * FALSE: one cannot be opened. */
gboolean _md_approval_open_scans (MdContainer *container, MdKey *key,
                                  const MdCertificate *certificate, GCancellable *cancellable,
                                  GPtrArray **out_scans, GError **error);
/* They are those of the application; a check says so, and one what was left out for an inquiry. */
gboolean _md_approval_add_scans (MdApproval *self, const GPtrArray *scans, GError **error);

/* md-approval-letters.c: letters of delegation. */
/* What approving it allows; NULL where it is no letter, or says it not. (transfer full) */
MdDelegation *_md_approval_read_letter (MdApproval *self);
/* Of a letter: that it says what it allows. Of what is filed by one: which. */
void _md_approval_add_letter (MdApproval *self);

/* md-approval-officers.c: who checked it before, where two officers have to agree. */
void _md_approval_add_officers (MdApproval *self);
/* The roles that let an officer decide so. */
MdRoles _md_approval_get_roles (MdApproval *self, MdDecisionKind kind);
/* md-approval-visit.c: what was explained and handed out, by the evidence. */
gboolean _md_approval_add_visit (MdApproval *self, const guint8 *evidence, gsize size,
                                 GError **error);

/* A check for each hold that a supervisor released. */
gboolean _md_approval_add_holds (MdApproval *self, const GPtrArray *holds, GError **error);

G_END_DECLS
