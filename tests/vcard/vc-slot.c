// SPDX-License-Identifier: Apache-2.0
#include "vc-slot.h"
#include "vc-fault.h"

#include <glib-unix.h>
#include <md-apdu.h>
#include <openssl/crypto.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RETRY_MS 50
#define CONNECT_MS 10
#define MAX_LOG 100000

enum
{
  CONTROL_OFF = 0x00,
  CONTROL_ON = 0x01,
  CONTROL_RESET = 0x02,
  CONTROL_ATR = 0x04,
};

struct _VcSlot
{
  char *host;
  guint16 port;
  VcCard *card;
  char *next; /* directory of the card that comes in a swap */
  gboolean powered;
  gboolean taken;  /* the reader has powered the card and read its ATR: whoever waits for a card has
                      been told */
  gboolean hidden; /* pcscd looks for cards every 0.4 s, or much later when the machine is busy: a
                      card that comes first says once that it is not there, so that no change can be
                      overlooked */
  int fd;
  guint watch;
  guint retry;
  GByteArray *input;
  GArray *faults; /* VcFault */
  guint count;
  gint64 asked;    /* when the command came that is being answered */
  gint64 busy;     /* microseconds in which commands waited for the card's answer */
  GPtrArray *log;  /* text lines */
  GBytes *delayed; /* answer that waits for its time */
  guint delay;
};

static void start_connecting (VcSlot *slot);

static void
hang_up (VcSlot *slot)
{
  g_clear_handle_id (&slot->watch, g_source_remove);
  g_clear_handle_id (&slot->delay, g_source_remove);
  g_clear_pointer (&slot->delayed, g_bytes_unref);
  OPENSSL_cleanse (slot->input->data, slot->input->len);
  g_byte_array_set_size (slot->input, 0);
  if (slot->fd >= 0)
    {
      close (slot->fd);
    }
  slot->fd = -1;
  slot->powered = FALSE;
  slot->taken = FALSE;
}

void
vc_slot_remove (VcSlot *slot)
{
  hang_up (slot);
  g_clear_handle_id (&slot->retry, g_source_remove);
  g_clear_pointer (&slot->card, vc_card_free);
}

gboolean
vc_slot_insert (VcSlot *slot, const char *dir, GError **error)
{
  VcCard *card = vc_card_new (dir, error);

  if (!card)
    return FALSE;
  vc_slot_remove (slot);
  slot->card = card;
  slot->hidden = TRUE;
  start_connecting (slot);
  return TRUE;
}

void
vc_slot_set_next (VcSlot *slot, const char *dir)
{
  g_free (slot->next);
  slot->next = g_strdup (dir);
}

/* --- Towards the reader --- */

/* Length and body leave in one piece, or Nagle's algorithm costs 40 ms. */
static void
send_frame (VcSlot *slot, GBytes *body)
{
  gsize size, sent = 0;
  const guint8 *data = g_bytes_get_data (body, &size);
  g_autoptr (GByteArray) frame = g_byte_array_sized_new ((guint)size + 2);
  guint8 length[2] = { (guint8)(size >> 8), (guint8)(size & 0xFF) };

  g_byte_array_append (frame, length, sizeof length);
  g_byte_array_append (frame, data, (guint)size);
  while (sent < frame->len)
    {
      ssize_t n = send (slot->fd, frame->data + sent, frame->len - sent, MSG_NOSIGNAL);

      if (n <= 0)
        return; /* the reader is gone; the watch will notice */
      sent += (gsize)n;
    }
}

static void
send_answer (VcSlot *slot, GBytes *bytes)
{
  slot->busy += g_get_monotonic_time () - slot->asked;
  send_frame (slot, bytes);
}

static gboolean
send_delayed (gpointer data)
{
  VcSlot *slot = data;
  g_autoptr (GBytes) answer = g_steal_pointer (&slot->delayed);

  slot->delay = 0;
  send_answer (slot, answer);
  return G_SOURCE_REMOVE;
}

static void
answer (VcSlot *slot, GBytes *bytes, guint delay_ms)
{
  if (delay_ms == 0)
    {
      send_answer (slot, bytes);
      return;
    }
  slot->delayed = g_bytes_ref (bytes);
  slot->delay = g_timeout_add (delay_ms, send_delayed, slot);
}

