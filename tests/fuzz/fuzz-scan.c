// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-scan.h>

/* A scanned document: one of the four kinds, of pages that can be shown, or an error of the domain.
 */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  MdScanFacts facts = { 0 };
  const gboolean fits = md_scan_inspect (data, size, NULL, &facts, &error);

  g_assert_true (fits == (error == NULL));
  if (!fits)
    {
      g_assert_true (error->domain == MD_SCAN_ERROR);
      return 0;
    }
  g_assert_cmpint (facts.kind, <, MD_N_SCAN_KINDS);
  g_assert_cmpuint (facts.pages, >=, 1);
  g_assert_cmpuint (facts.pages, <=, MD_SCAN_MAX_PAGES);
  g_assert_cmpuint ((guint64)facts.width * facts.height, <=,
                    (guint64)MD_SCAN_MAX_SIDE * MD_SCAN_MAX_SIDE);
  if (facts.kind != MD_SCAN_PDF)
    g_assert_cmpuint (facts.width, >=, 1);
  return 0;
}
