// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-identity.h>

/* A picture from a card: pixels of the size it says, within the limits, or an error of the domain.
 */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPicture) picture = md_picture_decode (data, size, &error);

  g_assert_true ((picture == NULL) == (error != NULL));
  if (picture == NULL)
    {
      g_assert_true (error->domain == MD_IDENTITY_ERROR);
      return 0;
    }
  g_assert_cmpuint (md_picture_get_width (picture), <=, MD_PICTURE_SIDE_MAX);
  g_assert_cmpuint (md_picture_get_height (picture), <=, MD_PICTURE_SIDE_MAX);
  g_assert_cmpuint (md_secret_get_size (md_picture_get_pixels (picture)), ==,
                    (gsize)md_picture_get_width (picture) * md_picture_get_height (picture));
  return 0;
}
