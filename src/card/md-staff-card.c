// SPDX-License-Identifier: Apache-2.0
#include "md-staff-card.h"

#include "md-card-entry.h"
#include "md-card-status.h"

#include <string.h>

#define PIN_SIZE 8 // padded with FF
#define PIN_MIN 6
#define PIN_TRIES_FRESH 3
#define ALGORITHM_P256 0x11
#define POINT_SIZE 65
#define OBJECT_CHUID 0x02
#define OBJECT_CARD_AUTH 0x01

struct _MdStaffCard
{
  GObject parent_instance;

  MdCardConnection *connection;
  char *name;            // tells this card from others, for the memory
  gboolean nameless;     // it may not
  MdCardMemory *refused; // what this very conversation knows
  gboolean accepted;     // it has seen the PIN accepted
};

G_DEFINE_FINAL_TYPE (MdStaffCard, md_staff_card, G_TYPE_OBJECT)

static const struct
{
  MdStaffSlot slot;
  guint8 object; // last byte of the data object 5FC1xx that holds the slot's certificate
} slots[] = {
  { MD_STAFF_SLOT_CARD_AUTH, OBJECT_CARD_AUTH },
  { MD_STAFF_SLOT_SIGN, 0x0a },
  { MD_STAFF_SLOT_OPEN, 0x0b },
};

static void
md_staff_card_dispose (GObject *object)
{
  MdStaffCard *self = MD_STAFF_CARD (object);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->refused, md_card_memory_unref);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (md_staff_card_parent_class)->dispose (object);
}

static void
md_staff_card_class_init (MdStaffCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = md_staff_card_dispose;
}

static void
md_staff_card_init (MdStaffCard *self)
{
  self->refused = md_card_memory_new ();
}

gboolean
md_card_select_piv (MdCardConnection *connection, guint16 *out_sw, GCancellable *cancellable,
                    GError **error)
{
  static const guint8 aid[9] = { 0xa0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00 };
  MdCommand select
      = { .ins = 0xa4, .p1 = 0x04, .data = aid, .data_size = sizeof aid, .expected = 256 };
  g_autoptr (GBytes) properties
      = md_card_connection_send (connection, &select, out_sw, cancellable, error);
  return properties != NULL;
}

MdStaffCard *
md_staff_card_new (MdCardConnection *connection, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (connection), NULL);
  guint16 sw = 0;
  if (!md_card_select_piv (connection, &sw, cancellable, error))
    return NULL;
  if (sw != MD_SW_OK)
    {
      guint16 jpki_sw = 0;
      if (!md_card_select_application (connection, md_card_aid_jpki, sizeof md_card_aid_jpki,
                                       &jpki_sw, cancellable, error))
        return NULL;
      if (jpki_sw == MD_SW_OK)
        md_card_error_set_detail (error, MD_CARD_ERROR_WRONG_CARD, "JPKI card");
      else
        md_card_error_set_detail (error, MD_CARD_ERROR_UNKNOWN_CARD, "SELECT PIV: %04x", sw);
      return NULL;
    }
  MdStaffCard *self = g_object_new (MD_TYPE_STAFF_CARD, NULL);
  self->connection = g_object_ref (connection);
  return self;
}

GBytes *
md_staff_card_read_certificate (MdStaffCard *self, MdStaffSlot slot, GCancellable *cancellable,
                                GError **error)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), NULL);
  guint8 tag[5] = { 0x5c, 0x03, 0x5f, 0xc1, 0x00 };
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++)
    if (slots[i].slot == slot)
      tag[4] = slots[i].object;
  g_return_val_if_fail (tag[4] != 0, NULL);

  MdCommand get_data = {
    .ins = 0xcb, .p1 = 0x3f, .p2 = 0xff, .data = tag, .data_size = sizeof tag, .expected = 256
  };
  g_autoptr (GBytes) object = md_card_send_expecting_ok (self->connection, &get_data,
                                                         MD_CARD_PIN_NONE, cancellable, error);
  if (object == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (object, &length);
  return md_card_parse_piv_certificate (data, length, error);
}

// Another program's PIN stands, and hides the count: it is taken back (VERIFY with P1 FF and no
// data, SP 800-73-4). A card that does not know this keeps it hidden.
static gboolean
take_back (MdStaffCard *self, GCancellable *cancellable, GError **error)
{
  const MdCommand forget = { .ins = 0x20, .p1 = 0xff, .p2 = 0x80 };
  guint16 sw = 0;
  g_autoptr (GBytes) answer
      = md_card_connection_send (self->connection, &forget, &sw, cancellable, error);
  return answer != NULL;
}

