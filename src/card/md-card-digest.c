// SPDX-License-Identifier: Apache-2.0
#include "md-card-digest.h"

#include <openssl/evp.h>

void
md_card_digest (const MdCardPiece *pieces, gsize count, guint8 *out_digest)
{
  unsigned int length = MD_CARD_DIGEST_SIZE;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean ok = context != NULL && EVP_DigestInit_ex (context, EVP_sha256 (), NULL) == 1;
  for (gsize i = 0; ok && i < count; i++)
    ok = EVP_DigestUpdate (context, pieces[i].data, pieces[i].size) == 1;
  ok = ok && EVP_DigestFinal_ex (context, out_digest, &length) == 1;
  EVP_MD_CTX_free (context);
  if (!ok)
    g_error ("SHA-256 does not work");
}
