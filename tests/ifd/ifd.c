// SPDX-License-Identifier: Apache-2.0
// The functions that pcscd calls (IFDHandler 3.0).
#include "ifd.h"

#include "ifd-codes.h"

#include <ifdhandler.h>
#include <string.h>

#define CONTROL_OFF 0x00
#define CONTROL_ON 0x01
#define CONTROL_RESET 0x02

#define FEATURE_REQUEST 0x42000d48u

static IfdReader readers[IFD_READERS];
static char *names[IFD_READERS]; // a reader that is plugged in again is the same one
static GMutex lock;

static IfdReader *
find_reader (DWORD lun)
{
  for (guint i = 0; i < IFD_READERS; i++)
    if (readers[i].used && readers[i].lun == lun)
      return &readers[i];
  return NULL;
}

static gboolean
is_plugged (IfdReader *reader)
{
  g_mutex_lock (&reader->mutex);
  gboolean plugged = reader->plugged;
  g_mutex_unlock (&reader->mutex);
  return plugged;
}

// One look at a reader that the bus has lost for a moment.
static gboolean
is_resetting (IfdReader *reader)
{
  g_mutex_lock (&reader->mutex);
  gboolean resetting = reader->resetting > 0;
  if (resetting)
    reader->resetting--;
  g_mutex_unlock (&reader->mutex);
  return resetting;
}

// "/dev/null:PORT:SOCKET"
static gboolean
set_up (IfdReader *reader, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ":", 3);
  guint64 port = 0;
  if (g_strv_length (parts) != 3
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  g_mutex_init (&reader->mutex);
  g_cond_init (&reader->typed);
  g_queue_init (&reader->keys);
  reader->plugged = TRUE;
  reader->features = IFD_FEATURE_VERIFY | IFD_FEATURE_MODIFY | IFD_FEATURE_TLV;
  return ifd_card_listen (reader, (guint16)port) && ifd_orders_listen (reader, parts[2]);
}

RESPONSECODE
IFDHCreateChannelByName (DWORD Lun, LPSTR DeviceName)
{
  RESPONSECODE result = IFD_COMMUNICATION_ERROR;
  g_mutex_lock (&lock);
  for (guint i = 0; i < IFD_READERS; i++)
    {
      gboolean fresh = names[i] == NULL;
      if (!fresh && !g_str_equal (names[i], DeviceName))
        continue;
      if (fresh && !set_up (&readers[i], DeviceName))
        break;
      if (fresh)
        names[i] = g_strdup (DeviceName);
      readers[i].used = is_plugged (&readers[i]);
      readers[i].lun = Lun;
      result = readers[i].used ? IFD_SUCCESS : IFD_NO_SUCH_DEVICE;
      break;
    }
  g_mutex_unlock (&lock);
  return result;
}

RESPONSECODE
IFDHCreateChannel (DWORD Lun, DWORD Channel) { return IFD_NO_SUCH_DEVICE; }

RESPONSECODE
IFDHCloseChannel (DWORD Lun)
{
  IfdReader *reader = find_reader (Lun);
  if (reader == NULL)
    return IFD_NO_SUCH_DEVICE;
  ifd_card_control (reader, CONTROL_OFF);
  reader->powered = FALSE;
  reader->used = FALSE;
  return IFD_SUCCESS;
}

static RESPONSECODE
give_byte (PUCHAR value, PDWORD length, UCHAR byte)
{
  if (*length < 1)
    return IFD_ERROR_INSUFFICIENT_BUFFER;
  *value = byte;
  *length = 1;
  return IFD_SUCCESS;
}

RESPONSECODE
IFDHGetCapabilities (DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
  IfdReader *reader = find_reader (Lun);
  switch (Tag)
    {
    case TAG_IFD_SLOTS_NUMBER:
    case TAG_IFD_THREAD_SAFE:
      return give_byte (Value, Length, 1);
    case TAG_IFD_SIMULTANEOUS_ACCESS:
      return give_byte (Value, Length, IFD_READERS);
    case TAG_IFD_ATR:
      if (reader == NULL || *Length < reader->atr_length)
        return IFD_ERROR_INSUFFICIENT_BUFFER;
      memcpy (Value, reader->atr, reader->atr_length);
      *Length = reader->atr_length;
      return IFD_SUCCESS;
    default:
      return IFD_ERROR_TAG;
    }
}

