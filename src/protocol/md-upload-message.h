// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* Where the upload of a container stands, as the gateway says it. */
typedef struct
{
  guint64 size;    /* of the whole container, as the terminal said it; 0: nothing is there */
  guint64 offset;  /* how much of it lies there, from its beginning without a gap */
  gboolean stored; /* the container is in the store already: only the receipt is missing */
} MdUploadMessage;

/* As the wire has it. Any thread. Returns: (transfer full). */
GBytes *md_upload_message_encode (const MdUploadMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/* Read strictly: every member is there, is of its form, and there is no other. Errors:
 * MD_PROTOCOL_ERROR. Any thread. */
gboolean md_upload_message_decode (GBytes *body, MdUploadMessage *out,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The value of an Upload-Length header: digits, no zero in front, from 1 to MD_WIRE_MAX_CONTAINER;
 * 0 for anything else, and for NULL. */
guint64 md_upload_length_parse (const char *value);

G_END_DECLS
