// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-base.h>
#include <md-record.h>

G_BEGIN_DECLS

/* Files with what people said and wrote, read strictly. Errors (G_IO_ERROR) say where, and quote
 * nothing. */

/* Where the reading stands. */
typedef struct
{
  const char *list; /* the member that is a list */
  guint entry;      /* of it, from 1; 0: the file itself */
} PaperPlace;

/* The bytes of a file of at most @limit. (transfer full) */
MdSecret *paper_read (const char *path, gsize limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An object of @schema, whose member @list is a list of 1 to @max objects and the only other one.
 * (transfer full) */
MdRecord *paper_parse (const void *data, gsize size, const char *schema, const char *list,
                       guint max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE with @error: the member is not as the schema has it. */
gboolean paper_complain (const PaperPlace *at, const char *member, GError **error);

/* The limits of one text. */
typedef struct
{
  const char *member;
  gboolean required;
  gsize max;           /* bytes */
  const char *allowed; /* its characters; NULL: any but control characters */
  const char *extra;   /* control characters that are allowed all the same, or NULL */
  gboolean words;      /* somebody wrote it freely: no individual number may be in it */
} PaperText;

/* The text of a member, which is checked; *@out_text: NULL where it may be missing and is.
 * Borrowed.
 */
gboolean paper_get_text (const PaperPlace *at, const MdRecord *object, const PaperText *rule,
                         const char **out_text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define PAPER_DIGITS "0123456789"
#define PAPER_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

G_END_DECLS
