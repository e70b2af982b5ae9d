// SPDX-License-Identifier: Apache-2.0
/* What a document is by its content, and what does not come in. */
#include <md-scan.h>
#include "samples.h"

static void
expect (gconstpointer data, gsize size, int code)
{
  /* A copy of exactly that size: the sanitizer sees one byte too many. */
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;
  MdScanFacts facts;

  g_assert_false (md_scan_inspect (copy, size, NULL, &facts, &error));
  g_assert_error (error, MD_SCAN_ERROR, code);
}

static MdScanFacts
inspect (gconstpointer data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;
  MdScanFacts facts = { 0 };

  if (!md_scan_inspect (copy, size, NULL, &facts, &error))
    g_error ("%s", error->message);
  return facts;
}

static void
test_kinds (void)
{
  g_autoptr (GByteArray) pdf = sample_pdf (PDF_PAGE PDF_PAGE "<</Type /Pages/Count 2>>");
  MdScanFacts facts = inspect (pdf->data, pdf->len);

  g_assert_cmpint (facts.kind, ==, MD_SCAN_PDF);
  g_assert_cmpuint (facts.pages, ==, 2);
  facts = inspect (sample_jpeg, sizeof sample_jpeg);
  g_assert_cmpint (facts.kind, ==, MD_SCAN_JPEG);
  g_assert_cmpuint (facts.width, ==, 16);
  g_assert_cmpuint (facts.height, ==, 8);
  facts = inspect (sample_png, sizeof sample_png);
  g_assert_cmpint (facts.kind, ==, MD_SCAN_PNG);
  g_assert_cmpuint (facts.width, ==, 16);
  g_assert_cmpuint (facts.pages, ==, 1);
  facts = inspect (sample_tiff, sizeof sample_tiff);
  g_assert_cmpint (facts.kind, ==, MD_SCAN_TIFF);
  g_assert_cmpuint (facts.pages, ==, 2);
}

/* What is called a picture and is something else. */
static void
test_lies (void)
{
  static const char *const others[]
      = { "MZ\x90 program", "#!/bin/sh\nrm", "PK\x03\x04 office", "<html>", "GIF89a....", "%PDF" };

  expect ("", 0, MD_SCAN_ERROR_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    expect (others[i], strlen (others[i]), MD_SCAN_ERROR_KIND);
}

static void
expect_each_part (const guint8 *data, gsize size, gsize end)
{
  for (gsize n = 9; n < size - end; n++)
    expect (data, n, MD_SCAN_ERROR_DAMAGED);
}

static void
test_truncated (void)
{
  g_autoptr (GByteArray) pdf = sample_pdf (PDF_PAGE);

  expect_each_part (sample_jpeg, sizeof sample_jpeg, 0);
  expect_each_part (sample_png, sizeof sample_png, 0);
  expect_each_part (sample_tiff, sizeof sample_tiff, 0);
  expect_each_part (pdf->data, pdf->len, 1); /* without its last line end it is whole */
}

/* Something else behind the end of a picture: two files in one. */
static void
test_behind_the_end (void)
{
  static const guint8 behind[] = "PK\x03\x04 and a whole archive";
  g_autoptr (GByteArray) two = g_byte_array_new ();

  g_byte_array_append (two, sample_jpeg, sizeof sample_jpeg);
  g_byte_array_append (two, behind, sizeof behind);
  expect (two->data, two->len, MD_SCAN_ERROR_DAMAGED);
  g_byte_array_set_size (two, 0);
  g_byte_array_append (two, sample_png, sizeof sample_png);
  g_byte_array_append (two, behind, sizeof behind);
  expect (two->data, two->len, MD_SCAN_ERROR_DAMAGED);
}

static void
test_bombs (void)
{
  guint8 jpeg[sizeof sample_jpeg], png[sizeof sample_png], tiff[sizeof sample_tiff];
  g_autoptr (GByteArray) zeros = sample_packed ("                ", MD_SCAN_MAX_UNPACKED + 1);
  g_autoptr (GByteArray) pdf = sample_pdf_stream ("/Filter/FlateDecode", zeros);

  g_assert_cmpuint (pdf->len, <, 1000 * 1000);
  expect (pdf->data, pdf->len, MD_SCAN_ERROR_TOO_MUCH);
  memcpy (jpeg, sample_jpeg, sizeof jpeg);
  memset (jpeg + SAMPLE_JPEG_SIDES, 0xFF, 4);
  expect (jpeg, sizeof jpeg, MD_SCAN_ERROR_TOO_MUCH);
  memcpy (png, sample_png, sizeof png);
  memset (png + SAMPLE_PNG_WIDTH, 0x7F, 8);
  expect (png, sizeof png, MD_SCAN_ERROR_TOO_MUCH);
  /* The last page is followed by the first. */
  memcpy (tiff, sample_tiff, sizeof tiff);
  tiff[SAMPLE_TIFF_SECOND_NEXT] = 12;
  expect (tiff, sizeof tiff, MD_SCAN_ERROR_TOO_MUCH);
}

static void
test_pages (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GByteArray) pdf = NULL, none = sample_pdf ("3 0 obj\n<</Type/Pages>>\nendobj");

  for (guint i = 0; i <= MD_SCAN_MAX_PAGES; i++)
    g_string_append (many, PDF_PAGE);
  pdf = sample_pdf (many->str);
  expect (pdf->data, pdf->len, MD_SCAN_ERROR_TOO_MUCH);
  expect (none->data, none->len, MD_SCAN_ERROR_DAMAGED);
}

