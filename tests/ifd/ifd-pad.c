// SPDX-License-Identifier: Apache-2.0
#include "ifd.h"

#include "ifd-codes.h"

#include <string.h>

#define DEFAULT_SECONDS 30
#define FORMAT_ASCII_LEFT_BYTES 0x82
#define MODIFY_HEAD 24
#define VERIFY_HEAD 19

static gsize
put_feature (guint8 *answer, guint8 tag, guint32 code)
{
  const guint8 entry[6]
      = { tag, 4, (guint8)(code >> 24), (guint8)(code >> 16), (guint8)(code >> 8), (guint8)code };
  memcpy (answer, entry, sizeof entry);
  return sizeof entry;
}

gsize
ifd_pad_features (IfdReader *reader, guint8 *answer, gsize size)
{
  static const struct
  {
    IfdFeatures feature;
    guint8 tag;
    guint32 code;
  } features[] = {
    { IFD_FEATURE_VERIFY, 0x06, IFD_CODE_VERIFY },
    { IFD_FEATURE_MODIFY, 0x07, IFD_CODE_MODIFY },
    { IFD_FEATURE_ABORT, 0x0b, IFD_CODE_ABORT },
    { IFD_FEATURE_TLV, 0x12, IFD_CODE_PROPERTIES },
  };
  gsize length = 0;
  g_mutex_lock (&reader->mutex);
  IfdFeatures offered = reader->features;
  g_mutex_unlock (&reader->mutex);
  for (gsize i = 0; i < G_N_ELEMENTS (features) && length + 6 <= size; i++)
    if ((offered & features[i].feature) != 0)
      length += put_feature (answer + length, features[i].tag, features[i].code);
  if ((offered & IFD_FEATURE_GARBAGE) != 0 && size >= 5)
    {
      static const guint8 garbage[5] = { 0x06, 0xf0, 0x42, 0x00, 0x0d };
      memcpy (answer, garbage, sizeof garbage);
      length = sizeof garbage;
    }
  if ((offered & IFD_FEATURE_SHORT) != 0)
    length = put_feature (answer, 0x06, IFD_CODE_VERIFY) - 2;
  return length;
}

gsize
ifd_pad_properties (IfdReader *reader, guint8 *answer, gsize size)
{
  g_mutex_lock (&reader->mutex);
  const guint32 most = GUINT32_TO_LE (reader->max_apdu);
  g_mutex_unlock (&reader->mutex);
  // bMinPINSize 4, bMaxPINSize 8, bEntryValidationCondition 07, dwMaxAPDUDataSize
  guint8 properties[] = { 0x06, 1, 4, 0x07, 1, 8, 0x02, 1, 7, 0x0a, 4, 0, 0, 0, 0 };
  memcpy (properties + sizeof properties - sizeof most, &most, sizeof most);
  gsize length = MIN (size, sizeof properties);
  memcpy (answer, properties, length);
  return length;
}

// What the person did; NULL: nothing, until the time was over. (transfer full)
static char *
await_person (IfdReader *reader, guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  g_mutex_lock (&reader->mutex);
  reader->waiting = TRUE;
  while (g_queue_is_empty (&reader->keys) && reader->plugged
         && g_cond_wait_until (&reader->typed, &reader->mutex, end))
    ;
  reader->waiting = FALSE;
  char *keys = g_queue_pop_head (&reader->keys);
  g_mutex_unlock (&reader->mutex);
  return keys;
}

static IfdPadResult
give_status (guint16 status, guint8 *answer, gsize *inout_length)
{
  answer[0] = (guint8)(status >> 8);
  answer[1] = (guint8)status;
  *inout_length = 2;
  return IFD_PAD_DONE;
}

// The request as the reader reads it, or FALSE where a strict reader would refuse it (6B80).
typedef struct
{
  guint seconds;
  guint least, most; // digits
  guint block;       // bytes of the PIN in the command; 0: as many as were typed
  guint at;          // where the PIN stands in the command's data
  const guint8 *command;
  gsize command_length;
} Request;

static guint32
little (const guint8 *bytes, guint count)
{
  guint32 value = 0;
  for (guint i = count; i > 0; i--)
    value = (value << 8) | bytes[i - 1];
  return value;
}

