// SPDX-License-Identifier: Apache-2.0
#include "md-apdu.h"

#include <md-base.h>
#include <string.h>

#define MAX_INTERFACE_GROUPS                                                                       \
  8 /* more than any card has; TD chains are bounded by the bytes anyway */

/* Card capabilities (tag 7): the third byte, if there is one, is about commands. */
static void
read_capabilities (MdAtr *atr, const guint8 *value, gsize size)
{
  if (size < 3)
    return;
  atr->chaining = (value[2] & 0x80) != 0;
  atr->extended_length = (value[2] & 0x40) != 0;
}

/* Whether a reader made it up for a contactless card, out of eight bytes (PC/SC part 3): those of a
 * Type B card are its ATQB, of which the first is a family of applications and 00 means any. */
static gboolean
may_be_type_b (const guint8 *bytes, gsize size)
{
  static const guint8 head[] = { 0x3b, 0x88, 0x80, 0x01 };

  return size >= sizeof head && memcmp (bytes, head, sizeof head) == 0;
}

/* The historical bytes as compact TLV: category 80, or 00 with a status of three bytes behind. */
static void
read_historical (MdAtr *atr, gboolean type_b)
{
  MdReader reader;
  guint8 category;

  md_reader_init (&reader, atr->historical, atr->historical_size);
  category = md_reader_u8 (&reader);
  if (category == 0x00 && atr->historical_size >= 4 && !type_b)
    md_reader_init (&reader, atr->historical + 1, atr->historical_size - 4);
  else if (category != 0x80)
    return;
  while (md_reader_remaining (&reader) > 0)
    {
      const guint8 header = md_reader_u8 (&reader);
      const gsize size = header & 0x0f;
      const guint8 *value = md_reader_bytes (&reader, size);

      if (!md_reader_failed (&reader) && header >> 4 == 0x07)
        read_capabilities (atr, value, size);
    }
}

/* TAi TBi TCi TDi, as often as TDi says that there are more. */
static void
skip_interface_bytes (MdAtr *atr, MdReader *reader, guint8 present)
{
  for (guint group = 0; group < MAX_INTERFACE_GROUPS; group++)
    {
      guint8 td;

      for (guint8 bit = 0x10; bit < 0x80; bit = (guint8)(bit << 1))
        if (present & bit)
          (void)md_reader_u8 (reader);
      if (!(present & 0x80))
        return;
      td = md_reader_u8 (reader);
      atr->t1 = atr->t1 || (td & 0x0f) == 1;
      present = td & 0xf0;
    }
  md_reader_fail (reader);
}

gboolean
md_atr_parse (const guint8 *bytes, gsize size, MdAtr *out_atr)
{
  MdReader reader;
  MdAtr atr = { 0 };
  guint8 first;
  guint8 format;

  md_reader_init (&reader, bytes, size);
  first = md_reader_u8 (&reader);
  format = md_reader_u8 (&reader);
  if (first != 0x3b && first != 0x3f)
    return FALSE;
  skip_interface_bytes (&atr, &reader, format & 0xf0);
  atr.historical_size = format & 0x0f;
  atr.historical = md_reader_bytes (&reader, atr.historical_size);
  if (md_reader_failed (&reader))
    return FALSE;
  if (atr.historical_size == 0)
    atr.historical = NULL;
  else
    read_historical (&atr, may_be_type_b (bytes, size));
  *out_atr = atr;
  return TRUE;
}
