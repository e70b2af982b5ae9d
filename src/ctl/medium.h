// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verb.h"

/* The medium that is mounted at PATH. */
typedef struct
{
  int folder;
  char *key; /* SHA-256 (hex) of its key file; NULL where it has none */
} Medium;

/* Opens it; what is wrong is said in words. medium_close() afterwards. */
gboolean medium_open (const char *path, Medium *out_medium, GError **error);
void medium_close (Medium *medium);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Medium, medium_close)

/* What the errno of a medium means to whoever holds it, in place of *ERROR. */
void medium_explain (GError **error);

/* Tells the ledger what has become of BUNDLE on the medium that is there (NULL: none is), on which
 * the list has this DIGEST (NULL: it cannot be read). */
gboolean medium_note (MdBusTerminal1 *proxy, const Medium *medium, const char *bundle,
                      const char *digest, const char *what, GError **error);
