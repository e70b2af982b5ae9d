// SPDX-License-Identifier: Apache-2.0
#include <md-identity.h>
#include <string.h>

static GBytes *
read_face (const char *name)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests/world/mdworld/faces", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize size = 0;
  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

static MdPicture *
decode (GBytes *bytes, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  return md_picture_decode (data, size, error);
}

static void
count_tones (const MdPicture *picture, guint *out_dark, guint *out_light)
{
  MdSecret *pixels = md_picture_get_pixels (picture);
  const guint8 *data = md_secret_get_data (pixels);
  gsize size = md_secret_get_size (pixels);
  *out_dark = 0;
  *out_light = 0;
  g_assert_cmpuint (size, ==, md_picture_get_width (picture) * md_picture_get_height (picture));
  for (gsize i = 0; i < size; i++)
    {
      *out_dark += data[i] < 128;
      *out_light += data[i] >= 128;
    }
}

// A name as the card has it: black on white, more white than black.
static void
test_png (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = read_face ("tanaka-name.png");
  g_autoptr (MdPicture) picture = decode (file, &error);
  guint dark = 0;
  guint light = 0;
  g_assert_no_error (error);
  count_tones (picture, &dark, &light);
  g_assert_cmpuint (dark, >, 100);
  g_assert_cmpuint (light, >, dark);
}

static void
test_photograph (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = read_face ("portrait-1.jp2");
  g_autoptr (MdPicture) picture = decode (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_picture_get_width (picture), ==, 160);
  g_assert_cmpuint (md_picture_get_height (picture), ==, 200);
  // The head is darker than what is behind it.
  const guint8 *pixels = md_secret_get_data (md_picture_get_pixels (picture));
  g_assert_cmpuint (pixels[78 * 160 + 80] + 60u, <, pixels[5 * 160 + 5]);
}

// The header box with one more box at its end.
static GByteArray *
with_box (GBytes *file, const char *kind, GByteArray *body)
{
  GByteArray *out = g_byte_array_new ();
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  const guint8 *header = memmem (data, size, "jp2h", 4);
  g_assert_nonnull (header);
  guint32 length = 0;
  memcpy (&length, header - 4, 4);
  length = GUINT32_FROM_BE (length);
  gsize end = (gsize)(header - 4 - data) + length;
  guint32 box = GUINT32_TO_BE (body->len + 8);
  guint32 grown = GUINT32_TO_BE (length + body->len + 8);
  g_byte_array_append (out, data, (guint)end);
  memcpy (out->data + (header - 4 - data), &grown, 4);
  g_byte_array_append (out, (const guint8 *)&box, 4);
  g_byte_array_append (out, (const guint8 *)kind, 4);
  g_byte_array_append (out, body->data, body->len);
  g_byte_array_append (out, data + end, (guint)(size - end));
  return out;
}

// A palette of 255 channels: they never come into being.
static void
test_palette (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = read_face ("portrait-1.jp2");
  g_autoptr (GByteArray) palette = g_byte_array_new ();
  g_autoptr (GByteArray) map = g_byte_array_new ();
  g_byte_array_append (palette, (const guint8[]){ 0, 1, 255 }, 3);
  for (guint i = 0; i < 2 * 255; i++)
    g_byte_array_append (palette, (const guint8[]){ 7 }, 1);
  for (guint8 i = 0; i < 255; i++)
    g_byte_array_append (map, (const guint8[]){ 0, 0, 1, i }, 4);
  g_autoptr (GByteArray) first = with_box (file, "pclr", palette);
  g_autoptr (GBytes) half = g_bytes_new (first->data, first->len);
  g_autoptr (GByteArray) whole = with_box (half, "cmap", map);
  g_autoptr (MdPicture) picture = md_picture_decode (whole->data, whole->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_picture_get_width (picture), ==, 160);
}

