// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_APDU_INSIDE) && !defined(MD_APDU_COMPILATION)
#error "Include <md-apdu.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** One response APDU; @data is borrowed. */
typedef struct
{
  const guint8 *data;
  gsize size;
  guint16 sw;
} MdResponse;

/** Splits an answer into data and status word; FALSE with MD_APDU_ERROR_TRUNCATED under two bytes,
 * _TOO_LARGE over MD_LIMIT_APDU_RESPONSE. */
gboolean md_response_parse (const guint8 *bytes, gsize size, MdResponse *out_response,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