gboolean
md_staff_card_get_tries (MdStaffCard *self, int *out_tries, GCancellable *cancellable,
                         GError **error)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), FALSE);
  const MdCardPin pin = MD_CARD_PIN_STAFF;
  const int verified = self->accepted ? PIN_TRIES_FRESH : MD_CARD_TRIES_HIDDEN;
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_card_ask_tries (self->connection, pin, verified, &tries, cancellable, error))
    return FALSE;
  if (tries == MD_CARD_TRIES_HIDDEN
      && (!take_back (self, cancellable, error)
          || !md_card_ask_tries (self->connection, pin, verified, &tries, cancellable, error)))
    return FALSE;
  *out_tries = tries == MD_CARD_TRIES_HIDDEN ? MD_CARD_TRIES_UNKNOWN : tries;
  return TRUE;
}

static gboolean
pin_is_plausible (const MdSecret *pin)
{
  gsize size = md_secret_get_size (pin);
  const guint8 *data = md_secret_get_data (pin);
  if (size < PIN_MIN || size > PIN_SIZE)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isdigit (data[i]))
      return FALSE;
  return TRUE;
}

static MdSecret *
pad_pin (const MdSecret *pin)
{
  gsize size = md_secret_get_size (pin);
  MdSecret *padded = md_secret_new (PIN_SIZE);
  guint8 *data = md_secret_resize (padded, PIN_SIZE);
  memset (data, 0xff, PIN_SIZE);
  memcpy (data, md_secret_get_data (pin), size);
  return padded;
}

// The data object 5FC1xx as a name of this card; FALSE with ERROR: the card could not be asked, and
// without one it has no such object.
static gboolean
recognise_by (MdStaffCard *self, guint8 object, GCancellable *cancellable, GError **error)
{
  const guint8 tag[5] = { 0x5c, 0x03, 0x5f, 0xc1, object };
  MdCommand get_data = {
    .ins = 0xcb, .p1 = 0x3f, .p2 = 0xff, .data = tag, .data_size = sizeof tag, .expected = 256
  };
  guint16 sw = 0;
  gsize length = 0;
  g_autoptr (GBytes) answer
      = md_card_connection_send (self->connection, &get_data, &sw, cancellable, error);
  const guint8 *data = answer != NULL ? g_bytes_get_data (answer, &length) : NULL;
  if (sw == MD_SW_OK && length > 2)
    self->name
        = md_card_memory_name (md_card_connection_get_memory (self->connection),
                               object == OBJECT_CHUID ? "CHUID" : "certificate", data, length);
  return answer != NULL;
}

// Finds out which card this is, where that is to be remembered: by its CHUID (SP 800-73); by the
// certificate that proves it to be an officer's; or by its place on the reader, which tells nothing
// once the card was lifted. FALSE: the card could not be asked.
static gboolean
recognise (MdStaffCard *self, GCancellable *cancellable, GError **error)
{
  if (self->name != NULL || md_card_connection_get_memory (self->connection) == NULL)
    return TRUE;
  if (!recognise_by (self, OBJECT_CHUID, cancellable, error)
      || (self->name == NULL && !recognise_by (self, OBJECT_CARD_AUTH, cancellable, error)))
    return FALSE;
  self->nameless = self->name == NULL;
  if (self->nameless)
    self->name = md_card_name_by_place (self->connection);
  return TRUE;
}

static void
note (MdStaffCard *self, const MdPinUse *use, const GError *error)
{
  if (error == NULL)
    self->accepted = TRUE;
  else if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
           || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED))
    md_card_memory_note_refused (self->refused, use, md_card_error_get_tries (error));
}

gboolean
md_staff_card_verify (MdStaffCard *self, const MdSecret *pin, gboolean last_try,
                      GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), FALSE);
  g_return_val_if_fail (pin != NULL, FALSE);
  const MdPinUse use = { .card = "", .place = "", .pin = MD_CARD_PIN_STAFF, .secret = pin };
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!pin_is_plausible (pin))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, MD_CARD_PIN_STAFF, tries);
      return FALSE;
    }
  if (md_card_memory_knows (self->refused, &use, &tries))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_SAME, MD_CARD_PIN_STAFF, tries);
      return FALSE;
    }
  if (!recognise (self, cancellable, error)
      || !md_staff_card_get_tries (self, &tries, cancellable, error)
      || !md_card_may_present (MD_CARD_PIN_STAFF, tries, last_try, error))
    return FALSE;

  g_autoptr (MdSecret) padded = pad_pin (pin);
  g_autoptr (GError) local_error = NULL;
  MdPresentation presentation = { .pin = MD_CARD_PIN_STAFF,
                                  .card = self->name,
                                  .nameless = self->nameless,
                                  .secret = pin,
                                  .data = padded,
                                  .tries = tries };
  gboolean accepted
      = md_card_present_pin (self->connection, &presentation, cancellable, &local_error);
  note (self, &use, local_error);
  if (!accepted)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return accepted;
}

