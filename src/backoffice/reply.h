// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "person.h"

G_BEGIN_DECLS

/* Replies to written inquiries and results of inquiries. data/protocol/reply-1.schema.json
 * describes the file. */

#define REPLY_FILE_MAX MD_LIMIT_WIRE_JSON
#define REPLY_MAX 400u /* in one file */

/* One of a file: which intake it names, and what of it is kept when it fits. */
typedef struct
{
  gboolean result; /* of an inquiry; else the reply to a written one */
  char *inquiry;   /* the office's own number of what was asked */
  char *intake;    /* id or receipt number, or NULL */
  MdRecord *content;
} Reply;

void reply_free (Reply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

/* Reads the text of a file strictly: no member that is not described, every length bounded. The
 * message says which reply and which member, and quotes nothing. (transfer full) (element-type
 * Reply) */
GPtrArray *reply_parse (const void *data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A value of what is kept, "" where it is not there. Borrowed. */
const char *reply_get_item (const MdRecord *content, PersonItemId item);
const char *reply_get_number (const MdRecord *content, PersonNumber number);

/* How a reply stands to an opened intake. */
typedef struct
{
  MdMatch items[N_PERSON_ITEMS];
  gboolean given[N_PERSON_NUMBERS];
  PersonVerdict numbers[N_PERSON_NUMBERS]; /* of those that were given */
} ReplyMatch;

void reply_match (const Case *subject, const Desk *desk, const MdRecord *content,
                  ReplyMatch *out_match);

/* Whether a number of it is somebody else's, and whether one of them is this person's. */
gboolean reply_is_of_other (const ReplyMatch *match);
gboolean reply_has_number (const ReplyMatch *match);

/* Whether name and day of birth are this person's, in whatever form. */
gboolean reply_names_person (const ReplyMatch *match);

/* How many of the four items say otherwise. */
guint reply_count_different (const ReplyMatch *match);

/* Stable words for the export. */
const char *reply_number_to_string (PersonNumber number);

G_END_DECLS