// Eight bits and a filter, worked out by hand.
static void
test_png_by_hand (void)
{
  // 2x1, 8 bits, filter 1 (left): 10, then +20.
  static const guint8 file[]
      = { 0x89, 'P',  'N',  'G',  0x0d, 0x0a, 0x1a, 0x0a, 0,    0,    0,   13,   'I',  'H',  'D',
          'R',  0,    0,    0,    2,    0,    0,    0,    1,    8,    0,   0,    0,    0,    0,
          0,    0,    0,    0,    0,    0,    14,   'I',  'D',  'A',  'T', 0x78, 0x01, 0x01, 0x03,
          0x00, 0xfc, 0xff, 0x01, 0x0a, 0x14, 0x00, 0x2e, 0x00, 0x20, 0,   0,    0,    0,    0,
          0,    0,    0,    'I',  'E',  'N',  'D',  0,    0,    0,    0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPicture) picture = md_picture_decode (file, sizeof file, &error);
  g_assert_no_error (error);
  const guint8 *pixels = md_secret_get_data (md_picture_get_pixels (picture));
  g_assert_cmpuint (pixels[0], ==, 10);
  g_assert_cmpuint (pixels[1], ==, 30);
}

// Cut anywhere, and with any one byte changed: a picture of stated size, or an error; never more.
static void
assert_hostile (const char *name, gsize step)
{
  g_autoptr (GBytes) file = read_face (name);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  for (gsize length = 0; length < size; length += step)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (MdPicture) picture = md_picture_decode (copy, length, &error);
      g_assert_true ((picture == NULL) == (error != NULL));
      g_assert_true (error == NULL || error->domain == MD_IDENTITY_ERROR);
    }
  for (gsize at = 0; at < size; at += step)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      copy[at] ^= 0xff;
      g_autoptr (MdPicture) picture = md_picture_decode (copy, size, NULL);
      if (picture != NULL)
        g_assert_cmpuint (md_picture_get_width (picture) * md_picture_get_height (picture), <=,
                          MD_PICTURE_PIXELS_MAX);
    }
}

static void
test_hostile (void)
{
  assert_hostile ("tanaka-name.png", 1);
  assert_hostile ("portrait-1.jp2", 97); /* a process each, where its head passes */
}

// Sizes and structures that would make a decoder allocate or work without bound are refused before
// it sees them.
static void
test_bombs (void)
{
  static const struct
  {
    gsize at; // in the file, counted from the SIZ or COD marker
    gboolean in_coding;
    guint8 bytes[4];
    gsize size;
  } changes[] = {
    { 6, FALSE, { 0x7f, 0xff, 0xff, 0xff }, 4 },  // width
    { 10, FALSE, { 0x00, 0x00, 0x10, 0x00 }, 4 }, // height
    { 14, FALSE, { 0x00, 0x00, 0x00, 0x01 }, 4 }, // offset
    { 22, FALSE, { 0x00, 0x00, 0x00, 0x01 }, 4 }, // tiles one pixel wide
    { 38, FALSE, { 0x40, 0x00 }, 2 },             // components
    { 40, FALSE, { 0x25 }, 1 },                   // depth
    { 6, TRUE, { 0xff, 0xff }, 2 },               // layers
    { 9, TRUE, { 0x20 }, 1 },                     // levels
    { 10, TRUE, { 0x00 }, 1 },                    // code blocks of four pixels
  };
  g_autoptr (GBytes) file = read_face ("portrait-1.jp2");
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  const guint8 *siz = memmem (data, size, "\xff\x51", 2);
  const guint8 *cod = memmem (data, size, "\xff\x52\x00\x0c", 4);
  g_assert_nonnull (siz);
  g_assert_nonnull (cod);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GError) error = NULL;
      gsize base = (gsize)((changes[i].in_coding ? cod : siz) - data);
      memcpy (copy + base + changes[i].at, changes[i].bytes, changes[i].size);
      g_assert_null (md_picture_decode (copy, size, &error));
      g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_PICTURE);
      g_test_message ("%s", error->message);
      g_assert_null (strstr (error->message, "damaged")); // not left to the decoder
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/picture/png", test_png);
  g_test_add_func ("/identity/picture/png-by-hand", test_png_by_hand);
  g_test_add_func ("/identity/picture/photograph", test_photograph);
  g_test_add_func ("/identity/picture/palette", test_palette);
  g_test_add_func ("/identity/picture/hostile", test_hostile);
  g_test_add_func ("/identity/picture/bombs", test_bombs);
  return g_test_run ();
}
