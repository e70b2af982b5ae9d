// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* Of whom an intake is, in pseudonyms under a key that the caller keeps off this disk (hexadecimal,
 * or "" where it is not known). Only the day's are kept.
 *
 * The rule. Two intakes of one day are of one person when both know the individual number and it is
 * the same; where one of them does not know it, when what was shown (the certificate, the document)
 * or the address under this very name and birth date is the same. Of the same name and birth date
 * and not shown to be one, they are two: whoever comes second is taken for somebody else until a
 * supervisor has looked, because a wrong record of two people does not show any more later on. */
typedef struct
{
  const char *who;     /* name and birth date */
  const char *number;  /* individual number */
  const char *shown;   /* the card's certificate, or the document */
  const char *address; /* with name and birth date */
} MdOutboxPerson;

/* Why the intake is to be stopped. */
typedef enum
{
  MD_OUTBOX_DOUBT_SAME_NAME, /* today somebody else of this name and birth date was here */
  MD_OUTBOX_DOUBT_BEFORE,    /* the last of this person's intakes that was stopped, today or the one
                                that this takes up again, went on without this one's release; what
                                was released under another policy counts for it alone */
  MD_OUTBOX_N_DOUBTS
} MdOutboxDoubt;

/* A naming; borrowed. */
typedef struct
{
  const char *id;
  const char *day; /* YYYY-MM-DD */
  MdOutboxPerson person;
  const char *as;                         /* the same, as the manifest has to say it */
  gboolean nobody;                        /* this is enough, also where it says nobody */
  const char *raised[MD_OUTBOX_N_DOUBTS]; /* what is raised with which doubt: as in
                                             md_outbox_raise_hold() */
} MdOutboxNaming;

/* Says of whom a reserved intake is; as often as more is known, and for each person of it. Where
 * there is a doubt, the intake is stopped in the same commit (ENTRY as in md_outbox_raise_hold()):
 * the number of the hold goes to its place in OUT_HOLDS, else 0. What was stopped by a doubt stays
 * stopped, whatever is named later. Is somebody else named than last, the intake is filed by no
 * letter any more (md_outbox_cite()), which is recorded. MD_OUTBOX_ERROR_UNKNOWN, _STATE;
 * _CONFLICT: too many people, or too many holds. */
gboolean md_outbox_name_person (MdOutbox *self, const MdOutboxNaming *naming,
                                const MdAuditEntry *entry, guint out_holds[MD_OUTBOX_N_DOUBTS],
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As whom the intake was named last; "" as long as nobody was, by name and birth date, or with
 * "nobody". Caller owns;
 * NULL with ERROR. */
char *md_outbox_dup_named (MdOutbox *self, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether WHO (as in MdOutboxPerson) is as whom the intake was named last. */
gboolean md_outbox_is_named_as (MdOutbox *self, const char *id, const char *who,
                                gboolean *out_named, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
