// SPDX-License-Identifier: Apache-2.0
// Which of the four kinds it is, by its first bytes, and the words for what does not come in.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-scan-inspect.h"
#include "md-scan-private.h"

G_DEFINE_QUARK (md - scan - error - quark, md_scan_error)

static const struct
{
  const char *media_type, *label, *suffix;
  guint8 magic[8];
  gsize magic_size;
  gboolean (*inspect) (const guint8 *data, gsize size, GCancellable *cancellable,
                       MdScanFacts *facts, GError **error);
} kinds[] = {
  [MD_SCAN_PDF]
  = { "application/pdf", "PDF", ".pdf", { '%', 'P', 'D', 'F', '-' }, 5, _md_scan_inspect_pdf },
  [MD_SCAN_JPEG] = { "image/jpeg", "JPEG", ".jpg", { 0xFF, 0xD8, 0xFF }, 3, _md_scan_inspect_jpeg },
  [MD_SCAN_PNG] = { "image/png",
                    "PNG",
                    ".png",
                    { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' },
                    8,
                    _md_scan_inspect_png },
  [MD_SCAN_TIFF] = { "image/tiff", "TIFF", ".tif", { 'I', 'I', 42, 0 }, 4, _md_scan_inspect_tiff },
};

const char *
md_scan_kind_get_media_type (MdScanKind kind)
{
  return kinds[kind].media_type;
}

const char *
md_scan_kind_get_label (MdScanKind kind)
{
  return kinds[kind].label;
}

const char *
md_scan_kind_get_suffix (MdScanKind kind)
{
  return kinds[kind].suffix;
}

gboolean
md_scan_kind_look_up (const char *media_type, MdScanKind *out_kind)
{
  for (guint i = 0; media_type != NULL && i < MD_N_SCAN_KINDS; i++)
    if (strcmp (media_type, kinds[i].media_type) == 0)
      {
        *out_kind = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
_md_scan_refuse (GError **error, MdScanError code)
{
  static const char *const messages[] = {
    [MD_SCAN_ERROR_READ]
    = N_ ("The file cannot be read. Choose it again, or scan the paper again."),
    [MD_SCAN_ERROR_SIZE] = N_ ("The file is empty. Scan the paper again."),
    [MD_SCAN_ERROR_KIND]
    = N_ ("The file is neither PDF nor JPEG nor PNG nor TIFF, whatever its name says. Scan the "
          "paper again as one of these."),
    [MD_SCAN_ERROR_DAMAGED]
    = N_ ("The file is damaged or not complete. Wait until the scanner has finished, or scan the "
          "paper again."),
    [MD_SCAN_ERROR_TOO_MUCH]
    = N_ ("The file holds more pages or larger ones than can be taken. Scan the paper again in "
          "grey at 200 dots per inch, in several files if there are many pages."),
    [MD_SCAN_ERROR_ENCRYPTED]
    = N_ ("The file is protected by a password, so nobody could read it later. Scan the paper "
          "itself, or ask for a file without a password."),
    [MD_SCAN_ERROR_ACTIVE]
    = N_ ("The file holds a program, a form or another file, which a scan does not. It was not "
          "taken. Print it where it came from, and scan the paper."),
    [MD_SCAN_ERROR_VIRUS]
    = N_ ("The virus scanner reports this file. It was not taken. Do not open it, and tell the "
          "administrator."),
    [MD_SCAN_ERROR_CHECK]
    = N_ ("The virus scanner of this terminal did not answer, so the file was not taken. Keep the "
          "paper instead, and tell the administrator."),
    [MD_SCAN_ERROR_NOT_DRAWN]
    = N_ ("This page cannot be shown here. What was attached is kept as it is: look at the paper "
          "itself."),
  };

  g_set_error_literal (error, MD_SCAN_ERROR, (gint)code, gettext (messages[code]));
  return FALSE;
}

gboolean
_md_scan_check_size (guint width, guint height, GError **error)
{
  if (width == 0 || height == 0)
    return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
  if (width > MD_SCAN_MAX_SIDE || height > MD_SCAN_MAX_SIDE
      || (guint64)width * height > MD_SCAN_MAX_PIXELS)
    return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
  return TRUE;
}

static gboolean
begins (const guint8 *data, gsize size, MdScanKind kind)
{
  static const guint8 other_order[] = { 'M', 'M', 0, 42 };

  return (size > kinds[kind].magic_size
          && memcmp (data, kinds[kind].magic, kinds[kind].magic_size) == 0)
         || (kind == MD_SCAN_TIFF && size > sizeof other_order
             && memcmp (data, other_order, sizeof other_order) == 0);
}

gboolean
_md_scan_tell_kind (const guint8 *data, gsize size, MdScanKind *out_kind)
{
  for (guint i = 0; i < MD_N_SCAN_KINDS; i++)
    if (begins (data, size, i))
      {
        *out_kind = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
md_scan_inspect (const guint8 *data, gsize size, GCancellable *cancellable, MdScanFacts *out_facts,
                 GError **error)
{
  MdScanFacts facts = { 0 };

  if (size == 0)
    return _md_scan_refuse (error, MD_SCAN_ERROR_SIZE);
  if (!_md_scan_tell_kind (data, size, &facts.kind))
    return _md_scan_refuse (error, MD_SCAN_ERROR_KIND);
  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !kinds[facts.kind].inspect (data, size, cancellable, &facts, error))
    return FALSE;
  *out_facts = facts;
  return TRUE;
}
