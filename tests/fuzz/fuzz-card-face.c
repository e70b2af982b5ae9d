// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-card.h>

#include <string.h>

/* The digests that a signature may cover differ, since they are of different parts. */
static void
check_digests (MdCardFace *face)
{
  g_autoptr (MdCardFace) same = md_card_face_ref (face);
  const guint8 *parts = md_card_face_get_part_digests (same);
  const guint8 *whole = md_card_face_get_whole_digest (same);

  g_assert_nonnull (md_card_face_get_signature (same));
  g_assert_cmpint (memcmp (parts, whole, 32), !=, 0);
  g_assert_cmpint (memcmp (parts + 32, parts + 64, 32), !=, 0);
}

/* The card's face: what is taken out of it lies within it and keeps its own rules. What says how
 * much of the file to read never says more than the file has. */
static void
check_face (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardFace) face = md_card_parse_face (data, size, &error);

  g_assert_true ((face == NULL) == (error != NULL));
  if (face == NULL)
    {
      g_assert_true (error->domain == MD_CARD_ERROR);
      return;
    }
  g_assert_true (md_digits_is (md_card_face_get_birth (face), 8));
  g_assert_true (*md_card_face_get_expiry (face) == '\0'
                 || md_digits_is (md_card_face_get_expiry (face), 8));
  for (guint i = MD_CARD_IMAGE_NAME; i <= MD_CARD_IMAGE_PHOTO; i++)
    {
      gsize image = md_secret_get_size (md_card_face_get_image (face, (MdCardImage)i));

      g_assert_cmpuint (image, >, 0);
      g_assert_cmpuint (image, <, size);
    }
  g_assert_cmpint (md_card_face_get_sex (face), <=, MD_CARD_SEX_NOT_APPLICABLE);
  check_digests (face);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize whole = 0;
  gsize wanted = 0;

  check_face (data, size);
  if (md_card_measure_face (data, size, &wanted))
    {
      g_assert_true (md_card_measure_file (data, size, &whole));
      g_assert_cmpuint (wanted, <=, whole);
    }
  return 0;
}
