// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-keyed-digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define MAX_PARTS 65536u

void
md_keyed_digest (const MdSecret *key, const char *const *parts,
                 guint8 out[static MD_KEYED_DIGEST_SIZE])
{
  g_autoptr (MdWriter) writer = md_writer_new (MAX_PARTS);
  g_autoptr (GBytes) text = NULL;
  guint size = 0;

  g_return_if_fail (key != NULL && parts != NULL);

  for (gsize i = 0; parts[i] != NULL; i++)
    md_writer_prefixed_text (writer, parts[i]);
  text = md_writer_finish (writer, NULL);
  if (text == NULL
      || HMAC (EVP_sha256 (), md_secret_get_data (key), (int)md_secret_get_size (key),
               g_bytes_get_data (text, NULL), g_bytes_get_size (text), out, &size)
             == NULL
      || size != MD_KEYED_DIGEST_SIZE)
    g_error ("HMAC-SHA-256 does not work");
}