static const MdPinEntry keypad_entry = { .least = PIN_MIN,
                                         .most = PIN_SIZE,
                                         .block = PIN_SIZE,
                                         .ins = 0x20,
                                         .p1 = 0x00,
                                         .p2 = 0x80,
                                         .seconds = MD_CARD_PAD_SECONDS };

gboolean
md_staff_card_can_enter (MdStaffCard *self, GCancellable *cancellable)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), FALSE);
  const MdPinPad *pad = md_card_connection_get_pin_pad (self->connection, cancellable);
  return pad != NULL && md_pin_pad_fits (pad, &keypad_entry);
}

gboolean
md_staff_card_enter (MdStaffCard *self, gboolean last_try, GCancellable *cancellable,
                     GError **error)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), FALSE);
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_staff_card_can_enter (self, cancellable))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PAD_FAILED, MD_CARD_PIN_STAFF, tries);
      return FALSE;
    }
  if (!md_staff_card_get_tries (self, &tries, cancellable, error)
      || !md_card_may_present (MD_CARD_PIN_STAFF, tries, last_try, error)
      || !md_card_enter_pin (self->connection, &keypad_entry, MD_CARD_PIN_STAFF, tries, cancellable,
                             error))
    return FALSE;
  self->accepted = TRUE;
  return TRUE;
}

MdCardConnection *
md_staff_card_get_connection (MdStaffCard *self)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), NULL);
  return self->connection;
}

// GENERAL AUTHENTICATE: 7C { 82 (empty: asked for), TAG: INPUT } for the P-256 key of SLOT.
// (transfer full)
static GBytes *
authenticate (MdStaffCard *self, MdStaffSlot slot, guint8 tag, GBytes *input,
              GCancellable *cancellable, GError **error)
{
  guint8 request[4 + 2 + POINT_SIZE];
  gsize length = g_bytes_get_size (input);
  g_return_val_if_fail (length <= POINT_SIZE, NULL);
  request[0] = 0x7c;
  request[1] = (guint8)(length + 4);
  request[2] = 0x82;
  request[3] = 0x00;
  request[4] = tag;
  request[5] = (guint8)length;
  memcpy (request + 6, g_bytes_get_data (input, NULL), length);

  MdCommand command = { .ins = 0x87,
                        .p1 = ALGORITHM_P256,
                        .p2 = (guint8)slot,
                        .data = request,
                        .data_size = length + 6,
                        .expected = 256 };
  g_autoptr (GBytes) answer = md_card_send_expecting_ok (self->connection, &command,
                                                         MD_CARD_PIN_STAFF, cancellable, error);
  if (answer == NULL)
    return NULL;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (answer, &size);
  return md_card_parse_piv_response (data, size, error);
}

GBytes *
md_staff_card_sign (MdStaffCard *self, MdStaffSlot slot, const guint8 *digest, gsize length,
                    GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), NULL);
  g_return_val_if_fail (digest != NULL && length == 32, NULL);
  g_autoptr (GBytes) input = g_bytes_new (digest, length);
  return authenticate (self, slot, 0x81, input, cancellable, error);
}

MdSecret *
md_staff_card_derive (MdStaffCard *self, const guint8 *point, gsize length,
                      GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_STAFF_CARD (self), NULL);
  g_return_val_if_fail (point != NULL && length == POINT_SIZE, NULL);
  g_autoptr (GBytes) input = md_bytes_new_wiped (point, length);
  g_autoptr (GBytes) shared
      = authenticate (self, MD_STAFF_SLOT_OPEN, 0x85, input, cancellable, error);
  if (shared == NULL)
    return NULL;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (shared, &size);
  if (size != 32)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL,
                                "a shared secret of %" G_GSIZE_FORMAT " bytes", size);
      return NULL;
    }
  return md_secret_new_from_data (data, size);
}
