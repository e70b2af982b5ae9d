// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

/* Invented numbers and streets in real and invented municipalities whose names are traps. */
static const struct
{
  const char *one, *other;
  gboolean same;
} rows[] = {
  { "東京都青空区架空1-2-3", "東京都青空区本町9", TRUE },
  { "東京都青空区架空1-2-3", "東京都みどり区架空1-2-3", FALSE },
  { "東京都 青空区　架空1-2-3", "青空区本町9", TRUE },
  { "東京都青空区架空1", "架空県青空区架空1", FALSE },
  { "東京都青空区", "東京都青空区", TRUE },
  { "京都府京都市北区架空1", "京都府京都市南区架空1", FALSE },
  { "京都府京都市北区架空1", "京都府京都市北区架空2", TRUE },
  { "神奈川県横浜市中区1", "神奈川県横浜市西区1", FALSE },
  { "神奈川県横浜市中区1", "神奈川県横須賀市1", FALSE },
  { "千葉県市川市架空1", "千葉県市原市架空1", FALSE },
  { "千葉県市川市架空1", "千葉県市川市別所1", TRUE },
  { "三重県四日市市架空1", "三重県四日市市別所1", TRUE },
  { "東京都町田市架空1", "東京都町田市別所1", TRUE },
  { "東京都東村山市架空1", "東京都東大和市架空1", FALSE },
  { "東京都武蔵村山市架空1", "東京都武蔵野市架空1", FALSE },
  { "福島県田村市架空1", "福島県田村郡三春町架空1", FALSE },
  { "福島県郡山市架空1", "福島県郡山市別所1", TRUE },
  { "愛知県蒲郡市架空1", "愛知県蒲郡市別所1", TRUE },
  { "山形県西村山郡河北町架空1", "山形県西村山郡朝日町架空1", FALSE },
  { "山形県西村山郡河北町架空1", "山形県西村山郡河北町別所1", TRUE },
  { "北海道余市郡余市町架空1", "北海道余市郡仁木町架空1", FALSE },
  { "新潟県十日町市架空1", "新潟県十日町市別所1", TRUE },
  { "架空1-2-3", "架空1-2-3", FALSE },
  { "", "東京都青空区", FALSE },
  { "", "", FALSE },
};

static void
test_same_municipality (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s / %s", rows[i].one, rows[i].other);
      g_assert_cmpint (md_address_same_municipality (rows[i].one, rows[i].other), ==, rows[i].same);
      g_assert_cmpint (md_address_same_municipality (rows[i].other, rows[i].one), ==, rows[i].same);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/address/same-municipality", test_same_municipality);
  return g_test_run ();
}