static void
test_active (void)
{
  static const struct
  {
    const char *objects;
    int code;
  } rows[] = {
    { "<</S/JavaScript/JS(app.alert)>>", MD_SCAN_ERROR_ACTIVE },
    { "<</S/J#61vaScr#69pt>>", MD_SCAN_ERROR_ACTIVE },
    { "<</S /Launch/F(cmd.exe)>>", MD_SCAN_ERROR_ACTIVE },
    { "<</Names<</EmbeddedFiles 5 0 R>>>>", MD_SCAN_ERROR_ACTIVE },
    { "<</AcroForm<</XFA 5 0 R>>>>", MD_SCAN_ERROR_ACTIVE },
    { "<</S/SubmitForm>>", MD_SCAN_ERROR_ACTIVE },
    { "trailer<</Encrypt 9 0 R>>", MD_SCAN_ERROR_ENCRYPTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *objects = g_strconcat (PDF_PAGE, rows[i].objects, NULL);
      g_autoptr (GByteArray) pdf = sample_pdf (objects);

      expect (pdf->data, pdf->len, rows[i].code);
    }
}

/* The same out of sight: in a packed stream, over the edge of any piece, and in what is packed so
 * that it is not looked into. */
static void
test_packed (void)
{
  static const char *const packings[]
      = { "/Type/ObjStm/Filter/LZWDecode", "/Type/ObjStm/Filter[/FlateDecode/FlateDecode]",
          "/Type/ObjStm/Filter/FlateDecode/DecodeParms<</Predictor 12>>",
          "/Type/Obj#53tm/Filter 7 0 R", "/Filter[/ASCIIHexDecode/FlateDecode]/Type/ObjStm" };
  g_autoptr (GByteArray) good = sample_packed ("<</Type /Page>> ", 32);
  g_autoptr (GByteArray) pdf = sample_pdf_stream ("/Type/ObjStm/Filter/FlateDecode", good);

  g_assert_cmpuint (inspect (pdf->data, pdf->len).pages, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (packings); i++)
    {
      g_autoptr (GByteArray) other = sample_pdf_stream (packings[i], good);

      expect (other->data, other->len, MD_SCAN_ERROR_ACTIVE);
    }
  for (gsize before = 32768 - 20; before < 32768 + 4; before++)
    {
      g_autofree char *text = g_strnfill (before, ' ');
      g_autofree char *all = g_strconcat (text, "/S/JavaScript ", NULL);
      g_autoptr (GByteArray) packed = sample_packed (all, strlen (all));
      g_autoptr (GByteArray) bad = sample_pdf_stream ("/Filter/FlateDecode", packed);

      expect (bad->data, bad->len, MD_SCAN_ERROR_ACTIVE);
    }
}

/* Whatever its dictionary says, and however its line ends: what unpacks is looked through. */
static void
test_disguised (void)
{
  static const char *const dictionaries[] = {
    "/Type/ObjStm/Filter/FlateDecode/K( obj)",
    "",
    "/Filter/DCTDecode/K(endstream)",
  };
  static const char *const lines[] = { "stream\r\n", "stream\n", "stream\r", "stream \n" };
  g_autoptr (GByteArray) packed = sample_packed ("/S/JavaScript ", 14);
  g_autofree char *blanks = g_strnfill (5000, ' ');

  for (guint i = 0; i < G_N_ELEMENTS (dictionaries); i++)
    for (guint k = 0; k < G_N_ELEMENTS (lines); k++)
      {
        g_autofree char *head = g_strconcat (PDF_HEAD PDF_PAGE "4 0 obj\n<<", dictionaries[i],
                                             blanks, ">>", lines[k], NULL);
        g_autoptr (GByteArray) pdf = g_byte_array_new ();

        g_byte_array_append (pdf, (const guint8 *)head, (guint)strlen (head));
        g_byte_array_append (pdf, packed->data, packed->len);
        g_byte_array_append (pdf, (const guint8 *)"\nendstream\n" PDF_TAIL,
                             strlen ("\nendstream\n" PDF_TAIL));
        expect (pdf->data, pdf->len, MD_SCAN_ERROR_ACTIVE);
      }
}

/* Packed twice, in a file that has packed objects. */
static void
test_packed_twice (void)
{
  g_autoptr (GByteArray) packed = sample_packed ("/S/JavaScript ", 14);
  g_autoptr (GByteArray) twice = g_byte_array_new ();
  g_autoptr (GByteArray) pdf = NULL;
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  guint8 out[256];
  gsize taken = 0, made = 0;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (zlib), packed->data, packed->len, out,
                                        sizeof out, G_CONVERTER_INPUT_AT_END, &taken, &made, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_byte_array_append (twice, out, (guint)made);
  pdf = sample_pdf_stream ("/Type/ObjStm/K(stream\n)/Filter/FlateDecode", twice);
  expect (pdf->data, pdf->len, MD_SCAN_ERROR_ACTIVE);
}

/* Each stream begins within the one before and goes on to the end: that would be read as often as
 * there are any. */
static void
test_streams_in_streams (void)
{
  static const guint8 unit[] = "stream\n\x78\x9c\x00\x09\x00\xf6\xff";
  g_autoptr (GByteArray) units = g_byte_array_new ();
  g_autoptr (GByteArray) pdf = NULL;

  for (guint i = 0; i < 3000; i++)
    g_byte_array_append (units, unit, sizeof unit - 1);
  pdf = sample_pdf_stream ("/Filter/FlateDecode", units);
  expect (pdf->data, pdf->len, MD_SCAN_ERROR_TOO_MUCH);
}

/* A page whose name lies over the edge of a piece is one page. */
static void
test_counted_once (void)
{
  for (gsize before = 32768 - 120; before < 32768 + 4; before += 3)
    {
      g_autofree char *text = g_strnfill (before, ' ');
      g_autofree char *all = g_strconcat (text, "/Type /Page /Type /Pages ", NULL);
      g_autoptr (GByteArray) packed = sample_packed (all, strlen (all));
      g_autoptr (GByteArray) pdf = sample_pdf_stream ("/Type/ObjStm/Filter/FlateDecode", packed);

      g_assert_cmpuint (inspect (pdf->data, pdf->len).pages, ==, 2);
    }
}

static void
test_words (void)
{
  MdScanKind kind;

  for (guint i = 0; i < MD_N_SCAN_KINDS; i++)
    {
      g_assert_true (md_scan_kind_look_up (md_scan_kind_get_media_type (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_false (md_scan_kind_look_up ("text/html", &kind));
  g_assert_false (md_scan_kind_look_up (NULL, &kind));
}

/* What would hide packed objects from whoever looks, by the tricks of a reader's leniency: each is
 * something that no scanner writes. */
static void
test_hidden (void)
{
  static const char *const dictionaries[] = {
    "/Type/ObjStm/Filter/FlateDecode/K(stream)/DecodeParms<</Predictor 12>>",
    "/Type/ObjStm/Filter/FlateDecode/K(\\)stream)/DecodeParms 9 0 R",
    "/N 1/First 4/Filter/LZWDecode", /* its type is asked by nobody */
    "/N 1/F#69rst 4/Filter/FlateDecode/DecodeParms 9 0 R",
    "/N 1/First 4/F/Fl/DP<</Predictor 12>>",
    "/N 1/First 4/F[/A85/Fl]",
    "/Type/ObjStm/Filter[/FlateDecode/A85]",
    "/N 1/First 4/F(elsewhere)",
    "/K%>>\n/First 4/Filter 7 0 R",
    "/K(>>)/First 4/Filter 7 0 R",
    "/K<3e3e>/First 4/Filter 7 0 R",
    "/K<</L 1>>/First 4/Filter 7 0 R",
    "/K(5 0 obj<</First 4/Filter/LZWDecode>>stream\n)", /* a table may point into a string */
  };
  g_autoptr (GByteArray) packed = sample_packed ("1 0 <</Type /Page>> ", 20);
  g_autoptr (GByteArray) good
      = sample_pdf_stream ("/Type/ObjStm/N 1/First 4/K(stream)/Filter/FlateDecode", packed);

  (void)inspect (good->data, good->len);
  for (guint i = 0; i < G_N_ELEMENTS (dictionaries); i++)
    {
      g_autoptr (GByteArray) pdf = sample_pdf_stream (dictionaries[i], packed);

      g_test_message ("%s", dictionaries[i]);
      expect (pdf->data, pdf->len, MD_SCAN_ERROR_ACTIVE);
    }
}

/* Packed objects of which a part cannot be seen, or which begin elsewhere for another reader. */
static void
test_half_seen (void)
{
  static const char dictionary[] = "/Type/ObjStm/N 1/First 4/Filter/FlateDecode";
  g_autoptr (GByteArray) packed = sample_packed ("1 0 <</Type /Font>> ", 4000);
  g_autoptr (GByteArray) broken = sample_packed ("1 0 <</Type /Font>> ", 4000);
  g_autoptr (GByteArray) raw = g_byte_array_new ();
  g_autoptr (GByteArray) pdf = sample_pdf_stream (dictionary, packed), bad = NULL, bare = NULL;
  guint8 *word = memmem (pdf->data, pdf->len, "stream\r\n", 8);

  (void)inspect (pdf->data, pdf->len);
  word[6] = ' '; /* one reader skips the line, another the blank */
  expect (pdf->data, pdf->len, MD_SCAN_ERROR_ACTIVE);
  broken->data[broken->len / 2] ^= 0xff;
  bad = sample_pdf_stream (dictionary, broken);
  expect (bad->data, bad->len, MD_SCAN_ERROR_ACTIVE);
  g_byte_array_append (raw, packed->data + 2, packed->len - 2); /* some readers need no head */
  bare = sample_pdf_stream (dictionary, raw);
  expect (bare->data, bare->len, MD_SCAN_ERROR_ACTIVE);
}

/* Dictionaries within each other that do not end are not read once for each. */
static void
test_endless (void)
{
  static const char *const pieces[] = { "obj<<", "obj<<(", "obj<<>>% ", "obj<</First<" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) many = g_string_new (NULL);
      g_autoptr (GByteArray) pdf = NULL;

      while (many->len < 4 * 1000 * 1000)
        g_string_append (many, pieces[i]);
      pdf = sample_pdf (many->str);
      expect (pdf->data, pdf->len, MD_SCAN_ERROR_TOO_MUCH);
    }
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (20 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* Whoever took it in is gone: what takes long is looked at no further. */
static void
test_cancelled (void)
{
  static const char text[] = "<</Type /Page>> ";
  g_autoptr (GByteArray) packed = sample_packed (text, 100 * 1000 * 1000);
  g_autoptr (GByteArray) pdf = sample_pdf_stream ("/Filter/FlateDecode", packed);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GThread) thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_autoptr (GError) error = NULL;
  MdScanFacts facts;

  g_assert_false (md_scan_inspect (pdf->data, pdf->len, cancellable, &facts, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (void)g_thread_join (g_steal_pointer (&thread));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/inspect/kinds", test_kinds);
  g_test_add_func ("/scan/inspect/lies", test_lies);
  g_test_add_func ("/scan/inspect/truncated", test_truncated);
  g_test_add_func ("/scan/inspect/behind-the-end", test_behind_the_end);
  g_test_add_func ("/scan/inspect/bombs", test_bombs);
  g_test_add_func ("/scan/inspect/pages", test_pages);
  g_test_add_func ("/scan/inspect/active", test_active);
  g_test_add_func ("/scan/inspect/packed", test_packed);
  g_test_add_func ("/scan/inspect/disguised", test_disguised);
  g_test_add_func ("/scan/inspect/packed-twice", test_packed_twice);
  g_test_add_func ("/scan/inspect/streams-in-streams", test_streams_in_streams);
  g_test_add_func ("/scan/inspect/counted-once", test_counted_once);
  g_test_add_func ("/scan/inspect/hidden", test_hidden);
  g_test_add_func ("/scan/inspect/half-seen", test_half_seen);
  g_test_add_func ("/scan/inspect/endless", test_endless);
  g_test_add_func ("/scan/inspect/cancelled", test_cancelled);
  g_test_add_func ("/scan/inspect/words", test_words);
  return g_test_run ();
}