RESPONSECODE
IFDHSetCapabilities (DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value) { return IFD_NOT_SUPPORTED; }

RESPONSECODE
IFDHSetProtocolParameters (DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2,
                           UCHAR PTS3)
{
  return IFD_SUCCESS;
}

static RESPONSECODE
power_up (IfdReader *reader, guint8 how, PUCHAR Atr, PDWORD AtrLength)
{
  g_mutex_lock (&reader->mutex);
  if (reader->asleep)
    how = CONTROL_ON; // what the card knew is gone
  reader->asleep = FALSE;
  reader->powered = !reader->mute;
  const gboolean mute = reader->mute;
  g_mutex_unlock (&reader->mutex);
  if (mute)
    return IFD_ERROR_POWER_ACTION;
  ifd_card_control (reader, how);
  if (!ifd_card_ask_atr (reader) || *AtrLength < reader->atr_length)
    return IFD_ERROR_POWER_ACTION;
  memcpy (Atr, reader->atr, reader->atr_length);
  *AtrLength = reader->atr_length;
  return IFD_SUCCESS;
}

RESPONSECODE
IFDHPowerICC (DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
  IfdReader *reader = find_reader (Lun);
  if (reader == NULL || !is_plugged (reader))
    return IFD_NO_SUCH_DEVICE;
  switch (Action)
    {
    case IFD_POWER_UP:
      return power_up (reader, CONTROL_ON, Atr, AtrLength);
    case IFD_RESET:
      return power_up (reader, CONTROL_RESET, Atr, AtrLength);
    case IFD_POWER_DOWN:
      ifd_card_control (reader, CONTROL_OFF);
      reader->powered = FALSE;
      *AtrLength = 0;
      return IFD_SUCCESS;
    default:
      return IFD_NOT_SUPPORTED;
    }
}

RESPONSECODE
IFDHTransmitToICC (DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
                   PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
  IfdReader *reader = find_reader (Lun);
  gssize got
      = reader != NULL ? ifd_card_exchange (reader, TxBuffer, TxLength, RxBuffer, *RxLength) : -1;
  *RxLength = got > 0 ? (DWORD)got : 0;
  if (got >= 0)
    return IFD_SUCCESS;
  return reader == NULL || !is_plugged (reader) ? IFD_NO_SUCH_DEVICE : IFD_COMMUNICATION_ERROR;
}

static RESPONSECODE
enter (IfdReader *reader, gboolean modify, PUCHAR request, DWORD length, PUCHAR answer,
       LPDWORD inout_length)
{
  gsize size = *inout_length;
  *inout_length = 0;
  switch (ifd_pad_enter (reader, modify, request, length, answer, &size))
    {
    case IFD_PAD_DONE:
      *inout_length = size;
      return IFD_SUCCESS;
    case IFD_PAD_UNSUPPORTED:
      return IFD_ERROR_NOT_SUPPORTED;
    case IFD_PAD_FAULT:
    default:
      return is_plugged (reader) ? IFD_COMMUNICATION_ERROR : IFD_NO_SUCH_DEVICE;
    }
}

RESPONSECODE
IFDHControl (DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
             DWORD RxLength, LPDWORD pdwBytesReturned)
{
  IfdReader *reader = find_reader (Lun);
  *pdwBytesReturned = 0;
  if (reader == NULL || !is_plugged (reader))
    return IFD_NO_SUCH_DEVICE;
  switch (dwControlCode)
    {
    case FEATURE_REQUEST:
      *pdwBytesReturned = ifd_pad_features (reader, RxBuffer, RxLength);
      return IFD_SUCCESS;
    case IFD_CODE_PROPERTIES:
      *pdwBytesReturned = ifd_pad_properties (reader, RxBuffer, RxLength);
      return IFD_SUCCESS;
    case IFD_CODE_VERIFY:
    case IFD_CODE_MODIFY:
      *pdwBytesReturned = RxLength;
      return enter (reader, dwControlCode == IFD_CODE_MODIFY, TxBuffer, TxLength, RxBuffer,
                    pdwBytesReturned);
    default:
      return IFD_ERROR_NOT_SUPPORTED;
    }
}

RESPONSECODE
IFDHICCPresence (DWORD Lun)
{
  IfdReader *reader = find_reader (Lun);
  if (reader == NULL || !is_plugged (reader) || is_resetting (reader))
    return IFD_NO_SUCH_DEVICE;
  return ifd_card_ask_atr (reader) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
