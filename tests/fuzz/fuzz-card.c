// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-apdu.h>
#include <md-base.h>
#include <md-card.h>

#include <string.h>

/* A card that answers whatever the input says. Each answer is one byte that says how long it is, or
 * that the card leaves, and then the bytes; when the input is used up, the card is gone. However it
 * behaves: nothing is read out of bounds, and no PIN is presented more often than it was asked for.
 */
#define FUZZ_TYPE_BACKEND (fuzz_backend_get_type ())
G_DECLARE_FINAL_TYPE (FuzzBackend, fuzz_backend, FUZZ, BACKEND, GObject)

struct _FuzzBackend
{
  GObject parent_instance;
  MdReader answers;
  guint presented; /* VERIFY commands with a PIN in them */
  guint exchanges;
};

#define INS_VERIFY 0x20
#define LONG_ANSWER 0xfe /* two bytes of length follow */
#define CARD_LEAVES 0xff
#define MANY_EXCHANGES 2000

static void fuzz_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FuzzBackend, fuzz_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      fuzz_backend_iface_init))

static GStrv
fuzz_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  const char *const names[] = { "Fuzz", NULL };
  const char *const *list = names;

  return g_strdupv ((GStrv)(gsize)list);
}

static gboolean
fuzz_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
              GCancellable *cancellable, GError **error)
{
  out_link->handle = 1;
  out_link->events = 1;
  return TRUE;
}

static gboolean
fuzz_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
               GCancellable *cancellable, GError **error)
{
  FuzzBackend *self = FUZZ_BACKEND (backend);
  const guint8 kind = md_reader_u8 (&self->answers);
  const gsize length = kind == LONG_ANSWER ? md_reader_u16be (&self->answers) : kind;
  const guint8 *bytes;

  g_assert_cmpuint (exchange->command_length, >=, 4);
  g_assert_cmpuint (self->exchanges++, <, MANY_EXCHANGES);
  if (exchange->command[1] == INS_VERIFY && exchange->command_length > 5)
    self->presented++;
  bytes = kind == CARD_LEAVES || length > exchange->response_size
              ? NULL
              : md_reader_bytes (&self->answers, length);
  if (md_reader_failed (&self->answers) || bytes == NULL)
    {
      md_card_error_set (error, MD_CARD_ERROR_REMOVED);
      return FALSE;
    }
  memcpy (exchange->response, bytes, length);
  exchange->response_length = length;
  return TRUE;
}

static void
fuzz_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
}

static MdCardSnapshot *
fuzz_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
            GError **error)
{
  return md_card_snapshot_new (TRUE);
}

static void
fuzz_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = fuzz_list;
  iface->connect = fuzz_connect;
  iface->transmit = fuzz_transmit;
  iface->disconnect = fuzz_disconnect;
  iface->watch = fuzz_watch;
}

static void
fuzz_backend_class_init (FuzzBackendClass *klass)
{
}

static void
fuzz_backend_init (FuzzBackend *self)
{
}

static void
use_resident_card (FuzzBackend *backend, MdCardConnection *connection)
{
  static const guint8 digest[32] = { 1 };
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, NULL);
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  g_autoptr (GBytes) certificate = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (MdSecret) number = NULL;
  g_autoptr (MdCardAttributes) attributes = NULL;
  MdCardIntegrityCheck check;

  if (card == NULL)
    return;
  certificate = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, NULL);
  if (md_mynumber_card_verify (card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT, NULL, NULL))
    signature = md_mynumber_card_sign (card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"),
                                       digest, NULL, NULL);
  g_assert_cmpuint (backend->presented, <=, 1);
  if (md_mynumber_card_verify (card, MD_CARD_PIN_TEXT, pin, MD_CARD_VERIFY_DEFAULT, NULL, NULL))
    {
      number = md_mynumber_card_read_number (card, NULL, NULL);
      attributes = md_mynumber_card_read_attributes (card, NULL, NULL);
      if (md_mynumber_card_check_integrity (card, attributes, &check, NULL, NULL))
        g_assert_true (check == MD_CARD_INTEGRITY_FITS || check == MD_CARD_INTEGRITY_DIFFERS);
    }
  g_assert_cmpuint (backend->presented, <=, 2);
}

/* Any of the whole conversations, by any of its PINs. */
static void
use_flow (FuzzBackend *backend, MdCardConnection *connection)
{
  static const guint8 digest[64] = { 1 };
  static const struct
  {
    MdCardFlow flow;
    MdCardPin pin;
    const char *secret;
  } rows[] = {
    { MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT, "1234" },
    { MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT, "1234" },
    { MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_B, "58051420362285" },
    { MD_CARD_FLOW_AUTHENTICATE, MD_CARD_PIN_AUTH, "1234" },
    { MD_CARD_FLOW_SIGN, MD_CARD_PIN_SIGN, "AOZORA1" },
    { MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT_B, "58051420362285" },
    { MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT_A, "123456789018" },
    { MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_A, "123456789018" },
  };
  const guint8 choice = md_reader_u8 (&backend->answers);
  const gsize row = choice % G_N_ELEMENTS (rows);
  g_autoptr (MdSecret) secret = md_secret_new_from_text (rows[row].secret);
  const MdCardFlowRequest request = { .pin = rows[row].pin,
                                      .secret = secret,
                                      .with_issuer = (choice & 0x40) != 0,
                                      .profile = md_card_profile_get (choice >> 7),
                                      .digest = digest };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardFlowResult) result
      = md_card_flow_run (rows[row].flow, connection, &request, NULL, &error);
  MdCardCommon common;

  g_assert_true ((result == NULL) == (error != NULL));
  g_assert_cmpuint (backend->presented, <=, 1);
  if (result != NULL)
    {
      g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, NULL);

      if (card != NULL && md_mynumber_card_read_manager (card, &common, NULL, NULL))
        g_assert_true (md_digits_is (common.expiry, 8));
    }
}

static void
use_staff_card (FuzzBackend *backend, MdCardConnection *connection)
{
  static const guint8 digest[32] = { 1 };
  static const guint8 point[65] = { 4 };
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, NULL, NULL);
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("123456");
  g_autoptr (GBytes) certificate = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (MdSecret) shared = NULL;

  if (card == NULL)
    return;
  certificate = md_staff_card_read_certificate (card, MD_STAFF_SLOT_SIGN, NULL, NULL);
  if (md_staff_card_verify (card, pin, FALSE, NULL, NULL))
    {
      signature = md_staff_card_sign (card, MD_STAFF_SLOT_SIGN, digest, sizeof digest, NULL, NULL);
      shared = md_staff_card_derive (card, point, sizeof point, NULL, NULL);
    }
  g_assert_true (shared == NULL || md_secret_get_size (shared) == 32);
  g_assert_cmpuint (backend->presented, <=, 1);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (FuzzBackend) backend = g_object_new (FUZZ_TYPE_BACKEND, NULL);
  g_autoptr (MdCardConnection) connection = NULL;

  md_reader_init (&backend->answers, data, size);
  connection = md_card_connection_open (MD_CARD_BACKEND (backend), "Fuzz", NULL, NULL);
  g_assert_nonnull (connection);
  switch (md_reader_u8 (&backend->answers) % 4)
    {
    case 0:
      use_resident_card (backend, connection);
      break;
    case 2:
      use_flow (backend, connection);
      break;
    default:
      use_staff_card (backend, connection);
    }
  return 0;
}