static void
note (VcSlot *slot, const guint8 *apdu, gsize size, GBytes *reply)
{
  MdCommand command = { 0 };
  gsize length;
  const guint8 *bytes = g_bytes_get_data (reply, &length);
  double ms = (double)(g_get_monotonic_time () - slot->asked) / 1000.0;
  guint sw = length >= 2 ? (guint)((bytes[length - 2] << 8) | bytes[length - 1]) : 0;

  if (slot->log->len >= MAX_LOG)
    return;
  if (!md_command_parse (apdu, size, &command, NULL, NULL) && size >= 4)
    command = (MdCommand){ .cla = apdu[0], .ins = apdu[1], .p1 = apdu[2], .p2 = apdu[3] };
  g_ptr_array_add (slot->log,
                   g_strdup_printf ("%u %02X %02X %02X %02X Lc=%zu Ne=%zu -> %zu %04X %.2fms",
                                    slot->count, command.cla, command.ins, command.p1, command.p2,
                                    command.data_size, command.expected,
                                    length >= 2 ? length - 2 : 0, sw, ms));
}

static gboolean
remove_later (gpointer data)
{
  vc_slot_remove (data);
  return G_SOURCE_REMOVE;
}

static gboolean
swap_later (gpointer data)
{
  VcSlot *slot = data;

  if (!slot->next || !vc_slot_insert (slot, slot->next, NULL))
    vc_slot_remove (slot);
  return G_SOURCE_REMOVE;
}

/* A card that is not there, or has no power, does not speak; the line breaks, and it comes again.
 */
static gboolean
come_again (gpointer data)
{
  VcSlot *slot = data;

  hang_up (slot);
  if (slot->card)
    start_connecting (slot);
  return G_SOURCE_REMOVE;
}

static void
handle_command (VcSlot *slot, const guint8 *apdu, gsize size)
{
  VcFault fault;
  g_autoptr (GBytes) reply = NULL;
  guint delay_ms = 0;

  slot->asked = g_get_monotonic_time ();
  if (!slot->powered)
    {
      g_idle_add_full (G_PRIORITY_HIGH, come_again, slot, NULL);
      return;
    }
  slot->count++;
  fault = vc_faults_next (slot->faults, apdu[1]);
  if (fault.kind == VC_FAULT_REMOVE || fault.kind == VC_FAULT_SWAP)
    {
      g_idle_add_full (G_PRIORITY_HIGH, fault.kind == VC_FAULT_SWAP ? swap_later : remove_later,
                       slot, NULL);
      return;
    }
  if (fault.kind == VC_FAULT_RESET)
    vc_card_power (slot->card);
  if (fault.kind == VC_FAULT_SW)
    reply = g_bytes_new_static ("\x6F\x00", 2);
  else
    reply = vc_card_transmit (slot->card, apdu, size, &delay_ms);
  if (fault.kind != VC_FAULT_NONE)
    {
      g_autoptr (GBytes) good = g_steal_pointer (&reply);

      reply = vc_fault_spoil (&fault, good);
    }
  note (slot, apdu, size, reply);
  if (fault.kind == VC_FAULT_REMOVE_AFTER)
    g_idle_add_full (G_PRIORITY_HIGH, remove_later, slot, NULL);
  else if (fault.kind != VC_FAULT_MUTE)
    answer (slot, reply, delay_ms + (fault.kind == VC_FAULT_DELAY ? fault.value : 0));
}

/* --- From the reader --- */

static void
tell_atr (VcSlot *slot)
{
  if (slot->hidden)
    {
      /* Only a question without power is the look-out for cards. */
      slot->hidden = slot->powered;
      g_idle_add_full (G_PRIORITY_HIGH, come_again, slot, NULL);
      return;
    }
  send_frame (slot, vc_card_get_atr (slot->card));
  slot->taken = slot->taken || slot->powered;
}

static void
handle_control (VcSlot *slot, guint8 control)
{
  switch (control)
    {
    case CONTROL_OFF:
      slot->powered = FALSE;
      vc_card_power (slot->card);
      break;
    case CONTROL_ON:
      slot->powered = TRUE;
      vc_card_power (slot->card);
      break;
    case CONTROL_RESET:
      slot->powered = TRUE;
      vc_card_reset (slot->card);
      break;
    case CONTROL_ATR:
      tell_atr (slot);
      break;
    default:
      break; /* an unknown control gets no answer */
    }
}

static void
handle_input (VcSlot *slot)
{
  while (slot->input->len >= 2)
    {
      gsize size = (gsize)((slot->input->data[0] << 8) | slot->input->data[1]);

      if (slot->input->len < 2 + size)
        return;
      if (size == 1)
        handle_control (slot, slot->input->data[2]);
      else if (size > 1)
        handle_command (slot, slot->input->data + 2, size);
      OPENSSL_cleanse (slot->input->data, 2 + size);
      g_byte_array_remove_range (slot->input, 0, (guint)(2 + size));
    }
}

