// SPDX-License-Identifier: Apache-2.0
// The directories of a TIFF: a page each, and that what they name is there.
#include "config.h"

#include "md-scan-private.h"

#define ENTRIES_MAX 512u
#define ENTRY_SIZE 12u
#define PIECES_MAX 65536u /* strips or tiles of a page */

enum
{
  TYPE_SHORT = 3,
  TYPE_LONG = 4,
};

enum
{
  TAG_WIDTH = 256,
  TAG_HEIGHT = 257,
  TAG_STRIP_OFFSETS = 273,
  TAG_STRIP_SIZES = 279,
  TAG_TILE_OFFSETS = 324,
  TAG_TILE_SIZES = 325,
};

typedef struct
{
  const guint8 *data;
  gsize size;
  gboolean little;
  gboolean failed;
} Tiff;

/* Numbers of one entry, wherever they stand. */
typedef struct
{
  gsize at;
  guint32 count;
  guint16 type;
} Numbers;

typedef struct
{
  guint32 width, height;
  Numbers offsets, sizes;
} Page;

static guint32
get (Tiff *tiff, gsize at, guint n)
{
  guint32 value = 0;

  if (at > tiff->size || n > tiff->size - at)
    {
      tiff->failed = TRUE;
      return 0;
    }
  for (guint i = 0; i < n; i++)
    value = value << 8 | tiff->data[at + (tiff->little ? n - 1 - i : i)];
  return value;
}

static guint32
get_number (Tiff *tiff, const Numbers *numbers, guint32 index)
{
  const guint n = numbers->type == TYPE_SHORT ? 2 : 4;

  return get (tiff, numbers->at + (gsize)index * n, n);
}

static Numbers
read_numbers (Tiff *tiff, gsize entry)
{
  Numbers numbers = { .at = entry + 8,
                      .count = get (tiff, entry + 4, 4),
                      .type = (guint16)get (tiff, entry + 2, 2) };

  if ((numbers.type != TYPE_SHORT && numbers.type != TYPE_LONG) || numbers.count == 0
      || numbers.count > PIECES_MAX)
    tiff->failed = TRUE;
  else if (numbers.count * (numbers.type == TYPE_SHORT ? 2u : 4u) > 4)
    numbers.at = get (tiff, entry + 8, 4);
  return numbers;
}

static void
read_entry (Tiff *tiff, gsize at, Page *page)
{
  const guint32 tag = get (tiff, at, 2);
  Numbers numbers;

  if (tag != TAG_WIDTH && tag != TAG_HEIGHT && tag != TAG_STRIP_OFFSETS && tag != TAG_STRIP_SIZES
      && tag != TAG_TILE_OFFSETS && tag != TAG_TILE_SIZES)
    return;
  numbers = read_numbers (tiff, at);
  if (tiff->failed)
    return;
  if (tag == TAG_WIDTH)
    page->width = get_number (tiff, &numbers, 0);
  else if (tag == TAG_HEIGHT)
    page->height = get_number (tiff, &numbers, 0);
  else if (tag == TAG_STRIP_OFFSETS || tag == TAG_TILE_OFFSETS)
    page->offsets = numbers;
  else
    page->sizes = numbers;
}

/* Every strip or tile lies in the file. */
static gboolean
is_whole (Tiff *tiff, const Page *page)
{
  if (page->offsets.count == 0 || page->offsets.count != page->sizes.count)
    return FALSE;
  for (guint32 i = 0; i < page->offsets.count && !tiff->failed; i++)
    {
      const guint32 at = get_number (tiff, &page->offsets, i);
      const guint32 size = get_number (tiff, &page->sizes, i);

      if (at > tiff->size || size > tiff->size - at)
        return FALSE;
    }
  return !tiff->failed;
}

static gboolean
read_page (Tiff *tiff, gsize at, Page *page, guint32 *out_next)
{
  const guint32 n = get (tiff, at, 2);

  if (n == 0 || n > ENTRIES_MAX)
    return FALSE;
  for (guint32 i = 0; i < n && !tiff->failed; i++)
    read_entry (tiff, at + 2 + (gsize)i * ENTRY_SIZE, page);
  *out_next = get (tiff, at + 2 + (gsize)n * ENTRY_SIZE, 4);
  return !tiff->failed && is_whole (tiff, page);
}

gboolean
_md_scan_inspect_tiff (const guint8 *data, gsize size, GCancellable *cancellable,
                       MdScanFacts *facts, GError **error)
{
  Tiff tiff = { .data = data, .size = size, .little = data[0] == 'I' };
  guint32 next = get (&tiff, 4, 4);

  while (next != 0)
    {
      Page page = { 0 };

      /* A chain that runs in a circle ends here, too. */
      if (facts->pages == MD_SCAN_MAX_PAGES)
        return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
      if (!read_page (&tiff, next, &page, &next))
        return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
      if (!_md_scan_check_size (page.width, page.height, error))
        return FALSE;
      facts->width = MAX (facts->width, page.width);
      facts->height = MAX (facts->height, page.height);
      facts->pages++;
    }
  return facts->pages > 0 || _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
}
