// SPDX-License-Identifier: Apache-2.0
#include "md-digest.h"

void
md_sha256 (gconstpointer data, gsize size, guint8 out[static MD_SHA256_SIZE])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = MD_SHA256_SIZE;

  if (size > 0)
    g_checksum_update (sum, data, (gssize)size);
  g_checksum_get_digest (sum, out, &length);
}
