// SPDX-License-Identifier: Apache-2.0
#include "md-apdu.h"

#include <md-base.h>

gboolean
md_response_parse (const guint8 *bytes, gsize size, MdResponse *out_response, GError **error)
{
  if (size < 2)
    {
      g_set_error_literal (error, MD_APDU_ERROR, MD_APDU_ERROR_TRUNCATED,
                           "The card's answer has no status word");
      return FALSE;
    }
  if (size > MD_LIMIT_APDU_RESPONSE)
    {
      g_set_error_literal (error, MD_APDU_ERROR, MD_APDU_ERROR_TOO_LARGE,
                           "The card's answer is longer than any card may send");
      return FALSE;
    }
  out_response->data = bytes;
  out_response->size = size - 2;
  out_response->sw = (guint16)(bytes[size - 2] << 8 | bytes[size - 1]);
  return TRUE;
}
