// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* The body of a GET letter: what an accepted letter of delegation (委任状) allows now, as its
 * officers signed it, for another terminal than the one that accepted it. Nobody is named in it:
 * @principal and @delegate are keyed digests, and the key, the letter's code, is with the people
 * concerned alone. Strings are owned. */
typedef struct
{
  char *intake;         /* of the letter */
  char *receipt_number; /* its */
  char *decision;       /* SHA-256 (hex) of the decision that says it, the last upon the letter */
  char **procedures;
  char *from, *to;            /* first and last day, YYYY-MM-DD */
  char *principal, *delegate; /* hex */
  gboolean ended;
  char *given_back; /* when the back office gave it back, RFC 3339; NULL: it did not */
} MdLetterMessage;

MdLetterMessage *md_letter_message_new (void) G_GNUC_WARN_UNUSED_RESULT;
void md_letter_message_free (MdLetterMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLetterMessage, md_letter_message_free)

/* As the wire has it. Any thread. Returns: (transfer full). */
GBytes *md_letter_message_encode (const MdLetterMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/* Reads such a body, strictly; every member is of its form. Errors: MD_PROTOCOL_ERROR. Any thread.
 * Returns: (transfer full). */
MdLetterMessage *md_letter_message_decode (GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
