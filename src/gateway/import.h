// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "office.h"

G_BEGIN_DECLS

typedef enum
{
  IMPORT_WHOLE, /* everything is in the store, and has its receipt on the medium */
  IMPORT_PART,  /* something was refused, or could not be read or written; in words */
} ImportResult;

/* Takes in every bundle on the registered medium that is mounted at @path, when the virus scanner
 * for media has found nothing there, or the one on it whose folder @path is,
 * through the same checks and into the same store as what terminals PUT; the receipt of each item
 * goes beside it, and one line about each to standard output. What is there already is answered
 * with its receipt again. FALSE with @error when nothing could be looked at. */
gboolean import_medium (Office *office, const char *path, ImportResult *out_result,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
