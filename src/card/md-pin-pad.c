// SPDX-License-Identifier: Apache-2.0
#include "md-pin-pad.h"

#include <md-base.h>
#include <string.h>

#define TAG_VERIFY 0x06
#define TAG_MODIFY 0x07
#define TAG_PROPERTIES 0x12

#define PROPERTY_VALIDATION 0x02
#define PROPERTY_LEAST 0x06
#define PROPERTY_MOST 0x07
#define PROPERTY_MAX_APDU 0x0a

// ASCII digits from the first byte on, lengths in bytes.
#define FORMAT_ASCII_LEFT_BYTES 0x82
#define VALIDATION_KEY 0x02 // the entry ends with the OK key
#define VALIDATION_MAX 0x01 // ... or with the last digit
#define LANGUAGE_JAPANESE 0x0411
#define MESSAGES_VERIFY 1
#define MESSAGES_MODIFY 2
#define CONFIRM_NEW 0x01 // typed twice; the old PIN is not asked for
#define BLOCK_MAX 16

gboolean
md_pin_pad_parse_features (const guint8 *list, gsize length, MdPinPad *out_pad)
{
  MdReader reader;
  gboolean any = FALSE;
  *out_pad = (MdPinPad){ 0 };
  md_reader_init (&reader, list, length);
  while (md_reader_remaining (&reader) > 0)
    {
      guint8 tag = md_reader_u8 (&reader);
      guint8 size = md_reader_u8 (&reader);
      guint32 code = size == 4 ? md_reader_u32be (&reader) : 0;
      if (size != 4)
        (void)md_reader_bytes (&reader, size);
      if (md_reader_failed (&reader))
        break;
      any = TRUE;
      if (tag == TAG_VERIFY)
        out_pad->verify = code;
      else if (tag == TAG_MODIFY)
        out_pad->modify = code;
      else if (tag == TAG_PROPERTIES)
        out_pad->properties = code;
    }
  return any;
}

// Least significant byte first, as all that part 10 has in structures.
static guint32
little_endian (const guint8 *bytes, gsize count)
{
  guint32 value = 0;
  for (gsize i = MIN (count, 4); i > 0; i--)
    value = (value << 8) | bytes[i - 1];
  return value;
}

void
md_pin_pad_parse_properties (const guint8 *list, gsize length, MdPinPad *pad)
{
  MdReader reader;
  md_reader_init (&reader, list, length);
  while (md_reader_remaining (&reader) > 0)
    {
      guint8 tag = md_reader_u8 (&reader);
      guint8 size = md_reader_u8 (&reader);
      const guint8 *bytes = md_reader_bytes (&reader, size);
      if (md_reader_failed (&reader))
        return;
      guint32 value = little_endian (bytes, size);
      if (tag == PROPERTY_LEAST)
        pad->least = (guint8)MIN (value, 255);
      else if (tag == PROPERTY_MOST)
        pad->most = (guint8)MIN (value, 255);
      else if (tag == PROPERTY_VALIDATION)
        pad->validation = (guint8)(value & 0xff);
      else if (tag == PROPERTY_MAX_APDU)
        pad->max_apdu = value;
    }
}

gboolean
md_pin_pad_fits (const MdPinPad *pad, const MdPinEntry *entry)
{
  return pad->verify != 0 && entry->block <= BLOCK_MAX && entry->least <= entry->most
         && entry->most <= entry->block && (pad->least == 0 || pad->least <= entry->least)
         && (pad->most == 0 || pad->most >= entry->most);
}

// The OK key where the keypad has it; the last digit alone must not cost anybody a try.
static guint8
validation_of (const MdPinPad *pad)
{
  if (pad->validation == 0 || (pad->validation & VALIDATION_KEY) != 0)
    return VALIDATION_KEY;
  return VALIDATION_MAX;
}

static void
write_u16le (MdWriter *writer, guint value)
{
  md_writer_u8 (writer, (guint8)(value & 0xff));
  md_writer_u8 (writer, (guint8)(value >> 8));
}

// bTimerOut to bmPINLengthFormat.
static void
write_head (MdWriter *writer, const MdPinEntry *entry)
{
  guint8 seconds = (guint8)MIN (entry->seconds, 255);
  md_writer_u8 (writer, seconds);
  md_writer_u8 (writer, seconds);
  md_writer_u8 (writer, FORMAT_ASCII_LEFT_BYTES);
  md_writer_u8 (writer, entry->block);
  md_writer_u8 (writer, 0);
}

// bTeoPrologue, ulDataLength, and the command with room for the PIN.
static void
write_command (MdWriter *writer, const MdPinEntry *entry)
{
  const guint8 command[5] = { 0x00, entry->ins, entry->p1, entry->p2, entry->block };
  guint8 room[BLOCK_MAX];
  memset (room, 0xff, sizeof room);
  for (int i = 0; i < 3; i++)
    md_writer_u8 (writer, 0);
  write_u16le (writer, (guint)sizeof command + entry->block);
  write_u16le (writer, 0);
  md_writer_bytes (writer, command, sizeof command);
  md_writer_bytes (writer, room, entry->block);
}

GBytes *
md_pin_pad_build_verify (const MdPinPad *pad, const MdPinEntry *entry)
{
  g_return_val_if_fail (md_pin_pad_fits (pad, entry), NULL);
  g_autoptr (MdWriter) writer = md_writer_new (64);
  write_head (writer, entry);
  write_u16le (writer, ((guint)entry->least << 8) | entry->most);
  md_writer_u8 (writer, validation_of (pad));
  md_writer_u8 (writer, MESSAGES_VERIFY);
  write_u16le (writer, LANGUAGE_JAPANESE);
  md_writer_u8 (writer, 0); // bMsgIndex
  write_command (writer, entry);
  return md_writer_finish (writer, NULL);
}

GBytes *
md_pin_pad_build_modify (const MdPinPad *pad, const MdPinEntry *entry)
{
  g_return_val_if_fail (pad->modify != 0 && md_pin_pad_fits (pad, entry), NULL);
  g_autoptr (MdWriter) writer = md_writer_new (64);
  write_head (writer, entry);
  md_writer_u8 (writer, 0); // where the old PIN would stand
  md_writer_u8 (writer, 0); // where the new one stands
  write_u16le (writer, ((guint)entry->least << 8) | entry->most);
  md_writer_u8 (writer, CONFIRM_NEW);
  md_writer_u8 (writer, validation_of (pad));
  md_writer_u8 (writer, MESSAGES_MODIFY);
  write_u16le (writer, LANGUAGE_JAPANESE);
  for (guint8 message = 0; message < 3; message++)
    md_writer_u8 (writer, message);
  write_command (writer, entry);
  return md_writer_finish (writer, NULL);
}