static gboolean
read_request (gboolean modify, const guint8 *data, gsize length, Request *out)
{
  const gsize head = modify ? MODIFY_HEAD : VERIFY_HEAD;
  if (length < head + 5)
    return FALSE;
  const guint8 *digits = data + (modify ? 7 : 5);
  const guint8 *prologue = data + head - 7;
  guint32 size = little (data + head - 4, 4);
  *out = (Request){ .seconds = data[0] != 0 ? data[0] : DEFAULT_SECONDS,
                    .most = digits[0],
                    .least = digits[1],
                    .block = data[3] & 0x0f,
                    .at = modify ? data[6] : 0,
                    .command = data + head,
                    .command_length = length - head };
  return data[2] == FORMAT_ASCII_LEFT_BYTES && (data[3] & 0xf0) == 0 && data[4] == 0
         && size == length - head && out->least <= out->most && out->most <= 16
         && (!modify || data[9] == 0x01) // the new PIN twice, and not the old one
         && (prologue[0] | prologue[1] | prologue[2]) == 0 && out->command[4] == size - 5;
}

// Puts PIN into the command at OFFSET of its data.
static gboolean
place (const Request *request, const char *pin, guint offset, guint8 *command, gsize *inout_length)
{
  gsize digits = strlen (pin);
  gsize block = request->block != 0 ? request->block : digits;
  if (digits > block)
    return FALSE;
  if (5 + offset + block > *inout_length)
    {
      if (request->block != 0)
        return FALSE;
      memset (command + *inout_length, 0xff, 5 + offset + block - *inout_length);
      *inout_length = 5 + offset + block;
    }
  memcpy (command + 5 + offset, pin, digits);
  command[4] = (guint8)(*inout_length - 5);
  return TRUE;
}

static IfdPadResult
send_pin (IfdReader *reader, const Request *request, const char *keys, guint8 *answer,
          gsize *inout_length)
{
  g_auto (GStrv) pins = g_strsplit (keys, " ", 2);
  guint8 command[300];
  gsize length = request->command_length;
  gsize digits = strlen (pins[0]);
  if (length > 40)
    return give_status (0x6b80, answer, inout_length);
  if (digits < request->least || digits > request->most)
    return give_status (0x6403, answer, inout_length);
  memcpy (command, request->command, length);
  if (pins[1] != NULL && !g_str_equal (pins[0], pins[1]))
    return give_status (0x6402, answer, inout_length);
  if (!place (request, pins[0], request->at, command, &length))
    return give_status (0x6b80, answer, inout_length);

  g_mutex_lock (&reader->mutex);
  reader->sent++;
  IfdLie lie = reader->lie;
  g_mutex_unlock (&reader->mutex);
  gssize got = ifd_card_exchange (reader, command, length, answer, *inout_length);
  explicit_bzero (command, sizeof command);
  if (got < 0 || lie == IFD_LIE_FAULT_AFTER)
    return IFD_PAD_FAULT;
  *inout_length = (gsize)got;
  return IFD_PAD_DONE;
}

// What a keypad does that does not do what it says. FALSE: an honest one.
static gboolean
do_lie (IfdReader *reader, guint8 *answer, gsize *inout_length, IfdPadResult *out_result)
{
  g_mutex_lock (&reader->mutex);
  reader->asked++;
  IfdLie lie = reader->lie;
  guint16 status = reader->lie_status;
  g_mutex_unlock (&reader->mutex);
  switch (lie)
    {
    case IFD_LIE_UNSUPPORTED:
      *out_result = IFD_PAD_UNSUPPORTED;
      return TRUE;
    case IFD_LIE_FAULT_BEFORE:
      *out_result = IFD_PAD_FAULT;
      return TRUE;
    case IFD_LIE_EMPTY:
      *inout_length = 0;
      *out_result = IFD_PAD_DONE;
      return TRUE;
    case IFD_LIE_STATUS:
      *out_result = give_status (status, answer, inout_length);
      return TRUE;
    case IFD_LIE_DEAF:
      *out_result = give_status (0x9000, answer, inout_length);
      return TRUE;
    case IFD_LIE_NONE:
    case IFD_LIE_FAULT_AFTER:
    default:
      return FALSE;
    }
}

IfdPadResult
ifd_pad_enter (IfdReader *reader, gboolean modify, const guint8 *request, gsize length,
               guint8 *answer, gsize *inout_length)
{
  Request wanted;
  IfdPadResult result = IFD_PAD_DONE;
  if (do_lie (reader, answer, inout_length, &result))
    return result;
  if (!read_request (modify, request, length, &wanted))
    return give_status (0x6b80, answer, inout_length);
  g_autofree char *keys = await_person (reader, wanted.seconds);
  if (keys == NULL || g_str_equal (keys, "away"))
    return give_status (0x6400, answer, inout_length);
  if (g_str_equal (keys, "cancel"))
    return give_status (0x6401, answer, inout_length);
  result = send_pin (reader, &wanted, keys, answer, inout_length);
  explicit_bzero (keys, strlen (keys));
  return result;
}
