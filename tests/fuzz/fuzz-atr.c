// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-apdu.h>

/* An answer to reset: its historical bytes lie within it. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  MdAtr atr = { 0 };

  if (!md_atr_parse (data, size, &atr))
    return 0;
  g_assert_cmpuint (atr.historical_size, <=, 15);
  g_assert_true ((atr.historical == NULL) == (atr.historical_size == 0));
  if (atr.historical != NULL)
    g_assert_true (atr.historical >= data + 2
                   && atr.historical + atr.historical_size <= data + size);
  return 0;
}