static gboolean
on_readable (gint fd, GIOCondition condition, gpointer data)
{
  VcSlot *slot = data;
  guint8 buffer[2048];
  int on = 1;
  ssize_t n;

  setsockopt (fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  n = recv (fd, buffer, sizeof buffer, 0);
  if (n <= 0)
    {
      slot->watch = 0;
      hang_up (slot);
      vc_card_power (slot->card);
      start_connecting (slot);
      return G_SOURCE_REMOVE;
    }
  g_byte_array_append (slot->input, buffer, (guint)n);
  OPENSSL_cleanse (buffer, sizeof buffer);
  handle_input (slot);
  return G_SOURCE_CONTINUE;
}

/* vpcd keeps a queue of one: a connection that does not stand at once is given up and tried again
 * later, since TCP itself would wait for seconds. */
static gboolean
connect_now (int fd, const struct sockaddr_in *address)
{
  struct pollfd ready = { .fd = fd, .events = POLLOUT };
  int failure = 0;
  socklen_t size = sizeof failure;

  if (connect (fd, (const struct sockaddr *)address, sizeof *address) == 0)
    return TRUE;
  return errno == EINPROGRESS && poll (&ready, 1, CONNECT_MS) == 1
         && getsockopt (fd, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0;
}

static int
open_socket (VcSlot *slot)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (slot->port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int on = 1;

  if (fd < 0)
    return -1;
  if (inet_pton (AF_INET, slot->host, &address.sin_addr) == 1 && connect_now (fd, &address)
      && g_unix_set_fd_nonblocking (fd, FALSE, NULL))
    {
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return fd;
    }
  close (fd);
  return -1;
}

static gboolean
try_connect (gpointer data)
{
  VcSlot *slot = data;

  slot->fd = open_socket (slot);
  if (slot->fd < 0)
    return G_SOURCE_CONTINUE;
  slot->retry = 0;
  slot->watch = g_unix_fd_add (slot->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, slot);
  return G_SOURCE_REMOVE;
}

static void
start_connecting (VcSlot *slot)
{
  if (slot->retry == 0 && slot->fd < 0 && try_connect (slot) == G_SOURCE_CONTINUE)
    slot->retry = g_timeout_add (RETRY_MS, try_connect, slot);
}

/* --- The rest --- */

VcSlot *
vc_slot_new (const char *host, guint16 port)
{
  VcSlot *slot = g_new0 (VcSlot, 1);

  slot->host = g_strdup (host);
  slot->port = port;
  slot->fd = -1;
  slot->input = g_byte_array_new ();
  slot->faults = g_array_new (FALSE, TRUE, sizeof (VcFault));
  slot->log = g_ptr_array_new_with_free_func (g_free);
  return slot;
}

void
vc_slot_free (VcSlot *slot)
{
  if (!slot)
    return;
  vc_slot_remove (slot);
  g_byte_array_unref (slot->input);
  g_array_unref (slot->faults);
  g_ptr_array_unref (slot->log);
  g_free (slot->host);
  g_free (slot->next);
  g_free (slot);
}

gboolean
vc_slot_add_fault (VcSlot *slot, const char *text, GError **error)
{
  VcFault fault;

  if (!vc_fault_parse (text, &fault, error))
    return FALSE;
  g_array_append_val (slot->faults, fault);
  return TRUE;
}

void
vc_slot_clear_faults (VcSlot *slot)
{
  g_array_set_size (slot->faults, 0);
}

char *
vc_slot_describe (VcSlot *slot)
{
  g_autofree char *name
      = slot->card ? g_path_get_basename (vc_card_get_directory (slot->card)) : g_strdup ("-");

  return g_strdup_printf ("card=%s taken=%s powered=%s apdus=%u faults=%u verified=%u", name,
                          slot->taken ? "yes" : "no", slot->powered ? "yes" : "no", slot->count,
                          slot->faults->len, slot->card ? vc_card_count_verified (slot->card) : 0);
}

int
vc_slot_get_tries (VcSlot *slot, const char *object, guint max)
{
  return slot->card ? (int)vc_card_get_tries (slot->card, object, max) : -1;
}

gboolean
vc_slot_set_tries (VcSlot *slot, const char *object, guint tries)
{
  if (slot->card)
    vc_card_set_tries (slot->card, object, tries);
  return slot->card != NULL;
}

guint
vc_slot_get_count (VcSlot *slot)
{
  return slot->count;
}

gint64
vc_slot_get_busy (VcSlot *slot)
{
  return slot->busy;
}

char *
vc_slot_get_log (VcSlot *slot)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < slot->log->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)g_ptr_array_index (slot->log, i));
  return g_string_free (text, FALSE);
}

void
vc_slot_clear_log (VcSlot *slot)
{
  g_ptr_array_set_size (slot->log, 0);
  slot->count = 0;
  slot->busy = 0;
}
