// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the head of a request says that decides whether its body is wanted. */
typedef struct
{
  char method[8];  /* "other" for what is longer */
  char place[256]; /* the request target; empty for what is longer */
  guint hosts;     /* how many of each field there are */
  guint lengths;
  guint encodings; /* Transfer-Encoding */
  gboolean counts; /* Content-Length is digits and no more than 32 bits */
  guint64 length;  /* what it says; 0 where there is none */
} Head;

/* Reads one whole head of @size bytes, from the request line to the blank line. Stricter than
 * RFC 9112, so that no reader behind can understand it in another way: lines end in CR LF, no field
 * is folded, no byte is a control. FALSE: it is no HTTP, and @out_head is undefined. */
gboolean head_read (const char *text, gsize size, Head *out_head) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
